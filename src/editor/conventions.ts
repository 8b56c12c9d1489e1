/**
 * The two meanings of a smoothing factor ε for K classes, as plain arithmetic (Szegedy et al. 2016, section 7, and its fill/scatter variant):
 * the uniform mixture spreads ε over all classes, fill/scatter over the K − 1 others.
 */
export type Convention = 'fillScatter' | 'uniformMixture';

export interface OnOff {
  readonly on: number;
  readonly off: number;
}

/** Target values; null where the convention has none (fill/scatter with one class divides by zero). */
export function onOff(convention: Convention, smoothing: number, classes: number): OnOff | null {
  if (convention === 'uniformMixture') return { on: 1 - smoothing + smoothing / classes, off: smoothing / classes };
  return classes > 1 ? { on: 1 - smoothing, off: smoothing / (classes - 1) } : null;
}

/** The ε with which the other convention makes the same targets: ε·K/(K−1) from fill/scatter, ε·(K−1)/K to it. Null when none in [0, 1] does. */
export function inOtherConvention(from: Convention, smoothing: number, classes: number): number | null {
  if (classes < 2) return null;
  const other = from === 'fillScatter' ? (smoothing * classes) / (classes - 1) : (smoothing * (classes - 1)) / classes;
  return other <= 1 ? other : null;
}

/** What one row of targets adds up to: `on` once, and `off` on as many classes as make up the rest. */
export interface TargetRow extends OnOff {
  readonly mass: number;
}

/** The smallest cross entropy Σ q_k(−log p_k) that these targets allow: their entropy, where the mass is 1. */
export function entropyFloor({ on, off, mass }: TargetRow): number {
  const part = (value: number, share: number): number => (share > 0 && value > 0 ? -share * Math.log(value / mass) : 0);
  return part(on, on) + part(off, mass - on);
}

/** How far the target's logit leads the others where the cross entropy is smallest: log(on/off). Null where it would be infinite. */
export function optimalGap({ on, off }: OnOff): number | null {
  return on > 0 && off > 0 ? Math.log(on / off) : null;
}
