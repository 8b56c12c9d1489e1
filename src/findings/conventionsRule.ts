/** One smoothing factor of the program that two losses take for the ε of different conventions. */
import { show } from '../identification/verdict';
import type { Inspection, Num, RunInput } from '../inspection';
import type { Rule } from './rule';

export const twoConventions: Pick<Rule, 'id' | 'severity' | 'title'> = {
  id: 'two-conventions',
  severity: 'info',
  title: 'One smoothing factor in two conventions',
};

type Convention = 'fill-scatter' | 'uniform-mixture';

interface Factor {
  readonly value: number;
  /** Where its number is written. */
  readonly origin: { readonly range: Inspection['range']; readonly file?: string };
  readonly convention: Convention;
  /** The ε of the uniform mixture with the same targets, and what the label gets. */
  readonly asMixture: number;
  readonly on: Num;
}

/** What is to be said of a loss beside others of the same text; null where they agree. */
export function otherConvention(loss: Inspection, others: readonly Inspection[]): string | null {
  const own = factorOf(loss);
  if (own === null) return null;
  for (const other of others) {
    const its = other === loss ? null : factorOf(other);
    if (its === null || its.convention === own.convention || its.value !== own.value || !isSamePlace(its.origin, own.origin)) continue;
    const { range, file } = own.origin;
    const where = `${file === undefined ? '' : `${file}, `}line ${range.line}`;
    const [fills, mixes] = own.convention === 'fill-scatter' ? [own, its] : [its, own];
    const K = classesOf(own.convention === 'fill-scatter' ? loss : other);
    return `The factor ${show(own.value)} (${where}) is used in two conventions. Here ${inWords(own.convention)}, so the label gets ${show(own.on)}; \`${other.name}\` (line ${other.nameRange.line}) ${inWordsOfOther(its.convention)}, so it gets ${show(its.on)}. At K = ${K} ${show(fills.value)} of the one is ε = ${show(fills.asMixture)} of the other, which has ε = ${show(mixes.value)}.`;
  }
  return null;
}

const inWords = (convention: Convention): string =>
  convention === 'fill-scatter'
    ? 'the other classes share it, ε/(K−1) each'
    : 'it is mixed with the uniform distribution, ε/K for every class';

const inWordsOfOther = (convention: Convention): string =>
  convention === 'fill-scatter'
    ? 'shares it among the other classes, ε/(K−1) each'
    : 'mixes it with the uniform distribution, ε/K for every class';

/** The factor as the code passes it, where the loss was measured to take it as it is. */
function factorOf({ measured, inputs }: Inspection): Factor | null {
  const formulation = measured?.formulation;
  if (!measured?.affine || (formulation !== 'fill-scatter' && formulation !== 'uniform-mixture')) return null;
  const given = inputs.find(({ role }) => role === 'smoothing');
  const origin = originOf(given);
  const { fillScatter, uniformMixture } = measured.effectiveSmoothing;
  const effective = formulation === 'fill-scatter' ? fillScatter : uniformMixture;
  if (typeof given?.value !== 'number' || origin === null || typeof effective !== 'number' || typeof uniformMixture !== 'number')
    return null;
  const isSo = given.value > 0 && Math.abs(effective - given.value) <= 1e-4 * given.value;
  return isSo ? { value: given.value, origin, convention: formulation, asMixture: uniformMixture, on: measured.onValue } : null;
}

const originOf = (input: RunInput | undefined): Factor['origin'] | null =>
  input?.source.kind === 'code' ? (input.source.chain[0] ?? null) : null;

const classesOf = ({ inputs }: Inspection): string => String(inputs.find(({ role }) => role === 'classes')?.value ?? 'this');

const isSamePlace = (a: Factor['origin'], b: Factor['origin']): boolean => a.file === b.file && a.range.start === b.range.start;
