/** The built-in loss of torch that computes the same: found by running candidates on the probes that the loss itself was measured on. */
import { largest, total } from '../identification/blackBox';
import type { LossRun, Probe } from '../identification/blackBox';
import type { Measurement } from '../identification/measurement';
import { toNum } from '../identification/precision';
import { farthest } from '../identification/probes';
import { show } from '../identification/verdict';
import type { Translation } from '../inspection';
import { sameRun, sameValues } from './agreement';
import { candidatesFor, plainCrossEntropy, torchSmoothing } from './builtinCode';
import type { Candidate } from './builtinCode';
import type { TorchRunner } from './torchRunner';
import { withTorchRunner } from './torchRunner';

export interface BuiltinRequest {
  readonly measurement: Measurement;
  /** The target that the sample names as ignored. */
  readonly ignoreIndex: number | null;
  /** What the loss is handed, when it does not normalise logits itself. */
  readonly feed: 'logits' | 'logProbabilities' | 'probabilities' | 'sigmoids';
  /** Nobody says how many classes there are: the number that it was measured with stands for any. */
  readonly openClasses: boolean;
}

/** Equal in value and gradient on every probe that speaks, or null with what is nearest and what it would lose. */
export function builtinTranslation(request: BuiltinRequest): Translation {
  const { measurement } = request;
  if (!measurement.deterministic) return { code: null, note: 'Two runs give different numbers, so no built-in computes the same.' };
  if (measurement.nextRow)
    return {
      code: null,
      note: 'Each row is held against the label of the next one. torch’s built-ins take rows and labels side by side: shift them against each other first.',
    };
  if (measurement.fit === null) return { code: null, note: measurement.measured.verdict };
  return withTorchRunner((runner) => {
    const ignored = ignoredTarget(request);
    const search = (open: boolean) => firstEqual(candidatesFor(measurement, ignored, open), probesThatSpeak(request), measurement, runner);
    const general = request.openClasses ? search(true) : null;
    // What was not seen to hold at any number of classes is said for the one it was measured with.
    const isGeneral = general?.everyK === true;
    const found = isGeneral ? general : search(false);
    if (found === null) return nearest(request, runner);
    const of = { ...request, openClasses: isGeneral };
    return found.differsFar === null ? equal(found, of) : onlyNearby(found.candidate, found.differsFar, measurement);
  });
}

interface Found {
  readonly candidate: Candidate;
  readonly probes: readonly Probe[];
  /** Whether probes with other numbers of classes agree as well. */
  readonly everyK: boolean;
  /** A batch of large logits on which it gives something else. */
  readonly differsFar: Far | null;
}

interface Far {
  readonly mine: LossRun;
  readonly theirs: LossRun | null;
}

/** Rows of a target that is no class count only where the loss leaves them out, or the sample has them. */
function probesThatSpeak({ measurement, ignoreIndex }: BuiltinRequest): readonly Probe[] {
  const { probes, ignored } = measurement;
  const finite = probes.filter(({ run }) => Number.isFinite(total(run)) && run.gradient.every((row) => row.every(Number.isFinite)));
  return finite.filter(({ targets, logits }) => {
    const strange = targets.filter((target) => target < 0 || target >= logits[0]!.length);
    if (strange.length === 0) return true;
    return ignored?.zeroed === true || (ignoreIndex !== null && strange.includes(ignoreIndex) && probes[0]!.targets.includes(ignoreIndex));
  });
}

function ignoredTarget({ measurement: { ignored }, ignoreIndex }: BuiltinRequest): number | null {
  return ignored?.zeroed === true ? ignored.target : ignoreIndex;
}

function firstEqual(
  candidates: readonly Candidate[],
  probes: readonly Probe[],
  { classes, far }: Measurement,
  runner: TorchRunner,
): Found | null {
  const same = probes.filter(({ logits }) => logits[0]!.length === classes);
  const other = probes.filter(({ logits }) => logits[0]!.length !== classes);
  if (same.length < 2) return null;
  const farProbe = far === null || far.kind === 'failed' ? null : far.probe;
  let nearby: Found | null = null;
  for (const candidate of candidates) {
    if (!same.every((probe) => equalOn(candidate, probe, runner))) continue;
    const theirs = farProbe === null ? null : runOf(candidate, farProbe, runner);
    const isFarToo = farProbe === null || (theirs !== null && sameRun(theirs, farProbe.run));
    const differsFar = isFarToo ? null : { mine: farProbe.run, theirs };
    const everyK = other.length > 0 && other.every((probe) => equalOn(candidate, probe, runner));
    const found = { candidate, probes: same, everyK, differsFar };
    if (isFarToo) return found;
    nearby ??= found;
  }
  return nearby;
}

function runOf(candidate: Candidate, { logits, targets }: Probe, runner: TorchRunner): LossRun | null {
  const code = candidate.at(logits[0]!.length);
  if (code === null) return null;
  try {
    return runner.run(code.text, logits, targets);
  } catch {
    return null;
  }
}

function equalOn(candidate: Candidate, probe: Probe, runner: TorchRunner): boolean {
  const theirs = runOf(candidate, probe, runner);
  return theirs !== null && sameRun(theirs, probe.run);
}

function equal({ candidate, probes, everyK }: Found, request: BuiltinRequest): Translation {
  const { measurement, feed, openClasses } = request;
  const { classes, measuredAt } = measurement;
  const code = candidate.at(classes)!;
  const rows = [...new Set(probes.map(({ targets }) => targets.length))].toSorted((a, b) => a - b);
  const sizes = rows.length === 1 ? `${rows[0]} rows` : `${rows[0]} to ${rows.at(-1)} rows`;
  const others = measuredAt.filter((K) => K !== classes);
  const atK =
    candidate.formula !== null && openClasses
      ? ` How many classes there are was not seen, so its ε is a formula.`
      : candidate.formula !== null
        ? ` Its ε depends on the number of classes: label_smoothing=${candidate.formula}${everyK ? `, which was tried at K = ${others.join(' and ')} too` : ''}.`
        : everyK
          ? ''
          : ` At another number of classes it was not compared, or differs.`;
  const sentences = [
    `Value and gradient agree with yours on ${probes.length} runs of ${sizes} at K = ${classes}${everyK && (candidate.formula === null || openClasses) ? `, and at K = ${others.join(' and ')}` : ''}.${atK}`,
    feedNote(feed),
    divergenceNote(measurement, openClasses),
    candidate.takesIndices ? ignoredNote(request) : null,
    perRowNote(measurement),
    refusedNote(candidate),
  ];
  return { code: code.text, note: sentences.filter((sentence) => sentence !== null).join(' ') };
}

function feedNote(feed: BuiltinRequest['feed']): string | null {
  switch (feed) {
    case 'logits':
      return null;
    case 'logProbabilities':
      return 'It takes the logits themselves, where yours takes their log_softmax.';
    case 'probabilities':
      return 'It takes the logits themselves, where yours takes their softmax.';
    case 'sigmoids':
      return 'It takes the logits themselves, where yours takes their sigmoid.';
  }
}

function divergenceNote(measurement: Measurement, open: boolean): string | null {
  if (measurement.offsetKind !== 'entropy') return null;
  const smoothed = torchSmoothing(measurement, open);
  const smoothing = smoothed?.at(measurement.classes) ?? NaN;
  if (!(smoothing >= 0 && smoothing <= 1)) return null;
  if (open && smoothing > 0) {
    const text = smoothed?.text ?? String(smoothing);
    return `nn.CrossEntropyLoss(label_smoothing=${text}) has the same gradient for a mean over the rows; its value is higher by H(q) per row.`;
  }
  const entropy = show(-Number(measurement.measured.offset));
  return `${plainCrossEntropy(smoothing, 'mean', null).call} has the same gradient for a mean over the rows; its value is higher by H(q) = ${entropy} per row.`;
}

function ignoredNote({ measurement: { ignored, ignoredFailure }, ignoreIndex }: BuiltinRequest): string | null {
  if (ignoredFailure !== null && ignoredFailure.target === -100 && ignoreIndex === null)
    return 'Rows of the target -100, which stop yours, it ignores.';
  return ignored !== null && !ignored.zeroed && ignored.target === -100
    ? 'Rows of the target -100 it ignores; yours gives them a part of the loss.'
    : null;
}

function perRowNote({ crossRow, measured }: Measurement): string | null {
  return crossRow === null || measured.reduction === 'none'
    ? null
    : 'The rows behind the value differ: in yours each row carries something of the others.';
}

/** Where ε′ = ε·K/(K−1) exceeds 1, torch raises. */
function refusedNote(candidate: Candidate): string | null {
  return candidate.formula !== null && candidate.at(2) === null ? 'At K = 2 it would exceed 1, which torch refuses.' : null;
}

// --------------------------------------------------------------------------------------------------------- none is equal

/** A clipped probability, or a small number added before the logarithm: what torch computes without it is another loss. */
function onlyNearby(candidate: Candidate, { mine, theirs }: Far, { classes }: Measurement): Translation {
  const { call } = candidate.at(classes)!;
  const value = (run: LossRun): string => show(toNum(total(run)));
  const itsValue = theirs === null ? 'fails' : `gives ${value(theirs)}`;
  const what = theirs !== null && sameValues(theirs, mine) ? 'its gradient is another' : `yours gives ${value(mine)} and it ${itsValue}`;
  return {
    code: null,
    note: `On ordinary logits ${call} computes the same; where they reach ±${farthest}, ${what}, as when a probability or the loss is clipped, or a small number is added before the logarithm.`,
  };
}

/** Says what is nearest, and what it would lose. */
function nearest(request: BuiltinRequest, runner: TorchRunner): Translation {
  const { measurement } = request;
  const { measured } = measurement;
  const found = nearestOnSample(request, runner);
  const differs = found === null ? '' : ` The nearest, ${found.call}, ${found.difference} on this sample.`;
  return { code: null, note: `${whyNone(measurement)}${differs}${fixedClasses(measured.affine, measurement)}` };
}

function whyNone(measurement: Measurement): string {
  const { measured, shape, law } = measurement;
  if (!measured.affine) return `No built-in of torch computes it. ${measured.verdict}`;
  const mass = Number(measured.mass);
  if (Math.abs(mass - 1) > 1e-5 && (law?.factor ?? 1) === 1 && shape?.kind === 'plain')
    return `No built-in smooths to targets that sum to ${show(mass)}.`;
  const smoothing = torchSmoothing(measurement)?.at(measurement.classes) ?? null;
  if (smoothing !== null && smoothing > 1) return `torch would need label_smoothing=${show(smoothing)} here, and refuses more than 1.`;
  if (smoothing !== null && smoothing < 0)
    return `torch would need label_smoothing=${show(smoothing)} here, and takes a negative one for 0.`;
  if (shape?.kind === 'general') return 'No built-in has targets that differ from class to class or row to row in this way.';
  if (measured.reduction === 'unknown') return 'No built-in divides as it does: what it divides by does not follow the number of rows.';
  return 'No built-in was found that gives its value and gradient on every run.';
}

/** Targets of another mass are a factor on those of torch, but at one number of classes only. */
function fixedClasses(affine: boolean, { measured, shape, classes }: Measurement): string {
  const [mass, off] = [Number(measured.mass), Number(measured.offValue)];
  if (!affine || shape?.kind !== 'plain' || shape.zeroColumn !== null || Math.abs(mass - 1) <= 1e-5 || !(off > 0) || !(mass > 0)) return '';
  const smoothing = (off * classes) / mass;
  return smoothing <= 1
    ? ` At K = ${classes} alone it is ${show(mass)} times the cross entropy with label_smoothing=${show(smoothing)}.`
    : '';
}

interface Near {
  readonly call: string;
  readonly difference: string;
}

function nearestOnSample({ measurement, ignoreIndex }: BuiltinRequest, runner: TorchRunner): Near | null {
  const { probes, smoothing, measured } = measurement;
  const { logits, targets, run } = probes[0]!;
  const classes = measurement.classes;
  const normalised = (Number(measured.offValue) * classes) / Number(measured.mass);
  const wanted = [smoothing, measured.effectiveSmoothing.uniformMixture, normalised, torchSmoothing(measurement)?.at(classes), 0];
  const factors = [...new Set(wanted)]
    .filter((e): e is number => typeof e === 'number' && e >= 0 && e <= 1)
    .map((e) => Number(e.toPrecision(4)));
  const reductions = typeof run.value === 'number' ? (['mean', 'sum'] as const) : (['none'] as const);
  const ignore = measured.paddingIndex ?? ignoreIndex;
  const tried = factors.flatMap((e) =>
    reductions.flatMap((reduction) => {
      const code = plainCrossEntropy(e, reduction, ignore);
      try {
        const theirs = runner.run(code.text, logits, targets);
        const gradient = largest(theirs.gradient.flatMap((row, i) => row.map((g, k) => g - run.gradient[i]![k]!)));
        return [{ call: code.call, value: total(theirs) - total(run), gradient }];
      } catch {
        return [];
      }
    }),
  );
  const usable = tried.filter(({ value, gradient }) => Number.isFinite(value) && Number.isFinite(gradient));
  if (usable.length === 0) return null;
  const distance = (one: (typeof usable)[number]): number => one.gradient + Math.abs(one.value) / targets.length;
  const best = usable.reduce((left, right) => (distance(right) < distance(left) ? right : left));
  const size = show(Math.abs(best.value));
  const value = Math.abs(best.value) <= 1e-5 ? 'has nearly the same value' : `is ${best.value > 0 ? 'higher' : 'lower'} by ${size}`;
  return { call: best.call, difference: `${value}, its gradient differs by up to ${show(best.gradient)}` };
}
