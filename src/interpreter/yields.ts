/**
 * `yield` as an expression. A statement of a generator is first settled: every yield in it is performed, in order of evaluation, and replaced by
 * the value it was sent; what remains is an ordinary expression.
 */
import type { Expression } from '../language/program';
import type { Frame, Machine } from './machine';
import type { Resumption, Value } from './value';
import { NONE } from './value';

type Settling<T> = Generator<Value, T, Resumption>;

const known = new WeakMap<Expression, boolean>();

/** The direct parts of an expression that are evaluated with it, in order (the insides of functions and comprehensions are not). */
function parts(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'attribute':
      return [node.object];
    case 'subscript':
      return [node.object, node.index];
    case 'slice':
      return [node.lower, node.upper, node.step].filter((e) => e !== null);
    case 'call':
      return [node.callee, ...node.arguments, ...node.keywords.map((k) => k.value)];
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'logical':
      return [node.left, node.right];
    case 'comparison':
      return node.operands;
    case 'conditional':
      return [node.test, node.then, node.otherwise];
    case 'sequence':
      return node.items;
    case 'mapping':
      return node.entries.flatMap((e) => (e.key === null ? [e.value] : [e.key, e.value]));
    case 'joinedString':
      return node.parts.flatMap((p) => (typeof p === 'string' ? [] : [p.expression]));
    case 'assignment':
    case 'starred':
    case 'await':
      return [node.value];
    default:
      return [];
  }
}

export function containsYield(node: Expression): boolean {
  let answer = known.get(node);
  if (answer === undefined) {
    answer = node.kind === 'yield' || parts(node).some(containsYield);
    known.set(node, answer);
  }
  return answer;
}

export function* settle(machine: Machine, node: Expression, frame: Frame): Settling<Expression> {
  if (!containsYield(node)) return node;
  const value = (e: Expression): Settling<Expression> => settleToValue(machine, e, frame);
  switch (node.kind) {
    case 'yield':
      return yield* performYield(machine, node, frame);
    case 'logical': {
      const left = machine.evaluate(yield* value(node.left), frame);
      const truthy = frame.semantics.truthy(left);
      const decided = node.operator === '??' ? !frame.semantics.isNullish(left) : truthy === (node.operator === 'or');
      return decided ? machine.literal(left, node.left.range) : yield* settle(machine, node.right, frame);
    }
    case 'conditional': {
      const test = machine.evaluate(yield* value(node.test), frame);
      return yield* settle(machine, frame.semantics.truthy(test) ? node.then : node.otherwise, frame);
    }
    case 'attribute':
      return { ...node, object: yield* value(node.object) };
    case 'subscript':
      return { ...node, object: yield* value(node.object), index: yield* value(node.index) };
    case 'slice': {
      const lower = node.lower === null ? null : yield* value(node.lower);
      const upper = node.upper === null ? null : yield* value(node.upper);
      return { ...node, lower, upper, step: node.step === null ? null : yield* value(node.step) };
    }
    case 'call': {
      const callee = yield* value(node.callee);
      const args: Expression[] = [];
      for (const argument of node.arguments) args.push(yield* value(argument));
      const keywords = [];
      for (const keyword of node.keywords) keywords.push({ ...keyword, value: yield* value(keyword.value) });
      return { ...node, callee, arguments: args, keywords };
    }
    case 'unary':
      return { ...node, operand: yield* value(node.operand) };
    case 'binary':
      return { ...node, left: yield* value(node.left), right: yield* value(node.right) };
    case 'comparison': {
      const operands: Expression[] = [];
      for (const operand of node.operands) operands.push(yield* value(operand));
      return { ...node, operands };
    }
    case 'sequence': {
      const items: Expression[] = [];
      for (const item of node.items) items.push(yield* value(item));
      return { ...node, items };
    }
    case 'mapping': {
      const entries = [];
      for (const entry of node.entries) {
        const key = entry.key === null ? null : yield* value(entry.key);
        entries.push({ ...entry, key, value: yield* value(entry.value) });
      }
      return { ...node, entries };
    }
    case 'joinedString': {
      const joined = [];
      for (const part of node.parts) {
        if (typeof part === 'string') joined.push(part);
        else joined.push({ ...part, expression: yield* value(part.expression) });
      }
      return { ...node, parts: joined };
    }
    case 'assignment':
    case 'starred':
    case 'await':
      return { ...node, value: yield* value(node.value) };
    default:
      return node;
  }
}

/** Parts are evaluated at once, so that what a later yield changes does not reach back. */
function* settleToValue(machine: Machine, node: Expression, frame: Frame): Settling<Expression> {
  const settled = yield* settle(machine, node, frame);
  if (settled.kind === 'starred' || settled.kind === 'slice' || settled.kind === 'constant') return settled;
  return machine.literal(machine.evaluate(settled, frame), node.range);
}

function* performYield(machine: Machine, node: Extract<Expression, { kind: 'yield' }>, frame: Frame): Settling<Expression> {
  const value = node.value === null ? NONE : machine.evaluate(yield* settle(machine, node.value, frame), frame);
  if (frame.unit.isPersons) machine.here = node.range;
  const result = node.delegate ? yield* delegate(machine, value) : accept(yield value);
  return machine.literal(result, node.range);
}

function accept(resumption: Resumption): Value {
  if ('raise' in resumption) throw resumption.raise;
  return resumption.send;
}

/** `yield from`: passes values through and gives what the inner generator returned. */
function* delegate(machine: Machine, value: Value): Settling<Value> {
  if (value.kind !== 'generator') {
    const cursor = machine.iterate(value);
    for (let item = cursor.next(); item !== null; item = cursor.next()) accept(yield item);
    return NONE;
  }
  let resumption: Resumption = { send: NONE };
  for (;;) {
    const step = machine.resumeStep(value, resumption);
    if (step.done) return step.value;
    resumption = yield step.value;
  }
}
