/** Finds modules in the libraries, builds them when they are first imported, and asks for the person's own where there is none. */
import type { Program, Range } from '../language/program';
import { parsePython } from '../language/python';
import type { Workspace } from '../workspace';
import type { Library, ModuleSource } from './library';
import type { Frame, Machine } from './machine';
import type { RunDocument } from './ownModules';
import { createOwnModules } from './ownModules';
import type { Scope, Unit } from './scope';
import type { ModuleValue, UnknownValue, Value } from './value';
import { str, unknown } from './value';

const parsed = new Map<string, Program>();

function parsePrelude(source: string, name: string): Program {
  let program = parsed.get(source);
  if (program === undefined) {
    program = parsePython(source);
    const problem = program.problems[0];
    if (problem !== undefined) throw new Error(`${name}: ${problem.message} at ${problem.range.start}`);
    parsed.set(source, program);
  }
  return program;
}

export function createImporter(
  machine: Machine,
  libraries: readonly Library[],
  workspace: Workspace,
  document: () => RunDocument,
): Pick<
  Machine,
  'importByName' | 'runFile' | 'importFor' | 'importTop' | 'ownMember' | 'unknownStarsOf' | 'importModule' | 'fromLibrary' | 'hasModule'
> {
  const own = createOwnModules(machine, workspace, document);
  const sources = new Map<string, ModuleSource>(libraries.flatMap((library) => Object.entries(library.modules)));

  function importByName(name: string, range: Range): ModuleValue | UnknownValue {
    const known = machine.modules.get(name);
    if (known !== undefined) return known;
    const source = sources.get(name);
    if (source === undefined) return unknown(name, range);
    if (source.sameAs !== undefined) {
      const same = importByName(source.sameAs, range);
      machine.modules.set(name, same);
      return same;
    }
    const dot = name.lastIndexOf('.');
    const parent = dot < 0 ? null : importByName(name.slice(0, dot), range);
    // The parent's own prelude may have imported it meanwhile.
    const meanwhile = machine.modules.get(name);
    if (meanwhile !== undefined) return meanwhile;
    const module = build(name, source);
    if (parent?.kind === 'module') parent.members.set(name.slice(dot + 1), module);
    return module;
  }

  function build(name: string, source: ModuleSource): ModuleValue {
    const members = new Map<string, Value>(Object.entries(source.members?.(machine) ?? {}));
    const module: ModuleValue = { kind: 'module', name, members, isRealName: source.isRealName ?? (() => true) };
    machine.modules.set(name, module);
    if (source.prelude !== undefined) runPrelude(name, source.prelude, members);
    return module;
  }

  function runPrelude(name: string, source: string, members: Map<string, Value>): void {
    const program = parsePrelude(source, name);
    members.set('__name__', str(name));
    const globals: Scope = { kind: 'module', names: members, parent: null, locals: null, declared: null };
    const unit: Unit = { language: 'python', program, isPersons: false, moduleName: name, globals, failures: new Map(), unknownStars: [] };
    const frame: Frame = {
      scope: globals,
      unit,
      semantics: machine.semantics('python'),
      name: '<module>',
      firstArgument: null,
      isGenerator: false,
      depth: 0,
      calledFrom: null,
      returned: [],
    };
    machine.enter(frame);
    try {
      for (const cell of program.cells) machine.execute(cell.body, frame).next();
    } finally {
      machine.leave();
    }
  }

  function importModule(name: string): ModuleValue {
    const module = importByName(name, machine.here);
    return module.kind === 'module' ? module : machine.unsupported(name);
  }

  function fromLibrary(qualifiedName: string): Value {
    const parts = qualifiedName.split('.');
    for (let n = parts.length - 1; n > 0; n--) {
      const module = importByName(parts.slice(0, n).join('.'), machine.here);
      if (module.kind === 'module') return parts.slice(n).reduce<Value>((value, part) => machine.getAttribute(value, part), module);
    }
    return machine.unsupported(qualifiedName);
  }

  const importFor: Machine['importFor'] = (unit, module, level, range) => {
    // A library's name is the library's, whatever files of that name lie about.
    const ofLibrary = level === 0 && sources.has(module);
    const found = ofLibrary ? null : own.module(unit, module, level);
    return found ?? importByName('.'.repeat(level) + module, range);
  };

  const importTop: Machine['importTop'] = (unit, module, range) => {
    const top = module.split('.')[0] ?? module;
    return (sources.has(top) ? null : own.top(unit, module)) ?? importByName(top, range);
  };

  return {
    importFor,
    importTop,
    runFile: own.runFile,
    ownMember: own.member,
    unknownStarsOf: own.unknownStarsOf,
    importByName,
    importModule,
    fromLibrary,
    hasModule: (name) => sources.has(name),
  };
}
