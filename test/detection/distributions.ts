/** What the manifests' letters say of the targets, as formulas of e and K. */
import { number, type Told } from './inspected';
import { valueOfFormula, type Known } from './formula';

export interface Distribution {
  readonly on: string;
  readonly off: string;
  /** Formulations of ours that are this one. */
  readonly formulations: readonly string[];
}

export const distributions: Readonly<Record<string, Distribution>> = {
  U: { on: '1-e+e/K', off: 'e/K', formulations: ['uniform-mixture', 'mixup-target'] },
  F: { on: '1-e', off: 'e/(K-1)', formulations: ['fill-scatter', 'fairseq'] },
  A: { on: '1-e', off: 'e/(K-2)', formulations: ['annotated-transformer'] },
  M: { on: '1-e', off: 'e/K', formulations: [] },
  BIN: { on: '1-e+e/2', off: 'e/2', formulations: ['binary'] },
  TBIN: { on: '1-e+e/K', off: 'e/K', formulations: ['timm-binary'] },
};

/** Is what was measured this distribution at this ε? Tolerance: what the gradients of float32 allow. */
export function isDistribution({ on, off }: Pick<Distribution, 'on' | 'off'>, loss: Told, known: Known): boolean {
  const { measured } = loss;
  const close = (actual: number | null, formula: string): boolean =>
    actual !== null && Math.abs(actual - valueOfFormula(formula, known)) <= 5e-4;
  return measured !== null && close(number(measured.onValue), on) && close(number(measured.offValue), off);
}

/** −H(q) of a distribution: what a divergence from the targets has less than their cross entropy. */
export function minusEntropy({ on, off }: Distribution, known: Known, others: number): number {
  const term = (q: number): number => (q <= 0 ? 0 : q * Math.log(q));
  return term(valueOfFormula(on, known)) + others * term(valueOfFormula(off, known));
}

export const asText = (loss: Told): string =>
  loss.measured === null
    ? 'not measured'
    : `on ${String(loss.measured.onValue)}, off ${String(loss.measured.offValue)}, ε ${String(loss.smoothing)}, K ${String(loss.classes)}: ${loss.measured.verdict}`;

/** A loss of one sigmoid for each class says its targets in its verdict: the best softmax for it says nothing. */
export function isToldBinary({ on, off }: Distribution, { measured }: Told, known: Known): boolean {
  const told = /target (\d[\d.]*) for the labelled class and (\d[\d.]*) for the others/.exec(measured?.verdict ?? '');
  if (told === null) return false;
  const close = (text: string, formula: string): boolean => Math.abs(Number(text) - valueOfFormula(formula, known)) <= 5e-4;
  return close(told[1]!, on) && close(told[2]!, off);
}
