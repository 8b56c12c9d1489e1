/** `loss-inspector check PATH…` */
import { readFileSync } from 'node:fs';
import { mayHoldLoss } from '../detection/losses';
import { isAtLeast } from '../findings/severities';
import type { FileInspection, Finding } from '../inspection';
import type { CheckCommand } from './checkArguments';
import type { CheckedFile, CheckReport } from './checked';
import { checkedFile, countsOf } from './checked';
import { countLine, githubLines, textLines } from './checkText';
import type { Apart, StartWorker } from './inspectApart';
import { createApart, inHere } from './inspectApart';
import { inspectLossless } from './inspectFile';
import { allRules, unknownRules } from './knownRules';
import { placedIn } from './project';
import { sarifLog } from './sarif';
import type { Terminal } from './terminal';
import { inert, jsonText, visibleData } from './visible';
import { walk } from './walk';
import { diskWorkspace, shownPath } from '../worker/disk';

interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  readonly terminal: Terminal;
  /** Where there is one, losses run in a process of their own. */
  readonly startWorker?: StartWorker;
}

/** Checks every file below the paths; gives the exit status. */
export async function check(command: CheckCommand, output: Output): Promise<0 | 1 | 2> {
  const apart = output.startWorker === undefined ? inHere : createApart(output.startWorker);
  try {
    return await checkWith(command, output, apart);
  } finally {
    apart.end();
  }
}

async function checkWith(command: CheckCommand, { out, error, terminal }: Output, apart: Apart): Promise<0 | 1 | 2> {
  const unknown = await unknownRules(command.rules);
  if (unknown !== null) {
    error(unknown);
    return 2;
  }
  const files: CheckedFile[] = [];
  let lookedAt = 0;
  let isMissing = false;
  // The next files are read while this one is inspected.
  let underWay: { readonly inspection: Promise<FileInspection>; readonly isAskedFor: boolean } | null = null;
  const finish = async (): Promise<void> => {
    if (underWay === null) return;
    const { inspection, isAskedFor } = underWay;
    const checked = checkedFile(await inspection, command.rules, isAskedFor);
    underWay = null;
    files.push(checked);
    const printed = command.hints ? checked : withoutHints(checked, command);
    if (command.format === 'text') out(inert(textLines(visibleData(printed), terminal)));
    else if (command.format === 'github') out(githubLines(printed));
  };
  for (const walked of walk(command.paths)) {
    const text = walked.kind === 'failed' ? walked : read(walked.path);
    if (typeof text !== 'string') {
      error(`${walked.path}: ${text.reason}\n`);
      isMissing ||= command.paths.includes(walked.path);
      continue;
    }
    lookedAt++;
    if (!mayHoldLoss(text)) continue;
    const { folder, path: within } = placedIn(walked.path, walked.kind === 'file' ? walked.below : null);
    const request = { file: shownPath(walked.path, process.cwd()), text, path: within, brief: true } as const;
    if (inspectLossless(request, diskWorkspace(folder)) !== null) continue;
    await finish();
    underWay = { inspection: apart.inspect(request, folder), isAskedFor: command.paths.includes(walked.path) };
  }
  await finish();
  const counts = countsOf(files, lookedAt);
  const printedCounts = command.hints
    ? counts
    : countsOf(
        files.map((file) => withoutHints(file, command)),
        lookedAt,
      );
  if (command.format === 'json') out(jsonText({ files, counts } satisfies CheckReport));
  else if (command.format === 'sarif') out(jsonText(sarifLog(files, await allRules(), command.rules)));
  else out(countLine(printedCounts, files.length, counts.hint - printedCounts.hint));
  if (isMissing) return 2;
  const { failOn } = command;
  const fails = failOn !== 'never' && files.some(({ findings }) => findings.some(({ severity }) => isAtLeast(severity, failOn)));
  return fails ? 1 : 0;
}

/** A hint that was asked for, by its rule or as what fails the check, is printed. */
const isLeftOut = ({ severity, rule }: Finding, { failOn, rules }: CheckCommand): boolean =>
  severity === 'hint' && failOn !== 'hint' && rules.get(rule) !== 'hint';

function withoutHints(checked: CheckedFile, command: CheckCommand): CheckedFile {
  return { ...checked, findings: checked.findings.filter((finding) => !isLeftOut(finding, command)) };
}

/** The text of a file; empty for one that is not text. */
function read(file: string): string | { readonly reason: string } {
  try {
    const bytes = readFileSync(file);
    return bytes.subarray(0, 8192).includes(0) ? '' : new TextDecoder().decode(bytes);
  } catch (failure) {
    return { reason: failure instanceof Error ? failure.message : String(failure) };
  }
}
