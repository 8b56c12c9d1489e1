/** Rules about the smoothed targets: what they sum to, which ε they follow, whether the rows of padding are left out. */
import type { BlackBox } from '../identification/blackBox';
import { measure } from '../identification/measure';
import type { Measurement } from '../identification/measurement';
import { defaultSample } from '../identification/sample';
import type { Sample } from '../inspection';
import { show } from '../identification/verdict';
import type { Call } from '../language/program';
import { twoClasses } from './fewClassesRule';
import { isSmoothingFactorName } from '../detection/vocabulary';
import { filledLabel } from './filledLabelRule';
import { ignoredTargets } from './ignoredTargets';
import { isNeverRead } from './neverRead';
import { targetsChangedInPlace } from './inPlaceRule';
import { mayUseItElsewhere } from './otherPaths';
import { clampedIndices, fullReductionsOf, masksOf, overKeptRows } from './rowFixes';
import { sameNumbers } from './sameNumbers';
import { callsOf, comparisonsOf, divisionsOf, keyword, numberValue, operationOf, textOf, withKeyword } from './code';
import { smoothingTwice } from './smoothingTwiceRule';
import { spellingsOf } from './spelling';
import type { Edit, Fix, Found, Rule, Subject } from './rule';

/** Where the smoothing factor stands in this loss, else its name. */
function placeOfSmoothing({ constants, site }: Subject): Found['range'] {
  const own = constants.find(({ range }) => site.range.start <= range.start && range.end <= site.range.end);
  return own?.range ?? site.nameRange;
}

function lawOf(measurement: Measurement | null): NonNullable<Measurement['law']> | null {
  return measurement !== null && measurement.measured.affine ? measurement.law : null;
}

export const targetMass: Rule = {
  id: 'target-mass',
  severity: 'warning',
  title: 'The smoothed targets do not sum to one',
  look(subject) {
    const { measurement, smoothing } = subject;
    const law = lawOf(measurement);
    if (measurement === null || law === null || law.law.kind !== 'none' || law.massUncertain || measurement.shape?.kind !== 'plain')
      return [];
    const { measured, classes: K } = measurement;
    const [on, off, mass] = [Number(measured.onValue), Number(measured.offValue), Number(measured.mass)];
    if (Math.abs(mass - 1) < 1e-4) return [];
    // A class that is left out as padding needs no share.
    const others = K - 1 - (measurement.shape.zeroColumn === null ? 0 : 1);
    const each: readonly (readonly [string, number])[] =
      smoothing === null
        ? []
        : [
            ['ε/K', smoothing / K],
            ['ε/(K−1)', smoothing / (K - 1)],
            ['ε/(K−2)', smoothing / (K - 2)],
            ['ε²/(K−1)', smoothing ** 2 / (K - 1)],
            ['ε/K²: divided by K twice', smoothing / K ** 2],
            ['ε, not divided by K', smoothing],
            ['1/K without ε', 1 / K],
          ];
    const named = each.find(([, value]) => close(value, off));
    const isSmoothed = smoothing === null ? on >= 0.5 && on <= 1 : (changesTheMass(subject, mass) ?? showsSmoothing(smoothing, on, off, K));
    if (!isSmoothed || isMeantForAnotherK(subject, on, off)) return [];
    const needed = others === K - 1 ? 'ε/(K−1)' : 'ε/(K−2)';
    const remedy =
      off < 0
        ? '; what is below 0 rewards a class for being improbable: a sign is wrong'
        : smoothing !== null && close(on, 1 - smoothing) && others > 0
          ? `; with 1−ε on the target the others need ${needed} = ${show(smoothing / others)} each`
          : '';
    const share = named === undefined ? show(off) : `${show(off)} (${named[0]})`;
    const left = others === K - 1 ? '' : `, and nothing on the padding class`;
    const message = `The smoothed targets sum to ${show(mass)}, not 1: ${show(on)} on the target and ${share} on ${others === 1 ? 'the other class' : `each of the other ${others}`}${left}${remedy}.`;
    return [{ range: placeOfSmoothing(subject), message, fixes: overOtherClasses(subject) }];
  },
};

const close = (a: number, b: number): boolean =>
  Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= 1e-4 * Math.max(Math.abs(a), Math.abs(b));

/**
 * Whether it is the smoothing that makes them sum to something else: without it they sum to another number, and some of the target's share goes
 * to the other classes. (A sum of several losses, 0.1·smoothed + 1·plain, has its mass at every ε; a uniform term beside the full cross entropy
 * is a penalty.) Null where the loss cannot be run without smoothing.
 */
function changesTheMass({ variant, sample, measurement }: Subject, mass: number): boolean | null {
  const plain = variant?.({ smoothing: 0 }) ?? null;
  if (plain === null || sample === null || measurement === null) return null;
  const without = measuredOn(plain, sample, 0);
  const law = lawOf(without);
  if (without === null || law?.law.kind !== 'hard') return null;
  const share = (measured: Measurement): number => Number(measured.measured.scale);
  const massWithout = law.factor;
  // Both in the same unit: what one row counts for.
  const isSteady = close(share(without) / massWithout, share(measurement));
  const taken = massWithout - (Number(measurement.measured.onValue) - Number(measurement.measured.offValue));
  return isSteady && !close(mass, massWithout) && taken > 1e-4;
}

function measuredOn(loss: BlackBox, { logits, targets }: Sample, smoothing: number | null): Measurement | null {
  try {
    return measure(loss, { logits, targets, smoothing });
  } catch {
    return null;
  }
}

/** Smoothed targets that went wrong still show their ε, or a confidence. */
function showsSmoothing(smoothing: number, on: number, off: number, K: number): boolean {
  const offs = [smoothing / K, smoothing / (K - 1), smoothing / (K - 2), 1 / K];
  return close(on, 1 - smoothing) || close(on, 1 - smoothing + smoothing / K) || offs.some((value) => close(value, off));
}

/**
 * A number of classes written into the code makes on and off values that stay as they are at another K, and sum to one at that number alone; unless
 * the file says that this is the K it is used at, they say nothing.
 */
function isMeantForAnotherK({ run, classesOfProgram, measurement, smoothing }: Subject, on: number, off: number): boolean {
  if (run === null || measurement === null || classesOfProgram === measurement.classes) return false;
  const elsewhere = measuredOn(run, defaultSample(measurement.classes + 3, 4), smoothing);
  if (elsewhere?.shape?.kind !== 'plain' || !elsewhere.measured.affine) return false;
  if (!close(Number(elsewhere.measured.onValue), on) || !close(Number(elsewhere.measured.offValue), off)) return false;
  const meant = 1 + (1 - on) / off;
  return meant >= 1.5 && Math.abs(meant - Math.round(meant)) < 1e-3 * meant;
}

/** Every division of the loss, by one less: what shares ε among the other classes shows itself when it is tried. */
function overOtherClasses(subject: Subject): readonly Fix[] {
  const { site } = subject;
  const [epsilon] = spellingsOf(subject, 'smoothing');
  const sums = divisionsOf(site).flatMap(({ left, right, range }): readonly Edit[] => {
    if (numberValue(left) === 1 && epsilon !== undefined) return [{ range, newText: `${epsilon} / (${textOf(site, right)} - 1)` }];
    if (numberValue(right) !== null) return [];
    if (right.kind === 'binary' && right.operator === '-' && numberValue(right.right) === 2)
      return [{ range: right.right.range, newText: '1' }];
    const text = textOf(site, right);
    const isSimple = right.kind === 'name' || right.kind === 'attribute' || right.kind === 'call' || right.kind === 'subscript';
    return isSimple ? [{ range: right.range, newText: `(${text} - 1)` }] : [];
  });
  return sums.slice(0, 6).map((edit) => ({
    title: 'Share ε among the other K − 1 classes',
    edits: [edit],
    keepsNumbers: false,
    promise: (after) => after.measured.affine && after.law?.law.kind === 'fillScatter',
  }));
}

export const notEpsilon: Rule = {
  id: 'not-epsilon',
  severity: 'info',
  title: 'The parameter is not the ε that is used',
  look(subject) {
    const { measurement, smoothing } = subject;
    const law = lawOf(measurement)?.law;
    if (measurement?.distribution === undefined || measurement.distribution === null || smoothing === null) return [];
    // A factor that the file does not say was chosen for it: it may be the confidence as well.
    if (subject.assumesNumbers || !subject.constants.some(({ value }) => value !== null)) return [];
    if (law?.kind !== 'fillScatter' && law?.kind !== 'uniformMixture') return [];
    const slack = 4 * measurement.classes * measurement.distribution.error + 1e-7;
    if (Math.abs(law.smoothing - smoothing) <= slack) return [];
    const name = law.kind === 'fillScatter' ? 'fill/scatter' : 'the uniform mixture';
    const isConfidence = Math.abs(1 - law.smoothing - smoothing) <= slack ? ' It is the confidence 1 − ε.' : '';
    const message = `The code's ${show(smoothing)} is not ε: the targets are those of ${name} with ε = ${show(law.smoothing)}.${isConfidence}`;
    return [{ range: placeOfSmoothing(subject), message }];
  },
};

export const smoothingUnused: Rule = {
  id: 'smoothing-unused',
  severity: 'warning',
  title: 'The smoothing factor changes nothing',
  look(subject) {
    const { measurement, smoothing, site } = subject;
    const law = lawOf(measurement);
    if (law?.law.kind !== 'hard' || measurement?.shape?.kind === 'mixup') return [];
    if (site.smoothingParameters.length === 0) return neverRead(subject);
    if (smoothing === null || smoothing <= 0 || smoothing >= 1 || subject.assumesNumbers || mayUseItElsewhere(subject)) return [];
    const message = `A smoothing factor of ${show(smoothing)} is given, but the targets are hard labels: the loss is plain cross entropy.`;
    return [{ range: placeOfSmoothing(subject), message, fixes: smoothedByTorch(subject, smoothing) }];
  },
};

/** Parameters called a smoothing factor that no code reads, in a loss that was measured to have hard labels. */
function neverRead(subject: Subject): readonly Found[] {
  const { site, parameters } = subject;
  return parameters.flatMap(({ name, role, range, defaultValue }): readonly Found[] => {
    const smoothing = numberValue(defaultValue);
    const isFactor = role === 'smoothing' && (isSmoothingFactorName(name) || name === 'smoothing');
    if (!isFactor || smoothing === null || smoothing <= 0 || smoothing >= 1 || !isNeverRead(site, name)) return [];
    const message = `\`${name}\`, ${show(smoothing)} here, is never used: the targets are hard labels, and the loss is plain cross entropy.`;
    return [{ range, message, fixes: smoothedByTorch(subject, smoothing) }];
  });
}

/** torch's cross entropy, called without the factor. */
function smoothedByTorch(subject: Subject, smoothing: number): readonly Fix[] {
  const { site } = subject;
  if (site.framework !== 'torch') return [];
  const calls = callsOf(site).filter(
    (call) => ['crossentropy', 'crossentropyloss'].includes(operationOf(call)) && keyword(call, 'label_smoothing') === null,
  );
  const names = [...new Set([...spellingsOf(subject, 'smoothing'), ...site.smoothingNames])].slice(0, 3);
  return calls.flatMap((call) =>
    names.map((name) => ({
      title: `Hand it on: label_smoothing=${name}`,
      edits: [withKeyword(call, `label_smoothing=${name}`)],
      keepsNumbers: false,
      promise: ({ law }) => law?.law.kind === 'uniformMixture' && Math.abs(law.law.smoothing - smoothing) < 1e-4,
    })),
  );
}

export const smoothingRange: Rule = {
  id: 'smoothing-range',
  severity: 'warning',
  title: 'A smoothing factor outside [0, 1)',
  look(subject) {
    const { constants, site } = subject;
    const isTorch = site.framework === 'torch' && site.definition.kind === 'call' && site.definition.of === null;
    return constants
      .filter(({ name, value }) => value !== null && (value < 0 || value >= 1) && isShownToSmooth(subject, name))
      .map(({ range, value }) => {
        const isNegative = (value ?? 0) < 0;
        const what = isNegative ? 'below 0' : value === 1 ? '1: the target gets no more than any other class' : 'above 1';
        const torch = isNegative
          ? ' torch takes it for 0 without a word.'
          : (value ?? 0) > 1
            ? ' torch raises a RuntimeError at the call.'
            : '';
        return { range, message: `The smoothing factor ${show(value ?? NaN)} is ${what}; it should be in [0, 1).${isTorch ? torch : ''}` };
      });
  },
};

/** A share of another kind (the α of a focal loss) may be what it likes: the loss was seen to smooth, or the name leaves no doubt. */
function isShownToSmooth({ site, measurement, smoothing }: Subject, name: string): boolean {
  if (site.kind === 'call' || isSmoothingFactorName(name)) return true;
  const law = lawOf(measurement)?.law;
  const binary = measurement?.otherFamily?.kind === 'binary' ? measurement.otherFamily : null;
  const seen = law?.kind === 'fillScatter' || law?.kind === 'uniformMixture' ? [law.smoothing] : binary === null ? [] : [2 * binary.off];
  return smoothing !== null && seen.some((value) => Math.abs(value - smoothing) <= 1e-3);
}

export const firstPaddingRow: Rule = {
  id: 'first-padding-row',
  severity: 'warning',
  title: 'A padding row is overlooked when it is the first of the batch',
  look({ measurement, site }) {
    if (measurement?.missesFirstPaddingRow !== true || measurement.measured.paddingIndex === null) return [];
    const message = `Rows of the padding class ${measurement.measured.paddingIndex} get no gradient, except a single one in row 0: a test such as \`mask.sum() > 0\` on row indices takes index 0 for none. Test the number of indices instead (\`mask.numel() > 0\`).`;
    const fixes = comparisonsOf(site).flatMap(({ operands }) =>
      operands.flatMap((operand) => (operand.kind === 'call' ? countIndices(operand) : [])),
    );
    return [{ range: site.nameRange, message, fixes }];
  },
};

function countIndices(call: Call): readonly Fix[] {
  const { callee } = call;
  if (callee.kind !== 'attribute' || callee.name !== 'sum' || call.arguments.length + call.keywords.length > 0) return [];
  return [
    {
      title: 'Test the number of indices: numel()',
      edits: [{ range: callee.nameRange, newText: 'numel' }],
      keepsNumbers: false,
      promise: (after, before) => !after.missesFirstPaddingRow && after.measured.formulation === before.measured.formulation,
    },
  ];
}

export const ignoredRowSmoothed: Rule = {
  id: 'ignored-row-smoothed',
  severity: 'warning',
  title: 'Ignored rows still count in the smoothing',
  look(subject) {
    const { measurement, site } = subject;
    if (measurement?.measured.affine !== true) return [];
    return ignoredTargets(subject).flatMap(({ target, rows }): readonly Found[] => {
      if (rows === null || rows.zeroed) return [];
      const message = `A row of the ignored target ${target} still gets a gradient: the uniform part of the smoothing counts it. Mask the row out of every term.`;
      return [{ range: site.nameRange, message, fixes: target === measurement.ignored?.target ? withoutRows(subject, target) : [] }];
    });
  },
};

export const ignoredRowFails: Rule = {
  id: 'ignored-row-fails',
  severity: 'warning',
  title: 'The ignored target cannot be used as an index',
  look(subject) {
    const { measurement, site } = subject;
    return ignoredTargets(subject).flatMap(({ target, failure }): readonly Found[] => {
      if (failure === null) return [];
      const message = `A row of the ignored target ${target} stops the loss: ${failure.message}. Replace ignored targets by a class (\`target.clamp(min=0)\`) before scatter or gather, and mask their rows after.`;
      return [
        { range: site.nameRange, message, fixes: target === measurement?.ignoredFailure?.target ? maskedAfterClamp(subject, target) : [] },
      ];
    });
  },
};

function withoutRows(subject: Subject, ignored: number): readonly Fix[] {
  return masksOf(subject, ignored).flatMap((mask) =>
    fullReductionsOf(subject).map((reduction) => ({
      title: `Leave out the ignored rows: [${mask.kept}]`,
      edits: overKeptRows(reduction, mask),
      keepsNumbers: false,
      promise: leavesOut,
    })),
  );
}

/** Without ignored rows nothing is different; with them their rows get nothing, and the others what they had. */
const leavesOut: Fix['promise'] = (after, before) =>
  sameNumbers(before, after) &&
  after.measured.affine &&
  after.ignoredFailure === null &&
  after.ignored?.zeroed === true &&
  after.measured.formulation === before.measured.formulation;

/** The mask may stand already behind the index that fails. */
function maskedAfterClamp(subject: Subject, ignored: number): readonly Fix[] {
  return masksOf(subject, ignored).flatMap((mask) => {
    const clamps = clampedIndices(subject, mask.target);
    if (clamps.length === 0) return [];
    const masked = fullReductionsOf(subject).map((reduction) => overKeptRows(reduction, mask));
    return [[], ...masked].map((edits) => ({
      title: 'Use class 0 as the index of ignored rows, and leave the rows out',
      edits: [...clamps, ...edits],
      keepsNumbers: true,
      promise: leavesOut,
    }));
  });
}

export const predictionSmoothed: Rule = {
  id: 'prediction-smoothed',
  severity: 'warning',
  title: 'The prediction is smoothed instead of the target',
  look({ measurement, site, smoothing }) {
    const family = measurement?.otherFamily;
    if (family?.kind !== 'smoothedPrediction' || smoothing === null || Math.abs(family.smoothing - smoothing) > 1e-3 * smoothing) return [];
    const message = `The prediction is smoothed, not the target: the loss is −log((1−ε)p + ε/K) with ε = ${show(smoothing)}. That only keeps the loss finite; it does not hold back the logits as smoothing the target does.`;
    return [{ range: site.nameRange, message }];
  },
};

export const targetRules: readonly Rule[] = [
  predictionSmoothed,
  targetMass,
  notEpsilon,
  smoothingUnused,
  smoothingRange,
  firstPaddingRow,
  ignoredRowSmoothed,
  ignoredRowFails,
  filledLabel,
  targetsChangedInPlace,
  smoothingTwice,
  twoClasses,
];
