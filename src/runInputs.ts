/** What a loss was run with, each with where it comes from: the program, the person, or an assumption. */
import { formsFor, isPredictionForm, predictionForms, targetForms } from './corrections';
import type { LossSite } from './detection/sites';
import { isRequired } from './execution/arguments';
import type { Feed } from './execution/bridge';
import { chooseSmoothing } from './execution/chooseSmoothing';
import type { ChosenSmoothing } from './execution/chooseSmoothing';
import { openLoss } from './execution/openLoss';
import type { HandedParameter, OpenLoss } from './execution/openLoss';
import type { Session } from './execution/session';
import { lossOfSettings } from './execution/libraryCalls';
import type { LossUse, SiteUse } from './execution/siteUse';
import { num } from './execution/tensorData';
import { predictionsTold, toldOf } from './execution/told';
import { labelsShape, logitsShape } from './execution/ways';
import type { Rows } from './execution/ways';
import type { FoundProgram } from './detection/foundProgram';
import type { ChainLink, GivenAs, InputSource, OtherUse, RunInput, UsedSample } from './inspection';
import type { Place } from './interpreter/provenance';
import { placesOf, provenanceOf } from './interpreter/provenance';
import type { Value } from './interpreter/value';
import { numberOf } from './interpreter/value';
import type { Expression } from './language/program';
import { textOf } from './language/source';
import { classesOf } from './measuring/classesOf';
import { chooseSample } from './measuring/measureSite';
import type { Task } from './measuring/measureSite';

export interface Inputs {
  readonly inputs: readonly RunInput[];
  readonly otherUses: readonly OtherUse[];
  /** What has to be said before anything that rests on it; null where nothing was assumed that the numbers depend on. */
  readonly assumed: string | null;
}

/** The loss as it was opened, and what it was fed; both absent for a script. */
export interface Opened {
  readonly open: OpenLoss;
  readonly feed: Feed | null;
}

export function runInputs(task: Task, smoothing: ChosenSmoothing, sample: UsedSample, opened: Opened | null = null): Inputs {
  const { site, found, session } = task;
  const use = session.useOf(site);
  const link = linkIn(found);
  const handed = opened?.open.parameters(rowsOf(sample)) ?? [];
  const inputs = [
    ...smoothingInput(task, smoothing, link),
    classesInput(task, sample, use, link),
    ...tensorInputs(task, sample, use, link, opened),
    ...(use.taken === null
      ? []
      : parameterInputs(use.taken, [...smoothingNames(site), ...(site.told?.parameters ?? []).map(({ name }) => name)], link)),
  ];
  const listed = new Set(inputs.map(({ name, parameter }) => parameter ?? name));
  const others = handed.filter(({ name, role }) => !listed.has(name) && role !== 'logits' && role !== 'targets');
  const otherUses = use.otherSmoothings.flatMap(({ smoothing: other, use: { construction, call } }): OtherUse[] => {
    const at = construction ?? call;
    if (at === null) return [];
    const { range, file } = link(at);
    return [{ smoothing: other.value, range, ...(file === undefined ? {} : { file }), chain: other.way.map(link) }];
  });
  const choosable = (input: RunInput): RunInput => withChoices(task, input, handed);
  return {
    inputs: [...inputs.map(choosable), ...others.map((one) => otherInput(task, one, link))],
    otherUses,
    assumed: assumedInWords(smoothing, link),
  };
}

/** What a loss's own parameters, or the keywords of a library's call, call the smoothing factor. */
const smoothingNames = ({ definition, smoothingParameters, smoothingValues }: LossSite): readonly string[] => [
  ...smoothingParameters.map(({ name }) => name),
  ...(definition.kind === 'call' ? [lossOfSettings(definition.real)?.factor ?? []].flat() : []),
  ...(definition.kind === 'call' ? definition.call.keywords : []).flatMap(({ name, value }) =>
    name !== null && smoothingValues.includes(value) ? [name] : [],
  ),
];

const rowsOf = ({ logits, targets }: UsedSample): Rows => ({ logits, targets, classes: logits[0]?.length ?? 0 });

export type Link = (place: Place) => ChainLink;

/** How a place of the program is told. */
export function linkIn({ place, program }: FoundProgram): Link {
  return ({ range, file, text }) => {
    const elsewhere = file !== null && file !== program.file ? file : undefined;
    const at = place(elsewhere === undefined ? range : { ...range, file: elsewhere });
    return { text, range: at, ...(elsewhere === undefined ? {} : { file: at.file ?? elsewhere }) };
  };
}

/** `ε = 0.1 is assumed: …` */
function assumedInWords({ assumption, value, way }: ChosenSmoothing, link: Link): string | null {
  if (assumption === null) return null;
  const [place] = way;
  const at = place === undefined ? null : link(place);
  const where = at === null ? '' : ` (${at.file === undefined ? '' : `${at.file}, `}line ${at.range.line})`;
  return `With ε = ${value} assumed, since ${assumption}${where}.`;
}

/** An input with what the person may say of its parameter. */
function withChoices({ site }: Task, input: RunInput, handed: readonly HandedParameter[]): RunInput {
  const name = input.parameter ?? input.name;
  const parameter = handed.find(
    (one) => one.name === name && (one.role === input.role || input.role === 'parameter' || input.role === 'smoothing'),
  );
  if (parameter === undefined) return input;
  const as = input.as ?? (input.role === 'smoothing' ? 'smoothing' : parameter.as);
  const written = toldOf(site, name)?.value;
  return {
    ...input,
    ...(as === null ? {} : { as }),
    choices: choicesFor(site, parameter),
    ...(written === undefined ? {} : { written }),
  };
}

function choicesFor(site: LossSite, { name, where, role, parameter }: HandedParameter): readonly GivenAs[] {
  if (parameter === null)
    return role === 'logits'
      ? predictionForms
      : role === 'targets'
        ? targetForms
        : name === 'weight'
          ? ['weight', 'value', 'default']
          : ['value', 'default'];
  const forms = formsFor(where, !isRequired(parameter));
  // What makes targets takes no predictions.
  return site.role === 'target' ? forms.filter((form) => !isPredictionForm(form)) : forms;
}

/** What the program does not say, or the person says instead. */
export function otherInput(task: Task, handed: HandedParameter, link: Link): RunInput {
  const { site, session, found } = task;
  const { name, by, value, parameter } = handed;
  const told = toldOf(site, name);
  const read = value === null ? null : session.bridge.read(value);
  const plain = value === null ? undefined : plainValue(value);
  const own = parameter?.defaultValue ?? null;
  const isFollowed = parameter !== null || by !== 'default' || told !== null;
  const shown: Partial<RunInput> = {
    ...(plain === undefined ? {} : { value: plain }),
    ...(read === null || read.shape.length === 0 ? {} : { shape: read.shape }),
    ...(told?.value === undefined ? {} : { written: told.value }),
    ...(handed.as === null ? {} : { as: handed.as }),
    choices: choicesFor(site, handed),
  };
  const ofCode = (chain: readonly ChainLink[]): InputSource => ({ kind: 'code', chain, certain: true });
  const source = (): InputSource => {
    switch (by) {
      case 'person':
        return { kind: 'person', chain: [] };
      case 'program':
      case 'file': {
        const way = value === null ? null : provenanceOf(value);
        return ofCode(way === null ? [] : placesOf(way).map(link));
      }
      case 'trying':
        return notFollowed(session.useOf(site).taken, name, link);
      case 'default':
        if (!isFollowed) return { kind: 'assumption', chain: [], reason: 'it could not be followed, and was left out' };
        if (own === null) return ofCode([]);
        return ofCode([{ text: textOf(site.program, own), range: found.place(own.range) }]);
    }
  };
  const isDefault = by === 'default' && isFollowed;
  const ofDefault = isDefault && own !== null ? literalDefault(session, own) : undefined;
  return {
    name,
    role: 'parameter',
    ...shown,
    ...(ofDefault === undefined ? {} : { value: ofDefault }),
    ...(isDefault ? { isDefault: true } : {}),
    source: source(),
  };
}

/** What the program hands over and nobody knows, a model's output, is another thing than what it leaves out. */
function notFollowed(taken: LossUse | null, name: string, link: Link): InputSource {
  const isPassed = taken !== null && (taken.made.has(name) || taken.called.has(name));
  if (!isPassed) return { kind: 'assumption', chain: [], reason: 'the program was not seen to pass it' };
  const place = taken.called.has(name) ? taken.call : taken.construction;
  return { kind: 'assumption', chain: place === null ? [] : [link(place)], reason: 'the program passes it, and what it is is not known' };
}

/** The default, where it is a number, a word or a switch; the names in one of another file mean something else here. */
function literalDefault(session: Session, own: Expression): RunInput['value'] {
  if (own.range.file !== undefined) return undefined;
  const value = session.valueOf(own);
  return value === null ? undefined : plainValue(value);
}

/** What would be handed over to a loss that does not run: enough to say otherwise. */
export function inputsOfFailed(task: Task): readonly RunInput[] {
  const { site, session, found, request } = task;
  if (site.kind === 'script') return [];
  try {
    const sample = chooseSample(task);
    const smoothing = chooseSmoothing(session, site, found.constants, request.smoothing);
    return runInputs(task, smoothing, sample, { open: openLoss(session, site), feed: null }).inputs;
  } catch {
    // What cannot even be opened says nothing of its parameters.
    return [];
  }
}

function smoothingInput({ site }: Task, { value, source, way, assumption, note }: ChosenSmoothing, link: Link): readonly RunInput[] {
  if (source === 'none' || value === null) return [];
  const [parameter] = site.smoothingParameters;
  const ofCall = site.program.language === 'python' ? 'label_smoothing' : 'labelSmoothing';
  const name = parameter?.name ?? (site.kind === 'call' ? ofCall : (site.smoothingNames[0] ?? 'smoothing'));
  const chain = way.map(link);
  return [{ name, role: 'smoothing', value, source: sourceOf(source, chain, note === null, assumption) }];
}

function sourceOf(
  kind: 'code' | 'person' | 'assumption',
  chain: readonly ChainLink[],
  certain: boolean,
  reason: string | null,
): InputSource {
  switch (kind) {
    case 'code':
      return { kind, chain, certain };
    case 'person':
      return { kind, chain };
    case 'assumption':
      return { kind, chain, reason: reason ?? 'the program does not say it' };
  }
}

function classesInput(task: Task, sample: UsedSample, { classes }: SiteUse, link: Link): RunInput {
  const { site, found } = task;
  const value = sample.logits[0]?.length ?? 0;
  const input = (source: InputSource): RunInput => ({ name: 'K', role: 'classes', value, source });
  const chosen = classesOf(task);
  if (chosen.source === 'asked' || sample.origin === 'user') return input({ kind: 'person', chain: [] });
  const supposed = classes?.way.find(({ isSupposed }) => isSupposed);
  if (classes !== null && classes.value === value && supposed !== undefined)
    return input({
      kind: 'assumption',
      chain: classes.way.map(link),
      reason: `${supposed.text} is taken to say how many classes its output has`,
    });
  if (classes !== null && classes.value === value) return input({ kind: 'code', chain: classes.way.map(link), certain: classes.certain });
  if (chosen.source === 'code' && chosen.classes === value) {
    const { range } = chosen;
    const chain = range === undefined ? [] : [{ text: found.program.text.slice(range.start, range.end), range }];
    return input({ kind: 'code', chain, certain: true });
  }
  const reason =
    classes !== null
      ? `the program has ${classes.value} classes, too many to show`
      : chosen.source === 'tried'
        ? 'the program was not seen to say it; with so many its code runs'
        : `the program was not seen to say how many classes ${site.name} has`;
  return input({ kind: 'assumption', chain: classes === null ? [] : classes.way.map(link), reason });
}

function tensorInputs({ site, found }: Task, sample: UsedSample, use: SiteUse, link: Link, opened: Opened | null): readonly RunInput[] {
  const rows = rowsOf(sample);
  const layout = opened?.open.layout() ?? 'rows';
  const handed = opened?.open.parameters(rows) ?? [];
  const [predictions, labels] = (['logits', 'targets'] as const).map((role) => handed.find((one) => one.role === role) ?? null);
  const place = use.taken?.call ?? null;
  const source = (reason: string): InputSource => {
    if (sample.origin === 'user') return { kind: 'person', chain: [] };
    if (sample.origin === 'file' && sample.range) {
      const text = found.program.text.slice(sample.range.start, sample.range.end);
      return { kind: 'code', chain: [{ text, range: sample.range }], certain: true };
    }
    return { kind: 'assumption', chain: place === null ? [] : [link(place)], reason };
  };
  const natures = {
    softmax: 'probabilities',
    logSoftmax: 'logProbabilities',
    sigmoid: 'probabilities',
    indices: 'indices',
    oneHot: 'distribution',
    smoothed: 'distribution',
    // What a linear layer gives is what such a loss is handed anyway.
    scores: null,
  } as const;
  const natureOf = (fact: SiteUse['input']): Pick<RunInput, 'nature'> => {
    const nature = fact === null ? null : natures[fact.nature];
    return nature === null ? {} : { nature };
  };
  const made = 'the numbers are made for it: the program’s data are not read';
  const isTold = (parameter: HandedParameter | null | undefined): boolean => parameter?.by === 'person';
  const person: InputSource = { kind: 'person', chain: [] };
  const nameOf = (parameter: HandedParameter | null | undefined, otherwise: string): Pick<RunInput, 'parameter'> =>
    parameter === null || parameter === undefined || parameter.name === otherwise ? {} : { parameter: parameter.name };
  const feed = predictionsTold(site) ?? opened?.feed ?? null;
  return [
    {
      name: 'logits',
      role: 'logits',
      shape: logitsShape(rows, layout),
      ...natureOf(use.input),
      ...nameOf(predictions, 'logits'),
      ...(feed === null || !predictions ? {} : { as: feed }),
      ...(site.role === 'loss' && opened !== null ? { layout } : {}),
      source: isTold(predictions) || site.told?.layout !== undefined ? person : source(made),
    },
    {
      name: 'targets',
      role: 'targets',
      shape:
        labels?.as === 'oneHot' || labels?.as === 'integerOneHot' ? logitsShape(rows, layout) : labelsShape(rows.targets.length, layout),
      ...natureOf(use.targets),
      ...nameOf(labels, 'targets'),
      source: isTold(labels) ? person : source(made),
    },
  ];
}

/** What else the program hands over: numbers, words and switches. */
function parameterInputs({ made, called, defaults, certain }: LossUse, smoothing: readonly string[], link: Link): readonly RunInput[] {
  return [...made, ...called].flatMap(([name, value]): RunInput[] => {
    const plain = plainValue(value);
    if (plain === undefined || smoothing.includes(name) || defaults.has(name)) return [];
    const way = provenanceOf(value);
    return [
      { name, role: 'parameter', value: plain, source: { kind: 'code', chain: way === null ? [] : placesOf(way).map(link), certain } },
    ];
  });
}

function plainValue(value: Value): RunInput['value'] {
  switch (value.kind) {
    case 'none':
      return null;
    case 'bool':
    case 'str':
      return value.value;
    default: {
      const number = numberOf(value);
      return number === null ? undefined : num(number);
    }
  }
}
