/**
 * What the libraries written in Python ask about the world outside of the program: is a value known, what is to be said for what is not there.
 * An exploring run goes on with an unknown value where the program itself would end (a required option, a file that is not here).
 */
import type { Context } from '../../context';
import type { ModuleSource } from '../../library';
import { dictFrom } from '../../dictionary';
import { native } from '../../library';
import { at, chosenBy, provenanceOf, replacing } from '../../provenance';
import type { FunctionValue, Value } from '../../value';
import { NONE, bool, boundMethod, findInClass, int, list, str, tuple, unknown } from '../../value';
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

function positionalCount(value: Value): number {
  if (value.kind === 'boundMethod') return positionalCount(value.function) - 1;
  if (value.kind !== 'function') return 1000;
  const { parameters } = value.code;
  if (parameters.some(({ style }) => style === 'variadic')) return 1000;
  return parameters.filter(({ style }) => style === 'normal' || style === 'positionalOnly').length;
}

function parametersOf(context: Context, value: Value): Value {
  switch (value.kind) {
    case 'boundMethod': {
      const all = parametersOf(context, value.function);
      return all.kind === 'list' ? list(all.items.slice(1)) : all;
    }
    case 'staticMethod':
    case 'classMethod':
      return parametersOf(context, value.function);
    case 'class': {
      const init = findInClass(value, '__init__');
      const all = init === null ? list([]) : parametersOf(context, init);
      return all.kind === 'list' ? list(all.items.slice(1)) : all;
    }
    case 'instance': {
      const wrapped = context.findAttribute(value, '__wrapped__');
      const call = findInClass(value.class, '__call__');
      if (wrapped !== null) return parametersOf(context, wrapped);
      return call === null ? NONE : parametersOf(context, boundMethod(value, call));
    }
    case 'native':
      return value.signatures.length === 1
        ? list(value.signatures[0]!.parameters.map(({ name, style, defaultValue }) => parameter(name, style, null, defaultValue ?? null)))
        : NONE;
    case 'function': {
      const wrapped = value.attributes.get('__wrapped__');
      if (wrapped !== undefined) return parametersOf(context, wrapped);
      const { text } = value.code.unit.program;
      return list(
        value.code.parameters.map(({ name, style, annotation }) =>
          parameter(
            name,
            style,
            annotation === null ? null : text.slice(annotation.range.start, annotation.range.end),
            value.defaults.get(name) ?? null,
          ),
        ),
      );
    }
    default:
      return NONE;
  }
}

const parameter = (name: string, style: string, annotation: string | null, defaultValue: Value | null): Value =>
  tuple([str(name), str(style), annotation === null ? NONE : str(annotation), ...(defaultValue === null ? [] : [defaultValue])]);

function callerArguments(machine: Machine, self: Value): Value {
  const frame = personsFrame(machine);
  const method =
    frame === null || self.kind !== 'instance'
      ? null
      : self.class.mro
          .flatMap((cls) => [...cls.namespace.values()])
          .find((member) => member.kind === 'function' && member.qualifiedName === frame.name && member.code.unit === frame.unit);
  if (frame === null || method?.kind !== 'function') return dictFrom();
  const values = method.code.parameters.slice(1).flatMap(({ name, style }): (readonly [string, Value])[] => {
    const value = frame.scope.names.get(name);
    if (value === undefined) return [];
    if (style !== 'keywordVariadic' || value.kind !== 'dict') return [[name, value]];
    return [...value.entries].map(([key, item]) => [machine.str(key), item]);
  });
  return dictFrom(values);
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

/** A setting in place of another, at the place of the program that merges them. */
function replaced({ exploration, here }: Machine, value: Value, before: Value): Value {
  if (exploration === null || before === value) return value;
  const made = replacing(value, before);
  return made === value || provenanceOf(value) === null ? made : exploration.stop(made, here);
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
    // A setting that takes the place of another, and one that stands in a file which a word chose: their ways say so.
    replacing: native('replacing', 'value, before, /', (context, args) =>
      replaced(context as Machine, args.value('value'), args.value('before')),
    ),
    chosen_by: native('chosen_by', 'value, word, /', (context, args) =>
      context.exploring ? chosenBy(args.value('value'), args.value('word')) : args.value('value'),
    ),
    // The file that a function or class stands in, or the one whose code runs; None where it is not known.
    file_of: native('file_of', 'function, /', (context, args) => fileNamed(functionOf(context, args.value('function'))?.code.unit.program)),
    running_file: native('running_file', '', (context) => fileNamed(personsFrame(context)?.unit.program)),
    // The package that the code under way stands in.
    running_module: native('running_module', '', (context) => str(personsFrame(context)?.unit.moduleName ?? '')),
    // A module, or what stands in one, by its dotted path, as the person's code would import it; None where there is none.
    locate: native('locate', 'path, /', (context, args) => locate(context as Machine, args.string('path')) ?? NONE),
    // The names of a Python file of the workspace, executed; None where there is none.
    run_file: native('run_file', "path, name='<run_path>', /", (context, args) => {
      const found = readWorkspaceFile(context, context.str(args.value('path')));
      const module = found === null ? null : (context as Machine).runFile(found.path, args.string('name'));
      return module === null ? NONE : dictFrom(module.members);
    }),
    // The parameters of the method under way, of a class that the object is of, with their values now.
    caller_arguments: native('caller_arguments', 'self, /', (context, args) => callerArguments(context as Machine, args.value('self'))),
    // (name, style, annotation's text or None, default…) of each parameter of a function, a method or a class's construction; None where they are not known.
    parameters: native('parameters', 'callable, /', (context, args) => parametersOf(context, args.value('callable'))),
    // How many positional arguments a function takes.
    positional: native('positional', 'function, /', (_, args) => int(positionalCount(args.value('function')))),
    // A call that the program makes by way of a library: written down as its own calls are.
    call: native('call', 'callee, /, *args, **keywords', (context, args) => {
      const callee = args.value('callee');
      const { exploration, here } = context as Machine;
      if (exploration === null) return context.call(callee, args.rest, args.keywords);
      // What has a way passes the place of the program that the library makes the call for.
      const passed = (value: Value): Value => (provenanceOf(value) === null ? value : exploration.stop(value, here));
      const positional = args.rest.map(passed);
      const keywords = new Map([...args.keywords].map(([name, value]) => [name, passed(value)]));
      return exploration.watched(callee, positional, keywords, null, () => context.call(callee, positional, keywords));
    }),
    // The text of a file of the workspace, or None.
    read: native('read', 'path, /', (context, args) => {
      const found = readWorkspaceFile(context, context.str(args.value('path')));
      return found === null ? NONE : textOfFile(context, found.path, found.text);
    }),
  }),
};
