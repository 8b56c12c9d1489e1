/** An inspection in a few words. */
import { l10n } from 'vscode';
import type { Finding, Inspection, Measured, Num } from '../inspection';
import { conventionOf, isAssumed, otherConvention } from '../knownInputs';

/** A number as a person reads it: four significant digits, no trailing zeros. */
export function shortNumber(value: Num): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : { nan: 'NaN', inf: '∞', '-inf': '−∞' }[value];
}

/** What the loss was measured to be: the formulation's name, or null when it was not measured or is none of them. */
export function formulationTitle({ measured, comparisons }: Inspection): string | null {
  const id = measured?.formulation ?? null;
  if (id === null) return null;
  const own = comparisons.find(({ formulation }) => formulation === id);
  const title = own?.title ?? id;
  // On large logits a clipped loss is another one.
  return own?.relation?.kind === 'different' ? l10n.t('{0} on ordinary logits', title) : title;
}

/** Other targets are those of no ε. */
export function sumsToOne(measured: Measured | null): measured is Measured {
  return typeof measured?.mass === 'number' && Math.abs(measured.mass - 1) <= 1e-5;
}

/** One short line for a lens: “fill/scatter · ε 0.1 · ≙ torch 0.1111 at K = 10 · 1 warning”; what is assumed is no fact of the code. */
export function oneLine(inspection: Inspection): string {
  const { status, measured, value, smoothing, findings } = inspection;
  if (status !== 'measured') return l10n.t('cannot be inspected: {0}', inspection.problem?.message ?? status);
  const unnamed =
    measured || inspection.unrecognised
      ? l10n.t('not a known formulation')
      : value === null
        ? l10n.t('inspected')
        : l10n.t('loss {0}', shortNumber(value));
  const { recognised, parameters } = inspection;
  if (recognised !== undefined)
    return [
      recognised.title,
      ...parameters.map(({ symbol, value: number }) => `${symbol} ${shortNumber(number)}`),
      ...findingCounts(findings),
    ].join(' · ');
  const parts = [formulationTitle(inspection) ?? unnamed];
  if (smoothing !== null) {
    const number = shortNumber(smoothing);
    parts.push(isAssumed(inspection, 'smoothing') ? l10n.t('ε {0} assumed', number) : `ε ${number}`);
  }
  const equivalent = inTorch(inspection);
  if (equivalent !== null) parts.push(equivalent);
  parts.push(...findingCounts(findings));
  return parts.join(' · ');
}

/** The ε with which torch has the same targets, where it is another one. */
function inTorch(inspection: Inspection): string | null {
  const { measured, smoothing, classes } = inspection;
  if (!sumsToOne(measured) || smoothing === null || classes === null) return null;
  const equivalent = measured.effectiveSmoothing.uniformMixture;
  if (typeof equivalent !== 'number' || Math.abs(equivalent - smoothing) <= 1e-5) return null;
  if (!isAssumed(inspection, 'classes')) return l10n.t('≙ torch {0} at K = {1}', shortNumber(equivalent), classes);
  // Only of a formulation is it known what it does at every K.
  const isKnown = measured.formulation !== null && conventionOf(inspection) === 'fillScatter';
  return isKnown ? l10n.t('≙ torch {0}', otherConvention.fillScatter) : null;
}

function findingCounts(findings: readonly Finding[]): string[] {
  const count = (severity: Finding['severity']): number => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  return [
    ...(errors > 0 ? [errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors)] : []),
    ...(warnings > 0 ? [warnings === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', warnings)] : []),
  ];
}
