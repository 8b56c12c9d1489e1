/**
 * What the libraries written in Python ask about the world outside of the program: is a value known, what is to be said for what is not there.
 * An exploring run goes on with an unknown value where the program itself would end (a required option, a file that is not here).
 */
import type { Context } from '../../context';
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import { at, provenanceOf } from '../../provenance';
import type { FunctionValue, Value } from '../../value';
import { NONE, bool, str, unknown } from '../../value';
import { rootFolder } from '../../../workspace';
import type { Program } from '../../../language/program';
import type { Machine } from '../../machine';
import { readWorkspaceFile } from './paths';
import { textOfFile } from './source';

/** Not known in an exploring run; else Unsupported. */
export function notKnown(context: Context, what: string): Value {
  return context.exploring ? unknown(what, context.here) : context.unsupported(what);
}

const fileNamed = (program: Program | undefined): Value => (program?.file === undefined ? NONE : str(`${rootFolder}/${program.file}`));

const personsFrame = (context: Context) => (context as Machine).frames.findLast(({ unit }) => unit.isPersons) ?? null;

function functionOf(context: Context, value: Value): FunctionValue | null {
  switch (value.kind) {
    case 'function':
      return value;
    case 'boundMethod':
    case 'staticMethod':
    case 'classMethod':
      return functionOf(context, value.function);
    case 'class':
      return [...value.namespace.values()].find((member) => member.kind === 'function') ?? null;
    case 'instance': {
      const wrapped = context.findAttribute(value, '__wrapped__');
      return wrapped === null ? null : functionOf(context, wrapped);
    }
    default:
      return null;
  }
}

function locate(machine: Machine, path: string): Value | null {
  const unit = personsFrame(machine)?.unit;
  const parts = path.split('.');
  for (let n = parts.length; n > 0; n--) {
    const name = parts.slice(0, n).join('.');
    const module =
      name === '__main__'
        ? null
        : unit === undefined
          ? machine.importByName(name, machine.here)
          : machine.importFor(unit, name, 0, machine.here);
    if (name !== '__main__' && module?.kind !== 'module') continue;
    const [first, ...rest] = parts.slice(n);
    let found = module ?? (first === undefined ? null : (unit?.globals.names.get(first) ?? null));
    for (const part of module === null ? rest : parts.slice(n)) found = found === null ? null : machine.findAttribute(found, part);
    if (found !== null) return found;
  }
  return null;
}

export const outsideModule: ModuleSource = {
  members: () => ({
    exploring: native('exploring', '', (context) => bool(context.exploring)),
    is_unknown: native('is_unknown', 'value, /', (_, args) => bool(args.value('value').kind === 'unknown')),
    unknown: native('unknown', 'what, /', (context, args) => unknown(args.string('what'), context.here)),
    untold: native('untold', 'what, /', (context, args) => notKnown(context, args.string('what'))),
    // A converted value goes on the way of what it was made from.
    keep_way: native('keep_way', 'value, source, /', (context, args) => {
      const way = context.exploring ? provenanceOf(args.value('source')) : null;
      return way === null ? args.value('value') : at(args.value('value'), way.place, [args.value('source')]);
    }),
    // The file that a function or class stands in, or the one whose code runs; None where it is not known.
    file_of: native('file_of', 'function, /', (context, args) => fileNamed(functionOf(context, args.value('function'))?.code.unit.program)),
    running_file: native('running_file', '', (context) => fileNamed(personsFrame(context)?.unit.program)),
    // A module, or what stands in one, by its dotted path, as the person's code would import it; None where there is none.
    locate: native('locate', 'path, /', (context, args) => locate(context as Machine, args.string('path')) ?? NONE),
    // A call that the program makes by way of a library: written down as its own calls are.
    call: native('call', 'callee, /, *args, **keywords', (context, args) => {
      const callee = args.value('callee');
      const run = () => context.call(callee, args.rest, args.keywords);
      return (context as Machine).exploration?.watched(callee, args.rest, args.keywords, null, run) ?? run();
    }),
    // The text of a file of the workspace, or None.
    read: native('read', 'path, /', (context, args) => {
      const found = readWorkspaceFile(context, context.str(args.value('path')));
      return found === null ? NONE : textOfFile(context, found.path, found.text);
    }),
  }),
};
