// Runs the VS Code that install.mjs installed: its server, and its workbench in a headless Chromium.
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { findChromium } from './chromium.mjs';
import { install, nodeOf } from './install.mjs';

const host = '127.0.0.1';
const secondsToListen = 60;

/** Nothing asks, nothing updates, nothing but the extension speaks. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  // In a browser VS Code saves by itself, and the next test would find the file changed.
  'files.autoSave': 'off',
  'chat.disableAIFeatures': true,
  'chat.agentHost.enabled': false,
};

/**
 * Starts the server on a free port, with folders of its own that vanish when it stops.
 * `installed` is the folder of an extension to have installed; one in development needs `forTests`, which also keeps notifications from popping up.
 * @param {{ version: string, settings?: object, environment?: object, forTests?: boolean, installed?: string, token?: string, port?: number, say?: (line: string) => void }} options
 */
export async function startServer({
  version,
  settings = {},
  environment = {},
  forTests = true,
  installed,
  token,
  port = 0,
  say = console.log,
}) {
  const { main } = await install(version, say);
  const home = await mkdtemp(path.join(tmpdir(), 'loss-inspector-vscode-'));
  const [data, extensions] = [path.join(home, 'data'), path.join(home, 'extensions')];
  await mkdir(path.join(data, 'User'), { recursive: true });
  await mkdir(extensions);
  await writeFile(path.join(data, 'User/settings.json'), JSON.stringify({ ...quietSettings, ...settings }));

  if (installed) await installFolder(installed, extensions);

  const flags = [
    ...['--host', host, '--port', String(port), '--accept-server-license-terms', '--disable-telemetry', '--log', 'info'],
    ...['--server-data-dir', home, '--user-data-dir', data, '--extensions-dir', extensions],
    ...(token ? ['--connection-token', token] : ['--without-connection-token']),
    // Without this one, new versions ignore what extension to test; without trust switched off, they ask.
    ...(forTests ? ['--enable-smoke-test-driver', '--disable-workspace-trust'] : []),
  ];
  const server = spawn(nodeOf(version), [main, ...flags], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...environment },
  });
  const exited = new Promise((resolve) => server.once('exit', resolve));

  const stop = async () => {
    // The server, its extension hosts and its terminals are one process group.
    const signal = (name) => {
      try {
        process.kill(-server.pid, name);
      } catch {
        // It is gone.
      }
    };
    signal('SIGTERM');
    const impatience = setTimeout(() => signal('SIGKILL'), 5000);
    if (server.exitCode === null && server.signalCode === null) await exited;
    clearTimeout(impatience);
    await rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };

  let log = '';
  const listening = new Promise((resolve, reject) => {
    const read = (chunk) => {
      log += chunk;
      if (process.env.VSCODE_VERBOSE) process.stderr.write(chunk);
      const match = /Extension host agent listening on (\d+)/.exec(log);
      if (match) resolve(Number(match[1]));
    };
    server.stdout.on('data', read);
    server.stderr.on('data', read);
    server.once('exit', (code) => reject(new Error(`VS Code's server ended (${code})\n${log.slice(-3000)}`)));
    setTimeout(
      () => reject(new Error(`VS Code's server is not listening after ${secondsToListen} s\n${log.slice(-3000)}`)),
      secondsToListen * 1000,
    ).unref();
  });
  try {
    return { authority: `${host}:${await listening}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes a folder an installed extension, as it is: changes to it count at the next reload. */
async function installFolder(folder, extensions) {
  const { publisher, name, version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const relativeLocation = `${publisher}.${name}-${version}`;
  await symlink(path.resolve(folder), path.join(extensions, relativeLocation));
  const location = { $mid: 1, scheme: 'file', path: path.join(extensions, relativeLocation) };
  const entry = { identifier: { id: `${publisher}.${name}` }, version, location, relativeLocation };
  await writeFile(path.join(extensions, 'extensions.json'), JSON.stringify([entry]));
}

/** The page to open: a folder, with the extension in development, and what tests to run in its extension host. */
export function addressOf({ authority }, { folder, extension, tests, open, token, settings = [] }) {
  const remote = (file) => `vscode-remote://${authority}${encodeURI(path.resolve(file))}`;
  const payload = [['skipWelcome', 'true'], ...settings];
  if (extension) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (open) payload.push(['openFile', remote(open)]);
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  const query = new URLSearchParams({ ...(token && { tkn: token }), folder: path.resolve(folder), payload: JSON.stringify(payload) });
  return `http://${authority}/?${query}`;
}

/** A headless browser that reaches nothing outside this machine. */
export async function openBrowser({ width = 1280, height = 800, locale } = {}) {
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const context = await browser.newContext({ viewport: { width, height }, ...(locale && { locale }) });
  const page = await context.newPage();
  const isOurs = ({ protocol, hostname }) => !protocol.startsWith('http') || hostname === host || hostname === 'localhost';
  await page.route(
    (url) => !isOurs(url),
    (route) => route.abort(),
  );
  return { browser, page };
}

/** A folder that a test may write in: a copy. */
export async function copyOf(...folders) {
  const copy = await mkdtemp(path.join(tmpdir(), 'loss-inspector-folder-'));
  for (const folder of folders) await cp(folder, copy, { recursive: true });
  return copy;
}

/**
 * A VS Code with a folder and the extension, to be driven as a person does.
 * @returns the Playwright page, and `stop`
 */
export async function openWorkbench({ version, folder, extension = '.', settings, width, height, locale, say }) {
  const server = await startServer({ version, settings, say });
  let browser;
  const stop = async () => {
    await browser?.close().catch(() => undefined);
    await server.stop();
  };
  try {
    const opened = await openBrowser({ width, height, locale });
    browser = opened.browser;
    await opened.page.goto(addressOf(server, { folder, extension }));
    await opened.page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    return { page: opened.page, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the workbench itself logs, and a test's reader has no use for. */
const chatter =
  /^(Resolv|Creating a socket|Creation of workbench|Updating additional|Ignoring fetching|\[Service Worker\]|\[AgentHost|\[AccountPolicy|\[reconnection|ChatSessionStore|Timed out waiting for authentication)/;

/**
 * Runs a test module in the extension host of a real VS Code and passes on what it prints.
 * @param {{ version: string, folder: string, tests: string, extension?: string, settings?: object, environment?: object, seconds?: number, print?: (text: string) => void, screenshot?: string }} options
 * @returns {Promise<number>} the exit code of the run; 124 when it took too long
 */
export async function runInExtensionHost({
  version,
  folder,
  tests,
  extension = '.',
  settings,
  environment,
  seconds = 180,
  print = console.log,
  screenshot,
}) {
  const server = await startServer({ version, settings, environment, say: print });
  let browser;
  try {
    const opened = await openBrowser();
    browser = opened.browser;
    const { page } = opened;
    const ended = new Promise((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code) => resolve(code));
      page.on('crash', () => resolve(3));
      setTimeout(() => resolve(124), seconds * 1000).unref();
    });
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const text = format(...args);
      if (process.env.VSCODE_VERBOSE || !chatter.test(text)) print(text);
    });
    page.on('pageerror', (error) => print(`[workbench] ${error.message}`));
    await page.goto(addressOf(server, { folder, extension, tests, settings: [['enableProposedApi', '']] }));
    const code = await ended;
    if (code === 124) print(`VS Code ${version}: no result after ${seconds} s`);
    if (screenshot) await page.screenshot({ path: screenshot }).catch(() => undefined);
    return code;
  } finally {
    await browser?.close().catch(() => undefined);
    await server.stop();
  }
}
