/** Losses of other families than label smoothing: what is drawn of them, from their Inspection alone, and what may be edited. */
import assert from 'node:assert/strict';
import type { Inspection } from '../../src/inspection';
import { fixture, openView, startHarness, stopHarness, type OpenView } from './harness';

const names = ['focal', 'preference', 'overlap', 'contrastive'] as const;

describe('webview: losses of other families', function () {
  this.timeout(60_000);
  let view: OpenView;
  before(startHarness);
  after(stopHarness);
  beforeEach(async () => {
    view = await openView({ width: 420 });
  });
  afterEach(async () => {
    assert.deepEqual(view.errors, []);
    await view.close();
  });

  const cell = (name: string, at: number) => view.page.locator(`[data-cell="${name}:${at}"]`);
  const facts = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await view.page.locator('.facts > div').allInnerTexts()).map((text) => text.split(/\n+/) as [string, string]));
  const showGradients = async (): Promise<void> => view.page.locator('vscode-checkbox[data-key="gradients"]').click();
  const reruns = async () => {
    await view.page.waitForTimeout(400);
    return view.postedOf('rerun');
  };
  const changed = (inspection: Inspection, change: Partial<Inspection>): Inspection => ({ ...inspection, ...change });

  it('says family, numbers, reduction and factor; what is 1 or 0 is not said', async () => {
    await view.show(fixture('focal'));
    assert.deepEqual(await facts(), { family: 'Focal', γ: '1.5', reduction: 'mean', factor: '0.4' });
    await view.show(fixture('preference'));
    assert.deepEqual(await facts(), { family: 'Preference', β: '0.2', reduction: 'mean' });
  });

  it('marks a number that is assumed, tensors that are held, a constant and a limit', async () => {
    const focal = fixture('focal');
    await view.show(
      changed(focal, {
        parameters: [{ name: 'gamma', symbol: 'γ', value: 0.5, assumed: true }],
        recognised: { ...focal.recognised!, scale: 1, offset: 2, held: ['teacher'], everywhere: false, reduction: null },
      }),
    );
    assert.deepEqual(await facts(), {
      family: 'Focal',
      γ: '0.5 (assumed)',
      reduction: 'none',
      'constant added': '2',
      'no gradient into': 'teacher',
      agrees: 'on ordinary inputs only',
    });
  });

  for (const name of names)
    for (const language of ['en', 'zh-cn'])
      it(`${name}, ${language}: no word and no control of label smoothing, and nothing is broken`, async () => {
        await view.close();
        view = await openView({ width: 300, language });
        await view.show(fixture(name));
        await showGradients();
        assert.equal(await view.page.locator('.broken, .smoothing, .indices, #targets, #margin').count(), 0);
        const text = (await view.page.locator('#view').innerText())
          .replaceAll('DPO with label smoothing (cDPO)', '')
          .replaceAll('ε = 0.1', '');
        assert.doesNotMatch(text, /label.smoothing|平滑|ε|by the logits|对 logits 的/i);
        assert.equal(await view.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0);
      });

  it('lists every formulation with the numbers that it was compared with', async () => {
    const preference = fixture('preference');
    await view.show(preference);
    const titles = await view.page.locator('.comparison > tbody > tr:not(.own) > .title').allInnerTexts();
    assert.deepEqual(
      titles.map((title) => title.replace(/^[▸▾]\s*/, '').replace(/\s+/g, ' ')),
      preference.comparisons.map(
        ({ title, parameters }) =>
          `${title} ${parameters!
            .map((one) => `${one.symbol} = ${String(one.value)}`)
            .join(', ')
            .replace('-', '−')}`,
      ),
    );
  });

  it('shows the gradient of each tensor by its name', async () => {
    const contrastive = fixture('contrastive');
    await view.show(contrastive);
    assert.equal(await view.page.locator('#gradient figure').count(), 0);
    await showGradients();
    const figures = await view.page.locator('#gradient figcaption').allInnerTexts();
    assert.deepEqual(figures, ['view1 [4, 6]', 'view2 [4, 6]']);
    const first = await view.page.locator('#gradient figure').first().locator('td').first().innerText();
    assert.ok(Math.abs(Number(first.replace('−', '-')) - Number(contrastive.gradients['view1']!.values[0])) < 1e-4, first);
  });

  it('leads to the page of a mistake that was found', async () => {
    await view.show(fixture('contrastive'));
    await view.page.locator('.finding .rule').click();
    assert.deepEqual(await view.postedOf('openRule'), [{ type: 'openRule', rule: 'known-mistake' }]);
  });

  it('reruns once, some time after the last key, with every tensor', async () => {
    const preference = fixture('preference');
    await view.show(preference);
    await cell('policy_chosen', 1).click();
    await view.page.keyboard.type('-2.25', { delay: 20 });
    const [asked, ...more] = await reruns();
    assert.deepEqual(more, []);
    const held = Object.fromEntries(preference.inputs.map(({ name, values }) => [name, [...values!.values]]));
    held['policy_chosen']![1] = -2.25;
    assert.deepEqual(asked, {
      type: 'rerun',
      request: 1,
      uri: 'file:///project/losses.py',
      name: 'preference_loss',
      sample: null,
      tensors: held,
      smoothing: null,
      baseline: null,
    });
  });

  it('does not run what is no number, or no whole one where indices stand, and says so', async () => {
    await view.show(fixture('focal'));
    await cell('labels', 2).fill('1.5');
    await cell('scores', 7).fill('x');
    assert.deepEqual(await reruns(), []);
    assert.deepEqual(await view.page.locator('.cell-problems li').allInnerTexts(), [
      'scores[1, 2]: “x” is not a number',
      'labels[2]: “1.5” must be a whole number',
    ]);
    await cell('scores', 7).fill('3');
    await cell('labels', 2).fill('1');
    assert.equal((await reruns()).length, 1);
  });

  it('keeps what was typed where the loss could not be run on it, and goes back on Reset', async () => {
    const focal = fixture('focal');
    await view.show(focal);
    await cell('labels', 0).fill('9');
    const [asked] = await reruns();
    const { range } = focal;
    const problem = { type: 'exception', message: 'IndexError: Target 9 is out of bounds.', range } as const;
    await view.show(
      {
        ...fixture('unsupported'),
        name: focal.name,
        status: 'error',
        problem,
        inputs: [],
        sample: null,
      },
      { request: asked!.request },
    );
    assert.equal(await cell('labels', 0).inputValue(), '9');
    assert.match(await view.page.locator('.problem').innerText(), /Target 9 is out of bounds/);
    await view.page.locator('#sample vscode-button[data-key="reset"]').click();
    assert.equal((await view.postedOf('resetSample')).length, 1);
    await view.show(focal);
    assert.equal(await cell('labels', 0).inputValue(), '1');
  });

  it('a row is added to and removed from all tensors, and numbers of the person are called theirs', async () => {
    const focal = fixture('focal');
    await view.show(focal);
    await view.page.locator('vscode-button[data-key="add-row"]').click();
    const [asked] = await reruns();
    assert.deepEqual([(asked!.tensors!['scores'] as number[][]).length, (asked!.tensors!['labels'] as number[]).length], [5, 5]);
    await view.page.locator('#sample .remove').first().click();
    const [, second] = await reruns();
    assert.deepEqual(second!.tensors!['labels'], (asked!.tensors!['labels'] as number[]).slice(1));
    const inputs = focal.inputs.map((input) => ({ ...input, source: { kind: 'person', chain: [] } as const }));
    assert.match(await view.page.locator('#sample .honest').innerText(), /natural for what each tensor stands for/);
    await view.show({ ...focal, inputs }, { request: second!.request });
    assert.match(await view.page.locator('#sample .honest').innerText(), /^Your own sample/);
  });

  it('keeps what was typed over a reload', async () => {
    await view.show(fixture('overlap'));
    await cell('masks', 3).fill('0.5');
    await view.reload();
    assert.equal(await cell('masks', 3).inputValue(), '0.5');
  });

  it('a loss of label smoothing after it has its own grid again', async () => {
    await view.show(fixture('focal'));
    await view.show(fixture('fill-scatter'));
    assert.equal(await view.page.locator('.smoothing').count(), 1);
    assert.equal(await view.page.locator('.grid.tensors').count(), 0);
    await view.show(fixture('focal'));
    assert.equal(await view.page.locator('.smoothing').count(), 0);
    assert.equal(await view.page.locator('.grid.tensors').count(), 1);
  });
});
