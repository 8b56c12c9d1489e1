import { Diagnostic, DiagnosticSeverity, languages, Uri, workspace } from 'vscode';
import type { Finding, Problem } from '../inspection';
import type { Disposing } from './disposing';
import type { Inspected, Inspections } from './inspections';
import { pageOfRule } from './rulePage';
import { settings } from './settings';
import { locationOf } from './source';

export const diagnosticSource = 'Loss Inspector';

/** Findings and problems of inspected files. A file that nobody asked about has none. A finding's code links to the page of its rule. */
export function registerDiagnostics(inspections: Inspections, extension: Uri): Disposing[] {
  const collection = languages.createDiagnosticCollection('lossInspector');
  // The documents that each inspected one has diagnostics in: a notebook has its cells.
  const documents = new Map<string, readonly Uri[]>();
  const known = new Set<string>();

  function publish(uri: string): void {
    for (const document of documents.get(uri) ?? []) collection.delete(document);
    documents.delete(uri);
    const inspected = inspections.of(uri);
    if (inspected) known.add(uri);
    else known.delete(uri);
    if (!inspected || !settings.diagnostics()) return;
    const byDocument = diagnosticsOf(inspected, extension);
    for (const [document, diagnostics] of byDocument) collection.set(Uri.parse(document), diagnostics);
    documents.set(
      uri,
      [...byDocument.keys()].map((document) => Uri.parse(document)),
    );
  }

  return [
    collection,
    inspections.onDidChange(publish),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('lossInspector.diagnostics')) known.forEach(publish);
    }),
  ];
}

function diagnosticsOf({ source, file }: Inspected, extension: Uri): Map<string, Diagnostic[]> {
  const byDocument = new Map<string, Diagnostic[]>();
  const seen = new Set<string>();
  const add = (range: Problem['range'], message: string, severity: DiagnosticSeverity, code: Diagnostic['code']): void => {
    // One line that is not valid code is a problem of its file and of every loss that runs into it.
    const key = `${range?.file ?? ''} ${range?.start ?? ''} ${range?.end ?? ''} ${message}`;
    if (!range || seen.has(key)) return;
    seen.add(key);
    const { uri, range: place } = locationOf(source, { ...range, end: Math.max(range.end, range.start + 1) });
    const diagnostic = new Diagnostic(place, message, severity);
    diagnostic.source = diagnosticSource;
    if (code !== undefined) diagnostic.code = code;
    byDocument.set(uri.toString(), [...(byDocument.get(uri.toString()) ?? []), diagnostic]);
  };
  for (const { type, message, range } of file.problems) add(range, message, problemSeverities[type], type);
  for (const { problem, findings } of file.losses) {
    if (problem) add(problem.range, problem.message, problemSeverities[problem.type], problem.type);
    for (const { rule, severity, message, range } of findings)
      add(range, message, findingSeverities[severity], { value: rule, target: pageOfRule(rule, extension) });
  }
  return byDocument;
}

/** The rule of a diagnostic, or the type of the problem it is. */
export function codeOf({ code }: Diagnostic): string | null {
  const value = typeof code === 'object' ? code.value : code;
  return value === undefined ? null : String(value);
}

const findingSeverities: Readonly<Record<Finding['severity'], DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What is not interpreted here may well be right code: it is said, not blamed. */
const problemSeverities: Readonly<Record<Problem['type'], DiagnosticSeverity>> = {
  syntax: DiagnosticSeverity.Error,
  exception: DiagnosticSeverity.Error,
  input: DiagnosticSeverity.Warning,
  budget: DiagnosticSeverity.Warning,
  unsupported: DiagnosticSeverity.Information,
  notFound: DiagnosticSeverity.Information,
};
