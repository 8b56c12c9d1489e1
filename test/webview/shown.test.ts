/** What an Inspection holds is on the page, every number of it. */
import assert from 'node:assert/strict';
import { fixture, openView, startHarness, stopHarness, type OpenView } from './harness';

describe('webview: an inspection is shown', function () {
  this.timeout(30_000);
  let view: OpenView;
  before(startHarness);
  after(stopHarness);
  afterEach(async () => {
    assert.deepEqual(view.errors, []);
    await view.close();
  });

  const rows = async (): Promise<readonly (readonly string[])[]> => {
    const found = view.page.locator('table.comparison > tbody > tr:not(.details)');
    return Promise.all(
      (await found.all()).map((row) =>
        row
          .locator('> *')
          .allInnerTexts()
          .then((cells) => cells.map((cell) => cell.replace(/\s+/g, ' ').trim())),
      ),
    );
  };

  it('tells the page is ready, with the protocol’s version', async () => {
    view = await openView();
    assert.deepEqual(await view.posted(), [{ type: 'ready', version: 1 }]);
  });

  it('puts the verdict first, as the only top heading', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    assert.deepEqual(await view.page.getByRole('heading', { level: 1 }).allInnerTexts(), [fixture('fill-scatter').measured!.verdict]);
  });

  it('compares: the own loss first, then each formulation with its numbers', async () => {
    view = await openView({ width: 1200 });
    await view.show(fixture('fill-scatter'));
    const table = (await rows()).map((cells) => cells.slice(0, 6).map((cell) => cell.replace(/^[▸▾]\s*/, '')));
    assert.deepEqual(table, [
      ['your code', '0.913726', 'baseline', '', '', ''],
      ['Fill/scatter', '0.913726', '0', '0.00 %', '0', '0'],
      ['Uniform mixture (timm, torch)', '0.872059', '−0.041667', '−4.56 %', '699\u202f050', '0.0167'].map((cell) =>
        cell.replace(/\s/g, ' '),
      ),
      ['KLDiv over fill/scatter (sum)', '1.038657', '+0.124931', '+13.67 %', '2.1e6', '0.328'],
      ['KLDiv over fill/scatter (batchmean)', '0.519328', '−0.394398', '−43.16 %', '6.6e6', '0'],
      ['KLDiv over fill/scatter (mean)', '0.173109', '−0.740617', '−81.05 %', '1.2e7', '0.218'],
      ['Hard labels (cross entropy)', '0.788726', '−0.125000', '−13.68 %', '2.1e6', '0.05'],
    ]);
  });

  it('says in words how each is related, with the detail', async () => {
    view = await openView({ width: 1200 });
    await view.show(fixture('fill-scatter'));
    const relations = (await rows()).map((cells) => cells[6]!);
    const { comparisons } = fixture('fill-scatter');
    assert.equal(relations[0], '');
    comparisons.forEach((comparison, i) => {
      assert.equal(relations[i + 1], comparison.detail);
    });
    assert.deepEqual(await view.page.locator('.comparison tr:not(.own) > td.relation strong').allInnerTexts(), [
      'Equal',
      'Equal at ε′ = ε·K/(K−1) = 0.15',
      'Gradient N = 2 times yours',
      'Same gradient',
      'Gradient 1/K = 0.3333 times yours',
      'Different',
    ]);
  });

  it('leads the relation in Chinese, with its number, where the editor is', async () => {
    view = await openView({ width: 1200, language: 'zh-cn' });
    await view.show(fixture('fill-scatter'));
    assert.deepEqual(await view.page.locator('.comparison tr:not(.own) > td.relation strong').allInnerTexts(), [
      '相等',
      '另一个 ε: 0.15',
      '相差倍数和常数: ×2, −0.788795',
      '梯度相同, −0.394398',
      '相差倍数和常数: ×0.333333, −0.131466',
      '不同',
    ]);
    assert.equal(
      await view.page.getByRole('heading', { level: 1 }).innerText(),
      '测得的写法：Fill/scatter。目标 0.9，其余各类 0.05；平均。',
    );
    assert.match(await view.page.locator('.verdict').innerText(), /Fill\/scatter with ε = 0\.1/);
  });

  it('draws the measured constants, as facts and as a formula', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    const facts = (await view.page.locator('.facts').innerText()).replace(/\s+/g, ' ');
    for (const fact of [
      'on 0.9',
      'off 0.05',
      'mass 1',
      'ε as fill/scatter 0.1',
      'ε as torch / timm 0.15',
      'reduction mean',
      'floor of the loss 0.394398',
    ]) {
      assert.ok(facts.includes(fact), `${fact} in ${facts}`);
    }
    const equations = view.page.locator('.verdict ~ .formula math');
    assert.equal(await equations.count(), 2);
    assert.deepEqual(await view.page.evaluate('[...document.querySelectorAll(".formula mn")].map((number) => number.textContent)'), [
      '1',
      '0.9',
      '0.05',
    ]);
  });

  it('expands a row to its own formula and its loss per sample', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    const toggle = view.page.getByRole('button', { name: 'Details of Uniform mixture (timm, torch)' });
    assert.equal(await toggle.getAttribute('aria-expanded'), 'false');
    await toggle.click();
    assert.equal(await toggle.getAttribute('aria-expanded'), 'true');
    const lines = await view.page
      .getByRole('table', { name: 'Per sample, Uniform mixture (timm, torch)' })
      .locator('tbody tr')
      .allInnerTexts();
    assert.deepEqual(
      lines.map((line) => line.split(/\s+/).filter((word) => word !== '')),
      [
        ['Sample', '0', '1', '1.407606', '1.407606'],
        ['Sample', '1', '0', '0.336513', '0.419846'],
      ],
    );
    assert.equal(await view.page.locator('.details math').count(), 1);
    await toggle.click();
    assert.equal(await view.page.locator('.details').count(), 0);
  });

  it('draws the smoothed targets of the chosen sample, with the numbers below', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    const numbers = async (): Promise<readonly string[]> =>
      (await view.page.locator('#targets details tbody tr').allTextContents()).map((line) => line.replace(/\s+/g, ' ').trim());
    assert.equal(await view.page.getByRole('img', { name: 'Target distribution of sample 0, whose target is class 1' }).count(), 1);
    // Three pictures of seven rows: fill/scatter's targets are the own ones and KLDiv's too.
    assert.deepEqual(await numbers(), [
      'your code · Fill/scatter · KLDiv over fill/scatter (sum, batchmean, mean)0.050.90.05',
      'Uniform mixture (timm, torch)0.03333330.9333330.0333333',
      'Hard labels (cross entropy)010',
    ]);
    assert.equal(await view.page.locator('#targets svg rect.bar').count(), 9);
    await view.page.getByLabel('Sample shown').selectOption({ label: 'Sample 1' });
    assert.equal(await view.page.getByRole('img', { name: 'Target distribution of sample 1, whose target is class 0' }).count(), 1);
    assert.match((await numbers())[0]!, /0\.90\.050\.05$/);
  });

  it('draws the bars as high as the numbers say', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    const heights = await view.page.evaluate<readonly number[]>(
      '[...document.querySelectorAll("#targets svg rect.bar")].map((bar) => Number(bar.getAttribute("height")))',
    );
    const full = Math.max(...heights);
    [0.05, 0.1 / 3, 0, 0.9, 1 - 0.1 + 0.1 / 3, 1, 0.05, 0.1 / 3, 0].forEach((value, i) => {
      assert.ok(Math.abs(heights[i]! / full - value) < 0.006, `bar ${i}: ${heights[i]! / full} for ${value}`);
    });
  });

  it('draws the loss against the margin where the numbers say what it is', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    await view.page.locator('#margin details summary').click();
    const heads = await view.page.locator('#margin details thead th').allInnerTexts();
    assert.deepEqual(heads, [
      'margin',
      'your code · Fill/scatter',
      'Uniform mixture (timm, torch)',
      'KLDiv over fill/scatter (sum, batchmean)',
      'Hard labels (cross entropy)',
    ]);
    // At margin 0 all classes are equally likely: log 3 for every cross entropy, log 3 − H(q) for the divergence.
    const atZero = (
      await view.page
        .locator('#margin details tbody tr')
        .filter({ has: view.page.getByRole('rowheader', { name: '0', exact: true }) })
        .innerText()
    ).split(/\s+/);
    assert.deepEqual(atZero, ['0', '1.098612', '1.098612', '0.704215', '1.098612']);
  });

  it('lists the person’s steps with line, label, dtype, shape and values', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    const steps = (await view.page.locator('.steps > li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    assert.equal(steps.length, 5);
    assert.match(
      steps[1]!,
      /^21 lsm = F\.log_softmax\(inputs, -1\) float32 \[2, 3\] −2\.4076 −1\.4076 −0\.4076 −0\.1698 −2\.1698 −3\.1698$/,
    );
    assert.match(steps[3]!, /^30 reduction = self\.reduction 'mean'$/);
    assert.match(steps[4]!, /^31 loss = loss\.mean\(\) float32 0\.9137$/);
  });

  it('marks printed output that agrees with the record, and output that does not', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    const [first, second] = await view.page.locator('.printed > li').allInnerTexts();
    assert.match(first!, /✓ agrees with the recorded output/);
    assert.match(second!, /✗ differs from the recorded output[\s\S]*loss 0\.8721/);
  });

  it('shows the gradients when asked', async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
    assert.equal(await view.page.locator('.gradients').count(), 0);
    await view.page.getByText('Show gradients').click();
    const cells = await view.page
      .getByRole('table', { name: 'Gradient by the logits, Uniform mixture (timm, torch)' })
      .locator('td')
      .allInnerTexts();
    const { gradient } = fixture('fill-scatter').comparisons[1]!;
    assert.deepEqual(
      cells.map((cell) => Number(cell.replace('−', '-'))),
      gradient!.values.map((value) => Number(Number(value).toFixed(4))),
    );
  });

  it('says that a tensor was cut', async () => {
    view = await openView();
    await view.show(fixture('many-classes'));
    assert.match(await view.page.locator('.steps > li').first().innerText(), /\[5, 8\] of \[5, 14\]/);
    assert.match(await view.page.locator('#targets').innerText(), /The first 10 of 14 classes, and the target\./);
  });

  it('shows values that are not finite as such', async () => {
    view = await openView({ width: 1200 });
    const base = fixture('fill-scatter');
    await view.show({
      ...base,
      value: 'nan',
      comparisons: base.comparisons.map((comparison) => ({ ...comparison, value: 'inf', difference: '-inf' })),
    });
    const table = await rows();
    assert.equal(table[0]![1], 'NaN');
    assert.deepEqual(table[1]!.slice(1, 3), ['∞', '−∞']);
  });

  it('leaves out what was not compared: no dashes, nothing to open', async () => {
    view = await openView({ width: 320 });
    const base = fixture('fill-scatter');
    const [first] = base.comparisons;
    await view.show({
      ...base,
      value: null,
      perSample: null,
      gradient: null,
      comparisons: [{ ...first!, difference: null, relativeDifference: null, ulp: null, gradientDifference: null }],
    });
    assert.deepEqual(
      (await rows()).map((cells) => cells.join('|')),
      ['your code|–|baseline||||', '▸ Fill/scatter|0.913726|–||||Equal, value to the last bit and gradient.'],
    );
  });

  it('shows code that cannot be run: the problem, and the way to its line', async () => {
    view = await openView();
    await view.show(fixture('unsupported'));
    assert.equal(await view.page.getByRole('heading', { level: 1 }).innerText(), 'This code cannot be run here yet.');
    assert.match(await view.page.locator('.problem').innerText(), /Unsupported: torch\.fft\.fft/);
    await view.page.locator('.problem').getByRole('button', { name: 'Show line 12 in the editor' }).click();
    assert.deepEqual(await view.postedOf('reveal'), [{ type: 'reveal', uri: 'file:///project/losses.py', start: 400, end: 413 }]);
    assert.equal(await view.page.locator('table.comparison').count(), 0);
  });

  it('shows a notebook’s script: what it printed, no comparison', async () => {
    view = await openView();
    await view.show(fixture('notebook'));
    assert.equal(await view.page.getByRole('heading', { level: 1 }).innerText(), 'This code ran; it printed 2 values.');
    assert.equal(await view.page.locator('.printed > li').count(), 2);
    assert.equal(await view.page.locator('table.comparison').count(), 0);
  });

  it('survives a section that cannot be drawn: its data stand there as text', async () => {
    view = await openView();
    await view.page.evaluate(`{
      const original = document.createElementNS;
      document.createElementNS = function (namespace, name) {
        if (name === 'svg') throw new Error('no pictures today');
        return original.call(document, namespace, name);
      };
    }`);
    await view.show(fixture('fill-scatter'));
    const broken = view.page.locator('.broken');
    assert.equal(await broken.count(), 2);
    assert.match(await broken.first().innerText(), /“Smoothed targets” could not be drawn; its data:\s*{\s*"affine": true/);
    assert.equal(await view.page.locator('table.comparison > tbody > tr').count(), 7);
    assert.equal(await view.page.locator('.steps > li').count(), 5);
  });

  it('speaks Chinese where the editor does', async () => {
    view = await openView({ language: 'zh-cn' });
    await view.show(fixture('fill-scatter'));
    assert.equal(await view.page.locator('#comparison-title').innerText(), '在此样本上的比较');
    assert.match(await view.page.locator('#sample').innerText(), /添加样本/);
  });

  it('shows the code’s own text, never as markup', async () => {
    view = await openView();
    const base = fixture('fill-scatter');
    const markup = '<img src=x onerror="window.hacked = true"><b>bold</b>';
    await view.show({
      ...base,
      name: markup,
      measured: { ...base.measured!, verdict: markup },
      notes: [markup],
      comparisons: base.comparisons.map((c) => ({ ...c, title: markup, tex: markup, detail: markup })),
    });
    await view.page
      .getByRole('button', { name: /^Details of </ })
      .first()
      .click();
    assert.equal(await view.page.evaluate('window.hacked'), undefined);
    assert.equal(await view.page.locator('#view img, #view b').count(), 0);
    assert.equal(await view.page.getByRole('heading', { level: 1 }).innerText(), markup);
  });
});
