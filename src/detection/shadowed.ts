/** Definitions that a later one of the same name takes the place of: a notebook's first attempt, a function named anew by its own result. */
import type { Program, Range, Statement } from '../language/program';

export interface ShadowedDefinition {
  readonly name: string;
  /** The program as long as the definition, and what it is made of, is in force. */
  readonly program: Program;
}

interface Renaming {
  readonly name: string;
  /** What the name meant until then. */
  readonly definition: Range;
  readonly at: number;
}

interface InForce {
  readonly range: Range;
  readonly cell: number;
}

/** In the order of the source. TypeScript hoists within a cell, so there the last definition of a cell is the only one. */
export function shadowedDefinitions(program: Program): readonly ShadowedDefinition[] {
  const inForce = new Map<string, InForce>();
  const renamings: Renaming[] = [];
  program.cells.forEach(({ body }, cell) => {
    for (const statement of body) {
      for (const name of renamedBy(statement, inForce)) {
        const before = inForce.get(name);
        if (before !== undefined && (program.language === 'python' || before.cell < cell))
          renamings.push({ name, definition: before.range, at: statement.range.start });
        if (definedBy(statement).includes(name)) inForce.set(name, { range: statement.range, cell });
        else inForce.delete(name);
      }
    }
  });
  return renamings.map((renaming) => ({ name: renaming.name, program: cutAt(program, endOf(renaming, renamings, program)) }));
}

/** Where it, or the first of the definitions that it is made of, gets another meaning. */
function endOf({ definition, at }: Renaming, renamings: readonly Renaming[], { text }: Program): number {
  const used = new Set([definition]);
  let end = at;
  for (const range of used) {
    const words = new Set(text.slice(range.start, range.end).match(/[\p{L}_$][\p{L}\p{N}_$]*/gu));
    for (const other of renamings) {
      if (!words.has(other.name) || other.at <= definition.start || used.has(other.definition) || other.definition.start >= at) continue;
      used.add(other.definition);
      end = Math.min(end, other.at);
    }
  }
  return end;
}

function definedBy(statement: Statement): readonly string[] {
  if (statement.kind === 'class') return [statement.name];
  if (statement.kind === 'function') return isOverload(statement) ? [] : [statement.name];
  if (statement.kind !== 'assign' || statement.value?.kind !== 'lambda') return [];
  return statement.targets.flatMap((target) => (target.kind === 'name' ? [target.name] : []));
}

/** A signature for type checkers: `@overload`. */
const isOverload = ({ decorators }: Extract<Statement, { kind: 'function' }>): boolean =>
  decorators.some((d) => (d.kind === 'name' || d.kind === 'attribute') && d.name === 'overload');

/** Names that mean something else from here on: defined (again), or `loss = loss(logits, labels)`. */
function renamedBy(statement: Statement, inForce: ReadonlyMap<string, InForce>): readonly string[] {
  const defined = definedBy(statement);
  if (defined.length > 0 || statement.kind !== 'assign' || statement.value?.kind !== 'call') return defined;
  const { callee } = statement.value;
  if (callee.kind !== 'name' || !inForce.has(callee.name)) return [];
  return statement.targets.some((target) => target.kind === 'name' && target.name === callee.name) ? [callee.name] : [];
}

/** What runs before this place. */
function cutAt(program: Program, at: number): Program {
  const cells = program.cells
    .map((cell) => ({ ...cell, body: cell.body.filter(({ range }) => range.start < at) }))
    .filter(({ body }) => body.length > 0);
  return { ...program, cells };
}
