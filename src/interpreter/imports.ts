/** `import`: known modules come from the libraries; others become unknown values, Unsupported when they are used. */
import type { ImportStatement } from '../language/program';
import type { Frame, Machine } from './machine';
import type { ModuleValue, UnknownValue, Value } from './value';
import { unknown } from './value';

export function executeImport(machine: Machine, statement: ImportStatement, frame: Frame): void {
  if (frame.unit.isPersons) machine.here = statement.range;
  const path = statement.level > 0 ? '.'.repeat(statement.level) + statement.module : statement.module;
  const bind = (name: string, value: Value): void => {
    frame.semantics.assign(frame, name, value, 'const');
  };
  if (statement.names === null) {
    const module = find(machine, path, statement);
    if (statement.alias !== null) bind(statement.alias, module);
    else if (frame.unit.language === 'python')
      bind(path.split('.')[0] ?? path, machine.importByName(path.split('.')[0] ?? path, statement.range));
    return;
  }
  const module = find(machine, path, statement);
  for (const { name, alias, range } of statement.names) {
    if (frame.unit.isPersons) machine.here = range;
    if (name === '*') importAll(machine, module, bind);
    else bind(alias ?? (name === 'default' ? path : name), member(machine, module, path, name, range));
  }
}

/** Where the code is prepared for a missing module (`try: import apex … except ImportError`), a module that is not known is missing. */
function find(machine: Machine, path: string, statement: ImportStatement): ModuleValue | UnknownValue {
  const module = machine.importByName(path, statement.range);
  if (module.kind === 'unknown' && (machine.strictImports || machine.guardedImports > 0))
    return machine.raise('ModuleNotFoundError', `No module named '${path}'`);
  return module;
}

function member(machine: Machine, module: ModuleValue | UnknownValue, path: string, name: string, range: ImportStatement['range']): Value {
  // JavaScript's default import stands for the module itself.
  if (module.kind === 'unknown') return name === 'default' ? module : unknown(`${module.what}.${name}`, range);
  const found = module.members.get(name);
  if (found !== undefined) return found;
  const child = machine.importByName(`${path}.${name}`, range);
  if (child.kind === 'module') return child;
  if (module.isRealName(name)) return unknown(`${path}.${name}`, range);
  return machine.raise('ImportError', `cannot import name '${name}' from '${path}'`);
}

function importAll(machine: Machine, module: ModuleValue | UnknownValue, bind: (name: string, value: Value) => void): void {
  if (module.kind === 'unknown') {
    machine.unknownStars.push(module.what);
    machine.note(`from ${module.what} import *: the module is not known here, so its names are not bound`);
    return;
  }
  const listed = module.members.get('__all__');
  const names =
    listed?.kind === 'list' || listed?.kind === 'tuple'
      ? listed.items.map((item) => machine.str(item))
      : [...module.members.keys()].filter((name) => !name.startsWith('_'));
  for (const name of names) bind(name, module.members.get(name) ?? machine.getAttribute(module, name));
}
