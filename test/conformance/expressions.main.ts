/** npm run expressions -- FILE.json: evaluates every expression, prints each failure, exits 1 when any failed. */
import { runExpression, type ExpressionSuite } from './expressions';
import { knownInExpressions, report, tally } from './knownDifferences';
import { readSuite } from './readSuite';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: expressions FILE.json');
  process.exit(2);
}
const suite = readSuite(file) as ExpressionSuite;

function outcome(test: ExpressionSuite['cases'][number]): string | null {
  try {
    return runExpression(suite, test);
  } catch (error) {
    return `the interpreter failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
}

process.exit(
  report(
    tally(
      suite.cases.map((test) => [test.code, outcome(test)]),
      knownInExpressions,
    ),
  ),
);
