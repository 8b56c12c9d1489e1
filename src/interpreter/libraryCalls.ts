/** What a library refuses may be what we do not know: an error about a value that stands for something unknown is our gap, not the person's mistake. */
import type { Keywords } from './context';
import { Raised } from './exceptions';
import type { Machine } from './machine';
import type { UnknownValue, Value } from './value';
import { findInClass } from './value';

/** A call that code makes: what it raises about an unknown argument is Unsupported. */
export function callWith(machine: Machine, callee: Value, args: readonly Value[], keywords: Keywords, run: () => Value): Value {
  const { here } = machine;
  const depth = machine.frames.length;
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Raised) || error.range !== here || isWritten(callee)) throw error;
    // Raised here, and not in code of the person's own that was called back.
    const callers = machine.frames.slice(0, depth).filter(({ unit }) => unit.isPersons).length;
    const gap = error.traceback.length === callers ? unknownAmong([...args, ...keywords.values()], 2) : null;
    if (gap === null) throw error;
    return machine.unsupported(gap.what);
  }
}

/** Is it the person's own function? Then what it refuses is how it is called. */
export function isWritten(callee: Value): boolean {
  switch (callee.kind) {
    case 'function':
      return callee.code.unit.isPersons;
    case 'boundMethod':
      return isWritten(callee.function);
    case 'class': {
      const init = findInClass(callee, '__init__');
      return init !== null && isWritten(init);
    }
    default:
      return false;
  }
}

function unknownAmong(values: Iterable<Value>, levels: number): UnknownValue | null {
  for (const value of values) {
    if (value.kind === 'unknown') return value;
    const inner = levels > 1 ? unknownAmong(itemsOf(value), levels - 1) : null;
    if (inner !== null) return inner;
  }
  return null;
}

function* itemsOf(value: Value): Iterable<Value> {
  if (value.kind === 'list' || value.kind === 'tuple') yield* value.items;
  else if (value.kind === 'dict') for (const [, item] of value.entries) yield item;
}
