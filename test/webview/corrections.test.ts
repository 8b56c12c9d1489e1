/** Saying otherwise how a loss is run, in the panel: by keyboard, in both languages, in every theme; what cannot be run is not sent. */
import assert from 'node:assert/strict';
import type { Corrections, Inspection, RunInput } from '../../src/inspection';
import { fixture, openView, startHarness, stopHarness, type OpenOptions, type OpenView } from './harness';

const base = fixture('fill-scatter');
const assumption = { kind: 'assumption', chain: [], reason: 'the program was not seen to pass it' } as const;
const person = { kind: 'person', chain: [] } as const;
const called = ['logits', 'probabilities', 'indices', 'oneHot', 'mask', 'weight', 'smoothing', 'value'] as const;
const inputs: readonly RunInput[] = [
  { name: 'smoothing', role: 'smoothing', value: 0.1, as: 'smoothing', choices: ['smoothing', 'value', 'default'], source: assumption },
  { name: 'K', role: 'classes', value: 3, source: assumption },
  { name: 'logits', role: 'logits', parameter: 'scores', shape: [2, 3], as: 'logits', layout: 'rows', choices: called, source: assumption },
  { name: 'targets', role: 'targets', parameter: 'gold', shape: [2], as: 'indices', choices: called, source: assumption },
  { name: 'kept', role: 'parameter', value: 1, as: 'value', choices: called, source: assumption },
  { name: 'how', role: 'parameter', value: 'mean', as: 'default', isDefault: true, choices: ['value', 'default'], source: person },
];
const corrected: Corrections = { parameters: [{ name: 'kept', as: 'mask' }], layout: 'sequences', classes: 3 };
const chosen: readonly RunInput[] = inputs.map((input) =>
  input.name === 'kept' ? { name: 'kept', role: 'parameter', shape: [2], as: 'mask', choices: called, source: person } : input,
);

describe('webview: corrections', function () {
  this.timeout(60_000);
  before(startHarness);
  after(stopHarness);

  const opened = async (options: OpenOptions = {}, change: Partial<Inspection> = { inputs }): Promise<OpenView> => {
    const view = await openView({ width: 360, ...options });
    await view.show({ ...base, ...change });
    return view;
  };
  const begin = async (view: OpenView, name = 'Correct…'): Promise<void> => {
    await view.page.getByRole('button', { name }).click();
  };
  /** Of the toolkit’s dropdown. */
  const choose = async (view: OpenView, label: string, option: string): Promise<void> => {
    const box = view.page.getByRole('combobox', { name: label });
    await box.click();
    await view.page.getByRole('option', { name: option, exact: true }).click();
  };

  it('stands below what the loss was run with, closed at first', async () => {
    const view = await opened();
    assert.equal(await view.page.locator('.corrections').count(), 0);
    await begin(view);
    const names = await view.page.locator('.corrections .name').allInnerTexts();
    assert.deepEqual(names, ['smoothing', 'scores', 'gold', 'kept', 'how', 'axes', 'K']);
    await begin(view, 'Done');
    assert.equal(await view.page.locator('.corrections').count(), 0);
    await view.close();
  });

  it('is not there where nothing can be said', async () => {
    const view = await opened({}, { inputs: [inputs[1]!] });
    assert.equal(await view.page.getByRole('button', { name: 'Correct…' }).count(), 0);
    await view.close();
  });

  it('sends a role, an axis and a number of classes', async () => {
    const view = await opened();
    await begin(view);
    await choose(view, 'What scores is', 'predictions: probabilities');
    await choose(view, 'Axes of the predictions', '[N, K, 1], classes first');
    const classes = view.page.getByRole('textbox', { name: 'number of classes' });
    await classes.fill('7');
    await classes.press('Enter');
    const sent = (await view.postedOf('correct')).map(({ corrections: said, name }) => [name, said]);
    assert.deepEqual(sent, [
      [base.name, { parameters: [{ name: 'scores', as: 'probabilities' }] }],
      [base.name, { layout: 'classesFirst' }],
      [base.name, { classes: 7 }],
    ]);
    await view.close();
  });

  it('sends a value when it is finished, by keyboard alone', async () => {
    const view = await opened();
    await view.page.getByRole('button', { name: 'Correct…' }).focus();
    await view.page.keyboard.press('Enter');
    const value = view.page.getByRole('textbox', { name: 'Value of smoothing' });
    await value.focus();
    await value.fill('0.2');
    assert.deepEqual(await view.postedOf('correct'), []);
    await view.page.keyboard.press('Enter');
    assert.deepEqual(
      (await view.postedOf('correct')).map(({ corrections: said }) => said),
      [{ parameters: [{ name: 'smoothing', as: 'smoothing', value: '0.2' }] }],
    );
    await view.close();
  });

  it('sends no value that is none, and says why', async () => {
    const view = await opened();
    await begin(view);
    for (const [label, text, why] of [
      ['Value of smoothing', '1.5', /from 0 to less than 1/],
      ['Value of kept', 'f(1)', /A number, a word/],
      ['number of classes', '2.5', /whole number/],
    ] as const) {
      const field = view.page.getByRole('textbox', { name: label });
      await field.fill(text);
      await field.press('Enter');
      assert.match((await view.page.locator('.corrections .refused').allInnerTexts()).join(), why);
      assert.equal(await field.inputValue(), text);
    }
    assert.deepEqual(await view.postedOf('correct'), []);
    await view.close();
  });

  it('asks for the value of what is said to be one, and sends it then', async () => {
    const view = await opened();
    await begin(view);
    await choose(view, 'What gold is', 'value');
    assert.deepEqual(await view.postedOf('correct'), []);
    const value = view.page.getByRole('textbox', { name: 'Value of gold' });
    await value.fill('None');
    await value.press('Enter');
    assert.deepEqual(
      (await view.postedOf('correct')).map(({ corrections: said }) => said),
      [{ parameters: [{ name: 'gold', as: 'value', value: 'None' }] }],
    );
    await view.close();
  });

  it('what is typed stays when the numbers come anew', async () => {
    const view = await opened();
    await begin(view);
    const value = view.page.getByRole('textbox', { name: 'Value of kept' });
    await value.fill('0.');
    await view.show({ ...base, inputs });
    assert.equal(await value.inputValue(), '0.');
    await view.close();
  });

  it('takes back one thing, or all', async () => {
    const view = await opened({}, { inputs: chosen, corrected, dropped: ['gone'] });
    assert.match(await view.page.locator('.run-with').innerText(), /kept \[2\]\s+mask chosen by you/);
    await begin(view);
    for (const name of ['kept', 'axes', 'K'])
      await view.page.getByRole('button', { name: `Take back what you said of ${name}`, exact: true }).click();
    await view.page.getByRole('button', { name: 'Forget it' }).click();
    await view.page.getByRole('button', { name: 'Reset all' }).click();
    assert.deepEqual(
      (await view.postedOf('resetCorrections')).map(({ of }) => of),
      [{ kind: 'parameter', name: 'kept' }, { kind: 'layout' }, { kind: 'classes' }, { kind: 'parameter', name: 'gone' }, null],
    );
    await view.close();
  });

  it('is there for a loss that did not run', async () => {
    const problem = { type: 'exception', message: 'TypeError: no', range: null } as const;
    const view = await opened({}, { inputs, status: 'error', problem, measured: null, value: null });
    await begin(view);
    assert.equal(await view.page.getByRole('combobox', { name: 'What kept is' }).count(), 1);
    await view.close();
  });

  for (const [name, options] of [
    ['dark', { theme: 'dark-modern' }],
    ['light', { theme: 'light-modern' }],
    ['contrast', { theme: 'high-contrast' }],
    ['narrow', { width: 260 }],
    ['wide', { width: 1000, place: 'editor' }],
    ['chinese', { language: 'zh-cn' }],
  ] as const)
    it(`fits, ${name}`, async () => {
      const view = await opened(options, { inputs: chosen, corrected, dropped: ['gone'] });
      await begin(view, name === 'chinese' ? '更正…' : 'Correct…');
      if (name === 'chinese') {
        assert.match(await view.page.getByRole('heading', { level: 1 }).innerText(), /^按你的指定：kept: 掩码，/);
        assert.equal(await view.page.getByRole('combobox', { name: 'kept 的含义' }).count(), 1);
      }
      const field = view.page.locator('.corrections vscode-text-field').last().locator('input');
      await field.fill('x');
      assert.equal(await view.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0);
      assert.deepEqual(view.errors, []);
      await view.page.locator('#run-with').screenshot({ path: `dist/screenshots/corrections-${name}.png` });
      await view.close();
    });
});
