import { bytesKept, type Dtype, newValues, type Values } from './dtype';
import { bytesOnTape, withTape } from './engine';
import { ElementBudgetError } from './errors';
import { hold, largestTensor, work } from './meter';
import type { Recorder } from './recording';
import type { Cell, Tensor } from './tensor';

/** What one run of a program may use and how it behaves where torch leaves it open. */
export interface RunOptions {
  readonly limits?: { readonly elements?: number };
  /** `torch.empty` gives NaN, so that reading memory before writing it shows. */
  readonly strict?: boolean;
  readonly seed?: number;
}

/** The state of the run under way. Tensors exist only inside one. */
export interface Run {
  readonly elementLimit: number;
  readonly strict: boolean;
  elements: number;
  /** Of elements, when the tape is next looked at. */
  nextLook: number;
  gradEnabled: boolean;
  readonly leaves: Set<Cell>;
  /** Non-leaf tensors that were asked to keep their gradient. */
  readonly retained: Set<Tensor>;
  /** State of the random generator (see random.ts), made when first used. */
  random: { seed: number; state: Uint32Array | null };
  /** Things a reader of the results should know, each once. */
  readonly notes: Set<string>;
  /** Who watches the operations (see recording.ts); nobody, as a rule. */
  recorder: Recorder | null;
}

const defaultElementLimit = 400_000_000;

let current: Run | null = null;

/** The run under way; using tensors outside one is a mistake of the caller. */
export function currentRun(): Run {
  if (current === null) throw new Error('tensors can only be used inside withTensors');
  return current;
}

/**
 * Runs `body` with tensors: on the tape, within the element budget, and with everything disposed of at the end, also when it throws.
 * What it returns must not hold tensors. Runs may be nested; each has its own tape, generator and budget.
 */
export function withTensors<T>(body: () => T, options: RunOptions = {}): T {
  const outer = current;
  const run: Run = {
    elementLimit: options.limits?.elements ?? defaultElementLimit,
    strict: options.strict ?? false,
    elements: 0,
    nextLook: elementsPerLook,
    gradEnabled: true,
    leaves: new Set(),
    retained: new Set(),
    random: { seed: options.seed ?? 0, state: null },
    notes: new Set(),
    recorder: null,
  };
  try {
    return withTape(() => {
      current = run;
      return body();
    });
  } finally {
    current = outer;
  }
}

/** What one run of a loss puts on the tape stays for all that follow: each may be within its budget, and all together are not. */
const mostOnTape = 500 * 1024 * 1024;
const elementsPerLook = 10_000_000;

function lookAtTape(run: Run): void {
  run.nextLook = run.elements + elementsPerLook;
  if (bytesOnTape() > mostOnTape) throw new ElementBudgetError(mostOnTape, 'more than 500 MB of tensors that are kept for gradients');
}

/** Counts elements, and the memory they take, before they are made. */
export function accountFor(dtype: Dtype, count: number): void {
  const run = currentRun();
  if (count > largestTensor()) throw new ElementBudgetError(largestTensor());
  if (run.elements + count > run.elementLimit) throw new ElementBudgetError(run.elementLimit);
  // What cannot be had is not counted.
  hold(count * bytesKept(dtype));
  run.elements += count;
  work(count);
  if (run.elements >= run.nextLook) lookAtTape(run);
}

/** A view has no elements of its own, but it is an object; an expanded tensor has any number of rows. */
const bytesOfView = 600;

export function accountForViews(count: number): void {
  hold(count * bytesOfView);
  work(count * 20);
}

/** A zeroed array for a new tensor, within the budget. */
export function allocate(dtype: Dtype, count: number): Values {
  accountFor(dtype, count);
  return newValues(dtype, count);
}

/** What the run noted for the reader: random numbers that are not torch's, and the like. */
export const runNotes = (): readonly string[] => [...currentRun().notes];

export const isGradEnabled = (): boolean => currentRun().gradEnabled;

/** The same where no tensors of these may be there at all. */
export const isGradOff = (): boolean => current?.gradEnabled === false;

export function setGradEnabled(enabled: boolean): void {
  currentRun().gradEnabled = enabled;
}

function withGradMode<T>(enabled: boolean, body: () => T): T {
  const run = currentRun();
  const before = run.gradEnabled;
  run.gradEnabled = enabled;
  try {
    return body();
  } finally {
    run.gradEnabled = before;
  }
}

export const noGrad = <T>(body: () => T): T => withGradMode(false, body);
export const enableGrad = <T>(body: () => T): T => withGradMode(true, body);
