/** A loss is known again after edits that move it, and never taken for another. */
import assert from 'node:assert/strict';
import { siteKeys } from '../../../src/detection/siteKeys';
import { studyPrograms } from '../../../src/detection/losses';
import { readDocument } from '../../../src/language/document';

function keysOf(text: string, file = 'a.py'): readonly string[] {
  const { programs } = readDocument(text, file);
  const [studied] = studyPrograms(programs);
  const sites = studied!.map(({ site }) => site);
  const keys = siteKeys(programs[0]!, sites);
  return sites.map((site) => keys.get(site)!);
}

const head = 'import torch.nn as nn\nimport torch.nn.functional as F\n';
const trainer = `class Trainer:
    def __init__(self):
        self.criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
`;
const plain = `def plain(x, y, eps=0.1):
    return F.cross_entropy(x, y, label_smoothing=eps)
`;
const later = `class Later:
    def build(self):
        return nn.CrossEntropyLoss(label_smoothing=0.2)
`;

describe('keys of losses', () => {
  const all = keysOf(head + trainer + plain + later);

  it('are of the name and what stands around it', () => {
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.includes('Trainer.__init__/CrossEntropyLoss'), all.join());
    assert.ok(all.includes('Later.build/CrossEntropyLoss'), all.join());
    assert.ok(all.includes('plain'), all.join());
  });

  for (const [what, text] of [
    ['lines above', `${head}# one\n\n\nUNUSED = 3\n${trainer}${plain}${later}`],
    ['another order', head + later + plain + trainer],
  ] as const)
    it(`stay with ${what}`, () => {
      assert.deepEqual([...keysOf(text)].sort(), [...all].sort());
    });

  it('of those that share both are counted', () => {
    const text = `${head}def build():\n    a = nn.CrossEntropyLoss(label_smoothing=0.1)\n    b = nn.CrossEntropyLoss(label_smoothing=0.2)\n    return a, b\n`;
    assert.deepEqual(keysOf(text), ['build/CrossEntropyLoss', 'build/CrossEntropyLoss#2']);
  });

  it('go with the name', () => {
    assert.ok(!keysOf(head + plain.replace('def plain', 'def renamed')).includes('plain'));
  });
});
