import type { SyntaxNode } from '@lezer/common';
import type { Expression, Statement } from '../program';
import { lowerClass, lowerFunctionDeclaration } from './declarations';
import {
  brokenPlace,
  childNamed,
  childrenOf,
  invalidExpression,
  isExpression,
  isPattern,
  rangeOf,
  reportBroken,
  sourceOf,
  unsupportedStatement,
  type Lowering,
} from './lowering';
import { lowerExport, lowerImport } from './modules';
import { lowerEnum, lowerNamespace } from './namespaces';
import { lowerPattern } from './patterns';
import { lowerSwitch } from './switches';
import { lowerAnnotation } from './types';

/** The statements of a script or block. Functions that are used before their declaration are moved before their use, as JavaScript hoists them. */
export function lowerStatements(lowering: Lowering, block: SyntaxNode): readonly Statement[] {
  return hoisted(lowering, lowerList(lowering, childrenIncludingBroken(block)));
}

function childrenIncludingBroken(block: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = block.firstChild; child !== null; child = child.nextSibling) {
    if (child.type.isError || child.type.is('Statement')) children.push(child);
  }
  return children;
}

/** Lowers statements in order. What stands on the rest of a broken line belongs to what is broken. */
export function lowerList(lowering: Lowering, nodes: readonly SyntaxNode[]): Statement[] {
  const statements: Statement[] = [];
  let brokenUpTo = -1;
  for (const node of nodes) {
    const { start } = rangeOf(lowering, node);
    if (start < brokenUpTo) continue;
    const broken = node.type.isError ? node : mendable.has(node.name) ? null : brokenPlace(node);
    if (broken === null) {
      statements.push(...lowerStatement(lowering, node));
      continue;
    }
    const { message, range } = reportBroken(lowering, broken);
    const nodeEnd = rangeOf(lowering, node).end;
    const onSameLine = !/[\r\n]/.test(lowering.text.slice(nodeEnd, range.start));
    const end = onSameLine ? Math.max(nodeEnd, endOfLine(lowering.text, range.end)) : nodeEnd;
    const limit = node.parent === null ? end : rangeOf(lowering, node.parent).end;
    const place = { start: Math.min(start, range.start, limit), end: Math.min(end, limit) };
    statements.push({ kind: 'unsupported', range: place, what: message, invalid: true });
    brokenUpTo = end;
  }
  return statements;
}

/** Declarations that survive a broken part: their names and the rest of their bodies are lowered. */
const mendable = new Set(['FunctionDeclaration', 'ClassDeclaration', 'ExportDeclaration']);

function endOfLine(text: string, position: number): number {
  let end = position;
  while (end < text.length && !/[\r\n}]/.test(text[end]!)) end++;
  return end;
}

function hoisted(lowering: Lowering, statements: readonly Statement[]): readonly Statement[] {
  const [first] = statements;
  if (first === undefined || !statements.some((statement, index) => statement.kind === 'function' && index > 0)) return statements;
  const usedBefore = (statement: Statement): boolean =>
    statement.kind === 'function' && lowering.text.slice(first.range.start, statement.range.start).includes(statement.name);
  return [...statements.filter(usedBefore), ...statements.filter((statement) => !usedBefore(statement))];
}

export function lowerStatement(lowering: Lowering, node: SyntaxNode): readonly Statement[] {
  const range = rangeOf(lowering, node);
  switch (node.name) {
    case 'ExpressionStatement':
      return lowerExpressionStatement(lowering, node);
    case 'VariableDeclaration':
      return lowerVariables(lowering, node);
    case 'FunctionDeclaration':
      return lowerFunctionDeclaration(lowering, node);
    case 'ClassDeclaration':
      return lowerClass(lowering, node);
    case 'ImportDeclaration':
      return lowerImport(lowering, node);
    case 'ExportDeclaration':
      return lowerExport(lowering, node, lowerStatement);
    case 'ReturnStatement': {
      const value = childrenOf(node).find(isExpression);
      return [{ kind: 'return', range, value: value === undefined ? null : lowering.lowerExpression(lowering, value) }];
    }
    case 'ThrowStatement':
      return [{ kind: 'raise', range, exception: expressionIn(lowering, node), cause: null }];
    case 'Block':
      return [{ kind: 'block', range, body: lowerStatements(lowering, node) }];
    case 'IfStatement':
      return [lowerIf(lowering, node)];
    case 'ForStatement':
      return [lowerFor(lowering, node)];
    case 'WhileStatement':
    case 'DoStatement':
      return [lowerWhile(lowering, node)];
    case 'SwitchStatement':
      return [lowerSwitch(lowering, node, lowerList)];
    case 'TryStatement':
      return [lowerTry(lowering, node)];
    case 'BreakStatement':
    case 'ContinueStatement':
      if (childNamed(node, 'Label') !== null) return [unsupportedStatement(lowering, node, 'a jump to a label')];
      return [{ kind: node.name === 'BreakStatement' ? 'break' : 'continue', range }];
    case 'EnumDeclaration':
      return [lowerEnum(lowering, node)];
    case 'NamespaceDeclaration':
      return [lowerNamespace(lowering, node, (within, nodes) => hoisted(within, lowerList(within, nodes)))];
    case ';':
    case 'DebuggerStatement':
    case 'TypeAliasDeclaration':
    case 'InterfaceDeclaration':
    case 'AmbientDeclaration':
      return [];
    default:
      return [unsupportedStatement(lowering, node, nouns[node.name] ?? `this statement (${node.name})`)];
  }
}

const nouns: Readonly<Record<string, string>> = {
  LabeledStatement: 'a labelled statement',
  WithStatement: 'a with statement',
};

function expressionIn(lowering: Lowering, node: SyntaxNode): Expression {
  const inner = childrenOf(node).find(isExpression);
  return inner === undefined ? invalidExpression(lowering, node) : lowering.lowerExpression(lowering, inner);
}

function lowerExpressionStatement(lowering: Lowering, node: SyntaxNode): readonly Statement[] {
  const range = rangeOf(lowering, node);
  const [inner] = childrenOf(node);
  if (inner?.name === 'UnaryExpression' && inner.firstChild?.name === 'delete') {
    const target = childrenOf(inner)[1];
    if (target !== undefined) return [{ kind: 'delete', range, targets: [lowering.lowerExpression(lowering, target)] }];
  }
  const expression = expressionIn(lowering, node);
  if (expression.kind !== 'assignment') return [{ kind: 'expression', range, expression, silent: false }];
  const { target, operator, value } = expression;
  if (operator === null) return [{ kind: 'assign', range, targets: [target], value, annotation: null, declaration: null }];
  if (operator === 'and' || operator === 'or' || operator === '??') return [{ kind: 'expression', range, expression, silent: false }];
  return [{ kind: 'augmentedAssign', range, target, operator, value }];
}

const declarations = { const: 'const', let: 'let', var: 'var' } as const;

function declarationOf(node: SyntaxNode): 'const' | 'let' | 'var' | null {
  const keyword = childNamed(node, 'const', 'let', 'var', 'using');
  if (keyword === null) return null;
  return keyword.name === 'using' ? 'const' : declarations[keyword.name as 'const' | 'let' | 'var'];
}

function lowerVariables(lowering: Lowering, node: SyntaxNode): readonly Statement[] {
  const declaration = declarationOf(node) ?? 'var';
  const children = childrenOf(node);
  const bindings = children.flatMap((child, index) => (isPattern(child) ? [index] : []));
  return bindings.map((index, position): Statement => {
    const target = lowerPattern(lowering, children[index]!);
    const next = bindings[position + 1] ?? children.length;
    const own = children.slice(index, next);
    const equals = own.findIndex((child) => child.name === 'Equals');
    const valueNode = equals < 0 ? undefined : own[equals + 1];
    const value = valueNode === undefined ? null : lowering.lowerExpression(lowering, valueNode);
    const annotation = lowerAnnotation(lowering, own.find((child) => child.name === 'TypeAnnotation') ?? null);
    const range =
      bindings.length === 1 ? rangeOf(lowering, node) : { start: target.range.start, end: (value ?? annotation ?? target).range.end };
    return { kind: 'assign', range, targets: [target], value, annotation, declaration };
  });
}

/** The body of an `if` or loop: a block's statements, or the one statement. */
function lowerBody(lowering: Lowering, node: SyntaxNode | undefined): readonly Statement[] {
  if (node === undefined) return [];
  return node.name === 'Block' ? lowerStatements(lowering, node) : lowerList(lowering, [node]);
}

const statementsIn = (node: SyntaxNode): readonly SyntaxNode[] =>
  childrenOf(node).filter((child) => child.type.is('Statement') || child.name === ';');

function lowerIf(lowering: Lowering, node: SyntaxNode): Statement {
  const [then, otherwise] = statementsIn(node);
  const test = expressionIn(lowering, node);
  return { kind: 'if', range: rangeOf(lowering, node), test, then: lowerBody(lowering, then), otherwise: lowerBody(lowering, otherwise) };
}

function lowerWhile(lowering: Lowering, node: SyntaxNode): Statement {
  const [body] = statementsIn(node);
  return {
    kind: 'while',
    range: rangeOf(lowering, node),
    test: expressionIn(lowering, node),
    body: lowerBody(lowering, body),
    otherwise: [],
    update: null,
    testAfter: node.name === 'DoStatement',
  };
}

function lowerFor(lowering: Lowering, node: SyntaxNode): Statement {
  const specification = childNamed(node, 'ForSpec', 'ForOfSpec', 'ForInSpec');
  const body = lowerBody(lowering, statementsIn(node).at(-1));
  if (specification === null || childNamed(node, 'await') !== null) return unsupportedStatement(lowering, node, 'for await');
  if (specification.name === 'ForSpec') return lowerCountingFor(lowering, node, specification, body);
  const range = rangeOf(lowering, node);
  const children = childrenOf(specification);
  const word = children.findIndex((child) => child.name === 'of' || child.name === 'in');
  const targetNode = children[word - 1];
  const iterableNode = children[word + 1];
  if (targetNode === undefined || iterableNode === undefined) return unsupportedStatement(lowering, node, 'this loop');
  const over = lowering.lowerExpression(lowering, iterableNode);
  const iterable = specification.name === 'ForInSpec' ? keysOf(over) : over;
  const declaration = declarationOf(specification);
  return { kind: 'for', range, target: lowerPattern(lowering, targetNode), iterable, body, otherwise: [], declaration };
}

/** `for (const key in object)` goes over Object.keys(object). */
function keysOf(object: Expression): Expression {
  const { range } = object;
  const name: Expression = { kind: 'name', range, name: 'Object' };
  const callee: Expression = { kind: 'attribute', range, object: name, name: 'keys', nameRange: range, optional: false };
  return { kind: 'call', range, callee, arguments: [object], keywords: [], optional: false, isNew: false };
}

/** `for (start; test; update)` is a block around a while loop. */
function lowerCountingFor(lowering: Lowering, node: SyntaxNode, specification: SyntaxNode, body: readonly Statement[]): Statement {
  const range = rangeOf(lowering, node);
  const children = childrenOf(specification).slice(1, -1);
  const [first] = children;
  const start: Statement[] = [];
  let rest = children;
  if (first?.name === 'VariableDeclaration') {
    start.push(...lowerVariables(lowering, first));
    rest = children.slice(1);
  } else {
    if (first !== undefined && isExpression(first)) {
      const expression = lowering.lowerExpression(lowering, first);
      start.push({ kind: 'expression', range: expression.range, expression, silent: true });
    }
    rest = children.slice(children.findIndex((child) => child.name === ';') + 1);
  }
  const semicolon = rest.findIndex((child) => child.name === ';');
  const testNode = rest.slice(0, Math.max(0, semicolon)).find(isExpression);
  const updateNode = rest.slice(semicolon + 1).find(isExpression);
  const place = rangeOf(lowering, specification);
  const test: Expression =
    testNode === undefined
      ? { kind: 'constant', range: place, value: { type: 'bool', value: true } }
      : lowering.lowerExpression(lowering, testNode);
  const update = updateNode === undefined ? null : lowering.lowerExpression(lowering, updateNode);
  const loop: Statement = { kind: 'while', range, test, body, otherwise: [], update, testAfter: false };
  return { kind: 'block', range, body: [...start, loop] };
}

function lowerTry(lowering: Lowering, node: SyntaxNode): Statement {
  const range = rangeOf(lowering, node);
  const blockOf = (part: SyntaxNode | null): readonly Statement[] => {
    const block = part === null ? null : childNamed(part, 'Block');
    return block === null ? [] : lowerStatements(lowering, block);
  };
  const clause = childNamed(node, 'CatchClause');
  const binding = clause === null ? undefined : childrenOf(clause).find(isPattern);
  if (binding !== undefined && binding.name !== 'VariableDefinition') return unsupportedStatement(lowering, node, 'catch with a pattern');
  const name = binding === undefined ? null : sourceOf(lowering, binding);
  const handlers = clause === null ? [] : [{ range: rangeOf(lowering, clause), type: null, name, body: blockOf(clause) }];
  return { kind: 'try', range, body: blockOf(node), handlers, otherwise: [], finally: blockOf(childNamed(node, 'FinallyClause')) };
}
