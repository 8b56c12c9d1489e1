/** Sample tensors from outside (a file, the view's grid): read and checked before anything is run on them. */
import type { NestedNumbers, Sample } from '../inspection';

export type TensorsReading =
  | { readonly ok: true; readonly tensors: Readonly<Record<string, NestedNumbers>> }
  | { readonly ok: false; readonly place: string; readonly message: string };

/** Reads `{ "inputs": { NAME: nested numbers } }` from parsed JSON; null where it has no `inputs`. Never throws. */
export function readTensors(json: unknown): TensorsReading | null {
  if (typeof json !== 'object' || json === null || !('inputs' in json)) return null;
  const refused = (place: string, message: string): TensorsReading => ({ ok: false, place, message });
  const stranger = Object.keys(json).find((key) => key !== 'inputs');
  if (stranger !== undefined)
    return refused(stranger, `beside "inputs" stands "${stranger}": a sample has either inputs, or logits and targets`);
  const { inputs } = json;
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs))
    return refused('inputs', `inputs must be an object { NAME: numbers }, not ${describe(inputs)}`);
  const entries = Object.entries(inputs as Record<string, unknown>);
  if (entries.length === 0) return refused('inputs', 'inputs is empty: give a tensor for each parameter of the loss');
  let size = 0;
  for (const [name, value] of entries) {
    const shape = shapeOfNested(value);
    if (shape === null) return refused(`inputs.${name}`, `inputs.${name} must be a number, or lists of numbers of one length in each axis`);
    size += shape.reduce((a, b) => a * b, 1);
  }
  if (size > largestSample) return refused('inputs', `inputs hold ${size} numbers: at most ${largestSample} are run`);
  return { ok: true, tensors: Object.fromEntries(entries) as Record<string, NestedNumbers> };
}

/** Null where it is ragged, or holds what is no finite number. */
function shapeOfNested(value: unknown): readonly number[] | null {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : null;
  if (!Array.isArray(value)) return null;
  const shapes = value.map(shapeOfNested);
  const [first] = shapes;
  if (first === undefined) return [0];
  if (first === null || shapes.some((shape) => shape?.join() !== first.join())) return null;
  return [value.length, ...first];
}

export type SampleReading =
  | { readonly ok: true; readonly sample: Sample }
  /** `place` is the path of the value at fault, such as `logits[2][0]`; the message names it. */
  | { readonly ok: false; readonly place: string; readonly message: string };

/** The largest sample that is run: a loss and its gradient stay within a second and the memory budget. */
export const largestSample = 1_000_000;

/** Of a sample that is made rather than given. */
export const largestClasses = 10_000;

class Refusal extends Error {
  readonly place: string;
  constructor(place: string, message: string) {
    super(message);
    this.place = place;
  }
}

/** Reads `{ logits, targets, classWeights?, ignoreIndex?, paddingIndex? }` from parsed JSON. Never throws. */
export function readSample(json: unknown): SampleReading {
  try {
    return { ok: true, sample: sampleOf(json) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, place: error.place, message: error.message };
    throw error;
  }
}

const keys = ['logits', 'targets', 'classWeights', 'ignoreIndex', 'paddingIndex'];

function sampleOf(json: unknown): Sample {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Refusal('', `the sample must be an object { "logits": [[…]], "targets": […] }, not ${describe(json)}`);
  const stranger = Object.keys(json).find((key) => !keys.includes(key));
  if (stranger !== undefined) throw new Refusal(stranger, `the sample has a key "${stranger}"; it may have ${keys.join(', ')}`);
  const { logits, targets, classWeights, ignoreIndex, paddingIndex } = json as Record<string, unknown>;
  const rows = logitsOf(logits);
  const classes = rows[0]!.length;
  const ignored = indexOf(ignoreIndex, 'ignoreIndex');
  const padding = indexOf(paddingIndex, 'paddingIndex');
  if (padding !== undefined && padding >= classes)
    throw new Refusal('paddingIndex', `paddingIndex is ${padding}, but the logits have ${plural(classes, 'class', 'classes')}`);
  return {
    logits: rows,
    targets: targetsOf(targets, rows.length, classes, ignored),
    ...(classWeights === undefined ? {} : { classWeights: weightsOf(classWeights, classes) }),
    ...(ignored === undefined ? {} : { ignoreIndex: ignored }),
    ...(padding === undefined ? {} : { paddingIndex: padding }),
  };
}

function logitsOf(logits: unknown): readonly (readonly number[])[] {
  if (!Array.isArray(logits)) throw new Refusal('logits', `logits must be a list of rows, not ${describe(logits)}`);
  if (logits.length === 0) throw new Refusal('logits', 'logits has no rows: at least one is needed');
  const rows = logits.map((row: unknown, i) => {
    const place = `logits[${i}]`;
    if (!Array.isArray(row)) throw new Refusal(place, `${place} must be a list of numbers, not ${describe(row)}`);
    if (row.length === 0) throw new Refusal(place, `${place} is empty: a row needs one logit for each class`);
    return row.map((value: unknown, k) => finiteNumber(value, `${place}[${k}]`));
  });
  const width = rows[0]!.length;
  rows.forEach((row, i) => {
    if (row.length !== width)
      throw new Refusal(`logits[${i}]`, `logits[${i}] has ${plural(row.length, 'value', 'values')}, the first row has ${width}`);
  });
  if (rows.length * width > largestSample)
    throw new Refusal('logits', `logits has ${rows.length} × ${width} values; at most ${largestSample} are run`);
  return rows;
}

function targetsOf(targets: unknown, rows: number, classes: number, ignoreIndex: number | undefined): readonly number[] {
  if (!Array.isArray(targets)) throw new Refusal('targets', `targets must be a list of class indices, not ${describe(targets)}`);
  if (targets.length !== rows)
    throw new Refusal('targets', `targets has ${plural(targets.length, 'value', 'values')}, logits has ${plural(rows, 'row', 'rows')}`);
  return targets.map((target: unknown, i) => {
    const place = `targets[${i}]`;
    const value = finiteNumber(target, place);
    if (!Number.isInteger(value)) throw new Refusal(place, `${place} is ${value}: a target is the index of a class, a whole number`);
    if (value !== ignoreIndex && (value < 0 || value >= classes))
      throw new Refusal(place, `${place} is ${value}, but the ${plural(classes, 'class is', 'classes are')} numbered 0 to ${classes - 1}`);
    return value;
  });
}

function weightsOf(weights: unknown, classes: number): readonly number[] {
  if (!Array.isArray(weights)) throw new Refusal('classWeights', `classWeights must be a list of numbers, not ${describe(weights)}`);
  if (weights.length !== classes)
    throw new Refusal(
      'classWeights',
      `classWeights has ${plural(weights.length, 'value', 'values')}, logits has ${plural(classes, 'class', 'classes')}`,
    );
  return weights.map((weight: unknown, k) => {
    const value = finiteNumber(weight, `classWeights[${k}]`);
    if (value < 0) throw new Refusal(`classWeights[${k}]`, `classWeights[${k}] is ${value}: a weight is not negative`);
    return value;
  });
}

function indexOf(value: unknown, place: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = finiteNumber(value, place);
  if (!Number.isInteger(number)) throw new Refusal(place, `${place} is ${number}: an index is a whole number`);
  if (place === 'paddingIndex' && number < 0) throw new Refusal(place, `${place} is ${number}: it is the index of a class`);
  return number;
}

function finiteNumber(value: unknown, place: string): number {
  if (typeof value === 'string' && /^[+-]?(nan|inf|infinity)$/i.test(value.trim()))
    throw new Refusal(place, `${place} is ${value.trim()}: the sample must hold finite numbers`);
  if (typeof value !== 'number') throw new Refusal(place, `${place} is ${describe(value)}, not a number`);
  if (!Number.isFinite(value)) throw new Refusal(place, `${place} is ${value}: the sample must hold finite numbers`);
  return value;
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text "${value.length > 20 ? `${value.slice(0, 20)}…` : value}"`;
  return typeof value === 'object'
    ? 'an object'
    : typeof value === 'boolean' || typeof value === 'number'
      ? `${typeof value} ${String(value)}`
      : typeof value;
}

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

/** Why a smoothing factor cannot be used, or null. */
export function smoothingProblem(smoothing: number): string | null {
  if (Number.isNaN(smoothing)) return 'the smoothing factor is not a number';
  if (smoothing < 0) return `the smoothing factor is ${smoothing}: it must not be negative`;
  return smoothing >= 1 ? `the smoothing factor is ${smoothing}: it must be less than 1 (at 1 nothing is left of the labels)` : null;
}
