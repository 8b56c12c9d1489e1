/** docs/supported.md: what interpreted code can import, from the records and modules themselves. */
import { parsePython } from '../../language/python';
import { createInterpreter, type Interpreter } from '../interpreter';
import type { Library, Operation } from '../library';
import type { ClassValue, Value } from '../value';

const intro = `# What is supported

Made from the operation records (\`npm run docs\`); a test fails when it is stale. What is not listed says \`Unsupported: …\` at its place
when it is executed. Every operation stands once with all its spellings: as a function, as a method (\`Tensor.…\`), in place (\`…_\`).
After them come the names that a library's modules define beside its operations.
`;

const short = (spelling: string): string =>
  spelling.replace('torch.nn.functional.', 'F.').replace('torch.Tensor.', 'Tensor.').replace('numpy.ndarray.', 'ndarray.');

const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');

/** In-place and function-only records of one name stand in one row. */
function operationRows(operations: readonly Operation[]): readonly string[] {
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
      return `| ${label} | ${code(spellings)} | ${[...differences].join(' ')} |`;
    });
}

const isPublic = (name: string): boolean => !name.startsWith('_') || name === '_Loss' || name === '_WeightedLoss';

/** Not the modules that a library's own source imports. */
const isOffered = ({ kind }: Value): boolean => kind !== 'module' && kind !== 'unknown';

interface Offered {
  readonly module: string;
  readonly names: readonly string[];
  readonly classes: readonly ClassValue[];
}

/** The public names of every module, found by importing it, without those that an operation's row already lists. */
function offeredBy(library: Library, interpreter: Interpreter, spelled: ReadonlySet<string>): readonly Offered[] {
  const modules = Object.entries(library.modules).filter(([name, { sameAs }]) => sameAs === undefined && !/(^|\.)_[a-z]/.test(name));
  return modules.flatMap(([module]) => {
    interpreter.run(parsePython(`import ${module} as imported\n`));
    const imported = interpreter.lookup('imported');
    if (imported?.kind !== 'module') throw new Error(`${module} cannot be imported`);
    const offered = [...imported.members].filter(
      ([name, value]) => isPublic(name) && isOffered(value) && !spelled.has(`${module}.${name}`),
    );
    const classes = offered.flatMap(([, value]) => (value.kind === 'class' ? [value] : []));
    return offered.length === 0 ? [] : [{ module, names: offered.map(([name]) => name).sort(), classes }];
  });
}

/** Members of a native array class that no operation's row lists: attributes, and methods written for it alone. */
function arrayMembers(library: Library, offered: readonly Offered[]): readonly string[] {
  const spelled = new Set(library.operations.flatMap(({ spellings }) => spellings.map((spelling) => spelling.split('.').at(-1)!)));
  const arrays = new Set(offered.flatMap(({ classes }) => classes).filter(({ name }) => ['Tensor', 'ndarray', 'Array'].includes(name)));
  return [...arrays].flatMap(({ name: owner, module, namespace }) => {
    const members = [...namespace.keys()].filter((name) => !name.startsWith('_') && !spelled.has(name)).sort();
    return members.length === 0 ? [] : [`| \`${module}.${owner}\` (members) | ${code(members)} |`];
  });
}

function section(library: Library, interpreter: Interpreter, spelled: ReadonlySet<string>): string {
  const parts = [`## ${library.name}`];
  if (library.operations.length > 0)
    parts.push(['| operation | spellings | differences |', '| --- | --- | --- |', ...operationRows(library.operations)].join('\n'));
  const offered = offeredBy(library, interpreter, spelled);
  if (offered.length > 0) {
    const aliases = (module: string): readonly string[] =>
      Object.entries(library.modules).flatMap(([name, { sameAs }]) => (sameAs === module ? [name] : []));
    const rows = offered.map(({ module, names }) => `| ${code([module, ...aliases(module)])} | ${code(names)} |`);
    parts.push(['| module | names |', '| --- | --- |', ...rows, ...arrayMembers(library, offered)].join('\n'));
  }
  return parts.join('\n\n');
}

/** tfjs is called as it is: its functions by dotted name, and which of them its tensors have as methods. */
export interface HostLibrary {
  readonly name: string;
  readonly functions: readonly string[];
  readonly methods: readonly string[];
}

function hostSection({ name, functions, methods }: HostLibrary): string {
  const rows = [...new Set([...functions, ...methods])].sort().map((operation) => {
    const spellings = [
      ...(functions.includes(operation) ? [`tf.${operation}`] : []),
      ...(methods.includes(operation) ? [`x.${operation}`] : []),
    ];
    return `| ${operation} | ${code(spellings)} |  |`;
  });
  return [
    `## ${name}`,
    "These are the library's own functions and gradients, with its own errors: no differences but what the table says.",
    ['| operation | spellings | differences |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

/** Imports every module, so it runs where there are tensors. */
export function supportedMarkdown(libraries: readonly Library[], hosts: readonly HostLibrary[]): string {
  const interpreter = createInterpreter({ libraries });
  const spelled = new Set(libraries.flatMap(({ operations }) => operations.flatMap(({ spellings }) => spellings)));
  const sections = [...libraries.map((library) => section(library, interpreter, spelled)), ...hosts.map(hostSection)];
  return `${[intro.trim(), ...sections].join('\n\n')}\n`;
}
