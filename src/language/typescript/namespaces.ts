/** What TypeScript alone has as values: an enum is an object of its members, a namespace a function called at once that gives what it exports. */
import type { SyntaxNode } from '@lezer/common';
import type { Expression, Lambda, MappingEntry, Statement } from '../program';
import { childNamed, childrenOf, isExpression, rangeOf, sourceOf, unsupportedStatement, type Lowering } from './lowering';

type LowerList = (lowering: Lowering, nodes: readonly SyntaxNode[]) => readonly Statement[];

/** `enum E { A, B = 0.5 }` is `{ A: 0, B: 0.5 }`, with the names of its numbers. */
export function lowerEnum(lowering: Lowering, node: SyntaxNode): Statement {
  const name = childNamed(node, 'TypeDefinition');
  const body = childNamed(node, 'EnumBody');
  if (name === null || body === null) return unsupportedStatement(lowering, node, 'an enum');
  const members: MappingEntry[] = [];
  const names: MappingEntry[] = [];
  let next: number | null = 0;
  const children = childrenOf(body);
  for (const [index, child] of children.entries()) {
    if (child.name !== 'PropertyName') continue;
    const range = rangeOf(lowering, child);
    const member = sourceOf(lowering, child);
    const key = text(member, range);
    const given = children[index + 1]?.name === 'Equals' ? children[index + 2] : undefined;
    let value: Expression;
    if (given === undefined) {
      if (next === null) return unsupportedStatement(lowering, node, 'an enum whose members are computed');
      value = { kind: 'constant', value: { type: 'float', value: next }, range };
    } else value = lowering.lowerExpression(lowering, given);
    const number = numberIn(value);
    if (number === null && !isText(value)) return unsupportedStatement(lowering, node, 'an enum whose members are computed');
    next = number === null ? null : number + 1;
    members.push({ key, value, range });
    if (number !== null) names.push({ key: text(String(number), range), value: key, range });
  }
  const range = rangeOf(lowering, node);
  return constant(sourceOf(lowering, name), rangeOf(lowering, name), { kind: 'mapping', entries: [...names, ...members], range }, range);
}

const text = (value: string, range: Statement['range']): Expression => ({ kind: 'constant', value: { type: 'string', value }, range });

const isText = (value: Expression): boolean => value.kind === 'constant' && value.value.type === 'string';

function numberIn(value: Expression): number | null {
  if (value.kind === 'unary' && value.operator === '-') {
    const positive = numberIn(value.operand);
    return positive === null ? null : -positive;
  }
  return value.kind === 'constant' && value.value.type === 'float' ? value.value.value : null;
}

function constant(name: string, nameRange: Statement['range'], value: Expression, range: Statement['range']): Statement {
  return { kind: 'assign', targets: [{ kind: 'name', name, range: nameRange }], value, annotation: null, declaration: 'const', range };
}

export function lowerNamespace(lowering: Lowering, node: SyntaxNode, lowerList: LowerList): Statement {
  const name = childNamed(node, 'VariableDefinition');
  const block = childNamed(node, 'Block');
  if (name === null || block === null || childNamed(node, '.') !== null) return unsupportedStatement(lowering, node, 'a namespace');
  const range = rangeOf(lowering, node);
  const statements = childrenOf(block).filter((child) => child.type.is('Statement'));
  const body = lowerList(lowering, statements);
  const exports = statements.filter((child) => child.name === 'ExportDeclaration' && !childrenOf(child).some(isExpression));
  const exported = lowerList(lowering, exports).flatMap(namesOf);
  const entries = exported.map((each): MappingEntry => ({ key: text(each, range), value: { kind: 'name', name: each, range }, range }));
  const made: Lambda = {
    kind: 'lambda',
    parameters: [],
    body: [...body, { kind: 'return', value: { kind: 'mapping', entries, range }, range }],
    bindsThis: false,
    range,
  };
  const value: Expression = { kind: 'call', callee: made, arguments: [], keywords: [], optional: false, isNew: false, range };
  return constant(sourceOf(lowering, name), rangeOf(lowering, name), value, range);
}

function namesOf(statement: Statement): readonly string[] {
  if (statement.kind === 'function' || statement.kind === 'class') return [statement.name];
  return statement.kind === 'assign' ? statement.targets.flatMap((target) => (target.kind === 'name' ? [target.name] : [])) : [];
}
