/** The edits that make one call of torch's cross entropy of a loss's body. */
import type { LossSite } from '../detection/sites';
import { walk } from '../detection/walk';
import type { Expression, FunctionDefinition, Lambda, Range, Statement } from '../language/program';
import type { Edit } from '../findings/rule';

/** The function of this file whose body computes the loss; what another file computes is not rewritten from here. */
export function bodyHolder(site: LossSite): FunctionDefinition | Lambda | null {
  const holder = holderOf(site);
  return holder?.range.file === undefined ? holder : null;
}

function holderOf({ definition }: LossSite): FunctionDefinition | Lambda | null {
  switch (definition.kind) {
    case 'class':
      return definition.method;
    case 'function':
      return definition.callable;
    default:
      return null;
  }
}

/** Where the body stands, its docstring left out; null where that is not plain statements or an expression. */
export function bodyRange({ program }: LossSite, { body }: FunctionDefinition | Lambda): Range | null {
  if ('kind' in body) return body.range;
  const [first, last] = [body[0], body.at(-1)];
  if (first === undefined || last === undefined) return null;
  // A comment behind the last statement goes with it.
  const comment = /^[ \t]*#[^\r\n]*/.exec(program.text.slice(last.range.end));
  return { start: first.range.start, end: last.range.end + (comment?.[0].length ?? 0) };
}

/** `return <callee>(<args>)` in place of the body; a long one takes a line for each argument, where the body has lines of its own. */
export function replacedBody(site: LossSite, holder: FunctionDefinition | Lambda, callee: string, args: readonly string[]): Edit | null {
  const range = bodyRange(site, holder);
  if (range === null) return null;
  const { text } = site.program;
  const prefix = holder.kind === 'lambda' && 'kind' in holder.body ? '' : 'return ';
  const lineStart = Math.max(text.lastIndexOf('\n', range.start - 1), text.lastIndexOf('\r', range.start - 1)) + 1;
  const indent = text.slice(lineStart, range.start);
  const oneLine = `${prefix}${callee}(${args.join(', ')})`;
  if (indent.length + oneLine.length <= 120 || !/^[ \t]+$/.test(indent)) return { range, newText: oneLine };
  const newline = /\r\n/.test(text) ? '\r\n' : '\n';
  const deeper = `${indent}${indent.includes('\t') ? '\t' : '    '}`;
  const lines = args.map((argument) => `${deeper}${argument},${newline}`).join('');
  return { range, newText: `${prefix}${callee}(${newline}${lines}${indent})` };
}

/** How the file calls torch.nn.functional: the name it has there, and the edit that imports it where it has none. */
export function functionalName(
  { program }: LossSite,
  shadowed: ReadonlySet<string>,
): { readonly name: string; readonly edits: readonly Edit[] } | null {
  const statements = program.cells.flatMap(({ body }) => body);
  const imports = statements.filter((statement) => statement.kind === 'import');
  const bound = new Map<string, string>();
  for (const { module, names, alias, level } of imports) {
    if (level > 0) continue;
    if (names === null) {
      if (alias !== null) bound.set(module, alias);
      else if (module === 'torch' || module.startsWith('torch.')) bound.set('torch', 'torch');
    } else for (const { name, alias: as } of names) bound.set(`${module}.${name}`, as ?? name);
  }
  const ways = [
    ['torch.nn.functional', ''],
    ['torch.nn', '.functional'],
    ['torch', '.nn.functional'],
  ] as const;
  for (const [module, rest] of ways) {
    const name = bound.get(module);
    if (name !== undefined && !shadowed.has(name)) return { name: `${name}${rest}`, edits: [] };
  }
  const first = imports.find(({ module }) => module !== '__future__');
  if (first === undefined || shadowed.has('F')) return null;
  const at = first.range.start;
  const isAtMargin = at === 0 || /[\r\n]/.test(program.text[at - 1]!);
  if (!isAtMargin) return null;
  const newline = /\r\n/.test(program.text) ? '\r\n' : '\n';
  return { name: 'F', edits: [{ range: { start: at, end: at }, newText: `import torch.nn.functional as F${newline}` }] };
}

/** Attributes of the object that the body sets: something else may read them. */
export function attributesSetIn({ body }: FunctionDefinition | Lambda, self: string): readonly string[] {
  const set = new Set<string>();
  const add = (target: Expression): void => {
    if (target.kind === 'attribute' && target.object.kind === 'name' && target.object.name === self) set.add(target.name);
    else if (target.kind === 'sequence') target.items.forEach(add);
  };
  walk('kind' in body ? [] : body, (node) => {
    if (node.kind === 'assign') node.targets.forEach(add);
    else if (node.kind === 'augmentedAssign') add(node.target);
  });
  return [...set];
}

/** `self.name` wherever these statements say it. */
export function attributesNamedIn(statements: readonly Statement[], self: string): readonly string[] {
  const names = new Set<string>();
  walk(statements, (node) => {
    if (node.kind === 'attribute' && node.object.kind === 'name' && node.object.name === self) names.add(node.name);
  });
  return [...names];
}

/** The attributes that a constructor makes of one of its parameters. */
export function attributesMadeOf({ body }: FunctionDefinition, parameter: string, self: string): readonly string[] {
  const made = new Set<string>();
  walk(body, (node) => {
    if (node.kind !== 'assign' || node.value === null || !namedIn(node.value, parameter)) return;
    for (const target of node.targets)
      if (target.kind === 'attribute' && target.object.kind === 'name' && target.object.name === self) made.add(target.name);
  });
  return [...made];
}

/** Whether the body names this parameter. */
export function names({ body }: FunctionDefinition | Lambda, parameter: string): boolean {
  return 'kind' in body ? namedIn(body, parameter) : body.some((statement) => namedIn(statement, parameter));
}

function namedIn(node: Expression | Statement, name: string): boolean {
  const found = new Set<string>();
  walk([node], (inner) => {
    if (inner.kind === 'name') found.add(inner.name);
  });
  return found.has(name);
}

/** Whether the body tests what it is given. */
export function hasChecks({ body }: FunctionDefinition | Lambda): boolean {
  let found = false;
  walk('kind' in body ? [] : body, (node) => {
    found ||= node.kind === 'assert' || node.kind === 'raise';
  });
  return found;
}

/** A body that already is the built-in with its smoothing argument. */
export function isBuiltinAlready({ body }: FunctionDefinition | Lambda): boolean {
  if (!('kind' in body) && body.length !== 1) return false;
  const value = 'kind' in body ? body : body[0]!.kind === 'return' ? body[0].value : null;
  if (value?.kind !== 'call') return false;
  const { callee } = value;
  return (callee.kind === 'attribute' || callee.kind === 'name') && callee.name === 'cross_entropy';
}
