/**
 * Where a value comes from: the places of the person's text that it passed on its way, from the literal that made it. Kept beside the values, in
 * a map that lets go of what nothing else holds, so that values stay what they are. Only a run that asks for it (an exploring one) fills it.
 */
import type { Range } from '../language/program';
import type { Value } from './value';

/** One stop on the way of a value. */
export interface Place {
  /** The file, by its path from the workspace's root; null for the document that is run. */
  readonly file: string | null;
  readonly range: Range;
  /** As the person wrote it, or a name for it: `0.15`, `--label-smoothing`, `args.label_smoothing`. */
  readonly text: string;
}

/** A stop, and the stops of what it was made from; the first of `from` is the way shown. */
export interface Provenance {
  readonly place: Place;
  readonly from: readonly Provenance[];
  /** How many stops stand before this one, at most. */
  readonly length: number;
}

/** A way longer than this keeps its beginning and its end. */
const longestWay = 40;

const ways = new WeakMap<Value, Provenance>();

export const provenanceOf = (value: Value): Provenance | null => ways.get(value) ?? null;

/** The stops from the first literal to here. */
export function placesOf(provenance: Provenance): readonly Place[] {
  const places: Place[] = [];
  for (let at: Provenance | undefined = provenance; at !== undefined; at = at.from[0]) places.push(at.place);
  return places.reverse();
}

/** Numbers, strings and the like are made anew, so that each copy has a way of its own; what has an identity stays itself and has none. */
function copied(value: Value): Value | null {
  switch (value.kind) {
    case 'int':
    case 'float':
    case 'str':
    case 'bool':
    case 'none':
    case 'undefined':
      return { ...value };
    default:
      return null;
  }
}

/** The value, as it is at a place of its way. `from`: what it was made from; by default the value as it was before. */
export function at(value: Value, place: Place, from?: readonly Value[]): Value {
  const copy = copied(value);
  if (copy === null) return value;
  const before = (from ?? [value]).flatMap((source) => ways.get(source) ?? []);
  const [first] = before;
  if (first !== undefined && isSamePlace(first.place, place)) {
    ways.set(copy, first);
    return copy;
  }
  const length = 1 + Math.max(0, ...before.map((way) => way.length));
  ways.set(copy, length > longestWay && first ? first : { place, from: before, length });
  return copy;
}

const isSamePlace = (a: Place, b: Place): boolean => a.file === b.file && a.range.start === b.range.start && a.range.end === b.range.end;
