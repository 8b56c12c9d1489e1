/** The tensors of a loss as they stand in their grids: texts, valid or not. Only a draft without problems is run. */
import type { Inspection, NestedNumbers, Num, RunInput, TensorData } from '../src/inspection';
import { readCell, writeNumber, type PastedBlock } from './sampleDraft';
import type { CellProblem } from './strings';

/** One tensor that the loss is handed. */
export interface TensorDraft {
  readonly name: string;
  /** What it is, in the core's words. */
  readonly meaning: string | null;
  /** Its numbers are whole ones: indices, labels. */
  readonly isWhole: boolean;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly cells: readonly string[];
}

export type TensorsDraft = readonly TensorDraft[];

export interface TensorProblem {
  readonly name: string;
  readonly at: number;
  readonly text: string;
  readonly problem: CellProblem;
}

export type CheckedTensors =
  | { readonly valid: true; readonly tensors: Readonly<Record<string, NestedNumbers>> }
  | { readonly valid: false; readonly problems: readonly TensorProblem[] };

type Held = RunInput & { readonly values: TensorData };

/** The tensors that a loss of named ones was run on; of any other loss there are none. */
export const heldTensors = ({ inputs }: Pick<Inspection, 'inputs'>): readonly Held[] =>
  inputs.filter((input): input is Held => input.role === 'tensor' && input.values !== undefined);

/** Null where there is nothing to edit: no tensors, or some of which not all numbers are here. */
export function tensorsDraftOf(inspection: Pick<Inspection, 'inputs'>): TensorsDraft | null {
  const held = heldTensors(inspection);
  if (held.length === 0 || held.some(({ values }) => values.truncated === true || !values.values.every(isFinite))) return null;
  return held.map(({ name, meaning = null, values: { dtype, shape, values } }) => ({
    name,
    meaning,
    isWhole: dtype.startsWith('int'),
    shape,
    cells: values.map((value) => writeNumber(Number(value))),
  }));
}

const isFinite = (value: Num): boolean => typeof value === 'number';

export function checkTensors(draft: TensorsDraft): CheckedTensors {
  const problems: TensorProblem[] = [];
  const tensors = draft.map(({ name, isWhole, shape, cells }): readonly [string, NestedNumbers] => {
    const numbers = cells.map((text, at) => {
      const read = readCell(text);
      const problem = typeof read === 'string' ? read : isWhole && !Number.isInteger(read) ? 'notAnInteger' : null;
      if (problem !== null) problems.push({ name, at, text: text.trim(), problem });
      return typeof read === 'string' ? NaN : read;
    });
    return [name, nested(numbers, shape)];
  });
  return problems.length > 0 ? { valid: false, problems } : { valid: true, tensors: Object.fromEntries(tensors) };
}

function nested(numbers: readonly number[], shape: readonly number[]): NestedNumbers {
  const [size, ...rest] = shape;
  if (size === undefined) return numbers[0] ?? 0;
  const stride = product(rest);
  return Array.from({ length: size }, (_, i) => nested(numbers.slice(i * stride, (i + 1) * stride), rest));
}

export const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);

export const sameTensors = (a: TensorsDraft, b: TensorsDraft): boolean => {
  const [one, other] = [checkTensors(a), checkTensors(b)];
  return one.valid && other.valid && JSON.stringify(one.tensors) === JSON.stringify(other.tensors);
};

// -------------------------------------------------------------------------------------------------------------- edits

const of = (draft: TensorsDraft, name: string, change: (tensor: TensorDraft) => TensorDraft): TensorsDraft =>
  draft.map((tensor) => (tensor.name === name ? change(tensor) : tensor));

export const withNumber = (draft: TensorsDraft, name: string, at: number, text: string): TensorsDraft =>
  of(draft, name, (tensor) => ({ ...tensor, cells: tensor.cells.map((cell, i) => (i === at ? text : cell)) }));

/** Rows belong together: all tensors that have as many get one more, like their last. */
export const withRowAdded = (draft: TensorsDraft, rows: number): TensorsDraft =>
  ofSoMany(draft, rows, (tensor) => ({ ...tensor, cells: [...tensor.cells, ...tensor.cells.slice(-rowLength(tensor))] }));

export const withRowRemoved = (draft: TensorsDraft, rows: number, row: number): TensorsDraft =>
  ofSoMany(draft, rows, (tensor) => {
    const length = rowLength(tensor);
    return { ...tensor, cells: tensor.cells.filter((_, at) => Math.floor(at / length) !== row) };
  });

function ofSoMany(draft: TensorsDraft, rows: number, change: (tensor: TensorDraft) => TensorDraft): TensorsDraft {
  return draft.map((tensor) => {
    if (tensor.shape[0] !== rows) return tensor;
    const changed = change(tensor);
    return { ...changed, shape: [changed.cells.length / rowLength(tensor), ...tensor.shape.slice(1)] };
  });
}

const rowLength = ({ shape }: TensorDraft): number => product(shape.slice(1));

/**
 * The draft with a block put where it was pasted: brackets replace the whole tensor, and may have other sizes; a spreadsheet's block goes from
 * the cell on, as far as the tensor reaches.
 */
export function withPasted(draft: TensorsDraft, name: string, at: number, { cells, bracketed }: PastedBlock): TensorsDraft {
  return of(draft, name, (tensor) => {
    const width = tensor.shape.length < 2 ? 1 : tensor.shape.at(-1)!;
    if (!bracketed) return pastedFrom(tensor, at, width, cells);
    const flat = cells.flat();
    const middle = product(tensor.shape.slice(1, -1));
    const widest = Math.max(...cells.map((row) => row.length));
    if (tensor.shape.length === 0) return { ...tensor, cells: flat.slice(0, 1) };
    if (tensor.shape.length === 1) return { ...tensor, shape: [flat.length], cells: flat };
    if (cells.length % middle !== 0) return tensor;
    return {
      ...tensor,
      shape: [cells.length / middle, ...tensor.shape.slice(1, -1), widest],
      cells: cells.flatMap((row) => Array.from({ length: widest }, (_, k) => row[k] ?? '')),
    };
  });
}

function pastedFrom(tensor: TensorDraft, at: number, width: number, block: readonly (readonly string[])[]): TensorDraft {
  const cells = [...tensor.cells];
  // One line into a vector goes down its rows.
  const lines = width === 1 && block.length === 1 ? block[0]!.map((text) => [text]) : block;
  for (const [row, line] of lines.entries())
    for (const [k, text] of line.entries()) {
      const to = at + row * width + k;
      if ((at % width) + k < width && to < cells.length) cells[to] = text;
    }
  return { ...tensor, cells };
}

// --------------------------------------------------------------------------------------------------------------- grids

/** Tensors that are shown as one grid, row by row: a matrix with the vectors that have a number for each of its rows, or such vectors alone. */
export interface GridGroup {
  readonly rows: number;
  readonly tensors: readonly TensorDraft[];
}

export function gridGroups(draft: TensorsDraft): readonly GridGroup[] {
  const groups: { rows: number; tensors: TensorDraft[] }[] = [];
  const isVector = ({ shape }: TensorDraft): boolean => shape.length < 2;
  for (const tensor of draft.filter((one) => !isVector(one))) groups.push({ rows: product(tensor.shape.slice(0, -1)), tensors: [tensor] });
  for (const tensor of draft.filter(isVector)) {
    const rows = tensor.cells.length;
    const home = groups.find((group) => group.rows === rows && group.tensors[0]!.shape.length < 3);
    if (home === undefined) groups.push({ rows, tensors: [tensor] });
    else home.tensors.push(tensor);
  }
  return groups;
}

/** Cells of a tensor in each row of its grid. */
export const columnsOf = ({ shape }: TensorDraft): number => (shape.length < 2 ? 1 : shape.at(-1)!);
