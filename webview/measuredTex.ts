/** The measured loss as TeX, with its own constants. */
import type { Measured, Num, Reduction } from '../src/inspection';
import { plainDigits, toNumber } from './format';

/**
 * The measured loss in TeX: how the samples are put together, then the loss of one sample. Null where it is no affine
 * function of the log-probabilities, for then the measured numbers are only the best fit.
 */
export function measuredFormula(measured: Measured, targets: readonly number[]): readonly string[] | null {
  if (!measured.affine) return null;
  const offset = constant(measured.offset);
  const shift = offset === '0' ? '' : offset.startsWith('-') ? offset : `+ ${offset}`;
  const perSample = hasOnAndOff(measured, targets) ? onAndOff(measured) : '-\\sum_{k} q_{n,k} \\log p_{n,k}';
  return [`L = ${over[measured.reduction] ?? `${constant(measured.scale)} \\sum_{n} \\ell_n`}`, `\\ell_n = ${perSample} ${shift}`];
}

const over: Readonly<Record<Reduction, string | null>> = {
  none: '(\\ell_1, \\dots, \\ell_N)',
  mean: '\\frac{1}{N} \\sum_{n} \\ell_n',
  batchmean: '\\frac{1}{N} \\sum_{n} \\ell_n',
  sum: '\\sum_{n} \\ell_n',
  elementMean: '\\frac{1}{N K} \\sum_{n} \\ell_n',
  activeMean: '\\frac{1}{N_{\\text{active}}} \\sum_{n} \\ell_n',
  weightedMean: '\\frac{1}{\\sum_n w_{y_n}} \\sum_{n} \\ell_n',
  unknown: null,
};

function onAndOff(measured: Measured): string {
  const [on, off] = [constant(measured.onValue), constant(measured.offValue)];
  const term = (factor: string, logs: string): string =>
    factor === '0'
      ? ''
      : `${factor.startsWith('-') ? '+' : '-'} ${factor === '1' || factor === '-1' ? '' : factor.replace('-', '')} ${logs}`;
  const others = measured.paddingIndex === null ? 'k \\ne y_n' : `k \\ne y_n,\\, k \\ne ${measured.paddingIndex}`;
  const text = `${term(on, '\\log p_{n,y_n}')} ${term(off, `\\sum_{${others}} \\log p_{n,k}`)}`.trim();
  return text.replace(/^\+ /, '') || '0';
}

/** Do the measured distributions consist of the on value at the target and the off value elsewhere? */
function hasOnAndOff(measured: Measured, targets: readonly number[]): boolean {
  const [on, off] = [toNumber(measured.onValue), toNumber(measured.offValue)];
  const near = (value: Num, wanted: number): boolean => Math.abs(toNumber(value) - wanted) <= 1e-5;
  return (
    Number.isFinite(on) &&
    Number.isFinite(off) &&
    measured.targetDistribution.every((row, n) => {
      const silent = row.every((value) => near(value, 0));
      return silent || row.every((value, k) => near(value, k === targets[n] ? on : off) || (k === measured.paddingIndex && near(value, 0)));
    })
  );
}

function constant(value: Num): string {
  return plainDigits(toNumber(value), 6).replace(
    /e([+-]?)(\d+)$/,
    (_, sign: string, digits: string) => ` \\cdot 10^{${sign === '-' ? '-' : ''}${digits}}`,
  );
}
