/** What a loss was run with, each with where it comes from: the program, the person, or an assumption. */
import type { ChosenSmoothing } from './execution/chooseSmoothing';
import type { LossUse, SiteUse } from './execution/siteUse';
import { num } from './execution/tensorData';
import type { FoundProgram } from './detection/foundProgram';
import type { LossSite } from './detection/sites';
import type { ChainLink, InputSource, OtherUse, RunInput, UsedSample } from './inspection';
import type { Place } from './interpreter/provenance';
import { placesOf, provenanceOf } from './interpreter/provenance';
import type { Value } from './interpreter/value';
import { numberOf } from './interpreter/value';
import { classesOf } from './measuring/classesOf';
import type { Task } from './measuring/measureSite';

export interface Inputs {
  readonly inputs: readonly RunInput[];
  readonly otherUses: readonly OtherUse[];
  /** What has to be said before anything that rests on it; null where nothing was assumed that the numbers depend on. */
  readonly assumed: string | null;
}

export function runInputs(task: Task, smoothing: ChosenSmoothing, sample: UsedSample): Inputs {
  const { site, found, session } = task;
  const use = session.useOf(site);
  const link = linkIn(found);
  const inputs = [
    ...smoothingInput(task, smoothing, link),
    classesInput(task, sample, use, link),
    ...tensorInputs(task, sample, use, link),
    ...(use.taken === null ? [] : parameterInputs(use.taken, smoothingNames(site), link)),
  ];
  const otherUses = use.otherSmoothings.flatMap(({ smoothing: other, use: { construction, call } }): OtherUse[] => {
    const at = construction ?? call;
    if (at === null) return [];
    const { range, file } = link(at);
    return [{ smoothing: other.value, range, ...(file === undefined ? {} : { file }), chain: other.way.map(link) }];
  });
  return { inputs, otherUses, assumed: assumedInWords(smoothing, link) };
}

/** What a loss's own parameters, or the keywords of a library's call, call the smoothing factor. */
const smoothingNames = ({ definition, smoothingParameters, smoothingValues }: LossSite): readonly string[] => [
  ...smoothingParameters.map(({ name }) => name),
  ...(definition.kind === 'call' ? definition.call.keywords : []).flatMap(({ name, value }) =>
    name !== null && smoothingValues.includes(value) ? [name] : [],
  ),
];

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

function tensorInputs({ found }: Task, sample: UsedSample, use: SiteUse, link: Link): readonly RunInput[] {
  const shape = [sample.logits.length, sample.logits[0]?.length ?? 0];
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
  return [
    { name: 'logits', role: 'logits', shape, ...natureOf(use.input), source: source(made) },
    {
      name: 'targets',
      role: 'targets',
      shape: [shape[0]!],
      ...natureOf(use.targets),
      source: source(made),
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
