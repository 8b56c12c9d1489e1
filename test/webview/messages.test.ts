/** Messages in every order: what is broken is refused, what is outdated is marked, what a person presses is posted. */
import assert from 'node:assert/strict';
import { fixture, openView, startHarness, stopHarness, type OpenOptions, type OpenView } from './harness';

describe('webview: messages', function () {
  this.timeout(30_000);
  let view: OpenView;
  const open = async (options: OpenOptions = {}): Promise<void> => {
    view = await openView(options);
  };
  before(startHarness);
  after(stopHarness);
  afterEach(async () => {
    assert.deepEqual(view.errors, []);
    await view.close();
  });

  const heading = (): Promise<string> => view.page.getByRole('heading', { level: 1 }).innerText();
  const live = async (): Promise<string> => {
    await view.page.waitForTimeout(120);
    return view.page.locator('[role=status]').innerText();
  };

  it('says what to do when there is nothing to show, with a button that does it', async () => {
    await open();
    assert.match(await view.page.locator('.empty').innerText(), /Put the cursor in a loss/);
    await view.page.getByRole('button', { name: 'Inspect loss' }).click();
    assert.deepEqual((await view.posted()).at(-1), { type: 'inspect' });
    await view.send({ type: 'empty', reason: 'No loss was found in notes.py: no class or function takes logits and targets.' });
    assert.match(await view.page.locator('.empty').innerText(), /No loss was found in notes\.py/);
  });

  it('keeps the last good comparison, marked, while the code does not inspect', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.send({ type: 'outdated', reason: 'Line 12 does not parse.' });
    assert.match(await view.page.locator('.banner.outdated').innerText(), /^Outdated: .*Line 12 does not parse\.$/);
    assert.match(await view.page.locator('tr.own').innerText(), /0\.913726/);
    assert.match(await live(), /^Outdated/);
    await view.show(fixture('fill-scatter'));
    assert.equal(await view.page.locator('.banner').count(), 0);
  });

  it('says that it is running, and no longer when the answer is there', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.send({ type: 'busy', uri: 'file:///project/losses.py', name: 'SmoothCrossEntropyLoss' });
    assert.equal(await view.page.locator('main').getAttribute('aria-busy'), 'true');
    assert.match(await view.page.locator('tr.own').innerText(), /0\.913726/);
    await view.show(fixture('fill-scatter'));
    assert.equal(await view.page.locator('main').getAttribute('aria-busy'), 'false');
    assert.match(await live(), /SmoothCrossEntropyLoss: Fill\/scatter/);
  });

  it('says why a rerun failed, keeps everything, and forgets the failures of older ones', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.page.getByLabel('Logit of sample 0, class 0').fill('5');
    await view.page.waitForTimeout(400);
    await view.send({ type: 'failed', request: 0, reason: 'too old' });
    assert.equal(await view.page.locator('.banner').count(), 0);
    await view.send({ type: 'failed', request: 1, reason: 'It took longer than 5 s and was stopped.' });
    assert.match(await view.page.locator('.banner.failed').innerText(), /It took longer than 5 s/);
    assert.equal(await view.page.locator('main').getAttribute('aria-busy'), 'false');
    assert.equal(await view.page.getByLabel('Logit of sample 0, class 0').inputValue(), '5');
  });

  it('announces what a rerun gave', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.page.getByLabel('Logit of sample 0, class 0').fill('5');
    await view.page.waitForTimeout(400);
    await view.show({ ...fixture('fill-scatter'), value: 1.25 }, { request: 1 });
    assert.equal(await live(), 'SmoothCrossEntropyLoss is 1.250000 on this sample.');
  });

  it('refuses what is not of the protocol, and stays as it is', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    const before = await view.page.locator('main').innerHTML();
    const good = fixture('fill-scatter');
    const show = (inspection: unknown): unknown => ({
      type: 'show',
      request: null,
      uri: 'u',
      file: 'f',
      others: [],
      following: true,
      inspection,
    });
    for (const [what, message] of [
      ['null', null],
      ['a number', 5],
      ['an unknown type', { type: 'explode' }],
      ['a name of Object’s', { type: 'constructor' }],
      ['no inspection', show(undefined)],
      ['a number for text', { type: 'outdated', reason: 3 }],
      ['a value that is no number', show({ ...good, value: '0.9' })],
      ['half a relation', show({ ...good, comparisons: [{ ...good.comparisons[0]!, relation: { kind: 'scaled' } }] })],
      ['a finding without its place', show({ ...good, findings: [{ rule: 'r', severity: 'info', message: 'm' }] })],
    ] as const) {
      await view.send(message);
      assert.equal(await view.page.locator('main').innerHTML(), before, what);
    }
  });

  it('posts the fix that was pressed', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.page.getByRole('button', { name: 'Use nn.CrossEntropyLoss' }).click();
    const { fix } = fixture('fill-scatter').findings.find(({ rule }) => rule === 'builtin')!;
    assert.deepEqual((await view.posted()).at(-1), { type: 'applyFix', uri: 'file:///project/losses.py', edits: fix!.edits });
  });

  it('reveals the line of a step', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.page.getByRole('button', { name: 'Show line 26 in the editor' }).click();
    const { start, end } = fixture('fill-scatter').steps[2]!.range;
    assert.deepEqual((await view.posted()).at(-1), { type: 'reveal', uri: 'file:///project/losses.py', start, end });
  });

  it('follows the cursor or not', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    const box = view.page.getByRole('checkbox', { name: 'Follows cursor' });
    assert.equal(await box.getAttribute('aria-checked'), 'true');
    await box.click();
    assert.deepEqual(await view.postedOf('follow'), [{ type: 'follow', follow: false }]);
    assert.equal(await box.getAttribute('aria-checked'), 'false');
    await view.show(fixture('fill-scatter'), { following: true });
    assert.equal(await box.getAttribute('aria-checked'), 'true');
    assert.equal((await view.postedOf('follow')).length, 1);
  });

  it('chooses among the file’s losses', async () => {
    await open();
    await view.show(fixture('fill-scatter'), { others: ['FocalLoss', 'smooth_labels'] });
    const dropdown = view.page.getByRole('combobox', { name: 'Loss' });
    await dropdown.click();
    await view.page.getByRole('option', { name: 'FocalLoss' }).click();
    assert.deepEqual(await view.postedOf('select'), [{ type: 'select', uri: 'file:///project/losses.py', name: 'FocalLoss' }]);
    await view.show({ ...fixture('many-classes'), name: 'FocalLoss' }, { others: ['SmoothCrossEntropyLoss', 'smooth_labels'] });
    assert.equal(await dropdown.evaluate((element: unknown) => (element as { value: string }).value), 'FocalLoss');
    assert.equal((await view.postedOf('select')).length, 1);
  });

  it('opens in the editor area, from where it offers neither that nor to follow', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.page.getByRole('button', { name: 'Open in editor area' }).click();
    assert.deepEqual((await view.posted()).at(-1), { type: 'openInEditor' });
    await view.close();
    await open({ place: 'editor' });
    await view.show(fixture('fill-scatter'));
    assert.equal(await view.page.getByRole('button', { name: 'Open in editor area' }).count(), 0);
  });

  it('copies as Markdown, JSON and CSV', async () => {
    await open();
    const inspection = fixture('fill-scatter');
    await view.show(inspection);
    await openCopy();
    for (const format of ['Markdown', 'JSON', 'CSV']) await view.page.getByRole('button', { name: `Copy as ${format}` }).click();
    const [markdown, json, csv] = (await view.postedOf('copy')).map(({ text }) => text);
    assert.match(markdown!, /^## SmoothCrossEntropyLoss \(losses\.py:4\)\n\nFill\/scatter with ε = 0\.1/);
    assert.match(markdown!, /\| Uniform mixture \(timm, torch\) \| 0\.872059 \| −0\.041667 \| −4\.56 % \|/);
    assert.deepEqual(JSON.parse(json!), inspection);
    const lines = csv!.trimEnd().split('\n');
    assert.equal(lines.length, 8);
    assert.equal(lines[1]!.split(',')[2], String(inspection.value));
  });

  const openCopy = () => view.page.getByRole('button', { name: 'Copy as', exact: true }).click();

  it('copies the loss in other code, with a word on what was checked; says why where there is none', async () => {
    await open({ width: 280 });
    const inspection = fixture('fill-scatter');
    await view.show(inspection);
    assert.equal(await view.page.getByRole('button', { name: 'Copy as pytest' }).count(), 0);
    await openCopy();
    await view.page.getByRole('button', { name: 'Copy as pytest' }).click();
    assert.deepEqual(await view.postedOf('copy'), [{ type: 'copy', text: inspection.translations!.pytest.code }]);
    assert.equal(await live(), `Copied as pytest. ${inspection.translations!.pytest.note}`);
    assert.match(await view.page.locator('.copy-panel').innerText(), /✓ Copied\. Asserts the value/);
    const refused = view.page.getByRole('button', { name: 'Copy as tfjs TypeScript' });
    assert.equal(await refused.getAttribute('aria-disabled'), 'true');
    await refused.focus();
    await view.page.keyboard.press('Enter');
    assert.equal((await view.postedOf('copy')).length, 1);
    const reason = await view.page.locator(`#${(await refused.getAttribute('aria-describedby'))!}`).innerText();
    assert.equal(reason, inspection.translations!.tfjs.note);
    await view.page.keyboard.press('Escape');
    assert.equal(await view.page.locator('.copy-panel').count(), 0);
    assert.equal(await view.page.evaluate('document.activeElement.id'), 'copy-as-button');
  });

  it('says that nothing was translated where nothing was measured', async () => {
    await open();
    await view.show(fixture('unsupported'));
    await openCopy();
    assert.equal(await view.page.locator('.copy-panel [aria-disabled=true]').count(), 3);
    assert.match(await view.page.locator('.copy-panel').innerText(), /The loss was not measured, so there is no other code for it/);
  });

  it('offers torch’s built-in and rewrites; tells what is refused, quietly', async () => {
    await open();
    const inspection = fixture('fill-scatter');
    await view.show(inspection);
    const section = view.page.locator('#torch');
    assert.equal(await section.locator('pre').innerText(), inspection.translations!.builtin.code);
    await section.getByRole('button', { name: 'Copy: torch built-in' }).click();
    assert.deepEqual(await view.postedOf('copy'), [{ type: 'copy', text: inspection.translations!.builtin.code }]);
    const rewrites = (await section.locator('.rewrite').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    assert.deepEqual(
      rewrites.map(
        (text) => /keeps the numbers|changes the numbers|^Not offered: Mask before scatter_: The loss has no ignored/.exec(text)?.[0],
      ),
      ['keeps the numbers', 'changes the numbers', 'Not offered: Mask before scatter_: The loss has no ignored'],
    );
    await section.getByRole('button', { name: 'Smooth as torch does' }).click();
    const [, , changing] = inspection.rewrites;
    assert.ok(changing?.kind === 'offered');
    assert.deepEqual((await view.postedOf('applyFix')).at(-1)!.edits, changing.edits);
    await view.show(fixture('many-classes'));
    assert.equal(await section.locator('pre').count(), 0);
    assert.match(await section.innerText(), /no one ε is right for all/);
  });

  it('opens the page of a finding’s rule', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.page.getByRole('button', { name: 'About the rule weighted-mean' }).click();
    assert.deepEqual((await view.posted()).at(-1), { type: 'openRule', rule: 'weighted-mean' });
  });

  it('compares every row with a formulation that is chosen, the own loss too', async () => {
    await open({ width: 1200 });
    const inspection = fixture('fill-scatter');
    await view.show(inspection);
    const choice = view.page.getByLabel('Compared with');
    assert.equal(await choice.locator('option').count(), 7);
    await choice.selectOption({ label: 'Uniform mixture (timm, torch)' });
    const [mixture, fill] = [inspection.comparisons[1]!, inspection.comparisons[0]!];
    const { formulation } = mixture;
    const asked = {
      type: 'rerun',
      request: 1,
      uri: 'file:///project/losses.py',
      name: inspection.name,
      sample: null,
      tensors: null,
      smoothing: null,
    };
    assert.deepEqual(await view.postedOf('rerun'), [{ ...asked, baseline: formulation }]);
    assert.equal(await view.page.locator('main').getAttribute('aria-busy'), 'true');
    const own = { ...mixture, difference: 0.041667, ulp: 699050, detail: 'Equal to the baseline at its ε′ = ε·K/(K−1) = 0.15.' };
    const turned = inspection.comparisons.map((each) =>
      each === fill ? { ...each, difference: 0.041667, detail: 'Equal at ε′ = ε·(K−1)/K = 0.06667.' } : each,
    );
    const baseline = { formulation, title: mixture.title, smoothing: 0.1, own, comparisons: turned };
    await view.show({ ...inspection, baseline }, { request: 1 });
    const lines = (await view.page.locator('table.comparison > tbody > tr').allInnerTexts()).map((text) =>
      text.replace(/\s+/g, ' ').trim(),
    );
    assert.match(lines[0]!, /your code 0\.913726 \+0\.041667 .*Equal to the baseline at its ε′ = ε·K\/\(K−1\) = 0\.15\./);
    assert.match(lines[1]!, /Fill\/scatter 0\.913726 \+0\.041667 .*Equal at ε′ = ε·\(K−1\)\/K = 0\.06667\./);
    assert.match(lines[2]!, /Uniform mixture \(timm, torch\) 0\.872059 baseline$/);
    assert.equal(await view.page.locator('thead .relation').innerText(), 'Relation to the baseline');
    // What is typed now is compared with it too; another loss starts anew.
    await view.page.getByLabel('Logit of sample 0, class 0').fill('5');
    await view.page.waitForTimeout(400);
    assert.equal((await view.postedOf('rerun')).at(-1)!.baseline, formulation);
    await view.show(fixture('many-classes'), { uri: 'file:///project/other.py' });
    assert.equal(await choice.inputValue(), '');
  });

  it('keeps the baseline across a reload, and lets it go when it could not be run', async () => {
    await open();
    const inspection = fixture('fill-scatter');
    const { formulation, title } = inspection.comparisons[0]!;
    const baseline = { formulation, title, smoothing: 0.1, own: inspection.comparisons[0]!, comparisons: inspection.comparisons };
    await view.show({ ...inspection, baseline });
    await view.reload();
    const choice = view.page.getByLabel('Compared with');
    assert.equal(await choice.inputValue(), formulation);
    await choice.selectOption({ label: 'your code' });
    await view.send({ type: 'failed', request: 1, reason: 'It took longer than 5 s and was stopped.' });
    assert.equal(await choice.inputValue(), formulation);
  });

  it('keeps what is open, chosen and shown across a reload', async () => {
    await open();
    await view.show(fixture('fill-scatter'));
    await view.page.getByRole('button', { name: 'Details of Hard labels (cross entropy)' }).click();
    await view.page.getByLabel('Sample shown').selectOption({ label: 'Sample 1' });
    await view.page.getByText('Show gradients').click();
    await view.send({ type: 'outdated', reason: 'Half typed.' });
    const before = await view.page.locator('main').innerText();
    await view.reload();
    assert.equal(await view.page.locator('main').innerText(), before);
    assert.equal(await heading(), fixture('fill-scatter').measured!.verdict);
  });

  it('starts anew from a kept state that is not one', async () => {
    await open();
    await view.page.evaluate(
      `sessionStorage.setItem('state', JSON.stringify({ version: 1, show: { type: 'show', inspection: {} }, draft: 7 }))`,
    );
    await view.reload();
    assert.equal(await view.page.getByRole('button', { name: 'Inspect loss' }).count(), 1);
  });
});
