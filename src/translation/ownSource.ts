/** A definition's own source text, with what it uses of its module: imports, constants, functions, other classes. */
import type { ImportStatement, Program, Statement } from '../language/program';
import { boundIn, freeNames } from '../detection/freeNames';

export interface OwnSource {
  /** Import lines, those from __future__ first. */
  readonly imports: readonly string[];
  /** The other statements, in the order of the module. */
  readonly statements: readonly string[];
  /** Imports from beside the file, which stand only where the file stands. */
  readonly hasRelativeImport: boolean;
}

/** The source behind these names of the module, as far as its statements show what they need. */
export function ownSource(program: Program, wanted: readonly string[]): OwnSource {
  const statements = program.cells.flatMap((cell) => cell.body);
  const bound = statements
    .filter((statement) => !runsAsMainOnly(statement))
    .map((statement) => ({ statement, names: [...boundIn([statement])] }));
  const kept = new Set<Statement>();
  const open = [...wanted];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const { statement, names } of bound) {
      const isStar = names.includes('*');
      if (kept.has(statement) || !(names.includes(name) || isStar)) continue;
      kept.add(statement);
      if (statement.kind !== 'import') open.push(...freeNames(statement));
    }
  }
  const found = statements.filter((statement) => kept.has(statement));
  const imports = found.filter((statement) => statement.kind === 'import');
  return {
    imports: imports
      .map((statement) => importText(statement, seen))
      .toSorted((a, b) => Number(b.includes('__future__')) - Number(a.includes('__future__'))),
    statements: found.filter((statement) => statement.kind !== 'import').map((statement) => dedented(program, statement)),
    hasRelativeImport: imports.some((statement) => statement.level > 0),
  };
}

/** `if __name__ == '__main__':`, which an import of the file passes over. */
export function runsAsMainOnly(statement: Statement): boolean {
  return (
    statement.kind === 'if' &&
    statement.test.kind === 'comparison' &&
    statement.test.operators[0] === '==' &&
    statement.test.operands.some((operand) => operand.kind === 'name' && operand.name === '__name__')
  );
}

function importText({ module, level, alias, names }: ImportStatement, used: ReadonlySet<string>): string {
  const from = `${'.'.repeat(level)}${module}`;
  if (names === null) return alias === null ? `import ${from}` : `import ${from} as ${alias}`;
  const needed = names.filter(({ name, alias: as }) => name === '*' || used.has(as ?? name));
  return `from ${from} import ${needed.map(({ name, alias: as }) => (as === null ? name : `${name} as ${as}`)).join(', ')}`;
}

/** The statement's text as it would stand at the margin. */
function dedented({ text }: Program, { range }: Statement): string {
  const lineStart = Math.max(text.lastIndexOf('\n', range.start - 1), text.lastIndexOf('\r', range.start - 1)) + 1;
  const before = text.slice(lineStart, range.start);
  const lines = text.slice(range.start, range.end).split(/\r\n|\r|\n/);
  if (before.trim() !== '' || before === '') return lines.join('\n').trimEnd();
  return lines
    .map((line) => (line.startsWith(before) ? line.slice(before.length) : line))
    .join('\n')
    .trimEnd();
}
