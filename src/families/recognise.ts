/**
 * Which loss a black box of tensors is: it is run on natural samples of every layout that it can take, and compared with every formulation that
 * is defined over that layout, in value and gradient. Nothing is read off names; numbers that the code holds are tried as parameters first.
 */
import { definedOver, run } from './evaluate';
import type { FamilyRun, Settled } from './evaluate';
import type { Family, FamilyFormulation, FamilyReduction, LaidInput, Layout, Numbers, Sizes } from './family';
import { rowMeans, rowSums } from './reductions';
import { sampleOf, sampleSizes, unusualSizes } from './layouts';
import type { PlainTensor, PlainTensors } from './layouts';

/** A loss seen from outside: tensors by their names, values and gradients. */
export interface NamedLoss {
  /** Names of the tensors it takes, in the order of its parameters. */
  readonly inputs: readonly string[];
  /** Numbers that it is made or called with, or that stand in its code. */
  readonly numbers: readonly number[];
  /** Whether some of them are assumed: nothing was seen to say them. */
  readonly isAssuming: boolean;
  /** Throws what the loss throws. */
  readonly run: (given: PlainTensors) => FamilyRun;
}

export interface Recognition extends Settled {
  readonly family: Family;
  readonly layout: Layout;
  /** For each tensor of the layout the loss's own name. */
  readonly names: Readonly<Record<string, string>>;
  /** L = scale · formulation + offset. */
  readonly scale: number;
  readonly offset: number;
  /** Tensors that could move the formulation, and are held fixed by the loss. */
  readonly held: readonly string[];
  /** False where it departs from the formulation on inputs far out or close to zero: a clamp, a threshold, a term that vanishes. */
  readonly everywhere: boolean;
}

/** Deviations that float32 explains, relative to the largest number compared. */
const tolerance = 4e-5;

export function recognise(loss: NamedLoss, families: readonly Family[]): Recognition | null {
  let departing: Recognition | null = null;
  for (const family of families) {
    for (const layout of family.layouts) {
      if (layout.inputs.length !== loss.inputs.length) continue;
      const references = referencesOn(family, layout, loss.numbers);
      for (const names of assignments(layout, loss.inputs)) {
        const found = recognisedAs({ loss, family, layout, names, references });
        if (found?.everywhere === true) return found;
        departing ??= found;
      }
    }
  }
  return departing;
}

/** Ways of handing the layout's tensors to the loss: in their own order first. */
function assignments({ inputs }: Layout, own: readonly string[]): readonly Readonly<Record<string, string>>[] {
  const ways = permutations(own).map((order) => Object.fromEntries(inputs.map(({ name }, i) => [name, order[i]!])));
  return ways.slice(0, mostAssignments);
}

const mostAssignments = 24;

export function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1)).map((rest) => [item, ...rest]));
}

interface Reference {
  readonly settled: Settled;
  readonly ran: FamilyRun;
}

/** The formulations that a layout gives what they need, with each choice of their numbers, on the first sample: whatever is handed to the loss as what. */
function referencesOn(family: Family, layout: Layout, numbers: readonly number[]): (isUnreduced: boolean) => readonly Reference[] {
  const known = new Map<boolean, readonly Reference[]>();
  return (isUnreduced) => {
    const found = known.get(isUnreduced);
    if (found !== undefined) return found;
    const given = sampleOf(layout, sampleSizes[0]!, firstSeed);
    const references = fitting(family, layout)
      .flatMap((formulation) => settledWays(formulation, numbers, isUnreduced))
      .flatMap((settled): readonly Reference[] => {
        const ran = runOrNull(settled, layout, given);
        return ran === null ? [] : [{ settled, ran }];
      });
    known.set(isUnreduced, references);
    return references;
  };
}

const firstSeed = 1;

/** The formulations that are defined over what a layout gives. */
export function fitting(family: Family, layout: Layout): readonly FamilyFormulation[] {
  const names = definedOver(layout, sampleOf(layout, sampleSizes[0]!, firstSeed));
  return family.formulations.filter(({ inputs }) => inputs.length === names.length && inputs.every((name) => names.includes(name)));
}

/** The sample that a loss of this layout is shown on, where nobody gives one. */
export const shownSample = (layout: Layout): PlainTensors => sampleOf(layout, sampleSizes[0]!, firstSeed);

/** The loss on samples of several sizes. */
export const sampled = (loss: NamedLoss, { layout, names }: Pick<Recognition, 'layout' | 'names'>): readonly Seen[] =>
  sampleSizes.flatMap((sizes, i) => seenOn({ loss, layout, names }, sizes, firstSeed + i) ?? []);

function runOrNull(settled: Settled, layout: Layout, given: PlainTensors): FamilyRun | null {
  try {
    return run(settled, layout, given);
  } catch {
    return null;
  }
}

interface Attempt {
  readonly references: (isUnreduced: boolean) => readonly Reference[];
  readonly loss: NamedLoss;
  readonly family: Family;
  readonly layout: Layout;
  readonly names: Readonly<Record<string, string>>;
}

export interface Seen {
  readonly given: PlainTensors;
  readonly ran: FamilyRun;
}

/** The loss on one sample; null where it cannot be run on it, or nothing finite or nothing that moves comes of it. */
function seenOn({ loss, layout, names }: Pick<Attempt, 'loss' | 'layout' | 'names'>, sizes: Sizes, seed: number): Seen | null {
  const given = sampleOf(layout, sizes, seed);
  const own = Object.fromEntries(layout.inputs.map(({ name }): readonly [string, PlainTensor] => [names[name]!, given[name]!]));
  try {
    const { value, shape, gradients } = loss.run(own);
    const ran: FamilyRun = {
      value,
      shape,
      gradients: Object.fromEntries(layout.inputs.map(({ name }) => [name, gradients[names[name]!] ?? null])),
    };
    const moved = layout.inputs.some(({ name, moves }) => moves === 'moves' && ran.gradients[name]?.some((g) => g !== 0) === true);
    return moved && value.every(Number.isFinite) ? { given, ran } : null;
  } catch {
    return null;
  }
}

function recognisedAs(attempt: Attempt): Recognition | null {
  const { layout } = attempt;
  const first = seenOn(attempt, sampleSizes[0]!, firstSeed);
  if (first === null) return null;
  const candidates = attempt
    .references(first.ran.shape.length > 0)
    .flatMap(({ settled, ran }) => {
      const standing = standingTo(ran, layout, first);
      return standing === null || !saysSomething(standing, settled, attempt) ? [] : [{ settled, standing }];
    })
    .sort((a, b) => plainness(a.standing) - plainness(b.standing));
  if (candidates.length === 0) return null;
  const others = sampleSizes.slice(1).map((sizes, i) => seenOn(attempt, sizes, firstSeed + 1 + i));
  const unusual = unusualSizes.map((sizes, i) => seenOn(attempt, sizes, i + 11));
  let departing: Recognition | null = null;
  for (const { settled, standing } of candidates) {
    const holdsOn = (seen: Seen | null): boolean => {
      if (seen === null) return true;
      const reference = runOrNull(settled, layout, seen.given);
      const there = reference && standingTo(reference, layout, seen);
      return there !== null && isSame(there, standing, seen);
    };
    // One sample more at least: two of one size would not tell a mean from a sum.
    if (!others.some((seen) => seen !== null) || !others.every(holdsOn)) continue;
    const { family: ofFamily, names: ownNames } = attempt;
    const everywhere = unusual.every(holdsOn);
    const found: Recognition = { ...settled, ...standing, family: ofFamily, layout, names: ownNames, everywhere };
    if (everywhere) return found;
    departing ??= found;
  }
  return departing;
}

/**
 * Whether such a standing tells a loss from any other code. Where the formulation only adds its tensors up (−f of a critic), every mean, sum and
 * share is a multiple of it, shifted: what is turned round or moved is not taken for it.
 */
function saysSomething({ scale, offset }: StandingTo, settled: Settled, { layout, loss }: Attempt): boolean {
  return (scale > 0 && offset === 0 && !loss.isAssuming) || !isLinear(settled, layout);
}

/** Whether the gradient stays as it is when everything that moves is turned round. */
function isLinear(settled: Settled, layout: Layout): boolean {
  const given = sampleOf(layout, sampleSizes[0]!, firstSeed);
  const turned = Object.fromEntries(
    layout.inputs.map(({ name, moves }): readonly [string, PlainTensor] => {
      const { values, ...rest } = given[name]!;
      return [name, { ...rest, values: moves === 'moves' ? values.map((value) => -value) : values }];
    }),
  );
  const [here, there] = [runOrNull(settled, layout, given), runOrNull(settled, layout, turned)];
  if (here === null || there === null) return false;
  return layout.inputs.every(({ name, moves }) => {
    const [own, other] = [here.gradients[name] ?? null, there.gradients[name] ?? null];
    return moves !== 'moves' || own === null || other === null || isMultiple(own, other, 1);
  });
}

/** A formulation with each choice of its numbers and its reduction. */
export function settledWays(formulation: FamilyFormulation, numbers: readonly number[], isUnreduced: boolean): readonly Settled[] {
  const reductions: readonly (FamilyReduction | null)[] = isUnreduced ? [null, rowSums, rowMeans] : formulation.reductions;
  const choices = choicesOf(formulation, numbers);
  return choices.flatMap((parameters) => reductions.map((reduction): Settled => ({ formulation, reduction, parameters })));
}

const mostChoices = 200;

function choicesOf({ parameters }: FamilyFormulation, numbers: readonly number[]): readonly Numbers[] {
  let choices: readonly Numbers[] = [{}];
  for (const { name, usual, allows } of parameters) {
    const reciprocal = numbers.flatMap((value) => (value === 0 || value === 1 ? [] : [1 / value]));
    const values = [...new Set([...numbers, ...usual, ...reciprocal, ...numbers.map((value) => 1 - value)])].filter(allows);
    choices = choices.flatMap((chosen) => values.map((value) => ({ ...chosen, [name]: value }))).slice(0, mostChoices);
  }
  return choices;
}

export interface StandingTo {
  readonly scale: number;
  readonly offset: number;
  readonly held: readonly string[];
}

/** How the loss stands to a formulation on one sample: L = scale · formulation + offset, with that gradient; null where it does not. */
export function standingTo(reference: FamilyRun, layout: Layout, { ran }: Seen): StandingTo | null {
  if (reference.value.length !== ran.value.length || !reference.value.every(Number.isFinite)) return null;
  const pairs = layout.inputs.flatMap((input) => pairOf(input, ran, reference));
  const moving = pairs.filter(({ input }) => input.moves === 'moves');
  const ours = moving.flatMap(({ own }) => own);
  const theirs = moving.flatMap(({ other }) => other);
  const scale = dot(ours, theirs) / dot(theirs, theirs);
  if (!Number.isFinite(scale) || scale === 0 || !isMultiple(ours, theirs, scale)) return null;
  const held: string[] = [];
  for (const { input, own, other } of pairs) {
    if (input.moves !== 'held' || isMultiple(own, other, scale)) continue;
    if (own.some((g) => g !== 0)) return null;
    held.push(input.name);
  }
  const offsets = ran.value.map((value, i) => value - scale * reference.value[i]!);
  const offset = offsets.reduce((a, b) => a + b, 0) / offsets.length;
  const room = tolerance * Math.max(1e-3, ...ran.value.map(Math.abs), ...reference.value.map((value) => Math.abs(scale * value)));
  if (offsets.some((one) => Math.abs(one - offset) > room)) return null;
  return { scale: plain(scale), offset: Math.abs(offset) <= room ? 0 : offset, held };
}

/** The shortest number that rounding does not tell from it. */
function plain(value: number): number {
  for (let digits = 1; digits < 7; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (near(shorter, value, tolerance / 10)) return shorter;
  }
  return value;
}

interface GradientPair {
  readonly input: LaidInput;
  readonly own: readonly number[];
  readonly other: readonly number[];
}

/** The gradients of one input, zeros where it has none; nothing for what is no floating tensor. */
function pairOf(input: LaidInput, ran: FamilyRun, reference: FamilyRun): readonly GradientPair[] {
  if (input.moves === 'fixed' || input.role.dtype !== 'float') return [];
  const [own, other] = [ran.gradients[input.name] ?? null, reference.gradients[input.name] ?? null];
  const length = (own ?? other)?.length ?? 0;
  const zeros = new Array<number>(length).fill(0);
  return [{ input, own: own ?? zeros, other: other ?? zeros }];
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((total, value, i) => total + value * b[i]!, 0);

function isMultiple(own: readonly number[], other: readonly number[], scale: number): boolean {
  const room = tolerance * Math.max(1e-9, ...own.map(Math.abs));
  return own.length === other.length && own.every((value, i) => Math.abs(value - scale * other[i]!) <= room);
}

const near = (a: number, b: number, relative: number): boolean => Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b));

const isSame = (a: StandingTo, b: StandingTo, { ran }: Seen): boolean =>
  near(a.scale, b.scale, 2 * tolerance) &&
  Math.abs(a.offset - b.offset) <= 2 * tolerance * Math.max(1e-3, ...ran.value.map(Math.abs)) &&
  a.held.join() === b.held.join();

/** Equal comes before scaled, scaled before moved. */
const plainness = ({ scale, offset }: StandingTo): number => Number(scale !== 1) + 2 * Number(offset !== 0);
