/** The sample as it stands in the grid: texts, valid or not. Nothing typed is ever lost; only a draft without problems is run. */
import type { Sample } from '../src/inspection';
import { plainDigits } from './format';
import type { CellProblem } from './strings';

export interface Draft {
  readonly logits: readonly (readonly string[])[];
  readonly targets: readonly string[];
  readonly classWeights: readonly string[] | null;
  readonly ignoreIndex: string;
  readonly paddingIndex: string;
  /** null: what the code says. */
  readonly smoothing: string | null;
}

/** Where a cell stands: `logit:0:2`, `target:1`, `weight:0`, `smoothing`, `ignoreIndex`, `paddingIndex`. */
export type Cell =
  | { readonly kind: 'logit'; readonly row: number; readonly k: number }
  | { readonly kind: 'target'; readonly row: number }
  | { readonly kind: 'weight'; readonly k: number }
  | { readonly kind: 'smoothing' | 'ignoreIndex' | 'paddingIndex' };

export function cellKey(cell: Cell): string {
  switch (cell.kind) {
    case 'logit':
      return `logit:${cell.row}:${cell.k}`;
    case 'target':
      return `target:${cell.row}`;
    case 'weight':
      return `weight:${cell.k}`;
    case 'smoothing':
    case 'ignoreIndex':
    case 'paddingIndex':
      return cell.kind;
  }
}

export interface DraftProblem {
  readonly cell: Cell;
  readonly text: string;
  readonly problem: CellProblem;
}

export type CheckedDraft =
  | { readonly valid: true; readonly sample: Sample; readonly smoothing: number | null }
  | { readonly valid: false; readonly problems: readonly DraftProblem[] };

/** As few digits as give the number back; a 32-bit float's, which core and torch compute with, as few as give that float back. */
export function writeNumber(value: number): string {
  const digits =
    Math.fround(value) === value ? [6, 7, 8, 9].find((count) => Math.fround(Number(plainDigits(value, count))) === value) : undefined;
  return digits === undefined ? String(value) : plainDigits(value, digits);
}

export function draftOf(sample: Sample): Draft {
  return {
    logits: sample.logits.map((row) => row.map(writeNumber)),
    targets: sample.targets.map(String),
    classWeights: sample.classWeights?.map(writeNumber) ?? null,
    ignoreIndex: sample.ignoreIndex?.toString() ?? '',
    paddingIndex: sample.paddingIndex?.toString() ?? '',
    smoothing: null,
  };
}

export const classCount = (draft: Draft): number => Math.max(0, ...draft.logits.map((row) => row.length));

/** The number that a cell's text says, or why it says none. */
export function readCell(text: string): number | CellProblem {
  const trimmed = text.trim().replace(/^−/, '-');
  const value = trimmed === '' ? NaN : Number(trimmed);
  if (Number.isFinite(value) && !/^[+-]?0[xob]/i.test(trimmed)) return value;
  const infinite = /^[+-]?(nan|inf(inity)?|∞)$/i.test(trimmed) || (Math.abs(value) === Infinity && trimmed !== '');
  return trimmed === '' ? 'empty' : infinite ? 'notFinite' : 'notANumber';
}

/** Reads every cell; a draft without problems is a Sample that may be run. */
export function checkDraft(draft: Draft): CheckedDraft {
  const problems: DraftProblem[] = [];
  const number = (cell: Cell, text: string): number => {
    const read = readCell(text);
    if (typeof read === 'number') return read;
    problems.push({ cell, text: text.trim(), problem: read });
    return NaN;
  };
  const integer = (cell: Cell, text: string): number => {
    const value = number(cell, text);
    if (!Number.isNaN(value) && !Number.isInteger(value)) problems.push({ cell, text: text.trim(), problem: 'notAnInteger' });
    return value;
  };
  const maybe = (kind: 'ignoreIndex' | 'paddingIndex'): number | undefined =>
    draft[kind].trim() === '' ? undefined : integer({ kind }, draft[kind]);

  const ignoreIndex = maybe('ignoreIndex');
  const paddingIndex = maybe('paddingIndex');
  const classes = classCount(draft);
  const logits = draft.logits.map((cells, row) => cells.map((text, k) => number({ kind: 'logit', row, k }, text)));
  const targets = draft.targets.map((text, row) => {
    const cell: Cell = { kind: 'target', row };
    const value = integer(cell, text);
    if (Number.isInteger(value) && value !== ignoreIndex && (value < 0 || value >= classes)) {
      problems.push({ cell, text: text.trim(), problem: 'outOfRange' });
    }
    return value;
  });
  const classWeights = draft.classWeights?.map((text, k) => number({ kind: 'weight', k }, text));
  const smoothing = draft.smoothing === null ? null : number({ kind: 'smoothing' }, draft.smoothing);
  if (smoothing !== null && !Number.isNaN(smoothing) && (smoothing < 0 || smoothing >= 1)) {
    problems.push({ cell: { kind: 'smoothing' }, text: draft.smoothing!.trim(), problem: 'smoothingRange' });
  }
  if (problems.length > 0) return { valid: false, problems };
  const sample: Sample = {
    logits,
    targets,
    ...(classWeights && { classWeights }),
    ...(ignoreIndex !== undefined && { ignoreIndex }),
    ...(paddingIndex !== undefined && { paddingIndex }),
  };
  return { valid: true, sample, smoothing };
}

export function withCell(draft: Draft, cell: Cell, text: string): Draft {
  switch (cell.kind) {
    case 'logit':
      return { ...draft, logits: draft.logits.map((row, i) => (i === cell.row ? replaced(row, cell.k, text) : row)) };
    case 'target':
      return { ...draft, targets: replaced(draft.targets, cell.row, text) };
    case 'weight':
      return { ...draft, classWeights: draft.classWeights && replaced(draft.classWeights, cell.k, text) };
    case 'smoothing':
    case 'ignoreIndex':
    case 'paddingIndex':
      return { ...draft, [cell.kind]: text };
  }
}

/** A new row is the last one turned by a class, so that it is neither a copy nor a row of equal logits. */
export function withRow(draft: Draft): Draft {
  const last = draft.logits.at(-1) ?? ['0'];
  const target = Number(draft.targets.at(-1) ?? '0');
  const next = Number.isInteger(target) && target >= 0 ? (target + 1) % last.length : 0;
  return { ...draft, logits: [...draft.logits, [...last.slice(-1), ...last.slice(0, -1)]], targets: [...draft.targets, String(next)] };
}

export function withoutRow(draft: Draft, row: number): Draft {
  return { ...draft, logits: without(draft.logits, row), targets: without(draft.targets, row) };
}

export function withClass(draft: Draft): Draft {
  return {
    ...draft,
    logits: draft.logits.map((row) => [...row, '0']),
    classWeights: draft.classWeights && [...draft.classWeights, '1'],
  };
}

export function withoutClass(draft: Draft, k: number): Draft {
  return {
    ...draft,
    logits: draft.logits.map((row) => without(row, k)),
    classWeights: draft.classWeights && without(draft.classWeights, k),
  };
}

export function withWeights(draft: Draft, given: boolean): Draft {
  return { ...draft, classWeights: given ? Array.from({ length: classCount(draft) }, () => '1') : null };
}

export interface PastedBlock {
  readonly cells: readonly (readonly string[])[];
  readonly bracketed: boolean;
}

/**
 * The block a clipboard text holds: rows of a spreadsheet (tabs, or commas, semicolons or spaces), or brackets as Python and
 * JavaScript write them. Null where it is a single cell's text, which is pasted as it is.
 */
export function pastedBlock(text: string): PastedBlock | null {
  const bracketed = /\[[^[\]]*\]/.test(text);
  const lines = bracketed ? [...text.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1]!) : text.trim().split(/\r?\n/);
  const cells = lines.map(splitCells).filter((row) => row.length > 0);
  if (cells.length === 0 || (!bracketed && cells.length === 1 && cells[0]!.length === 1)) return null;
  return { cells, bracketed };
}

function splitCells(line: string): readonly string[] {
  const trimmed = line.trim();
  if (trimmed === '') return [];
  const separator = line.includes('\t') ? /\t/ : /[,;]/.test(trimmed) ? /[,;]/ : /\s+/;
  const cells = trimmed.split(separator).map((cell) => cell.trim());
  return cells.at(-1) === '' ? cells.slice(0, -1) : cells;
}

/** The draft with a block put where it was pasted. Brackets replace the whole of what the cell belongs to; a spreadsheet's block goes from the cell on. */
export function withBlock(draft: Draft, cell: Cell, block: PastedBlock): Draft {
  const flat = block.cells.flat();
  switch (cell.kind) {
    case 'smoothing':
    case 'ignoreIndex':
    case 'paddingIndex':
      return withCell(draft, cell, flat[0] ?? '');
    case 'weight': {
      const weights = draft.classWeights ?? [];
      const from = block.bracketed ? 0 : cell.k;
      return { ...draft, classWeights: weights.map((text, k) => flat[k - from] ?? text) };
    }
    case 'target': {
      const targets = block.cells.length > 1 && !block.bracketed ? block.cells.map((row) => row[0] ?? '') : flat;
      const from = block.bracketed ? 0 : cell.row;
      const rows = Math.max(block.bracketed ? targets.length : draft.targets.length, from + targets.length);
      return resized(
        { ...draft, targets: Array.from({ length: rows }, (_, row) => targets[row - from] ?? draft.targets[row] ?? '') },
        rows,
        classCount(draft),
      );
    }
    case 'logit': {
      const width = Math.max(...block.cells.map((row) => row.length));
      const [row0, k0] = block.bracketed ? [0, 0] : [cell.row, cell.k];
      const rows = block.bracketed ? block.cells.length : Math.max(draft.logits.length, row0 + block.cells.length);
      const classes = block.bracketed ? width : Math.max(classCount(draft), k0 + width);
      const grown = resized(draft, rows, classes);
      const inBlock = (row: number, k: number): boolean => row >= row0 && row < row0 + block.cells.length && k >= k0 && k < k0 + width;
      return {
        ...grown,
        logits: grown.logits.map((line, row) => line.map((text, k) => (inBlock(row, k) ? (block.cells[row - row0]![k - k0] ?? '') : text))),
      };
    }
  }
}

/** Missing logits are empty cells, which are marked; missing targets are class 0. */
function resized(draft: Draft, rows: number, classes: number): Draft {
  return {
    ...draft,
    logits: Array.from({ length: rows }, (_, row) => Array.from({ length: classes }, (_unused, k) => draft.logits[row]?.[k] ?? '')),
    targets: Array.from({ length: rows }, (_, row) => draft.targets[row] ?? '0'),
    classWeights: draft.classWeights && Array.from({ length: classes }, (_, k) => draft.classWeights?.[k] ?? '1'),
  };
}

const replaced = (cells: readonly string[], at: number, text: string): readonly string[] =>
  cells.map((cell, i) => (i === at ? text : cell));
const without = <T>(items: readonly T[], at: number): readonly T[] => items.filter((_, i) => i !== at);
