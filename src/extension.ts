/** Wires the parts together; one source for the desktop and the browser. */
import { startWorker } from '#host';
import { commands, type ExtensionContext } from 'vscode';
import { createComparison } from './editor/comparison';
import { copyAs } from './editor/copyAs';
import { createCorrections } from './editor/corrections';
import { registerDiagnostics } from './editor/diagnostics';
import { openExample } from './editor/example';
import { registerFixAll } from './editor/fixAll';
import { registerFollowing } from './editor/follow';
import { createFinder } from './editor/found';
import { registerHovers } from './editor/hovers';
import { inspectLoss } from './editor/inspectCommand';
import { createInspections } from './editor/inspections';
import { codeLanguages } from './editor/languages';
import { registerLenses } from './editor/lenses';
import { registerQuickFixes } from './editor/quickFixes';
import { registerRewrites } from './editor/rewriteActions';
import { createNeighbours } from './editor/neighbours';
import { openRulePage } from './editor/rulePage';
import { settings } from './editor/settings';
import { createPlaces } from './editor/view';
import { createInspector } from './worker/inspector';

export function activate(context: ExtensionContext): void {
  const find = createFinder();
  const inspector = createInspector((events) => startWorker(context.extensionUri, events), settings.secondsPerInspection);
  const neighbours = createNeighbours();
  const corrections = createCorrections(context.workspaceState, find);
  const inspections = createInspections(inspector, neighbours, corrections, find);
  const comparison = createComparison(context, find, inspections, corrections);
  const places = createPlaces(context, comparison);
  context.subscriptions.push(
    inspector,
    neighbours,
    inspections,
    comparison,
    places,
    commands.registerCommand('lossInspector.inspect', (target: unknown) => inspectLoss(target, find, comparison, places)),
    commands.registerCommand('lossInspector.openInEditor', () => {
      places.openInEditor();
    }),
    commands.registerCommand('lossInspector.copyAs', (target: unknown) => copyAs(target, find, inspections)),
    commands.registerCommand('lossInspector.openRule', (rule: unknown) => openRulePage(rule, context.extensionUri)),
    commands.registerCommand('lossInspector.openExample', () => openExample(context.extensionUri)),
    ...registerHovers(codeLanguages, find, inspections),
    registerQuickFixes(codeLanguages, inspections),
    registerRewrites(codeLanguages, inspections),
    registerFixAll(codeLanguages, inspections),
    ...registerLenses(codeLanguages, find, inspections),
    ...registerDiagnostics(inspections, context.extensionUri),
    ...registerFollowing(find, inspections, comparison),
  );
}
