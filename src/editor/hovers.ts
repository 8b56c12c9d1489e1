/** Where there is something to explain: smoothing constants, and the names of losses that were inspected. */
import { Hover, languages, workspace, type DocumentSelector, type Location } from 'vscode';
import type { Finding, Inspection } from '../inspection';
import type { Disposing } from './disposing';
import { lossAt, type Finder, type FoundConstant, type FoundLoss } from './found';
import { explanation } from './hoverText';
import type { Inspections } from './inspections';
import { settings } from './settings';
import { locationOf, sourceOf, type Source } from './source';

/** A hover that comes later than this comes too late. */
const patience = 2500;

interface Hovered {
  readonly constant: FoundConstant | null;
  readonly loss: FoundLoss | null;
  readonly range: FoundLoss['range'];
}

export function registerHovers(selector: DocumentSelector, find: Finder, inspections: Inspections): Disposing[] {
  const measuring = createMeasuring(inspections);
  const provider = languages.registerHoverProvider(selector, {
    async provideHover(document, position) {
      if (!settings.hover()) return null;
      const source = sourceOf(document);
      const offset = source.offset(document, position);
      const hovered = offset === null ? null : hoveredAt(offset, source, find);
      if (!hovered) return null;
      const { constant, loss, range } = hovered;
      // A name says what was found of it: it asks nothing that code should be run for.
      const inspection = loss && (constant ? await measuring.once(source, loss) : measuring.known(source, loss));
      if (!constant && !inspection) return null;
      const place = source.location(range.start, range.end);
      const findings = findingsOnLine(place, source, inspection, inspections);
      return new Hover(explanation({ constant, loss, inspection, findings, uri: source.uri.toString() }), place.range);
    },
  });
  return [provider, measuring];
}

function hoveredAt(offset: number, source: Source, find: Finder): Hovered | null {
  const { constants, losses } = find(source);
  const isAround = ({ start, end }: FoundLoss['range']): boolean => start <= offset && offset <= end;
  const constant = constants.find(({ range, nameRange }) => isAround(range) || isAround(nameRange));
  if (constant) {
    const loss = losses.find(({ name }) => name === constant.loss) ?? lossAt(losses, constant.range.start);
    return { constant, loss, range: constant.range };
  }
  const loss = losses.find(({ nameRange }) => isAround(nameRange));
  return loss ? { constant: null, loss, range: loss.nameRange } : null;
}

/** What is said of the hovered line. Where the editor itself shows a finding in the same hover, it is not said twice. */
function findingsOnLine(
  { uri, range }: Location,
  source: Source,
  inspection: Inspection | null,
  inspections: Inspections,
): readonly Finding[] {
  const inspected = inspections.of(source.uri.toString());
  const isKnown = inspected?.source.version === source.version;
  const all = isKnown ? inspected.file.losses.flatMap(({ findings }) => findings) : (inspection?.findings ?? []);
  const isShownByEditor = isKnown && settings.diagnostics();
  const onLine = all.filter((finding) => {
    const place = locationOf(source, finding.range);
    const { line } = range.start;
    if (place.uri.toString() !== uri.toString() || line < place.range.start.line || line > place.range.end.line) return false;
    return !(isShownByEditor && place.range.contains(range));
  });
  return onLine.filter((finding, i) => onLine.findIndex(({ rule, message }) => rule === finding.rule && message === finding.message) === i);
}

interface Measuring extends Disposing {
  /** Of the last inspection, if the text is still that one. */
  known(source: Source, loss: FoundLoss): Inspection | null;
  /** The same, else by running it now; null when it may not be run or takes too long. */
  once(source: Source, loss: FoundLoss): Promise<Inspection | null>;
}

function createMeasuring(inspections: Inspections): Measuring {
  let last: { readonly key: string; readonly answer: Promise<Inspection | null> } | null = null;
  const listener = workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('lossInspector')) last = null;
  });
  function known(source: Source, { name }: FoundLoss): Inspection | null {
    const inspected = inspections.of(source.uri.toString());
    if (inspected?.source.version !== source.version) return null;
    return inspected.file.losses.find((loss) => loss.name === name) ?? null;
  }
  async function once(source: Source, loss: FoundLoss): Promise<Inspection | null> {
    const before = known(source, loss);
    if (before || !settings.hoverMeasures()) return before;
    const { name } = loss;
    // The text too: an untitled document has the name and the version of one that was closed.
    const key = `${source.uri.toString()} ${source.version} ${name} ${source.text}`;
    if (last?.key !== key) {
      const answer = inspections.peek(source, name).then((outcome) => {
        if (outcome.kind === 'inspected') return outcome.inspection.losses.find((one) => one.name === name) ?? null;
        // It was given up, so the next hover may try again.
        if (last?.key === key) last = null;
        return null;
      });
      last = { key, answer };
    }
    const tooLate = new Promise<null>((resolve) => setTimeout(resolve, patience, null));
    return Promise.race([last.answer, tooLate]);
  }
  return {
    known,
    once,
    dispose: () => {
      listener.dispose();
    },
  };
}
