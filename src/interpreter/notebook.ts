/** What a document printed, beside what it says it printed when its author ran it. */
import type { Cell, Range, Statement } from '../language/program';
import { isUnset } from '../tensor/tensor';
import type { Frame, Machine } from './machine';
import { agrees, nestedShape, printedTensors, type Nested } from './recorded';
import type { Value } from './value';
import { NONE, TRUE, float, int, list, tuple } from './value';

/** What the document says was printed; `unset` where it shows memory that nothing was written to, which no two runs have alike. */
export interface Recorded {
  readonly text: string;
  readonly agrees: boolean;
  readonly unset?: true;
}

export interface Printed {
  readonly range: Range;
  readonly text: string;
  readonly source: 'print' | 'cell';
  readonly recorded?: Recorded;
}

interface Piece {
  readonly range: Range;
  text: string;
  readonly source: 'print' | 'cell';
  readonly unset: boolean;
}

const mostPieces = 2000;

export interface Notebook {
  startCell(cell: Cell): void;
  endCell(cell: Cell, frame: Frame): void;
  print(text: string, range: Range): void;
  show(value: Value, statement: Statement): void;
  printed(): readonly Printed[];
}

export function createNotebook(machine: Machine, onPrint: (text: string) => void): Notebook {
  const done: Printed[] = [];
  let pieces: Piece[] = [];

  return {
    startCell() {
      pieces = [];
    },
    print(text, range) {
      onPrint(text);
      const last = pieces.at(-1);
      // A print that does not end its line goes on in the next one.
      if (last?.source === 'print' && !last.text.endsWith('\n')) last.text += text;
      else if (pieces.length + done.length < mostPieces) pieces.push({ range, text, source: 'print', unset: false });
    },
    show(value, statement) {
      const text = `${machine.repr(value)}\n`;
      onPrint(text);
      pieces.push({ range: statement.range, text, source: 'cell', unset: value.kind === 'tensor' && isUnset(value.tensor) });
    },
    endCell(cell, frame) {
      const recorded = cell.recordedOutput?.text ?? null;
      const parts = recorded === null ? [] : divide(recorded, pieces);
      pieces.forEach((piece, i) => {
        if (parts[i] !== undefined) takeOver(machine, frame, cell, piece, parts[i]);
        const text = piece.text.replace(/\n$/, '');
        const part = parts[i];
        done.push(
          part === undefined
            ? { range: piece.range, text, source: piece.source }
            : { range: piece.range, text, source: piece.source, recorded: recordedOf(part, text, piece) },
        );
      });
      pieces = [];
    },
    printed: () => [...done, ...pieces.map(({ range, text, source }) => ({ range, text: text.replace(/\n$/, ''), source }))],
  };
}

function recordedOf(text: string, ours: string, { unset }: Piece): Recorded {
  const same = agrees(ours, text);
  return { text, agrees: same, ...(unset && !same ? { unset: true as const } : {}) };
}

/**
 * Random tensors that the document shows: the names get the recorded values, so that what is computed from them later can be compared with what
 * the author saw.
 */
function takeOver(machine: Machine, frame: Frame, cell: Cell, piece: Piece, recorded: string): void {
  const statement = cell.body.find((s) => s.range.start <= piece.range.start && piece.range.end <= s.range.end);
  const names = statement === undefined ? [] : shownNames(statement);
  const values = names.map((name) => frame.scope.names.get(name));
  if (!values.some((value) => value?.kind === 'tensor' && value.tensor.wasRandom)) return;
  const tensors = printedTensors(recorded);
  if (tensors?.length !== names.length) return;
  let taken = false;
  for (const [i, name] of names.entries()) {
    const value = values[i];
    const data = tensors[i]!;
    if (value?.kind !== 'tensor' || !value.tensor.wasRandom || nestedShape(data)?.join() !== value.tensor.shape.join()) continue;
    const options = new Map<string, Value>([['dtype', machine.getAttribute(value, 'dtype')]]);
    if (value.tensor.requiresGrad) options.set('requires_grad', TRUE);
    frame.scope.names.set(
      name,
      machine.call(machine.fromLibrary('torch.tensor'), [nestedValue(data, value.tensor.dtype.includes('float'))], options),
    );
    taken = true;
    machine.note(`${name} holds random numbers: the values that the document shows were used for it`);
  }
  if (!taken) return;
  const shown = names.map((name) => frame.scope.names.get(name) ?? NONE);
  if (piece.source === 'print') piece.text = `${shown.map((value) => machine.str(value)).join(' ')}\n`;
  else piece.text = `${machine.repr(shown.length === 1 ? shown[0]! : tuple(shown))}\n`;
}

/** The names whose values a statement shows: `x`, `x, y`, `print(x)`. */
function shownNames(statement: Statement): string[] {
  if (statement.kind !== 'expression') return [];
  const { expression } = statement;
  const isPrint = expression.kind === 'call' && expression.callee.kind === 'name' && expression.callee.name === 'print';
  const shown = isPrint ? expression.arguments : expression.kind === 'sequence' ? expression.items : [expression];
  const names = shown.flatMap((item) => (item.kind === 'name' ? [item.name] : []));
  return names.length === shown.length ? names : [];
}

function nestedValue(data: Nested, isFloat: boolean): Value {
  if (typeof data !== 'number') return list(data.map((item) => nestedValue(item, isFloat)));
  return isFloat ? float(data) : int(data);
}

/** The recorded text of each piece: as many lines as the piece has; the last takes the rest. */
function divide(recorded: string, pieces: readonly Piece[]): string[] {
  const lines = recorded
    .replace(/\s+$/, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  let at = 0;
  return pieces.map((piece, i) => {
    const count = piece.text.split('\n').filter((line) => line.trim() !== '').length;
    const taken = i === pieces.length - 1 ? lines.slice(at) : lines.slice(at, at + count);
    at += count;
    return taken.join('\n');
  });
}
