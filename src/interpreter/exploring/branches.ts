/** Branches on what is not known: each is taken, from where they part, and what they leave behind is one of what each leaves. */
import type { Raised } from '../exceptions';
import type { Completion, Execution, Frame, Machine } from '../machine';
import type { Value } from '../value';
import type { Exploration } from './exploration';

/** An attribute as it was before a branch set it. */
export interface JournalEntry {
  readonly object: Value;
  readonly name: string;
  readonly before: Value | null;
}

interface End {
  readonly names: ReadonlyMap<string, Value>;
  readonly attributes: readonly (JournalEntry & { readonly after: Value | null })[];
  readonly completion: Completion;
}

export function* bothWays(machine: Machine, exploration: Exploration, branches: readonly (() => Execution)[], frame: Frame): Execution {
  const { names } = frame.scope;
  const before = new Map(names);
  const outer = exploration.journal;
  const depth = machine.frames.length;
  const ends: End[] = [];
  let failure: Raised | null = null;
  for (const branch of branches) {
    const journal: JournalEntry[] = [];
    const level = exploration.uncertain;
    exploration.journal = journal;
    exploration.uncertain++;
    let completion: Completion | undefined;
    try {
      completion = yield* branch();
    } catch (error) {
      // A branch that raises is not gone on from.
      failure = machine.asRaised(error);
      if (failure === null) throw error;
      machine.frames.length = Math.min(machine.frames.length, depth);
    } finally {
      exploration.uncertain = level;
      exploration.journal = outer;
    }
    const attributes = journal.map((entry) => ({ ...entry, after: machine.findAttribute(entry.object, entry.name) }));
    if (completion !== undefined) ends.push({ names: new Map(names), attributes, completion });
    replace(names, before);
    for (const { object, name, before: old } of journal.toReversed()) if (old !== null) set(machine, object, name, old);
  }
  const going = ends.filter(({ completion }) => completion === null);
  const returned = ends.flatMap(({ completion }) => (completion?.kind === 'return' ? [completion.value] : []));
  if (going.length === 0) {
    const [first] = ends;
    if (first === undefined) throw failure ?? new Error('a branch without an end');
    leave(machine, exploration, ends, frame, before);
    if (returned.length === ends.length) return { kind: 'return', value: exploration.oneOf(returned) };
    frame.returned.push(...returned);
    return ends.find(({ completion }) => completion?.kind !== 'return')!.completion;
  }
  frame.returned.push(...returned);
  leave(machine, exploration, going, frame, before);
  return null;
}

/** What holds after the branches: what all of them leave, or one of what they leave. */
function leave(machine: Machine, exploration: Exploration, ends: readonly End[], frame: Frame, before: ReadonlyMap<string, Value>): void {
  const { names } = frame.scope;
  const bound = new Set(ends.flatMap((end) => [...end.names.keys()]));
  for (const name of bound) {
    const values = ends.flatMap((end) => end.names.get(name) ?? before.get(name) ?? []);
    names.set(name, exploration.oneOf(values));
  }
  const seen: JournalEntry[] = [];
  for (const entry of ends.flatMap(({ attributes }) => attributes)) {
    if (seen.some((other) => other.object === entry.object && other.name === entry.name)) continue;
    seen.push(entry);
    const values = ends.flatMap(({ attributes }) => {
      const own = attributes.find((other) => other.object === entry.object && other.name === entry.name);
      return (own === undefined ? entry.before : own.after) ?? [];
    });
    set(machine, entry.object, entry.name, exploration.oneOf(values));
    exploration.journal?.push({ object: entry.object, name: entry.name, before: entry.before });
  }
}

function replace(names: Map<string, Value>, by: ReadonlyMap<string, Value>): void {
  names.clear();
  for (const [name, value] of by) names.set(name, value);
}

function set(machine: Machine, object: Value, name: string, value: Value): void {
  try {
    machine.setAttribute(object, name, value);
  } catch (error) {
    if (machine.asRaised(error) === null) throw error;
  }
}
