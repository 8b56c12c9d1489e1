import assert from 'node:assert/strict';
import { answer } from '../../../src/worker/answer';
import { listing } from '../../../src/worker/work';
import type { Answer, Texts } from '../../../src/worker/work';

const files: Readonly<Record<string, string>> = {
  'pkg/__init__.py': 'from .losses import Smoothed\n',
  'pkg/losses.py': `import torch
from torch import nn
from .rates import RATE
class Smoothed(nn.Module):
    def __init__(self, smoothing=RATE):
        super().__init__()
        self.smoothing = smoothing
    def forward(self, scores, labels):
        logp = scores.log_softmax(1)
        picked = logp.gather(1, labels[:, None]).squeeze(1)
        return -((1 - self.smoothing) * picked + self.smoothing * logp.mean(1)).mean()
`,
  'pkg/rates.py': 'RATE = 0.16\n',
};
const text = 'from pkg import Smoothed\ncriterion = Smoothed()\nsmoother = Smoothed(smoothing=0.26)\n';

const answered = (texts: Texts): Extract<Answer, { type: 'inspected' }> => {
  const given = answer({ id: 1, request: { file: 'run.py', path: 'run.py', text, brief: true }, texts }, () => undefined);
  return given.type === 'inspected' ? given : assert.fail(given.type);
};

describe('a worker that is handed the texts beside a document', () => {
  it('asks for what the imports lead to before it runs anything, and inspects with it', () => {
    let texts: Texts = {};
    const rounds: (readonly string[])[] = [];
    for (let round = 0; round < 10; round++) {
      const { wanted, inspection } = answered(texts);
      if (wanted === undefined) {
        assert.deepEqual(
          inspection.losses.map(({ name, smoothing, measured }) => [name, smoothing, /^Uniform mixture/.test(measured?.verdict ?? '')]),
          [
            ['Smoothed', 0.16, true],
            ['Smoothed #2', 0.26, true],
          ],
        );
        assert.ok(rounds.length >= 2);
        return;
      }
      assert.deepEqual(inspection.losses, []);
      rounds.push(wanted);
      texts = { ...texts, ...Object.fromEntries(wanted.map((path) => [path, files[path] ?? null])) };
    }
    assert.fail(`it still asks after ten rounds: ${rounds.at(-1)?.join()}`);
  });

  const wantedFor = (path: string, code: string, texts: Texts): readonly string[] | undefined => {
    const given = answer({ id: 1, request: { file: path, path, text: code, brief: true }, texts }, () => undefined);
    return given.type === 'inspected' ? given.wanted : assert.fail(given.type);
  };

  it('asks who may import the document, and for nothing else where nothing is imported', () => {
    assert.deepEqual(wantedFor('a.py', 'x = 1\n', {}), [listing]);
    assert.equal(wantedFor('a.py', 'x = 1\n', { [listing]: '' }), undefined);
  });

  it('a class is inspected as the file that imports it builds it', () => {
    const losses = files['pkg/losses.py']!.replace('from .rates import RATE\n', '').replace('=RATE', '=0.0');
    const train = 'from losses import Smoothed\ncriterion = Smoothed(smoothing=0.31)\n';
    const request = { file: 'losses.py', path: 'losses.py', text: losses, brief: true as const };
    let texts: Texts = { [listing]: 'losses.py\ntrain.py' };
    assert.ok(wantedFor('losses.py', losses, texts)?.includes('train.py'));
    for (let round = 0; round < 10; round++) {
      const given = answer({ id: 1, request, texts }, () => undefined);
      if (given.type !== 'inspected') return assert.fail(given.type);
      if (given.wanted === undefined) {
        assert.equal(given.inspection.losses[0]?.smoothing, 0.31);
        return;
      }
      texts = { ...texts, ...Object.fromEntries(given.wanted.map((path) => [path, path === 'train.py' ? train : null])) };
    }
    assert.fail('it still asks after ten rounds');
  });
});
