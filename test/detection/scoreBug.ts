/**
 * A report of a person, as a file and an `expected.json` with what the answer `must` and `must_not` hold, in words. What of the words can be
 * decided by looking (numbers, rules, quoted text, where a loss is found) is; the rest is left to a reader, never counted as right.
 */
import { rules as allRules } from '../../src/findings/findings';
import { inspected, near, nearAsWritten, number, statedSmoothing, whyNot, type Inspected, type Told } from './inspected';
import { point, type Point } from './point';

export interface BugCase {
  readonly file: string;
  readonly must: readonly string[];
  readonly must_not: readonly string[];
}

export function scoreBug(root: string, name: string, record: BugCase): readonly Point[] {
  const said = inspected(root, record.file);
  return [
    ...record.must.map((statement) => mustPoint(name, statement, said)),
    ...record.must_not.map((statement) => mustNotPoint(name, statement, said)),
  ];
}

type Check = (losses: readonly Told[], said: Inspected) => boolean;

const anyLoss =
  (test: (loss: Told) => boolean): Check =>
  (losses) =>
    losses.some(test);

const readings: readonly (readonly [RegExp, (match: RegExpExecArray) => Check])[] = [
  [/\bsmoothing (\d*\.\d+)/, ([, e]) => anyLoss((loss) => near(statedSmoothing(loss), Number(e)))],
  [/\bvalue (\d+\.\d+)/, ([, value]) => anyLoss((loss) => nearAsWritten(number(loss.value), value!))],
  [/^(\d+\.\d{4,})$/, ([, value]) => anyLoss((loss) => nearAsWritten(number(loss.value), value!))],
  [/uniform mixture (\d+\.\d+)/, ([, value]) => anyLoss((loss) => nearAsWritten(number(loss.value), value!))],
  [/\bclasses (\d+)/, ([, K]) => anyLoss((loss) => loss.classes === Number(K))],
  [/\bon (\d\.\d+), off (\d\.\d+)/, ([, on, off]) => anyLoss((loss) => measures(loss, on!, off!))],
  [
    /\bignore_index (\d+)/,
    ([, index]) => anyLoss((loss) => loss.sample?.ignoreIndex === Number(index) || says(loss, `ignore_index = ${index!}`)),
  ],
  [
    /\buniform mixture\b/,
    () => anyLoss((loss) => loss.measured?.formulation === 'uniform-mixture' || /uniform mixture/i.test(loss.measured?.verdict ?? '')),
  ],
  [/\bmean over the rows\b/, () => anyLoss((loss) => loss.measured?.reduction === 'mean')],
  [/\bmean weighted by class\b/, () => anyLoss((loss) => loss.measured?.reduction === 'weightedMean')],
  [/^sum$/, () => anyLoss((loss) => loss.measured?.reduction === 'sum')],
  [/\bdivides by K\b/, () => anyLoss((loss) => loss.measured?.reduction === 'elementMean')],
  [/\ba scalar\b/, () => anyLoss((loss) => loss.value !== null && loss.measured?.reduction !== 'none')],
  [
    /\btakes probabilities\b/,
    (): Check =>
      (_, { text }) =>
        /probabilit/i.test(text),
  ],
  [/^both sites$/, (): Check => (losses) => losses.length >= 2],
  [
    /\bfound\b.*\b(?:unsupported|run)\b/i,
    (): Check =>
      (losses, { text }) =>
        losses.some((loss) => loss.measured !== null) || /Unsupported/.test(text),
  ],
  [
    /\bruns? or is "Unsupported"/,
    (): Check =>
      (losses, { text }) =>
        losses.some((loss) => loss.measured !== null) || /Unsupported/.test(text),
  ],
  [/\bfound\b|\bruns\b/, () => anyLoss((loss) => loss.measured !== null)],
];

const measures = ({ measured }: Told, on: string, off: string): boolean =>
  nearAsWritten(number(measured?.onValue), on) && nearAsWritten(number(measured?.offValue), off);

const says = (loss: Told, text: string): boolean => JSON.stringify(loss).includes(text);

const knownRules = new Set(allRules.map(({ id }) => id));

const rulesIn = (statement: string): readonly string[] =>
  statement.match(/\b[a-z]+(?:-[a-z]+)+\b/g)?.filter((word) => knownRules.has(word)) ?? [];

/** `line 10 …`, `#2 …` and a loss’s own name speak of one loss. */
function spokenOf(statement: string, { losses }: Inspected): readonly Told[] {
  const line = /\bline (\d+)/.exec(statement)?.[1];
  if (line !== undefined) return losses.filter(({ range }) => range.line <= Number(line) && Number(line) <= range.endLine);
  const place = /#(\d+)/.exec(statement)?.[1];
  if (place !== undefined) return losses.slice(Number(place) - 1, Number(place));
  const named = losses.filter(({ name }) => new RegExp(`^${name}\\b`).test(statement));
  return named.length > 0 ? named : losses;
}

function mustPoint(name: string, statement: string, said: Inspected): Point {
  const told = point('bugs: must', `${name}: ${statement}`);
  const losses = spokenOf(statement, said);
  const checks = [
    ...readings.flatMap(([pattern, check]) => {
      const match = pattern.exec(statement);
      return match ? [check(match)] : [];
    }),
    ...rulesIn(statement).map((rule) => anyLoss((loss) => loss.findings.some((finding) => finding.rule === rule))),
  ];
  const seen = said.losses.map((loss) => (loss.measured ? loss.measured.verdict : whyNot(loss))).join(' | ') || 'no loss found';
  if (checks.length === 0) return told('open', [seen, ...said.losses.flatMap(findingsOf)].join(' | '));
  return checks.every((check) => check(losses, said)) ? told('right') : told('missing', seen);
}

const findingsOf = ({ findings }: Told): readonly string[] => findings.map(({ rule, message }) => `${rule}: ${message}`);

function mustNotPoint(name: string, statement: string, said: Inspected): Point {
  const told = point('bugs: must not', `${name}: ${statement}`);
  const losses = spokenOf(statement, said);
  const quoted = [...statement.matchAll(/"([^"]+)"/g)].map(([, text]) => text!);
  const held = (text: string): boolean =>
    wildcard(text).test(losses === said.losses ? said.text : losses.map((loss) => JSON.stringify(loss)).join('\n'));
  if (/^only /.test(statement)) {
    const isOnly = quoted.some(held) && said.losses.every(({ findings }) => findings.length === 0);
    return isOnly ? told('wrong', 'nothing else is said') : told('right');
  }
  const rules = rulesIn(statement);
  if (rules.length > 0) {
    const subject = / on (\w+)/.exec(statement)?.[1];
    const finding = said.losses
      .flatMap(({ findings }) => findings)
      .find(({ rule, message }) => rules.includes(rule) && message.includes(subject ?? ''));
    return finding ? told('wrong', `${finding.rule}: ${finding.message}`) : told('right');
  }
  if (/^any finding/.test(statement)) {
    const finding = said.losses.flatMap(({ findings }) => findings).find(({ severity }) => severity === 'warning' || severity === 'error');
    return finding ? told('wrong', `${finding.rule}: ${finding.message}`) : told('right');
  }
  const value = /^(\d+\.\d{4,}) for line/.exec(statement)?.[1];
  if (value !== undefined)
    return losses.some((loss) => nearAsWritten(number(loss.value), value)) ? told('wrong', `${value} is said`) : told('right');
  if (quoted.length > 0) return quoted.some(held) ? told('wrong', 'it is said') : told('right');
  const error = /\b\w*Error\b/.exec(statement)?.[0];
  if (error !== undefined) {
    const raised = said.losses.find(
      ({ problem }) => problem !== null && (problem.message.includes(error) || said.text.includes(statement)),
    );
    return raised ? told('wrong', raised.problem!.message) : told('right');
  }
  if (/^no loss found$/.test(statement))
    return said.losses.length === 0 && !/Unsupported/.test(said.text) ? told('wrong', 'it is said') : told('right');
  if (/^[\w.]+$|^ε = /.test(statement)) return said.text.includes(statement) ? told('wrong', 'it is said') : told('right');
  return told('open', said.losses.map((loss) => loss.measured?.verdict ?? whyNot(loss)).join(' | '));
}

const wildcard = (text: string): RegExp =>
  new RegExp(
    text
      .split('…')
      .map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[^\\n]*'),
  );
