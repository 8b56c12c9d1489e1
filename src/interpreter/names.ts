/** Which names a function binds, and Python's rules for finding and setting a name. */
import type { Expression, Parameter, Pattern, Program, Statement } from '../language/program';
import { namesIn } from './expressions';
import type { Frame, Machine } from './machine';
import { privateName } from './privateName';
import { realBuiltins } from './realNames';
import type { Scope } from './scope';
import type { FunctionCode, Value } from './value';

interface Assigned {
  readonly locals: ReadonlySet<string> | null;
  readonly declared: ReadonlyMap<string, 'global' | 'nonlocal'> | null;
}

const known = new WeakMap<object, Assigned>();
const nothing: Assigned = { locals: null, declared: null };

/** For JavaScript, scopes hold what is declared in them, and nothing is assumed beforehand. */
export function assignedNames(code: FunctionCode): Assigned {
  if (code.unit.language !== 'python') return nothing;
  let found = known.get(code.body);
  if (found === undefined) {
    found = analyse(code.parameters, code.body);
    known.set(code.body, found);
  }
  return found;
}

function analyse(parameters: readonly Parameter[], body: Expression | readonly Statement[]): Assigned {
  const locals = new Set(parameters.map((p) => p.name));
  const declared = new Map<string, 'global' | 'nonlocal'>();
  const add = (names: Iterable<string>): void => {
    for (const name of names) locals.add(name);
  };

  const pattern = (p: Pattern): void => {
    switch (p.kind) {
      case 'capture':
      case 'star':
        if (p.name !== null) locals.add(p.name);
        break;
      case 'or':
        p.alternatives.forEach(pattern);
        break;
      case 'as':
        locals.add(p.name);
        pattern(p.pattern);
        break;
      case 'sequence':
        p.items.forEach(pattern);
        break;
      case 'mapping':
        if (p.rest !== null) locals.add(p.rest);
        p.entries.forEach((entry) => {
          pattern(entry.pattern);
        });
        break;
      case 'class':
        p.positional.forEach(pattern);
        p.keywords.forEach((keyword) => {
          pattern(keyword.pattern);
        });
        break;
      default:
    }
  };

  const block = (statements: readonly Statement[]): void => {
    statements.forEach(statement);
  };

  const statement = (s: Statement): void => {
    walruses(s, locals);
    switch (s.kind) {
      case 'assign':
        add(namesIn(s.targets));
        break;
      case 'augmentedAssign':
        add(namesIn([s.target]));
        break;
      case 'delete':
        add(namesIn(s.targets));
        break;
      case 'function':
      case 'class':
        locals.add(s.name);
        break;
      case 'import':
        if (s.names === null) locals.add(s.alias ?? s.module.split('.')[0] ?? s.module);
        else add(s.names.map((n) => n.alias ?? n.name));
        break;
      case 'global':
      case 'nonlocal':
        for (const name of s.names) declared.set(name, s.kind);
        break;
      case 'if':
        block(s.then);
        block(s.otherwise);
        break;
      case 'for':
        add(namesIn([s.target]));
        block(s.body);
        block(s.otherwise);
        break;
      case 'while':
        block(s.body);
        block(s.otherwise);
        break;
      case 'try':
        block(s.body);
        for (const handler of s.handlers) {
          if (handler.name !== null) locals.add(handler.name);
          block(handler.body);
        }
        block(s.otherwise);
        block(s.finally);
        break;
      case 'with':
        for (const item of s.items) if (item.target !== null) add(namesIn([item.target]));
        block(s.body);
        break;
      case 'match':
        for (const branch of s.cases) {
          pattern(branch.pattern);
          block(branch.body);
        }
        break;
      case 'block':
        block(s.body);
        break;
      default:
    }
  };

  if (Array.isArray(body)) block(body as readonly Statement[]);
  else walruses(body, locals);
  for (const name of declared.keys()) locals.delete(name);
  return { locals, declared: declared.size === 0 ? null : declared };
}

/** Names bound by `:=` in the expressions of a statement (also inside comprehensions), but not in nested functions, classes or blocks. */
function walruses(node: object, into: Set<string>): void {
  for (const value of Object.values(node) as unknown[]) {
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isExpressionLike(item)) visit(item, into);
    } else if (isExpressionLike(value)) visit(value, into);
  }
}

function visit(node: { readonly kind?: string }, into: Set<string>): void {
  if (node.kind === 'lambda') return;
  if (node.kind === 'assignment') for (const name of namesIn([node as Expression])) into.add(name);
  walruses(node, into);
}

const statementKinds = new Set([
  'expression',
  'assign',
  'augmentedAssign',
  'return',
  'if',
  'for',
  'while',
  'try',
  'with',
  'raise',
  'assert',
  'delete',
  'import',
  'function',
  'class',
  'match',
  'block',
]);

function isExpressionLike(value: unknown): value is { readonly kind?: string } {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  return !('kind' in value) || typeof value.kind !== 'string' || !statementKinds.has(value.kind);
}

export function lookupPythonName(machine: Machine, frame: Frame, written: string): Value {
  const name = written.startsWith('__') && frame.scope.kind === 'class' ? privateName(frame, written) : written;
  for (let scope: Scope | null = frame.scope; scope !== null; scope = scope.parent) {
    if (scope.declared?.get(name) === 'global') {
      const value = frame.unit.globals.names.get(name);
      if (value !== undefined) return value;
      break;
    }
    const value = scope.names.get(name);
    if (value !== undefined) return value;
    if (scope.locals?.has(name) === true) {
      if (scope.kind === 'class') continue;
      if (isOwnFunction(frame.scope, scope))
        machine.raise('UnboundLocalError', `cannot access local variable '${name}' where it is not associated with a value`);
      machine.raise('NameError', `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`);
    }
  }
  return machine.builtins.get(name) ?? conventional(machine, frame, name) ?? unbound(machine, frame, name);
}

/** Is it the function that is running (through the scopes of its comprehensions)? */
function isOwnFunction(from: Scope, scope: Scope): boolean {
  let at: Scope | null = from;
  while (at !== null && at !== scope && at.kind === 'block') at = at.parent;
  return at === scope;
}

/** What everybody imports under these names. */
const conventions: ReadonlyMap<string, string> = new Map([
  ['torch', 'torch'],
  ['nn', 'torch.nn'],
  ['F', 'torch.nn.functional'],
  ['np', 'numpy'],
  ['tf', 'tensorflow'],
  ['keras', 'keras'],
  ['jax', 'jax'],
  ['jnp', 'jax.numpy'],
  ['optax', 'optax'],
  ['math', 'math'],
]);

/** A passage of a file, as in an answer or a README, leaves its imports out; a star import may hold them. */
function conventional(machine: Machine, frame: Frame, name: string): Value | null {
  const path = conventions.get(name);
  if (
    path === undefined ||
    machine.strictImports ||
    !frame.unit.isPersons ||
    frame.unit.language !== 'python' ||
    frame.unit.failures.has(name)
  )
    return null;
  const star = frame.unit.unknownStars.at(-1);
  if (star === undefined && importsAnything(frame.unit.program)) return null;
  const module = machine.importByName(path, machine.here);
  if (module.kind !== 'module') return null;
  const why = star === undefined ? 'the text imports nothing' : `it may come from ${star} import *`;
  machine.assume(`${name} is not defined (${why}): taken for ${path}`);
  return module;
}

const importing = new WeakMap<Program, boolean>();

function importsAnything(program: Program): boolean {
  let found = importing.get(program);
  if (found === undefined) {
    found = /^[ \t>]*(import|from)[ \t]+[\w.]+/mu.test(program.text);
    importing.set(program, found);
  }
  return found;
}

function unbound(machine: Machine, { unit }: Frame, name: string): never {
  const failure = unit.failures.get(name);
  if (failure !== undefined) {
    const why = `${name} has no value because ${machine.place(failure.range)} failed: ${failure.message}`;
    if (failure.type === 'exception') machine.raise('NameError', `name '${name}' is not defined (${why})`);
    machine.unsupported(why);
  }
  const star = unit.unknownStars.at(-1);
  if (star !== undefined) machine.unsupported(`${name} (perhaps from ${star} import *)`);
  if (realBuiltins.has(name)) machine.unsupported(name);
  return machine.raise('NameError', `name '${name}' is not defined`);
}

export function assignPythonName(machine: Machine, frame: Frame, name: string, value: Value): void {
  holder(machine, frame, name).names.set(frame.scope.kind === 'class' ? privateName(frame, name) : name, value);
}

export function deletePythonName(machine: Machine, frame: Frame, name: string): void {
  if (!holder(machine, frame, name).names.delete(name)) lookupPythonName(machine, frame, name);
}

export function isPythonNameBound(machine: Machine, frame: Frame, name: string): boolean {
  return holder(machine, frame, name).names.has(name);
}

/** The scope that an assignment here binds the name in. */
function holder(machine: Machine, frame: Frame, name: string): Scope {
  let scope = frame.scope;
  // A comprehension keeps its own targets; a walrus in it binds outside.
  while (scope.kind === 'block' && scope.locals?.has(name) !== true && scope.parent !== null) scope = scope.parent;
  const declared = scope.declared?.get(name);
  if (declared === 'global') return frame.unit.globals;
  if (declared === 'nonlocal') {
    for (let outer = scope.parent; outer !== null && outer.kind !== 'module'; outer = outer.parent)
      if (outer.locals?.has(name) === true || outer.names.has(name)) return outer;
    machine.raise('SyntaxError', `no binding for nonlocal '${name}' found`);
  }
  return scope;
}
