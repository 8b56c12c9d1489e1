/** Insertion-ordered storage of dict and set with Python's hashing and equality: 1, 1.0 and True are one key. */
import { hold, work } from '../tensor/meter';
import type { ClassValue, Value } from './value';
import { str } from './value';

/** How keys that define `__hash__` and `__eq__` themselves are told apart. */
export interface Equality {
  /** Python's hash() as text. Raises TypeError for what is unhashable. */
  hash(value: Value): string;
  equals(left: Value, right: Value): boolean;
}

/** A slot of the map, its text, and the pair behind it. */
const bytesOfEntry = 120;

interface Entry {
  readonly key: Value;
  value: Value;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0x7f00_0000_0000;

/** What `id()` gives: a number that belongs to this very value. */
export function identityOf(value: Value): number {
  let id = identities.get(value);
  if (id === undefined) {
    lastIdentity += 16;
    id = lastIdentity;
    identities.set(value, id);
  }
  return id;
}

const longestKey = 10_000;

/** A text equal for equal keys, or null where only the value's own `__hash__` and `__eq__` can tell, or it is unhashable. */
function simpleKey(value: Value): string | null {
  switch (value.kind) {
    case 'str':
      return `s${value.value}`;
    case 'int':
      return !overridesHash(value) ? `n${value.value}` : null;
    case 'bool':
      return value.value ? 'n1' : 'n0';
    case 'float':
      return Number.isInteger(value.value) ? `n${BigInt(value.value)}` : `n${value.value}`;
    case 'none':
      return 'None';
    case 'bytes':
      return `b${value.value.join(',')}`;
    case 'tuple': {
      const parts: string[] = [];
      for (const item of value.items) {
        const part = simpleKey(item);
        if (part === null) return null;
        parts.push(`${part.length}:${part}`);
        // A tuple that holds itself many times over: its hash is computed step by step, within the budgets.
        if (part.length > longestKey) return null;
      }
      return `t${parts.join('')}`;
    }
    case 'range':
      return `r${value.start},${value.stop},${value.step}`;
    case 'list':
    case 'dict':
    case 'set':
    case 'slice':
    case 'unknown':
    case 'object':
      return null;
    case 'instance':
      return overridesHash(value) ? null : `i${identityOf(value)}`;
    default:
      return `i${identityOf(value)}`;
  }
}

/** Library numbers hash and compare as the plain number does. */
const isNumpys = (cls: ClassValue): boolean => cls.sealed && cls.module === 'numpy';

function overridesHash(value: Value): boolean {
  if (!('class' in value) || value.class === null) return false;
  return value.class.mro.some((c) => c.module !== 'builtins' && !isNumpys(c) && (c.namespace.has('__eq__') || c.namespace.has('__hash__')));
}

export class Dictionary {
  private readonly entries = new Map<string, Entry>();
  /** For keys with their own hash: how many slots were ever used for it. */
  private readonly chains = new Map<string, number>();

  get size(): number {
    return this.entries.size;
  }

  /** Where the key stands, or would stand. */
  private slot(key: Value, equality: Equality): string {
    const simple = simpleKey(key);
    if (simple !== null) return simple;
    const hash = `h${equality.hash(key)}`;
    const used = this.chains.get(hash) ?? 0;
    let free = `${hash}#${used}`;
    for (let i = 0; i < used; i++) {
      const entry = this.entries.get(`${hash}#${i}`);
      if (entry === undefined) free = `${hash}#${i}`;
      else if (entry.key === key || equality.equals(entry.key, key)) return `${hash}#${i}`;
    }
    return free;
  }

  get(key: Value, equality: Equality): Value | undefined {
    work(1);
    return this.entries.get(this.slot(key, equality))?.value;
  }

  has(key: Value, equality: Equality): boolean {
    work(1);
    return this.entries.has(this.slot(key, equality));
  }

  set(key: Value, value: Value, equality: Equality): void {
    const slot = this.slot(key, equality);
    const entry = this.entries.get(slot);
    if (entry !== undefined) {
      entry.value = value;
      return;
    }
    hold(bytesOfEntry);
    work(1);
    this.entries.set(slot, { key, value });
    const mark = slot.startsWith('h') ? slot.lastIndexOf('#') : -1;
    if (mark >= 0) {
      const hash = slot.slice(0, mark);
      this.chains.set(hash, Math.max(this.chains.get(hash) ?? 0, Number(slot.slice(mark + 1)) + 1));
    }
  }

  delete(key: Value, equality: Equality): boolean {
    return this.entries.delete(this.slot(key, equality));
  }

  clear(): void {
    this.entries.clear();
    this.chains.clear();
  }

  /** For the commonest keys: no Equality needed. */
  getString(key: string): Value | undefined {
    return this.entries.get(`s${key}`)?.value;
  }
  setString(key: string, value: Value): void {
    const entry = this.entries.get(`s${key}`);
    if (entry !== undefined) entry.value = value;
    else this.entries.set(`s${key}`, { key: str(key), value });
  }

  *[Symbol.iterator](): IterableIterator<readonly [Value, Value]> {
    for (const { key, value } of this.entries.values()) yield [key, value];
  }
  keys(): Value[] {
    work(this.entries.size);
    return Array.from(this.entries.values(), (entry) => entry.key);
  }
  values(): Value[] {
    return Array.from(this.entries.values(), (entry) => entry.value);
  }
  last(): readonly [Value, Value] | null {
    let last: Entry | null = null;
    for (const entry of this.entries.values()) last = entry;
    return last === null ? null : [last.key, last.value];
  }
  copy(): Dictionary {
    hold(this.entries.size * bytesOfEntry);
    work(this.entries.size);
    const made = new Dictionary();
    for (const [slot, { key, value }] of this.entries) made.entries.set(slot, { key, value });
    for (const [hash, used] of this.chains) made.chains.set(hash, used);
    return made;
  }
}

/** A dict whose storage is the attributes of an object: `obj.__dict__`, `globals()`. */
export class NamesDictionary extends Dictionary {
  private readonly names: Map<string, Value>;

  constructor(names: Map<string, Value>) {
    super();
    this.names = names;
  }
  override get size(): number {
    return this.names.size;
  }
  override get(key: Value): Value | undefined {
    return key.kind === 'str' ? this.names.get(key.value) : undefined;
  }
  override has(key: Value): boolean {
    return key.kind === 'str' && this.names.has(key.value);
  }
  override set(key: Value, value: Value): void {
    if (key.kind === 'str') this.names.set(key.value, value);
  }
  override delete(key: Value): boolean {
    return key.kind === 'str' && this.names.delete(key.value);
  }
  override clear(): void {
    this.names.clear();
  }
  override getString(key: string): Value | undefined {
    return this.names.get(key);
  }
  override setString(key: string, value: Value): void {
    this.names.set(key, value);
  }
  override *[Symbol.iterator](): IterableIterator<readonly [Value, Value]> {
    for (const [name, value] of this.names) yield [str(name), value];
  }
  override keys(): Value[] {
    return Array.from(this.names.keys(), str);
  }
  override values(): Value[] {
    return [...this.names.values()];
  }
  override last(): readonly [Value, Value] | null {
    const name = [...this.names.keys()].at(-1);
    return name === undefined ? null : [str(name), this.names.get(name)!];
  }
  override copy(): Dictionary {
    const made = new Dictionary();
    for (const [name, value] of this.names) made.setString(name, value);
    return made;
  }
}

export function dictFrom(entries: Iterable<readonly [string, Value]> = []) {
  const made = new Dictionary();
  for (const [key, value] of entries) made.setString(key, value);
  return { kind: 'dict', entries: made, class: null, attributes: null } as const satisfies Value;
}
