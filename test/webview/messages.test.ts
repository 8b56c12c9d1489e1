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
    for (const format of ['Markdown', 'JSON', 'CSV']) await view.page.getByRole('button', { name: `Copy as ${format}` }).click();
    const [markdown, json, csv] = (await view.postedOf('copy')).map(({ text }) => text);
    assert.match(markdown!, /^## SmoothCrossEntropyLoss \(losses\.py:4\)\n\nFill\/scatter with ε = 0\.1/);
    assert.match(markdown!, /\| Uniform mixture \(timm, torch\) \| 0\.872059 \| −0\.041667 \| −4\.56 % \|/);
    assert.deepEqual(JSON.parse(json!), inspection);
    const lines = csv!.trimEnd().split('\n');
    assert.equal(lines.length, 8);
    assert.equal(lines[1]!.split(',')[2], String(inspection.value));
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
