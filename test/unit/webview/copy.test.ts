import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Inspection } from '../../../src/inspection';
import { copyText, type CopyFormat } from '../../../webview/copy';
import { rowsOf } from '../../../webview/model';
import { stringsFor } from '../../../webview/strings';

const inspection = JSON.parse(readFileSync('test/fixtures/inspection/fill-scatter.json', 'utf8')) as Inspection;
const words = stringsFor('en');
const textOrNull = (format: CopyFormat, of = inspection, language = words): string | null =>
  copyText(format, 'losses.py', of, rowsOf(of, language.yourCode), language);
const copied = (format: CopyFormat, of = inspection, language = words): string => {
  const text = textOrNull(format, of, language);
  assert.ok(text !== null);
  return text;
};

describe('an inspection copied as text', () => {
  it('Markdown: every table row has as many cells as its head, whatever the texts hold', () => {
    const tricky = { ...inspection, comparisons: inspection.comparisons.map((c) => ({ ...c, detail: 'a | b\nc' })) };
    const lines = copied('markdown', tricky)
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.includes('0.'));
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    assert.ok(lines.length >= 7);
    assert.deepEqual(new Set(lines.map(cells)), new Set([9]));
  });

  it('Markdown: verdict, formula, facts, findings, comparison and sample', () => {
    const text = copied('markdown');
    for (const part of [
      inspection.measured!.verdict,
      '$$L = \\frac{1}{N}',
      '- on: 0.9',
      '**Warning**',
      '| your code | 0.913726 | baseline |',
      '| 1 | 4 | 2 | 1 | 0 |',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it('Markdown: what the code could be, and what it is in torch', () => {
    const text = copied('markdown');
    for (const part of [
      '- Replace by nn.CrossEntropyLoss(label_smoothing=0.15) (keeps the numbers): Value and gradient agree',
      '- Smooth as torch does: ε/K for every class (changes the numbers): The off value',
      '- Not offered: Mask before scatter_: The loss has no ignored rows',
      'In torch:\n\n```python\nloss = torch.nn.CrossEntropyLoss(label_smoothing=0.15)\nvalue = loss(logits, targets)\n```\n\nValue and gradient agree',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });

  it('Markdown: code that holds a fence is fenced with a longer one', () => {
    const code = 'text = "```"';
    const translations = { ...inspection.translations!, builtin: { code, note: '' } };
    assert.match(copied('markdown', { ...inspection, translations }), /^````python\ntext = "```"\n````$/m);
  });

  it('other code is copied as it is, and not at all where there is none', () => {
    assert.equal(copied('pytest'), inspection.translations!.pytest.code);
    assert.equal(copied('builtin'), inspection.translations!.builtin.code);
    assert.equal(textOrNull('tfjs'), null);
    assert.equal(textOrNull('pytest', { ...inspection, translations: null }), null);
  });

  it('compared with a formulation, the tables say so', () => {
    const own = { ...inspection.comparisons[1]!, difference: 0.041667, detail: 'Equal to the baseline at its ε′ = 0.15.' };
    const second = inspection.comparisons[1]!;
    const baseline = { formulation: second.formulation, title: second.title, smoothing: 0.1, own, comparisons: inspection.comparisons };
    const text = copied('markdown', { ...inspection, baseline });
    assert.match(text, /\| Relation to the baseline \|/);
    assert.match(text, /\| your code \| 0\.913726 \| \+0\.041667 \|.*Equal to the baseline at its ε′ = 0\.15\./);
    assert.match(text, /\| Uniform mixture \(timm, torch\) \| 0\.872059 \| baseline \|/);
  });

  it('JSON is the Inspection', () => {
    assert.deepEqual(JSON.parse(copied('json')), inspection);
  });

  it('CSV: a line per row, full precision, commas quoted', () => {
    const lines = copied('csv').trimEnd().split('\n');
    assert.equal(
      lines[0],
      'formulation,smoothing,value,difference,relative_difference,ulp,gradient_difference,relation,detail,sample_0,sample_1',
    );
    assert.equal(lines.length, 1 + 1 + inspection.comparisons.length);
    assert.match(lines[3]!, /^"Uniform mixture \(timm, torch\)",0\.1,0\.8720593452453613,/);
  });

  it('in Chinese too', () => {
    assert.match(copied('markdown', inspection, stringsFor('zh-cn')), /\| 你的代码 \| 0\.913726 \| 基准 \|/);
  });
});
