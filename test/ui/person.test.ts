import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import {
  changed,
  comparison,
  goTo,
  isShown,
  newest,
  numberIn,
  oldest,
  openFile,
  ownValue,
  rowOf,
  runCommand,
  screenshot,
  startWorkbench,
  widen,
  type Workbench,
} from './workbench';

/** The line of `smoothed.scatter_` in ScatteredTargets, and one outside every loss, in media/examples/smoothing.py. */
const insideScattered = 20;
const outside = 4;

for (const version of [newest, oldest]) {
  describe(`a person in VS Code ${version}`, () => {
    let workbench: Workbench;
    before(async () => {
      workbench = await startWorkbench({ version, width: 1440, height: 900 });
    });
    after(async () => {
      await workbench.stop();
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await screenshot(workbench.page, `failed ${this.currentTest.fullTitle().slice(0, 80)}`);
    });

    it('finds the command as “Inspect loss” and gets the comparison of the loss at the cursor', async () => {
      const { page } = workbench;
      await openFile(page, 'smoothing.py');
      await goTo(page, insideScattered);
      await page.keyboard.press('F1');
      const input = page.locator('.quick-input-widget input').first();
      await input.fill('>inspect loss');
      const entry = page.locator('.quick-input-list .monaco-list-row').first();
      await entry.waitFor();
      assert.equal(await entry.locator('.label-name').first().textContent(), 'Inspect loss');
      await input.press('Enter');
      const view = comparison(page);
      await ownValue(view).waitFor({ timeout: 30_000 });
      assert.match((await view.locator('body').textContent()) ?? '', /ScatteredTargets/);
      const own = await numberIn(ownValue(view));
      assert.ok(Math.abs((await numberIn(rowOf(view, /fill.?scatter/i).locator('td.value'))) - own) < 1e-5);
      assert.ok(Math.abs((await numberIn(rowOf(view, /mixture/i).locator('td.value'))) - own) > 1e-4);
      assert.match(
        (await rowOf(view, /mixture/i)
          .locator('td.relation')
          .textContent()) ?? '',
        /ε/,
      );
      await page
        .locator('.codelens-decoration a', { hasText: /fill.?scatter.*≙ torch ε·K\/\(K−1\)/i })
        .first()
        .waitFor();
      if (version === newest) await widen(page, 200);
      await screenshot(page, version === newest ? 'inspected' : `inspected-${version}`, version === newest ? 'screenshot' : undefined);
    });

    it('edits a sample tensor and sees the numbers change', async () => {
      const { page } = workbench;
      const view = comparison(page);
      const before = (await ownValue(view).textContent())!;
      const mixture = rowOf(view, /mixture/i).locator('td.value');
      const mixtureBefore = (await mixture.textContent())!;
      const cell = view.getByLabel(/^Logit of sample 0, class 0$/);
      await cell.fill('7.5');
      const after = await changed(ownValue(view), before);
      await changed(mixture, mixtureBefore);
      assert.equal(await cell.inputValue(), '7.5');
      await view
        .getByRole('button', { name: 'Reset', exact: true })
        .or(view.getByText('Reset', { exact: true }))
        .first()
        .click();
      assert.equal(await changed(ownValue(view), after), before);
    });

    it('is asked which loss when the cursor is in none', async () => {
      const { page } = workbench;
      await openFile(page, 'smoothing.py');
      await goTo(page, outside);
      await runCommand(page, 'Inspect loss');
      const entries = page.locator('.quick-input-list .monaco-list-row');
      await entries.filter({ hasText: 'MixedWithUniform' }).first().waitFor();
      assert.equal(await entries.count(), 3);
      await entries.filter({ hasText: 'MixedWithUniform' }).first().click();
      const view = comparison(page);
      await isShown(view, 'MixedWithUniform');
      assert.match(
        (await rowOf(view, /mixture/i)
          .locator('td.relation')
          .textContent()) ?? '',
        /^equal/i,
      );
    });

    if (version === newest) {
      it('clicks the lens over a loss', async () => {
        const { page } = workbench;
        await openFile(page, 'two_losses.py');
        const lens = page.locator('.codelens-decoration a', { hasText: 'Inspect loss' }).first();
        await lens.click();
        await isShown(comparison(page), 'Scattered');
        await page
          .locator('.codelens-decoration a', { hasText: /fill.?scatter/i })
          .first()
          .waitFor();
        await screenshot(page, 'lens');
      });

      it('reads a smoothing constant’s meaning in its hover, and inspects from there', async () => {
        const { page } = workbench;
        await openFile(page, 'smoothing.py');
        await goTo(page, 27);
        await page
          .locator('.view-line', { hasText: 'def __init__(self, smoothing: float' })
          .locator('span', { hasText: /^0\.1$/ })
          .first()
          .hover();
        const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents', { hasText: 'ε = 0.1' }).first();
        await hover.waitFor();
        assert.match((await hover.textContent()) ?? '', /K/);
        await screenshot(page, 'hover', 'screenshot-hover');
        await hover.getByText('Inspect loss').click();
        await isShown(comparison(page), 'MixedWithUniform');
      });

      it('finds in the Refactor menu what cannot be rewritten, and why', async () => {
        const { page } = workbench;
        await openFile(page, 'fixable.py');
        await goTo(page, 12);
        await runCommand(page, 'Inspect loss');
        await isShown(comparison(page), 'divergence');
        await page.locator('.editor-instance .view-lines').first().click();
        await goTo(page, 11, 6);
        await runCommand(page, 'Refactor...');
        const refused = page.locator('.action-widget .monaco-list-row.option-disabled', { hasText: 'torch’s cross entropy' });
        await refused.waitFor();
        assert.match((await refused.getAttribute('aria-label')) ?? '', /KL divergence/);
        await screenshot(page, 'refactor');
        await page.keyboard.press('Escape');
      });

      it('raises a rule to an error in the settings, and every screen follows', async () => {
        const { page, settings } = workbench;
        const view = comparison(page);
        await isShown(view, 'divergence');
        const lens = (text: RegExp): Locator => page.locator('.codelens-decoration a', { hasText: text }).first();
        await lens(/KLDiv.*1 warning/).waitFor();
        await settings({ 'lossInspector.rules': { 'kldiv-mean': 'error' } });
        await lens(/KLDiv.*1 error/).waitFor();
        await view.getByText('Error', { exact: true }).first().waitFor();
        await settings({ 'lossInspector.rules': { 'kldiv-mean': 'off' } });
        await lens(/KLDiv.*ε 0\.2 · ≙ torch ε·K\/\(K−1\)$/).waitFor();
        assert.equal(await view.getByText('kldiv-mean').count(), 0);
        await settings({});
        await lens(/KLDiv.*1 warning/).waitFor();
      });

      it('keeps the last good comparison, marked, while the code is half-typed', async () => {
        const { page } = workbench;
        await openFile(page, 'two_losses.py');
        await goTo(page, 22);
        await runCommand(page, 'Inspect loss');
        const view = comparison(page);
        await isShown(view, 'mixed');
        const value = await ownValue(view).textContent();
        await page.locator('.editor-instance .view-lines').first().click();
        await goTo(page, 22);
        await page.keyboard.press('End');
        await page.keyboard.type(' + (');
        await view.locator('.banner.outdated').waitFor();
        assert.equal(await ownValue(view).textContent(), value);
        await screenshot(page, 'outdated');
        for (let i = 0; i < 4; i++) await page.keyboard.press('Backspace');
        await view.locator('.banner.outdated').waitFor({ state: 'detached' });
        assert.equal(await ownValue(view).textContent(), value);
      });

      it('is told what was looked for in a file without a loss', async () => {
        const { page } = workbench;
        await openFile(page, 'no_loss.py');
        await runCommand(page, 'Inspect loss');
        await runCommand(page, 'Notifications: Show Notifications');
        await page
          .locator('.notifications-center .notification-list-item', { hasText: 'No loss was found in no_loss.py' })
          .first()
          .waitFor();
      });

      it('opens the comparison in the editor area', async () => {
        const { page } = workbench;
        await openFile(page, 'smoothing.py');
        await goTo(page, insideScattered);
        await runCommand(page, 'Notifications: Clear All Notifications');
        await runCommand(page, 'Inspect loss');
        await isShown(comparison(page), 'ScatteredTargets');
        await runCommand(page, 'Open loss comparison in editor area');
        await page.locator('.tab', { hasText: 'Loss comparison' }).waitFor();
        await isShown(comparison(page, 1), 'ScatteredTargets');
        assert.equal(await numberIn(ownValue(comparison(page, 1))), await numberIn(ownValue(comparison(page))));
        await runCommand(page, 'View: Toggle Secondary Side Bar Visibility');
        await screenshot(page, 'editor-area', 'screenshot-editor-area');
      });
    }
  });
}

describe('the extension in a browser, without Node', () => {
  let workbench: Workbench;
  before(async () => {
    workbench = await startWorkbench({ browserEntry: true });
  });
  after(async () => {
    await workbench.stop();
  });

  it('inspects a loss and runs it again on an edited sample', async () => {
    const { page } = workbench;
    await openFile(page, 'smoothing.py');
    await goTo(page, insideScattered);
    await runCommand(page, 'Inspect loss');
    const view = comparison(page);
    await ownValue(view).waitFor({ timeout: 30_000 });
    const before = (await ownValue(view).textContent())!;
    await view.getByLabel(/^Logit of sample 0, class 0$/).fill('7.5');
    await changed(ownValue(view), before);
  });
});
