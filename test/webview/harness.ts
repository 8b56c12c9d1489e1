/** The page in a real Chromium: the same strict policy as in the editor, real theme variables, and an editor that only records. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { parseToEditor, type ToEditor, type ToView } from '../../src/editor/messages';
import type { Inspection } from '../../src/inspection';
import { findChromium } from '../vscode/chromium.mjs';

/** light-base: the colours that a light theme which sets none inherits. */
export type Theme = 'dark-modern' | 'light-modern' | 'light-base' | 'high-contrast' | 'high-contrast-light';

export interface OpenOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  readonly language?: string;
  readonly place?: 'side' | 'editor';
  readonly reducedMotion?: boolean;
}

export interface OpenView {
  readonly page: Page;
  /** What the page has posted, in order; each was checked as the editor checks it. */
  readonly posted: () => Promise<readonly ToEditor[]>;
  /** The posted messages of one type. */
  readonly postedOf: <Type extends ToEditor['type']>(type: Type) => Promise<readonly Extract<ToEditor, { readonly type: Type }>[]>;
  /** Sends anything, well-formed or not. */
  readonly send: (message: unknown) => Promise<void>;
  readonly show: (inspection: Inspection, extra?: Partial<Extract<ToView, { readonly type: 'show' }>>) => Promise<void>;
  readonly violations: () => Promise<readonly string[]>;
  readonly reload: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Errors the page threw and did not catch. */
  readonly errors: readonly string[];
}

interface Themes {
  readonly [theme: string]: { readonly kind: string; readonly variables: Readonly<Record<string, string>> };
}

const themes = JSON.parse(readFileSync('test/fixtures/themes.json', 'utf8')) as Themes;

export function fixture(name: string): Inspection {
  return JSON.parse(readFileSync(`test/fixtures/inspection/${name}.json`, 'utf8')) as Inspection;
}

let files: Map<string, string> | undefined;
let server: Server | undefined;
let browser: Browser | undefined;
/** One for all pages: what it has loaded and compiled once, the next page has at hand. A page's kept state is its own all the same. */
let context: BrowserContext | undefined;

export async function startHarness(): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: ['webview/view.ts'],
    outdir: 'dist/webview',
    write: false,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    mainFields: ['module', 'main'],
    legalComments: 'none',
    minify: true,
  });
  files = new Map(outputFiles.map((file) => [path.basename(file.path), file.text]));
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const text = url.pathname === '/' ? undefined : files?.get(url.pathname.slice(1));
    if (url.pathname === '/') {
      const nonce = randomBytes(16).toString('base64');
      const origin = `http://${request.headers.host ?? ''}`;
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.setHeader(
        'Content-Security-Policy',
        `default-src 'none'; style-src ${origin}; script-src 'nonce-${nonce}'; font-src ${origin}; img-src ${origin}`,
      );
      response.end(
        shell(
          nonce,
          url.searchParams.get('lang') ?? 'en',
          url.searchParams.get('place') ?? 'side',
          url.searchParams.get('theme') ?? 'dark-modern',
        ),
      );
    } else if (text !== undefined) {
      response.setHeader('Cache-Control', 'max-age=3600');
      response.setHeader('Content-Type', url.pathname.endsWith('.css') ? 'text/css' : 'text/javascript');
      response.end(text);
    } else if (url.pathname.startsWith('/theme/')) {
      response.setHeader('Content-Type', 'text/css');
      response.end(themeCss(url.pathname.slice('/theme/'.length, -'.css'.length)));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  const listening = server;
  await new Promise<void>((resolve) => {
    listening.listen(0, '127.0.0.1', resolve);
  });
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  context = await browser.newContext();
  await context.addInitScript(editorApi);
  mkdirSync('dist/screenshots', { recursive: true });
}

export async function stopHarness(): Promise<void> {
  await browser?.close();
  server?.closeAllConnections();
  const closing = server;
  await new Promise<void>((resolve) => {
    if (closing)
      closing.close(() => {
        resolve();
      });
    else resolve();
  });
}

function themeCss(theme: string): string {
  const { variables } = themes[theme]!;
  return `html { ${Object.entries(variables)
    .map(([name, value]) => `${name}: ${value};`)
    .join(' ')} }`;
}

function shell(nonce: string, language: string, place: string, theme: string): string {
  const kind = themes[theme]?.kind ?? '';
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Loss Inspector</title><link rel="icon" href="/favicon.ico"><link rel="stylesheet" href="/theme/${theme}.css"><link rel="stylesheet" href="/view.css"></head>
<body class="${kind}" data-vscode-theme-kind="${kind}" data-place="${place}"><main id="view"></main><script nonce="${nonce}" src="/view.js"></script></body></html>`;
}

/** Before the page's own script: the editor's API, and a record of what the policy refused. */
const editorApi = `
  window.posted = [];
  window.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.violations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sourceFile);
  });
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.posted.push(structuredClone(message)),
    getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
    setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
  });
`;

export async function openView(options: OpenOptions = {}): Promise<OpenView> {
  assert.ok(context, 'startHarness first');
  const { theme = 'dark-modern', width = 1000, height = 900, language = 'en', place = 'side', reducedMotion = false } = options;
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const { port } = server!.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/?lang=${language}&place=${place}&theme=${theme}`);

  const posted = async (): Promise<readonly ToEditor[]> =>
    (await page.evaluate<readonly unknown[]>('window.posted')).map((message) => {
      const checked = parseToEditor(message);
      assert.ok(checked, `the page posted what the editor would refuse: ${JSON.stringify(message)}`);
      return checked;
    });
  const send = async (message: unknown): Promise<void> => {
    await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
    // The message, then the two frames in which what it changed is drawn.
    await page.evaluate('new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 0))');
  };
  return {
    page,
    posted,
    postedOf: async (type) =>
      (await posted()).filter((message): message is Extract<ToEditor, { readonly type: typeof type }> => message.type === type),
    send,
    show: (inspection, extra = {}) =>
      send({
        type: 'show',
        request: null,
        uri: 'file:///project/losses.py',
        file: 'losses.py',
        inspection,
        others: [],
        following: true,
        ...extra,
      }),
    violations: () => page.evaluate<readonly string[]>('window.violations'),
    reload: async () => {
      await page.reload();
    },
    close: () => page.close(),
    errors,
  };
}
