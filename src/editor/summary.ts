/** An inspection in a few words. */
import { l10n } from 'vscode';
import type { Finding, Inspection, Num } from '../inspection';

/** A number as a person reads it: four significant digits, no trailing zeros. */
export function shortNumber(value: Num): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : { nan: 'NaN', inf: '∞', '-inf': '−∞' }[value];
}

/** What the loss was measured to be: the formulation's name, or null when it was not measured or is none of them. */
export function formulationTitle({ measured, comparisons }: Inspection): string | null {
  const id = measured?.formulation ?? null;
  return id === null ? null : (comparisons.find(({ formulation }) => formulation === id)?.title ?? id);
}

/** One short line for a lens: “fill/scatter · ε 0.1 · 1 warning”. */
export function oneLine(inspection: Inspection): string {
  const { status, measured, smoothing, findings } = inspection;
  if (status !== 'measured') return l10n.t('cannot be inspected: {0}', inspection.problem?.message ?? status);
  const parts = [formulationTitle(inspection) ?? (measured ? l10n.t('not a known formulation') : l10n.t('inspected'))];
  if (smoothing !== null) parts.push(`ε ${shortNumber(smoothing)}`);
  const equivalent = measured?.effectiveSmoothing.uniformMixture;
  if (typeof equivalent === 'number' && smoothing !== null && Math.abs(equivalent - smoothing) > 1e-5)
    parts.push(`≙ torch ${shortNumber(equivalent)}`);
  parts.push(...findingCounts(findings));
  return parts.join(' · ');
}

function findingCounts(findings: readonly Finding[]): string[] {
  const count = (severity: Finding['severity']): number => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  return [
    ...(errors > 0 ? [errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors)] : []),
    ...(warnings > 0 ? [warnings === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', warnings)] : []),
  ];
}
