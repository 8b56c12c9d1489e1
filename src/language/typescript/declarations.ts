import type { SyntaxNode } from '@lezer/common';
import type { Expression, FunctionDefinition, Statement } from '../program';
import {
  brokenPlace,
  childNamed,
  childrenOf,
  isExpression,
  rangeOf,
  reportBroken,
  sourceOf,
  unsupportedStatement,
  type Lowering,
} from './lowering';
import { lowerParameters } from './patterns';
import { lowerAnnotation } from './types';

/** A broken header leaves an unsupported statement at the start of the body: running it says what is wrong. */
function brokenHeader(lowering: Lowering, node: SyntaxNode): readonly Statement[] {
  const broken = brokenPlace(node);
  if (broken === null) return [];
  const { message, range } = reportBroken(lowering, broken);
  const whole = rangeOf(lowering, node);
  const place = { start: Math.min(range.start, whole.end), end: Math.min(range.end, whole.end) };
  return [{ kind: 'unsupported', range: place, what: message, invalid: true }];
}

export function lowerFunctionDeclaration(lowering: Lowering, node: SyntaxNode): readonly Statement[] {
  const name = childNamed(node, 'VariableDefinition');
  const broken = brokenHeader(lowering, node);
  const block = childNamed(node, 'Block');
  if (block === null && broken.length === 0) return [];
  return [functionOf(lowering, node, name, name === null ? 'default' : sourceOf(lowering, name), null, broken)];
}

function functionOf(
  lowering: Lowering,
  node: SyntaxNode,
  nameNode: SyntaxNode | null,
  name: string,
  modifier: FunctionDefinition['modifier'],
  broken: readonly Statement[],
): FunctionDefinition {
  const range = rangeOf(lowering, node);
  const block = childNamed(node, 'Block');
  const list = childNamed(node, 'ParamList');
  return {
    kind: 'function',
    range,
    name,
    nameRange: nameNode === null ? { start: range.start, end: range.start } : rangeOf(lowering, nameNode),
    parameters: list === null ? [] : lowerParameters(lowering, list),
    body: [...broken, ...(block === null ? [] : lowering.lowerBlock(lowering, block))],
    decorators: lowerDecorators(lowering, node),
    docstring: null,
    isAsync: childNamed(node, 'async') !== null,
    isGenerator: childNamed(node, 'Star') !== null,
    modifier,
  };
}

function lowerDecorators(lowering: Lowering, node: SyntaxNode): readonly Expression[] {
  return childrenOf(node)
    .filter((child) => child.name === 'Decorator')
    .flatMap((decorator) => childrenOf(decorator).filter(isExpression))
    .map((expression) => lowering.lowerExpression(lowering, expression));
}

/** A class, and the assignments of its static fields behind it. */
export function lowerClass(lowering: Lowering, node: SyntaxNode): readonly Statement[] {
  const range = rangeOf(lowering, node);
  const nameNode = childNamed(node, 'VariableDefinition');
  const name = nameNode === null ? 'default' : sourceOf(lowering, nameNode);
  const nameRange = nameNode === null ? { start: range.start, end: range.start } : rangeOf(lowering, nameNode);
  const children = childrenOf(node);
  const extended = children.findIndex((child) => child.name === 'extends');
  const base = extended < 0 ? undefined : children[extended + 1];
  const body: Statement[] = [...brokenHeader(lowering, node)];
  const statics: Statement[] = [];
  const classBody = childNamed(node, 'ClassBody');
  for (const member of classBody === null ? [] : childrenOf(classBody)) lowerMember(lowering, member, { name, body, statics });
  const bases = base !== undefined && isExpression(base) ? [lowering.lowerExpression(lowering, base)] : [];
  const decorators = lowerDecorators(lowering, node);
  return [{ kind: 'class', range, name, nameRange, bases, keywords: [], body, decorators, docstring: null }, ...statics];
}

interface ClassParts {
  readonly name: string;
  readonly body: Statement[];
  readonly statics: Statement[];
}

function lowerMember(lowering: Lowering, member: SyntaxNode, { name, body, statics }: ClassParts): void {
  if (member.name === 'StaticBlock') body.push(unsupportedStatement(lowering, member, 'a static block'));
  if (member.name !== 'MethodDeclaration' && member.name !== 'PropertyDeclaration') return;
  const nameNode = childNamed(member, 'PropertyDefinition', 'PrivatePropertyDefinition');
  const isMethod = member.name === 'MethodDeclaration';
  if (nameNode === null) {
    body.push(unsupportedStatement(lowering, member, 'a class member with a computed name'));
    return;
  }
  const broken = brokenHeader(lowering, member);
  if (isMethod) {
    if (childNamed(member, 'Block') === null && broken.length === 0) return;
    const accessor = childNamed(member, 'get', 'set');
    const isStatic = childNamed(member, 'static') !== null;
    if (accessor !== null && isStatic) body.push(unsupportedStatement(lowering, member, 'a static accessor'));
    else {
      const modifier = isStatic ? 'static' : accessor?.name === 'get' ? 'get' : accessor?.name === 'set' ? 'set' : null;
      body.push(functionOf(lowering, member, nameNode, sourceOf(lowering, nameNode), modifier, broken));
    }
    return;
  }
  if (broken.length > 0) body.push(...broken);
  else if (childNamed(member, 'declare') === null) {
    const field = lowerField(lowering, member, nameNode, name);
    if (childNamed(member, 'static') === null) body.push(field);
    else statics.push(field);
  }
}

/** `name: type = value`: of an instance, an assignment in the class's body; a static one, an assignment to the class's attribute. */
function lowerField(lowering: Lowering, member: SyntaxNode, nameNode: SyntaxNode, className: string): Statement {
  const children = childrenOf(member);
  const equals = children.findIndex((child) => child.name === 'Equals');
  const valueNode = equals < 0 ? undefined : children[equals + 1];
  const value = valueNode === undefined ? null : lowering.lowerExpression(lowering, valueNode);
  const annotation = lowerAnnotation(lowering, childNamed(member, 'TypeAnnotation'));
  const range = rangeOf(lowering, member);
  const name = sourceOf(lowering, nameNode);
  const nameRange = rangeOf(lowering, nameNode);
  if (childNamed(member, 'static') === null) {
    return { kind: 'assign', range, targets: [{ kind: 'name', range: nameRange, name }], value, annotation, declaration: null };
  }
  const object: Expression = { kind: 'name', range: nameRange, name: className };
  const target: Expression = { kind: 'attribute', range: nameRange, object, name, nameRange, optional: false };
  const none: Expression = { kind: 'constant', range: nameRange, value: { type: 'undefined' } };
  return { kind: 'assign', range, targets: [target], value: value ?? none, annotation, declaration: null };
}
