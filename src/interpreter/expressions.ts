/** Evaluates expressions. What an operation means is asked of the language (Semantics); this file is order of evaluation and control. */
import type { Call, Comprehension, Expression, Parameter, Statement } from '../language/program';
import type { Keywords } from './context';
import { keepValue, unknownSpread } from './exploring/exploration';
import { Dictionary } from './dictionary';
import type { Frame, Machine } from './machine';
import type { Scope } from './scope';
import { append } from './splicing';
import { noKeywords } from './signature';
import { privateName } from './privateName';
import type { FunctionValue, Resumption, Value } from './value';
import { NONE, UNDEFINED, bool, list, slice, tuple, dict } from './value';

/** An element of a comprehension is a value of its own, as a rule. */
const bytesOfElement = 80;

export function createEvaluator(machine: Machine): Pick<Machine, 'evaluate' | 'literal'> {
  const { exploration } = machine;
  /** Constants keep their value, so that `is` holds between runs of the same literal. */
  const constants = new WeakMap<Expression, Value>();

  function evaluate(node: Expression, frame: Frame): Value {
    switch (node.kind) {
      case 'name':
        if (frame.unit.isPersons) machine.here = node.range;
        return frame.semantics.lookup(frame, node.name);
      case 'constant': {
        // Where ways are kept, each literal is the beginning of one.
        if (exploration !== null && frame.unit.isPersons && !constants.has(node)) {
          const value = frame.semantics.constant(node.value);
          constants.set(node, exploration.stop(value, node.range, []));
        }
        let value = constants.get(node);
        if (value === undefined) {
          value = frame.semantics.constant(node.value);
          constants.set(node, value);
        }
        return value;
      }
      case 'attribute':
      case 'subscript':
      case 'call':
        return link(node, frame) ?? UNDEFINED;
      case 'binary': {
        const left = evaluate(node.left, frame);
        const right = evaluate(node.right, frame);
        if (frame.unit.isPersons) machine.here = node.range;
        return frame.semantics.binary(node.operator, left, right);
      }
      case 'unary': {
        const operand = isAbsent(node, frame) ? frame.semantics.nothing : evaluate(node.operand, frame);
        if (frame.unit.isPersons) machine.here = node.range;
        return frame.semantics.unary(node.operator, operand);
      }
      case 'comparison':
        return compareChain(node, frame);
      case 'logical': {
        const left = evaluate(node.left, frame);
        if (frame.unit.isPersons) machine.here = node.left.range;
        if (exploration !== null && left.kind === 'unknown') return eitherOf(left, node.right, frame);
        return decides(node.operator, left, frame) ? left : evaluate(node.right, frame);
      }
      case 'conditional': {
        const test = evaluate(node.test, frame);
        if (frame.unit.isPersons) machine.here = node.test.range;
        if (exploration !== null && test.kind === 'unknown')
          return exploration.oneOf([node.then, node.otherwise].map((branch) => exploration.possibly(() => evaluate(branch, frame))));
        return evaluate(frame.semantics.truthy(test) ? node.then : node.otherwise, frame);
      }
      case 'sequence': {
        const items = evaluateItems(node.items, frame);
        if (frame.unit.isPersons) machine.here = node.range;
        return frame.semantics.sequence(node.type, items);
      }
      case 'mapping': {
        const entries = node.entries.map((entry) => {
          const key = entry.key === null ? null : evaluate(entry.key, frame);
          return [key, evaluate(entry.value, frame)] as const;
        });
        if (frame.unit.isPersons) machine.here = node.range;
        return frame.semantics.mapping(entries);
      }
      case 'joinedString':
        return { kind: 'str', value: joined(node, frame), class: null, attributes: null };
      case 'slice':
        return slice(
          node.lower === null ? NONE : evaluate(node.lower, frame),
          node.upper === null ? NONE : evaluate(node.upper, frame),
          node.step === null ? NONE : evaluate(node.step, frame),
        );
      case 'lambda':
        return makeFunction(machine, frame, {
          name: '<lambda>',
          parameters: node.parameters,
          body: node.body,
          isGenerator: false,
          isArrow: !node.bindsThis,
          docstring: null,
          range: node.range,
          unit: frame.unit,
        });
      case 'comprehension':
        return comprehension(node, frame);
      case 'assignment': {
        let value: Value;
        if (node.operator === null) value = evaluate(node.value, frame);
        else {
          const old = evaluate(node.target, frame);
          if (node.operator === 'and' || node.operator === 'or' || node.operator === '??') {
            if (decides(node.operator, old, frame)) return old;
            value = evaluate(node.value, frame);
          } else {
            const right = evaluate(node.value, frame);
            if (frame.unit.isPersons) machine.here = node.range;
            value = frame.semantics.augmented(node.operator, old, right);
          }
        }
        machine.assignTo(node.target, value, frame);
        return value;
      }
      case 'await':
        return evaluate(node.value, frame);
      case 'starred':
        if (frame.unit.isPersons) machine.here = node.range;
        return machine.raise('SyntaxError', "can't use starred expression here");
      case 'yield':
        if (frame.unit.isPersons) machine.here = node.range;
        return machine.raise('SyntaxError', "'yield' outside function");
      case 'unsupported':
        if (frame.unit.isPersons) machine.here = node.range;
        return node.invalid ? machine.raise('SyntaxError', node.what) : machine.unsupported(node.what);
    }
  }

  /** `left or right` where left is not known: one of the two. */
  function eitherOf(left: Value, right: Expression, frame: Frame): Value {
    const other = exploration!.possibly(() => evaluate(right, frame));
    return exploration!.oneOf([left, other]);
  }

  /** An argument as it is handed over: a stop on its way. */
  function handed(node: Expression, value: Value, frame: Frame): Value {
    if (exploration === null || !frame.unit.isPersons) return value;
    const stopped = node.kind === 'constant' ? value : exploration.stop(value, node.range);
    keepValue(exploration, node, frame, stopped);
    exploration.carried(stopped, node.range);
    return stopped;
  }

  /** One link of a chain a.b[c](d); null when an optional link found nothing to go on with. */
  function link(node: Extract<Expression, { kind: 'attribute' | 'subscript' | 'call' }>, frame: Frame): Value | null {
    const inner = node.kind === 'call' ? node.callee : node.object;
    const object =
      inner.kind === 'attribute' || inner.kind === 'subscript' || inner.kind === 'call' ? link(inner, frame) : evaluate(inner, frame);
    if (object === null || (node.optional && frame.semantics.isNullish(object))) return null;
    switch (node.kind) {
      case 'attribute':
        if (frame.unit.isPersons) machine.here = node.range;
        return frame.semantics.getAttribute(object, privateName(frame, node.name));
      case 'subscript': {
        const index = evaluate(node.index, frame);
        if (frame.unit.isPersons) machine.here = node.range;
        return frame.semantics.getItem(object, index);
      }
      case 'call': {
        const args = evaluateItems(node.arguments, frame, object);
        const keywords = evaluateKeywords(node, object, frame);
        if (frame.unit.isPersons) machine.here = node.range;
        machine.tick();
        return frame.semantics.call(object, args, keywords, node);
      }
    }
  }

  function evaluateItems(nodes: readonly Expression[], frame: Frame, callee: Value | null = null): Value[] {
    const items: Value[] = [];
    for (const node of nodes) {
      if (node.kind === 'starred') {
        const value = evaluate(node.value, frame);
        if (frame.unit.isPersons) machine.here = node.range;
        if (callee !== null && frame.unit.language === 'python' && value.kind !== 'unknown' && !machine.isIterable(value))
          machine.raise('TypeError', `${calleeName(callee)}() argument after * must be an iterable, not ${machine.typeOf(value).name}`);
        if (value.kind === 'list' && value.class === null) {
          machine.charge(value.items.length);
          append(items, value.items);
          continue;
        }
        const cursor = frame.semantics.iterate(value);
        for (let item = cursor.next(); item !== null; item = cursor.next()) {
          machine.charge(1);
          items.push(item);
        }
      } else items.push(handed(node, evaluate(node, frame), frame));
    }
    return items;
  }

  function evaluateKeywords(node: Call, callee: Value, frame: Frame): Keywords {
    if (node.keywords.length === 0) return noKeywords;
    const keywords = new Map<string, Value>();
    const add = (name: string, value: Value): void => {
      if (keywords.has(name)) machine.raise('TypeError', `${calleeName(callee)}() got multiple values for keyword argument '${name}'`);
      keywords.set(name, value);
    };
    for (const keyword of node.keywords) {
      const evaluated = evaluate(keyword.value, frame);
      if (frame.unit.isPersons) machine.here = keyword.range;
      if (keyword.name !== null && exploration !== null && frame.unit.isPersons) {
        const value = exploration.stop(evaluated, keyword.range);
        keepValue(exploration, keyword.value, frame, value);
        exploration.carried(value, keyword.range);
        add(keyword.name, value);
        continue;
      }
      const value = evaluated;
      // What is spread over the keywords and not known may hold any of them.
      if (exploration !== null && value.kind === 'unknown') {
        keywords.set(unknownSpread, value);
        continue;
      }
      if (keyword.name !== null) add(keyword.name, value);
      else {
        const entries = value.kind === 'dict' ? value.entries : mappingOf(value, callee);
        for (const [key, item] of entries) {
          if (key.kind !== 'str') machine.raise('TypeError', 'keywords must be strings');
          else add(key.value, exploration !== null && frame.unit.isPersons ? exploration.taken(value, item) : item);
        }
      }
    }
    return keywords;
  }

  function mappingOf(value: Value, callee: Value): Iterable<readonly [Value, Value]> {
    if (machine.findAttribute(value, 'keys') === null)
      machine.raise('TypeError', `${calleeName(callee)}() argument after ** must be a mapping, not ${machine.typeOf(value).name}`);
    return machine.toArray(machine.callMethod(value, 'keys')).map((key) => [key, machine.getItem(value, key)] as const);
  }

  function compareChain(node: Extract<Expression, { kind: 'comparison' }>, frame: Frame): Value {
    let left = evaluate(node.operands[0]!, frame);
    let result: Value = bool(true);
    for (let i = 0; i < node.operators.length; i++) {
      const right = evaluate(node.operands[i + 1]!, frame);
      if (frame.unit.isPersons) machine.here = node.range;
      result = frame.semantics.compare(node.operators[i]!, left, right);
      if (i + 1 < node.operators.length && !frame.semantics.truthy(result)) return result;
      left = right;
    }
    return result;
  }

  /** Does the left operand of and, or, ?? already give the answer? */
  /** `typeof name` asks whether there is such a name: it is no error where there is none. */
  const isAbsent = ({ operator, operand }: Extract<Expression, { kind: 'unary' }>, frame: Frame): boolean =>
    operator === 'typeof' && operand.kind === 'name' && !frame.semantics.isBound(frame, operand.name);

  function decides(operator: 'and' | 'or' | '??', left: Value, frame: Frame): boolean {
    if (operator === '??') return !frame.semantics.isNullish(left);
    return frame.semantics.truthy(left) === (operator === 'or');
  }

  function joined(node: Extract<Expression, { kind: 'joinedString' }>, frame: Frame): string {
    let text = '';
    for (const part of node.parts) {
      if (typeof part === 'string') {
        text += part;
        continue;
      }
      const value = evaluate(part.expression, frame);
      const spec = part.format === null ? '' : joined(part.format, frame);
      if (frame.unit.isPersons) machine.here = part.range;
      text += (part.label ?? '') + frame.semantics.formatPart(part, value, spec);
    }
    machine.charge(text.length, 1);
    return text;
  }

  function comprehension(node: Comprehension, frame: Frame): Value {
    const first = node.clauses[0]!;
    const source = evaluate(first.iterable, frame);
    if (frame.unit.isPersons) machine.here = first.iterable.range;
    const cursor = frame.semantics.iterate(source);
    const scope: Scope = {
      kind: 'block',
      names: new Map(),
      parent: closureOf(frame.scope),
      locals: namesIn(node.clauses.map((clause) => clause.target)),
      declared: null,
    };
    const inner: Frame = { ...frame, scope };
    const items = comprehensionItems(node, inner, 0, cursor);
    if (node.type === 'generator') {
      const body = elementsOnly(items);
      return { kind: 'generator', name: '<genexpr>', state: 'created', body };
    }
    if (node.type === 'dict') {
      const entries = new Dictionary();
      let open: Value | null = null;
      for (const [key, value] of items) {
        if (exploration !== null && key?.kind === 'unknown') open = value;
        else entries.set(key ?? NONE, value, machine);
      }
      return open === null || exploration === null
        ? dict(entries)
        : exploration.unknown('a table whose keys are not known', { items: open });
    }
    const values: Value[] = [];
    for (const [, value] of items) {
      machine.charge(1, bytesOfElement);
      values.push(value);
    }
    return node.type === 'list' ? list(values) : frame.semantics.sequence('set', values);
  }

  function* comprehensionItems(
    node: Comprehension,
    frame: Frame,
    level: number,
    cursor: { next(): Value | null },
  ): Generator<readonly [Value | null, Value], null> {
    const clause = node.clauses[level]!;
    for (let item = cursor.next(); item !== null; item = cursor.next()) {
      machine.tick();
      machine.assignTo(clause.target, item, frame);
      if (!clause.conditions.every((condition) => frame.semantics.truthy(evaluate(condition, frame)))) continue;
      const next = node.clauses[level + 1];
      if (next === undefined) yield [node.key === null ? null : evaluate(node.key, frame), evaluate(node.element, frame)];
      else yield* comprehensionItems(node, frame, level + 1, frame.semantics.iterate(evaluate(next.iterable, frame)));
    }
    return null;
  }

  function* elementsOnly(items: Iterable<readonly [Value | null, Value]>): Generator<Value, Value, Resumption> {
    for (const [, value] of items) {
      const resumption = yield value;
      if ('raise' in resumption) throw resumption.raise;
    }
    return NONE;
  }

  function literal(value: Value, range: Expression['range']): Expression {
    const node: Expression = { kind: 'constant', value: { type: 'none' }, range };
    constants.set(node, value);
    return node;
  }

  return { evaluate, literal };
}

function calleeName(callee: Value): string {
  switch (callee.kind) {
    case 'function':
    case 'native':
    case 'class':
      return callee.qualifiedName;
    case 'boundMethod':
      return calleeName(callee.function);
    default:
      return callee.kind;
  }
}

/** The scope that a function or comprehension made here looks names up in: a class body's names are not visible inside it. */
export function closureOf(scope: Scope): Scope {
  return scope.kind === 'class' && scope.parent !== null ? scope.parent : scope;
}

/** The names that assignment targets bind. */
export function namesIn(targets: readonly Expression[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (target: Expression): void => {
    switch (target.kind) {
      case 'name':
        names.add(target.name);
        break;
      case 'starred':
        visit(target.value);
        break;
      case 'sequence':
        target.items.forEach(visit);
        break;
      case 'mapping':
        target.entries.forEach((entry) => {
          visit(entry.value);
        });
        break;
      case 'assignment':
        visit(target.target);
        break;
      default:
    }
  };
  targets.forEach(visit);
  return names;
}

export function makeFunction(
  machine: Machine,
  frame: Frame,
  code: FunctionValue['code'],
  qualifiedName: string = code.name,
  home: Value | null = null,
): FunctionValue {
  const defaults = new Map<string, Value>();
  // JavaScript evaluates defaults at each call, Python once, here.
  if (frame.unit.language === 'python') {
    for (const parameter of code.parameters) {
      if (parameter.defaultValue !== null) defaults.set(parameter.name, machine.evaluate(parameter.defaultValue, frame));
    }
  }
  return {
    kind: 'function',
    name: code.name,
    qualifiedName,
    code,
    defaults,
    closure: closureOf(frame.scope),
    attributes: new Map(),
    home,
  };
}

export const isStatements = (body: Expression | readonly Statement[]): body is readonly Statement[] => Array.isArray(body);

export const positionalParameters = (parameters: readonly Parameter[]): readonly Parameter[] =>
  parameters.filter((p) => p.style === 'normal' || p.style === 'positionalOnly');

export const emptyTuple = tuple([]);
