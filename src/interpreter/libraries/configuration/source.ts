/** Where a configuration's text stands, so that each value read from it keeps its place in that file. */
import type { Context } from '../../context';
import { at, placesOf, provenanceOf } from '../../provenance';
import type { StrValue, Value } from '../../value';
import { str } from '../../value';

/** The text of a file, as a string whose way begins there. */
export const textOfFile = (context: Context, file: string, text: string): Value =>
  context.exploring ? at(str(text), { file, range: { start: 0, end: text.length }, text: file }, []) : str(text);

/** The file of which a string is the whole text. */
function fileOf(value: StrValue): string | null {
  const way = provenanceOf(value);
  const first = way === null ? undefined : placesOf(way)[0];
  if (first === undefined || first.file !== first.text) return null;
  return first.range.start === 0 && first.range.end === value.value.length ? first.file : null;
}

export interface Source {
  readonly text: string;
  /** The value of `text.slice(start, end)`; `keyStart` is where its key stands, so that the place shows `smoothing: 0.2` and not `0.2` alone. */
  readonly placed: (value: Value, start: number, end: number, keyStart?: number) => Value;
}

/** Places are kept in an exploring run only. A text that is no file's (a string of the program) gives its values its own way. */
export function sourceOf(context: Context, value: StrValue): Source {
  const text = value.value;
  if (!context.exploring) return { text, placed: (item) => item };
  const file = fileOf(value);
  if (file !== null)
    return {
      text,
      placed: (item, start, end, keyStart = start) => {
        const from = text.slice(keyStart, end).includes('\n') ? start : keyStart;
        return at(item, { file, range: { start: from, end }, text: text.slice(from, end) }, []);
      },
    };
  const way = provenanceOf(value);
  return { text, placed: (item) => (way === null ? item : at(item, way.place, [value])) };
}
