/** Every case below a folder, told by the files that describe it. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Point } from './point';
import { point } from './point';
import { scoreBug, type BugCase } from './scoreBug';
import { scoreDetection, type DetectionCase } from './scoreDetection';
import { scoreProject, type ProjectCase } from './scoreProject';
import { scoreRun } from './scoreRuns';
import { scoreVerdict, type VerdictCase } from './scoreVerdicts';

const source = /\.(?:py|ts|tsx|js|jsx|mjs|ipynb)$/;

/** Folders that hold nothing but sources, whose losses must run or say honestly why not. */
const onlyRun = /^(?:public|wrong-numbers)$/;

/** A case that is scored when it is asked for. */
export interface Job {
  readonly row: string;
  readonly name: string;
  readonly score: () => readonly Point[];
}

export function jobsIn(folder: string): readonly Job[] {
  const manifest = path.join(folder, 'manifest.json');
  if (existsSync(manifest)) return detectionJobs(folder, readJson(manifest) as readonly DetectionCase[]);
  const expected = path.join(folder, 'expected.json');
  if (existsSync(expected)) return expectedJobs(folder, readJson(expected));
  const name = path.basename(folder);
  if (onlyRun.test(name))
    return filesBelow(folder)
      .filter((file) => source.test(file))
      .map((file): Job => ({ row: `${name}: runs`, name: file, score: () => scoreRun(name, folder, file) }));
  return readdirSync(folder)
    .sort()
    .map((inner) => path.join(folder, inner))
    .filter((inner) => statSync(inner).isDirectory())
    .flatMap(jobsIn);
}

/** The case that ends the scorer's own run is a wrong one too. */
export function scored({ row, name, score }: Job): readonly Point[] {
  try {
    return score();
  } catch (error) {
    return [point(row, name)('wrong', `the inspection failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)];
  }
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const detectionJobs = (folder: string, records: readonly DetectionCase[]): readonly Job[] =>
  records.map((record) => ({ row: 'detection: sites', name: record.path, score: () => scoreDetection(folder, record) }));

function expectedJobs(folder: string, expected: unknown): readonly Job[] {
  const name = path.basename(folder);
  if (isVerdicts(expected))
    return expected.map((record) => ({ row: 'verdicts: value', name: record.file, score: () => scoreVerdict(folder, record) }));
  if (isBug(expected)) return [{ row: 'bugs: must', name, score: () => scoreBug(folder, name, expected) }];
  if (isProject(expected))
    return [
      {
        row: 'projects: place',
        name,
        score: () =>
          scoreProject(
            folder,
            filesBelow(folder).filter((file) => source.test(file)),
            expected,
          ),
      },
    ];
  return [];
}

const isBug = (expected: unknown): expected is BugCase => has(expected, 'must');
const isProject = (expected: unknown): expected is ProjectCase => has(expected, 'uses');
const isVerdicts = (expected: unknown): expected is readonly VerdictCase[] => Array.isArray(expected) && has(expected[0], 'family');

const has = (value: unknown, key: string): boolean => typeof value === 'object' && value !== null && key in value;

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => statSync(path.join(folder, file)).isFile())
    .sort();
