/** Making elements, and updating what is on screen to match new ones without replacing it (focus, caret and scroll survive). */

type Listener = (event: Event) => void;

export interface Props {
  /** Attributes; true is the empty attribute, false and null none. */
  readonly [attribute: string]: string | number | boolean | null | undefined | Record<string, unknown>;
  /** Properties of the element, set after its children. */
  readonly set?: Record<string, string | number | boolean>;
  /** Custom properties of its style (`--name`), set through the CSSOM: the page's policy allows no style attributes. */
  readonly vars?: Record<string, string | number>;
  readonly on?: Record<string, Listener>;
}

export type Child = Node | string | null | false | readonly Child[];

/** What `element` was asked for, so that an update changes only that: custom elements add attributes of their own. */
interface Asked {
  readonly attributes: ReadonlyMap<string, string>;
  readonly set: Readonly<Record<string, string | number | boolean>>;
  readonly vars: Readonly<Record<string, string | number>>;
  readonly on: Readonly<Record<string, Listener>>;
}
const asked = new WeakMap<Element, Asked>();
const nothing: Asked = { attributes: new Map(), set: {}, vars: {}, on: {} };

const reserved = new Set(['set', 'vars', 'on']);

function make(created: Element, props: Props, children: readonly Child[]): void {
  const attributes = new Map<string, string>();
  for (const [name, value] of Object.entries(props)) {
    if (reserved.has(name) || value === null || value === undefined || value === false || typeof value === 'object') continue;
    attributes.set(name, value === true ? '' : String(value));
  }
  const request: Asked = { attributes, set: props.set ?? {}, vars: props.vars ?? {}, on: props.on ?? {} };
  asked.set(created, request);
  for (const [name, value] of attributes) created.setAttribute(name, value);
  append(created, children);
  apply(created, nothing, request);
}

/** `element('td', { class: 'number' }, '0.9')` */
export function element(tag: string, props: Props = {}, ...children: readonly Child[]): HTMLElement {
  const created = document.createElement(tag);
  make(created, props, children);
  return created;
}

export function svg(tag: string, props: Props = {}, ...children: readonly Child[]): SVGElement {
  const created = document.createElementNS('http://www.w3.org/2000/svg', tag);
  make(created, props, children);
  return created;
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === false) continue;
    if (typeof child === 'string' || child instanceof Node) parent.append(child);
    else append(parent, child);
  }
}

function apply(target: Element, before: Asked, after: Asked): void {
  for (const [name, value] of Object.entries(after.set)) {
    if (Reflect.get(target, name) !== value) Reflect.set(target, name, value);
  }
  const style = (target as HTMLElement | SVGElement).style;
  for (const name of Object.keys(before.vars)) if (!(name in after.vars)) style.removeProperty(name);
  for (const [name, value] of Object.entries(after.vars)) style.setProperty(name, String(value));
  // One listener per event for an element's whole life: it looks up the handler of the last update.
  for (const event of Object.keys(after.on)) {
    if (!(event in before.on)) target.addEventListener(event, dispatch);
  }
}

function dispatch(this: Element, event: Event): void {
  asked.get(this)?.on[event.type]?.(event);
}

/** Makes the children of `parent` be like `children`, keeping every element that has the same tag and `data-key`. */
export function update(parent: Element, ...children: readonly Child[]): void {
  const wanted = document.createElement('div');
  append(wanted, children);
  updateChildren(parent, [...wanted.childNodes]);
}

function updateChildren(parent: Element, wanted: readonly ChildNode[]): void {
  const keyed = new Map<string, Element>();
  for (const child of parent.children) {
    const key = child.getAttribute('data-key');
    if (key !== null) keyed.set(key, child);
  }
  let at: ChildNode | null = parent.firstChild;
  for (const next of wanted) {
    const key = next instanceof Element ? next.getAttribute('data-key') : null;
    const kept = key === null ? at : (keyed.get(key) ?? null);
    if (kept !== null && alike(kept, next)) {
      if (kept === at) at = at.nextSibling;
      else parent.insertBefore(kept, at);
      updateNode(kept, next);
    } else {
      parent.insertBefore(next, at);
      if (next instanceof Element) asAsked(next);
      // What stood here gives way, unless its key says that it comes later.
      if (at !== null && !hasKey(at)) {
        const gone: ChildNode = at;
        at = at.nextSibling;
        gone.remove();
      }
    }
  }
  while (at !== null) {
    const gone: ChildNode = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/** Custom elements set attributes of their own when they come into the page (the toolkit's text fields a label): those asked for stand. */
function asAsked(root: Element): void {
  for (const inserted of [root, ...root.querySelectorAll('*')])
    for (const [name, value] of asked.get(inserted)?.attributes ?? [])
      if (inserted.getAttribute(name) !== value) inserted.setAttribute(name, value);
}

const hasKey = (node: ChildNode): boolean => node instanceof Element && node.hasAttribute('data-key');

function alike(a: ChildNode, b: ChildNode): boolean {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false;
  return !(a instanceof Element && b instanceof Element) || a.getAttribute('data-key') === b.getAttribute('data-key');
}

function updateNode(kept: ChildNode, next: ChildNode): void {
  if (!(kept instanceof Element) || !(next instanceof Element)) {
    if (kept.nodeValue !== next.nodeValue) kept.nodeValue = next.nodeValue;
    return;
  }
  const before = asked.get(kept);
  const after = asked.get(next);
  if (before === undefined || after === undefined) {
    // Made by somebody else (MathML): compared as a whole.
    if (!kept.isEqualNode(next)) kept.replaceWith(next);
    return;
  }
  for (const name of before.attributes.keys()) if (!after.attributes.has(name)) kept.removeAttribute(name);
  for (const [name, value] of after.attributes) if (kept.getAttribute(name) !== value) kept.setAttribute(name, value);
  asked.set(kept, after);
  updateChildren(kept, [...next.childNodes]);
  apply(kept, before, after);
}
