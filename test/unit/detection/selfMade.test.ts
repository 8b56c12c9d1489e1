import assert from 'node:assert/strict';
import { findLosses } from '../../../src/detection/losses';
import { parsePython } from '../../../src/language/python';
import { parseTypeScript } from '../../../src/language/typescript';

const python = 'import torch.nn as nn\nimport torch.nn.functional as F\n';
const body = '    def forward(self, z, t):\n        return F.cross_entropy(z, t, label_smoothing=0.05)\n';
const tfjs = "import * as tf from '@tensorflow/tfjs';\n";
const method = 'run(t: tf.Tensor, z: tf.Tensor) { return tf.losses.softmaxCrossEntropy(t, z, undefined, 0.05); }';

/** Classes that hold an instance of their own class → the losses found, theirs and the others of the file. */
const files: readonly (readonly [name: string, language: 'python' | 'typescript', code: string, losses: readonly string[]])[] = [
  ['in a class attribute', 'python', `${python}class Smooth(nn.Module):\n${body}    shared = Smooth()\n`, ['Smooth']],
  [
    'in each other',
    'python',
    `${python}class P(nn.Module):\n    other = Q()\n${body}class Q:\n    back = P()\n    more = [P(), P()]\ndef plain(z, t):\n    return F.cross_entropy(z, t, label_smoothing=0.2)\n`,
    ['P', 'plain'],
  ],
  ['through a lambda', 'python', `${python}class R(nn.Module):\n${body}    make = lambda: R()\n    made = make()\n`, ['R']],
  ['in a static field', 'typescript', `${tfjs}class Only { static one = new Only(); ${method} }`, ['Only']],
  [
    'in a field',
    'typescript',
    `${tfjs}class Chain { next: Chain | null = tf.ones([1]).size > 2 ? new Chain() : null; ${method} }`,
    ['Chain'],
  ],
];

describe('classes that make themselves', () => {
  for (const [name, language, code, losses] of files) {
    it(name, () => {
      const found = findLosses(language === 'python' ? parsePython(code) : parseTypeScript(code));
      assert.deepEqual(found.map((site) => site.name.replace(/\..*/, '')).sort(), losses);
    });
  }

  it('in every field of many classes, which is read in no time', function () {
    this.timeout(20_000);
    const fields = Array.from({ length: 8 }, (_, k) => `    f${k} = C${k}()\n`).join('');
    const classes = Array.from({ length: 8 }, (_, i) => `class C${i}(nn.Module):\n${fields}${body}`).join('');
    const started = performance.now();
    assert.equal(findLosses(parsePython(python + classes)).length, 8);
    assert.ok(performance.now() - started < 10_000);
  });
});
