import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Inspection } from '../../../src/inspection';
import { copyText } from '../../../webview/copy';
import { measuredFormula } from '../../../webview/measuredTex';
import { rowsOf } from '../../../webview/model';
import { stringsFor } from '../../../webview/strings';

const inspection = JSON.parse(readFileSync('test/fixtures/inspection/fill-scatter.json', 'utf8')) as Inspection;
const words = stringsFor('en');
const copied = (format: 'Markdown' | 'JSON' | 'CSV', of = inspection, language = words): string =>
  copyText(format, 'losses.py', of, rowsOf(of, language.yourCode), language);

describe('an inspection copied as text', () => {
  it('Markdown: every table row has as many cells as its head, whatever the texts hold', () => {
    const tricky = { ...inspection, comparisons: inspection.comparisons.map((c) => ({ ...c, detail: 'a | b\nc' })) };
    const lines = copied('Markdown', tricky)
      .split('\n')
      .filter((line) => line.startsWith('| ') && line.includes('0.'));
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    assert.ok(lines.length >= 7);
    assert.deepEqual(new Set(lines.map(cells)), new Set([9]));
  });

  it('Markdown: verdict, formula, facts, findings, comparison and sample', () => {
    const text = copied('Markdown');
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

  it('JSON is the Inspection', () => {
    assert.deepEqual(JSON.parse(copied('JSON')), inspection);
  });

  it('CSV: a line per row, full precision, commas quoted', () => {
    const lines = copied('CSV').trimEnd().split('\n');
    assert.equal(
      lines[0],
      'formulation,smoothing,value,difference,relative_difference,ulp,gradient_difference,relation,detail,sample_0,sample_1',
    );
    assert.equal(lines.length, 1 + 1 + inspection.comparisons.length);
    assert.match(lines[3]!, /^"Uniform mixture \(timm, torch\)",0\.1,0\.8720593452453613,/);
  });

  it('in Chinese too', () => {
    assert.match(copied('Markdown', inspection, stringsFor('zh-cn')), /\| 你的代码 \| 0\.913726 \| 基准 \|/);
  });
});

describe('the measured formula', () => {
  const measured = inspection.measured!;
  const tex = (change: Partial<typeof measured>, targets = [1, 0]) => measuredFormula({ ...measured, ...change }, targets);

  it('carries the loss’s own constants', () => {
    assert.deepEqual(
      tex({})?.map((part) => part.replace(/\s+/g, ' ').trim()),
      ['L = \\frac{1}{N} \\sum_{n} \\ell_n', '\\ell_n = - 0.9 \\log p_{n,y_n} - 0.05 \\sum_{k \\ne y_n} \\log p_{n,k}'],
    );
  });
  it('says what it divides by', () => {
    assert.match(tex({ reduction: 'elementMean' })![0]!, /\\frac\{1\}\{N K\}/);
    assert.match(tex({ reduction: 'weightedMean' })![0]!, /w_\{y_n\}/);
    assert.match(tex({ reduction: 'unknown', scale: 0.25 })![0]!, /^L = 0\.25 /);
    assert.equal(tex({ reduction: 'sum' })![0], 'L = \\sum_{n} \\ell_n');
  });
  it('adds the offset with its sign', () => {
    assert.match(tex({ offset: -0.394398 })![1]!, /-0\.394398$/);
    assert.match(tex({ offset: 2 })![1]!, /\+ 2$/);
  });
  it('leaves out what is zero, names what is padding, and gives no constants where there are none', () => {
    const hard = [
      [0, 1, 0],
      [1, 0, 0],
    ];
    assert.doesNotMatch(tex({ onValue: 1, offValue: 0, targetDistribution: hard })![1]!, /sum/);
    assert.match(
      tex({
        paddingIndex: 2,
        targetDistribution: [
          [0.05, 0.9, 0],
          [0.9, 0.05, 0],
        ],
      })![1]!,
      /k \\ne 2/,
    );
    assert.match(
      tex({
        targetDistribution: [
          [0.2, 0.7, 0.1],
          [0.6, 0.3, 0.1],
        ],
      })![1]!,
      /q_\{n,k\}/,
    );
  });
  it('is none where the loss is not affine', () => {
    assert.equal(tex({ affine: false }), null);
  });
});
