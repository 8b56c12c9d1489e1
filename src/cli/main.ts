/** The command line: `loss-inspector inspect FILE…` and `loss-inspector check PATH…`. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import packageJson from '../../package.json';
import { isEmpty } from '../corrections';
import type { FileInspection, InspectRequest, Report, Sample } from '../inspection';
import { readSample, readTensors } from '../execution/sample';
import { withSettings } from '../findings/severities';
import type { InspectCommand } from './arguments';
import { parseArguments, usage } from './arguments';
import { check } from './check';
import { copied } from './copied';
import { createApart, inHere, type Apart, type StartWorker } from './inspectApart';
import { inspectLossless } from './inspectFile';
import { unknownRules } from './knownRules';
import { placedIn } from './project';
import { walk } from './walk';
import { diskWorkspace } from '../worker/disk';
import { startProcess } from '../worker/startProcess';
import { reportText } from './report';
import type { Terminal } from './terminal';
import { inert, jsonText, visible } from './visible';

/** What the process was given, and where it writes: the tests hand in their own. */
export interface Surroundings {
  readonly args: readonly string[];
  readonly readFile: (file: string) => Uint8Array;
  readonly readInput: () => Uint8Array;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly terminal: Terminal;
  /** Starts the process that losses run in, where the command line has one. */
  readonly startWorker?: StartWorker;
}

const inspected = 0;
const problemsFound = 1;
const wrongUsage = 2;

/** Runs one command; gives its exit status. */
export async function main(given: Surroundings): Promise<number> {
  // Messages name files and say what their code raised.
  const surroundings: Surroundings = {
    ...given,
    error: (text) => {
      given.error(inert(visible(text)));
    },
  };
  const { out, error } = surroundings;
  const command = parseArguments(surroundings.args);
  switch (command.kind) {
    case 'help':
      out(usage);
      return inspected;
    case 'version':
      out(`${packageJson.version}\n`);
      return inspected;
    case 'wrong':
      error(`${command.message}\n\n${usage}`);
      return wrongUsage;
    case 'inspect':
      return inspectFiles(command, surroundings);
    case 'check':
      return check(command, surroundings);
  }
}

/** One file has no other to lose: it is inspected right here, which starts sooner. */
async function inspectFiles(command: InspectCommand, surroundings: Surroundings): Promise<number> {
  const { startWorker } = surroundings;
  const apart =
    (command.files.length === 1 && !isFolder(command.files[0]!)) || startWorker === undefined ? inHere : createApart(startWorker);
  try {
    return await inspectWith(command, surroundings, apart);
  } finally {
    apart.end();
  }
}

async function inspectWith(command: InspectCommand, surroundings: Surroundings, apart: Apart): Promise<number> {
  const { out, error, terminal } = surroundings;
  const unknown = await unknownRules(command.rules);
  if (unknown !== null) {
    error(unknown);
    return wrongUsage;
  }
  const unknownFormulation = command.baseline === undefined ? null : await noFormulation(command.baseline);
  if (unknownFormulation !== null) {
    error(unknownFormulation);
    return wrongUsage;
  }
  let sample: GivenSample = {};
  if (command.sampleFile !== null) {
    const text = read(command.sampleFile, surroundings);
    if (text === null) return wrongUsage;
    const reading = sampleIn(text);
    if ('message' in reading) {
      error(`${command.sampleFile}: ${reading.message}\n`);
      return problemsFound;
    }
    sample = reading;
    const contradiction = sample.sample === undefined ? null : contradictionOf(command, sample.sample);
    if (contradiction !== null) {
      error(`${contradiction}\n`);
      return wrongUsage;
    }
  }
  let status = inspected;
  const files: FileInspection[] = [];
  const asked = command.files.flatMap((one): readonly AskedFile[] =>
    isFolder(one) ? filesBelow(one, error) : [{ file: one, below: null }],
  );
  for (const { file, below } of asked) {
    const text = read(file, surroundings);
    if (text === null) {
      status = wrongUsage;
      continue;
    }
    const placed = file === '-' ? null : placedIn(file, below);
    const request: InspectRequest = {
      ...requestOf(command, sample),
      file: file === '-' ? 'stdin' : file,
      text,
      ...(placed && { path: placed.path }),
    };
    // Of a folder, the files that hold losses.
    if (below !== null && inspectLossless(request, placed ? diskWorkspace(placed.folder) : undefined) !== null) continue;
    const inspection = judged(await apart.inspect(request, placed?.folder), command);
    const beyond = paddingBeyond(inspection, command);
    if (beyond !== null) {
      error(`${beyond}\n`);
      return wrongUsage;
    }
    if (command.copy !== null) return copied(inspection, command.copy, surroundings) ? inspected : problemsFound;
    files.push(inspection);
    const wrong = inspection.problems.length > 0 || inspection.losses.some((loss) => loss.status !== 'measured');
    if (wrong) status = Math.max(status, problemsFound);
    if (!command.json) out(`${files.length > 1 ? '\n' : ''}${reportText(inspection, terminal)}`);
  }
  if (files.length === 0 && status === inspected && !command.json) out('no loss found\n');
  const report: Report = { files };
  if (command.json) out(jsonText(report));
  return status;
}

interface AskedFile {
  readonly file: string;
  /** The folder that was asked for; null where the file was. */
  readonly below: string | null;
}

/** The files of a folder that may hold losses. */
function filesBelow(folder: string, error: (text: string) => void): readonly AskedFile[] {
  const files: AskedFile[] = [];
  for (const walked of walk([folder])) {
    if (walked.kind === 'failed') error(`${walked.path}: ${walked.reason}\n`);
    else files.push({ file: walked.path, below: folder });
  }
  return files;
}

const isFolder = (file: string): boolean => file !== '-' && statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

function judged(inspection: FileInspection, { rules }: InspectCommand): FileInspection {
  const losses = inspection.losses.map((loss) => ({ ...loss, findings: withSettings(loss.findings, rules) }));
  return { ...inspection, losses };
}

/** What is wrong with the id of a formulation; null where there is one. */
async function noFormulation(id: string): Promise<string | null> {
  const { formulations } = await import('../formulations/catalogue');
  if (formulations.some((formulation) => formulation.id === id)) return null;
  return `--baseline: there is no formulation "${id}"; there are ${formulations.map((formulation) => formulation.id).join(', ')}\n`;
}

function contradictionOf({ classes, paddingIndex, sampleFile }: InspectCommand, { logits }: Sample): string | null {
  const own = logits[0]!.length;
  if (classes !== null && classes !== own) return `--classes is ${classes}, but the logits of ${sampleFile} have ${own} columns`;
  if (paddingIndex !== null && paddingIndex >= own)
    return `--padding-index is ${paddingIndex}, but the logits of ${sampleFile} have the classes 0 to ${own - 1}`;
  return null;
}

/** How many classes there are may be known only once the loss was run. */
function paddingBeyond({ file, losses }: FileInspection, { paddingIndex }: InspectCommand): string | null {
  const loss = losses.find(({ classes }) => classes !== null && paddingIndex !== null && paddingIndex >= classes);
  if (!loss) return null;
  return `--padding-index is ${paddingIndex}, but ${loss.name} of ${file} was run with the classes 0 to ${loss.classes! - 1}: give --classes too`;
}

/** Logits and targets, or tensors by their names. */
type GivenSample = Pick<InspectRequest, 'sample' | 'tensors'>;

function requestOf(command: InspectCommand, sample: GivenSample): Omit<InspectRequest, 'file' | 'text'> {
  return {
    ...sample,
    ...(command.smoothing === null ? {} : { smoothing: command.smoothing }),
    ...(command.classes === null ? {} : { classes: command.classes }),
    ...(command.paddingIndex === null ? {} : { paddingIndex: command.paddingIndex }),
    ...(command.only === null ? {} : { only: command.only }),
    ...(command.baseline === undefined ? {} : { baseline: command.baseline }),
    ...(isEmpty(command.corrections) ? {} : { corrections: [command.corrections] }),
  };
}

function read(file: string, { readFile, readInput, error }: Surroundings): string | null {
  try {
    return new TextDecoder().decode(file === '-' ? readInput() : readFile(file));
  } catch (failure) {
    error(`${file}: ${readingProblem(failure)}\n`);
    return null;
  }
}

function readingProblem(failure: unknown): string {
  const code = failure instanceof Error && 'code' in failure ? failure.code : null;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'this is a folder';
  if (code === 'EACCES') return 'it may not be read';
  return failure instanceof Error ? failure.message : String(failure);
}

function sampleIn(text: string): GivenSample | { readonly message: string } {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (failure) {
    return { message: `not JSON: ${failure instanceof Error ? failure.message : String(failure)}` };
  }
  const named = readTensors(json);
  if (named !== null) return named.ok ? { tensors: named.tensors } : { message: named.message };
  const reading = readSample(json);
  return reading.ok ? { sample: reading.sample } : { message: reading.message };
}

function standardTerminal(): Terminal {
  const { stdout, env } = process;
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  const colour = env['NO_COLOR'] === undefined || env['NO_COLOR'] === '' ? forced || (stdout.isTTY && env['TERM'] !== 'dumb') : false;
  const width = stdout.isTTY ? stdout.columns : Number(env['COLUMNS'] ?? 0) || 120;
  return { width: Math.max(40, width), colour };
}

/** Whoever reads the output may stop before its end (`… | head`): the rest is then not written, and that is no failure. */
export function allowClosedPipe(stream: NodeJS.EventEmitter): void {
  stream.on('error', (failure: Error & { readonly code?: string }) => {
    if (failure.code !== 'EPIPE') throw failure;
  });
}

if (require.main === module) {
  allowClosedPipe(process.stdout);
  allowClosedPipe(process.stderr);
  main({
    args: process.argv.slice(2),
    readFile: (file) => readFileSync(path.resolve(file)),
    readInput: () => readFileSync(0),
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    terminal: standardTerminal(),
    startWorker: (events) => Promise.resolve(startProcess(path.join(__dirname, 'worker.js'), events)),
  }).then(
    (status) => {
      process.exitCode = status;
    },
    (failure: unknown) => {
      process.stderr.write(`loss-inspector: ${failure instanceof Error ? failure.message : String(failure)}\n`);
      process.exitCode = problemsFound;
    },
  );
}
