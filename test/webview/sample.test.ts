/** The sample grid: what is typed reaches the editor as a checked sample, and what is invalid stays and is marked. */
import assert from 'node:assert/strict';
import type { Inspection } from '../../src/inspection';
import { fixture, openView, startHarness, stopHarness, type OpenView } from './harness';

const debounce = 400;

describe('webview: the sample is edited', function () {
  this.timeout(30_000);
  let view: OpenView;
  before(startHarness);
  after(stopHarness);
  beforeEach(async () => {
    view = await openView();
    await view.show(fixture('fill-scatter'));
  });
  afterEach(async () => {
    assert.deepEqual(view.errors, []);
    await view.close();
  });

  const logit = (row: number, k: number) => view.page.getByLabel(`Logit of sample ${row}, class ${k}`, { exact: true });
  const target = (row: number) => view.page.getByLabel(`Target of sample ${row}`, { exact: true });
  const pasteInto = async (row: number, k: number, text: string): Promise<void> => {
    await logit(row, k).focus();
    await view.page.evaluate(`{
      const data = new DataTransfer();
      data.setData('text/plain', ${JSON.stringify(text)});
      document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }`);
  };
  const reruns = async () => {
    await view.page.waitForTimeout(debounce);
    return view.postedOf('rerun');
  };

  it('shows the sample the loss ran on', async () => {
    const texts = await view.page.evaluate('[...document.querySelectorAll(".grid input")].map((input) => input.value)');
    assert.deepEqual(texts, ['1', '2', '3', '1', '4', '2', '1', '0']);
  });

  it('reruns once, some time after the last key, with the whole sample and a number', async () => {
    await logit(0, 2).click();
    await view.page.keyboard.type('-1.5e-1', { delay: 20 });
    assert.deepEqual(await reruns(), [
      {
        type: 'rerun',
        request: 1,
        uri: 'file:///project/losses.py',
        name: 'SmoothCrossEntropyLoss',
        sample: {
          logits: [
            [1, 2, -0.15],
            [4, 2, 1],
          ],
          targets: [1, 0],
        },
        tensors: null,
        smoothing: null,
        baseline: null,
      },
    ]);
    await target(1).fill('2');
    const second = (await reruns())[1]!;
    assert.equal(second.request, 2);
    assert.deepEqual(second.sample!.targets, [1, 2]);
  });

  it('keeps focus, caret and text while answers arrive', async () => {
    await logit(0, 1).click();
    await view.page.keyboard.type('2.50');
    await view.page.keyboard.press('ArrowLeft');
    const [first] = await reruns();
    const answer: Inspection = {
      ...fixture('fill-scatter'),
      value: 0.5,
      sample: { ...fixture('fill-scatter').sample!, ...first!.sample, origin: 'user' },
    };
    await view.show(answer, { request: 1 });
    assert.deepEqual(
      await view.page.evaluate(
        '[document.activeElement.dataset.cell, document.activeElement.value, document.activeElement.selectionStart]',
      ),
      ['logit:0:1', '2.50', 3],
    );
    assert.match(await view.page.locator('tr.own').innerText(), /0\.500000/);
    assert.equal(await view.page.locator('#sample .result').innerText(), 'your code 0.500000');
  });

  it('does not show an older answer over a newer question', async () => {
    await logit(0, 0).fill('7');
    await reruns();
    await logit(0, 0).fill('8');
    await reruns();
    await view.show({ ...fixture('fill-scatter'), value: 0.111 }, { request: 1 });
    assert.match(await view.page.locator('tr.own').innerText(), /0\.913726/);
    await view.show({ ...fixture('fill-scatter'), value: 0.222 }, { request: 2 });
    assert.match(await view.page.locator('tr.own').innerText(), /0\.222000/);
  });

  it('marks a logit that is no finite number, keeps it, and runs nothing', async () => {
    for (const [text, message] of [
      ['abc', 'Logit of sample 1, class 2: “abc” is not a number'],
      ['', 'Logit of sample 1, class 2 is empty'],
      ['nan', 'Logit of sample 1, class 2: “nan” must be finite'],
      ['-inf', 'Logit of sample 1, class 2: “-inf” must be finite'],
      ['1e999', 'Logit of sample 1, class 2: “1e999” must be finite'],
    ] as const) {
      await logit(1, 2).fill(text);
      assert.equal(await logit(1, 2).inputValue(), text);
      assert.equal(await logit(1, 2).getAttribute('aria-invalid'), 'true');
      const describedBy = (await logit(1, 2).getAttribute('aria-describedby'))!;
      assert.equal(await view.page.locator(`[id="${describedBy}"]`).innerText(), message);
    }
    assert.deepEqual(await reruns(), []);
    assert.equal(await logit(0, 0).inputValue(), '1');
    await logit(1, 2).fill('5');
    assert.equal((await reruns()).length, 1);
    assert.equal(await view.page.locator('[aria-invalid]').count(), 0);
  });

  it('marks a target that is no class', async () => {
    for (const [text, message] of [
      ['3', 'is not one of the classes'],
      ['-1', 'is not one of the classes'],
      ['0.5', 'must be a whole number'],
    ] as const) {
      await target(0).fill(text);
      assert.match(await view.page.getByRole('alert').innerText(), new RegExp(`Target of sample 0: “${text}” ${message}`));
    }
    assert.deepEqual(await reruns(), []);
  });

  it('takes a target that is the ignored one', async () => {
    await view.page.getByLabel('Ignored target').fill('-100');
    await target(0).fill('-100');
    const last = (await reruns()).at(-1)!;
    assert.deepEqual([last.sample!.ignoreIndex, last.sample!.targets], [-100, [-100, 0]]);
  });

  it('an answer from the editor does not wipe what is being typed', async () => {
    await logit(0, 0).fill('1.2.3');
    await view.show({ ...fixture('fill-scatter'), value: 0.75 });
    assert.equal(await logit(0, 0).inputValue(), '1.2.3');
    assert.match(await view.page.locator('tr.own').innerText(), /0\.750000/);
  });

  it('another loss brings its own sample', async () => {
    await logit(0, 0).fill('9');
    await view.show(fixture('many-classes'));
    assert.equal(await view.page.locator('.grid input').count(), 5 * 15);
  });

  it('adds and removes samples and classes', async () => {
    await view.page.getByRole('button', { name: 'Add sample' }).click();
    await view.page.getByRole('button', { name: 'Add class', exact: true }).click();
    assert.deepEqual((await reruns()).at(-1)!.sample, {
      logits: [
        [1, 2, 3, 0],
        [4, 2, 1, 0],
        [1, 4, 2, 0],
      ],
      targets: [1, 0, 1],
    });
    await view.page.getByRole('button', { name: 'Remove sample 0' }).click();
    await view.page.getByRole('button', { name: 'Remove class 1' }).click();
    assert.deepEqual((await reruns()).at(-1)!.sample, {
      logits: [
        [4, 1, 0],
        [1, 2, 0],
      ],
      targets: [0, 1],
    });
  });

  it('adds class weights', async () => {
    await view.page.getByRole('button', { name: 'Add class weights' }).click();
    await view.page.getByLabel('Weight of class 2').fill('0.25');
    assert.deepEqual((await reruns()).at(-1)!.sample!.classWeights, [1, 1, 0.25]);
    await view.page.getByRole('button', { name: 'Drop class weights' }).click();
    // Back to what the file says.
    assert.equal((await reruns()).at(-1)!.sample, null);
  });

  it('takes [[…]] as the whole of the logits', async () => {
    await pasteInto(1, 1, 'tensor([[0.5, -1.0],\n        [2.0, 1e-3],\n        [3.0, 4.0]])');
    assert.deepEqual((await reruns()).at(-1)!.sample, {
      logits: [
        [0.5, -1],
        [2, 0.001],
        [3, 4],
      ],
      targets: [1, 0, 0],
    });
  });

  it('takes a spreadsheet’s block from the cell on, growing the grid', async () => {
    await pasteInto(1, 2, '7\t8\n9\t10\n');
    // What the block did not cover is empty, marked, and waits.
    assert.equal(await logit(2, 2).inputValue(), '9');
    assert.equal(await view.page.locator('.grid [aria-invalid="true"]').count(), 3);
    assert.deepEqual(await reruns(), []);
  });

  it('pastes one number as plain text', async () => {
    await logit(0, 0).focus();
    const prevented = await view.page.evaluate(`{
      const data = new DataTransfer();
      data.setData('text/plain', '12');
      !document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }`);
    assert.equal(prevented, false);
  });

  it('smooths by the slider and by the field, and marks ε outside [0, 1)', async () => {
    await view.page.getByLabel('Smoothing ε, slider').fill('0.2');
    assert.equal((await reruns()).at(-1)!.smoothing, 0.2);
    const field = view.page.locator('vscode-text-field input');
    assert.equal(await field.inputValue(), '0.2');
    await field.fill('0.333');
    assert.equal((await reruns()).at(-1)!.smoothing, 0.333);
    await field.fill('1');
    assert.match(await view.page.getByRole('alert').innerText(), /Smoothing ε: “1” must be at least 0 and below 1/);
    assert.equal((await reruns()).length, 2);
    await view.page.getByRole('button', { name: 'as in the code' }).click();
    assert.equal((await reruns()).at(-1)!.smoothing, null);
    assert.equal(await field.inputValue(), '0.1');
  });

  it('resets to the editor’s sample', async () => {
    await logit(0, 0).fill('nonsense');
    await view.page.getByRole('button', { name: 'Reset' }).click();
    assert.equal((await view.postedOf('resetSample')).length, 1);
    assert.equal(await logit(0, 0).inputValue(), '1');
  });

  it('says when a sample cannot tell formulations apart, and takes one that can', async () => {
    await view.show(fixture('degenerate'), { uri: 'file:///project/other.py' });
    assert.match(await view.page.locator('.honest').innerText(), /cannot tell all formulations apart\. In every row the mean/);
    await view.page.getByRole('button', { name: 'Use a sample that can' }).click();
    assert.deepEqual((await reruns()).at(-1)!.sample, fixture('degenerate').sample!.betterSample);
  });

  it('walks the grid by the arrow keys', async () => {
    const at = () => view.page.evaluate('document.activeElement.dataset.cell');
    await logit(0, 0).focus();
    await view.page.keyboard.press('ArrowRight');
    assert.equal(await at(), 'logit:0:1');
    await view.page.keyboard.press('ArrowDown');
    assert.equal(await at(), 'logit:1:1');
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press('ArrowRight');
    assert.equal(await at(), 'target:1');
    await view.page.keyboard.press('ArrowUp');
    assert.equal(await at(), 'target:0');
    await view.page.keyboard.press('ArrowLeft');
    await view.page.keyboard.press('Enter');
    assert.equal(await at(), 'logit:1:2');
  });

  it('keeps a draft with a mistake across a reload', async () => {
    await logit(0, 1).fill('oops');
    await view.reload();
    assert.equal(await logit(0, 1).inputValue(), 'oops');
    assert.match(await view.page.locator('tr.own').innerText(), /0\.913726/);
  });
});
