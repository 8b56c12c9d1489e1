/** SARIF 2.1.0, which code scanning services read. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import packageJson from '../../package.json';
import type { Finding, Problem, SourceRange, TextEdit } from '../inspection';
import type { RuleSettings, Severity } from '../findings/severities';
import type { CheckedFile } from './checked';

/** What SARIF is told of a rule. */
export interface DescribedRule {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
}

type Level = 'none' | 'note' | 'warning' | 'error';
const levels: Readonly<Record<Severity, Level>> = { error: 'error', warning: 'warning', info: 'note', hint: 'note' };

/** Files are named relative to where the command ran, which is the root of the source for who reads the log. */
export function sarifLog(files: readonly CheckedFile[], rules: readonly DescribedRule[], settings: RuleSettings): object {
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: packageJson.displayName,
            semanticVersion: packageJson.version,
            rules: rules.map((rule) => descriptorOf(rule, settings)),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: files.flatMap(({ file, problems }) => problems.map((problem) => notificationOf(file, problem))),
          },
        ],
        results: files.flatMap(({ file, findings }) => findings.map((finding) => resultOf(file, finding, indexes.get(finding.rule) ?? -1))),
      },
    ],
  };
}

/** SARIF's helpUri must be absolute, and this project has no address of its own: the page is named in the help text. */
function descriptorOf({ id, title, severity }: DescribedRule, settings: RuleSettings): object {
  const setting = settings.get(id) ?? severity;
  const page = `docs/rules/${id}.md`;
  return {
    id,
    shortDescription: { text: title },
    help: { text: `${title}: see ${page} of Loss Inspector.`, markdown: `[${title}](${page})` },
    defaultConfiguration: setting === 'off' ? { enabled: false } : { level: levels[setting] },
  };
}

function resultOf(file: string, { rule, severity, message, range, fix }: Finding, ruleIndex: number): object {
  const changed = fix === undefined ? [] : [{ artifactLocation: artifact(file), replacements: fix.edits.map(replacementOf) }];
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [locationOf(file, range)],
    ...(fix === undefined ? {} : { fixes: [{ description: { text: fix.title }, artifactChanges: changed }] }),
  };
}

function notificationOf(file: string, { type, message, range }: Problem): object {
  return { level: 'note', descriptor: { id: type }, message: { text: message }, locations: [locationOf(file, range)] };
}

function replacementOf({ range, newText }: TextEdit): object {
  return { deletedRegion: regionOf(range), insertedContent: { text: newText } };
}

function locationOf(file: string, range: SourceRange | null): object {
  return { physicalLocation: { artifactLocation: artifact(range?.file ?? file), ...(range === null ? {} : { region: regionOf(range) }) } };
}

function regionOf({ line, column, endLine, endColumn }: SourceRange): object {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function artifact(file: string): object {
  if (path.isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}
