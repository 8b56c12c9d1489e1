/** An `expected.json` that lists losses: the value, gradient, targets, ε, reduction and name of each. */
import type { Sample } from '../../src/inspection';
import { asText, isDistribution } from './distributions';
import { inspected, isAssumed, near, number, statedSmoothing, whyNot, type Told } from './inspected';
import { point, type Point } from './point';

export interface VerdictCase {
  readonly file: string;
  readonly name: string;
  readonly call: string;
  readonly shape: string;
  readonly epsilon: number | null;
  readonly on: string | null;
  readonly off: string | null;
  readonly affine: boolean;
  readonly family: string;
  readonly reduction: string;
  readonly note: string;
  readonly sample: Sample;
  readonly value: number;
  readonly gradient: readonly (readonly number[])[];
}

const row = (what: string): string => `verdicts: ${what}`;

export function scoreVerdict(root: string, record: VerdictCase): readonly Point[] {
  const loss = chosen(inspected(root, record.file, record.sample).losses, record.name);
  const rows = ['value', 'targets', 'ε', 'reduction', 'name'];
  const told = (what: string) => point(row(what), record.file);
  if (loss === undefined) return rows.map((what) => told(what)('missing', `${record.name} is not found`));
  const { measured } = loss;
  if (measured === null) {
    const outcome = loss.status === 'unsupported' ? 'unsupported' : 'missing';
    return rows.map((what) => told(what)(outcome, whyNot(loss)));
  }
  return [
    valuePoint(record, loss),
    targetsPoint(record, loss),
    smoothingPoint(record, loss),
    reductions(record.reduction).includes(measured.reduction)
      ? told('reduction')('right')
      : told('reduction')('wrong', `${record.reduction}, not ${measured.reduction}`),
    // Whatever is no affine function of the log-probabilities is none of the formulations.
    record.affine || measured.formulation === null
      ? told('name')('right')
      : /; that is so /.test(measured.verdict)
        ? told('name')('open', measured.verdict)
        : told('name')('wrong', `${record.family} is called ${measured.formulation}: ${measured.verdict}`),
    ...notes(record, loss),
  ];
}

const chosen = (losses: readonly Told[], name: string): Told | undefined =>
  losses.find((loss) => loss.name === name) ??
  losses.find((loss) => loss.name.endsWith(`.${name}`) || loss.name.startsWith(`${name}.`)) ??
  (losses.length === 1 ? losses[0] : undefined);

function valuePoint(record: VerdictCase, loss: Told): Point {
  const told = point(row('value'), record.file);
  const value = number(loss.value);
  const gradient = loss.gradient?.values.map(number) ?? [];
  const expected = record.gradient.flat();
  const isSame = near(value, record.value) && gradient.length === expected.length && expected.every((g, i) => near(gradient[i]!, g));
  if (isSame) return told('right');
  if (isAssumed(loss)) return told('missing', `ε = ${String(record.epsilon)} was not followed`);
  // Handed over in another way than the file's own loss wants it, another value is no mistake yet.
  const isGivenAsIs = record.call === 'L(z, y)' || record.call === 'L(torch.softmax(z, 1), y)';
  const detail = near(value, record.value) ? 'the gradient differs' : `${String(value)}, not ${record.value}`;
  return told(isGivenAsIs && record.shape === 'BK' ? 'wrong' : 'open', detail);
}

function targetsPoint(record: VerdictCase, loss: Told): Point {
  const told = point(row('targets'), record.file);
  const { on, off, epsilon } = record;
  if (on === null || off === null || epsilon === null) return told('open', `${record.family}: ${loss.measured?.verdict ?? ''}`);
  if (isDistribution({ on, off }, loss, { e: epsilon, K: loss.classes ?? 0 })) return told('right');
  if (isAssumed(loss)) return told('missing', `ε = ${epsilon} was not followed`);
  return told('wrong', `on ${on}, off ${off} at ε = ${epsilon} (${asText(loss)})`);
}

function smoothingPoint({ file, epsilon }: VerdictCase, loss: Told): Point {
  const told = point(row('ε'), file);
  const stated = statedSmoothing(loss);
  if (epsilon === null) return stated === null || stated === 0 ? told('right') : told('wrong', `ε = ${stated} where there is none`);
  if (stated === null) return told('missing', `ε = ${epsilon} is not stated`);
  return near(stated, epsilon) ? told('right') : told('wrong', `ε = ${stated}, not ${epsilon}`);
}

const reductions = (expected: string): readonly string[] => (expected === 'mean' ? ['mean', 'activeMean', 'batchmean'] : ['weightedMean']);

/** `RULE would be wrong`, or a warning that would be. */
function notes({ file, note }: VerdictCase, { findings }: Told): readonly Point[] {
  const wrong = /^(?:([a-z-]+)|a warning about the (\w+).*) (?:would be|is) wrong$/.exec(note);
  if (wrong === null) return [];
  const [, rule, subject] = wrong;
  const said = findings.find((finding) => finding.rule === rule || (subject !== undefined && finding.rule.endsWith(subject)));
  const told = point(row('no false alarm'), file);
  return [said ? told('wrong', `${said.rule}: ${said.message}`) : told('right')];
}
