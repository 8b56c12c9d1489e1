/** The table of rules, and what they find of one loss. */
import type { Measurement } from '../identification/measurement';
import type { Finding, Inspection, SourceRange } from '../inspection';
import type { Range } from '../language/program';
import { afterwardsRules } from './afterwardsRules';
import type { LossSite } from '../detection/sites';
import { callerRules } from './callerRules';
import { otherConvention, twoConventions } from './conventionsRule';
import { familyRules } from './familyRules';
import type { FamilySubject } from './familyRules';
import { noticeRules } from './noticeRules';
import { reductionRules } from './reductionRules';
import type { Edit, Fix, Found, Rule, Subject, TargetFlow } from './rule';
import { sameNumbers, sameOnSample } from './sameNumbers';
import { softmaxRules } from './softmaxRules';
import { isSuppressed } from './suppression';
import { unknownRule } from './suppressionRules';
import { targetRules } from './targetRules';

const lossRules: readonly Rule[] = [...softmaxRules, ...targetRules, ...reductionRules, ...callerRules, ...afterwardsRules, ...noticeRules];

const ruleOfComments = unknownRule([...lossRules, ...familyRules, twoConventions].map(({ id }) => id));
const rulesOfSmoothing: readonly Rule[] = [...lossRules, ruleOfComments];

/** All there are, whatever they look at. */
export const rules: readonly Pick<Rule, 'id' | 'severity' | 'title'>[] = [...rulesOfSmoothing, ...familyRules, twoConventions];

/** What the rules of families find of a recognised loss; a suppress comment at its name silences them. */
export function familyFindings(subject: FamilySubject, { program, nameRange }: LossSite, place: FindingsHost['place']): readonly Finding[] {
  return familyRules.flatMap(({ id, severity, look }) =>
    isSuppressed(id, nameRange, program)
      ? []
      : look(subject).map((message): Finding => ({ rule: id, severity, message, range: place(nameRange) })),
  );
}

/** What the losses of one text are together; a suppress comment at the name of one silences it there. */
export function findingsAmong(
  loss: Inspection,
  others: readonly Inspection[],
  { program, nameRange }: LossSite,
  place: FindingsHost['place'],
): readonly Finding[] {
  const { id, severity } = twoConventions;
  const message = isSuppressed(id, nameRange, program) ? null : otherConvention(loss, others);
  return message === null ? [] : [{ rule: id, severity, message, range: place(nameRange) }];
}

export interface FindingsHost {
  /** An offset range of the program as a place in the document. */
  readonly place: (range: Range) => SourceRange;
  /** Runs `check` on the loss with the edits made; false when it no longer runs. Without it no fix is offered. */
  readonly tryEdits?: (edits: readonly Edit[], check: (again: Subject) => boolean) => boolean;
  /** Runs these targets and their loss with the edits made: whether they are smoothed once. */
  readonly smoothsOnce?: (edits: readonly Edit[], flow: TargetFlow) => boolean;
}

/** Everything the rules find, in the order of the text; what a suppress comment names is left out. */
export function findingsFor(subject: Subject, host: FindingsHost): readonly Finding[] {
  const found = rulesOfSmoothing.flatMap((rule) => rule.look(subject).flatMap((one) => findingOf(rule, one, subject, host) ?? []));
  return found.toSorted((a, b) => a.range.start - b.range.start);
}

function findingOf(
  { id, severity }: Rule,
  { range, message, fixes = [], provedByFix }: Found,
  subject: Subject,
  host: FindingsHost,
): Finding | null {
  const isSilenced = (at: Range): boolean =>
    // A comment of another file is not read here.
    (at.file === undefined || at.file === subject.site.program.file) && isSuppressed(id, at, subject.site.program);
  if (isSilenced(range)) return null;
  const fix = firstKept(fixes.slice(0, mostCandidates), subject, host);
  const at = fix?.at ?? range;
  if ((fix === null && provedByFix) || isSilenced(at)) return null;
  const base = { rule: id, severity, message, range: host.place(at) };
  if (fix === null) return base;
  const edits = fix.edits.map((edit) => ({ range: host.place(edit.range), newText: edit.newText }));
  return { ...base, fix: { title: fix.title, edits, keepsNumbers: fix.keepsNumbers } };
}

/** Each candidate costs a measurement of the edited document. */
const mostCandidates = 8;

/** The first that keeps its promise; those of the same edits (one that keeps the numbers, one that does not) are tried together. */
function firstKept([first, ...others]: readonly Fix[], subject: Subject, host: FindingsHost): Fix | null {
  if (first === undefined) return null;
  const isSame = ({ edits }: Fix): boolean =>
    edits.length === first.edits.length &&
    edits.every(({ range, newText }, i) => {
      const own = first.edits[i]!;
      return range.start === own.range.start && range.end === own.range.end && newText === own.newText;
    });
  const alike = others.findIndex((other) => !isSame(other));
  const together = [first, ...(alike < 0 ? others : others.slice(0, alike))];
  return keptOf(together, subject, host) ?? firstKept(others.slice(together.length - 1), subject, host);
}

function keptOf(alike: readonly Fix[], { measurement }: Subject, { tryEdits, smoothsOnce }: FindingsHost): Fix | null {
  const [{ edits, flow }] = alike as readonly [Fix];
  if (flow !== undefined) return smoothsOnce?.(edits, flow) === true ? alike[0]! : null;
  if (measurement === null || tryEdits === undefined) return null;
  let kept: Fix | null = null;
  tryEdits(edits, (again) => {
    kept = alike.find((fix) => keepsPromise(fix, measurement, again)) ?? null;
    return kept !== null;
  });
  return kept;
}

/** One run on the sample tells most of what changes the numbers, before the loss is measured. */
function keepsPromise({ keepsNumbers, soon, promise }: Fix, before: Measurement, again: Subject): boolean {
  if (soon?.(again) === false || (keepsNumbers && !sameOnSample(before, again.run))) return false;
  const after = again.measurement;
  return after !== null && (!keepsNumbers || sameNumbers(before, after)) && promise(after, before, again);
}
