/** Runs a formulation on plain numbers. */
import { requiresGradInPlace, backward } from '../tensor/autograd';
import { fromNumbers, fromRows, toArray } from '../tensor/creation';
import { withTensors } from '../tensor/run';
import type { Tensor } from '../tensor/tensor';
import { numel } from '../tensor/tensor';
import type { Formulation, FormulationOptions } from './formulation';

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

export type Outcome = Pick<Evaluation, 'value' | 'gradient'>;

interface Problem {
  readonly problem: string;
}

/** Value, per-row values, gradient and targets in float32; or why the formulation has none here. */
export function evaluate(formulation: Formulation, request: EvaluationRequest): Evaluation | Problem {
  return inTensors(formulation, request, (z, y, classes, options) => {
    const { value, perSample } = formulation.loss(z, y, options);
    backward(value);
    return {
      value: toArray(value)[0]!,
      perSample: toArray(perSample),
      gradient: gradientRows(z, classes),
      targetDistribution: rowsOf(toArray(formulation.targetDistribution(y, z, classes, options)), classes),
    };
  });
}

/** The same without what only a reader looks at. */
export function valueAndGradient(formulation: Formulation, request: EvaluationRequest): Outcome | Problem {
  return inTensors(formulation, request, (z, y, classes, options) => {
    const { value } = formulation.loss(z, y, options);
    backward(value);
    return { value: toArray(value)[0]!, gradient: gradientRows(z, classes) };
  });
}

function inTensors<T>(
  formulation: Formulation,
  { logits, targets, smoothing, classWeights, ...rest }: EvaluationRequest,
  body: (z: Tensor, y: Tensor, classes: number, options: FormulationOptions) => T,
): T | Problem {
  const rows = logits.length;
  const classes = logits[0]?.length ?? 0;
  const problem = formulation.problem(classes, { smoothing, ...rest });
  if (problem !== null) return { problem };
  return withTensors(() => {
    const z = requiresGradInPlace(fromRows(logits, [rows, classes], 'float32'));
    const y = fromNumbers(targets, [rows], 'int64');
    const weights = classWeights === undefined ? {} : { classWeights: fromNumbers(classWeights, [classes], 'float32') };
    return body(z, y, classes, { smoothing, ...rest, ...weights });
  });
}

const gradientRows = (z: Tensor, classes: number): readonly (readonly number[])[] =>
  rowsOf(z.grad === null ? new Array<number>(numel(z)).fill(0) : toArray(z.grad), classes);

const rowsOf = (flat: readonly number[], classes: number): readonly (readonly number[])[] =>
  Array.from({ length: flat.length / classes }, (_, row) => flat.slice(row * classes, (row + 1) * classes));
