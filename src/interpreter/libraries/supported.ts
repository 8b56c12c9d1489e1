/** docs/supported.md: what interpreted code can import, from the records themselves. */
import { parsePython } from '../../language/python';
import type { Library, ModuleSource, Operation } from '../library';

const intro = `# What is supported

Made from the operation records (\`node dist/test/supported.js\`); a test fails when it is stale. What is not listed says \`Unsupported: …\` at its place
when it is executed. Every name stands once with all its spellings: as a function, as a method (\`Tensor.…\`), in place (\`…_\`).
`;

const short = (spelling: string): string =>
  spelling.replace('torch.nn.functional.', 'F.').replace('torch.Tensor.', 'Tensor.').replace('numpy.ndarray.', 'ndarray.');

/** In-place and function-only records of one name stand in one row. */
function rows(operations: readonly Operation[]): string[] {
  const byName = new Map<string, { spellings: string[]; differences: Set<string>; docs: string | undefined }>();
  for (const operation of operations) {
    const name = operation.name.replace(/_$/, '');
    const row = byName.get(name) ?? { spellings: [], differences: new Set(), docs: operation.docs };
    row.spellings.push(...operation.spellings.map(short).filter((spelling) => !row.spellings.includes(spelling)));
    if (operation.differences !== undefined) row.differences.add(operation.differences);
    byName.set(name, row);
  }
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { spellings, differences, docs }]) => {
      const label = docs === undefined ? name : `[${name}](${docs})`;
      return `| ${label} | ${spellings.map((spelling) => `\`${spelling}\``).join(' ')} | ${[...differences].join(' ')} |`;
    });
}

/** Names that a module's Python source defines. */
function definedIn(source: ModuleSource): string[] {
  if (source.prelude === undefined) return [];
  return parsePython(source.prelude)
    .cells.flatMap((cell) => cell.body)
    .flatMap((statement) => (statement.kind === 'class' || statement.kind === 'function' ? [statement.name] : []))
    .filter((name) => !name.startsWith('_') || name === '_Loss' || name === '_WeightedLoss');
}

function section(library: Library): string {
  const parts = [`## ${library.name}`];
  if (library.operations.length > 0) {
    parts.push(['| operation | spellings | differences |', '| --- | --- | --- |', ...rows(library.operations)].join('\n'));
  }
  const modules = Object.entries(library.modules)
    .map(([name, source]) => [name, definedIn(source)] as const)
    .filter(([name, names]) => names.length > 0 && !name.includes('._'));
  if (modules.length > 0) {
    parts.push(modules.map(([name, names]) => `- \`${name}\`: ${names.map((n) => `\`${n}\``).join(' ')}`).join('\n'));
  }
  return parts.join('\n\n');
}

export function supportedMarkdown(libraries: readonly Library[]): string {
  return `${[intro.trim(), ...libraries.map(section)].join('\n\n')}\n`;
}
