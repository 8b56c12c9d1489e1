/** What the product says of a case: through its one door, as data and as the text that the command line prints. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { reportText } from '../../src/cli/report';
import { inspect } from '../../src/inspect';
import type { FileInspection, Inspection, InspectRequest, Num, RunInput, Sample, SmoothingConstant } from '../../src/inspection';
import { normalised, type Workspace } from '../../src/workspace';

export type Told = Inspection;

export interface Inspected {
  /** From the folder that holds the program. */
  readonly file: string;
  readonly losses: readonly Told[];
  readonly constants: readonly SmoothingConstant[];
  readonly problems: FileInspection['problems'];
  /** As the command line prints it, unbroken. */
  readonly text: string;
}

/** `root`: the folder of the program; `file` is a path from there. */
export function inspected(root: string, file: string, sample?: Sample): Inspected {
  const request: InspectRequest = {
    file,
    text: readFileSync(path.join(root, file), 'utf8'),
    path: file,
    brief: true,
    ...(sample && { sample }),
  };
  const inspection = inspect(request, () => undefined, folderOf(root));
  return {
    file,
    losses: inspection.losses,
    constants: inspection.smoothingConstants,
    problems: inspection.problems,
    text: reportText(inspection, { width: 100_000, colour: false }),
  };
}

const folderOf = (root: string): Workspace => ({
  files: () =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .map((file) => file.split(path.sep).join('/'))
      .filter((file) => !/(^|\/)(node_modules|\.)/.test(file) && statSync(path.join(root, file)).isFile()),
  read: (wanted) => {
    const inside = normalised(wanted);
    const file = inside === null ? null : path.join(root, inside);
    return file !== null && existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : null;
  },
});

export const number = (value: Num | null | undefined): number | null => (value === null || value === undefined ? null : Number(value));

/** As near as torch itself asks of float32. */
export const near = (actual: number | null, expected: number): boolean =>
  actual !== null && Math.abs(actual - expected) <= 1e-5 + 1.3e-6 * Math.abs(expected);

/** To the digits that a person wrote down. */
export function nearAsWritten(actual: number | null, written: string): boolean {
  const digits = /\.(\d+)/.exec(written)?.[1]?.length ?? 0;
  return actual !== null && Math.abs(actual - Number(written)) <= 0.501 * 10 ** -digits + 1e-6 * Math.abs(Number(written));
}

const smoothingInput = ({ inputs }: Told): RunInput | undefined => inputs.find(({ role }) => role === 'smoothing');

/** Is the smoothing factor of the run said to be an assumption of ours? */
export const isAssumed = (loss: Told): boolean =>
  /^assum/.test(smoothingInput(loss)?.source.kind ?? '') || /\bassumed\b/.test(loss.measured?.verdict ?? '');

/** The smoothing factor it states as the code's own; null where it states none. */
export const statedSmoothing = (loss: Told): number | null => (isAssumed(loss) ? null : loss.smoothing);

export type Chain = RunInput['source']['chain'];

export const chainOf = (loss: Told, role: string): Chain => loss.inputs.find((input) => input.role === role)?.source.chain ?? [];

/** Why there is no measurement, in the product's words. */
export const whyNot = (loss: Told): string => `${loss.status}: ${loss.problem?.message ?? 'no reason given'}`;
