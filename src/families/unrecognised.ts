/** What can be measured of any loss of named tensors, whatever it computes. */
import type { InputEffect, Invariance } from '../inspection';
import type { FamilyRun } from './evaluate';
import type { PlainTensor, PlainTensors } from './layouts';
import type { NamedLoss } from './recognise';

export interface GenericFacts {
  readonly deterministic: boolean;
  readonly batchTwice: { readonly kind: 'same' | 'doubled' | 'neither'; readonly ratio: number } | null;
  readonly rows: { readonly independent: boolean; readonly movedBy: readonly (readonly number[])[] } | null;
  readonly inputs: readonly InputEffect[];
  readonly invariances: readonly Invariance[];
  readonly farOut: readonly { readonly factor: number; readonly value: number; readonly finite: boolean }[];
  /** The value of each row alone, where their mean or sum is the value. */
  readonly perRow: readonly number[] | null;
}

/** Float32 leaves so much, relative to the largest number compared. */
const tolerance = 4e-5;

/** @param bounded the tensors whose numbers have a range of their own (probabilities, cosines, masks): nothing is added to them */
export function genericFacts(loss: NamedLoss, given: PlainTensors, ran: FamilyRun, bounded: ReadonlySet<string>): GenericFacts {
  const { inputs } = loss;
  const at: Measuring = {
    loss,
    given,
    ran,
    total: total(ran),
    moving: inputs.filter((name) => ran.gradients[name]?.some((g) => g !== 0) === true),
  };
  const again = runOrNull(loss, given);
  if (again?.value.some((value, i) => !Object.is(value, ran.value[i])) !== false) return { ...nothing, deterministic: false };
  const effects = inputs.map((name) => effectOf(name, at));
  if (!ran.value.every(Number.isFinite)) return { ...nothing, inputs: effects };
  const batch = batchOf(inputs, given, at.moving);
  const rows = batch === null ? null : rowsOf(at, batch);
  const batchTwice = batch === null || ran.shape.length > 0 ? null : twice(at, batch);
  return {
    deterministic: true,
    batchTwice,
    rows,
    inputs: effects,
    invariances: invariancesOf(at, batch, bounded),
    farOut: at.moving.length === 0 ? [] : farFactors.flatMap((factor) => farOut(at, factor, bounded)),
    perRow: batch === null || rows?.independent !== true || batchTwice === null ? null : alone(at, batch, batchTwice.kind),
  };
}

const nothing: GenericFacts = {
  deterministic: true,
  batchTwice: null,
  rows: null,
  inputs: [],
  invariances: [],
  farOut: [],
  perRow: null,
};

interface Measuring {
  readonly loss: NamedLoss;
  readonly given: PlainTensors;
  readonly ran: FamilyRun;
  readonly total: number;
  /** Names of the tensors that a gradient reaches. */
  readonly moving: readonly string[];
}

/** The tensors with an axis for the rows, and how many rows those are. */
interface Batch {
  readonly names: readonly string[];
  readonly rows: number;
}

function batchOf(inputs: readonly string[], given: PlainTensors, moving: readonly string[]): Batch | null {
  const [leading] = moving;
  const rows = leading === undefined ? undefined : given[leading]!.shape[0];
  if (rows === undefined || rows < 2) return null;
  return { names: inputs.filter((name) => given[name]!.shape[0] === rows), rows };
}

const total = ({ value }: FamilyRun): number => value.reduce((a, b) => a + b, 0);

function runOrNull(loss: NamedLoss, given: PlainTensors): FamilyRun | null {
  try {
    return loss.run(given);
  } catch {
    return null;
  }
}

const isClose = (a: number, b: number, size: number): boolean => Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b), size);

// --------------------------------------------------------------------------------------------------------------- inputs

function effectOf(name: string, { loss, given, ran, total: before }: Measuring): InputEffect {
  const tensor = given[name]!;
  const gradient = ran.gradients[name] ?? null;
  const counts = {
    entries: tensor.values.length,
    zeros: gradient === null ? tensor.values.length : gradient.filter((g) => g === 0).length,
    notFinite: gradient?.filter((g) => !Number.isFinite(g)).length ?? 0,
  };
  if (tensor.dtype === 'int') return { name, effect: 'whole', entries: counts.entries, zeros: 0, notFinite: 0 };
  if (gradient?.some((g) => g !== 0) === true) return { name, effect: 'moves', ...counts };
  const changes = [
    (value: number, i: number) => value * (i % 2 === 0 ? 0.6 : 0.9),
    (value: number, i: number) => value * (i % 3 === 0 ? 1.4 : -1),
  ];
  const isRead = changes.some((change) => {
    const other = runOrNull(loss, { ...given, [name]: { ...tensor, values: tensor.values.map(change) } });
    return other !== null && !isClose(total(other), before, 1e-6);
  });
  return { name, effect: isRead ? 'noGradient' : 'none', ...counts };
}

// ----------------------------------------------------------------------------------------------------------------- rows

const sizeOfRow = ({ values }: PlainTensor, rows: number): number => values.length / rows;

function withRows(given: PlainTensors, { names, rows }: Batch, order: readonly number[]): PlainTensors {
  const taken = Object.fromEntries(
    names.map((name): readonly [string, PlainTensor] => {
      const tensor = given[name]!;
      const size = sizeOfRow(tensor, rows);
      return [
        name,
        {
          ...tensor,
          shape: [order.length, ...tensor.shape.slice(1)],
          values: order.flatMap((row) => tensor.values.slice(row * size, (row + 1) * size)),
        },
      ];
    }),
  );
  return { ...given, ...taken };
}

const allRows = ({ rows }: Batch): readonly number[] => Array.from({ length: rows }, (_, row) => row);

/** A matrix of rows against rows has no twice as many of them. */
const isSquare = ({ given }: Measuring, { names, rows }: Batch): boolean =>
  names.some((name) => given[name]!.shape.slice(1).includes(rows));

function twice(at: Measuring, batch: Batch): GenericFacts['batchTwice'] {
  if (isSquare(at, batch) || Math.abs(at.total) < 1e-6) return null;
  const doubled = runOrNull(at.loss, withRows(at.given, batch, [...allRows(batch), ...allRows(batch)]));
  if (doubled?.value.length !== 1 || !Number.isFinite(doubled.value[0])) return null;
  const ratio = doubled.value[0]! / at.total;
  return { kind: isClose(ratio, 1, 1) ? 'same' : isClose(ratio, 2, 2) ? 'doubled' : 'neither', ratio };
}

const mostRows = 8;

/** Other numbers of a row, of the same kind: by turns smaller, much smaller, and those of its neighbours. */
const changesOfRow: readonly ((own: readonly number[], next: readonly number[]) => readonly number[])[] = [
  (own) => own.map((value, i) => value * (i % 2 === 0 ? 0.85 : 0.7)),
  (own) => own.map((value, i) => value * (i % 2 === 0 ? 0.1 : 0.25)),
  (own) => [...own.slice(1), ...own.slice(0, 1)],
  (_, next) => next,
];

function rowsOf(at: Measuring, batch: Batch): GenericFacts['rows'] {
  const { loss, given, ran, moving } = at;
  if (batch.rows > mostRows) return null;
  const moved = moving.filter((name) => batch.names.includes(name));
  const movedBy: Set<number>[] = Array.from({ length: batch.rows }, () => new Set());
  const isUnreduced = ran.shape[0] === batch.rows;
  let runs = 0;
  for (let row = 0; row < batch.rows; row++)
    for (const change of changesOfRow) {
      const changed = Object.fromEntries(moved.map((name) => [name, withRow(given[name]!, row, batch.rows, change)]));
      const other = runOrNull(loss, { ...given, ...changed });
      if (other?.value.every(Number.isFinite) !== true || other.value.length !== ran.value.length) continue;
      runs++;
      for (let i = 0; i < batch.rows; i++) {
        if (i === row) continue;
        const differs = isUnreduced
          ? !sameRow(ran.value, other.value, i, batch.rows)
          : moved.some((name) => {
              const [before, after] = [ran.gradients[name], other.gradients[name]];
              return before && !sameRow(before, after ?? before.map(() => 0), i, batch.rows);
            });
        if (differs) movedBy[i]!.add(row);
      }
    }
  if (runs === 0) return null;
  return { independent: movedBy.every((others) => others.size === 0), movedBy: movedBy.map((others) => [...others].sort((a, b) => a - b)) };
}

function withRow(
  tensor: PlainTensor,
  row: number,
  rows: number,
  change: (own: readonly number[], next: readonly number[]) => readonly number[],
): PlainTensor {
  const size = sizeOfRow(tensor, rows);
  const rowAt = (at: number): readonly number[] => tensor.values.slice(at * size, (at + 1) * size);
  return { ...tensor, values: tensor.values.toSpliced(row * size, size, ...change(rowAt(row), rowAt((row + 1) % rows))) };
}

function sameRow(before: readonly number[], after: readonly number[], row: number, rows: number): boolean {
  const size = before.length / rows;
  const scale = Math.max(1e-6, ...before.map(Math.abs));
  for (let i = row * size; i < (row + 1) * size; i++) if (!isClose(before[i]!, after[i]!, scale)) return false;
  return true;
}

function alone({ loss, given, total: all }: Measuring, batch: Batch, kind: 'same' | 'doubled' | 'neither'): readonly number[] | null {
  if (kind === 'neither') return null;
  const values: number[] = [];
  for (const row of allRows(batch)) {
    const one = runOrNull(loss, withRows(given, batch, [row]));
    if (one?.value.length !== 1) return null;
    values.push(one.value[0]!);
  }
  const sum = values.reduce((a, b) => a + b, 0);
  return isClose(kind === 'same' ? sum / batch.rows : sum, all, Math.max(...values.map(Math.abs)) / batch.rows) ? values : null;
}

// ---------------------------------------------------------------------------------------------------------- invariances

function invariancesOf(at: Measuring, batch: Batch | null, bounded: ReadonlySet<string>): readonly Invariance[] {
  const { loss, given, ran, moving } = at;
  const found: Invariance[] = [];
  const tell = (kind: Invariance['kind'], inputs: readonly string[], others: readonly PlainTensors[]): void => {
    const runs = others.map((other) => runOrNull(loss, other));
    if (runs.some((one) => one === null || !one.value.every(Number.isFinite))) return;
    found.push({ kind, inputs, holds: runs.every((one) => sameValue(one!, at)) });
  };
  for (const name of moving) {
    const tensor = given[name]!;
    if (tensor.shape.length === 0) continue;
    const width = tensor.shape.length === 1 ? tensor.values.length : tensor.shape.at(-1)!;
    const each = (change: (value: number, row: number) => number): PlainTensors => ({
      ...given,
      [name]: { ...tensor, values: tensor.values.map((value, i) => change(value, Math.floor(i / width))) },
    });
    const isWhole = tensor.shape.length === 1;
    if (!bounded.has(name))
      tell(
        isWhole ? 'addToAll' : 'addToRows',
        [name],
        [each((value, row) => value + 0.7 * (row + 1)), each((value, row) => value - 1.3 + 0.4 * row)],
      );
    tell(
      isWhole ? 'scaleAll' : 'scaleRows',
      [name],
      [each((value, row) => value * (0.5 + 0.1 * (row % 4))), each((value, row) => value * (0.9 - 0.07 * (row % 5)))],
    );
  }
  if (batch !== null && ran.shape.length === 0 && !isSquare(at, batch)) {
    const rows = allRows(batch);
    tell('permuteRows', batch.names, [withRows(given, batch, rows.toReversed()), withRows(given, batch, [...rows.slice(1), 0])]);
  }
  loss.inputs.forEach((one, i) => {
    for (const other of loss.inputs.slice(i + 1)) {
      const [a, b] = [given[one]!, given[other]!];
      if (a.dtype === 'int' || b.dtype === 'int' || a.shape.join() !== b.shape.join()) continue;
      tell('swapInputs', [one, other], [{ ...given, [one]: b, [other]: a }]);
    }
  });
  return found;
}

function sameValue(other: FamilyRun, { ran }: Measuring): boolean {
  const size = Math.max(1e-6, ...ran.value.map(Math.abs));
  return other.value.length === ran.value.length && other.value.every((value, i) => isClose(value, ran.value[i]!, size));
}

// -------------------------------------------------------------------------------------------------------------- far out

const farFactors = [30, 1000] as const;

function farOut({ loss, given, moving }: Measuring, factor: number, bounded: ReadonlySet<string>): GenericFacts['farOut'] {
  const free = moving.filter((name) => !bounded.has(name));
  if (free.length === 0) return [];
  const far = Object.fromEntries(
    free.map((name) => [name, { ...given[name]!, values: given[name]!.values.map((value) => factor * value) }]),
  );
  const ran = runOrNull(loss, { ...given, ...far });
  if (ran === null) return [];
  const finite =
    ran.value.every(Number.isFinite) && Object.values(ran.gradients).every((gradient) => gradient?.every(Number.isFinite) !== false);
  return [{ factor, value: total(ran), finite }];
}
