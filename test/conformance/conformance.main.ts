/** npm run conformance -- SUITE.json [--group G] [--id ID] [--verbose]: runs every snippet, prints each failure, exits 1 when any failed. */
import { readFileSync } from 'node:fs';
import { libraries } from '../../src/interpreter/libraries/all';
import { withTensors } from '../../src/tensor/run';
import { runCase, type Case } from './suite';

const args = process.argv.slice(2);
const option = (name: string): string | null => (args.includes(name) ? (args[args.indexOf(name) + 1] ?? null) : null);
const file = args.find((arg, i) => !arg.startsWith('--') && !['--group', '--id'].includes(args[i - 1] ?? ''));
if (file === undefined) {
  console.error('usage: conformance SUITE.json [--group G] [--id ID] [--verbose]');
  process.exit(2);
}

const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly Case[] };
const group = option('--group');
const id = option('--id');
const verbose = args.includes('--verbose');
const failed = new Map<string, number>();
let passed = 0;
let failures = 0;

for (const test of cases) {
  if ((group !== null && test.group !== group) || (id !== null && test.id !== id)) continue;
  let wrong: string | null;
  try {
    wrong = withTensors(() => runCase(test, libraries));
  } catch (error) {
    wrong = `the interpreter failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  if (wrong === null) {
    passed++;
    continue;
  }
  failures++;
  failed.set(test.group, (failed.get(test.group) ?? 0) + 1);
  console.log(`✗ ${test.id} [${test.group}]: ${wrong}`);
  if (verbose) console.log(test.code.replace(/^/gm, '    '));
}
if (failed.size > 1) console.log([...failed].map(([name, count]) => `${name} ${count}`).join(', '));
console.log(`${passed} passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
