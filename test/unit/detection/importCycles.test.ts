import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Workspace } from '../../../src/workspace';

const files: Readonly<Record<string, string>> = {
  'weights.py': `import weights
import torch.nn as nn
from shares import SHARE

LIMIT = SHARE
criterion = nn.CrossEntropyLoss(label_smoothing=0.15)
`,
  'shares.py': 'from weights import LIMIT\n\nSHARE = LIMIT\n',
};
const workspace: Workspace = { read: (path) => files[path] ?? null };

it('modules that import themselves and each other are read', () => {
  const { losses, problems } = inspect({ file: 'weights.py', path: 'weights.py', text: files['weights.py']! }, () => undefined, workspace);
  assert.deepEqual(problems, []);
  assert.equal(losses[0]?.smoothing, 0.15);
});
