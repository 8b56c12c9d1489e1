/** Watching a run: what each operation was made of, for whoever wants to say the same computation in another language. */
import type { Operand } from './promotion';
import { currentRun } from './run';
import type { Tensor } from './tensor';

export type Attribute = number | string | boolean | null | readonly number[];

export interface Operation {
  /** The operation's name without overloads: 'Mul', 'LogSoftmax', 'Eq'. */
  readonly kernel: string;
  readonly operands: readonly Operand[];
  /** What decides the result beside the operands: dimensions, exponents, names of reductions. */
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Sees operations as they are executed. Tensors are read at once: their memory may change with the next operation. */
export interface Recorder {
  readonly operation: (operation: Operation, outputs: readonly Tensor[]) => void;
  /** Called before the target's memory changes. */
  readonly write: (target: Tensor, value: Tensor) => void;
  /** A tensor's one value goes to the program as a plain number. */
  readonly item: (input: Tensor, value: number) => void;
  /** The program decides by a tensor: `if mask.any():`. */
  readonly truth: (input: Tensor) => void;
}

/** Runs `body` with a recorder watching the run under way. */
export function withRecorder<T>(recorder: Recorder, body: () => T): T {
  const run = currentRun();
  const before = run.recorder;
  run.recorder = recorder;
  try {
    return body();
  } finally {
    run.recorder = before;
  }
}

const nothing: Operation['attributes'] = {};

/** Notes the operation that made a tensor, where it is not put on the tape: comparisons, positions, one-hot rows. */
export function noted(output: Tensor, kernel: string, operands: readonly Operand[], attributes = nothing): Tensor {
  currentRun().recorder?.operation({ kernel, operands, attributes }, [output]);
  return output;
}
