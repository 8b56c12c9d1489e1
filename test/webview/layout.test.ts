/** Widths, themes and access: nothing runs out sideways, everything can be read, reached and named. */
import assert from 'node:assert/strict';
import { fixture, openView, startHarness, stopHarness, type OpenView, type Theme } from './harness';

const themes: readonly Theme[] = ['dark-modern', 'light-modern', 'light-base', 'high-contrast', 'high-contrast-light'];
const widths = [280, 340, 520, 700, 900, 1200];
const fixtures = ['fill-scatter', 'many-classes', 'degenerate', 'unsupported', 'notebook'];

/** Elements that stick out of the page, those inside a box that scrolls by itself not counted. */
const sticksOut = `(() => {
  const scrolls = (element) => element !== null && element !== document.body && (['auto', 'scroll'].includes(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const out = [...document.querySelectorAll('#view *')]
    .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5 && !scrolls(element.parentElement))
    .map((element) => element.localName + '.' + (element.getAttribute('class') ?? '') + ' ' + Math.round(element.getBoundingClientRect().right));
  return { page: document.documentElement.scrollWidth - document.documentElement.clientWidth, out };
})()`;

/** WCAG contrast of every text with what is behind it, colours mixed as they are painted. */
const lowContrast = `(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const parse = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
  const over = ([r, g, b, a], under) => [r, g, b].map((value, i) => value * a + under[i] * (1 - a));
  const behind = (element) => {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement ?? at.getRootNode().host ?? null) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255]);
  };
  const luminance = (rgb) => { const [r, g, b] = rgb.map((value) => { const v = value / 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const found = [];
  const walker = document.createTreeWalker(document.getElementById('view'), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const box = element.getBoundingClientRect();
    if (node.nodeValue.trim() === '' || box.width === 0 || box.height === 0 || element.closest('[disabled], [aria-hidden=true], option, title')) continue;
    const style = getComputedStyle(element);
    const paint = element instanceof SVGElement ? style.fill : style.color;
    const under = behind(element instanceof SVGElement ? element.closest('svg').parentElement : element.localName.startsWith('vscode-button') ? element.shadowRoot.querySelector('.control') : element);
    const [light, dark] = [luminance(over(parse(paint), under)), luminance(under)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < 4.5) found.push(ratio.toFixed(2) + ' ' + node.nodeValue.trim().slice(0, 30) + ' (' + (element.getAttribute('class') ?? element.localName) + ')');
  }
  return found;
})()`;

describe('webview: layout, themes, access', function () {
  this.timeout(60_000);
  let view: OpenView;
  before(startHarness);
  after(stopHarness);
  afterEach(async () => {
    assert.deepEqual(view.errors, []);
    await view.close();
  });

  const openEverything = async (): Promise<void> => {
    await view.page.evaluate(`{
      document.getElementById('copy-as-button').click();
      for (const summary of document.querySelectorAll('details:not([open]) > summary')) summary.click();
      for (const row of [...document.querySelectorAll('.disclosure')].keys()) document.querySelectorAll('.disclosure')[row].click();
      document.querySelector('#gradient vscode-checkbox')?.click();
    }`);
    assert.equal(await view.page.locator('.disclosure[aria-expanded=false], details:not([open])').count(), 0);
  };

  for (const name of fixtures) {
    it(`nothing sticks out sideways at any width: ${name}`, async () => {
      view = await openView({ width: 1200 });
      await view.show(fixture(name), { others: ['AnotherLossWithAVeryLongNameThatGoesOnAndOn'] });
      await openEverything();
      if (name === 'fill-scatter') await view.page.getByLabel('Logit of sample 0, class 0').fill('not a number at all');
      for (const width of widths) {
        await view.page.setViewportSize({ width, height: 900 });
        await view.page.waitForTimeout(80);
        assert.deepEqual(await view.page.evaluate(sticksOut), { page: 0, out: [] }, `at ${width} px`);
      }
    });
  }

  it('drops the relation under its row when narrow, beside it when wide', async () => {
    view = await openView({ width: 1200 });
    await view.show(fixture('fill-scatter'));
    const tops = () =>
      view.page.evaluate<readonly number[]>(
        `['.title', '.value', '.relation'].map((part) => document.querySelector('.comparison tr.relation-different ' + part).getBoundingClientRect().top)`,
      );
    const [, , relationWide] = await tops();
    assert.ok(Math.abs(relationWide! - (await tops())[0]!) < 12);
    await view.page.setViewportSize({ width: 320, height: 900 });
    const [title, value, relation] = await tops();
    assert.ok(Math.abs(title! - value!) < 8, 'title and value share a line');
    assert.ok(relation! > title! + 10, 'the relation stands below');
  });

  for (const theme of themes) {
    it(`${theme}: every text has a contrast of at least 4.5`, async () => {
      view = await openView({ theme, width: 900 });
      await view.show(fixture('fill-scatter'));
      await openEverything();
      await view.page.getByLabel('Logit of sample 0, class 0').fill('x');
      await view.send({ type: 'outdated', reason: 'Half typed.' });
      assert.deepEqual(await view.page.evaluate(lowContrast), []);
    });

    it(`${theme}: screenshots`, async () => {
      view = await openView({ theme, width: 1200 });
      for (const [name, width] of [
        ['fill-scatter', 1200],
        ['fill-scatter', 380],
        ['many-classes', 700],
        ['degenerate', 380],
        ['unsupported', 380],
      ] as const) {
        await view.page.setViewportSize({ width, height: 900 });
        await view.show(fixture(name), { uri: `file:///project/${name}.py` });
        await view.page.waitForTimeout(150);
        const png = await view.page.screenshot({ path: `dist/screenshots/view-${theme}-${name}-${width}.png`, fullPage: true });
        assert.ok(png.length > 5000);
      }
    });
  }

  it('gives the toolkit’s elements the theme', async () => {
    const colours = [];
    for (const theme of ['dark-modern', 'light-modern'] as const) {
      view = await openView({ theme });
      await view.show(fixture('fill-scatter'));
      colours.push(
        await view.page.evaluate(
          `getComputedStyle(document.querySelector('.subject strong')).color + getComputedStyle(document.querySelector('#sample vscode-button').shadowRoot.querySelector('.control')).color`,
        ),
      );
      if (theme === 'dark-modern') await view.close();
    }
    assert.notEqual(colours[0], colours[1]);
  });

  it('needs nothing that the policy refuses, but for the toolkit’s one style element', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    await openEverything();
    await view.page.getByLabel('Smoothing ε, slider').fill('0.3');
    const known = /^style-src-elem inline /;
    assert.deepEqual(
      (await view.violations()).filter((violation) => !known.test(violation)),
      [],
    );
    assert.equal(await view.page.locator('#view [style]:not(td):not(li)').count(), 0);
  });

  it('names every control, and has no duplicate or dangling id', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'), { others: ['FocalLoss'] });
    await openEverything();
    await view.page.getByLabel('Logit of sample 0, class 0').fill('x');
    const wrong = await view.page.evaluate(`(() => {
      const found = [];
      const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
      found.push(...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => 'twice: ' + id));
      for (const element of document.querySelectorAll('#view [aria-labelledby], #view [aria-describedby]')) {
        for (const attribute of ['aria-labelledby', 'aria-describedby']) {
          for (const id of (element.getAttribute(attribute) ?? '').split(' ').filter(Boolean)) if (!document.getElementById(id)) found.push('dangling: ' + id);
        }
      }
      for (const control of document.querySelectorAll('#view button, #view input, #view select, #view vscode-button, #view vscode-text-field, #view vscode-dropdown, #view vscode-checkbox')) {
        const name = control.getAttribute('aria-label') ?? control.closest('label')?.textContent ?? control.textContent;
        if (name.trim() === '') found.push('nameless: ' + control.outerHTML.slice(0, 80));
      }
      for (const th of document.querySelectorAll('#view th')) if (!['col', 'row'].includes(th.scope)) found.push('no scope: ' + th.textContent);
      for (const table of document.querySelectorAll('#view table')) if (!table.hasAttribute('aria-label') && !table.hasAttribute('aria-labelledby')) found.push('nameless table');
      for (const image of document.querySelectorAll('#view svg')) if (image.getAttribute('role') !== 'img' || !image.getAttribute('aria-label')) found.push('nameless picture');
      for (const section of document.querySelectorAll('#view section')) if (!section.getAttribute('aria-labelledby')) found.push('nameless section');
      return found;
    })()`);
    assert.deepEqual(wrong, []);
  });

  it('is a table to a screen reader when narrow too', async () => {
    view = await openView({ width: 300 });
    await view.show(fixture('fill-scatter'));
    const table = view.page.getByRole('table', { name: 'Compared on this sample' });
    assert.equal(await table.getByRole('row').count(), 8);
    assert.equal(await table.getByRole('rowheader').count(), 7);
    assert.match(await table.getByRole('row').nth(3).innerText(), /0\.872059[\s\S]*Equal at ε′/);
  });

  it('can be walked through by Tab from the first control to the last, each focus to be seen', async () => {
    view = await openView({ width: 380 });
    await view.show(fixture('fill-scatter'));
    await view.page.evaluate('document.body.tabIndex = -1, document.body.focus()');
    const seen: string[] = [];
    for (let i = 0; i < 120; i += 1) {
      await view.page.keyboard.press('Tab');
      const at = await view.page.evaluate<{ readonly key: string; readonly visible: boolean } | null>(`(() => {
        const element = document.activeElement;
        if (element === document.body || element === null) return null;
        const inner = element.shadowRoot?.activeElement ?? element;
        const style = getComputedStyle(inner);
        const own = getComputedStyle(element);
        const host = element.shadowRoot?.querySelector('[part=control], .control, .root');
        const around = host ? getComputedStyle(host) : own;
        const lined = (s) => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none';
        const bordered = around.borderTopColor === getComputedStyle(document.documentElement).getPropertyValue('--vscode-focusBorder') || around.borderTopWidth !== '0px';
        return { key: element.outerHTML.slice(0, 90), visible: lined(style) || lined(own) || lined(around) || bordered };
      })()`);
      if (at === null) break;
      seen.push(at.key);
      assert.ok(at.visible, `no visible focus: ${at.key}`);
    }
    const wanted = await view.page.evaluate<number>(
      `document.querySelectorAll('#view :is(button, input, select, summary, vscode-button, vscode-checkbox, vscode-text-field):not([disabled])').length`,
    );
    assert.ok(seen.length >= wanted && seen.length < 120, `${seen.length} stops for ${wanted} controls`);
  });

  it('can be read in the system’s own colours', async () => {
    view = await openView({ width: 700 });
    await view.page.emulateMedia({ forcedColors: 'active' });
    await view.show(fixture('fill-scatter'));
    const canvas = await view.page.evaluate<string>(`{
      const probe = document.body.appendChild(document.createElement('p'));
      probe.style.setProperty('color', 'CanvasText');
      const { color } = getComputedStyle(probe);
      probe.remove();
      color;
    }`);
    const fills = await view.page.evaluate<readonly string[]>(
      `[...new Set([...document.querySelectorAll('svg text')].map((text) => getComputedStyle(text).fill))]`,
    );
    assert.deepEqual(fills, [canvas]);
    await view.page.screenshot({ path: 'dist/screenshots/view-forced-colors-700.png', fullPage: true });
  });

  it('moves nothing for those who asked for that', async () => {
    view = await openView({ reducedMotion: true });
    await view.show(fixture('fill-scatter'));
    await view.send({ type: 'busy', uri: 'file:///project/losses.py', name: null });
    assert.equal(await view.page.evaluate(`document.getElementById('view').getAnimations({ subtree: true }).length`), 0);
  });

  it('keeps its elements when new numbers arrive: nothing flickers', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    await view.page.evaluate(`window.kept = [...document.querySelectorAll('#view > *, .comparison tr, #targets svg, .grid input')]`);
    await view.show({ ...fixture('fill-scatter'), value: 0.3 });
    assert.equal(await view.page.evaluate('window.kept.every((element) => element.isConnected)'), true);
    assert.match(await view.page.locator('tr.own').innerText(), /0\.300000/);
  });
});
