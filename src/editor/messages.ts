/**
 * The messages between the editor and the comparison view's page. Both sides check them at run time.
 *
 * The page's shell, which the editor writes: `<html lang="…">` chooses the strings (English, Simplified Chinese), `<body data-place="side|editor">`
 * says where the page stands, `<main id="view">` is where it draws; view.js runs from a script element before window's `load`.
 */
import { correctionProblem, givenForms, isEmpty, layouts, type CorrectedThing } from '../corrections';
import type {
  ChainLink,
  Corrections,
  InputSource,
  Inspection,
  LossParameter,
  NestedNumbers,
  Recognised,
  Unrecognised,
  OtherUse,
  ParameterCorrection,
  RunInput,
  Running,
  Sample,
  Standing,
  TextEdit,
} from '../inspection';

export const protocolVersion = 1;

/** Of a parameter's name that is corrected. */
const longestName = 200;

/** editor → page */
export type ToView =
  | {
      readonly type: 'show';
      /** The number of the rerun this answers, or null when the editor inspected by itself. */
      readonly request: number | null;
      readonly uri: string;
      readonly file: string;
      readonly inspection: Inspection;
      /** Names of the file's other losses. */
      readonly others: readonly string[];
      readonly following: boolean;
    }
  | { readonly type: 'busy'; readonly uri: string; readonly name: string | null }
  /** The document no longer inspects (half-typed, broken): the last good comparison stays, marked. */
  | { readonly type: 'outdated'; readonly reason: string }
  | { readonly type: 'empty'; readonly reason: string }
  /** A rerun that ended without an inspection. */
  | { readonly type: 'failed'; readonly request: number; readonly reason: string };

/** page → editor */
export type ToEditor =
  | { readonly type: 'ready'; readonly version: number }
  /** The same as running “Inspect loss” from the palette. */
  | { readonly type: 'inspect' }
  | {
      readonly type: 'rerun';
      readonly request: number;
      readonly uri: string;
      readonly name: string;
      /** null: that of the file, or the default one. */
      readonly sample: Sample | null;
      /** Of a loss of another family than label smoothing, by its own names; null: natural ones. */
      readonly tensors: Readonly<Record<string, NestedNumbers>> | null;
      /** null: the smoothing the code says. */
      readonly smoothing: number | null;
      /** Id of the formulation that the others are compared with; null: the loss itself. */
      readonly baseline: string | null;
    }
  | { readonly type: 'resetSample'; readonly uri: string; readonly name: string }
  /** What the person says of how the loss is run: kept, until it is reset. */
  | { readonly type: 'correct'; readonly uri: string; readonly name: string; readonly corrections: Corrections }
  /** null: all that was said of the loss. */
  | { readonly type: 'resetCorrections'; readonly uri: string; readonly name: string; readonly of: CorrectedThing | null }
  | { readonly type: 'select'; readonly uri: string; readonly name: string }
  /** `elsewhere`: where the place is in another file than the inspected one. */
  | {
      readonly type: 'reveal';
      readonly uri: string;
      readonly start: number;
      readonly end: number;
      readonly elsewhere?: Inspection['range'];
    }
  | { readonly type: 'applyFix'; readonly uri: string; readonly edits: readonly TextEdit[] }
  | { readonly type: 'copy'; readonly text: string }
  /** The page that explains a rule. */
  | { readonly type: 'openRule'; readonly rule: string }
  | { readonly type: 'follow'; readonly follow: boolean }
  | { readonly type: 'openInEditor' };

/** The message, if this is one an editor sends, every field of it checked; else null. */
export function parseToView(data: unknown): ToView | null {
  return hasType(data) && Object.hasOwn(toViewChecks, data.type) && toViewChecks[data.type as ToView['type']](data)
    ? (data as ToView)
    : null;
}

/** The message, if this is one a page sends, every field of it checked; else null. */
export function parseToEditor(data: unknown): ToEditor | null {
  return hasType(data) && Object.hasOwn(toEditorChecks, data.type) && toEditorChecks[data.type as ToEditor['type']](data)
    ? (data as ToEditor)
    : null;
}

/** Is this a whole Inspection? Also for what a page kept from before a reload, which an older version may have written. */
export function isInspection(data: unknown): data is Inspection {
  return inspection(data);
}

/** Also for what the editor kept, which an older version may have written. */
export function isCorrections(data: unknown): data is Corrections {
  return corrections(data);
}

type Check = (value: unknown) => boolean;

/** A check for every field of T: a field added to a type without its check does not compile. */
type FieldChecks<T> = { readonly [Field in keyof T]-?: Check };

const record =
  <T>(fields: FieldChecks<T>): Check =>
  (value) =>
    isRecord(value) && Object.entries<Check>(fields).every(([field, check]) => check(value[field]));
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const nullable =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const hasType = (value: unknown): value is { readonly type: string } => isRecord(value) && typeof value['type'] === 'string';

const text: Check = (value) => typeof value === 'string';
const flag: Check = (value) => typeof value === 'boolean';
const finite: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const num: Check = (value) => finite(value) || value === 'nan' || value === 'inf' || value === '-inf';
const matrix = list(list(num));

/** Deeper and more than any tensor that a page lets a person edit. */
const deepest = 8;
const mostNumbers = 100_000;
const mostTensors = 32;

/** The sizes of nested numbers; null where they are no tensor: ragged, too deep, or not finite. */
function sizesOf(value: unknown, depth = 0): readonly number[] | null {
  if (finite(value)) return [];
  if (!Array.isArray(value) || depth === deepest) return null;
  const [first, ...others] = value.map((one: unknown) => sizesOf(one, depth + 1));
  if (first === undefined) return [0];
  return first === null || others.some((one) => one?.join() !== first.join()) ? null : [value.length, ...first];
}

const tensors: Check = (value) => {
  if (!isRecord(value)) return false;
  const given = Object.entries(value);
  const sizes = given.map(([, nested]) => sizesOf(nested));
  const numbers = sizes.reduce((all, one) => all + (one ?? []).reduce((product, size) => product * size, 1), 0);
  return (
    given.length <= mostTensors &&
    numbers <= mostNumbers &&
    given.every(([name]) => name !== '' && name.length <= longestName) &&
    sizes.every((one) => one !== null)
  );
};

const range = record<Inspection['range']>({
  start: finite,
  end: finite,
  line: finite,
  column: finite,
  endLine: finite,
  endColumn: finite,
  file: optional(text),
});
const problem = record<NonNullable<Inspection['problem']>>({
  type: oneOf('syntax', 'input', 'unsupported', 'exception', 'budget', 'notFound'),
  message: text,
  range: nullable(range),
  assumed: optional((value) => value === true),
  calls: optional(list(record<Running>({ name: nullable(text), range }))),
});
const tensor = record<NonNullable<Inspection['gradient']>>({
  dtype: text,
  shape: list(finite),
  values: list(num),
  truncated: optional((value) => value === true),
});
const sampleFields: FieldChecks<Sample> = {
  logits: list(list(finite)),
  targets: list(finite),
  classWeights: optional(list(finite)),
  ignoreIndex: optional(finite),
  paddingIndex: optional(finite),
};
const sample = record<Sample>(sampleFields);
const usedSample = record<NonNullable<Inspection['sample']>>({
  ...sampleFields,
  origin: oneOf('default', 'file', 'user'),
  range: optional(range),
  discriminating: flag,
  note: optional(text),
  betterSample: optional(sample),
});
const textEdit = record<TextEdit>({ range, newText: text });
const smoothingConstant = record<Inspection['smoothingConstants'][number]>({
  name: text,
  kind: oneOf('parameterDefault', 'keywordArgument', 'positionalArgument', 'assignment', 'attribute', 'option', 'field'),
  range,
  nameRange: range,
  value: nullable(finite),
  expression: text,
  chain: optional(list((link) => chainLink(link))),
});
const step = record<Inspection['steps'][number]>({
  range,
  code: text,
  label: text,
  tensor: optional(tensor),
  text: optional(text),
  depth: finite,
});
const printed = record<Inspection['printed'][number]>({
  range,
  text,
  source: oneOf('print', 'cell'),
  recorded: optional(
    record<NonNullable<Inspection['printed'][number]['recorded']>>({ text, agrees: flag, unset: optional((value) => value === true) }),
  ),
});
const measured = record<NonNullable<Inspection['measured']>>({
  affine: flag,
  onValue: num,
  offValue: num,
  mass: num,
  scale: num,
  reduction: oneOf('none', 'mean', 'sum', 'batchmean', 'elementMean', 'activeMean', 'weightedMean', 'unknown'),
  offset: num,
  paddingIndex: nullable(finite),
  residual: num,
  effectiveSmoothing: record<NonNullable<Inspection['measured']>['effectiveSmoothing']>({
    fillScatter: nullable(num),
    uniformMixture: nullable(num),
  }),
  targetDistribution: matrix,
  entropyFloor: num,
  formula: nullable(record<NonNullable<NonNullable<Inspection['measured']>['formula']>>({ tex: list(text), text })),
  verdict: text,
  formulation: nullable(text),
});
type Relation = NonNullable<Inspection['comparisons'][number]['relation']>;
type RelationOf<Kind extends Relation['kind']> = Extract<Relation, { readonly kind: Kind }>;
const relations: Readonly<Record<string, Check>> = {
  equal: record<RelationOf<'equal'>>({ kind: text }),
  equalWithSmoothing: record<RelationOf<'equalWithSmoothing'>>({ kind: text, smoothing: finite }),
  sameGradientOffset: record<RelationOf<'sameGradientOffset'>>({ kind: text, offset: num, smoothing: optional(finite) }),
  scaled: record<RelationOf<'scaled'>>({ kind: text, factor: num }),
  scaledByBatch: record<RelationOf<'scaledByBatch'>>({ kind: text, factor: num }),
  scaledWithSmoothing: record<RelationOf<'scaledWithSmoothing'>>({ kind: text, factor: num, smoothing: finite }),
  scaledOffset: record<RelationOf<'scaledOffset'>>({ kind: text, factor: num, offset: num, smoothing: optional(finite) }),
  indistinguishable: record<RelationOf<'indistinguishable'>>({ kind: text }),
  different: record<RelationOf<'different'>>({ kind: text }),
} satisfies Record<Relation['kind'], Check>;
const relation: Check = (value) =>
  isRecord(value) && typeof value['kind'] === 'string' && Object.hasOwn(relations, value['kind']) && relations[value['kind']]!(value);
const standingFields: FieldChecks<Standing> = {
  difference: nullable(num),
  relativeDifference: nullable(num),
  ulp: nullable(num),
  gradientDifference: nullable(num),
  relation: nullable(relation),
  detail: text,
};
const lossParameter = record<LossParameter>({ name: text, symbol: text, value: num, assumed: optional(flag) });
const recognised = record<Recognised>({
  formulation: text,
  title: text,
  familyTitle: text,
  tex: text,
  reduction: nullable(record<NonNullable<Recognised['reduction']>>({ id: text, title: text })),
  scale: num,
  offset: num,
  held: list(text),
  everywhere: flag,
});
const unrecognised = record<Unrecognised>({
  compared: finite,
  deterministic: flag,
  batchTwice: nullable(record<NonNullable<Unrecognised['batchTwice']>>({ kind: oneOf('same', 'doubled', 'neither'), ratio: num })),
  rows: nullable(record<NonNullable<Unrecognised['rows']>>({ independent: flag, movedBy: list(list(finite)) })),
  inputs: list(
    record<Unrecognised['inputs'][number]>({
      name: text,
      effect: oneOf('moves', 'noGradient', 'none', 'whole'),
      entries: finite,
      zeros: finite,
      notFinite: finite,
    }),
  ),
  invariances: list(
    record<Unrecognised['invariances'][number]>({
      kind: oneOf('addToRows', 'addToAll', 'scaleRows', 'scaleAll', 'permuteRows', 'swapInputs'),
      inputs: list(text),
      holds: flag,
    }),
  ),
  farOut: list(record<Unrecognised['farOut'][number]>({ factor: finite, value: num, finite: flag })),
  nearest: list(
    record<Unrecognised['nearest'][number]>({
      family: text,
      formulation: text,
      title: text,
      parameters: list(lossParameter),
      cosine: num,
      ratio: num,
    }),
  ),
});
const comparison = record<Inspection['comparisons'][number]>({
  ...standingFields,
  formulation: text,
  title: text,
  tex: text,
  smoothing: nullable(finite),
  parameters: optional(list(lossParameter)),
  value: nullable(num),
  perSample: nullable(list(num)),
  gradient: nullable(tensor),
  targetDistribution: nullable(matrix),
});
const baseline = record<NonNullable<Inspection['baseline']>>({
  formulation: text,
  title: text,
  smoothing: finite,
  own: record<Standing>(standingFields),
  comparisons: list(comparison),
});
const finding = record<Inspection['findings'][number]>({
  rule: text,
  severity: oneOf('error', 'warning', 'info', 'hint'),
  message: text,
  range,
  fix: optional(record<NonNullable<Inspection['findings'][number]['fix']>>({ title: text, edits: list(textEdit), keepsNumbers: flag })),
});
type Rewrite = Inspection['rewrites'][number];
const offered = record<Extract<Rewrite, { readonly kind: 'offered' }>>({
  kind: oneOf('offered'),
  title: text,
  range,
  edits: list(textEdit),
  keepsNumbers: flag,
  note: text,
});
const refused = record<Extract<Rewrite, { readonly kind: 'refused' }>>({ kind: oneOf('refused'), title: text, range, reason: text });
const translation = record<NonNullable<Inspection['translations']>['builtin']>({ code: nullable(text), note: text });
const chainLink = record<ChainLink>({ text, range, file: optional(text) });
const sources: Readonly<Record<InputSource['kind'], Check>> = {
  code: record<Extract<InputSource, { readonly kind: 'code' }>>({ kind: text, chain: list(chainLink), certain: flag }),
  person: record<Extract<InputSource, { readonly kind: 'person' }>>({ kind: text, chain: list(chainLink) }),
  assumption: record<Extract<InputSource, { readonly kind: 'assumption' }>>({ kind: text, chain: list(chainLink), reason: text }),
};
const parameterFields = record<ParameterCorrection>({
  name: (value) => typeof value === 'string' && value.length <= longestName,
  as: optional(oneOf(...givenForms)),
  value: optional(text),
});
const parameterCorrection: Check = (value) => parameterFields(value) && correctionProblem(value as ParameterCorrection) === null;
const corrections = record<Corrections>({
  parameters: optional(list(parameterCorrection)),
  layout: optional(oneOf(...layouts)),
  classes: optional((value) => finite(value) && Number.isInteger(value) && (value as number) >= 1),
});
const runInput = record<RunInput>({
  name: text,
  role: oneOf('smoothing', 'classes', 'logits', 'targets', 'weight', 'reduction', 'ignoreIndex', 'padding', 'parameter', 'tensor'),
  parameter: optional(text),
  as: optional(oneOf(...givenForms)),
  choices: optional(list(oneOf(...givenForms))),
  layout: optional(oneOf(...layouts)),
  written: optional(text),
  isDefault: optional((value) => value === true),
  standsFor: optional(text),
  meaning: optional(text),
  values: optional(tensor),
  value: optional((value) => value === null || text(value) || flag(value) || num(value)),
  shape: optional(list((size) => text(size) || finite(size))),
  nature: optional(oneOf('logits', 'probabilities', 'logProbabilities', 'indices', 'distribution')),
  source: (value) =>
    isRecord(value) && oneOf(...Object.keys(sources))(value['kind']) && sources[value['kind'] as InputSource['kind']](value),
});
const otherUse = record<OtherUse>({ smoothing: finite, range, file: optional(text), chain: list(chainLink) });
const inspection = record<Inspection>({
  family: nullable(text),
  verdict: nullable(text),
  parameters: list(lossParameter),
  gradients: (value) => isRecord(value) && Object.values(value).every(tensor),
  recognised: optional(recognised),
  unrecognised: optional(unrecognised),
  name: text,
  kind: oneOf('class', 'function', 'call', 'script'),
  language: oneOf('python', 'typescript'),
  framework: oneOf('torch', 'tfjs', 'tensorflow', 'jax', 'mlx', 'paddle', 'mindspore', 'mxnet', 'numpy', 'unknown'),
  range,
  nameRange: range,
  smoothingConstants: list(smoothingConstant),
  inputs: list(runInput),
  corrected: optional(corrections),
  dropped: optional(list(text)),
  otherUses: list(otherUse),
  smoothing: nullable(finite),
  classes: nullable(finite),
  sample: nullable(usedSample),
  status: oneOf('measured', 'unsupported', 'error'),
  problem: nullable(problem),
  value: nullable(num),
  perSample: nullable(list(num)),
  gradient: nullable(tensor),
  steps: list(step),
  printed: list(printed),
  measured: nullable(measured),
  comparisons: list(comparison),
  baseline: optional(baseline),
  findings: list(finding),
  rewrites: list((value) => offered(value) || refused(value)),
  translations: nullable(record<NonNullable<Inspection['translations']>>({ builtin: translation, pytest: translation, tfjs: translation })),
  notes: list(text),
});

type ThingOf<Kind extends CorrectedThing['kind']> = Extract<CorrectedThing, { readonly kind: Kind }>;
const things: Readonly<Record<CorrectedThing['kind'], Check>> = {
  parameter: record<ThingOf<'parameter'>>({ kind: text, name: text }),
  layout: record<ThingOf<'layout'>>({ kind: text }),
  classes: record<ThingOf<'classes'>>({ kind: text }),
};
const correctedThing: Check = (value) =>
  isRecord(value) && oneOf(...Object.keys(things))(value['kind']) && things[value['kind'] as CorrectedThing['kind']](value);
const saysNothing = (value: unknown): boolean => isEmpty(value as Corrections);

type Messages<T extends { readonly type: string }> = { readonly [Type in T['type']]: Check };
type ViewMessage<Type extends ToView['type']> = Extract<ToView, { readonly type: Type }>;
type EditorMessage<Type extends ToEditor['type']> = Extract<ToEditor, { readonly type: Type }>;

const toViewChecks: Messages<ToView> = {
  show: record<ViewMessage<'show'>>({
    type: text,
    request: nullable(finite),
    uri: text,
    file: text,
    inspection,
    others: list(text),
    following: flag,
  }),
  busy: record<ViewMessage<'busy'>>({ type: text, uri: text, name: nullable(text) }),
  outdated: record<ViewMessage<'outdated'>>({ type: text, reason: text }),
  empty: record<ViewMessage<'empty'>>({ type: text, reason: text }),
  failed: record<ViewMessage<'failed'>>({ type: text, request: finite, reason: text }),
};

const toEditorChecks: Messages<ToEditor> = {
  ready: record<EditorMessage<'ready'>>({ type: text, version: finite }),
  inspect: () => true,
  rerun: record<EditorMessage<'rerun'>>({
    type: text,
    request: finite,
    uri: text,
    name: text,
    sample: nullable(sample),
    tensors: nullable(tensors),
    smoothing: nullable(finite),
    baseline: nullable(text),
  }),
  resetSample: record<EditorMessage<'resetSample'>>({ type: text, uri: text, name: text }),
  correct: record<EditorMessage<'correct'>>({
    type: text,
    uri: text,
    name: text,
    corrections: (value) => corrections(value) && !saysNothing(value),
  }),
  resetCorrections: record<EditorMessage<'resetCorrections'>>({ type: text, uri: text, name: text, of: nullable(correctedThing) }),
  select: record<EditorMessage<'select'>>({ type: text, uri: text, name: text }),
  reveal: record<EditorMessage<'reveal'>>({ type: text, uri: text, start: finite, end: finite, elsewhere: optional(range) }),
  applyFix: record<EditorMessage<'applyFix'>>({ type: text, uri: text, edits: list(textEdit) }),
  copy: record<EditorMessage<'copy'>>({ type: text, text }),
  openRule: record<EditorMessage<'openRule'>>({ type: text, rule: (value) => typeof value === 'string' && /^[a-z][a-z-]*$/.test(value) }),
  follow: record<EditorMessage<'follow'>>({ type: text, follow: flag }),
  openInEditor: () => true,
};
