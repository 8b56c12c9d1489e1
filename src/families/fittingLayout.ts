/**
 * What a loss that no family explains may be run with: the layouts of the families first, then tensors of plain shapes. The one is taken that runs
 * and moves most of its tensors; names, and what the program was seen to hand over, decide between those.
 */
import type { FamilyRun } from './evaluate';
import type { Family, LaidInput, Layout, Sizes } from './family';
import { input, fixed, layout, rowsAndWidth, rowsOnly, sampleOf, sampleSizes } from './layouts';
import type { PlainTensor, PlainTensors } from './layouts';
import type { NamedLoss } from './recognise';
import { binaryTargets, classIndices, features, masks, predictions } from './roles';

/** What is known of a tensor before it is tried. */
export interface InputHint {
  readonly rank: number | null;
  readonly isWhole: boolean;
}

/** A loss with the tensors it was run with, by its own names, and what came of it. */
export interface FittedLoss {
  readonly layout: Layout;
  readonly given: PlainTensors;
  readonly ran: FamilyRun;
}

export type Fitting = { readonly kind: 'fits'; readonly fitted: FittedLoss } | { readonly kind: 'fails'; readonly error: unknown };

/** @param isFinal whether an error is one that no other tensors avoid */
export function fittingLayout(
  loss: NamedLoss,
  families: readonly Family[],
  hints: ReadonlyMap<string, InputHint>,
  isFinal: (error: unknown) => boolean,
): Fitting {
  let best: { readonly score: number; readonly fitted: FittedLoss } | null = null;
  let failure: { readonly error: unknown } | null = null;
  let tries = 0;
  for (const candidate of candidates(loss.inputs, families, hints)) {
    if (tries++ >= (best === null ? mostTries : enoughTries)) break;
    const given = sampleOf(candidate, sizes, 1);
    try {
      const ran = loss.run(given);
      const score = scoreOf(candidate, ran, hints);
      if (best === null || score > best.score) best = { score, fitted: { layout: candidate, given, ran } };
    } catch (error) {
      // The first is of the most natural tensors, but what is not interpreted is what there is to say.
      if (failure === null || (isFinal(error) && !isFinal(failure.error))) failure = { error };
    }
  }
  return best === null ? { kind: 'fails', error: failure?.error } : { kind: 'fits', fitted: best.fitted };
}

const sizes = sampleSizes[0]!;
const mostTries = 600;
const enoughTries = 150;

/** A person's own tensors: whole numbers are indices unless the loss moves them. */
export function fittingTensors(loss: NamedLoss, own: PlainTensors): Fitting {
  let failure: unknown;
  let best: { readonly score: number; readonly fitted: FittedLoss } | null = null;
  for (const given of typesOf(loss.inputs, own)) {
    const asGiven = loss.inputs.map((name): LaidInput => {
      const { dtype, shape } = given[name]!;
      return dtype === 'float' ? input(name, predictions, () => shape) : fixed(name, classIndices, () => shape);
    });
    const candidate = layout('given', asGiven);
    try {
      const ran = loss.run(given);
      const score = scoreOf(candidate, ran, new Map());
      if (best === null || score > best.score) best = { score, fitted: { layout: candidate, given, ran } };
    } catch (error) {
      failure ??= error;
    }
  }
  return best === null ? { kind: 'fails', error: failure } : { kind: 'fits', fitted: best.fitted };
}

function typesOf(names: readonly string[], own: PlainTensors): readonly PlainTensors[] {
  let ways: readonly PlainTensors[] = [{}];
  for (const name of names) {
    const tensor = own[name]!;
    const asFloat: PlainTensor = { ...tensor, dtype: 'float' };
    const types = tensor.values.every(Number.isInteger) ? [{ ...tensor, dtype: 'int' as const }, asFloat] : [asFloat];
    ways = ways.flatMap((way) => types.map((one) => ({ ...way, [name]: one })));
  }
  return ways.slice(0, 32);
}

const isLabelName = (name: string): boolean => /label|target|class|^tags?$|^y$|^gt|index|indices|_ids?$|^ids?$/i.test(name);

/** A loss that moves what it is handed is run with what it is meant for; names only decide between such. */
function scoreOf({ inputs }: Layout, { value, gradients }: FamilyRun, hints: ReadonlyMap<string, InputHint>): number {
  const isFinite = value.every(Number.isFinite);
  let moved = 0;
  let fitting = 0;
  for (const { name, role, shape } of inputs) {
    const reaches = gradients[name]?.some((g) => g !== 0) === true;
    if (reaches) moved++;
    if (role.dtype === 'float' && !reaches) fitting--;
    if (isLabelName(name) === (role.dtype === 'int')) fitting += 2;
    if (/mask/i.test(name) && role.id === 'masks') fitting += 2;
    const hint = hints.get(name);
    if (hint === undefined) continue;
    if (hint.rank !== null) fitting += hint.rank === shape(sizes).length ? 4 : -4;
    if (hint.isWhole) fitting += role.dtype === 'int' ? 4 : -4;
  }
  return (isFinite ? 200 : 0) + (moved > 0 ? 100 : 0) + fitting + moved;
}

// ---------------------------------------------------------------------------------------------------------- candidates

function candidates(names: readonly string[], families: readonly Family[], hints: ReadonlyMap<string, InputHint>): readonly Layout[] {
  const known = families.flatMap(({ layouts }) => layouts).filter(({ inputs }) => inputs.length === names.length);
  const ofFamilies = known.map(({ inputs }) =>
    layout(
      'family',
      inputs.map((one, i) => ({ ...one, name: names[i]!, moves: one.role.dtype === 'int' ? ('fixed' as const) : ('moves' as const) })),
    ),
  );
  const ofOneShape = shapes.map(([make]) =>
    layout(
      'plain',
      names.map((name) => make!(name)),
    ),
  );
  let mixed: readonly (readonly LaidInput[])[] = [[]];
  const pieces = shapes.flat();
  if (names.length <= 4)
    for (const name of names) {
      const hint = hints.get(name);
      const allowed = pieces
        .map((make) => make(name))
        .filter(
          ({ shape, role }) =>
            (hint?.rank ?? shape(sizes).length) === shape(sizes).length && (hint?.isWhole !== true || role.dtype === 'int'),
        );
      mixed = mixed.flatMap((inputs) => (allowed.length > 0 ? allowed : pieces.map((make) => make(name))).map((one) => [...inputs, one]));
    }
  const all = [...ofOneShape, ...ofFamilies, ...mixed.map((inputs) => layout('plain', inputs))];
  const seen = new Set<string>();
  return all.filter(({ inputs }) => {
    const key = inputs.map(({ role, shape }) => `${role.id} ${shape(sizes).join()}`).join(';');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

type Piece = (name: string) => LaidInput;

const tokens = ({ rows, width }: Sizes): readonly number[] => [rows, 3, width];
const tokenIndices = ({ rows }: Sizes): readonly number[] => [rows, 3];
const square = ({ width }: Sizes): readonly number[] => [width, width];
const rowSquare = ({ rows }: Sizes): readonly number[] => [rows, rows];
const images = ({ rows, width }: Sizes): readonly number[] => [rows, 2, width, 3];
const vector = ({ width }: Sizes): readonly number[] => [width];

/** By the shape of the leading tensor, each with what may stand beside it. */
const shapes: readonly (readonly Piece[])[] = [
  [
    (name) => input(name, features, rowsAndWidth),
    (name) => fixed(name, classIndices, rowsOnly),
    (name) => input(name, masks, rowsAndWidth),
  ],
  [(name) => input(name, predictions, rowsOnly), (name) => input(name, binaryTargets, rowsOnly)],
  [(name) => input(name, features, tokens), (name) => fixed(name, classIndices, tokenIndices), (name) => input(name, masks, tokenIndices)],
  [(name) => input(name, features, square)],
  [(name) => input(name, features, rowSquare)],
  [(name) => input(name, predictions, vector)],
  [(name) => input(name, features, images)],
  [(name) => input(name, predictions, () => [])],
];
