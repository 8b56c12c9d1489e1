/** The modules of the person's workspace: each is executed once, as their own code, when something first imports it. */
import type { Program } from '../language/program';
import type { ModuleFile } from '../modules/moduleFile';
import { folderOf, inFolder } from '../modules/moduleFile';
import { parsedModule } from '../modules/parsedModule';
import type { PythonPlace } from '../modules/pythonModules';
import { placeOfPythonImport, pythonFile } from '../modules/pythonModules';
import { rootFolder } from '../workspace';
import { typescriptFile } from '../modules/typescriptModules';
import type { Workspace } from '../workspace';
import { boundBy } from './bound';
import { parsedJson } from './javascript/globals';
import { textOfFile } from './libraries/configuration/source';
import type { Frame, Machine } from './machine';
import type { Scope, Unit } from './scope';
import type { ModuleValue, Value } from './value';
import { str, unknown } from './value';

/** What is run: a module that imports it back gets the very names that it has bound by then. */
export interface RunDocument {
  readonly program: Program;
  readonly globals: Scope;
}

interface Loaded {
  readonly module: ModuleValue;
  readonly unknownStars: readonly string[];
  readonly place: PythonPlace;
}

interface OwnModules {
  /** The module that an import of this unit names; null where the workspace has none. */
  readonly module: (unit: Unit, name: string, level: number) => ModuleValue | null;
  /** The outermost package of an absolute import. */
  readonly top: (unit: Unit, name: string) => ModuleValue | null;
  /** Executes a file by its path, as `runpy` does: anew each time. */
  readonly runFile: Machine['runFile'];
  readonly member: Machine['ownMember'];
  readonly unknownStarsOf: Machine['unknownStarsOf'];
}

export function createOwnModules(machine: Machine, workspace: Workspace, document: () => RunDocument): OwnModules {
  /** By their paths; a folder without `__init__.py` by its own. */
  const loaded = new Map<string, Loaded>();

  function placeFor({ isPersons, program }: Unit, name: string, level: number): { from: string; place: PythonPlace } | null {
    if (!isPersons || program.file === undefined || program.language !== 'python') return null;
    const place = placeOfPythonImport(workspace, name, level, program.file);
    return place && { from: program.file, place };
  }

  /**
   * As Python, the packages around a module first. One that the importing file itself stands in is under way already, and is executed only where
   * the import binds it.
   */
  function load({ root, parts }: PythonPlace, from: string, bindsAll: boolean): readonly (Loaded | null)[] {
    const chain: (Loaded | null)[] = [];
    for (let count = Math.min(1, parts.length); count <= parts.length; count++) {
      const place = { root, parts: parts.slice(0, count) };
      const isUnderWay = count < parts.length && !bindsAll && `${folderOf(from)}/`.startsWith(`${folderAt(place)}/`);
      const found = isUnderWay ? (loaded.get(pathAt(place)) ?? null) : loadOne(place);
      if (found !== null) bindInside(chain.at(-1) ?? null, found, parts[count - 1] ?? '');
      chain.push(found);
    }
    return chain;
  }

  function bindInside(outer: Loaded | null, { module }: Loaded, name: string): void {
    if (outer !== null && outer.module !== module) outer.module.members.set(name, module);
  }

  const folderAt = ({ root, parts }: PythonPlace): string => inFolder(root, parts.join('/'));
  const pathAt = (place: PythonPlace): string => pythonFile(workspace, place)?.path ?? folderAt(place);

  function loadOne(place: PythonPlace): Loaded {
    const file = pythonFile(workspace, place);
    const known = loaded.get(file?.path ?? folderAt(place));
    if (known !== undefined) return known;
    return file === null ? namespace(place) : loadFile(file, place);
  }

  function loadFile(file: ModuleFile, place: PythonPlace): Loaded {
    const known = loaded.get(file.path);
    if (known !== undefined) return known;
    if (file.path.endsWith('.json')) return ofData(file, place);
    const { program, globals } = document();
    return file.path === program.file ? ofDocument(file, place, globals) : execute(file, place);
  }

  /** What a file of data holds, as a whole and by its entries. */
  function ofData({ path, name, text }: ModuleFile, place: PythonPlace): Loaded {
    const data = parsedJson(machine, textOfFile(machine, path, text));
    const members = new Map<string, Value>(data.kind === 'object' ? data.properties : []);
    members.set('default', data);
    return kept(path, { module: { kind: 'module', name, members, isRealName: () => false, file: path }, unknownStars: [], place });
  }

  function namespace(place: PythonPlace): Loaded {
    const path = folderAt(place);
    const module: ModuleValue = {
      kind: 'module',
      name: place.parts.join('.'),
      members: new Map(),
      isRealName: () => true,
      file: path,
    };
    return kept(path, { module, unknownStars: [], place });
  }

  function ofDocument({ path, name }: ModuleFile, place: PythonPlace, globals: Scope): Loaded {
    // It is still being executed, or stopped where it could not go on: a name it lacks may be one that it would have.
    const module: ModuleValue = { kind: 'module', name, members: globals.names, isRealName: () => true, file: path };
    return kept(path, { module, unknownStars: [], place });
  }

  function kept(path: string, made: Loaded): Loaded {
    loaded.set(path, made);
    return made;
  }

  function execute(file: ModuleFile, place: PythonPlace): Loaded {
    return executed(file, place, (made) => kept(file.path, made));
  }

  function executed(file: ModuleFile, place: PythonPlace, keep: (made: Loaded) => Loaded): Loaded {
    const program = parsedModule(file);
    const members = new Map<string, Value>([
      ['__name__', str(file.name)],
      ['__file__', str(`${rootFolder}/${file.path}`)],
    ]);
    const unknownStars: string[] = [];
    let isDone = false;
    const module: ModuleValue = {
      kind: 'module',
      name: file.name,
      members,
      isRealName: () => !isDone || unknownStars.length > 0,
      file: file.path,
    };
    const made = keep({ module, unknownStars, place });
    const globals: Scope = { kind: 'module', names: members, parent: null, locals: null, declared: null };
    const unit: Unit = {
      language: program.language,
      program,
      isPersons: true,
      moduleName: file.name,
      globals,
      failures: new Map(),
      unknownStars,
    };
    run(unit);
    isDone = true;
    return made;
  }

  /** A statement that fails costs only the names that it would have bound: they say why they are not known. */
  function run(unit: Unit): void {
    const { names } = unit.globals;
    const frame: Frame = {
      scope: unit.globals,
      unit,
      semantics: machine.semantics(unit.language),
      name: '<module>',
      firstArgument: null,
      isGenerator: false,
      depth: machine.frames.at(-1)?.depth ?? 0,
      calledFrom: machine.here,
      returned: [],
    };
    const { here, guardedImports } = machine;
    const frames = machine.frames.length;
    const handling = machine.handling.length;
    const restore = (): void => {
      machine.frames.length = frames;
      machine.handling.length = handling;
      machine.here = here;
      machine.guardedImports = guardedImports;
    };
    machine.importing++;
    try {
      for (const statement of unit.program.cells.flatMap((cell) => cell.body)) {
        machine.guardedImports = 0;
        try {
          machine.enter(frame);
          machine.execute([statement], frame).next();
        } catch (thrown) {
          const failure = machine.failureOf(thrown);
          for (const name of boundBy(statement))
            if (!names.has(name)) names.set(name, unknown(`${name} (${machine.place(failure.range)}: ${failure.message})`, failure.range));
          if (failure.type === 'budget') throw thrown;
        } finally {
          restore();
        }
      }
    } finally {
      machine.importing--;
    }
  }

  return {
    module(unit, name, level) {
      if (unit.language === 'typescript') {
        const file = unit.isPersons && unit.program.file !== undefined ? typescriptFile(workspace, name, unit.program.file) : null;
        return file && loadFile(file, { root: '', parts: [file.path] }).module;
      }
      const found = placeFor(unit, name, level);
      return found && (load(found.place, found.from, false).at(-1)?.module ?? null);
    },
    top(unit, name) {
      const found = placeFor(unit, name, 0);
      return found && (load(found.place, found.from, true)[0]?.module ?? null);
    },
    runFile(path, name) {
      const text = workspace.read(path);
      const place = { root: folderOf(path), parts: [path.slice(path.lastIndexOf('/') + 1).replace(/\.py$/, '')] };
      return text === null ? null : executed({ path, text, name }, place, (made) => made).module;
    },
    member(module, name, range) {
      const of = module.file === undefined ? undefined : loaded.get(module.file);
      if (of === undefined) return null;
      const place = { root: of.place.root, parts: [...of.place.parts, name] };
      if (pythonFile(workspace, place) !== null) {
        const inner = loadOne(place);
        bindInside(of, inner, name);
        return inner.module;
      }
      const [star] = of.unknownStars;
      return star === undefined ? null : unknown(`${module.name}.${name} (perhaps from ${star} import *)`, range);
    },
    unknownStarsOf: (module) => (module.file === undefined ? [] : (loaded.get(module.file)?.unknownStars ?? [])),
  };
}
