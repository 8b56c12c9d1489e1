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
  /** The targets are one-hot rows in the code. */
  readonly oneHot: boolean;
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
    for (const targetsName of names('targetIndices', 'targets', 'targetDistribution')) {
      const found = readTargets(session, targetsName, logits.length, logits[0]!.length);
      const range = assignmentOf(session.program, logitsName);
      if (found !== null && range !== null)
        return { sample: { logits, targets: found.targets }, range, logitsName, targetsName, oneHot: found.oneHot };
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

/** Class indices, or one-hot rows as the indices they stand for. */
function readTargets(
  session: Session,
  name: string,
  rows: number,
  classes: number,
): { readonly targets: readonly number[]; readonly oneHot: boolean } | null {
  const value = session.lookup(name);
  const read = value && session.bridge.read(value);
  if (!read) return null;
  if (read.values.length === rows) {
    const fits = read.values.every((target) => Number.isInteger(target) && target >= 0 && target < classes);
    return fits ? { targets: read.values, oneHot: false } : null;
  }
  if (read.shape.length !== 2 || read.shape[0] !== rows || read.shape[1] !== classes) return null;
  const hot = rowsOf(read);
  const isOneHot = hot.every((row) => row.filter((x) => x === 1).length === 1 && row.filter((x) => x === 0).length === classes - 1);
  return isOneHot ? { targets: hot.map((row) => row.indexOf(1)), oneHot: true } : null;
}

function assignmentOf(program: Program, name: string): Range | null {
  for (const cell of program.cells) {
    for (const statement of moduleStatements(cell.body)) {
      if (statement.kind === 'assign' && statement.targets.some((t) => t.kind === 'name' && t.name === name)) return statement.range;
    }
  }
  return null;
}
