/** A loss that no family explains, as an Inspection: what it gives on natural tensors, and what can be measured of any loss. */
import { openNamedLoss } from './execution/namedLoss';
import type { OpenNamedLoss } from './execution/namedLoss';
import type { Box } from './execution/runSite';
import { num, tensorData } from './execution/tensorData';
import { families } from './families/catalogue';
import type { FamilyRun } from './families/evaluate';
import { fittingLayout, fittingTensors } from './families/fittingLayout';
import type { FittedLoss, Fitting, InputHint } from './families/fittingLayout';
import type { PlainTensors } from './families/layouts';
import { nearestTo } from './families/nearest';
import type { Near } from './families/nearest';
import type { NamedLoss } from './families/recognise';
import { genericFacts } from './families/unrecognised';
import { show } from './identification/verdict';
import { problemOfRun } from './failedRun';
import { mostAssumedNumbers, natural, numberInputs, parametersOf, plainTensor } from './inspectFamily';
import type { Comparison, Inspection, RunInput, Sample, Translations, Unrecognised } from './inspection';
import { factsOf } from './interpreter/exploring/facts';
import type { Value } from './interpreter/value';
import type { Task } from './measuring/measureSite';
import { described, failed, printedOf, stepsOf, withoutSmoothing } from './presentSite';

/** Null where it takes no tensors that could be tried. */
export function inspectUnrecognised(task: Task): Inspection | null {
  const { session, request } = task;
  let missing: string | null = null;
  let failure: { readonly error: unknown } | null = null;
  for (let numbersAtEnd = 0; numbersAtEnd <= mostAssumedNumbers; numbersAtEnd++) {
    const loss = openNamedLoss(session, task.site, numbersAtEnd);
    if (loss === null) break;
    const own = ownTensors(task, loss);
    if (typeof own === 'string') {
      missing ??= own;
      continue;
    }
    const fitting: Fitting = own === null ? fittingLayout(loss, families, hintsOf(task), session.isFinal) : fittingTensors(loss, own);
    if (fitting.kind === 'fits') return presented(task, loss, fitting.fitted, request.tensors !== undefined);
    failure ??= fitting;
  }
  if (missing !== null) return failed(task, { type: 'input', message: missing, range: null });
  return failure === null ? null : failed(task, problemOfRun(task, failure.error));
}

/** A sentence where a tensor is not given. */
function ownTensors({ request: { tensors } }: Task, { inputs }: OpenNamedLoss): PlainTensors | string | null {
  if (tensors === undefined) return null;
  const missing = inputs.find((name) => tensors[name] === undefined);
  if (missing !== undefined) return `the sample gives no tensor for ${missing}: it takes ${inputs.join(', ')}`;
  return Object.fromEntries(inputs.map((name) => [name, plainTensor(tensors[name]!, 'float')]));
}

/** What the program was seen to hand over. */
function hintsOf({ session, site }: Task): ReadonlyMap<string, InputHint> {
  const called = session.useOf(site).taken?.called ?? new Map<string, Value>();
  return new Map(
    [...called].flatMap(([name, value]): readonly (readonly [string, InputHint])[] => {
      if (value.kind === 'tensor') return [[name, { rank: value.tensor.shape.length, isWhole: /int|long/.test(value.tensor.dtype) }]];
      const facts = factsOf(value);
      return facts === null ? [] : [[name, { rank: facts.sizes?.length ?? null, isWhole: facts.nature === 'indices' }]];
    }),
  );
}

function presented(task: Task, loss: OpenNamedLoss, { layout, given }: FittedLoss, isOwn: boolean): Inspection {
  const { result: ran, steps, printed } = task.session.recording(() => loss.run(given));
  const bounded = new Set(layout.inputs.flatMap(({ name, role }) => (boundedRoles.has(role.id) ? [name] : [])));
  const { facts, nears, perRow } = measured(loss, given, ran, bounded);
  const value = ran.shape.length === 0 ? ran.value[0]! : null;
  const gradients = Object.fromEntries(
    loss.inputs.flatMap((name) => {
      const values = ran.gradients[name];
      return values ? [[name, tensorData({ dtype: 'float32', shape: given[name]!.shape, values })] as const] : [];
    }),
  );
  const tensors = layout.inputs.map(({ name, role }): RunInput => ({
    name,
    role: 'tensor',
    meaning: isOwn ? (role.dtype === 'int' ? 'whole numbers' : 'numbers') : role.title,
    shape: given[name]!.shape,
    values: tensorData({ dtype: role.dtype === 'float' ? 'float32' : 'int64', shape: given[name]!.shape, values: given[name]!.values }),
    source: isOwn ? { kind: 'person', chain: [] } : { kind: 'assumption', chain: [], reason: natural },
  }));
  return {
    ...described(task),
    family: null,
    verdict: verdictOf(facts, loss),
    parameters: [],
    unrecognised: facts,
    gradients,
    inputs: [...tensors, ...numberInputs(loss)],
    ...withoutSmoothing,
    status: 'measured',
    problem: null,
    value: value === null ? null : num(value),
    perSample: value === null && ran.shape.length === 1 ? ran.value.map(num) : (perRow?.map(num) ?? null),
    gradient: Object.values(gradients)[0] ?? null,
    steps: stepsOf(steps, task),
    printed: printedOf(printed, task),
    comparisons: nears.map((near) => comparisonOf(near, ran)),
    findings: [],
    notes: perRow === null ? [] : ['Per-sample values are those of each row run alone.'],
  };
}

const boundedRoles: ReadonlySet<string> = new Set([
  'probabilities',
  'positives',
  'logProbabilities',
  'sequenceLogProbabilities',
  'cosines',
  'oneHots',
  'binaryTargets',
  'masks',
  'boxes',
]);

/** A loss that was run as one of label smoothing, whose numbers no smoothing gives: it keeps its run, and is told as what it is. */
export function asUnrecognised(inspection: Inspection, box: Box, names: readonly [string, string]): Inspection {
  const { sample, translations } = inspection;
  if (sample === null) return inspection;
  const loss = lossOfBox(box, names);
  const given = tensorsOf(sample, names);
  const ran = runOrNull(loss, given);
  const known = ran === null ? null : measured(loss, given, ran, new Set());
  return {
    ...inspection,
    family: null,
    verdict: known === null ? null : verdictOf(known.facts, null),
    ...(known === null ? {} : { unrecognised: known.facts }),
    measured: null,
    comparisons: known === null || ran === null ? [] : known.nears.map((near) => comparisonOf(near, ran)),
    rewrites: [],
    translations: translations === null ? null : withoutBuiltin(translations),
  };
}

const withoutBuiltin = (translations: Translations): Translations => ({
  ...translations,
  builtin: { code: null, note: 'No built-in of torch computes it.' },
});

const tensorsOf = ({ logits, targets }: Sample, [first, second]: readonly [string, string]): PlainTensors => ({
  [first]: { shape: [logits.length, logits[0]?.length ?? 0], values: logits.flat(), dtype: 'float' },
  [second]: { shape: [targets.length], values: targets, dtype: 'int' },
});

const lossOfBox = (box: Box, names: readonly [string, string]): NamedLoss => ({
  inputs: names,
  numbers: [],
  isAssuming: false,
  run: (given) => {
    const { shape, values } = given[names[0]]!;
    const width = shape[1]!;
    const logits = Array.from({ length: shape[0]! }, (_, row) => values.slice(row * width, (row + 1) * width));
    const { value, gradient } = box(logits, given[names[1]]!.values);
    const isOne = typeof value === 'number';
    return { value: isOne ? [value] : value, shape: isOne ? [] : [value.length], gradients: { [names[0]]: gradient.flat() } };
  },
});

function runOrNull(loss: NamedLoss, given: PlainTensors): FamilyRun | null {
  try {
    return loss.run(given);
  } catch {
    return null;
  }
}

interface MeasuredFacts {
  readonly facts: Unrecognised;
  readonly nears: readonly Near[];
  readonly perRow: readonly number[] | null;
}

function measured(loss: NamedLoss, given: PlainTensors, ran: FamilyRun, bounded: ReadonlySet<string>): MeasuredFacts {
  const { perRow, batchTwice, farOut, ...generic } = genericFacts(loss, given, ran, bounded);
  const { compared, nears } = generic.deterministic
    ? nearestTo({ given, ran, names: loss.inputs, numbers: loss.numbers }, families)
    : { compared: 0, nears: [] };
  const facts: Unrecognised = {
    ...generic,
    compared,
    batchTwice: batchTwice && { ...batchTwice, ratio: num(batchTwice.ratio) },
    farOut: farOut.map((one) => ({ ...one, value: num(one.value) })),
    nearest: nears.slice(0, mostNear).map(({ family, settled, cosine, ratio }) => ({
      family: family.id,
      formulation: settled.formulation.id,
      title: settled.formulation.title,
      parameters: parametersOf(settled, null),
      cosine: num(cosine),
      ratio: num(ratio),
    })),
  };
  return { facts, nears: nears.slice(0, mostNear), perRow };
}

const mostNear = 8;

// --------------------------------------------------------------------------------------------------------------- words

const isAlong = (cosine: Unrecognised['nearest'][number]['cosine']): boolean => typeof cosine === 'number' && cosine > 1 - 1e-6;

function verdictOf(facts: Unrecognised, loss: OpenNamedLoss | null): string {
  const assumed = loss?.assumed.map(({ name, value }) => `${name} = ${show(value)}`) ?? [];
  const first =
    assumed.length === 0
      ? []
      : [`With ${assumed.join(' and ')} assumed, since nothing was seen to say what ${assumed.length === 1 ? 'it is' : 'they are'}.`];
  if (!facts.deterministic)
    return [...first, 'Not recognised: two runs on the same tensors give different numbers, so nothing more can be measured.'].join(' ');
  const moving = facts.inputs.filter(({ effect }) => effect === 'moves').map(({ name }) => name);
  if (moving.length === 0) {
    const isReached = facts.inputs.some(({ notFinite }) => notFinite > 0);
    const reason = isReached ? 'its gradients are not finite' : 'no gradient reaches any of them';
    return [...first, `Not recognised: on the tensors that it was run on ${reason}.`].join(' ');
  }
  const along = facts.nearest.find(({ cosine }) => isAlong(cosine));
  const known =
    along !== undefined
      ? `Not recognised: on these tensors its gradient points the way of ${along.title}, but it is not that on all that were tried, or could not be tried on others.`
      : facts.compared === 0
        ? 'Not recognised: no formulation that Loss Inspector knows takes such tensors.'
        : `Not recognised: ${facts.compared === 1 ? 'the one formulation that takes such tensors does not give' : `none of the ${facts.compared} formulations that take such tensors gives`} its numbers.`;
  const moved = `It moves ${listed(moving)}.`;
  return [...first, known, moved, ...batchInWords(facts), ...rowsInWords(facts)].join(' ');
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;

function batchInWords({ batchTwice }: Unrecognised): readonly string[] {
  if (batchTwice === null) return [];
  switch (batchTwice.kind) {
    case 'same':
      return ['The batch given twice has the same value, as with a mean.'];
    case 'doubled':
      return ['The batch given twice has twice the value, as with a sum.'];
    case 'neither':
      return [
        `The batch given twice has ${typeof batchTwice.ratio === 'number' ? show(batchTwice.ratio) : 'another number of'} times the value: it is neither a mean nor a sum over the rows.`,
      ];
  }
}

function rowsInWords({ rows }: Unrecognised): readonly string[] {
  if (rows === null) return [];
  return [
    rows.independent
      ? 'No row’s gradient was seen to change with another row’s numbers.'
      : 'The gradient of a row depends on the numbers of others.',
  ];
}

// --------------------------------------------------------------------------------------------------------- comparisons

function comparisonOf({ settled, ran, cosine, ratio }: Near, own: FamilyRun): Comparison {
  const { formulation } = settled;
  const isOne = own.value.length === 1 && ran.value.length === 1;
  const difference = isOne ? own.value[0]! - ran.value[0]! : null;
  return {
    formulation: formulation.id,
    title: formulation.title,
    tex: formulation.tex,
    smoothing: null,
    parameters: parametersOf(settled, null),
    value: isOne ? num(ran.value[0]!) : null,
    perSample: null,
    gradient: null,
    targetDistribution: null,
    difference: difference === null ? null : num(difference),
    relativeDifference: difference === null ? null : num(difference === 0 ? 0 : difference / Math.abs(ran.value[0]!)),
    ulp: null,
    gradientDifference: null,
    relation: isAlong(cosine) ? null : { kind: 'different' },
    detail: isAlong(cosine)
      ? `On these tensors its gradient points the same way, ${show(ratio)} times as long.`
      : `Different: the cosine between the two gradients is ${show(cosine)} here.`,
  };
}
