/** A seeded generator. Its numbers have the right distribution and are not the ones torch would give; what it fills is marked. */
import { zeros } from './creation';
import { castNumber, type Dtype, type Values } from './dtype';
import { mul } from './elementwise';
import { runtimeError } from './errors';
import { readValues } from './record';
import { work } from './meter';
import { allocate, currentRun } from './run';
import { elementCount, type Shape } from './shapes';
import { fromValues, type Tensor } from './tensor';

export const randomNote =
  'Random numbers come from a seeded generator of this program, not from torch’s: a run of the same code in torch has other values.';

/** sfc32: small, fast, 128 bits of state (public domain, Chris Doty-Humphrey's PractRand). */
function next(state: Uint32Array): number {
  const t = (state[0]! + state[1]! + state[3]!) >>> 0;
  state[3] = state[3]! + 1;
  state[0] = state[1]! ^ (state[1]! >>> 9);
  state[1] = state[2]! + (state[2]! << 3);
  state[2] = ((state[2]! << 21) | (state[2]! >>> 11)) + t;
  return t;
}

function stateFor(seed: number): Uint32Array {
  const state = Uint32Array.of(seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9, 1);
  for (let i = 0; i < 15; i++) next(state);
  return state;
}

/** Starts the run's generator again: `torch.manual_seed`. */
export function manualSeed(seed: number): void {
  currentRun().random = { seed, state: stateFor(seed) };
}

export const initialSeed = (): number => currentRun().random.seed;

/** In [0, 1), with 53 random bits. */
function draw(): number {
  const run = currentRun();
  work(8);
  run.random.state ??= stateFor(run.random.seed);
  run.notes.add(randomNote);
  const high = next(run.random.state) >>> 5;
  const low = next(run.random.state) >>> 6;
  return (high * 67108864 + low) / 9007199254740992;
}

/** By Box and Muller. */
function gaussian(): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

function drawn(shape: Shape, dtype: Dtype, sample: (i: number) => number): Tensor {
  const values = allocate(dtype, elementCount(shape));
  for (let i = 0; i < values.length; i++) values[i] = castNumber(sample(i), dtype);
  return marked(values, shape, dtype);
}

function marked(values: Values, shape: Shape, dtype: Dtype): Tensor {
  const tensor = fromValues(values, shape, dtype);
  tensor.cell.wasRandom = true;
  return tensor;
}

/** Uniform in [low, high). */
export const rand = (shape: Shape, dtype: Dtype = 'float32', low = 0, high = 1): Tensor =>
  drawn(shape, dtype, () => {
    const value = low + (high - low) * draw();
    // Rounding to float32 may reach the open end.
    return dtype === 'float64' || Math.fround(value) < high ? value : low;
  });

/** Gaussian. */
export const randn = (shape: Shape, dtype: Dtype = 'float32', mean = 0, deviation = 1): Tensor =>
  drawn(shape, dtype, () => mean + deviation * gaussian());

/** Integers in [low, high). */
export function randint(low: number, high: number, shape: Shape, dtype: Dtype = 'int64'): Tensor {
  if (low >= high) throw runtimeError(`random_ expects 'from' to be less than 'to', but got from=${low} >= to=${high}`);
  return drawn(shape, dtype, () => low + Math.floor((high - low) * draw()));
}

/** The numbers below n in random order. */
export function randperm(n: number, dtype: Dtype = 'int64'): Tensor {
  const values = allocate(dtype, n);
  for (let i = 0; i < n; i++) {
    const j = Math.floor(draw() * (i + 1));
    values[i] = values[j]!;
    values[j] = i;
  }
  return marked(values, [n], dtype);
}

/** 1 with each element's own probability, else 0. */
export function bernoulli(probabilities: Tensor): Tensor {
  const from = readValues(probabilities);
  if (from.some((p) => !(p >= 0 && p <= 1))) throw runtimeError('Expected p_in >= 0 && p_in <= 1 to be true, but got false.');
  return drawn(probabilities.shape, probabilities.dtype, (i) => (draw() < from[i]! ? 1 : 0));
}

/** Row by row, positions drawn with probabilities in proportion to the row's numbers. */
export function multinomial(input: Tensor, count: number, replacement = false): Tensor {
  const rank = input.shape.length;
  if (rank !== 1 && rank !== 2) throw runtimeError('prob_dist must be 1 or 2 dim');
  const size = input.shape.at(-1)!;
  const rows = elementCount(input.shape) / Math.max(size, 1);
  if (!replacement && count > size) throw runtimeError('cannot sample n_sample > prob_dist.size(-1) samples without replacement');
  const from = readValues(input);
  if (from.some((p) => !(p >= 0) || !Number.isFinite(p))) {
    throw runtimeError('probability tensor contains either `inf`, `nan` or element < 0');
  }
  const values = allocate('int64', rows * count);
  for (let r = 0; r < rows; r++) {
    const weights = Array.from({ length: size }, (_, k) => from[r * size + k]!);
    for (let i = 0; i < count; i++) {
      work(size * 4);
      const total = weights.reduce((sum, w) => sum + w, 0);
      if (!(total > 0)) throw runtimeError('invalid multinomial distribution (sum of probabilities <= 0)');
      let mark = draw() * total;
      let at = weights.findIndex((w) => w > 0 && (mark -= w) < 0);
      if (at < 0) at = weights.findLastIndex((w) => w > 0);
      values[r * count + i] = at;
      if (!replacement) weights[at] = 0;
    }
  }
  return marked(values, rank === 1 ? [count] : [rows, count], 'int64');
}

/** Zeroes elements with probability p and scales the rest by 1/(1 − p); the tensor itself when not training. */
export function dropout(input: Tensor, p = 0.5, training = true): Tensor {
  if (p < 0 || p > 1) throw runtimeError(`dropout probability has to be between 0 and 1, but got ${p}`);
  if (!training || p === 0) return input;
  const kept = drawn(input.shape, input.dtype, () => (draw() < p ? 0 : 1 / (1 - p)));
  const result = p === 1 ? mul(input, zeros(input.shape, input.dtype)) : mul(input, kept);
  result.cell.wasRandom = true;
  return result;
}

/** −log(−log u): noise for sampling from a softmax. */
export const gumbel = (shape: Shape, dtype: Dtype = 'float32'): Tensor => drawn(shape, dtype, () => -Math.log(-Math.log(1 - draw())));
