import type { SyntaxNode } from '@lezer/common';
import type { Expression, MappingEntry, Parameter } from '../program';
import { unescape } from './literals';
import { childrenOf, invalidExpression, isPattern, rangeOf, sourceOf, type Lowering } from './lowering';
import { lowerAnnotation } from './types';

/** What a declaration or parameter binds: a name, or a list or object to take apart. A default is an assignment to the target. */
export function lowerPattern(lowering: Lowering, node: SyntaxNode): Expression {
  switch (node.name) {
    case 'VariableDefinition':
    case 'VariableName':
      return { kind: 'name', range: rangeOf(lowering, node), name: sourceOf(lowering, node) };
    case 'ArrayPattern':
      return lowerArrayPattern(lowering, node);
    case 'ObjectPattern':
      return lowerObjectPattern(lowering, node);
    default:
      return lowering.lowerExpression(lowering, node);
  }
}

/** `target` or `target = value`, the children starting at an index. Gives the index behind it. */
function lowerWithDefault(
  lowering: Lowering,
  children: readonly SyntaxNode[],
  index: number,
): { readonly target: Expression; readonly after: number } {
  const node = children[index]!;
  const target = lowerPattern(lowering, node);
  const value = children[index + 2];
  if (children[index + 1]?.name !== 'Equals' || value === undefined) return { target, after: index + 1 };
  const lowered = lowering.lowerExpression(lowering, value);
  const range = { start: target.range.start, end: lowered.range.end };
  return { target: { kind: 'assignment', range, target, operator: null, value: lowered }, after: index + 3 };
}

function lowerArrayPattern(lowering: Lowering, node: SyntaxNode): Expression {
  const children = childrenOf(node);
  const items: Expression[] = [];
  let filled = false;
  for (let index = 1; index < children.length;) {
    const child = children[index]!;
    if (child.name === ',' || child.name === ']') {
      if (child.name === ',' && !filled) items.push(hole(lowering, child));
      filled = false;
      index++;
    } else if (child.name === 'Spread') {
      const rest = children[index + 1];
      if (rest === undefined) break;
      const value = lowerPattern(lowering, rest);
      items.push({ kind: 'starred', range: { start: rangeOf(lowering, child).start, end: value.range.end }, value });
      filled = true;
      index += 2;
    } else {
      const { target, after } = lowerWithDefault(lowering, children, index);
      items.push(target);
      filled = true;
      index = after;
    }
  }
  return { kind: 'sequence', range: rangeOf(lowering, node), type: 'list', items };
}

/** A place of an array that nothing stands in. */
export function hole(lowering: Lowering, comma: SyntaxNode): Expression {
  const { start } = rangeOf(lowering, comma);
  return { kind: 'constant', range: { start, end: start }, value: { type: 'undefined' } };
}

function lowerObjectPattern(lowering: Lowering, node: SyntaxNode): Expression {
  const entries: MappingEntry[] = [];
  for (const property of childrenOf(node)) {
    if (property.name !== 'PatternProperty') continue;
    const children = childrenOf(property);
    const range = rangeOf(lowering, property);
    const [first, second] = children;
    if (first === undefined) continue;
    if (first.name === 'Spread') {
      if (second !== undefined) entries.push({ range, key: null, value: lowerPattern(lowering, second) });
      continue;
    }
    const colon = children.findIndex((child) => child.name === ':');
    const key = lowerKey(lowering, first.name === '[' ? (second ?? first) : first, first.name === '[');
    const { target } = colon < 0 ? lowerWithDefault(lowering, children, 0) : lowerTarget(lowering, children, colon + 1, property);
    entries.push({ range, key, value: target });
  }
  return { kind: 'mapping', range: rangeOf(lowering, node), entries };
}

function lowerTarget(
  lowering: Lowering,
  children: readonly SyntaxNode[],
  index: number,
  whole: SyntaxNode,
): { readonly target: Expression } {
  return children[index] === undefined ? { target: invalidExpression(lowering, whole) } : lowerWithDefault(lowering, children, index);
}

/** The key of a property: a name, string or number stands for itself, a computed one is evaluated. */
export function lowerKey(lowering: Lowering, node: SyntaxNode, computed: boolean): Expression {
  if (computed || node.name === 'Number') return lowering.lowerExpression(lowering, node);
  const source = sourceOf(lowering, node);
  const value = node.name === 'String' ? (unescape(source.slice(1, -1)) ?? source) : source;
  return { kind: 'constant', range: rangeOf(lowering, node), value: { type: 'string', value } };
}

/** The parameters of a function: `private readonly name?: type = value`, patterns, `...rest`. TypeScript's `this` parameter is no parameter. */
export function lowerParameters(lowering: Lowering, list: SyntaxNode): readonly Parameter[] {
  const parameters: Parameter[] = [];
  let children: SyntaxNode[] = [];
  for (const child of childrenOf(list)) {
    if (child.name === '(') continue;
    if (child.name !== ',' && child.name !== ')') {
      children.push(child);
      continue;
    }
    const parameter = lowerParameter(lowering, children);
    if (parameter !== null) parameters.push(parameter);
    children = [];
  }
  // An arrow function's single name needs no brackets; a broken list lacks the closing one.
  const last = lowerParameter(lowering, children);
  return last === null ? parameters : [...parameters, last];
}

function lowerParameter(lowering: Lowering, children: readonly SyntaxNode[]): Parameter | null {
  const binding = children.find(isPattern);
  const [first] = children;
  const last = children.at(-1);
  if (binding === undefined || first === undefined || last === undefined) return null;
  const isName = binding.name === 'VariableDefinition';
  const equals = children.findIndex((child) => child.name === 'Equals');
  const value = equals < 0 ? undefined : children[equals + 1];
  return {
    range: { start: rangeOf(lowering, first).start, end: rangeOf(lowering, last).end },
    name: isName ? sourceOf(lowering, binding) : '',
    pattern: isName ? null : lowerPattern(lowering, binding),
    style: children.some((child) => child.name === 'Spread') ? 'variadic' : 'normal',
    defaultValue: value === undefined ? null : lowering.lowerExpression(lowering, value),
    annotation: lowerAnnotation(lowering, children.find((child) => child.name === 'TypeAnnotation') ?? null),
    isField: children.some((child) => child.name === 'Privacy' || child.name === 'readonly'),
  };
}
