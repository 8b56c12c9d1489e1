/** Which rule gives the measured on and off values, as the number of classes varies. */
import { greatest } from './extremes';
import { shortestDecimal } from './precision';

/** On and off values at one number of classes, in units of one row's share. */
export interface Observation {
  readonly classes: number;
  readonly on: number;
  readonly off: number;
  readonly onError: number;
  readonly offError: number;
  /** Classes that get the off value: K−1, or K−2 where a padding column is zero. */
  readonly offCount: number;
}

export type Law =
  | { readonly kind: 'hard' }
  /** on 1−ε, off ε/(number of other classes that get any). */
  | { readonly kind: 'fillScatter'; readonly smoothing: number; readonly padded: boolean }
  /** on 1−ε+ε/K, off ε/K. */
  | { readonly kind: 'uniformMixture'; readonly smoothing: number }
  /** One number of classes is not enough to tell which: each has its ε. */
  | { readonly kind: 'either'; readonly fillScatter: number; readonly uniformMixture: number }
  | { readonly kind: 'none' };

export interface LawFound {
  readonly law: Law;
  /** Σ_k q_k at the first observation, once `factor` is taken out. */
  readonly mass: number;
  /** A constant factor on the loss. */
  readonly factor: number;
  /** The row's share is also divided by K: a mean over all N·K elements. */
  readonly dividesByClasses: boolean;
  /** Whether 'mass' and 'factor' could trade places: one number of classes, and no nominal ε to decide. */
  readonly massUncertain: boolean;
  /** At how many numbers of classes the values were seen. */
  readonly numbersOfClasses: number;
}

export function findLaw(observations: readonly Observation[], nominal: number | null): LawFound {
  const first = observations[0]!;
  const masses = observations.map(massOf);
  const errors = observations.map((o) => o.onError + o.offCount * o.offError);
  const allClose = (values: readonly number[], target: number, error: readonly number[]): boolean =>
    values.every((value, m) => Math.abs(value - target) <= error[m]! + 1e-12);
  const sure = { massUncertain: false, factor: 1, dividesByClasses: false, numbersOfClasses: observations.length };

  if (allClose(masses, 1, errors)) return { ...sure, law: lawOfDistribution(observations, nominal), mass: 1 };

  const timesClasses = masses.map((mass, m) => mass * observations[m]!.classes);
  const classErrors = errors.map((error, m) => error * observations[m]!.classes);
  if (allClose(timesClasses, 1, classErrors)) {
    const law = lawOfDistribution(observations.map(scaled((o) => o.classes)), nominal);
    return { ...sure, law, mass: 1, dividesByClasses: true };
  }

  // A constant mass other than 1 may be a factor on a true distribution, and so may one that goes as 1/K; any other cannot.
  const mass = masses[0]!;
  const several = observations.length > 1;
  const steady = (values: readonly number[], error: readonly number[]): boolean =>
    values[0]! !== 0 &&
    allClose(
      values,
      values[0]!,
      error.map((e) => e + error[0]!),
    );
  const byClasses = several && !steady(masses, errors) && steady(timesClasses, classErrors);
  const law = lawOfDistribution(observations.map(scaled((o) => 1 / massOf(o))), nominal);
  const explained = (byClasses || steady(masses, errors)) && law.kind !== 'none' && (law.kind !== 'either' || nominal !== null);
  const nominalAgrees = nominal === null || (explained && agreesWithNominal(law, nominal, greatest(errors) / Math.abs(mass)));
  if (explained && nominalAgrees && (several || nominal !== null || law.kind === 'hard')) {
    return { ...sure, law, mass: 1, factor: byClasses ? timesClasses[0]! : mass, dividesByClasses: byClasses };
  }
  // Targets that sum to no one number may be divided by K all the same: then it is the share of the target that says so.
  const ons = observations.map(({ on, classes }) => on * classes);
  const onErrors = observations.map(({ onError, classes }) => onError * classes);
  if (several && nominal !== null && allClose(ons, 1 - nominal, onErrors) && !steady(masses, errors))
    return { ...sure, law: { kind: 'none' }, mass: timesClasses[0]!, dividesByClasses: true };
  const onAsNamed = nominal !== null && Math.abs(first.on - (1 - nominal)) <= first.onError;
  return { ...sure, law: { kind: 'none' }, mass, massUncertain: observations.length === 1 && !onAsNamed };
}

function massOf(o: Observation): number {
  return o.on + o.offCount * o.off;
}

function scaled(by: (o: Observation) => number): (o: Observation) => Observation {
  return (o) => {
    const factor = by(o);
    const size = Math.abs(factor);
    return { ...o, on: o.on * factor, off: o.off * factor, onError: o.onError * size, offError: o.offError * size };
  };
}

function agreesWithNominal(law: Law, nominal: number, error: number): boolean {
  switch (law.kind) {
    case 'hard':
      // An ε that is lost in rounding is none, for all that can be measured.
      return Math.abs(nominal) <= 4 * error;
    case 'fillScatter':
    case 'uniformMixture':
      return Math.abs(law.smoothing - nominal) <= 4 * error;
    case 'either':
      return [law.fillScatter, law.uniformMixture].some((smoothing) => Math.abs(smoothing - nominal) <= 4 * error);
    case 'none':
      return false;
  }
}

interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** For on and off values that sum to one. */
function lawOfDistribution(observations: readonly Observation[], nominal: number | null): Law {
  if (observations.every((o) => Math.abs(o.off) <= o.offError)) return { kind: 'hard' };
  const padded = observations.some((o) => o.offCount < o.classes - 1);
  const fill = observations.map((o): Estimate => ({ value: o.offCount * o.off, error: Math.max(o.offCount * o.offError, Number.EPSILON) }));
  const mixture = observations.map((o): Estimate => ({
    value: o.classes * o.off,
    error: Math.max(o.classes * o.offError, Number.EPSILON),
  }));
  const [ofFill, ofMixture] = [common(fill), common(mixture)];
  const fillSmoothing = ofFill === null ? null : written(ofFill, nominal);
  const mixtureSmoothing = ofMixture === null ? null : written(ofMixture, nominal);
  if (padded) return fillSmoothing === null ? { kind: 'none' } : { kind: 'fillScatter', smoothing: fillSmoothing, padded };
  if (fillSmoothing !== null && mixtureSmoothing !== null) {
    const near = (smoothing: number, errors: readonly { readonly error: number }[]): boolean =>
      nominal !== null && Math.abs(smoothing - nominal) <= errors[0]!.error;
    const [isFill, isMixture] = [near(fillSmoothing, fill), near(mixtureSmoothing, mixture)];
    if (isFill && !isMixture) return { kind: 'fillScatter', smoothing: fillSmoothing, padded };
    if (isMixture && !isFill) return { kind: 'uniformMixture', smoothing: mixtureSmoothing };
    return { kind: 'either', fillScatter: fillSmoothing, uniformMixture: mixtureSmoothing };
  }
  if (fillSmoothing !== null) return { kind: 'fillScatter', smoothing: fillSmoothing, padded };
  if (mixtureSmoothing !== null) return { kind: 'uniformMixture', smoothing: mixtureSmoothing };
  return { kind: 'none' };
}

function common(values: readonly Estimate[]): Estimate | null {
  const best = values.reduce((left, right) => (right.error < left.error ? right : left));
  return values.every(({ value, error }) => Math.abs(value - best.value) <= error + best.error) ? best : null;
}

/**
 * The ε a person would have written: the nominal one where the measurement allows it, else the shortest decimal it allows when that is
 * short, else the measured number.
 */
function written({ value, error }: Estimate, nominal: number | null): number {
  if (nominal !== null && Math.abs(value - nominal) <= error) return nominal;
  const short = shortestDecimal(value, error);
  return Number(short.toPrecision(3)) === short ? short : Number(value.toPrecision(7));
}
