// Runs the tests in dist/test/editor.js inside a real VS Code.
//   node test/vscode/run.mjs [VERSION] [GREP]
import { rm } from 'node:fs/promises';
import { newest } from './install.mjs';
import { copyOf, runInExtensionHost } from './launch.mjs';

const [version = newest, grep = ''] = process.argv.slice(2);
const folder = await copyOf('media/examples', 'test/fixtures/editor');
try {
  const environment = { EDITOR_TESTS_GREP: grep };
  process.exitCode = await runInExtensionHost({ version, folder, tests: 'test/vscode/mocha.cjs', environment });
} finally {
  await rm(folder, { recursive: true, force: true });
}
