/** npm run conformance -- SUITE.json [--group G] [--id ID] [--verbose]: runs every snippet, prints each failure, exits 1 when any failed. */
import { libraries } from '../../src/interpreter/libraries/all';
import { withTensors } from '../../src/tensor/run';
import { knownInConformance, report, tally } from './knownDifferences';
import { readSuite } from './readSuite';
import { runCase, type Case } from './suite';

const args = process.argv.slice(2);
const option = (name: string): string | null => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? null) : null);
const file = args.find((arg, i) => !arg.startsWith('--') && !['--group', '--id'].includes(args[i - 1] ?? ''));
if (file === undefined) {
  console.error('usage: conformance SUITE.json [--group G] [--id ID] [--verbose]');
  process.exit(2);
}

const group = option('--group');
const id = option('--id');
const verbose = args.includes('--verbose');

function outcome(test: Case): string | null {
  try {
    return withTensors(() => runCase(test, libraries));
  } catch (error) {
    return `the interpreter failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

const cases = (readSuite(file).cases as readonly Case[]).filter(
  (test) => (group === null || test.group === group) && (id === null || test.id === id),
);
const outcomes = cases.map((test) => {
  const wrong = outcome(test);
  const told = wrong !== null && verbose ? `${wrong}\n${test.code.replace(/^/gm, '    ')}` : wrong;
  return { group: test.group, entry: [test.id, told] as const };
});
const result = tally(
  outcomes.map(({ entry }) => entry),
  knownInConformance,
);

const byGroup = new Map<string, number>();
for (const { group: name, entry } of outcomes) if (entry[1] !== null) byGroup.set(name, (byGroup.get(name) ?? 0) + 1);
const status = report({
  ...result,
  lines: byGroup.size > 1 ? [...result.lines, [...byGroup].map(([name, count]) => `${name} ${count}`).join(', ')] : result.lines,
});
process.exit(status);
