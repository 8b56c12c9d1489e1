/** What a person may say of how a loss is run, read from text and put together; for the core, the editor, the page and the command line. */
import type { Corrections, GivenAs, ParameterCorrection, RowsLayout } from './inspection';

export const layouts = [
  'rows',
  'sequences',
  'classesFirst',
  'images',
  'oneSequence',
  'flat',
  'single',
] as const satisfies readonly RowsLayout[];

export const predictionForms = ['logits', 'logProbabilities', 'probabilities', 'sigmoids'] as const satisfies readonly GivenAs[];
export const targetForms = ['indices', 'column', 'oneHot', 'integerOneHot'] as const satisfies readonly GivenAs[];
const others = ['otherLogits', 'otherTargets', 'mask', 'sampleWeight'] as const satisfies readonly GivenAs[];
const settings = ['weight', 'smoothing', 'classes', 'value'] as const satisfies readonly GivenAs[];

/** All that a parameter may be handed. */
export const givenForms: readonly GivenAs[] = [...predictionForms, ...targetForms, ...others, ...settings, 'default'];

/** What may be said of a parameter that is passed where the loss is made, or where it is called. */
export function formsFor(where: 'constructor' | 'call', hasDefault: boolean): readonly GivenAs[] {
  const own: readonly GivenAs[] = hasDefault ? ['default'] : [];
  return where === 'constructor' ? [...settings, ...own] : [...predictionForms, ...targetForms, ...others, ...settings, ...own];
}

export const isPredictionForm = (as: GivenAs | undefined): as is (typeof predictionForms)[number] =>
  (predictionForms as readonly (GivenAs | undefined)[]).includes(as);
export const isTargetForm = (as: GivenAs | undefined): as is (typeof targetForms)[number] =>
  (targetForms as readonly (GivenAs | undefined)[]).includes(as);

/** What of a form has a value that the person may write. */
export const takesValue = (as: GivenAs | undefined): boolean => as === undefined || as === 'value' || as === 'smoothing' || as === 'weight';

// ------------------------------------------------------------------------------------------------------------ values

/** A value as it stands in code. A number with a point or an exponent is no whole one. */
export type Literal =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'switch'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly isWhole: boolean }
  | { readonly kind: 'word'; readonly value: string }
  | { readonly kind: 'list'; readonly items: readonly Literal[] };

/** More than anybody writes by hand. */
const longestValue = 4_000;

const words: Readonly<Record<string, Literal>> = {
  None: { kind: 'nothing' },
  null: { kind: 'nothing' },
  undefined: { kind: 'undefined' },
  True: { kind: 'switch', value: true },
  true: { kind: 'switch', value: true },
  False: { kind: 'switch', value: false },
  false: { kind: 'switch', value: false },
  inf: { kind: 'number', value: Infinity, isWhole: false },
  nan: { kind: 'number', value: NaN, isWhole: false },
};

/** Reads `0.2`, `-1`, `'sum'`, `sum`, `True`, `None`, `[1, 2]`; null where the text is no such value. Nothing is computed. */
export function literalOf(text: string): Literal | null {
  if (text.length > longestValue) return null;
  const read = literalAt(text, 0, 4);
  return read !== null && text.slice(read.end).trim() === '' ? read.literal : null;
}

interface Read {
  readonly literal: Literal;
  readonly end: number;
}

function literalAt(text: string, from: number, depth: number): Read | null {
  const start = from + /^\s*/.exec(text.slice(from))![0].length;
  const rest = text.slice(start);
  if (rest.startsWith('[') || rest.startsWith('(')) return depth === 0 ? null : listAt(text, start, depth);
  const number = /^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/.exec(rest);
  if (number) {
    const value = Number(number[0].replaceAll('_', ''));
    return { literal: { kind: 'number', value, isWhole: /^[+-]?[\d_]+$/.test(number[0]) }, end: start + number[0].length };
  }
  const infinite = /^([+-])inf(?!\w)/.exec(rest);
  if (infinite) {
    const value = infinite[1] === '-' ? -Infinity : Infinity;
    return { literal: { kind: 'number', value, isWhole: false }, end: start + infinite[0].length };
  }
  const quoted = /^'([^'\\\n]*)'|^"([^"\\\n]*)"/.exec(rest);
  if (quoted) return { literal: { kind: 'word', value: quoted[1] ?? quoted[2]! }, end: start + quoted[0].length };
  const bare = /^[A-Za-z_][\w-]*(?![\w.(])/.exec(rest);
  if (!bare) return null;
  const literal = Object.hasOwn(words, bare[0]) ? words[bare[0]]! : ({ kind: 'word', value: bare[0] } as const);
  return { literal, end: start + bare[0].length };
}

function listAt(text: string, start: number, depth: number): Read | null {
  const closing = text[start] === '[' ? ']' : ')';
  const items: Literal[] = [];
  let at = start + 1;
  for (;;) {
    at += /^\s*/.exec(text.slice(at))![0].length;
    if (text[at] === closing) return { literal: { kind: 'list', items }, end: at + 1 };
    const item = literalAt(text, at, depth - 1);
    if (item === null) return null;
    items.push(item.literal);
    at = item.end + /^\s*/.exec(text.slice(item.end))![0].length;
    if (text[at] === ',') at++;
    else if (text[at] !== closing) return null;
  }
}

/** Why a correction cannot be used, or null. */
export function correctionProblem({ name, as, value }: ParameterCorrection): string | null {
  if (name === '') return 'it names no parameter';
  if (as === 'value' && value === undefined) return `${name} is said to be a value, and not which`;
  if (value === undefined) return as === undefined ? `nothing is said of ${name}` : null;
  if (!takesValue(as)) return `${name} is said to be ${as!}: that takes no value`;
  const literal = literalOf(value);
  if (literal === null) return `${name}: "${value}" is no value: a number, a word, True, False, None or a list of these is one`;
  if (as === 'smoothing' && !(literal.kind === 'number' && literal.value >= 0 && literal.value < 1))
    return `${name}: a smoothing factor is a number from 0 to less than 1, not ${value}`;
  if (as === 'weight' && !isWeights(literal)) return `${name}: class weights are a list of numbers that are not negative, not ${value}`;
  return null;
}

const isWeights = (literal: Literal): boolean =>
  literal.kind === 'list' &&
  literal.items.length > 0 &&
  literal.items.every((item) => item.kind === 'number' && Number.isFinite(item.value) && item.value >= 0);

// ----------------------------------------------------------------------------------------------------- put together

export const isEmpty = ({ parameters = [], layout, classes }: Corrections): boolean =>
  parameters.length === 0 && layout === undefined && classes === undefined;

/** The one with what the other says, which takes the place of what it says of the same. */
export function withCorrections(before: Corrections, newer: Corrections): Corrections {
  const named = new Set((newer.parameters ?? []).map(({ name }) => name));
  const parameters = [...(before.parameters ?? []).filter(({ name }) => !named.has(name)), ...(newer.parameters ?? [])];
  return { ...before, ...newer, ...(parameters.length === 0 ? {} : { parameters }) };
}

/** Without what is said of one parameter, of the layout or of the number of classes. */
export function withoutCorrection(corrections: Corrections, of: CorrectedThing): Corrections {
  const { parameters = [], layout, classes } = corrections;
  const kept = of.kind === 'parameter' ? parameters.filter(({ name }) => name !== of.name) : parameters;
  return {
    ...(kept.length === 0 ? {} : { parameters: kept }),
    ...(layout === undefined || of.kind === 'layout' ? {} : { layout }),
    ...(classes === undefined || of.kind === 'classes' ? {} : { classes }),
  };
}

/** What can be corrected by itself. */
export type CorrectedThing =
  { readonly kind: 'parameter'; readonly name: string } | { readonly kind: 'layout' } | { readonly kind: 'classes' };
