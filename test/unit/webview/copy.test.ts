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

describe('a loss of another family copied as text', () => {
  const of = (name: string): Inspection => JSON.parse(readFileSync(`test/fixtures/inspection/${name}.json`, 'utf8')) as Inspection;

  it('Markdown: verdict, formula, its numbers, the formulations with theirs, tensors and gradients by name', () => {
    const text = copied('markdown', of('focal'));
    for (const part of [
      '0.4 times focal loss of a softmax, γ = 1.5; mean.',
      '$$\\ell = -(1 - p_y)^\\gamma \\log p_y$$',
      '- family: Focal\n- γ: 1.5\n- reduction: mean\n- factor: 0.4\n',
      '| Focal loss of a softmax, γ = 1.5 | 1.701955 |',
      'scores [4, 5], logits:\n\n```\n[0.459, 2.244, 1.405, 0.776, -0.434]\n',
      'labels [4], class indices:\n\n```\n[1, 0, 2, 3]\n```',
      'Gradient by scores [4, 5]:\n\n```\n[',
    ]) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
  });

  it('Markdown: no word of label smoothing', () => {
    for (const name of ['focal', 'overlap', 'contrastive'])
      for (const language of ['en', 'zh-cn'])
        assert.doesNotMatch(copied('markdown', of(name), stringsFor(language)), /label.smoothing|平滑|ε|\blogit \d/i, name);
  });

  it('Markdown: the mistake that was found', () => {
    assert.match(
      copied('markdown', of('contrastive')),
      /^- \*\*Warning\*\* The similarity of each row with itself .*\(`known-mistake`, line \d+\)$/m,
    );
  });

  it('CSV: the numbers of each formulation in a column of their own', () => {
    const lines = copied('csv', of('preference')).trimEnd().split('\n');
    assert.equal(lines[0], 'formulation,parameters,value,difference,relative_difference,ulp,gradient_difference,relation,detail');
    assert.match(lines[1]!, /^yours,β=0\.2,0\.63395/);
    assert.match(lines[3]!, /^DPO with label smoothing \(cDPO\),β=0\.2; ε=0\.1,0\.65286/);
  });

  it('JSON is the Inspection', () => {
    assert.deepEqual(JSON.parse(copied('json', of('overlap'))), of('overlap'));
  });

  it('in Chinese the verdict is told from its data', () => {
    const text = copied('markdown', of('focal'), stringsFor('zh-cn'));
    assert.match(text, /测得的写法：Focal loss of a softmax 的 0\.4 倍，γ = 1\.5，平均。/);
    assert.match(text, /^- 类别: 焦点损失$/m);
  });
});
