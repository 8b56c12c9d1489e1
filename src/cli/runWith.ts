/** What a loss was run with, in words: each thing with the way it took through the program, or why it is assumed. */
import type { GivenAs, InputSource, Inspection, OtherUse, RunInput } from '../inspection';
import { formNames } from '../correctionsInWords';
import { chainText, inOrder, inputValue } from '../knownInputs';
import { shown } from './numbers';

export interface RunWith {
  readonly what: string;
  /** Not of tensors: that their numbers are made is said where they come from. */
  readonly assumed: boolean;
  /** The way of the value, who asked for it, or what could not be followed. */
  readonly from: string;
}

/** Assumptions first. What says the same of several tensors is said once. */
export function runWith({ inputs }: Pick<Inspection, 'inputs'>, file: string): readonly RunWith[] {
  const own = file.slice(file.search(/[^/\\]*$/u));
  const rows: (RunWith & { readonly isTensor: boolean })[] = [];
  for (const input of inOrder(inputs)) {
    // What the code has where nothing is passed is its own, and nothing of this run.
    if (input.isDefault) continue;
    const assumed = input.source.kind === 'assumption' && input.shape === undefined;
    const row = { what: whatText(input), assumed, isTensor: input.shape !== undefined, from: fromText(input.source, own) };
    const last = rows.at(-1);
    if (input.shape !== undefined && last?.isTensor && last.from === row.from)
      rows[rows.length - 1] = { ...last, what: `${last.what}, ${row.what}` };
    else rows.push(row);
  }
  return rows;
}

function whatText(input: RunInput): string {
  const { name, role, shape, value, nature, meaning } = input;
  if (meaning !== undefined) return `${name} ${inputValue(input)} (${meaning})`;
  const form = handed(input);
  const known = form !== null ? formNames[form] : nature === undefined ? null : natures[nature];
  if (shape !== undefined) return `${name} ${inputValue(input)}${known === null ? '' : ` (${known})`}`;
  if (value === undefined) return input.as === undefined || input.as === 'default' ? name : `${name}: ${formNames[input.as]}`;
  return `${role === 'smoothing' && name !== 'ε' ? `ε (${name})` : name} = ${inputValue(input)}`;
}

/** What a person says that a tensor is, and what else than predictions and targets it is. */
const handed = ({ as, source, role }: RunInput): GivenAs | null =>
  as !== undefined && as !== 'value' && (source.kind === 'person' || role === 'parameter') ? as : null;

const natures: Readonly<Record<NonNullable<RunInput['nature']>, string>> = {
  logits: 'logits',
  probabilities: 'probabilities',
  logProbabilities: 'log-probabilities',
  indices: 'indices',
  distribution: 'a distribution',
};

function fromText(source: InputSource, file: string): string {
  const way = chainText(source.chain, file);
  switch (source.kind) {
    case 'code':
      return `${way === '' ? 'the code' : way}${source.certain ? '' : ', where conditions that are not known hold'}`;
    case 'person':
      return way === '' ? 'chosen by you' : `chosen by you: ${way}`;
    case 'assumption':
      return way === '' ? source.reason : `${source.reason}: ${way}`;
  }
}

/** `also used with ε = 0.2: 0.2 (evaluate.py:9)` */
export function otherUseText({ smoothing, range, file: elsewhere, chain }: OtherUse, file: string): string {
  const own = file.slice(file.search(/[^/\\]*$/u));
  const at = `${elsewhere ?? own}:${range.line}`;
  const way = chainText(chain, own);
  return `also used with ε = ${shown(smoothing)} (${at})${way === '' ? '' : `: ${way}`}`;
}
