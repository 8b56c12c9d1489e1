/** The formats of `check` that are lines: for people, and GitHub's workflow commands. */
import type { Problem, SourceRange } from '../inspection';
import type { Severity } from '../findings/severities';
import type { CheckedFile, Counts } from './checked';
import type { Style, Terminal } from './terminal';
import { styled } from './terminal';
import { onOneLine } from './visible';

const styles: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'cyan', hint: 'dim' };

/** What is said of a loss that was not checked is no judgement of it. */
const problemSeverity: Severity = 'info';

/** `file:line:col: severity rule message`, a line each. */
export function textLines({ file, findings, problems }: CheckedFile, terminal: Terminal): string {
  const line = (range: SourceRange | null, severity: Severity, rule: string, message: string): string =>
    `${onOneLine(range?.file ?? file)}:${range?.line ?? 1}:${range?.column ?? 1}: ${styled(severity, styles[severity], terminal)} ${rule} ${onOneLine(message)}\n`;
  return [
    ...findings.map(({ range, severity, rule, message }) => line(range, severity, rule, message)),
    ...problems.map(({ range, type, message }) => line(range, problemSeverity, type, message)),
  ].join('');
}

const many = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** `3 findings (1 error, 2 warnings), 1 problem; 4 losses in 2 of 30 files` */
export function countLine(counts: Counts, filesWithLosses: number, hintsLeftOut: number): string {
  const { error, warning, info, hint, problems, losses, filesLookedAt } = counts;
  const kinds = [
    error > 0 ? many(error, 'error') : '',
    warning > 0 ? many(warning, 'warning') : '',
    info > 0 ? `${info} info` : '',
    hint > 0 ? many(hint, 'hint') : '',
  ].filter((kind) => kind !== '');
  const all = error + warning + info + hint;
  const findings = all === 0 ? 'no findings' : `${many(all, 'finding')} (${kinds.join(', ')})`;
  const unchecked = problems === 0 ? '' : `, ${many(problems, 'problem')}`;
  const unprinted = hintsLeftOut === 0 ? '' : `; ${many(hintsLeftOut, 'hint')} not printed (--hints)`;
  return `${findings}${unchecked}; ${many(losses, 'loss').replace('losss', 'losses')} in ${filesWithLosses} of ${many(filesLookedAt, 'file')}${unprinted}\n`;
}

/** GitHub's workflow commands: annotations on the lines of a pull request. */
export function githubLines({ file, findings, problems }: CheckedFile): string {
  const ofProblem = ({ range, type, message }: Problem): string => githubCommand('notice', file, range, type, message);
  return [
    ...findings.map(({ range, severity, rule, message }) => githubCommand(githubLevels[severity], file, range, rule, message)),
    ...problems.map(ofProblem),
  ].join('');
}

const githubLevels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' };

function githubCommand(level: string, file: string, range: SourceRange | null, rule: string, message: string): string {
  // GitHub refuses columns of a range of several lines.
  const columns = range !== null && range.line === range.endLine ? { col: range.column, endColumn: range.endColumn } : {};
  const place = range === null ? {} : { line: range.line, endLine: range.endLine, ...columns };
  const properties = Object.entries<string | number>({ file: range?.file ?? file, ...place, title: `Loss Inspector: ${rule}` });
  return `::${level} ${properties.map(([name, value]) => `${name}=${escapedProperty(`${value}`)}`).join(',')}::${escapedMessage(message)}\n`;
}

const escapedMessage = (text: string): string => text.replace(/%/gu, '%25').replace(/\r/gu, '%0D').replace(/\n/gu, '%0A');

const escapedProperty = (text: string): string => escapedMessage(text).replace(/:/gu, '%3A').replace(/,/gu, '%2C');
