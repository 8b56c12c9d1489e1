/**
 * What the run under way has used of memory and time, whoever used it: interpreted values, tensors, kernels. It stands here, at the bottom, so
 * that a loop over elements can ask for the time in the middle of its work, and memory is counted before it is taken.
 */
export interface Limits {
  readonly bytes: number;
  /** Throws where the time is over. */
  readonly checkTime: () => void;
  readonly outOfMemory: () => never;
  /** Elements of one tensor; absent where memory is the only bound. */
  readonly largestTensor?: number;
}

/** Elements touched between two looks at the clock: about a millisecond of a plain loop. */
const labourPerLook = 500_000;

let limits: Limits | null = null;
let held = 0;
let labour = 0;

/** Runs `body` within these limits; whoever was counting before goes on behind it. */
export function metered<T>(own: Limits, alreadyHeld: number, body: () => T): T {
  const before = [limits, held] as const;
  limits = own;
  held = alreadyHeld;
  try {
    return body();
  } finally {
    [limits, held] = before;
  }
}

let last = Infinity;

/** Runs `body`, in which no run may go on for longer than so many milliseconds from now, however many there are. */
export function within<T>(milliseconds: number, body: () => T): T {
  const before = last;
  last = Math.min(last, performance.now() + milliseconds);
  try {
    return body();
  } finally {
    last = before;
  }
}

/** When the run under way must have ended, whatever its own limits say. */
export const lastMoment = (): number => last;

/** Counts memory before it is taken. What is garbage by then stays counted: a run that makes so much is as large as one that keeps it. */
export function hold(bytes: number): void {
  held += bytes;
  if (limits !== null && held > limits.bytes) limits.outOfMemory();
}

/** Elements that one tensor may have. */
export const largestTensor = (): number => limits?.largestTensor ?? Infinity;

export const bytesHeld = (): number => held;

/** A run that goes on after a part of it was stopped starts again from here. */
export function startFrom(bytes: number): void {
  held = bytes;
}

/** The comparison of a sort, counted: a sort of millions asks for the time on its way. */
export function counted<T>(compare: (a: T, b: T) => number): (a: T, b: T) => number {
  return (a, b) => {
    work(4);
    return compare(a, b);
  };
}

/** Counts work by elements touched, and looks at the clock every now and then. */
export function work(elements: number): void {
  labour += elements;
  if (labour < labourPerLook) return;
  labour = 0;
  limits?.checkTime();
}
