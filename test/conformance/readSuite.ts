/** Reads the JSON file of a suite; a file that is none ends the program with its reason and exit status 2. */
import { readFileSync } from 'node:fs';

export function readSuite(file: string): { readonly cases: readonly unknown[] } {
  try {
    const suite = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases?: unknown } | null;
    if (Array.isArray(suite?.cases)) return { ...suite, cases: suite.cases as readonly unknown[] };
    throw new Error('it has no "cases"');
  } catch (error) {
    console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  }
}
