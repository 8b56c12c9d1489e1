/** The loss as tfjs TypeScript, made from the operations that its code executed; handed out only after it was run and compared. */
import type { LossSite } from '../detection/sites';
import type { Feed } from '../execution/bridge';
import type { RunnableSite } from '../execution/runSite';
import type { RecordedStep, Session } from '../execution/session';
import { farthest } from '../identification/probes';
import type { Sample, Translation } from '../inspection';
import { lineIndex } from '../language/positions';
import type { Range } from '../language/program';
import { check } from './tfjsCheck';
import { lower } from './tfjsLowering';
import { camelCase, printed, reserved } from './tfjsPrint';
import { decimal, type General, generalise } from './tfjsRows';
import { tracedSamples, triedSamples } from './tfjsSamples';
import { NotSaid } from './tfjsTerms';
import { type LossTrace, NotTraced, traceLoss } from './tfjsTrace';

export interface TfjsRequest {
  readonly session: Session;
  readonly site: LossSite;
  /** The loss as it was measured, and what it was fed. */
  readonly loss: RunnableSite;
  readonly feed: Feed;
  readonly sample: Sample;
  /** The smoothing factor as it was passed to the code (null where the code's own was left), and what it is. */
  readonly passedSmoothing: number | null;
  readonly smoothing: number | null;
}

const inputNames: Readonly<Record<Feed, string>> = {
  logits: 'logits',
  logProbabilities: 'logProbabilities',
  probabilities: 'probabilities',
  sigmoids: 'sigmoids',
};

const parameterNames: readonly string[] = [...Object.values(inputNames), 'targets'];

export function tfjsTranslation(request: TfjsRequest): Translation {
  const { session, site, loss, feed, sample } = request;
  if (site.program.language === 'typescript')
    return {
      code: null,
      note:
        site.framework === 'tfjs' ? 'It is tfjs code already.' : 'It computes with plain numbers: there are no operations to translate.',
    };
  if (sample.logits[0]!.length < 2) return { code: null, note: 'tf.oneHot takes two classes at least; this sample has one.' };
  try {
    const [first, second] = tracedSamples(sample).map(({ logits, targets }) => traceLoss(request, logits, targets)) as [
      LossTrace,
      LossTrace,
    ];
    const tracksGradient = !session.bridge.runsOften;
    const rows = { first: first.rows, second: second.rows };
    const root = generalise(lower(first, tracksGradient), lower(second, tracksGradient), rows);
    const functionName = nameOfFunction(site);
    const code = printed(root, { functionName, inputName: inputNames[feed], header: headerOf(request), nameOf: namesIn(first.steps) });
    const checked = check(code, functionName, loss.box(feed), feed, triedSamples(sample, !tracksGradient));
    if (!checked.agrees) return { code: null, note: `tfjs code was made of it, but ${checked.difference}: so it is not offered.` };
    const { samples, fewestRows, mostRows, isFarToo } = checked;
    const far = isFarToo ? `, one of them of logits up to ±${farthest}` : '';
    return {
      code,
      note: `Value and gradient agree with yours on ${samples} samples of ${fewestRows} to ${mostRows} rows${far}. ${scopeOf(request)}${branchesOf(first, session)}`,
    };
  } catch (error) {
    return { code: null, note: whyNot(error, session) };
  }
}

/** A branch that the data decides is followed as it was taken. */
function branchesOf({ decisions }: LossTrace, { program }: Session): string {
  const lines = [...new Set(decisions.map(({ start }) => lineIndex(program.text).at(start).line))];
  if (lines.length === 0) return '';
  return ` What ${lines.length === 1 ? 'line' : 'lines'} ${lines.join(', ')} decided by the data is decided as on these samples.`;
}

function whyNot(error: unknown, session: Session): string {
  if (error instanceof NotSaid) return `It cannot be said in tfjs: ${error.message}${lineOf(error.range, session)}.`;
  if (error instanceof NotTraced) return `It cannot be said in tfjs: ${error.message}.`;
  return `It could not be run on the samples that a translation is made from: ${session.problemOf(error).message}`;
}

function lineOf(range: Range | null, { program }: Session): string {
  if (range === null) return '';
  const { line } = lineIndex(program.text).at(range.start);
  // A notebook's lines are not those of its file.
  return program.locate === undefined ? ` (line ${line})` : ` in \`${program.text.split(/\r\n?|\n/)[line - 1]!.trim()}\``;
}

function scopeOf({ sample, feed }: TfjsRequest): string {
  const classes = `It holds for ${sample.logits[0]!.length} classes and any number of rows`;
  const taken = { logProbabilities: 'log-probabilities', probabilities: 'probabilities', sigmoids: 'a probability for each class' };
  return feed === 'logits' ? `${classes}.` : `${classes}, and takes ${taken[feed]} as yours does.`;
}

function headerOf({ site, sample, smoothing }: TfjsRequest): string {
  const epsilon = smoothing === null ? '' : `, ε = ${decimal(smoothing)}`;
  return `${site.name}: made from the operations that its code executed, for K = ${sample.logits[0]!.length}${epsilon}.`;
}

function nameOfFunction({ name }: LossSite): string {
  const identifier = /[A-Za-z_]\w*/g;
  const last =
    name
      .replace(/ #\d+$/, '')
      .match(identifier)
      ?.at(-1) ?? 'loss';
  const made = camelCase(last);
  return /^[a-z]\w*$/i.test(made) && !reserved.has(made) && !parameterNames.includes(made) ? made : 'loss';
}

/** Larger tensors are not told by their values. */
const mostElements = 2000;

/** The code's own names for the values it computed. */
function namesIn(steps: readonly RecordedStep[]): (term: General) => string | null {
  const names = new Map<string, string>();
  const key = (shape: readonly number[], values: ArrayLike<number>): string => `${shape.join()}|${Array.from(values).join()}`;
  for (const { label, tensor } of steps) {
    if (tensor === null || !/^[A-Za-z]\w*$/.test(label) || label === 'return') continue;
    if (tensor.values.length > mostElements) continue;
    const of = key(tensor.shape, tensor.values);
    if (!names.has(of)) names.set(of, camelCase(label));
  }
  return ({ shape, values }) => (values === null || values.length > mostElements ? null : (names.get(key(shape, values)) ?? null));
}
