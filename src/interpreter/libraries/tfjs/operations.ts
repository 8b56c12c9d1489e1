/**
 * The tfjs functions and tensor methods that interpreted TypeScript may call: tfjs's own, as they are. tfjs checks their arguments itself and
 * words its own errors. What is not in a list is Unsupported.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
import { metrics } from './metrics';

type Run = (...args: unknown[]) => unknown;

/** Functions that a tensor has as a method of the same name too. */
const both = {
  oneHot: tf.oneHot,
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  divNoNan: tf.divNoNan,
  floorDiv: tf.floorDiv,
  mod: tf.mod,
  pow: tf.pow,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  atan2: tf.atan2,
  abs: tf.abs,
  ceil: tf.ceil,
  clipByValue: tf.clipByValue,
  cos: tf.cos,
  elu: tf.elu,
  erf: tf.erf,
  exp: tf.exp,
  expm1: tf.expm1,
  floor: tf.floor,
  isFinite: tf.isFinite,
  isInf: tf.isInf,
  isNaN: tf.isNaN,
  leakyRelu: tf.leakyRelu,
  log: tf.log,
  log1p: tf.log1p,
  logSigmoid: tf.logSigmoid,
  neg: tf.neg,
  reciprocal: tf.reciprocal,
  relu: tf.relu,
  round: tf.round,
  rsqrt: tf.rsqrt,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  sign: tf.sign,
  sin: tf.sin,
  softplus: tf.softplus,
  sqrt: tf.sqrt,
  square: tf.square,
  step: tf.step,
  tan: tf.tan,
  tanh: tf.tanh,
  equal: tf.equal,
  notEqual: tf.notEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  logicalAnd: tf.logicalAnd,
  logicalOr: tf.logicalOr,
  logicalXor: tf.logicalXor,
  logicalNot: tf.logicalNot,
  where: tf.where,
  softmax: tf.softmax,
  logSoftmax: tf.logSoftmax,
  logSumExp: tf.logSumExp,
  sum: tf.sum,
  mean: tf.mean,
  max: tf.max,
  min: tf.min,
  prod: tf.prod,
  all: tf.all,
  any: tf.any,
  argMax: tf.argMax,
  argMin: tf.argMin,
  cumsum: tf.cumsum,
  norm: tf.norm,
  topk: tf.topk,
  gather: tf.gather,
  stack: tf.stack,
  concat: tf.concat,
  split: tf.split,
  unstack: tf.unstack,
  reshape: tf.reshape,
  expandDims: tf.expandDims,
  squeeze: tf.squeeze,
  cast: tf.cast,
  slice: tf.slice,
  stridedSlice: tf.stridedSlice,
  tile: tf.tile,
  transpose: tf.transpose,
  reverse: tf.reverse,
  pad: tf.pad,
  broadcastTo: tf.broadcastTo,
  matMul: tf.matMul,
  dot: tf.dot,
  zerosLike: tf.zerosLike,
  onesLike: tf.onesLike,
} as const;

const functionsOnly = {
  tensor: tf.tensor,
  tensor1d: tf.tensor1d,
  tensor2d: tf.tensor2d,
  tensor3d: tf.tensor3d,
  tensor4d: tf.tensor4d,
  scalar: tf.scalar,
  fill: tf.fill,
  zeros: tf.zeros,
  ones: tf.ones,
  eye: tf.eye,
  range: tf.range,
  linspace: tf.linspace,
  clone: tf.clone,
  addN: tf.addN,
  einsum: tf.einsum,
  outerProduct: tf.outerProduct,
  moments: tf.moments,
  scatterND: tf.scatterND,
  gatherND: tf.gatherND,
  sparseToDense: tf.sparseToDense,
  tensorScatterUpdate: tf.tensorScatterUpdate,
  meshgrid: tf.meshgrid,
  'losses.softmaxCrossEntropy': tf.losses.softmaxCrossEntropy,
  'losses.sigmoidCrossEntropy': tf.losses.sigmoidCrossEntropy,
  'losses.computeWeightedLoss': tf.losses.computeWeightedLoss,
  'losses.logLoss': tf.losses.logLoss,
  'losses.absoluteDifference': tf.losses.absoluteDifference,
  'losses.meanSquaredError': tf.losses.meanSquaredError,
  'losses.huberLoss': tf.losses.huberLoss,
  'losses.hingeLoss': tf.losses.hingeLoss,
  'losses.cosineDistance': tf.losses.cosineDistance,
  ...metrics,
} as const;

const methodsOnly = [
  ...['toFloat', 'toInt', 'toBool', 'asScalar', 'as1D', 'as2D', 'as3D', 'asType', 'flatten', 'reshapeAs', 'clone'],
  ...['dataSync', 'arraySync', 'toString'],
] as const;

/** Functions by dotted name: 'logSoftmax', 'losses.softmaxCrossEntropy'. */
export const functions: ReadonlyMap<string, Run> = new Map(Object.entries({ ...functionsOnly, ...both }) as unknown as [string, Run][]);

/** Names of the tensor's methods. */
export const methods: ReadonlySet<string> = new Set([...Object.keys(both), ...methodsOnly]);

/** `await x.data()` is `x.dataSync()`: nothing here is slow enough to wait for. */
export const immediate: ReadonlyMap<string, string> = new Map([
  ['data', 'dataSync'],
  ['array', 'arraySync'],
]);

export const reductions: Readonly<Record<string, number>> = {
  NONE: tf.Reduction.NONE,
  MEAN: tf.Reduction.MEAN,
  SUM: tf.Reduction.SUM,
  SUM_BY_NONZERO_WEIGHTS: tf.Reduction.SUM_BY_NONZERO_WEIGHTS,
};

/** Calls one of the listed methods on a tensor, by tfjs's own code. */
export function callMethod(tensor: tf.Tensor, name: string, args: readonly unknown[]): unknown {
  const method = (tensor as unknown as Readonly<Record<string, Run>>)[name];
  if (method === undefined) throw new Error(`${name} is not a method of this version's tensors`);
  return method.apply(tensor, [...args]);
}
