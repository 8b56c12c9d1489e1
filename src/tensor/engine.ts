/**
 * tfjs underneath: one engine, its tape, and a backend of its own for torch programs.
 *
 * TypeScript losses run on tfjs's cpu backend as it is, with its gradients. Torch losses run on the backend `torch` registered here, which has
 * the three kernels that tfjs's own backpropagation calls and takes everything else from the closures that `recordKernel` puts on the tape.
 */
import {
  Add,
  engine,
  getGradient,
  registerBackend,
  registerGradient,
  registerKernel,
  setBackend,
  type Tensor as TapeTensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { addGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Add_grad';
import { identityGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Identity_grad';
import { reshapeGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Reshape_grad';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu';
import { identityConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Identity';
import { reshapeConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Reshape';
import { type Dtype, isFloatDtype, type Values } from './dtype';

export type { TapeTensor };

const backendName = 'torch';

let backend: MathBackendCPU | null = null;

/** What tfjs keeps from its types: the tape's switch, and the generic way onto it (`tf.customGrad` wraps it and computes every gradient eagerly). */
interface TapeEngine {
  startTape(): void;
  endTape(): void;
  runKernelFunc(parameters: {
    readonly forwardFunc: () => TapeTensor | TapeTensor[];
    readonly backwardsFunc: (dy: TapeTensor | TapeTensor[]) => Record<string, () => TapeTensor>;
    readonly inputs: Record<string, TapeTensor>;
  }): TapeTensor | TapeTensor[];
}

const tapeEngine = (whole: unknown = engine()): TapeEngine => whole as TapeEngine;

/** Adds gradients where a tensor was used more than once; unlike tfjs's own kernel it keeps doubles double. */
function addGradients(a: Values, b: Values): Values {
  const sum = a instanceof Float64Array || b instanceof Float64Array ? new Float64Array(a.length) : new Float32Array(a.length);
  for (let i = 0; i < sum.length; i++) sum[i] = a[i]! + b[i]!;
  return sum;
}

function start(): MathBackendCPU {
  const cpu = new MathBackendCPU();
  // Its first write would print an advertisement for tfjs-node to the console.
  Object.assign(cpu, { firstUse: false });
  registerBackend(backendName, () => cpu, 0);
  registerKernel({
    kernelName: Add,
    backendName,
    kernelFunc: ({ inputs }) => {
      const { a, b } = inputs as Record<'a' | 'b', TensorInfo>;
      return cpu.makeTensorInfo(a.shape, 'float32', addGradients(tapeValues(a), tapeValues(b)) as Float32Array);
    },
  });
  registerKernel({ ...identityConfig, backendName });
  registerKernel({ ...reshapeConfig, backendName });
  for (const config of [addGradConfig, identityGradConfig, reshapeGradConfig]) {
    if ((getGradient(config.kernelName) as unknown) === undefined) registerGradient(config);
  }
  return cpu;
}

/** Back to the backend that was active; to none if none was, so that tfjs chooses its own when TypeScript code asks for one. */
function leaveBackend(before: string | null): void {
  if (before === backendName) return;
  if (before !== null) void setBackend(before);
  else Object.assign(engine(), { backendName: null, backendInstance: null });
}

/** Runs `body` with the torch backend active and the tape on; nothing it made stays alive, also when it throws. */
export function withTape<T>(body: () => T): T {
  backend ??= start();
  const tf = engine();
  // Nothing before the first use, whatever tfjs's types say.
  const named: { readonly backendName: string | null | undefined } = tf;
  const before = named.backendName ?? null;
  // Setting a backend, even the active one, walks through every registered kernel.
  if (before !== backendName) void setBackend(backendName);
  tf.startScope('torch');
  const tape = tapeEngine();
  tape.startTape();
  try {
    return body();
  } finally {
    tape.endTape();
    if (tf.state.gradientDepth === 0) {
      for (const node of tf.state.activeTape) for (const saved of node.saved ?? []) saved.dispose();
      tf.state.activeTape = [];
    }
    tf.endScope(undefined);
    leaveBackend(before);
  }
}

/**
 * Runs `body` and takes off the tape what it has put there: its tensors keep their values, but no gradient goes back through them any more. A
 * loss is run dozens of times, and on the classes of a vocabulary each run is large.
 */
export function withoutTrace<T>(body: () => T): T {
  const tf = engine();
  const tape = tf.state.activeTape;
  const { length } = tape;
  tf.startScope('run');
  try {
    return body();
  } finally {
    const index = indices.get(tape);
    for (const node of tape.splice(length)) {
      for (const saved of node.saved ?? []) saved.dispose();
      for (const output of node.outputs) index?.makers.delete(output.id);
    }
    if (index !== undefined) index.length = Math.min(index.length, length);
    tf.endScope(undefined);
  }
}

/** Bytes of all tensors on the tape: those stay until the run ends, whatever the program keeps. */
export const bytesOnTape = (): number => engine().state.numBytes;

/** A flat tensor of the engine over these very values: they are not copied. All floating types bear tfjs's name 'float32', as its tape demands. */
export function makeTapeTensor(values: Values, dtype: Dtype): TapeTensor {
  const label = isFloatDtype(dtype) ? 'float32' : dtype === 'bool' ? 'bool' : 'int32';
  return engine().makeTensor(values as Float32Array, [values.length], label, backend!);
}

/** The values as they were given: tfjs's own reading would convert doubles. */
export function tapeValues(tensor: TensorInfo): Values {
  return backend!.data.get(tensor.dataId).values as Values;
}

/**
 * Puts one operation on the tape. `forward` makes the outputs' tensors; `gradient` is called at most once for each input that leads to a
 * differentiated tensor, with the gradients of all outputs.
 */
export function recordKernel(
  inputs: readonly TapeTensor[],
  forward: () => TapeTensor[],
  gradient: (dys: readonly TapeTensor[], input: number) => TapeTensor,
): readonly TapeTensor[] {
  const named: Record<string, TapeTensor> = {};
  inputs.forEach((input, i) => (named[String(i)] = input));
  const outputs = tapeEngine().runKernelFunc({
    forwardFunc: forward,
    backwardsFunc: (dy) => {
      const dys = Array.isArray(dy) ? dy : [dy];
      const gradients: Record<string, () => TapeTensor> = {};
      inputs.forEach((_, i) => (gradients[String(i)] = () => gradient(dys, i)));
      return gradients;
    },
    inputs: named,
  });
  return Array.isArray(outputs) ? outputs : [outputs];
}

/**
 * Gradients of y on the tape, seeded with dy, with respect to each x; null where y does not depend on it.
 * `record` leaves the computation of the gradient itself on the tape, so that it can be differentiated again.
 */
export function tapeGradients(y: TapeTensor, xs: readonly TapeTensor[], dy: TapeTensor, record: boolean): readonly (TapeTensor | null)[] {
  const tf = engine();
  const whole = tf.state.activeTape;
  const history = historyOf(y, whole);
  const { length } = history;
  tf.state.activeTape = history;
  // Inside a kernel nothing is recorded: that is how the tape is paused.
  if (!record) tf.state.kernelDepth++;
  try {
    const { grads } = tf.gradients(() => y, [...xs], dy, true) as { grads: readonly (TapeTensor | undefined)[] };
    return grads.map((grad) => grad ?? null);
  } finally {
    if (!record) tf.state.kernelDepth--;
    whole.push(...history.slice(length));
    tf.state.activeTape = whole;
  }
}

type Tape = ReturnType<typeof engine>['state']['activeTape'];
type TapeNode = Tape[number];

/** Which node made a tensor, by the tensor's id, for the part of a tape that was indexed so far. */
interface TapeIndex {
  readonly makers: Map<number, TapeNode>;
  length: number;
}

const indices = new WeakMap<Tape, TapeIndex>();

/**
 * The nodes that y was computed by, in the order of the tape. tfjs looks through the whole tape for every gradient, which a long run of many
 * small losses would pay for again and again.
 */
function historyOf(y: TapeTensor, tape: Tape): Tape {
  let index = indices.get(tape);
  if (index === undefined) {
    index = { makers: new Map(), length: 0 };
    indices.set(tape, index);
  }
  for (; index.length < tape.length; index.length++) {
    const node = tape[index.length]!;
    for (const output of node.outputs) index.makers.set(output.id, node);
  }
  const found = new Set<TapeNode>();
  const pending = [y.id];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const node = index.makers.get(id);
    if (node === undefined || found.has(node)) continue;
    found.add(node);
    for (const input of Object.values(node.inputs)) pending.push(input.id);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

/** Runs `body` as if nothing else were under way: what it differentiates has a tape of its own. */
export function apart<T>(body: () => T): T {
  const { state } = engine();
  const { activeTape, gradientDepth, kernelDepth } = state;
  Object.assign(state, { activeTape: [], gradientDepth: 0, kernelDepth: 0 });
  try {
    return body();
  } finally {
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}

/** How many tensors tfjs holds: what a run must leave as it found it. */
export const liveTensors = (): number => engine().state.numTensors;
