/** `import`: modules come from the libraries and the person's workspace; others become unknown values, Unsupported when they are used. */
import type { ImportStatement } from '../language/program';
import type { Frame, Machine } from './machine';
import type { ModuleValue, UnknownValue, Value } from './value';
import { str, unknown } from './value';

export function executeImport(machine: Machine, statement: ImportStatement, frame: Frame): void {
  if (frame.unit.isPersons) machine.here = statement.range;
  const bind = (name: string, value: Value): void => {
    frame.semantics.assign(frame, name, value, 'const');
  };
  const module = find(machine, statement, frame);
  if (statement.names === null) {
    if (statement.alias !== null) bind(statement.alias, module);
    else if (frame.unit.language === 'python')
      bind(statement.module.split('.')[0] ?? statement.module, machine.importTop(frame.unit, statement.module, statement.range));
    return;
  }
  for (const { name, alias, range } of statement.names) {
    if (frame.unit.isPersons) machine.here = range;
    if (name === '*') importAll(machine, module, frame, bind);
    else bind(alias ?? (name === 'default' ? statement.module : name), member(machine, module, statement, name, range, frame));
  }
}

const writtenPath = ({ level, module }: ImportStatement): string => '.'.repeat(level) + module;

/** Where the code is prepared for a missing module (`try: import apex … except ImportError`), a module that is not known is missing. */
function find(machine: Machine, statement: ImportStatement, frame: Frame): ModuleValue | UnknownValue {
  const module = machine.importFor(frame.unit, statement.module, statement.level, statement.range);
  if (module.kind === 'unknown' && (machine.strictImports || machine.guardedImports > 0) && !holdsModules(machine, statement, frame))
    return machine.raise('ModuleNotFoundError', `No module named '${writtenPath(statement)}'`);
  return module;
}

/** A folder without `__init__.py` is no module here, but those in it are. */
const holdsModules = (machine: Machine, statement: ImportStatement, frame: Frame): boolean =>
  statement.names?.some(({ name, range }) => inside(machine, statement, name, range, frame).kind === 'module') === true;

/** The module of a name inside the one that the statement names. */
function inside(
  machine: Machine,
  { module, level }: ImportStatement,
  name: string,
  range: ImportStatement['range'],
  frame: Frame,
): ModuleValue | UnknownValue {
  return machine.importFor(frame.unit, module === '' ? name : `${module}.${name}`, level, range);
}

function member(
  machine: Machine,
  module: ModuleValue | UnknownValue,
  statement: ImportStatement,
  name: string,
  range: ImportStatement['range'],
  frame: Frame,
): Value {
  const isPython = frame.unit.language === 'python';
  if (module.kind === 'unknown') {
    // JavaScript's default import stands for the module itself.
    if (name === 'default') return module;
    const child = isPython ? inside(machine, statement, name, range, frame) : module;
    return child.kind === 'module' ? child : unknown(`${module.what}.${name}`, range);
  }
  const found = module.members.get(name);
  if (found !== undefined) return found;
  if (module.file !== undefined) return missing(machine, module, name, range);
  const maker = module.members.get('__getattr__');
  if (maker !== undefined) return machine.call(maker, [str(name)]);
  const child = inside(machine, statement, name, range, frame);
  if (child.kind === 'module') return child;
  if (module.isRealName(name)) return unknown(`${writtenPath(statement)}.${name}`, range);
  return machine.raise('ImportError', `cannot import name '${name}' from '${writtenPath(statement)}'`);
}

/**
 * A name that a module of the person's does not bind. The file may not be the one that their program imports, and what stands in a circle of
 * imports depends on where the program starts: no error of theirs, but unknown.
 */
function missing(machine: Machine, module: ModuleValue, name: string, range: ImportStatement['range']): Value {
  const own = machine.ownMember(module, name, range);
  if (own !== null) return own;
  if (machine.strictImports || machine.guardedImports > 0)
    return machine.raise('ImportError', `cannot import name '${name}' from '${module.name}'`);
  return unknown(`${module.name}.${name} (not found in ${module.file ?? module.name})`, range);
}

function importAll(machine: Machine, module: ModuleValue | UnknownValue, frame: Frame, bind: (name: string, value: Value) => void): void {
  if (module.kind === 'unknown') {
    frame.unit.unknownStars.push(module.what);
    machine.note(`from ${module.what} import *: the module is not known here, so its names are not bound`);
    return;
  }
  const isPython = frame.unit.language === 'python';
  const listed = isPython ? module.members.get('__all__') : undefined;
  const names =
    listed?.kind === 'list' || listed?.kind === 'tuple'
      ? listed.items.map((item) => machine.str(item))
      : [...module.members.keys()].filter((name) => (isPython ? !name.startsWith('_') : name !== 'default' && !/^__\w+__$/.test(name)));
  for (const name of names) {
    const value = module.members.get(name) ?? machine.ownMember(module, name, machine.here) ?? machine.getAttribute(module, name);
    bind(name, value);
  }
  // A library that any name may be of is not all here.
  if (module.file === undefined && module.isRealName('*')) frame.unit.unknownStars.push(module.name);
  // What it could not bind itself, whoever imports everything of it does not have either.
  frame.unit.unknownStars.push(...machine.unknownStarsOf(module));
}
