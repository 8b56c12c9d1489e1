/** The sample tensors that a document's own code makes. */
import type { LossSite } from '../detection/sites';
import { moduleStatements } from '../detection/definitions';
import type { Sample } from '../inspection';
import type { Program, Range } from '../language/program';
import { rowsOf } from './tensorData';
import type { Session } from './session';

export interface FileSample {
  readonly sample: Sample;
  /** Where the logits are written. */
  readonly range: Range;
  /** The names of the two in the code. */
  readonly logitsName: string;
  readonly targetsName: string;
}

/** Rows and classes beyond this are no sample a person looks at: the default is shown instead. */
const largest = 4096;

/** The logits and targets of the module-level demonstration, when they hold N×K finite numbers and N class indices. */
export function sampleInFile(session: Session, script: LossSite | null): FileSample | null {
  if (script === null) return null;
  const names = (...wanted: readonly string[]) =>
    [...script.uses].filter(([, uses]) => uses.some((use) => wanted.includes(use))).map(([name]) => name);
  for (const logitsName of names('logits')) {
    const logits = readFloats(session, logitsName);
    if (logits === null) continue;
    for (const targetsName of names('targetIndices', 'targets')) {
      const targets = readIndices(session, targetsName, logits.length, logits[0]!.length);
      const range = assignmentOf(session.program, logitsName);
      if (targets !== null && range !== null) return { sample: { logits, targets }, range, logitsName, targetsName };
    }
  }
  return null;
}

function readFloats(session: Session, name: string): readonly (readonly number[])[] | null {
  const value = session.lookup(name);
  const read = value && session.bridge.read(value);
  if (!read || read.shape.length !== 2 || read.values.length === 0 || read.values.length > largest) return null;
  return read.values.every(Number.isFinite) ? rowsOf(read) : null;
}

function readIndices(session: Session, name: string, rows: number, classes: number): readonly number[] | null {
  const value = session.lookup(name);
  const read = value && session.bridge.read(value);
  if (!read || read.values.length !== rows) return null;
  return read.values.every((target) => Number.isInteger(target) && target >= 0 && target < classes) ? read.values : null;
}

function assignmentOf(program: Program, name: string): Range | null {
  for (const cell of program.cells) {
    for (const statement of moduleStatements(cell.body)) {
      if (statement.kind === 'assign' && statement.targets.some((t) => t.kind === 'name' && t.name === name)) return statement.range;
    }
  }
  return null;
}
