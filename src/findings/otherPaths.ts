/** Whether the code may use its smoothing factor where this run did not: on a branch that was not taken, or once another number is not what it is now. */
import { walk } from '../detection/walk';
import type { LossSite } from '../detection/sites';
import type { Expression, Range, Statement } from '../language/program';
import { everyStatementOf, numberValue, statementsOf } from './code';
import type { Subject } from './rule';
import { spellingsOf } from './spelling';

type Reading = Extract<Statement, { kind: 'assign' | 'augmentedAssign' | 'return' | 'expression' }>;

/** A warm-up (`if epoch < warmup`) or a schedule (`eps * step / total`) gives hard labels for a while only. */
export function mayUseItElsewhere(subject: Subject): boolean {
  const { site } = subject;
  const simple = everyStatementOf(site).filter(
    (one): one is Reading => one.kind === 'assign' || one.kind === 'augmentedAssign' || one.kind === 'return' || one.kind === 'expression',
  );
  const carriers = new Set([...spellingsOf(subject, 'smoothing'), ...site.smoothingNames].map(lastPart));
  // What is made of the factor carries it on; a few rounds reach what loops make of it.
  for (let round = 0; round < 3; round++)
    for (const statement of simple)
      if (statement.kind === 'assign' && reads(statement, carriers)) targetsOf(statement).forEach((name) => carriers.add(name));
  const numbers = otherNumbers(subject, carriers);
  return simple.some((statement) => {
    if (!reads(statement, carriers) || isKept(statement, carriers)) return false;
    const isLeftOut = !isMaking(statement, site) && !subject.wasExecuted(statement.range) && !isSwitchedOff(statement, site, carriers);
    return isLeftOut || reads(statement, numbers);
  });
}

/** It stands in a branch that the factor alone decides: no later call with the same factor takes it. */
function isSwitchedOff({ range }: Reading, site: LossSite, carriers: ReadonlySet<string>): boolean {
  const around = everyStatementOf(site).filter(
    (one): one is Extract<Statement, { kind: 'if' }> => one.kind === 'if' && one.range.start <= range.start && range.end <= one.range.end,
  );
  return around.some(({ test }) => {
    const names = new Set<string>();
    const owners = new Set<Expression>();
    walk([{ kind: 'expression', expression: test, silent: true, range: test.range }], (node) => {
      if (node.kind === 'attribute') owners.add(node.object);
      if (node.kind === 'attribute' || (node.kind === 'name' && !owners.has(node))) names.add(node.name);
    });
    return names.size > 0 && [...names].every((name) => carriers.has(name));
  });
}

/** A statement of the constructor: a loss is made once and run often, so it is not among what a run executes. */
function isMaking({ range }: Reading, { definition }: LossSite): boolean {
  const maker = definition.kind === 'class' ? definition.constructor : definition.kind === 'function' ? definition.factory : null;
  const body = definition.kind === 'function' ? definition.callable.range : null;
  const isIn = (outer: Range | null): boolean => outer !== null && outer.start <= range.start && range.end <= outer.end;
  return isIn(maker?.range ?? null) && !isIn(body);
}

const lastPart = (spelling: string): string => spelling.slice(spelling.lastIndexOf('.') + 1);

/** `self.smoothing = smoothing` uses nothing. */
function isKept(statement: Reading, carriers: ReadonlySet<string>): boolean {
  const value = statement.kind === 'assign' ? statement.value : null;
  return value !== null && (value.kind === 'name' || value.kind === 'attribute') && carriers.has(value.name);
}

function reads(statement: Reading, names: ReadonlySet<string>): boolean {
  const written = new Set<Expression>(statement.kind === 'assign' ? statement.targets : []);
  let found = false;
  walk([statement], (node) => {
    if ((node.kind === 'name' || node.kind === 'attribute') && names.has(node.name) && !written.has(node)) found = true;
  });
  return found;
}

function targetsOf(statement: Extract<Statement, { kind: 'assign' }>): readonly string[] {
  return statement.targets.flatMap((target) => (target.kind === 'name' || target.kind === 'attribute' ? [target.name] : []));
}

/** Parameters and attributes that hold some other number, which may be another when the loss is called again. */
function otherNumbers({ site, parameters }: Subject, carriers: ReadonlySet<string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, role, defaultValue } of parameters)
    if (role === 'other' && !carriers.has(name) && (defaultValue === null || numberValue(defaultValue) !== null)) names.add(name);
  walk(statementsOf(site), (node) => {
    if (node.kind !== 'assign' || node.value === null || numberValue(node.value) === null) return;
    for (const target of node.targets) if (target.kind === 'attribute' && !carriers.has(target.name)) names.add(target.name);
  });
  return names;
}
