/** What the page draws, read off an Inspection: the rows of the comparison and the target distributions that differ. */
import type { Inspection, LossParameter, Num, Standing, TensorData } from '../src/inspection';
import { toNumber } from './format';

/** One line of the comparison: the person's own loss first, then the formulations. */
export interface Row {
  readonly id: string;
  readonly own: boolean;
  readonly title: string;
  /** Index into the palette of view.css: `series-0` is the person's own. */
  readonly series: number;
  readonly value: Num | null;
  /** The loss is one value per sample: the value here is their mean, which is what the formulations are compared with. */
  readonly unreduced: boolean;
  readonly perSample: readonly Num[] | null;
  readonly gradient: TensorData | null;
  readonly distribution: readonly (readonly Num[])[] | null;
  /** Of a formulation: its equation, and the ε it was given. */
  readonly tex: string | null;
  readonly smoothing: number | null;
  /** Its numbers, of a formulation of named tensors. */
  readonly parameters: readonly LossParameter[];
  /** What the others are compared with. */
  readonly baseline: boolean;
  /** How it stands to the baseline; null where it is the baseline itself. */
  readonly standing: Standing | null;
  /** Id of the formulation; null for the person's own loss. */
  readonly formulation: string | null;
}

export const seriesCount = 7;

/** Run on tensors by their names, not on a sample of logits and targets. */
export const isOfTensors = ({ recognised, unrecognised, sample }: Inspection): boolean =>
  recognised !== undefined || (unrecognised !== undefined && sample === null);

/** The rows, the person's own first; `ownTitle` is what theirs is called. They are compared with theirs, or with the chosen baseline. */
export function rowsOf(inspection: Inspection, ownTitle: string): readonly Row[] {
  const { baseline } = inspection;
  const own: Row = {
    id: 'own',
    own: true,
    title: ownTitle,
    series: 0,
    value: inspection.value ?? meanOf(inspection.perSample),
    unreduced: inspection.value === null && inspection.perSample !== null,
    perSample: inspection.perSample,
    // Of named tensors there is one for each.
    gradient: isOfTensors(inspection) ? null : inspection.gradient,
    distribution: inspection.measured?.targetDistribution ?? null,
    tex: null,
    smoothing: null,
    parameters: inspection.recognised === undefined ? [] : inspection.parameters,
    baseline: baseline === undefined,
    standing: baseline?.own ?? null,
    formulation: null,
  };
  const others = inspection.comparisons.map((comparison, index): Row => {
    const { formulation } = comparison;
    const standing = baseline === undefined ? comparison : baseline.comparisons.find((each) => each.formulation === formulation);
    return {
      id: `${index}-${formulation}`,
      own: false,
      title: comparison.title,
      series: 1 + (index % (seriesCount - 1)),
      value: comparison.value ?? (own.unreduced ? meanOf(comparison.perSample) : null),
      unreduced: false,
      perSample: comparison.perSample,
      gradient: comparison.gradient,
      distribution: comparison.targetDistribution,
      tex: comparison.tex,
      smoothing: comparison.smoothing,
      parameters: comparison.parameters ?? [],
      baseline: baseline?.formulation === formulation,
      standing: baseline?.formulation === formulation ? null : (standing ?? null),
      formulation,
    };
  });
  return [own, ...others];
}

function meanOf(values: readonly Num[] | null): Num | null {
  if (values === null || values.length === 0) return null;
  const mean = values.map(toNumber).reduce((sum, value) => sum + value, 0) / values.length;
  return Number.isNaN(mean) ? 'nan' : mean === Infinity ? 'inf' : mean === -Infinity ? '-inf' : mean;
}

/** Rows that stand for the same picture are one series, named by all of them. */
export interface Series<T> {
  readonly rows: readonly Row[];
  readonly series: number;
  readonly data: T;
}

/** Groups what `read` takes from each row (null: nothing to draw), rows whose data agree to within `tolerance` together. */
export function grouped<T>(
  rows: readonly Row[],
  read: (row: Row) => T | null,
  numbers: (data: T) => readonly number[],
): readonly Series<T>[] {
  const groups: { rows: Row[]; data: T; numbers: readonly number[] }[] = [];
  for (const row of rows) {
    const data = read(row);
    if (data === null) continue;
    const values = numbers(data);
    const same = groups.find((group) => agree(group.numbers, values));
    if (same) same.rows.push(row);
    else groups.push({ rows: [row], data, numbers: values });
  }
  return groups.map((group) => ({ rows: group.rows, series: group.rows[0]!.series, data: group.data }));
}

/** Two lists of numbers, equal as far as a 32-bit float of size 1 can tell. */
function agree(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]) || Math.abs(value - b[i]!) <= 1e-5);
}

/** The target distribution of one sample in one row; null where it has none or it is not all numbers. */
export function distributionOf(row: Row, sample: number): readonly number[] | null {
  const values = row.distribution?.[sample]?.map(toNumber);
  return values !== undefined && values.length > 0 && values.every(Number.isFinite) ? values : null;
}

/** Σ_k q_k (−log p_k) for p = softmax(logits), stable for logits of any size. */
export function crossEntropy(distribution: readonly number[], logits: readonly number[]): number {
  const logNormaliser = logSumExp(logits);
  return distribution.reduce((sum, q, k) => (q === 0 ? sum : sum + q * (logNormaliser - logits[k]!)), 0);
}

export function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** H(q) = −Σ q log q. */
export function entropy(distribution: readonly number[]): number {
  return -distribution.reduce((sum, q) => (q > 0 ? sum + q * Math.log(q) : sum), 0);
}
