/**
 * Program runs that are kept: a program is run again only where a text that its run has read, or has looked for and not found, is another one by
 * now. Many files of one project ask for the same programs, and an editor asks for one program many times.
 */
import type { Library } from '../interpreter/library';
import { keepingTfTensors } from '../interpreter/libraries/tfjs/kept';
import type { Program } from '../language/program';
import type { Workspace } from '../workspace';
import { emptyWorkspace } from '../workspace';
import type { ProgramRun } from './programRun';
import { runProgram } from './programRun';

interface KnownRun {
  readonly run: ProgramRun;
  readonly reading: Reading;
}

/** The texts that a run has asked for, from whoever asks for the run now. */
interface Reading {
  readonly workspace: Workspace;
  /** Null: there was none. */
  readonly texts: Map<string, string | null>;
  from: Workspace;
}

/** A run holds its interpreter and all values that it has seen. */
const mostRuns = 12;
const known = new Map<string, KnownRun>();

export function programRun(program: Program, libraries: readonly Library[]): ProgramRun {
  const key = keyOf(program);
  const workspace = program.workspace ?? emptyWorkspace;
  const before = known.get(key);
  // What was used last is given up last.
  known.delete(key);
  if (before !== undefined && isSame(before.reading, workspace)) {
    known.set(key, before);
    return before.run;
  }
  const reading = readingFrom(workspace);
  const run = keepingTfTensors(() => runProgram({ ...program, workspace: reading.workspace }, libraries));
  // A run that was cut short by the time of all runs together has not seen what another one would.
  if (!run.interpreter.isOutOfTime()) known.set(key, { run, reading });
  for (const oldest of known.keys()) {
    if (known.size <= mostRuns) break;
    known.delete(oldest);
  }
  return run;
}

/** A program may be a text up to some place: what its cells hold tells it from the whole. */
function keyOf({ language, file, cells, text }: Program): string {
  const extent = cells.map(({ range, body }) => `${range.start}:${body.length}:${body.at(-1)?.range.end ?? range.end}`);
  return [language, file ?? '', extent.join(), text].join('\0');
}

function isSame(reading: Reading, workspace: Workspace): boolean {
  for (const [path, text] of reading.texts) if (workspace.read(path) !== text) return false;
  reading.from = workspace;
  return true;
}

function readingFrom(workspace: Workspace): Reading {
  const texts = new Map<string, string | null>();
  const reading: Reading = {
    from: workspace,
    texts,
    workspace: {
      read(path) {
        const text = reading.from.read(path);
        texts.set(path, text);
        return text;
      },
    },
  };
  return reading;
}
