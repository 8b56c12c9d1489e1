/** Runs a formulation on plain numbers. */
import { requiresGradInPlace, backward } from '../tensor/autograd';
import { fromNumbers, toArray } from '../tensor/creation';
import { withTensors } from '../tensor/run';
import type { Formulation } from './formulation';

export interface EvaluationRequest {
  readonly logits: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly smoothing: number;
  readonly classWeights?: readonly number[];
  readonly ignoreIndex?: number;
  readonly paddingIndex?: number;
  readonly lambda?: number;
  readonly sigma?: number;
}

export interface Evaluation {
  readonly value: number;
  readonly perSample: readonly number[];
  /** d value/d logits. */
  readonly gradient: readonly (readonly number[])[];
  readonly targetDistribution: readonly (readonly number[])[];
}

/** Value, per-row values, gradient and targets in float32; or why the formulation has none here. */
export function evaluate(formulation: Formulation, request: EvaluationRequest): Evaluation | { readonly problem: string } {
  const { logits, targets, smoothing, classWeights, ...rest } = request;
  const rows = logits.length;
  const classes = logits[0]?.length ?? 0;
  const problem = formulation.problem(classes, { smoothing, ...rest });
  if (problem !== null) return { problem };
  return withTensors(() => {
    const z = requiresGradInPlace(fromNumbers(logits.flat(), [rows, classes], 'float32'));
    const y = fromNumbers(targets, [rows], 'int64');
    const weights = classWeights === undefined ? {} : { classWeights: fromNumbers(classWeights, [classes], 'float32') };
    const options = { smoothing, ...rest, ...weights };
    const { value, perSample } = formulation.loss(z, y, options);
    backward(value);
    const rowsOf = (flat: readonly number[]): readonly (readonly number[])[] =>
      Array.from({ length: rows }, (_, row) => flat.slice(row * classes, (row + 1) * classes));
    return {
      value: toArray(value)[0]!,
      perSample: toArray(perSample),
      gradient: rowsOf(z.grad === null ? new Array<number>(rows * classes).fill(0) : toArray(z.grad)),
      targetDistribution: rowsOf(toArray(formulation.targetDistribution(y, z, classes, options))),
    };
  });
}
