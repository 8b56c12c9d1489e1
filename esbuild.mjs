// Every bundle of the project.
//   node esbuild.mjs                     the extension (desktop and browser), its workers, the view, the command line
//   node esbuild.mjs --tests             the same, and every test suite: test/<suite>/**/*.test.ts → dist/test/<suite>.js
//   node esbuild.mjs --test FILE…        only these test files → dist/test/some.js
//   node esbuild.mjs --program NAME      only test/**/NAME.main.ts → dist/test/NAME.js
//   node esbuild.mjs --unless-fresh FILE nothing if FILE is newer than every source, else the first
//   node esbuild.mjs --production        minified, without source maps
//   node esbuild.mjs --watch             the first, again at every change
import { build, context } from 'esbuild';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const args = process.argv.slice(2);
const production = args.includes('--production');
const testFiles = args.includes('--test') ? args.slice(args.indexOf('--test') + 1) : null;
const valueOf = (option) => (args.includes(option) ? args[args.indexOf(option) + 1] : null);

const common = {
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
  // tfjs's packages are ES modules first: its CommonJS files would bring a second copy of the core.
  mainFields: ['module', 'main'],
};
const node = { ...common, platform: 'node', format: 'cjs', target: 'node20' };
const browser = { ...common, platform: 'browser', format: 'cjs', target: 'es2022' };

const product = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    alias: { '#host': './src/editor/host/node.ts' },
  },
  { ...node, entryPoints: ['src/worker/node.ts'], outfile: 'dist/worker.js' },
  {
    ...browser,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/web/extension.js',
    external: ['vscode'],
    alias: { '#host': './src/editor/host/browser.ts' },
  },
  { ...browser, format: 'iife', entryPoints: ['src/worker/browser.ts'], outfile: 'dist/web/worker.js' },
  { ...browser, format: 'iife', entryPoints: ['webview/view.ts'], outdir: 'dist/webview' },
  { ...node, entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.js', banner: { js: '#!/usr/bin/env node' } },
];

/** One bundle of many test files; what only Node can load (mocha, Playwright, the compiler) stays outside it. */
function testBundle(files, outfile) {
  return {
    ...node,
    stdin: {
      contents: files.map((file) => `import ${JSON.stringify(`./${file}`)};`).join('\n'),
      resolveDir: process.cwd(),
      sourcefile: `${outfile}.tests`,
    },
    outfile,
    external: ['vscode', 'mocha', 'playwright-core', 'esbuild', 'typescript', '@vscode/test-electron'],
  };
}

/** Files below a folder whose names end so. */
const filesBelow = (folder, ending) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .filter((f) => f.endsWith(ending))
        .sort()
        .map((f) => `${folder}/${f}`)
    : [];

const suites = () =>
  readdirSync('test', { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'fixtures')
    .map((entry) => entry.name)
    .map((suite) => ({ suite, files: filesBelow(`test/${suite}`, '.test.ts') }))
    .filter(({ files }) => files.length > 0)
    .map(({ suite, files }) => testBundle(files, `dist/test/${suite}.js`));

const programs = () =>
  ['test/bench', 'test/conformance', 'test/detection']
    .flatMap((folder) => filesBelow(folder, '.main.ts'))
    .map((file) => ({
      ...node,
      entryPoints: [file],
      outfile: `dist/test/${path.basename(file, '.main.ts')}.js`,
    }));

/** Is the file newer than every source it could be made of? */
function isFresh(file) {
  if (!existsSync(file)) return false;
  const made = statSync(file).mtimeMs;
  const sources = ['src', 'webview'].flatMap((folder) => filesBelow(folder, ''));
  return [...sources, 'package.json', 'esbuild.mjs'].every((source) => statSync(source).mtimeMs <= made);
}

if (testFiles) {
  await build(testBundle(testFiles, 'dist/test/some.js'));
} else if (valueOf('--program')) {
  const wanted = programs().filter((program) => program.outfile === `dist/test/${valueOf('--program')}.js`);
  if (wanted.length === 0) throw new Error(`there is no test/…/${valueOf('--program')}.main.ts`);
  await Promise.all(wanted.map((bundle) => build(bundle)));
} else if (!valueOf('--unless-fresh') || !isFresh(valueOf('--unless-fresh'))) {
  const bundles = [...product, ...(args.includes('--tests') ? [...suites(), ...programs()] : [])];
  const present = bundles.filter((b) => !Array.isArray(b.entryPoints) || existsSync(b.entryPoints[0]));
  if (args.includes('--watch')) for (const bundle of present) await (await context(bundle)).watch();
  else await Promise.all(present.map((bundle) => build(bundle)));
}
