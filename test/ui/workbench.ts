/** A real VS Code as a person sees it: what is done with mouse and keyboard, and what is read off the screen. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FrameLocator, Locator, Page } from 'playwright-core';

interface Launching {
  readonly copyOf: (...folders: string[]) => Promise<string>;
  readonly openWorkbench: (options: {
    readonly version: string;
    readonly folder: string;
    readonly extension: string;
    readonly width?: number;
    readonly height?: number;
  }) => Promise<Pick<Workbench, 'page' | 'stop'>>;
}

/** The launcher is a module that Node runs as it is; it is not bundled into the tests. */
const load = (file: string): Promise<unknown> => import(pathToFileURL(path.resolve(file)).href);

/** As test/vscode/install.mjs says. */
export const newest = '1.139.1';
export const oldest = '1.100.3';

export interface Workbench {
  readonly page: Page;
  /** Writes the settings of the folder, which the workbench then takes over. */
  readonly settings: (values: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

interface Options {
  readonly version?: string;
  readonly width?: number;
  readonly height?: number;
  /** The extension as a browser gets it: without what only Node can run. */
  readonly browserEntry?: boolean;
}

export async function startWorkbench({ browserEntry = false, version = newest, ...size }: Options = {}): Promise<Workbench> {
  const { copyOf, openWorkbench } = (await load('test/vscode/launch.mjs')) as Launching;
  const folder = await copyOf('media/examples', 'test/fixtures/editor');
  const extension = browserEntry ? await browserOnly() : path.resolve('.');
  const { page, stop } = await openWorkbench({ version, ...size, folder, extension });
  return {
    page,
    settings: async (values) => {
      await mkdir(path.join(folder, '.vscode'), { recursive: true });
      await writeFile(path.join(folder, '.vscode/settings.json'), JSON.stringify(values));
    },
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
      if (browserEntry) await rm(extension, { recursive: true, force: true });
    },
  };
}

/** A copy of the extension that has no entry but the browser's, so that nothing else can have run. */
async function browserOnly(): Promise<string> {
  const copy = await mkdtemp(path.join(tmpdir(), 'loss-inspector-browser-'));
  for (const part of ['dist/web', 'dist/webview', 'media', 'l10n', 'package.nls.json'])
    await cp(part, path.join(copy, part), { recursive: true });
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as Record<string, unknown>;
  delete manifest['main'];
  await writeFile(path.join(copy, 'package.json'), JSON.stringify(manifest));
  return copy;
}

export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input').first();
  await input.fill(`>${title}`);
  await page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first().click();
}

/** By name, as a person does; the list of files settles while it is searched, so the wrong one may open at first. */
export async function openFile(page: Page, name: string): Promise<void> {
  const active = page.locator('.tab.active', { hasText: name });
  for (let attempt = 1; (await active.count()) === 0; attempt++) {
    assert.ok(attempt <= 5, `${name} cannot be opened`);
    await page.keyboard.press('Control+P');
    const input = page.locator('.quick-input-widget input').first();
    await input.fill(name);
    await page.locator(`.quick-input-list .monaco-list-row.focused[aria-label^="${name}"]`).first().waitFor();
    await input.press('Enter');
    await active.waitFor({ timeout: 5000 }).catch(() => undefined);
  }
  await page.locator('.editor-instance .view-lines').first().waitFor();
}

export async function goTo(page: Page, line: number, column = 1): Promise<void> {
  await page.keyboard.press('Control+G');
  const input = page.locator('.quick-input-widget input').first();
  await input.fill(`:${line}:${column}`);
  await input.press('Enter');
}

/** The comparison's page, wherever it is shown. */
export const comparison = (page: Page, nth = 0): FrameLocator =>
  page.locator('iframe.webview.ready').nth(nth).contentFrame().frameLocator('iframe#active-frame');

export const ownValue = (view: FrameLocator): Locator => view.locator('tr.own td.value');

/** Waits until the comparison is of this loss, and there. */
export async function isShown(view: FrameLocator, name: string): Promise<void> {
  const chosen = view.locator(`vscode-option[aria-selected="true"][value="${name}"]`);
  await chosen
    .or(view.locator('strong.name').getByText(name, { exact: true }))
    .first()
    .waitFor({ state: 'attached' });
  await view.locator('main:not(.busy) tr.own').waitFor();
}

/** The row of a formulation: its value and how it relates. */
export const rowOf = (view: FrameLocator, title: RegExp): Locator => view.locator('table.comparison tbody tr', { hasText: title }).first();

export async function numberIn(cell: Locator): Promise<number> {
  const text = ((await cell.textContent()) ?? '').replace('−', '-').replaceAll(/[\s,]/g, '');
  const value = Number(text);
  assert.ok(text !== '' && Number.isFinite(value), `“${text}” is a number`);
  return value;
}

/** Drags the border of the side bar that holds the comparison. */
export async function widen(page: Page, pixels: number): Promise<void> {
  const bar = await page.locator('.part.auxiliarybar').boundingBox();
  assert.ok(bar);
  const sashes = await Promise.all((await page.locator('.monaco-sash.vertical').all()).map((sash) => sash.boundingBox()));
  const distance = (x: number): number => Math.abs(x - bar.x);
  const at = sashes.flatMap((sash) => (sash ? [sash.x + sash.width / 2] : [])).sort((x, y) => distance(x) - distance(y))[0];
  assert.ok(at !== undefined && distance(at) < 20, 'the side bar has a border to drag');
  const middle = bar.y + bar.height / 2;
  await page.mouse.move(at, middle);
  await page.mouse.down();
  await page.mouse.move(at - pixels, middle, { steps: 5 });
  await page.mouse.up();
  // A border stays lit while the mouse is on it.
  await page.mouse.move(bar.x, 5);
}

/** A picture of what the person sees, to look at; with README_SCREENSHOTS set, those of the README are made anew. */
export async function screenshot(page: Page, name: string, forReadme?: string): Promise<void> {
  mkdirSync('dist/screenshots', { recursive: true });
  await page.screenshot({ path: `dist/screenshots/${name}.png` });
  if (forReadme && process.env['README_SCREENSHOTS']) await page.screenshot({ path: `media/${forReadme}.png` });
}

/** Waits until a text of the page is other than it was. */
export async function changed(cell: Locator, before: string, seconds = 15): Promise<string> {
  const limit = Date.now() + seconds * 1000;
  for (;;) {
    const text = await cell.textContent();
    if (text !== null && text !== before) return text;
    assert.ok(Date.now() < limit, `still “${before}” after ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
