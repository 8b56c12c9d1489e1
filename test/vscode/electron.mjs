// The same tests in a desktop VS Code, which @vscode/test-electron downloads: only where the network allows it.
//   node test/vscode/electron.mjs [VERSION]
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { newest } from './install.mjs';
import { copyOf } from './launch.mjs';

const version = process.argv[2] ?? newest;
let vscodeExecutablePath;
try {
  vscodeExecutablePath = await downloadAndUnzipVSCode({ version, cachePath: path.resolve('.vscode-test') });
} catch (error) {
  console.error(
    `VS Code ${version} cannot be downloaded here (${error.message}): npm run test:editor runs the same tests without a download`,
  );
  process.exit(1);
}
const folder = await copyOf('media/examples', 'test/fixtures/editor');
try {
  process.exitCode = await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: path.resolve('.'),
    extensionTestsPath: path.resolve('test/vscode/mocha.cjs'),
    launchArgs: [folder, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
