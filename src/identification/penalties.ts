/** A cross entropy with a multiple of something else added: told by what the affine model leaves of the gradient. */
import { mean, sum, type Matrix, type Probe } from './blackBox';
import { fitAffine, gradientResiduals } from './fit';
import { chainError, shortestDecimal, unitRoundoff } from './precision';
import { logSoftmax, softmax } from './softmax';
import { targetShape } from './targetShape';

export type PenaltyTerm = 'entropy' | 'missedProbability' | 'squaredLogSumExp' | 'squaredLogits';

/** Σ q(−log p) + factor · term, up to a common factor. */
export interface Penalised {
  readonly kind: 'penalised';
  readonly term: PenaltyTerm;
  readonly factor: number;
  /** The factor is that of the sample's number of rows, and another elsewhere: one of the two is averaged, the other summed. */
  readonly changesWithRows: boolean;
  /** What the cross entropy of a row counts, in a mean or a sum of the rows; 1 where neither tells it. */
  readonly gain: number;
  /** Target and other classes of the cross entropy; null where rows or classes differ. */
  readonly target: { readonly on: number; readonly off: number } | null;
}

interface Term {
  readonly value: (logits: readonly number[], target: number) => number;
  readonly gradient: (logits: readonly number[], target: number) => readonly number[];
}

const terms: Readonly<Record<PenaltyTerm, Term>> = {
  entropy: {
    value: (z) => entropyAt(logSoftmax(z)),
    gradient: (z) => {
      const logP = logSoftmax(z);
      const entropy = entropyAt(logP);
      return logP.map((value) => -Math.exp(value) * (value + entropy));
    },
  },
  missedProbability: {
    value: (z, y) => 1 - Math.exp(logSoftmax(z)[y] ?? NaN),
    gradient: (z, y) => {
      const p = softmax(z);
      return p.map((value, k) => -p[y]! * ((k === y ? 1 : 0) - value));
    },
  },
  squaredLogSumExp: {
    value: (z) => logSumExp(z) ** 2,
    gradient: (z) => {
      const twice = 2 * logSumExp(z);
      return softmax(z).map((p) => twice * p);
    },
  },
  squaredLogits: { value: (z) => sum(z.map((value) => value * value)), gradient: (z) => z.map((value) => 2 * value) },
};

function entropyAt(logP: readonly number[]): number {
  return -sum(logP.map((value) => Math.exp(value) * value));
}

function logSumExp(z: readonly number[]): number {
  return z[0]! - logSoftmax(z)[0]!;
}

/** The term whose multiple, taken away, leaves a cross entropy in gradient and value on every batch; null when none does. */
export function penalised(probes: readonly Probe[], sample: readonly Probe[]): Penalised | null {
  for (const term of ['entropy', 'missedProbability', 'squaredLogSumExp', 'squaredLogits'] as const) {
    const found = withTerm(probes, term);
    const onSample = found === null ? null : withTerm(sample, term);
    if (found === null || onSample === null) continue;
    const steady = Math.abs(found.factor - onSample.factor) <= 1e-3 * Math.abs(found.factor);
    return steady ? { ...found, gain: gainOf(found, onSample) } : { ...onSample, changesWithRows: true };
  }
  return null;
}

interface Found extends Penalised {
  /** What a row's cross entropy counts here, with its error, and among how many rows. */
  readonly share: number;
  readonly shareError: number;
  readonly rows: number;
}

/** Two batches of different sizes tell a mean from a sum. */
function gainOf(one: Found, other: Found): number {
  if (one.rows === other.rows) return 1;
  const asMean = [one.share * one.rows, other.share * other.rows] as const;
  const isMean = Math.abs(asMean[0] - asMean[1]) <= 1e-4 * Math.abs(asMean[0]);
  const isSum = Math.abs(one.share - other.share) <= 1e-4 * Math.abs(one.share);
  const error = one.shareError * (isMean ? one.rows : 1);
  return isMean ? shortestDecimal(asMean[0], error) : isSum ? shortestDecimal(one.share, error) : 1;
}

function withTerm(probes: readonly Probe[], term: PenaltyTerm): Found | null {
  const { value, gradient } = terms[term];
  const { targets } = probes[0]!;
  const logits = probes.map((probe) => probe.logits);
  const termGradients = logits.map((rows): Matrix => rows.map((z, i) => gradient(z, targets[i]!)));
  const left = gradientResiduals(
    logits,
    probes.map((probe) => probe.run.gradient),
  );
  const ofTerm = gradientResiduals(logits, termGradients);
  const size = sum(ofTerm.map((r) => r * r));
  if (!(size > 0)) return null;
  const multiple = sum(ofTerm.map((r, m) => r * left[m]!)) / size;
  const without = probes.map((probe, m): Probe => {
    const values = probe.logits.map((z, i) => multiple * value(z, targets[i]!));
    return {
      ...probe,
      run: {
        value: typeof probe.run.value === 'number' ? probe.run.value - sum(values) : [sum([...probe.run.value]) - sum(values)],
        gradient: probe.run.gradient.map((row, i) => row.map((g, k) => g - multiple * termGradients[m]![i]![k]!)),
      },
    };
  });
  const fit = fitAffine(without.map((probe) => ({ ...probe, run: { ...probe.run, value: sum([probe.run.value].flat()) } })));
  const share = mean(fit.slopes);
  // What is left must be a cross entropy, not the rounding of one.
  if (!fit.gradientFits || !fit.valueFits || !(Math.abs(share) > 64 * fit.tolerance)) return null;
  const error = (8 * fit.tolerance) / Math.abs(share);
  const multipleError = Math.max(fit.residual * Math.sqrt(ofTerm.length / size), unitRoundoff * Math.abs(multiple));
  if (Math.abs(multiple) <= 4 * multipleError) return null;
  const shape = targetShape({ targets, q: fit.weights, errors: fit.errors }, null);
  const clean = (part: number): number => shortestDecimal(part / share, error);
  return {
    kind: 'penalised',
    term,
    changesWithRows: false,
    gain: 1,
    share,
    shareError: 8 * fit.tolerance,
    rows: targets.length,
    factor: shortestDecimal(multiple / share, (4 * multipleError + chainError * Math.abs(multiple)) / Math.abs(share)),
    target: shape.kind === 'plain' ? { on: clean(shape.on), off: clean(shape.off) } : null,
  };
}
