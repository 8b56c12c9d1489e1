import type { SyntaxNode } from '@lezer/common';
import type { Expression, ImportedName, Range, Statement } from '../program';
import { childNamed, childrenOf, isExpression, rangeOf, sourceOf, type Lowering } from './lowering';

/** An import, split where it binds both a default and a namespace. One of types alone imports nothing. */
export function lowerImport(lowering: Lowering, node: SyntaxNode): readonly Statement[] {
  const children = childrenOf(node);
  if (children[1]?.name === 'type') return [];
  const range = rangeOf(lowering, node);
  const path = childNamed(node, 'String');
  if (path === null) return [];
  const module = sourceOf(lowering, path).slice(1, -1);
  const statements: Statement[] = [];
  const names: ImportedName[] = [];
  for (const [index, child] of children.entries()) {
    const before = children[index - 1]?.name;
    if (child.name === 'VariableDefinition' && before === 'as') {
      statements.push({ kind: 'import', range, module, level: 0, alias: sourceOf(lowering, child), names: null });
    } else if (child.name === 'VariableDefinition') {
      names.push({ range: rangeOf(lowering, child), name: 'default', alias: sourceOf(lowering, child) });
    } else if (child.name === 'ImportGroup') names.push(...lowerGroup(lowering, child));
  }
  if (names.length > 0 || statements.length === 0) statements.push({ kind: 'import', range, module, level: 0, alias: null, names });
  return statements;
}

/** `{ a, b as c, default as d, type T }`; types are left out. */
function lowerGroup(lowering: Lowering, group: SyntaxNode): readonly ImportedName[] {
  const names: ImportedName[] = [];
  let part: SyntaxNode[] = [];
  for (const child of childrenOf(group)) {
    if (child.name === '{') continue;
    if (child.name !== ',' && child.name !== '}') {
      part.push(child);
      continue;
    }
    const [first] = part;
    const last = part.at(-1);
    if (first !== undefined && last !== undefined && !(first.name === 'type' && part.length > 1)) {
      const source = sourceOf(lowering, first);
      const name = first.name === 'String' ? source.slice(1, -1) : source;
      const range = { start: rangeOf(lowering, first).start, end: rangeOf(lowering, last).end };
      names.push({ range, name, alias: part.length > 1 ? sourceOf(lowering, last) : null });
    }
    part = [];
  }
  return names;
}

/**
 * An export is what it declares. What it names otherwise is bound under the exported name, `default` among them; what it takes from another
 * module is an import of that. One that leaves the names as they are does nothing here.
 */
export function lowerExport(
  lowering: Lowering,
  node: SyntaxNode,
  lowerStatement: (lowering: Lowering, node: SyntaxNode) => readonly Statement[],
): readonly Statement[] {
  const children = childrenOf(node);
  if (children[1]?.name === 'type') return [];
  const range = rangeOf(lowering, node);
  const path = childNamed(node, 'String');
  if (path !== null) return exportedFrom(lowering, node, sourceOf(lowering, path).slice(1, -1));
  const group = childNamed(node, 'ExportGroup');
  if (group !== null)
    return lowerGroup(lowering, group).flatMap(({ name, alias, range: at }) =>
      alias === null || alias === name ? [] : [bound(alias, { kind: 'name', name, range: at }, at, range)],
    );
  const word = childNamed(node, 'default');
  const at = word === null ? range : rangeOf(lowering, word);
  const declaration = children.find((child) => child.type.is('Statement') && child.name !== ';');
  if (declaration !== undefined) {
    const statements = lowerStatement(lowering, declaration);
    const [only] = statements;
    const isNamed = word !== null && (only?.kind === 'class' || only?.kind === 'function') && only.name !== '' && only.name !== 'default';
    return isNamed ? [...statements, bound('default', { kind: 'name', name: only.name, range: only.nameRange }, at, range)] : statements;
  }
  const value = children.find(isExpression);
  if (value === undefined) return [];
  const expression = lowering.lowerExpression(lowering, value);
  return [word === null ? { kind: 'expression', range, expression, silent: true } : bound('default', expression, at, range)];
}

const bound = (name: string, value: Expression, nameRange: Range, range: Range): Statement => ({
  kind: 'assign',
  targets: [{ kind: 'name', name, range: nameRange }],
  value,
  annotation: null,
  declaration: 'const',
  range,
});

/** `export { a as b } from './x'`, `export * from './x'`, `export * as x from './x'`. */
function exportedFrom(lowering: Lowering, node: SyntaxNode, module: string): readonly Statement[] {
  const range = rangeOf(lowering, node);
  const group = childNamed(node, 'ExportGroup');
  const alias = childNamed(node, 'VariableName');
  const names: readonly ImportedName[] | null =
    group !== null ? lowerGroup(lowering, group) : alias !== null ? null : [{ range, name: '*', alias: null }];
  return [{ kind: 'import', range, module, level: 0, alias: names === null && alias !== null ? sourceOf(lowering, alias) : null, names }];
}
