/** Inspections as the core really makes them: each is a message the page accepts, draws whole, and shows the numbers of. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseToView } from '../../src/editor/messages';
import { inspect } from '../../src/inspect';
import type { Inspection } from '../../src/inspection';
import { openView, startHarness, stopHarness, type OpenView } from './harness';

const folders = ['media/examples', '../shared/seeds'];
const documents = folders.flatMap((folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.(py|ts|ipynb|txt|md)$/.test(name))
        .sort()
        .map((name) => path.join(folder, name))
    : [],
);

describe('webview: real inspections', function () {
  this.timeout(120_000);
  let view: OpenView;
  before(startHarness);
  after(stopHarness);
  before(async () => {
    view = await openView({ width: 380 });
  });
  after(() => view.close());

  const shownWhole = async (inspection: Inspection, file: string): Promise<void> => {
    const message = { type: 'show', request: null, uri: `file:///${file}`, file, inspection, others: [], following: true };
    assert.ok(parseToView(structuredClone(message)), `${inspection.name} is not what the protocol calls an inspection`);
    await view.send(message);
    assert.equal(await view.page.locator('.toolbar .name').innerText(), inspection.name);
    assert.equal(await view.page.locator('.broken').count(), 0, inspection.name);
    assert.equal(
      await view.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      0,
      inspection.name,
    );
    const titles = await view.page.locator('.comparison > tbody > tr:not(.own) > .title').allInnerTexts();
    assert.deepEqual(
      titles.map((title) => title.replace(/^[▸▾]\s*/, '')),
      inspection.comparisons.map(({ title }) => title),
    );
    const values = await view.page.locator('.comparison > tbody > tr:not(.own) > .value').allInnerTexts();
    inspection.comparisons.forEach(({ value }, i) => {
      if (typeof value === 'number')
        assert.ok(
          Math.abs(Number(values[i]!.replace('−', '-')) - value) <= 1e-5 * Math.max(1, Math.abs(value)),
          `${values[i]} for ${value}`,
        );
    });
    assert.equal(await view.page.locator('.printed > li').count(), inspection.printed.length);
    assert.deepEqual(view.errors, []);
  };

  for (const file of documents) {
    it(file, async () => {
      const { losses } = inspect({ file, text: readFileSync(file, 'utf8') });
      for (const [i, inspection] of losses.entries()) {
        await shownWhole(inspection, file);
        await view.page.screenshot({ path: `dist/screenshots/real-${path.basename(file).slice(0, 12)}-${i}.png`, fullPage: true });
      }
    });
  }
});
