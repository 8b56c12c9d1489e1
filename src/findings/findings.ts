/** The table of rules, and what they find of one loss. */
import type { Finding, SourceRange } from '../inspection';
import type { Range } from '../language/program';
import { noticeRules } from './noticeRules';
import { reductionRules } from './reductionRules';
import type { Edit, Fix, Found, Rule, Subject } from './rule';
import { sameNumbers } from './sameNumbers';
import { softmaxRules } from './softmaxRules';
import { isSuppressed } from './suppression';
import { unknownRule } from './suppressionRules';
import { targetRules } from './targetRules';

const lossRules: readonly Rule[] = [...softmaxRules, ...targetRules, ...reductionRules, ...noticeRules];

export const rules: readonly Rule[] = [...lossRules, unknownRule(lossRules.map(({ id }) => id))];

export interface FindingsHost {
  /** An offset range of the program as a place in the document. */
  readonly place: (range: Range) => SourceRange;
  /** Runs `check` on the loss with the edits made; false when it no longer runs. Without it no fix is offered. */
  readonly tryEdits?: (edits: readonly Edit[], check: (again: Subject) => boolean) => boolean;
  /** Whether the document still parses with the edits made. */
  readonly parses?: (edits: readonly Edit[]) => boolean;
}

/** Everything the rules find, in the order of the text; what a suppress comment names is left out. */
export function findingsFor(subject: Subject, host: FindingsHost): readonly Finding[] {
  const found = rules.flatMap((rule) => rule.look(subject).flatMap((one) => findingOf(rule, one, subject, host) ?? []));
  return found.toSorted((a, b) => a.range.start - b.range.start);
}

function findingOf(
  { id, severity }: Rule,
  { range, message, fixes = [], provedByFix }: Found,
  subject: Subject,
  host: FindingsHost,
): Finding | null {
  const isSilenced = (at: Range): boolean => isSuppressed(id, at, subject.site.program);
  if (isSilenced(range)) return null;
  const fix = fixes.slice(0, mostCandidates).find((candidate) => keepsPromise(candidate, subject, host));
  const at = fix?.at ?? range;
  if ((fix === undefined && provedByFix) || isSilenced(at)) return null;
  const base = { rule: id, severity, message, range: host.place(at) };
  if (fix === undefined) return base;
  const edits = fix.edits.map((edit) => ({ range: host.place(edit.range), newText: edit.newText }));
  return { ...base, fix: { title: fix.title, edits, keepsNumbers: fix.keepsNumbers } };
}

/** Each candidate costs a measurement of the edited document. */
const mostCandidates = 8;

function keepsPromise(fix: Fix, { measurement }: Subject, { tryEdits, parses }: FindingsHost): boolean {
  if (fix.endsSmoothing) return parses?.(fix.edits) === true;
  if (measurement === null || tryEdits === undefined) return false;
  return tryEdits(fix.edits, (again) => {
    const after = again.measurement;
    return after !== null && (!fix.keepsNumbers || sameNumbers(measurement, after)) && fix.promise(after, measurement, again);
  });
}
