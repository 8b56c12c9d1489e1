/**
 * npm run detection -- FOLDER [--json OUT]: inspects every case below FOLDER and counts what was said: wrong statements first and by name, then
 * missing ones, then a table. Exits 1 when anything wrong was said.
 */
import { writeFileSync } from 'node:fs';
import { outcomes, type Outcome, type Point } from './point';
import { jobsIn, scored } from './scoreFolder';

const args = process.argv.slice(2);
const out = args.includes('--json') ? args[args.indexOf('--json') + 1] : undefined;
const folder = args.find((arg, i) => !arg.startsWith('--') && args[i - 1] !== '--json');
if (folder === undefined) {
  console.error('usage: detection FOLDER [--json OUT]');
  process.exit(2);
}

const jobs = jobsIn(folder);
if (jobs.length === 0) {
  console.error(`${folder}: no manifest.json, no expected.json that is known, no folder public or wrong-numbers`);
  process.exit(2);
}
const points = jobs.flatMap(scored);

for (const outcome of ['wrong', 'missing', 'unsupported', 'open'] as const) {
  const these = points.filter((one) => one.outcome === outcome);
  if (these.length > 0) console.log(`\n${outcome.toUpperCase()} (${these.length})`);
  for (const { row, name, detail } of these) console.log(`${outcome} · ${row} · ${name}${detail === '' ? '' : ` · ${oneLine(detail)}`}`);
}

console.log(`\n${table(points)}`);
if (out !== undefined) writeFileSync(out, `${JSON.stringify({ folder, points }, null, 1)}\n`);
process.exit(points.some(({ outcome }) => outcome === 'wrong') ? 1 : 0);

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 400 ? `${line.slice(0, 399)}…` : line;
}

function table(all: readonly Point[]): string {
  const rows = [...new Set(all.map(({ row }) => row))].sort();
  const count = (these: readonly Point[], outcome: Outcome): number => these.filter((one) => one.outcome === outcome).length;
  const line = (name: string, these: readonly Point[]): string =>
    [name.padEnd(26), ...[these.length, ...outcomes.map((outcome) => count(these, outcome))].map((n) => String(n).padStart(11))].join('');
  const head = ['', 'points', ...outcomes].map((title, i) => (i === 0 ? title.padEnd(26) : title.padStart(11))).join('');
  const kinds = rows.map((row) =>
    line(
      row,
      all.filter((one) => one.row === row),
    ),
  );
  return [head, ...kinds, line('all', all)].join('\n');
}
