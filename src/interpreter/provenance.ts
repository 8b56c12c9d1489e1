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
  /** The value itself was not there yet: a default that it replaced, or what chose the file that it stands in. */
  readonly isAside?: true;
  /** What was made here is taken to have this size, by the name of an argument: no documented signature says so. */
  readonly isSupposed?: true;
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

/** Where the value itself begins: of a way, the first stop that is none of another value. */
export const originOf = (way: readonly Place[]): Place | null => way.find(({ isAside }) => isAside !== true) ?? null;

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

/** As many stops of other values stand before a value's own at most. */
const mostAside = 4;

/** The value, where it took the place of another: that one's beginning comes first, as overridden. */
export function replacing(value: Value, before: Value): Value {
  const way = ways.get(before);
  if (way === undefined) return value;
  const places = placesOf(way);
  const end = places.findIndex(({ isAside }) => isAside !== true);
  const origin = places[end];
  if (origin === undefined) return value;
  return preceded(value, [...places.slice(0, end), { ...origin, text: `${origin.text}, overridden`, isAside: true }]);
}

/** The value of a file that was chosen by a word of another. */
export function chosenBy(value: Value, word: Value): Value {
  const way = ways.get(word);
  const origin = way === undefined ? null : originOf(placesOf(way));
  return origin === null ? value : preceded(value, [{ ...origin, isAside: true }]);
}

/** A way with other stops before its first. */
function preceded(value: Value, stops: readonly Place[]): Value {
  const way = ways.get(value);
  const copy = way === undefined ? null : copied(value);
  const own = way === undefined ? [] : placesOf(way);
  const asides = own.filter(({ isAside }) => isAside === true).length;
  const added = stops.slice(-mostAside + asides).filter((stop) => !own.some((other) => isSamePlace(other, stop)));
  if (way === undefined || copy === null || asides >= mostAside || added.length === 0) return value;
  const root = added.reduce<Provenance | null>(
    (before, place) => ({ place, from: before === null ? [] : [before], length: (before?.length ?? 0) + 1 }),
    null,
  )!;
  ways.set(copy, rooted(way, root));
  return copy;
}

function rooted({ place, from, length }: Provenance, root: Provenance): Provenance {
  const [first, ...more] = from;
  return { place, from: [first === undefined ? root : rooted(first, root), ...more], length: length + root.length };
}

const isSamePlace = (a: Place, b: Place): boolean => a.file === b.file && a.range.start === b.range.start && a.range.end === b.range.end;
