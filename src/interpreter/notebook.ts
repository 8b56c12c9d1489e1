/** What a document printed, beside what it says it printed when its author ran it. */
import type { Cell, Range, Statement } from '../language/program';
import type { Frame, Machine } from './machine';
import { agrees } from './recorded';
import type { Value } from './value';

export interface Printed {
  readonly range: Range;
  readonly text: string;
  readonly source: 'print' | 'cell';
  readonly recorded?: { readonly text: string; readonly agrees: boolean };
}

interface Piece {
  readonly range: Range;
  text: string;
  readonly source: 'print' | 'cell';
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
      else if (pieces.length + done.length < mostPieces) pieces.push({ range, text, source: 'print' });
    },
    show(value, statement) {
      const text = `${machine.repr(value)}\n`;
      onPrint(text);
      pieces.push({ range: statement.range, text, source: 'cell' });
    },
    endCell(cell) {
      const recorded = cell.recordedOutput?.text ?? null;
      const parts = recorded === null ? [] : divide(recorded, pieces);
      pieces.forEach((piece, i) => {
        const text = piece.text.replace(/\n$/, '');
        const part = parts[i];
        done.push(
          part === undefined
            ? { range: piece.range, text, source: piece.source }
            : { range: piece.range, text, source: piece.source, recorded: { text: part, agrees: agrees(text, part) } },
        );
      });
      pieces = [];
    },
    printed: () => [...done, ...pieces.map(({ range, text, source }) => ({ range, text: text.replace(/\n$/, ''), source }))],
  };
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
