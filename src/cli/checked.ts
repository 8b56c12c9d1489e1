/** What `check` finds, as plain data for its formats. */
import type { FileInspection, Finding, Problem, SourceRange } from '../inspection';
import type { RuleSettings, Severity } from '../findings/severities';
import { withSettings } from '../findings/severities';

export interface CheckedFile {
  /** Relative to where the command runs, with slashes; absolute when it lies elsewhere. */
  readonly file: string;
  readonly losses: number;
  readonly findings: readonly Finding[];
  /** Why losses of the file, or the file, were not checked. */
  readonly problems: readonly Problem[];
}

/** What `check --format json` prints. */
export interface CheckReport {
  /** Those that hold a loss. */
  readonly files: readonly CheckedFile[];
  readonly counts: Counts;
}

export type Counts = Readonly<Record<Severity, number>> & {
  readonly problems: number;
  readonly losses: number;
  /** All that were looked at, with a loss or without. */
  readonly filesLookedAt: number;
};

/** `isAskedFor`: the file itself was named. Elsewhere, that a loss could not be run is told of those that smooth. */
export function checkedFile({ file, losses, problems }: FileInspection, settings: RuleSettings, isAskedFor: boolean): CheckedFile {
  const findings = losses.flatMap((loss) => loss.findings);
  const told = losses.filter(({ smoothingConstants }) => isAskedFor || smoothingConstants.length > 0);
  const ofLosses = told.flatMap(({ problem }) => problem ?? []);
  return {
    file,
    losses: losses.length,
    findings: inOrder(withSettings(findings, settings), ({ rule }) => rule),
    problems: inOrder([...problems, ...ofLosses], ({ type }) => type),
  };
}

/** In the order of the text, none twice: losses that share code find the same in it. */
function inOrder<T extends { readonly range: SourceRange | null; readonly message: string }>(
  all: readonly T[],
  kindOf: (one: T) => string,
): readonly T[] {
  const unique = new Map(
    all.map((one) => [`${one.range?.file ?? ''} ${one.range?.start ?? ''} ${one.range?.end ?? ''} ${kindOf(one)} ${one.message}`, one]),
  );
  return [...unique.values()].sort((a, b) => (a.range?.start ?? 0) - (b.range?.start ?? 0));
}

export function countsOf(files: readonly CheckedFile[], filesLookedAt: number): Counts {
  const of = (severity: Severity): number =>
    files.reduce((sum, { findings }) => sum + findings.filter((finding) => finding.severity === severity).length, 0);
  return {
    error: of('error'),
    warning: of('warning'),
    info: of('info'),
    hint: of('hint'),
    problems: files.reduce((sum, { problems }) => sum + problems.length, 0),
    losses: files.reduce((sum, { losses }) => sum + losses, 0),
    filesLookedAt,
  };
}
