/** Candidates for the built-in of torch that computes what was measured, as Python text. Which of them does is for running them to say. */
import type { Law } from '../identification/law';
import type { Measurement } from '../identification/measurement';
import { shortestDecimal } from '../identification/precision';
import { floatText } from './pythonNumbers';

/** Torch code that binds `loss`, for `logits` [N, K] and `targets` [N]. */
export interface BuiltinCode {
  readonly text: string;
  /** The call alone, for a sentence. */
  readonly call: string;
}

export interface Candidate {
  /** The code at a number of classes; null where torch refuses what it would need. */
  readonly at: (classes: number) => BuiltinCode | null;
  /** The formula that gives torch's ε at any K, where K changes it. */
  readonly formula: string | null;
  /** Whether it is handed class indices, and leaves out rows of the target -100. */
  readonly takesIndices: boolean;
}

/** What the loss is besides its targets, as torch's arguments. */
interface Options {
  readonly weights: readonly number[] | null;
  readonly ignore: number | null;
  /** Nobody says how many classes there are. */
  readonly open: boolean;
}

/** How a sum over the rows becomes the loss. */
interface Finish {
  /** torch's reduction; null for its default, the mean. */
  readonly reduction: string | null;
  /** What stands behind the call. */
  readonly behind: (classes: number) => string;
}

const nothing = (): string => '';
const mean: Finish = { reduction: null, behind: nothing };
const sum: Finish = { reduction: 'sum', behind: nothing };
const none: Finish = { reduction: 'none', behind: nothing };
const sumOverRows: Finish = { reduction: 'sum', behind: () => ' / len(targets)' };
const sumOverElements: Finish = { reduction: 'sum', behind: () => ' / logits.numel()' };
const meanOverClasses: Finish = { reduction: null, behind: () => ' / logits.size(1)' };

/** ε of torch at a number of classes. */
type Smoothing = (classes: number) => number;

interface Smoothed {
  readonly at: Smoothing;
  readonly formula: string | null;
  /** The argument, where it is no plain number. */
  readonly text: string | null;
  /** A line that says where the number comes from. */
  readonly comment: (classes: number) => string | null;
}

/** Where nobody says how many classes there are, code takes them from what it is handed. */
const countedClasses = 'num_classes = logits.size(1)  # the number of classes';

const aNumber = { formula: null, text: null, comment: () => null };

/**
 * ε in torch's convention from what was measured; null where no mixture with the uniform distribution gives the targets.
 * @param open nobody says how many classes there are: no number holds that depends on them
 */
export function torchSmoothing(measurement: Measurement, open = false): Smoothed | null {
  const law: Law | undefined = measurement.law?.law;
  switch (law?.kind) {
    case 'hard':
      return { ...aNumber, at: () => 0 };
    case 'uniformMixture':
      return { ...aNumber, at: () => law.smoothing };
    case 'fillScatter': {
      if (law.padded) return null;
      const at: Smoothing = (K) => (law.smoothing * K) / (K - 1);
      const written = `${floatText(law.smoothing)} * num_classes / (num_classes - 1)`;
      if (open) return { at, formula: written, text: written, comment: () => countedClasses };
      const formula = `${floatText(law.smoothing)} * K / (K - 1)`;
      return {
        at,
        formula,
        text: null,
        comment: (K) => `# fill/scatter with ε = ${floatText(law.smoothing)} is torch's label_smoothing=${formula}, here at K = ${K}.`,
      };
    }
    default: {
      const { effectiveSmoothing, mass } = measurement.measured;
      const smoothing = effectiveSmoothing.uniformMixture;
      if (typeof smoothing !== 'number' || Math.abs(Number(mass) - 1) > 1e-5) return null;
      return {
        at: (K) => (K === measurement.classes ? smoothing : NaN),
        formula: null,
        text: null,
        comment: (K) => `# At K = ${K}; what another number of classes gives was not seen.`,
      };
    }
  }
}

/** All that may be it, the likeliest first. */
export function candidatesFor(measurement: Measurement, ignored: number | null, open = false): readonly Candidate[] {
  const options = { ...optionsOf(measurement, ignored), open };
  if (measurement.otherFamily?.kind === 'binary') return binary(measurement.otherFamily);
  if (!measurement.measured.affine) return [];
  if (measurement.offsetKind === 'entropy') return divergences(measurement, options);
  const smoothed = torchSmoothing(measurement, open);
  const finishes = [mean, sum, none, sumOverRows, meanOverClasses, sumOverElements];
  const { shape } = measurement;
  if (shape?.kind === 'normal' || (smoothed === null && measurement.law?.law.kind === 'fillScatter'))
    return finishes.map((finish) => overTargets(measurement, options, finish));
  if (smoothed === null) return [];
  const measuredFactor = measurement.law?.factor ?? 1;
  const factor = shortestDecimal(measuredFactor, 2e-6 * Math.abs(measuredFactor));
  const offset = measurement.offsetKind === 'constant' ? Number(measurement.measured.offset) : 0;
  if (shape?.kind === 'mixup') return finishes.map((finish) => mixed(smoothed, shape.lambda, options, finish));
  const plain = finishes.map((finish) => crossEntropy(smoothed, options, finish, factor, offset));
  if (shape?.kind !== 'weighted') return plain;
  const byTarget = [' / len(targets)', ' / weight[targets].sum()', ''].map((behind) => weightedRows(smoothed, options, behind));
  return shape.by === 'class' ? [...plain, ...byTarget] : [...byTarget, ...plain];
}

function optionsOf({ shape, classWeights, measured }: Measurement, ignored: number | null): Omit<Options, 'open'> {
  const ignore = measured.paddingIndex ?? ignored;
  return { weights: shape?.kind === 'weighted' ? classWeights : null, ignore };
}

/** `nn.CrossEntropyLoss(…)` at a smoothing factor of torch's, for naming the nearest where none is equal. */
export function plainCrossEntropy(smoothing: number, reduction: 'mean' | 'sum' | 'none', ignore: number | null): BuiltinCode {
  const finish = { mean, sum, none }[reduction];
  return crossEntropyCode(argumentOf(smoothing), null, { weights: null, ignore, open: false }, finish, 2, 1, 0);
}

function crossEntropy(
  { at, formula, text, comment }: Smoothed,
  options: Options,
  finish: Finish,
  factor: number,
  offset: number,
): Candidate {
  return {
    formula,
    takesIndices: true,
    at(classes) {
      const smoothing = at(classes);
      if (!(smoothing >= 0 && smoothing <= 1)) return null;
      return crossEntropyCode(text ?? argumentOf(smoothing), comment(classes), options, finish, classes, factor, offset);
    },
  };
}

/** Null where it is torch's default. */
const argumentOf = (smoothing: number): string | null => (smoothing === 0 ? null : floatText(smoothing));

function crossEntropyCode(
  smoothing: string | null,
  comment: string | null,
  options: Options,
  finish: Finish,
  classes: number,
  factor: number,
  offset: number,
): BuiltinCode {
  const call = `nn.CrossEntropyLoss(${crossEntropyArguments(smoothing, options, finish, classes)})`;
  const times = factor === 1 ? '' : `${floatText(factor)} * `;
  const plus = offset === 0 ? '' : ` ${offset < 0 ? '-' : '+'} ${floatText(Math.abs(offset))}`;
  return {
    call,
    text: lines(
      ...imports(options, classes),
      comment,
      weightLine(options, classes),
      `criterion = ${call}`,
      `loss = ${times}criterion(logits, targets)${finish.behind(classes)}${plus}`,
    ),
  };
}

function crossEntropyArguments(smoothing: string | null, options: Options, { reduction }: Finish, classes: number): string {
  return [
    options.weights?.length === classes ? 'weight=weight' : null,
    options.ignore === null || options.ignore === -100 ? null : `ignore_index=${options.ignore}`,
    reduction === null ? null : `reduction='${reduction}'`,
    smoothing === null ? null : `label_smoothing=${smoothing}`,
  ]
    .filter((argument) => argument !== null)
    .join(', ');
}

/** Rows weighted by the weight of their target, which torch's `weight` does only without smoothing. */
function weightedRows({ at, formula, text: written, comment }: Smoothed, options: Options, behind: string): Candidate {
  return {
    formula,
    takesIndices: true,
    at(classes) {
      const smoothing = at(classes);
      if (!(smoothing >= 0 && smoothing <= 1)) return null;
      const call = `nn.CrossEntropyLoss(${crossEntropyArguments(written ?? argumentOf(smoothing), { ...options, weights: null }, none, classes)})`;
      const isWeighted = options.weights?.length === classes;
      const text = lines(
        ...imports(options, classes),
        comment(classes),
        weightLine(options, classes),
        `criterion = ${call}`,
        isWeighted
          ? `loss = (weight[targets] * criterion(logits, targets)).sum()${behind}`
          : `loss = criterion(logits, targets).sum()${behind === '' ? '' : ' / len(targets)'}`,
      );
      return { call, text };
    },
  };
}

function mixed({ at, formula, text: written, comment }: Smoothed, lambda: number, options: Options, finish: Finish): Candidate {
  return {
    formula,
    takesIndices: true,
    at(classes) {
      const smoothing = at(classes);
      if (!(smoothing >= 0 && smoothing <= 1)) return null;
      const call = `nn.CrossEntropyLoss(${crossEntropyArguments(written ?? argumentOf(smoothing), options, finish, classes)})`;
      const share = floatText(Number(lambda.toPrecision(6)));
      const text = lines(
        ...imports(options, classes),
        comment(classes),
        weightLine(options, classes),
        `criterion = ${call}`,
        `lam = ${share}`,
        `loss = (lam * criterion(logits, targets) + (1 - lam) * criterion(logits, targets.flip(0)))${finish.behind(classes)}`,
      );
      return { call, text };
    },
  };
}

// ---------------------------------------------------------------------------------------------------- explicit targets

/** A KL divergence from explicit targets. */
function divergences(measurement: Measurement, options: Options): readonly Candidate[] {
  const finishes: readonly Finish[] = [
    { reduction: 'batchmean', behind: nothing },
    sum,
    mean,
    none,
    { reduction: 'none', behind: () => '.sum(dim=1)' },
    ...(options.ignore === null ? [] : [{ reduction: 'sum', behind: () => ` / (targets != ${options.ignore}).sum()` }]),
  ];
  return finishes.map((finish) => explicit('KLDivLoss', 'logits.log_softmax(dim=-1)', measurement, options, finish));
}

/** A cross entropy of explicit targets. */
function overTargets(measurement: Measurement, options: Options, finish: Finish): Candidate {
  return explicit('CrossEntropyLoss', 'logits', measurement, options, finish);
}

/** A loss of torch's that is given the smoothed targets themselves. */
function explicit(loss: string, input: string, measurement: Measurement, options: Options, finish: Finish): Candidate {
  return {
    formula: null,
    takesIndices: false,
    at(classes) {
      const targets = targetLines(measurement, options, classes);
      if (targets === null) return null;
      const call = `nn.${loss}(${finish.reduction === null ? '' : `reduction='${finish.reduction}'`})`;
      const text = lines(
        'import torch',
        'from torch import nn',
        '',
        ...targets,
        `criterion = ${call}`,
        `loss = criterion(${input}, q)${finish.behind(classes)}`,
      );
      return { call, text };
    },
  };
}

/** The smoothed targets q; null where no rule gives them at this number of classes. */
function targetLines(measurement: Measurement, { ignore, open }: Options, classes: number): readonly string[] | null {
  const { shape } = measurement;
  const zeroRows = ignore === null || ignore < 0 ? [] : [`q[targets == ${ignore}] = 0`];
  if (shape?.kind === 'normal') {
    const sigma = floatText(Number(shape.sigma.toPrecision(6)));
    return [
      'classes = torch.arange(logits.size(1))',
      `q = torch.softmax(-((classes - targets.unsqueeze(1)) ** 2) / (2 * ${sigma} ** 2), dim=1)`,
      ...zeroRows,
    ];
  }
  const values = onAndOffAt(measurement, classes);
  if (values === null) return null;
  const column = shape?.zeroColumn ?? null;
  const written = open ? onAndOffWritten(measurement) : null;
  const { on, off } = written ?? { on: floatText(values.on), off: floatText(values.off) };
  return [
    ...(written === null ? [] : [countedClasses]),
    `q = torch.full_like(logits, ${off}).scatter(1, targets.unsqueeze(1), ${on})`,
    ...(column === null ? [] : [`q[:, ${column}] = 0`]),
    ...zeroRows,
  ];
}

function onAndOffAt({ law, classes: measuredAt, measured }: Measurement, classes: number): { on: number; off: number } | null {
  switch (law?.law.kind) {
    case 'hard':
      return { on: 1, off: 0 };
    case 'uniformMixture':
      return { on: 1 - law.law.smoothing + law.law.smoothing / classes, off: law.law.smoothing / classes };
    case 'fillScatter':
      return { on: 1 - law.law.smoothing, off: law.law.smoothing / (classes - (law.law.padded ? 2 : 1)) };
    default: {
      const [on, off] = [Number(measured.onValue), Number(measured.offValue)];
      return classes === measuredAt && Number.isFinite(on) && Number.isFinite(off) ? { on, off } : null;
    }
  }
}

/** The same for any number of classes; null where none is in it. */
function onAndOffWritten({ law }: Measurement): { on: string; off: string } | null {
  switch (law?.law.kind) {
    case 'uniformMixture': {
      const off = `${floatText(law.law.smoothing)} / num_classes`;
      return { on: `${floatText(1 - law.law.smoothing)} + ${off}`, off };
    }
    case 'fillScatter':
      return {
        on: floatText(1 - law.law.smoothing),
        off: `${floatText(law.law.smoothing)} / (num_classes - ${law.law.padded ? 2 : 1})`,
      };
    default:
      return null;
  }
}

// -------------------------------------------------------------------------------------------------------------- binary

function binary({ on, off }: { readonly on: number; readonly off: number }): readonly Candidate[] {
  return [mean, sum, none, sumOverRows, { reduction: 'none', behind: () => '.sum(dim=1)' }].map((finish) => ({
    formula: null,
    takesIndices: false,
    at() {
      const call = `nn.BCEWithLogitsLoss(${finish.reduction === null ? '' : `reduction='${finish.reduction}'`})`;
      const text = lines(
        'import torch',
        'from torch import nn',
        '',
        `q = torch.full_like(logits, ${floatText(off)}).scatter(1, targets.unsqueeze(1), ${floatText(on)})`,
        `criterion = ${call}`,
        `loss = criterion(logits, q)${finish.behind(0)}`,
      );
      return { call, text };
    },
  }));
}

// ---------------------------------------------------------------------------------------------------------------- text

const imports = ({ weights }: Options, classes: number): readonly string[] =>
  weights?.length === classes ? ['import torch', 'from torch import nn', ''] : ['from torch import nn', ''];

const weightLine = ({ weights }: Options, classes: number): string | null =>
  weights?.length === classes
    ? `weight = torch.tensor([${weights.map((w) => floatText(shortestDecimal(w, 1e-6 * Math.abs(w)))).join(', ')}])`
    : null;

const lines = (...parts: readonly (string | null)[]): string => `${parts.filter((line) => line !== null).join('\n')}\n`;
