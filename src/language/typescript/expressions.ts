import type { SyntaxNode } from '@lezer/common';
import type { Assignment, BinaryOperator, ComparisonOperator, Expression, FormattedPart, MappingEntry } from '../program';
import { numberOf, unescape } from './literals';
import {
  childNamed,
  childrenOf,
  deeper,
  invalidExpression,
  isExpression,
  rangeOf,
  sourceOf,
  unsupportedExpression,
  type Lowering,
} from './lowering';
import { hole, lowerKey, lowerParameters, lowerPattern } from './patterns';

/** Lowers an expression of the parsed tree; a node it does not know becomes unsupported where it stands. */
export function lowerExpression(lowering: Lowering, node: SyntaxNode): Expression {
  return deeper(lowering, node, () => lowerNode(lowering, node));
}

function lowerNode(lowering: Lowering, node: SyntaxNode): Expression {
  const range = rangeOf(lowering, node);
  switch (node.name) {
    case 'Number':
      return lowerNumber(lowering, node);
    case 'String':
      return lowerString(lowering, node);
    case 'TemplateString':
      return lowerTemplate(lowering, node);
    case 'BooleanLiteral':
      return { kind: 'constant', range, value: { type: 'bool', value: sourceOf(lowering, node) === 'true' } };
    case 'null':
      return { kind: 'constant', range, value: { type: 'none' } };
    case 'VariableName':
      return lowerName(lowering, node);
    case 'this':
    case 'super':
      return { kind: 'name', range, name: node.name };
    case 'ParenthesizedExpression':
      return lowerOnly(lowering, node);
    case 'ArrayExpression':
      return { kind: 'sequence', range, type: 'list', items: lowerItems(lowering, node, true) };
    case 'ObjectExpression':
      return lowerObject(lowering, node);
    case 'MemberExpression':
      return lowerMember(lowering, node);
    case 'CallExpression':
      return lowerCall(lowering, node, false);
    case 'NewExpression':
      return lowerCall(lowering, node, true);
    case 'UnaryExpression':
      return lowerUnary(lowering, node);
    case 'PostfixExpression':
      return lowerPostfix(lowering, node);
    case 'BinaryExpression':
      return lowerBinary(lowering, node);
    case 'ConditionalExpression':
      return lowerConditional(lowering, node);
    case 'AssignmentExpression':
      return lowerAssignment(lowering, node);
    case 'ArrowFunction':
    case 'FunctionExpression':
      return lowerFunction(lowering, node);
    case 'AwaitExpression':
    case 'YieldExpression':
      return lowerWaiting(lowering, node);
    case 'SequenceExpression':
      return lowerSequence(lowering, node);
    case 'PrefixCast':
    case 'InstantiationExpression':
      return lowerOnly(lowering, node);
    default:
      return unsupportedExpression(lowering, node, nouns[node.name] ?? `this expression (${node.name})`);
  }
}

const nouns: Readonly<Record<string, string>> = {
  RegExp: 'a regular expression',
  TaggedTemplateExpression: 'a tagged template',
  ClassExpression: 'a class expression',
  DynamicImport: 'import()',
  ImportMeta: 'import.meta',
  NewTarget: 'new.target',
  JSXElement: 'a JSX element',
};

/** The one expression inside: brackets, casts and type arguments change nothing. */
function lowerOnly(lowering: Lowering, node: SyntaxNode): Expression {
  const inner = childrenOf(node).find(isExpression);
  return inner === undefined ? invalidExpression(lowering, node) : lowerExpression(lowering, inner);
}

function lowerOr(lowering: Lowering, node: SyntaxNode | null | undefined, whole: SyntaxNode): Expression {
  return node === null || node === undefined ? invalidExpression(lowering, whole) : lowerExpression(lowering, node);
}

function lowerNumber(lowering: Lowering, node: SyntaxNode): Expression {
  const value = numberOf(sourceOf(lowering, node));
  if (value === null) return unsupportedExpression(lowering, node, 'a bigint');
  return { kind: 'constant', range: rangeOf(lowering, node), value: { type: 'float', value } };
}

function lowerString(lowering: Lowering, node: SyntaxNode): Expression {
  const value = unescape(sourceOf(lowering, node).slice(1, -1));
  if (value === null) return invalidExpression(lowering, node, 'invalid escape sequence');
  return { kind: 'constant', range: rangeOf(lowering, node), value: { type: 'string', value } };
}

function lowerName(lowering: Lowering, node: SyntaxNode): Expression {
  const range = rangeOf(lowering, node);
  const name = sourceOf(lowering, node);
  return name === 'undefined' ? { kind: 'constant', range, value: { type: 'undefined' } } : { kind: 'name', range, name };
}

function lowerTemplate(lowering: Lowering, node: SyntaxNode): Expression {
  const range = rangeOf(lowering, node);
  const parts: (string | FormattedPart)[] = [];
  let start = range.start + 1;
  const addText = (end: number): boolean => {
    const text = unescape(lowering.text.slice(start, end));
    if (text !== null && text !== '') parts.push(text);
    return text !== null;
  };
  for (const child of childrenOf(node)) {
    if (child.name !== 'Interpolation') continue;
    const place = rangeOf(lowering, child);
    if (!addText(place.start)) return invalidExpression(lowering, node, 'invalid escape sequence');
    parts.push({ range: place, expression: lowerOnly(lowering, child), conversion: null, format: null, label: null });
    start = place.end;
  }
  if (!addText(Math.max(start, range.end - 1))) return invalidExpression(lowering, node, 'invalid escape sequence');
  if (parts.every((part) => typeof part === 'string')) return { kind: 'constant', range, value: { type: 'string', value: parts.join('') } };
  return { kind: 'joinedString', range, parts };
}

/** The items of an array or argument list; a hole of an array is undefined. */
function lowerItems(lowering: Lowering, node: SyntaxNode, holes: boolean): readonly Expression[] {
  const items: Expression[] = [];
  let filled = false;
  let spread: SyntaxNode | null = null;
  for (const child of childrenOf(node)) {
    if (child.name === ',') {
      if (!filled && holes) items.push(hole(lowering, child));
      filled = false;
    } else if (child.name === 'Spread') spread = child;
    else if (isExpression(child)) {
      const value = lowerExpression(lowering, child);
      items.push(
        spread === null ? value : { kind: 'starred', range: { start: rangeOf(lowering, spread).start, end: value.range.end }, value },
      );
      spread = null;
      filled = true;
    }
  }
  return items;
}

function lowerObject(lowering: Lowering, node: SyntaxNode): Expression {
  const entries: MappingEntry[] = [];
  for (const property of childrenOf(node)) if (property.name === 'Property') entries.push(lowerProperty(lowering, property));
  return { kind: 'mapping', range: rangeOf(lowering, node), entries };
}

function lowerProperty(lowering: Lowering, property: SyntaxNode): MappingEntry {
  const range = rangeOf(lowering, property);
  const children = childrenOf(property);
  const [first] = children;
  if (first?.name === 'Spread') return { range, key: null, value: lowerOr(lowering, children[1], property) };
  const computed = children.findIndex((child) => child.name === '[');
  const block = childNamed(property, 'Block');
  const keyNode =
    computed >= 0 && (block === null || children[computed]!.from < block.from)
      ? children[computed + 1]
      : childNamed(property, 'PropertyDefinition', 'Number', 'String');
  if (keyNode === undefined || keyNode === null) return { range, key: null, value: invalidExpression(lowering, property) };
  const key = lowerKey(lowering, keyNode, computed >= 0);
  if (childNamed(property, 'ParamList') !== null) {
    const accessor = childNamed(property, 'get', 'set', 'Star');
    if (accessor !== null)
      return { range, key, value: unsupportedExpression(lowering, property, 'an accessor or generator in an object literal') };
    return { range, key, value: lowerFunction(lowering, property) };
  }
  const colon = children.findIndex((child) => child.name === ':');
  if (colon >= 0) return { range, key, value: lowerOr(lowering, children[colon + 1], property) };
  return { range, key, value: lowerName(lowering, keyNode) };
}

function lowerMember(lowering: Lowering, node: SyntaxNode): Expression {
  const range = rangeOf(lowering, node);
  const [objectNode] = childrenOf(node);
  const object = lowerOr(lowering, objectNode, node);
  const optional = childNamed(node, '?.') !== null;
  const property = childNamed(node, 'PropertyName', 'PrivatePropertyName');
  if (property !== null) {
    return { kind: 'attribute', range, object, name: sourceOf(lowering, property), nameRange: rangeOf(lowering, property), optional };
  }
  const index = childrenOf(node).slice(1).find(isExpression);
  return { kind: 'subscript', range, object, index: lowerOr(lowering, index, node), optional };
}

function lowerCall(lowering: Lowering, node: SyntaxNode, isNew: boolean): Expression {
  const calleeNode = childrenOf(node).find(isExpression);
  const list = childNamed(node, 'ArgList');
  return {
    kind: 'call',
    range: rangeOf(lowering, node),
    callee: lowerOr(lowering, calleeNode, node),
    arguments: list === null ? [] : lowerItems(lowering, list, false),
    keywords: [],
    optional: childNamed(node, '?.') !== null,
    isNew,
  };
}

const unaryOperators: Readonly<Record<string, '-' | '+' | '~' | 'not' | 'typeof' | 'void'>> = {
  '-': '-',
  '+': '+',
  '~': '~',
  '!': 'not',
  typeof: 'typeof',
  void: 'void',
};

function lowerUnary(lowering: Lowering, node: SyntaxNode): Expression {
  const range = rangeOf(lowering, node);
  const [operatorNode, operandNode] = childrenOf(node);
  const source = operatorNode === undefined ? '' : sourceOf(lowering, operatorNode);
  if (source === '++' || source === '--') return step(lowering, node, operandNode, source);
  const operator = unaryOperators[source];
  if (operator === undefined) return unsupportedExpression(lowering, node, `the operator ${source}`);
  return { kind: 'unary', range, operator, operand: lowerOr(lowering, operandNode, node) };
}

/** `++i` is `i += 1`. */
function step(lowering: Lowering, node: SyntaxNode, operand: SyntaxNode | undefined, operator: '++' | '--'): Assignment {
  const range = rangeOf(lowering, node);
  const value: Expression = { kind: 'constant', range: { start: range.end, end: range.end }, value: { type: 'float', value: 1 } };
  return { kind: 'assignment', range, target: lowerOr(lowering, operand, node), operator: operator === '++' ? '+' : '-', value };
}

/** `i++` is `(i += 1) - 1`, or just `i += 1` where its value is not used; `x!` is x. */
function lowerPostfix(lowering: Lowering, node: SyntaxNode): Expression {
  const [operand, operatorNode] = childrenOf(node);
  const operator = operatorNode === undefined ? '' : sourceOf(lowering, operatorNode);
  if (operator !== '++' && operator !== '--') return lowerOr(lowering, operand, node);
  const assigned = step(lowering, node, operand, operator);
  const { parent } = node;
  if (parent?.name === 'ExpressionStatement' || parent?.name === 'ForSpec') return assigned;
  return {
    kind: 'binary',
    range: assigned.range,
    operator: operator === '++' ? '-' : '+',
    left: assigned,
    right: assigned.value,
    operatorRange: operatorNode === undefined ? assigned.range : rangeOf(lowering, operatorNode),
  };
}

const comparisons: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=', '===', '!==', 'in', 'instanceof']);
const logicals: Readonly<Record<string, 'and' | 'or' | '??'>> = { '&&': 'and', '||': 'or', '??': '??' };
const binaries: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '**', '<<', '>>', '>>>', '&', '|', '^']);

function lowerBinary(lowering: Lowering, node: SyntaxNode): Expression {
  const range = rangeOf(lowering, node);
  const [leftNode, operatorNode, rightNode] = childrenOf(node);
  const operator = operatorNode === undefined ? '' : sourceOf(lowering, operatorNode);
  if (operator === 'as' || operator === 'satisfies') return lowerOr(lowering, leftNode, node);
  if (leftNode?.name === 'PrivatePropertyName') return unsupportedExpression(lowering, node, 'a test for a private member');
  const left = lowerOr(lowering, leftNode, node);
  const right = lowerOr(lowering, rightNode, node);
  if (comparisons.has(operator)) return { kind: 'comparison', range, operands: [left, right], operators: [operator as ComparisonOperator] };
  const logical = logicals[operator];
  if (logical !== undefined) return { kind: 'logical', range, operator: logical, left, right };
  if (!binaries.has(operator) || operatorNode === undefined) return invalidExpression(lowering, node);
  return { kind: 'binary', range, operator: operator as BinaryOperator, left, right, operatorRange: rangeOf(lowering, operatorNode) };
}

function lowerConditional(lowering: Lowering, node: SyntaxNode): Expression {
  const [test, then, otherwise] = childrenOf(node).filter(isExpression);
  return {
    kind: 'conditional',
    range: rangeOf(lowering, node),
    test: lowerOr(lowering, test, node),
    then: lowerOr(lowering, then, node),
    otherwise: lowerOr(lowering, otherwise, node),
  };
}

function lowerAssignment(lowering: Lowering, node: SyntaxNode): Assignment {
  const [targetNode, operatorNode, valueNode] = childrenOf(node);
  const source = operatorNode === undefined ? '=' : sourceOf(lowering, operatorNode).slice(0, -1);
  const operator = source === '' ? null : (logicals[source] ?? (source as BinaryOperator));
  const target = targetNode === undefined ? invalidExpression(lowering, node) : lowerPattern(lowering, targetNode);
  return { kind: 'assignment', range: rangeOf(lowering, node), target, operator, value: lowerOr(lowering, valueNode, node) };
}

/** Arrow functions, function expressions and the methods of object literals. */
function lowerFunction(lowering: Lowering, node: SyntaxNode): Expression {
  if (childNamed(node, 'Star') !== null) return unsupportedExpression(lowering, node, 'a generator expression');
  const list = childNamed(node, 'ParamList');
  const children = childrenOf(node);
  const last = children.at(-1);
  const body =
    last === undefined
      ? invalidExpression(lowering, node)
      : last.name === 'Block'
        ? lowering.lowerBlock(lowering, last)
        : lowerExpression(lowering, last);
  return {
    kind: 'lambda',
    range: rangeOf(lowering, node),
    parameters: list === null ? [] : lowerParameters(lowering, list),
    body,
    bindsThis: node.name !== 'ArrowFunction',
  };
}

function lowerWaiting(lowering: Lowering, node: SyntaxNode): Expression {
  const range = rangeOf(lowering, node);
  const inner = childrenOf(node).find(isExpression);
  if (node.name === 'AwaitExpression') return { kind: 'await', range, value: lowerOr(lowering, inner, node) };
  const value = inner === undefined ? null : lowerExpression(lowering, inner);
  return { kind: 'yield', range, value, delegate: childNamed(node, 'Star') !== null };
}

/** `a, b` evaluates both and is the last: `[a, b][1]`. */
function lowerSequence(lowering: Lowering, node: SyntaxNode): Expression {
  const range = rangeOf(lowering, node);
  const items = lowerItems(lowering, node, false);
  const end = { start: range.end, end: range.end };
  const index: Expression = { kind: 'constant', range: end, value: { type: 'float', value: items.length - 1 } };
  return { kind: 'subscript', range, object: { kind: 'sequence', range, type: 'list', items }, index, optional: false };
}
