/** A loss of another family than label smoothing: recognised by running it, compared with what takes the same tensors, as an Inspection. */
import { openNamedLoss } from './execution/namedLoss';
import type { OpenNamedLoss } from './execution/namedLoss';
import { num, tensorData } from './execution/tensorData';
import { comparisons } from './families/compare';
import type { FamilyComparison, FamilyRelation } from './families/compare';
import type { FamilyRun, Settled } from './families/evaluate';
import type { Family, Layout } from './families/family';
import type { PlainTensor, PlainTensors } from './families/layouts';
import { rowMeans, rowSums } from './families/reductions';
import { recognise, shownSample } from './families/recognise';
import type { Recognition } from './families/recognise';
import { classIndices, logits, masks, oneHots, probabilities } from './families/roles';
import { familyFindings } from './findings/findings';
import { show } from './identification/verdict';
import { ulpDistance } from './identification/precision';
import type {
  Comparison,
  GivenAs,
  Inspection,
  LossParameter,
  NestedNumbers,
  Recognised,
  Relation,
  RunInput,
  Sample,
  TensorData,
} from './inspection';
import type { Task } from './measuring/measureSite';
import { chosenInWords, described, failed, printedOf, said, stepsOf, withoutSmoothing } from './presentSite';
import { linkIn, otherInput } from './runInputs';

/** Null where no family's formulation gives the loss's numbers, or it cannot be called with tensors alone. */
export function inspectFamily(task: Task, among: readonly Family[]): Inspection | null {
  const found = recognised(task, among);
  return found === null || !isAsTold(task, found) ? null : presented(task, found);
}

/** The person has the last word: what they say a tensor is must be what the formulation takes it for. */
function isAsTold({ site: { told } }: Task, { recognition: { layout, names } }: Found): boolean {
  if (told === undefined) return true;
  const { parameters = [], layout: axes, classes } = told;
  if (axes !== undefined || classes !== undefined) return false;
  return parameters.every(({ name, as }) => {
    if (as === undefined || as === 'value' || as === 'default') return true;
    const role = layout.inputs.find((one) => names[one.name] === name)?.role.id;
    return role !== undefined && (rolesOf[as] ?? []).includes(role);
  });
}

/** The roles of tensors that the person's words for them may mean. */
const rolesOf: Partial<Readonly<Record<GivenAs, readonly string[]>>> = {
  logits: [logits.id],
  otherLogits: [logits.id],
  probabilities: [probabilities.id],
  indices: [classIndices.id],
  oneHot: [oneHots.id],
  mask: [masks.id],
};

interface Found {
  readonly loss: OpenNamedLoss;
  readonly recognition: Recognition;
}

/** Required parameters are tensors; where that leads nowhere, the last ones are numbers that nothing says. */
function recognised({ session, site }: Task, among: readonly Family[]): Found | null {
  for (let numbersAtEnd = 0; numbersAtEnd <= mostAssumedNumbers; numbersAtEnd++) {
    const loss = openNamedLoss(session, site, numbersAtEnd);
    if (loss === null) return null;
    const recognition = recognise(loss, among);
    if (recognition !== null) return { loss, recognition };
  }
  return null;
}

export const mostAssumedNumbers = 2;

function presented(task: Task, found: Found): Inspection | null {
  const { loss, recognition } = found;
  const shown = shownOn(task, found);
  if (typeof shown === 'string') return failed(task, { type: 'input', message: shown, range: null });
  const { given, isOwn } = shown;
  const handed = Object.fromEntries(recognition.layout.inputs.map(({ name }) => [recognition.names[name]!, given[name]!]));
  const outcome = runOn(task, loss, handed);
  // Natural tensors fit; the person's may not, and then what the code says of them is what there is to know.
  if ('raised' in outcome) {
    if (!isOwn) throw outcome.raised;
    const problem = task.session.problemOf(outcome.raised);
    return failed(task, { ...problem, range: problem.range === null ? null : task.found.place(problem.range) });
  }
  const { result: ran, steps, printed } = outcome;
  const value = ran.shape.length === 0 ? ran.value[0]! : null;
  const compared = comparisons(loss, recognition, given);
  const gradients = gradientsOf(recognition.layout, recognition.names, ran, given);
  const [firstGradient] = Object.values(gradients);
  return {
    ...described(task),
    family: recognition.family.id,
    verdict: said([chosenInWords(task), verdictOf(found)]).join(' '),
    parameters: parametersOf(recognition, loss),
    recognised: recognisedAs(recognition),
    gradients,
    inputs: [...tensorInputs(recognition, given, isOwn), ...handedInputs(task, loss), ...numberInputs(loss)],
    ...withoutSmoothing,
    status: 'measured',
    problem: null,
    value: value === null ? null : num(value),
    perSample: value === null && ran.shape.length === 1 ? ran.value.map(num) : null,
    gradient: firstGradient ?? null,
    steps: stepsOf(steps, task),
    printed: printedOf(printed, task),
    comparisons: compared.map((one) => comparisonOf(one, recognition, ran)),
    findings: familyFindings({ recognition, given }, task.site, task.found.place),
    notes: notesOf(found),
  };
}

type Outcome = ReturnType<typeof recorded> | { readonly raised: unknown };

const recorded = ({ session }: Task, loss: OpenNamedLoss, handed: PlainTensors) => session.recording(() => loss.run(handed));

function runOn(task: Task, loss: OpenNamedLoss, handed: PlainTensors): Outcome {
  try {
    return recorded(task, loss, handed);
  } catch (raised) {
    return { raised };
  }
}

// ------------------------------------------------------------------------------------------------------------ samples

interface Shown {
  /** By the layout's names. */
  readonly given: PlainTensors;
  /** The person handed them over. */
  readonly isOwn: boolean;
}

/** The person's tensors where they give all of them, else natural ones; a sentence where what they give does not fit. */
function shownOn({ request }: Task, { recognition: { layout, names } }: Found): Shown | string {
  const { tensors } = request;
  if (tensors === undefined) {
    const own = request.sample === undefined ? null : rowsOf(request.sample, layout);
    return { given: own ?? shownSample(layout), isOwn: own !== null };
  }
  const given: Record<string, PlainTensor> = {};
  for (const input of layout.inputs) {
    const own = names[input.name]!;
    const nested = tensors[own] ?? tensors[input.name];
    if (nested === undefined)
      return `the sample gives no tensor for ${own}: it takes ${layout.inputs.map(({ name }) => names[name]!).join(', ')}`;
    given[input.name] = plainTensor(nested, input.role.dtype);
  }
  return { given, isOwn: true };
}

/** The person's rows of logits with their labels, for what takes these and nothing else. */
function rowsOf({ logits: rows, targets }: Sample, { inputs }: Layout): PlainTensors | null {
  const given = inputs.flatMap(({ name, role, shape }): readonly (readonly [string, PlainTensor])[] => {
    const { length: axes } = shape({ rows: rows.length, width: rows[0]!.length, spread: 1 });
    if (role === logits && axes === 2) return [[name, { shape: [rows.length, rows[0]!.length], values: rows.flat(), dtype: role.dtype }]];
    return role === classIndices && axes === 1 ? [[name, { shape: [targets.length], values: targets, dtype: role.dtype }]] : [];
  });
  return inputs.length === 2 && given.length === 2 && inputs[0]!.role !== inputs[1]!.role ? Object.fromEntries(given) : null;
}

export function plainTensor(nested: NestedNumbers, dtype: PlainTensor['dtype']): PlainTensor {
  const shape: number[] = [];
  for (let at: NestedNumbers = nested; typeof at !== 'number'; at = at[0] ?? 0) shape.push(at.length);
  const flat = (one: NestedNumbers): readonly number[] => (typeof one === 'number' ? [one] : one.flatMap(flat));
  return { shape, values: flat(nested), dtype };
}

function gradientsOf(
  { inputs }: Layout,
  names: Recognition['names'],
  { gradients }: FamilyRun,
  given: PlainTensors,
): Readonly<Record<string, TensorData>> {
  return Object.fromEntries(
    inputs.flatMap(({ name, moves }): readonly (readonly [string, TensorData])[] => {
      const values = gradients[names[name]!];
      return moves === 'fixed' || !values ? [] : [[names[name]!, tensorData({ dtype: 'float32', shape: given[name]!.shape, values })]];
    }),
  );
}

// -------------------------------------------------------------------------------------------------------------- words

const numbersInWords = ({ formulation, parameters }: Settled): string =>
  formulation.parameters.map(({ name, symbol }) => `${symbol} = ${show(parameters[name]!)}`).join(', ');

function verdictOf({ recognition, loss }: Found): string {
  const { formulation, reduction, scale, offset, everywhere } = recognition;
  const numbers = numbersInWords(recognition);
  const assumed = loss.assumed.map(({ name, value }) => `${name} = ${show(value)}`);
  const parts = [
    assumed.length === 0
      ? ''
      : `With ${assumed.join(' and ')} assumed, since nothing was seen to say what ${assumed.length === 1 ? 'it is' : 'they are'}. `,
    scale === 1 ? '' : `${factorInWords(scale)} times `,
    scale === 1 ? formulation.title : lowered(formulation.title),
    numbers === '' ? '' : `, ${numbers}`,
    reduction === null
      ? '; not reduced'
      : reduction === rowSums || reduction === rowMeans || formulation.reductions.length > 1
        ? `; ${reduction.title}`
        : '',
    offset === 0 ? '' : `; with a constant ${show(offset)} added`,
    '.',
    scale < 0 ? ' It rises where that loss falls: a score to be made larger, or a loss with its sign turned round.' : '',
    everywhere ? '' : ' That is so on ordinary inputs: where they are large or close to zero it gives other numbers.',
  ];
  return parts.join('');
}

/** A number that divides by a little more than it should is close to 1 and is not 1. */
const factorInWords = (factor: number): string => (/^-?1$/.test(show(factor)) ? String(factor) : show(factor));

/** A title within a sentence; abbreviations (IoU) stay as they are. */
const lowered = (title: string): string => (/^[A-Z][a-z]+\b/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title);

function notesOf({ recognition: { layout, names, held } }: Found): readonly string[] {
  return layout.inputs.flatMap(({ name, moves }) => {
    if (moves !== 'held') return [];
    return held.includes(name)
      ? []
      : [`A gradient also passes into ${names[name]!}: hold it fixed (detach it, or compute it under no_grad) where it is not to learn.`];
  });
}

function recognisedAs(recognition: Recognition): Recognised {
  const { formulation, family, reduction, scale, offset, held, everywhere, names } = recognition;
  return {
    formulation: formulation.id,
    title: formulation.title,
    familyTitle: family.title,
    tex: formulation.tex,
    reduction: reduction === null ? null : { id: reduction.id, title: reduction.title },
    scale: num(scale),
    offset: num(offset),
    held: held.map((name) => names[name]!),
    everywhere,
  };
}

export function parametersOf({ formulation, parameters }: Settled, loss: OpenNamedLoss | null): readonly LossParameter[] {
  return formulation.parameters.map(({ name, symbol }) => ({
    name,
    symbol,
    value: num(parameters[name]!),
    ...(loss?.assumed.some((one) => one.value === parameters[name]) === true ? { assumed: true as const } : {}),
  }));
}

// ------------------------------------------------------------------------------------------------------------- inputs

export const natural = 'the program was not seen to call it with known tensors: natural ones were made for what it takes';

const tensorInputs = ({ layout, names }: Recognition, given: PlainTensors, isOwn: boolean): readonly RunInput[] =>
  layout.inputs.map(({ name, role }) => {
    const { shape, values, dtype } = given[name]!;
    return {
      name: names[name]!,
      role: 'tensor',
      standsFor: name,
      meaning: role.title,
      shape,
      values: tensorData({ dtype: dtype === 'float' ? 'float32' : 'int64', shape, values }),
      source: isOwn ? { kind: 'person', chain: [] } : { kind: 'assumption', chain: [], reason: natural },
    };
  });

const handedInputs = (task: Task, { handed }: OpenNamedLoss): readonly RunInput[] =>
  handed.map((one) => otherInput(task, one, linkIn(task.found)));

export const numberInputs = ({ assumed }: OpenNamedLoss): readonly RunInput[] =>
  assumed.map(({ name, value }) => ({
    name,
    role: 'parameter',
    value,
    source: { kind: 'assumption', chain: [], reason: 'nothing was seen to say what it is' },
  }));

// --------------------------------------------------------------------------------------------------------- comparisons

function comparisonOf({ settled, ran, relation }: FamilyComparison, recognition: Recognition, own: FamilyRun): Comparison {
  const { formulation } = settled;
  const isOne = own.value.length === 1 && ran?.value.length === 1;
  // Compared as the loss itself is computed, in 32-bit floats: what is beyond them is no difference.
  const [mine, theirs] = [Math.fround(own.value[0]!), Math.fround(ran?.value[0] ?? NaN)];
  const difference = isOne ? mine - theirs : null;
  const moving = recognition.layout.inputs.find(({ moves }) => moves === 'moves')!;
  const gradient = ran?.gradients[moving.name] ?? null;
  const ownGradient = own.gradients[recognition.names[moving.name]!] ?? null;
  const apart =
    gradient && ownGradient?.length === gradient.length ? Math.max(...gradient.map((g, i) => Math.abs(g - ownGradient[i]!))) : null;
  return {
    formulation: formulation.id,
    title: formulation.title,
    tex: formulation.tex,
    smoothing: null,
    parameters: parametersOf(settled, null),
    value: ran?.value.length === 1 ? num(theirs) : null,
    perSample: ran !== null && ran.value.length > 1 ? ran.value.map(num) : null,
    gradient: null,
    targetDistribution: null,
    difference: difference === null ? null : num(difference),
    relativeDifference: difference === null ? null : num(difference === 0 ? 0 : difference / Math.abs(theirs)),
    ulp: isOne ? num(ulpDistance(mine, theirs)) : null,
    gradientDifference: apart === null ? null : num(apart),
    relation: relationOf(relation),
    detail: detailOf(relation, formulation === recognition.formulation),
  };
}

function relationOf(relation: FamilyRelation): Relation {
  switch (relation.kind) {
    case 'scaledOffset':
      return { kind: 'scaledOffset', factor: num(relation.factor), offset: num(relation.offset) };
    case 'scaled':
    case 'scaledByBatch':
      return { kind: relation.kind, factor: num(relation.factor) };
    case 'sameGradientOffset':
      return { kind: 'sameGradientOffset', offset: num(relation.offset) };
    case 'equal':
    case 'different':
      return relation;
  }
}

function detailOf(relation: FamilyRelation, isIt: boolean): string {
  switch (relation.kind) {
    case 'equal':
      return isIt ? 'Equal: this is the formulation that the loss was measured to be.' : 'Equal on every sample that was tried.';
    case 'scaled':
      return `Scaled: the loss is ${show(relation.factor)} times it, on batches of every size.`;
    case 'scaledByBatch':
      return `Scaled: the loss is ${show(relation.factor)} times it here, and another number of times on batches of other sizes: what the two divide by differs.`;
    case 'scaledOffset':
      return `Gradient scaled ${show(relation.factor)} times; value shifted by ${show(relation.offset)} after that.`;
    case 'sameGradientOffset':
      return `Same gradient: the values are ${show(relation.offset)} apart here.`;
    case 'different':
      return 'Different: neither equal, nor scaled, nor shifted.';
  }
}
