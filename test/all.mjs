// Runs the test suites and counts.
//   node test/all.mjs            every suite, then one line: N passed, N failed
//   node test/all.mjs NAME…      only these: types lint unit golden property webview editor smoke ui electron
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findChromium } from './vscode/chromium.mjs';
import { install, newest, oldest } from './vscode/install.mjs';

/** Runs a program, shows what it prints, and returns that and its exit code. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    for (const [stream, own] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.on('data', (chunk) => {
        output += chunk;
        own.write(chunk);
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

const node = (...args) => run(process.execPath, args);

/** A check that passes or fails as a whole. */
async function whole(started) {
  const { code } = await started;
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

/** A run of mocha: its own counts. One that ends badly without naming a failure is a failure; so is one without a single test. */
async function counted(started) {
  const { code, output } = await started;
  const count = (word) =>
    [...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'gm'))].reduce((sum, [, number]) => sum + Number(number), 0);
  const [passed, failed, skipped] = ['passing', 'failing', 'pending'].map(count);
  return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed, skipped };
}

function mocha(suite, ...options) {
  const bundle = `dist/test/${suite}.js`;
  if (!existsSync(bundle)) return Promise.resolve({ code: 1, output: console.log(`there is no test in test/${suite}`) ?? '' });
  return node('--enable-source-maps', 'node_modules/mocha/bin/mocha.js', bundle, '--no-color', ...options);
}

/** In this order: what is cheap and tells most comes first. */
const suites = {
  types: () => whole(run('npm', ['run', '--silent', 'typecheck'])),
  lint: () => whole(run('npm', ['run', '--silent', 'lint'])),
  unit: () => counted(mocha('unit', '--reporter', 'dot', '--timeout', '20000')),
  golden: () => counted(mocha('golden', '--reporter', 'dot', '--timeout', '60000')),
  property: () => counted(mocha('property', '--reporter', 'dot', '--timeout', '120000')),
  webview: () => counted(mocha('webview', '--reporter', 'spec', '--timeout', '60000')),
  editor: () => counted(node('test/vscode/run.mjs', newest)),
  smoke: () => counted(node('test/vscode/run.mjs', oldest, '@smoke')),
  ui: () => counted(mocha('ui', '--reporter', 'spec', '--timeout', '180000')),
  electron: () => counted(node('test/vscode/electron.mjs')),
};
/** VS Code's own download works on few build machines. */
const onRequest = ['electron'];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`no such suite: ${unknown.join(', ')} (there are ${Object.keys(suites).join(', ')})`);
  process.exit(2);
}
const names = wanted.length > 0 ? wanted : Object.keys(suites).filter((name) => !onRequest.includes(name));

const total = { passed: 0, failed: 0, skipped: 0 };
const started = Date.now();
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
function add(name, result, since) {
  for (const key of Object.keys(total)) total[key] += result[key];
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
  console.log(`── ${name}: ${result.passed} passed, ${result.failed} failed${skipped} (${seconds(since)})\n`);
}

/** What a suite cannot run without; where it cannot be had, the reason in one line. */
async function missing(name) {
  try {
    // The tests find the browser there.
    if (['webview', 'editor', 'smoke', 'ui'].includes(name)) process.env.CHROMIUM = findChromium();
    if (['editor', 'ui'].includes(name)) await install(newest);
    if (['smoke', 'ui'].includes(name)) await install(oldest);
    return null;
  } catch (error) {
    return error.message;
  }
}

const build = await node('esbuild.mjs', '--tests');
if (build.code !== 0) add('build', { passed: 0, failed: 1, skipped: 0 }, started);
else {
  for (const name of names) {
    const since = Date.now();
    const reason = await missing(name);
    if (reason) console.error(`${name}: ${reason}`);
    add(name, reason ? { passed: 0, failed: 1, skipped: 0 } : await suites[name](), since);
  }
}
console.log(`${total.skipped > 0 ? `${total.skipped} skipped; ` : ''}all took ${seconds(started)}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
