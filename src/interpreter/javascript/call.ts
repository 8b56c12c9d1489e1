/** Calling functions from JavaScript's built-ins. */
import type { Machine } from '../machine';
import { noKeywords } from '../signature';
import type { Value } from '../value';

/** Calls a function with a callback's arguments: a native one takes no more of them than it asked for. */
export function invoke(machine: Machine, fn: Value, args: readonly Value[]): Value {
  if (fn.kind === 'function') return machine.runFunction(fn, args, noKeywords);
  if (fn.kind === 'native') {
    const [signature] = fn.signatures;
    const takesAll = signature === undefined || signature.variadic >= 0;
    return machine.call(fn, takesAll ? args : args.slice(0, signature.positional.length));
  }
  return machine.call(fn, args);
}
