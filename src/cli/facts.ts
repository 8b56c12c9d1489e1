/** What was measured of one loss: the numbers first, the tensors as far as a screen has room for them. */
import type { Inspection, Measured, Num, TensorData, UsedSample } from '../inspection';
import { unrecognisedFacts } from '../unrecognisedFacts';
import { assumedClasses, conventionOf, isAssumed, otherConvention } from '../knownInputs';
import { shown, tensorText } from './numbers';
import { cut, hanging } from './terminal';

export function factsOf(loss: Inspection): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string])[] = [];
  if (loss.value !== null) facts.push(['value', shown(loss.value)]);
  if (loss.perSample !== null) facts.push(['per sample', listed(loss.perSample, 8, '  ')]);
  if (loss.smoothing !== null) facts.push(['smoothing', shown(loss.smoothing) + marked(isAssumed(loss, 'smoothing'))]);
  if (loss.classes !== null) facts.push(['classes', String(loss.classes) + marked(isAssumed(loss, 'classes'))]);
  if (loss.unrecognised !== undefined) facts.push(...unrecognisedFacts(loss.unrecognised, shown));
  return loss.measured ? [...facts, ...measuredFacts(loss, loss.measured)] : facts;
}

const marked = (assumed: boolean): string => (assumed ? ', assumed' : '');

function measuredFacts(loss: Inspection, measured: Measured): readonly (readonly [string, string])[] {
  const { onValue, offValue, mass, reduction, scale, offset, paddingIndex, residual, affine } = measured;
  const classes = assumedClasses(loss);
  const there = classes === null ? '' : ` (K = ${classes} assumed)`;
  const facts: (readonly [string, string])[] = [
    ['target', `${affine ? '' : 'best fit: '}on ${shown(onValue)}, off ${shown(offValue)}, mass ${shown(mass)}${there}`],
  ];
  const effective = effectiveText(loss, measured, classes);
  if (effective !== null) facts.push(['effective ε', effective]);
  facts.push(['reduction', `${reductions[reduction]}; a row counts ${shown(scale)}`]);
  if (offset !== 0) facts.push(['offset', `${shown(offset)} for each row, whatever the logits`]);
  if (paddingIndex !== null) facts.push(['padding', `class ${paddingIndex}`]);
  if (affine) facts.push(['floor', floorText(measured) + there]);
  else facts.push(['residual', `${shown(residual)}: the gradient's largest deviation from −Σ q log p`]);
  return facts;
}

/** ε in both conventions. Where K is not known, the one that depends on it is a formula. */
function effectiveText(loss: Inspection, { effectiveSmoothing, formulation }: Measured, classes: number | null): string | null {
  const { fillScatter, uniformMixture } = effectiveSmoothing;
  if (fillScatter === null && uniformMixture === null) return null;
  const convention = classes === null || formulation === null ? null : conventionOf(loss);
  if (convention === 'fillScatter') return `fill/scatter ${shown(fillScatter)}, uniform mixture ${otherConvention.fillScatter}`;
  if (convention === 'uniformMixture') return `fill/scatter ${otherConvention.uniformMixture}, uniform mixture ${shown(uniformMixture)}`;
  return `fill/scatter ${shown(fillScatter)}, uniform mixture ${shown(uniformMixture)}${classes === null ? '' : ` (K = ${classes} assumed)`}`;
}

/** Where the loss is smallest, and how large its cross entropy is there. */
function floorText({ entropyFloor, onValue, offValue, offset }: Measured): string {
  const gap = Number(onValue) > 0 && Number(offValue) > 0 ? Math.log(Number(onValue) / Number(offValue)) : null;
  return `${shown(entropyFloor)}${offset === 0 ? '' : ' before the offset'}${gap === null ? '' : `, reached at a logit gap log(on/off) of ${shown(gap, 4)}`}`;
}

const reductions: Readonly<Record<Measured['reduction'], string>> = {
  none: 'none',
  mean: 'mean over the rows',
  sum: 'sum',
  batchmean: 'sum over the classes, mean over the batch',
  elementMean: 'mean over all N·K elements',
  activeMean: 'mean over the rows that count',
  weightedMean: 'mean weighted by class',
  unknown: 'not recognised',
};

const mostRows = 6;

export function sampleLines(
  { logits, targets, classWeights, ignoreIndex, paddingIndex, ...used }: UsedSample,
  width: number,
): readonly string[] {
  const { origin, range, note } = used;
  const from = { default: 'made for it', user: 'given', file: `the file’s own${range ? ` (line ${range.line})` : ''}` }[origin];
  const extra = [
    ...(classWeights ? [`class weights ${listed(classWeights, 8, ', ')}`] : []),
    ...(ignoreIndex === undefined ? [] : [`ignored class ${ignoreIndex}`]),
    ...(paddingIndex === undefined ? [] : [`padding class ${paddingIndex}`]),
  ];
  const said = [`${from}, ${logits.length} × ${logits[0]?.length ?? 0}`, ...extra].join('; ');
  return [
    ...hanging('', `${said}${note === undefined ? '' : `. ${note}`}`, width),
    ...rowLines('logits  ', logits, width),
    ...hanging('targets ', `[${listed(targets, 24, ', ')}]`, width),
  ];
}

/** A matrix row by row, anything else as it is nested. */
export function tensorRows(tensor: TensorData, width: number): readonly string[] {
  const { shape, values, dtype, truncated } = tensor;
  if (shape.length !== 2 || dtype === 'bool' || truncated) return [cut(tensorText(tensor), width)];
  const [rows, columns] = shape as readonly [number, number];
  return rowLines(
    '',
    Array.from({ length: rows }, (_, i) => values.slice(i * columns, (i + 1) * columns)),
    width,
  );
}

function rowLines(head: string, rows: readonly (readonly Num[])[], width: number): readonly string[] {
  const indent = ' '.repeat(head.length);
  const line = (row: readonly Num[], i: number): string =>
    cut(`${i === 0 ? head : indent}[${row.map((v) => shown(v, 5)).join(', ')}]`, width);
  if (rows.length <= mostRows) return rows.map(line);
  return [...rows.slice(0, mostRows - 2).map(line), `${indent}… ${rows.length - mostRows + 1} more`, line(rows.at(-1)!, 1)];
}

function listed(values: readonly Num[], most: number, separator: string): string {
  const texts = values.map((value) => shown(value));
  if (texts.length <= most) return texts.join(separator);
  return [...texts.slice(0, most - 2), `… (${values.length})`, texts.at(-1)!].join(separator);
}
