/** What the person says of how losses are run, kept for the workspace by document and loss. */
import { workspace, type Memento, type Uri } from 'vscode';
import { isEmpty, withCorrections, withoutCorrection, type CorrectedThing } from '../corrections';
import type { Corrections, LossCorrections } from '../inspection';
import type { Finder, FoundLoss } from './found';
import { isCorrections } from './messages';
import type { Source } from './source';

export interface KeptCorrections {
  /** For the losses of a source, as they are called now. */
  of(source: Source): readonly LossCorrections[];
  /** Adds to what is said of a loss; what was said of parameters that it no longer has goes. */
  correct(source: Source, name: string, newer: Corrections, dropped: readonly string[]): Promise<void>;
  /** Takes one thing back; null: all of them. */
  reset(source: Source, name: string, of: CorrectedThing | null): Promise<void>;
}

const memoryKey = 'corrections';

/** By document, then by loss. */
type Memory = Readonly<Record<string, Readonly<Record<string, Corrections>>>>;

export function createCorrections(state: Memento, find: Finder): KeptCorrections {
  const lossOf = (source: Source, name: string): FoundLoss | null => find(source).losses.find((loss) => loss.name === name) ?? null;
  const ofDocument = (key: string): Readonly<Record<string, Corrections>> => state.get<Memory>(memoryKey, {})[key] ?? {};

  async function change(source: Source, name: string, to: (before: Corrections) => Corrections): Promise<void> {
    const loss = lossOf(source, name);
    if (loss === null) return;
    const document = documentKey(source.uri);
    const { [loss.key]: before = {}, ...others } = ofDocument(document);
    const after = to(before);
    const mine = isEmpty(after) ? others : { ...others, [loss.key]: after };
    const all = Object.entries({ ...state.get<Memory>(memoryKey, {}), [document]: mine });
    await state.update(memoryKey, Object.fromEntries(all.filter(([, losses]) => Object.keys(losses).length > 0)));
  }

  return {
    of(source) {
      const kept = ofDocument(documentKey(source.uri));
      if (Object.keys(kept).length === 0) return [];
      return find(source).losses.flatMap(({ name, key }): readonly LossCorrections[] => {
        const said = kept[key];
        // An older version may have written it.
        return said !== undefined && isCorrections(said) ? [{ ...said, loss: name }] : [];
      });
    },
    correct: (source, name, newer, dropped) =>
      change(source, name, (before) =>
        withCorrections(
          dropped.reduce((kept, gone) => withoutCorrection(kept, { kind: 'parameter', name: gone }), before),
          newer,
        ),
      ),
    reset: (source, name, of) => change(source, name, (before) => (of === null ? {} : withoutCorrection(before, of))),
  };
}

/** The path in the workspace, which is the same wherever that lies; of what lies outside of it, the whole. */
const documentKey = (uri: Uri): string => (workspace.getWorkspaceFolder(uri) ? workspace.asRelativePath(uri, true) : uri.toString());
