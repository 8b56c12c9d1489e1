/** What an Inspection says, in the words of the page's language. */
import type { Inspection, Measured, Relation } from '../src/inspection';
import { formatConstant, formatDifference, formatDistance, formatLoss, toNumber } from './format';
import type { Strings } from './strings';

/** The sentence on top: the measured verdict, or why there is none. */
export function verdictSentence(inspection: Inspection, words: Strings): string {
  if (inspection.problem !== null && inspection.status !== 'measured') return words.problemTypes[inspection.problem.type];
  if (inspection.measured !== null) return inspection.measured.verdict;
  return inspection.value === null ? words.ran(inspection.printed.length) : words.ranLoss(formatLoss(inspection.value));
}

/** The relation's kind with its number: `another ε: 0.15`. */
export function relationWords(relation: Relation, words: Strings): string {
  const word = words.relations[relation.kind];
  switch (relation.kind) {
    case 'equal':
    case 'indistinguishable':
    case 'different':
      return word;
    case 'equalWithSmoothing':
      return `${word}: ${formatConstant(relation.smoothing)}`;
    case 'sameGradientOffset':
      return `${word}, ${formatDifference(relation.offset)}`;
    case 'scaled':
      return `${word} ×${formatConstant(relation.factor)}`;
    case 'scaledWithSmoothing':
      return `${word}: ×${formatConstant(relation.factor)}, ${formatConstant(relation.smoothing)}`;
    case 'scaledOffset':
      return `${word}: ×${formatConstant(relation.factor)}, ${formatDifference(relation.offset)}`;
  }
}

/** What was measured, name and text, the most telling first. Also what a copy as Markdown lists. */
export function factList(measured: Measured, words: Strings): readonly (readonly [string, string])[] {
  const names = words.measured;
  const [on, off, scale, offset] = [measured.onValue, measured.offValue, measured.scale, measured.offset].map(toNumber) as [
    number,
    number,
    number,
    number,
  ];
  const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
  const list: (readonly [string, string])[] = [
    [names.onValue, formatConstant(measured.onValue)],
    [names.offValue, formatConstant(measured.offValue)],
    [names.mass, formatConstant(measured.mass)],
    [names.fillScatter, fillScatter === null ? names.none : formatConstant(fillScatter)],
    [names.uniformMixture, uniformMixture === null ? names.none : formatConstant(uniformMixture)],
    [names.reduction, words.reductions[measured.reduction]],
  ];
  if (measured.reduction === 'unknown' || !Number.isFinite(scale)) list.push([names.scale, formatConstant(measured.scale)]);
  if (offset !== 0) list.push([names.offset, formatConstant(measured.offset)]);
  list.push([names.floor, formatConstant(measured.entropyFloor)]);
  if (on > 0 && off > 0) list.push([names.gap, formatConstant(Math.log(on / off), 4)]);
  if (measured.paddingIndex !== null) list.push([names.padding, String(measured.paddingIndex)]);
  if (!measured.affine) list.push([names.residual, formatDistance(measured.residual)]);
  return list;
}
