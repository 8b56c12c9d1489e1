/** What detection finds in a source, kept until its text changes. Nothing is run for it: lenses and hovers ask at every edit. */
import { l10n } from 'vscode';
import { smoothingConstantsOf } from '../detection/constants';
import { studyPrograms } from '../detection/losses';
import { siteKeys } from '../detection/siteKeys';
import type { LossSite } from '../detection/sites';
import { readDocument } from '../language/document';
import type { Program, Range } from '../language/program';
import { settings } from './settings';
import type { Source } from './source';

export interface FoundLoss {
  readonly name: string;
  /** What it is known by after edits. */
  readonly key: string;
  /** Its parameters that are the smoothing factor. */
  readonly smoothing: readonly string[];
  readonly kind: LossSite['kind'];
  readonly range: Range;
  readonly nameRange: Range;
}

export interface FoundConstant {
  readonly name: string;
  readonly value: number | null;
  readonly expression: string;
  /** Of the value, and of the name it is given. */
  readonly range: Range;
  readonly nameRange: Range;
  /** Name of the loss it belongs to. */
  readonly loss: string | null;
}

export interface Found {
  readonly losses: readonly FoundLoss[];
  readonly constants: readonly FoundConstant[];
  /** Why the document could not be read, where it could not. */
  readonly problems: readonly string[];
}

const nothing: Found = { losses: [], constants: [], problems: [] };

export interface Finder {
  (source: Source): Found;
  forget(uri: string): void;
}

export function createFinder(): Finder {
  const kept = new Map<string, { readonly version: string; readonly found: Found }>();
  const find = (source: Source): Found => {
    if (tooLarge(source)) return nothing;
    const key = `${source.uri.toString()}#${source.format ?? ''}`;
    const old = kept.get(key);
    if (old?.version === source.version) return old.found;
    const found = detect(source);
    kept.set(key, { version: source.version, found });
    return found;
  };
  return Object.assign(find, {
    forget: (uri: string) => {
      for (const key of kept.keys()) if (key.startsWith(`${uri}#`)) kept.delete(key);
    },
  });
}

export function tooLarge(source: Source): boolean {
  return source.text.length > settings.largestFile();
}

export function tooLargeMessage(source: Source): string {
  const kilobytes = (bytes: number): number => Math.ceil(bytes / 1024);
  return l10n.t(
    '{0} is too large to inspect: {1} KB, and the limit is {2} KB (setting lossInspector.maximumFileSize).',
    source.file,
    kilobytes(source.text.length),
    kilobytes(settings.largestFile()),
  );
}

function detect(source: Source): Found {
  const document = readDocument(source.text, source.file, source.format);
  const losses: FoundLoss[] = [];
  const constants: FoundConstant[] = [];
  const ofPrograms = studyPrograms(document.programs);
  document.programs.forEach((program, index) => {
    const place = placeIn(program);
    const studied = ofPrograms[index]!;
    const sites = studied.map(({ site }) => site);
    const keys = siteKeys(program, sites);
    for (const site of sites) {
      const { name, kind, range, nameRange, smoothingParameters } = site;
      const smoothing = smoothingParameters.map((one) => one.name);
      losses.push({ name, key: keys.get(site)!, smoothing, kind, range: place(range), nameRange: place(nameRange) });
    }
    for (const { name, value, expression, range, nameRange, site } of smoothingConstantsOf(program, studied)) {
      constants.push({ name, value, expression, range: place(range), nameRange: place(nameRange), loss: site });
    }
  });
  return { losses, constants, problems: document.problems.map(({ message }) => message) };
}

/** A notebook read as JSON: its program's offsets are mapped back to the file. */
function placeIn(program: Program): (range: Range) => Range {
  const { locate } = program;
  return locate ? ({ start, end }) => ({ start: locate(start), end: locate(end) }) : (range) => range;
}

/** The loss around an offset; where one holds another (a script holds its functions), the innermost. */
export function lossAt(losses: readonly FoundLoss[], offset: number): FoundLoss | null {
  const around = losses.filter(({ range }) => range.start <= offset && offset <= range.end);
  const size = ({ range }: FoundLoss): number => range.end - range.start;
  return around.reduce<FoundLoss | null>((best, loss) => (best === null || size(loss) < size(best) ? loss : best), null);
}
