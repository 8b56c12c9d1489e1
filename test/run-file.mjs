// npm run test:file -- test/unit/some.test.ts … [mocha options]: builds only these files and runs them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const files = process.argv.slice(2).filter((arg) => arg.endsWith('.ts'));
const options = process.argv.slice(2).filter((arg) => !arg.endsWith('.ts'));
if (files.length === 0) {
  console.error('usage: npm run test:file -- test/unit/NAME.test.ts … [mocha options]');
  process.exit(2);
}
mkdirSync('dist', { recursive: true });
const folder = mkdtempSync(path.join('dist', 'some-'));
const outfile = path.join(folder, 'tests.js');
await build({
  stdin: {
    contents: files.map((file) => `import ${JSON.stringify(`./${path.relative('.', file)}`)};`).join('\n'),
    resolveDir: process.cwd(),
  },
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  mainFields: ['module', 'main'],
  external: ['vscode', 'mocha', 'playwright-core', 'esbuild', 'typescript', '@vscode/test-electron'],
});
const { status } = spawnSync(process.execPath, ['--enable-source-maps', 'node_modules/mocha/bin/mocha.js', outfile, ...options], {
  stdio: 'inherit',
});
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
