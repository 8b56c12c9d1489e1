/** One execution of a loss as a graph: which values were computed from which, with views and in-place writes resolved to memory contents. */
import { greatest } from '../identification/extremes';
import type { LossSite } from '../detection/sites';
import type { Bridge, Feed, Matrix } from '../execution/bridge';
import { lossIn } from '../execution/outcome';
import { NoGradient, runnable } from '../execution/runSite';
import type { RecordedStep, Session } from '../execution/session';
import type { Sample } from '../inspection';
import type { Value } from '../interpreter/value';
import type { Range } from '../language/program';
import { requiresGradInPlace } from '../tensor/autograd';
import { clone } from '../tensor/creation';
import { castInto, type Dtype, newValues, type Values } from '../tensor/dtype';
import type { Attribute, Operation, Recorder } from '../tensor/recording';
import { withRecorder } from '../tensor/recording';
import { contiguousStrides, elementCount, forEachPosition, type Shape } from '../tensor/shapes';
import { isTensor, isWhole, type Tensor } from '../tensor/tensor';

/** A content of some memory: a write makes a new one. */
export interface Content {
  /** 'logits', 'targets', 'constant', 'write', or an operation's name. */
  readonly kernel: string;
  readonly inputs: readonly (Reading | number)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly values: Values;
  /** Whether neither logits nor targets play a part. */
  readonly constant: boolean;
  readonly range: Range | null;
}

/** A tensor as an operation read it: a view of a memory's content at that moment. */
export interface Reading {
  readonly content: Content;
  readonly shape: Shape;
  readonly strides: Shape;
  readonly offset: number;
  /** Whether the gradient flows through it in the code's own framework. */
  readonly flows: boolean;
}

/** A number that the program took out of a tensor. */
export interface TakenNumber {
  readonly reading: Reading;
  readonly value: number;
}

export interface LossTrace {
  readonly rows: number;
  readonly classes: number;
  readonly result: Reading;
  readonly taken: readonly TakenNumber[];
  readonly decisions: readonly Range[];
  readonly steps: readonly RecordedStep[];
}

export interface TraceRequest {
  readonly session: Session;
  readonly site: LossSite;
  readonly feed: Feed;
  readonly sample: Sample;
  readonly passedSmoothing: number | null;
}

export class NotTraced extends Error {}

/** What a view holds, in row-major order. */
export function readingValues({ content, shape, strides, offset }: Reading): Values {
  const out = newValues(content.dtype, elementCount(shape));
  forEachPosition(shape, strides, offset, (position, index) => {
    out[index] = content.values[position]!;
  });
  return out;
}

const wholeOf = (content: Content): Reading => ({
  content,
  shape: content.shape,
  strides: contiguousStrides(content.shape),
  offset: 0,
  flows: false,
});

/** Follows every operation from the given contents on. */
class Follower implements Recorder {
  readonly taken: TakenNumber[] = [];
  /** Where the program chose its way by its data. */
  readonly decisions: Range[] = [];
  readonly contents = new Map<Values, Content>();
  /** What is given from outside: it may be made while the loss is under way. */
  readonly #given: ReadonlyMap<Values, Content>;
  readonly #here: () => Range;

  constructor(given: ReadonlyMap<Values, Content>, here: () => Range) {
    this.#given = given;
    this.#here = here;
  }

  reading(tensor: Tensor): Reading {
    const { cell, shape, strides, offset } = tensor;
    let content = this.contents.get(cell.values) ?? this.#given.get(cell.values);
    if (content === undefined) {
      content = constantContent(cell.values.slice(), isWhole(tensor) ? shape : [cell.values.length], cell.dtype);
      this.contents.set(cell.values, content);
    }
    return { content, shape: [...shape], strides: [...strides], offset, flows: tensor.requiresGrad };
  }

  operation({ kernel, operands, attributes }: Operation, outputs: readonly Tensor[]): void {
    const inputs = operands.map((operand) => (isTensor(operand) ? this.reading(operand) : operand.value));
    const constant = inputs.every((input) => typeof input === 'number' || input.content.constant);
    if (/Nonzero$/.test(kernel) && !constant) this.#noteCount(inputs[0] as Reading, outputs[0]!.shape[0]!);
    outputs.forEach(({ cell, shape }, output) => {
      const which = outputs.length === 1 ? attributes : { ...attributes, output };
      const values = cell.values.slice();
      this.contents.set(cell.values, {
        kernel,
        inputs,
        attributes: which,
        shape: [...shape],
        dtype: cell.dtype,
        values,
        constant,
        range: this.#here(),
      });
    });
  }

  /** Positions are asked for how many they are; that number is the mask's sum. */
  #noteCount(mask: Reading, count: number): void {
    const hits: Content = {
      kernel: 'CountNonzero',
      inputs: [mask],
      attributes: { dims: [...mask.shape.keys()] },
      shape: [],
      dtype: 'int64',
      values: Float64Array.of(count),
      constant: false,
      range: this.#here(),
    };
    this.taken.push({ reading: wholeOf(hits), value: count });
  }

  write(target: Tensor, value: Tensor): void {
    const to = this.reading(target);
    const from = this.reading(value);
    const { content, shape, strides, offset } = to;
    const source = newValues(content.dtype, elementCount(shape));
    castInto(source, content.dtype, readingValues(from));
    const values = content.values.slice();
    forEachPosition(shape, strides, offset, (position, index) => {
      values[position] = source[index]!;
    });
    const before: Reading = { ...wholeOf(content), flows: to.flows };
    this.contents.set(target.cell.values, {
      kernel: 'write',
      inputs: [before, from],
      attributes: { shape, strides, offset },
      shape: content.shape,
      dtype: content.dtype,
      values,
      constant: content.constant && from.content.constant,
      range: this.#here(),
    });
  }

  item(input: Tensor, value: number): void {
    const reading = this.reading(input);
    if (!reading.content.constant) this.taken.push({ reading, value });
  }

  truth(input: Tensor): void {
    if (!this.reading(input).content.constant) this.decisions.push(this.#here());
  }
}

const constantContent = (values: Values, shape: Shape, dtype: Dtype): Content => ({
  kernel: 'constant',
  inputs: [],
  attributes: {},
  shape: [...shape],
  dtype,
  values,
  constant: true,
  range: null,
});

/** What the loss is handed: the logits, or what its caller makes of them. */
export function fedRows(logits: Matrix, feed: Feed): Matrix {
  if (feed === 'logits') return logits;
  if (feed === 'sigmoids') return logits.map((row) => row.map((z) => 1 / (1 + Math.exp(-z))));
  return logits.map((row) => {
    const top = greatest(row);
    const logSum = top + Math.log(row.reduce((sum, z) => sum + Math.exp(z - top), 0));
    return row.map((z) => (feed === 'logProbabilities' ? z - logSum : Math.exp(z - logSum)));
  });
}

const equalNumbers = (a: ArrayLike<number>, b: readonly number[]): boolean => a.length === b.length && b.every((x, i) => x === a[i]);

/** Runs the loss once on these tensors and gives what it did. Throws what it throws, and NotTraced where nothing can be made of it. */
export function traceLoss(request: TraceRequest, logits: Matrix, targets: readonly number[]): LossTrace {
  const { session, site, feed, sample, passedSmoothing } = request;
  const classes = logits[0]!.length;
  const oneHot = targets.flatMap((target) => Array.from({ length: classes }, (_, k) => (k === target ? 1 : 0)));
  /** Contents that are given from outside, by their memory. */
  const given = new Map<Values, Content>();
  const tensorOf = (value: Value): Tensor => {
    if (value.kind !== 'tensor') throw new NotTraced('its framework makes no tensors that can be followed');
    return value.tensor;
  };
  const named = (kernel: string, tensor: Tensor, shape: Shape): Content => {
    const { values, dtype } = tensor.cell;
    return { kernel, inputs: [], attributes: {}, shape, dtype, values: values.slice(), constant: false, range: null };
  };
  const asTargets = (value: Value, numbers: readonly number[]): Value => {
    const tensor = tensorOf(value);
    if (equalNumbers(numbers, targets)) given.set(tensor.cell.values, named('targets', tensor, [targets.length]));
    if (equalNumbers(numbers, oneHot)) {
      const labels: Content = {
        kernel: 'targets',
        inputs: [],
        attributes: {},
        shape: [targets.length],
        dtype: 'int64',
        values: Float64Array.from(targets),
        constant: false,
        range: null,
      };
      const rows = named('OneHot', tensor, [targets.length, classes]);
      given.set(tensor.cell.values, { ...rows, inputs: [wholeOf(labels)], attributes: { classes } });
    }
    return value;
  };

  const ran: { trace: LossTrace | null } = { trace: null };
  const bridge: Bridge = {
    ...session.bridge,
    floats: (context, values, shape) => asTargets(session.bridge.floats(context, values, shape), values),
    integers: (context, values, shape) => asTargets(session.bridge.integers(context, values, shape), values),
    differentiate(context, matrix, shape, _feed, call) {
      const made = session.bridge.floats(context, fedRows(matrix, feed).flat(), shape);
      const leaf = tensorOf(made);
      // A framework without a tape of its own gets its gradient from the values: there is nothing to cut off.
      const input = session.bridge.runsOften ? leaf : clone(requiresGradInPlace(leaf));
      given.set(input.cell.values, named('logits', input, [matrix.length, classes]));
      const follower = new Follower(given, () => context.here);
      const { result, steps } = session.recording(() => withRecorder(follower, () => call({ ...made, tensor: input } as Value)));
      const tensor = lossIn(session, result);
      const { taken, decisions } = follower;
      const seen = { rows: matrix.length, classes, taken, decisions, steps };
      if (tensor?.kind === 'tensor') {
        ran.trace = { ...seen, result: follower.reading(tensor.tensor) };
      } else if (result.kind === 'float') {
        const last = taken.findLast(({ value }) => value === result.value);
        if (last !== undefined) ran.trace = { ...seen, result: last.reading };
      }
      return { result, gradient: null, problem: 'recorded' };
    },
  };
  try {
    runnable({ ...session, bridge }, site, { smoothing: passedSmoothing, sample }).box(feed)(logits, targets);
  } catch (error) {
    if (!(error instanceof NoGradient)) throw error;
  }
  if (ran.trace === null) throw new NotTraced('it returns a plain number that was computed outside of tensors');
  return ran.trace;
}
