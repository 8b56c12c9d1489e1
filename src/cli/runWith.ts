/** What a loss was run with, in words: each thing with the way it took through the program, or why it is assumed. */
import type { InputSource, Inspection, OtherUse, RunInput } from '../inspection';
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
  const rows: RunWith[] = [];
  for (const input of inOrder(inputs)) {
    const assumed = input.source.kind === 'assumption' && input.shape === undefined;
    const row = { what: whatText(input), assumed, from: fromText(input.source, own) };
    const last = rows.at(-1);
    if (input.shape !== undefined && last?.from === row.from) rows[rows.length - 1] = { ...last, what: `${last.what}, ${row.what}` };
    else rows.push(row);
  }
  return rows;
}

function whatText(input: RunInput): string {
  const { name, role, shape, nature } = input;
  if (shape !== undefined) return `${name} ${inputValue(input)}${nature === undefined ? '' : ` (${natures[nature]})`}`;
  return `${role === 'smoothing' && name !== 'ε' ? `ε (${name})` : name} = ${inputValue(input)}`;
}

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
      return way === '' ? 'asked for' : `asked for: ${way}`;
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
