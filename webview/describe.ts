/** What an Inspection says, in the words of the page's language. */
import { unrecognisedFacts } from '../src/unrecognisedFacts';
import type { Inspection, LossParameter, Measured, Recognised, Relation } from '../src/inspection';
import { assumedClasses, conventionOf, isAssumed, otherConvention } from '../src/knownInputs';
import { formatConstant, formatDifference, formatDistance, formatLoss, toNumber } from './format';
import type { Strings } from './strings';

/** The sentence on top: the measured verdict, or why there is none. */
export function verdictSentence(inspection: Inspection, words: Strings): string {
  const { problem, status, measured, value, printed } = inspection;
  if (problem !== null && status !== 'measured') return problem.assumed ? words.doesNotFit : words.problemTypes[problem.type];
  if (measured !== null) {
    const classes = assumedClasses(inspection);
    const sentence = translatedVerdict(inspection, measured, words) ?? measured.verdict;
    return classes === null ? sentence : `${sentence} ${words.assumedClasses(classes)}`;
  }
  const { recognised, verdict } = inspection;
  if (recognised !== undefined && verdict !== null) return translatedRecognition(inspection, recognised, words) ?? verdict;
  if (inspection.unrecognised !== undefined && verdict !== null) return verdict;
  return value === null ? words.ran(printed.length) : words.ranLoss(formatLoss(value));
}

/** The core's own sentence, where the page has put it into another language. */
export const coreSentence = ({ measured, verdict }: Inspection): string => measured?.verdict ?? verdict ?? '';

export const isTranslated = (inspection: Inspection, words: Strings): boolean =>
  inspection.measured !== null
    ? translatedVerdict(inspection, inspection.measured, words) !== null
    : inspection.recognised !== undefined && words.verdict !== null;

/** What a loss of named tensors is, from its data; null where the core's own sentence must do. */
function translatedRecognition({ parameters }: Inspection, recognised: Recognised, words: Strings): string | null {
  if (words.verdict === null) return null;
  const { title, reduction, everywhere } = recognised;
  const [factor, offset] = [toNumber(recognised.scale), toNumber(recognised.offset)];
  const parts = [
    words.verdict.recognised(title, factor === 1 ? null : formatConstant(factor)),
    ...parameters.map((parameter) => parameterText(parameter, words)),
    reduction === null ? words.reductions.none : reductionName(reduction, words),
    ...(offset === 0 ? [] : [words.verdict.constant(formatConstant(offset))]),
  ];
  return `${parts.join(words.correct.comma)}${words.verdict.end}${everywhere ? '' : words.facts.onOrdinary}`;
}

/** `γ = 2`; of what nothing says, that it is assumed. */
export const parameterText = ({ symbol, value, assumed }: LossParameter, words: Strings): string =>
  `${symbol} = ${formatConstant(value)}${assumed ? ` ${words.facts.assumed}` : ''}`;

/** A family has divisions of its own: their titles are the core's. */
const reductionName = ({ id, title }: NonNullable<Recognised['reduction']>, words: Strings): string =>
  (words.familyReductions as Readonly<Record<string, string | undefined>>)[title] ??
  (words.verdict === null ? title : ((words.reductions as Readonly<Record<string, string | undefined>>)[id] ?? title));

/** The measured verdict from its numbers, in a language that the core does not speak; null where its own sentence must do. */
export function translatedVerdict(inspection: Inspection, measured: Measured, words: Strings): string | null {
  if (words.verdict === null) return null;
  const { smoothing } = inspection;
  const chosen = chosenInWords(inspection, words) ?? '';
  const assumed =
    chosen + (smoothing !== null && isAssumed(inspection, 'smoothing') ? words.assumedSmoothing(formatConstant(smoothing)) : '');
  if (!measured.affine) return assumed + words.verdict.notAffine(formatDistance(measured.residual));
  const named = inspection.comparisons.find(({ formulation }) => formulation === measured.formulation);
  if (named === undefined) return null;
  return (
    assumed +
    words.verdict.of({
      title: named.title,
      on: formatConstant(measured.onValue),
      off: formatConstant(measured.offValue),
      reduction: words.reductions[measured.reduction],
    })
  );
}

/** What the person chose, in the page's own language; null where they chose nothing. */
function chosenInWords({ corrected }: Inspection, words: Strings): string | null {
  if (corrected === undefined) return null;
  const said = [
    ...(corrected.parameters ?? []).map(({ name, as, value }) =>
      [name, value === undefined ? '' : ` = ${value}`, as === undefined || as === 'value' ? '' : `: ${words.correct.forms[as]}`].join(''),
    ),
    ...(corrected.layout === undefined ? [] : [words.correct.layouts[corrected.layout]]),
    ...(corrected.classes === undefined ? [] : [`K = ${corrected.classes}`]),
  ];
  return words.correct.chosen(said.join(words.correct.comma));
}

/** The relation as a lead and what follows it: the core's sentence, led by words of the page's own where that is in another language. */
export function relationSentence(
  relation: Relation | null,
  detail: string,
  words: Strings,
): { readonly lead: string; readonly rest: string } {
  if (words.verdict !== null && relation !== null) return { lead: relationWords(relation, words), rest: detail };
  const end = /[:;,.]\s|[.]$/.exec(detail)?.index ?? detail.length;
  return { lead: detail.slice(0, end), rest: detail.slice(end) };
}

/** The relation's kind with its number: `another ε: 0.15`. */
function relationWords(relation: Relation, words: Strings): string {
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
    case 'scaledByBatch':
      return `${word} ×${formatConstant(relation.factor)}`;
    case 'scaledWithSmoothing':
      return `${word}: ×${formatConstant(relation.factor)}, ${formatConstant(relation.smoothing)}`;
    case 'scaledOffset':
      return `${word}: ×${formatConstant(relation.factor)}, ${formatDifference(relation.offset)}`;
  }
}

/** What was measured, name and text, the most telling first. Also what a copy as Markdown lists. */
export function factList(inspection: Inspection, words: Strings): readonly (readonly [string, string])[] {
  const { measured, recognised, unrecognised } = inspection;
  if (unrecognised !== undefined) return unrecognisedFacts(unrecognised, formatConstant);
  if (measured !== null) return smoothingFacts(inspection, measured, words);
  return recognised === undefined ? [] : familyFacts(inspection, recognised, words);
}

function familyFacts({ family, parameters }: Inspection, recognised: Recognised, words: Strings): readonly (readonly [string, string])[] {
  const { reduction, held, everywhere, familyTitle } = recognised;
  const names = words.facts;
  const [factor, offset] = [toNumber(recognised.scale), toNumber(recognised.offset)];
  const known = words.families as Readonly<Record<string, string | undefined>>;
  return [
    [names.family, known[family ?? ''] ?? familyTitle],
    ...parameters.map((parameter) => [parameter.symbol, parameterText(parameter, words).slice(parameter.symbol.length + 3)] as const),
    [words.measured.reduction, reduction === null ? words.reductions.none : reductionName(reduction, words)],
    ...(factor === 1 ? [] : [[names.factor, formatConstant(factor)] as const]),
    ...(offset === 0 ? [] : [[names.constant, formatConstant(offset)] as const]),
    ...(held.length === 0 ? [] : [[names.held, held.join(', ')] as const]),
    ...(everywhere ? [] : [[names.agrees, names.ordinary] as const]),
  ];
}

function smoothingFacts(inspection: Inspection, measured: Measured, words: Strings): readonly (readonly [string, string])[] {
  const names = words.measured;
  const [on, off, scale, offset] = [measured.onValue, measured.offValue, measured.scale, measured.offset].map(toNumber) as [
    number,
    number,
    number,
    number,
  ];
  const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
  // Where K is not known, the ε of the other convention is a formula.
  const isOpen = assumedClasses(inspection) !== null && measured.formulation !== null;
  const convention = isOpen ? conventionOf(inspection) : null;
  const list: (readonly [string, string])[] = [
    [names.onValue, formatConstant(measured.onValue)],
    [names.offValue, formatConstant(measured.offValue)],
    [names.mass, formatConstant(measured.mass)],
    [
      names.fillScatter,
      convention === 'uniformMixture' ? otherConvention.uniformMixture : fillScatter === null ? names.none : formatConstant(fillScatter),
    ],
    [
      names.uniformMixture,
      convention === 'fillScatter' ? otherConvention.fillScatter : uniformMixture === null ? names.none : formatConstant(uniformMixture),
    ],
    [names.reduction, words.reductions[measured.reduction]],
  ];
  if (measured.reduction === 'unknown' || !Number.isFinite(scale)) list.push([names.scale, formatConstant(measured.scale)]);
  if (offset !== 0) list.push([names.offset, formatConstant(measured.offset)]);
  list.push([offset === 0 ? names.floor : names.floorBeforeOffset, formatConstant(measured.entropyFloor)]);
  if (on > 0 && off > 0) list.push([names.gap, formatConstant(Math.log(on / off), 4)]);
  if (measured.paddingIndex !== null) list.push([names.padding, String(measured.paddingIndex)]);
  if (!measured.affine) list.push([names.residual, formatDistance(measured.residual)]);
  return list;
}
