/** npm run expressions -- FILE.json: evaluates every expression, prints each failure, exits 1 when any failed. */
import { readFileSync } from 'node:fs';
import { runExpression, type ExpressionSuite } from './expressions';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: expressions FILE.json');
  process.exit(2);
}
const suite = JSON.parse(readFileSync(file, 'utf8')) as ExpressionSuite;
let failures = 0;
for (const test of suite.cases) {
  const wrong = runExpression(suite, test);
  if (wrong === null) continue;
  failures++;
  console.log(`✗ ${test.code}: ${wrong}`);
}
console.log(`${suite.cases.length - failures} passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
