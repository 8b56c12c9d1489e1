import { CodeLens, EventEmitter, languages, l10n, workspace, type DocumentSelector } from 'vscode';
import type { Disposing } from './disposing';
import type { Finder } from './found';
import type { InspectTarget } from './lossHere';
import type { Inspections } from './inspections';
import { settings } from './settings';
import { sourceOf } from './source';
import { oneLine } from './summary';

/** A lens over each loss: it inspects, and afterwards says in a few words what was found. */
export function registerLenses(selector: DocumentSelector, find: Finder, inspections: Inspections): Disposing[] {
  const changed = new EventEmitter<void>();
  const provider = languages.registerCodeLensProvider(selector, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      if (!settings.codeLens()) return [];
      const source = sourceOf(document);
      const uri = source.uri.toString();
      const inspected = inspections.of(uri);
      return find(source)
        .losses.map(({ name, nameRange }) => ({ name, location: source.location(nameRange.start, nameRange.end) }))
        .filter(({ location }) => location.uri.toString() === document.uri.toString())
        .map(({ name, location }, _i, all) => {
          const sharesItsLine = all.filter((other) => other.location.range.start.line === location.range.start.line).length > 1;
          const inspection = inspected?.source.version === source.version && inspected.file.losses.find((loss) => loss.name === name);
          const title = inspection ? oneLine(inspection) : l10n.t('Inspect loss');
          const target: InspectTarget = { uri, name };
          return new CodeLens(location.range, {
            title: `$(beaker) ${sharesItsLine ? `${name}: ` : ''}${title}`,
            tooltip: l10n.t('Run this loss on sample tensors and compare it'),
            command: 'lossInspector.inspect',
            arguments: [target],
          });
        });
    },
  });
  return [
    provider,
    changed,
    inspections.onDidChange(() => {
      changed.fire();
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('lossInspector.codeLens')) changed.fire();
    }),
  ];
}
