/** What the program run, an inspection over a vocabulary and a check of a tree cost, by the processor's time: a busy machine does not show in it. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { check } from '../../src/cli/check';
import { pythonLibraries } from '../../src/execution/libraries';
import { inspect } from '../../src/inspect';
import { readDocument } from '../../src/language/document';
import { programRun } from '../../src/program/knownRuns';
import { runProgram } from '../../src/program/programRun';
import { withTensors } from '../../src/tensor/run';
import type { Files } from './projects';
import { packageOf, script, treeOf } from './projects';

export interface Cost {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 'files/s' | 'MB';
  /** At most; of files a second, at least. */
  readonly limit: number;
}

const medianOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** Milliseconds of the processor. */
function cost(body: () => void): number {
  const before = process.cpuUsage();
  body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The first run of all, which compiles what the next ones use, is left out. */
const medianCost = (repetitions: number, body: () => void): number =>
  medianOf(Array.from({ length: repetitions + 1 }, () => cost(body)).slice(1));

function programIn(files: Files) {
  const workspace = { read: (file: string) => files[file] ?? null, files: () => Object.keys(files) };
  return readDocument(files['train.py']!, 'train.py', undefined, { file: 'train.py', workspace }).programs[0]!;
}

function ofRuns(what: string, files: Files, limit: number): readonly Cost[] {
  const program = programIn(files);
  const fresh = medianCost(5, () => withTensors(() => runProgram(program, pythonLibraries)));
  const kept = medianCost(5, () => withTensors(() => programRun(program, pythonLibraries)));
  return [
    { what: `program run, ${what}`, value: fresh, unit: 'ms', limit },
    { what: `program run, ${what}, once more`, value: kept, unit: 'ms', limit: limit / 10 },
  ];
}

/** Without rewrites and translations, as hovers and `check` ask for it. */
function ofVocabulary(classes: number, limit: number): Cost {
  const text = script['train.py']!.replaceAll('37', String(classes));
  const value = medianCost(1, () => {
    const [loss] = inspect({ file: 'train.py', text, brief: true }).losses;
    if (loss?.classes !== classes) throw new Error(`run on ${loss?.classes ?? 'no'} classes`);
  });
  return { what: `brief inspection, K = ${classes}`, value, unit: 'ms', limit };
}

/** The most that a program and those it starts hold at once, in megabytes. */
async function memoryOf(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, { stdio: 'ignore' });
  let most = 0;
  const look = setInterval(() => {
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' });
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/u).map(Number));
    const held = rows.reduce((sum, [pid, parent, kilobytes]) => (pid === child.pid || parent === child.pid ? sum + kilobytes! : sum), 0);
    most = Math.max(most, held / 1024);
  }, 100);
  await new Promise((done) => child.on('close', done));
  clearInterval(look);
  return most;
}

/** The processor's time in this process alone, which does what the command line and its worker do; the memory of those two as they are. */
async function ofCheck(count: number): Promise<readonly Cost[]> {
  const root = mkdtempSync(path.join(tmpdir(), 'loss-inspector-bench-'));
  try {
    for (const [file, text] of Object.entries(treeOf(count))) {
      mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    const before = process.cpuUsage();
    const nothing = (): void => undefined;
    const command = { kind: 'check', paths: [root], format: 'json', failOn: 'never', rules: new Map(), hints: false } as const;
    await check(command, { out: nothing, error: nothing, terminal: { width: 100, colour: false } });
    const { user, system } = process.cpuUsage(before);
    return [
      { what: `check of ${count} files`, value: count / ((user + system) / 1e6), unit: 'files/s', limit: 400 },
      {
        what: 'its memory, with its worker',
        value: await memoryOf(process.execPath, ['dist/cli.js', 'check', root, '--fail-on', 'never']),
        unit: 'MB',
        limit: 500,
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @param files of the tree that is checked */
export async function costs(files: number): Promise<readonly Cost[]> {
  // Before what holds large tensors, for the sake of its memory.
  const ofTree = await ofCheck(files);
  return [
    ...ofRuns('a script', script, 150),
    ...ofRuns('a package of 50 modules', packageOf(48), 1_000),
    ofVocabulary(32_000, 4_000),
    ...ofTree,
  ];
}

export const isWithin = ({ value, unit, limit }: Cost): boolean => (unit === 'files/s' ? value >= limit : value <= limit);
