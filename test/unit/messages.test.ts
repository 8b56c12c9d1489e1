import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { isInspection, parseToEditor, parseToView } from '../../src/editor/messages';
import type { Inspection } from '../../src/inspection';

const folder = 'test/fixtures/inspection';
const inspections = readdirSync(folder).map((name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Inspection);
const show = { type: 'show', request: 1, uri: 'file:///a.py', file: 'a.py', inspection: inspections[0]!, others: [], following: true };

const rerun = { type: 'rerun', request: 1, uri: 'u', name: 'n', sample: null, tensors: null, smoothing: null, baseline: null };

type Path = readonly (string | number)[];
/** Every place in a value of JSON. */
function* places(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) yield* places(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}
function changed(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  const copy = structuredClone(value) as Record<string | number, unknown>;
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

describe('messages between editor and page', () => {
  it('takes every inspection of the fixtures', () => {
    for (const inspection of inspections) assert.equal(isInspection(inspection), true, inspection.name);
  });

  it('takes each message of both directions', () => {
    for (const message of [
      show,
      { type: 'busy', uri: 'u', name: null },
      { type: 'outdated', reason: 'r' },
      { type: 'empty', reason: 'r' },
      { type: 'failed', request: 3, reason: 'r' },
    ]) {
      assert.deepEqual(parseToView(message), message);
    }
    const sample = { logits: [[1, 2]], targets: [0] };
    const range = inspections[0]!.range;
    for (const message of [
      { type: 'ready', version: 1 },
      { type: 'inspect' },
      { type: 'rerun', request: 1, uri: 'u', name: 'n', sample, tensors: null, smoothing: null, baseline: null },
      { type: 'rerun', request: 2, uri: 'u', name: 'n', sample: null, tensors: null, smoothing: 0.2, baseline: 'uniform-mixture' },
      { ...rerun, tensors: { scores: [[1, 2.5]], margin: 0.5, cube: [[[1], [2]]] } },
      { type: 'openRule', rule: 'target-mass' },
      { type: 'resetSample', uri: 'u', name: 'n' },
      { type: 'correct', uri: 'u', name: 'n', corrections: { parameters: [{ name: 'x', as: 'mask' }] } },
      { type: 'correct', uri: 'u', name: 'n', corrections: { parameters: [{ name: 'x', value: '[1, 2]' }], layout: 'images', classes: 9 } },
      { type: 'resetCorrections', uri: 'u', name: 'n', of: null },
      { type: 'resetCorrections', uri: 'u', name: 'n', of: { kind: 'parameter', name: 'x' } },
      { type: 'resetCorrections', uri: 'u', name: 'n', of: { kind: 'layout' } },
      { type: 'select', uri: 'u', name: 'n' },
      { type: 'reveal', uri: 'u', start: 1, end: 2 },
      { type: 'applyFix', uri: 'u', edits: [{ range, newText: '' }] },
      { type: 'copy', text: '' },
      { type: 'follow', follow: true },
      { type: 'openInEditor' },
    ]) {
      assert.deepEqual(parseToEditor(message), message);
    }
  });

  for (const message of [
    null,
    undefined,
    1,
    'show',
    [],
    {},
    { type: 'toString' },
    { type: '__proto__' },
    { type: 'rerun' },
    { type: 'reveal', uri: 'u', start: NaN, end: 2 },
    { type: 'copy', text: 5 },
    { type: 'correct', uri: 'u', name: 'n', corrections: {} },
    { type: 'correct', uri: 'u', name: 'n', corrections: { parameters: [{ name: 'x', as: 'gold' }] } },
    { type: 'correct', uri: 'u', name: 'n', corrections: { parameters: [{ name: 'x', value: 'import os' }] } },
    { type: 'correct', uri: 'u', name: 'n', corrections: { parameters: [{ name: '', value: '1' }] } },
    { type: 'correct', uri: 'u', name: 'n', corrections: { parameters: [{ name: 'x', as: 'mask', value: '1' }] } },
    { type: 'correct', uri: 'u', name: 'n', corrections: { layout: 'diagonal' } },
    { type: 'correct', uri: 'u', name: 'n', corrections: { classes: 2.5 } },
    { type: 'resetCorrections', uri: 'u', name: 'n', of: { kind: 'everything' } },
    { type: 'resetCorrections', uri: 'u', name: 'n', of: { kind: 'parameter' } },
  ]) {
    it(`refuses ${message === undefined ? 'undefined' : JSON.stringify(message)}`, () => {
      assert.equal(parseToEditor(message), null);
      assert.equal(parseToView(message), null);
    });
  }

  for (const [what, tensors] of [
    ['a number that is not finite', { scores: [[1, NaN]] }],
    ['text', { scores: [['1']] }],
    ['lists of different lengths', { scores: [[1, 2], [3]] }],
    ['numbers beside lists', { scores: [1, [2]] }],
    ['a list for an object', [[1, 2]]],
    ['a name that is too long', { ['x'.repeat(201)]: 1 }],
    ['a tensor that is too deep', { scores: [[[[[[[[[1]]]]]]]]] }],
    ['more numbers than anybody edits', { scores: Array.from({ length: 400 }, () => Array.from({ length: 400 }, () => 1)) }],
    ['a missing field', undefined],
  ] as const) {
    it(`refuses tensors with ${what}`, () => {
      assert.ok(parseToEditor(rerun));
      assert.equal(parseToEditor({ ...rerun, tensors }), null);
    });
  }

  it('refuses an inspection with any one field replaced by something of another type', () => {
    const all = [...places(show)];
    fc.assert(
      fc.property(fc.constantFrom(...all), (path) => {
        // A function is no value of any field.
        assert.equal(parseToView(changed(show, path, () => 1)), null, path.join('.'));
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a sample whose numbers are not finite', () => {
    for (const rule of ['../secret', 'a/b', 'A', '', 1]) assert.equal(parseToEditor({ type: 'openRule', rule }), null);
    const rerun = { type: 'rerun', request: 1, uri: 'u', name: 'n', tensors: null, smoothing: null, baseline: null };
    assert.ok(parseToEditor({ ...rerun, sample: { logits: [[1]], targets: [0] } }));
    assert.equal(parseToEditor({ ...rerun, baseline: 3, sample: { logits: [[1]], targets: [0] } }), null);
    assert.equal(parseToEditor({ ...rerun, sample: { logits: [[NaN]], targets: [0] } }), null);
    assert.equal(parseToEditor({ ...rerun, sample: { logits: [['1']], targets: [0] } }), null);
  });
});
