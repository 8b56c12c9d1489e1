/** Inspections of files of one small project each. */
import assert from 'node:assert/strict';
import { inspect } from '../../src/inspect';
import type { FileInspection, Inspection } from '../../src/inspection';
import { workspaceOf } from './modules/workspaceOf';

type Files = Readonly<Record<string, string>>;

const inspected = (files: Files, path: string): FileInspection =>
  inspect({ file: path, path, text: files[path]!, brief: true }, undefined, workspaceOf(files));

function only(files: Files, path: string): Inspection {
  const { losses, problems } = inspected(files, path);
  assert.equal(losses.length, 1, `${losses.map(({ name }) => name).join()} ${problems.map(({ message }) => message).join()}`);
  return losses[0]!;
}

const head = 'import torch\nimport torch.nn.functional as F\nfrom torch import nn\n';

const spread = `${head}
class Spread(nn.Module):
    def __init__(self, classes, smoothing=0.0):
        super().__init__()
        self.classes, self.smoothing = classes, smoothing
    def forward(self, scores, labels):
        logp = scores.log_softmax(-1)
        q = torch.full_like(logp, self.smoothing / (self.classes - 1))
        q.scatter_(1, labels[:, None], 1 - self.smoothing)
        return -(q * logp).sum(-1).mean()
`;

const mixed = `${head}
def mixed(scores, labels, amount=0.3):
    logp = F.log_softmax(scores, -1)
    return -((1 - amount) * logp.gather(1, labels[:, None]).squeeze(1) + amount * logp.mean(1)).mean()
`;

interface Case {
  readonly what: string;
  readonly files: Files;
  readonly path: string;
  readonly name: string;
  readonly kind: Inspection['kind'];
  readonly verdict: RegExp;
  readonly smoothing: number | null;
  readonly classes?: number;
}

const cases: readonly Case[] = [
  {
    what: 'a class of another file, made by a call',
    files: { 'losses.py': spread, 'run.py': 'from losses import Spread\ncriterion = Spread(6, smoothing=0.18)\n' },
    path: 'run.py',
    name: 'Spread',
    kind: 'call',
    verdict: /^Fill\/scatter with ε = 0\.18:/,
    smoothing: 0.18,
    classes: 6,
  },
  {
    what: 'through a package that hands it on, with constants of a third file',
    files: {
      'lib/__init__.py': 'from .spread import Spread as Loss\n',
      'lib/spread.py': spread,
      'settings.py': 'KINDS = 8\nAMOUNT = 0.07\n',
      'run.py': 'import lib\nimport settings\ncriterion = lib.Loss(settings.KINDS, settings.AMOUNT)\n',
    },
    path: 'run.py',
    name: 'Loss',
    kind: 'call',
    verdict: /^Fill\/scatter with ε = 0\.07:/,
    smoothing: 0.07,
    classes: 8,
  },
  {
    what: 'a function of another file, called where it is used',
    files: {
      'losses.py': mixed,
      'run.py': 'from losses import mixed\ndef step(model, x, y):\n    return mixed(model(x), y, amount=0.22)\n',
    },
    path: 'run.py',
    name: 'mixed',
    kind: 'call',
    verdict: /^Uniform mixture with ε = 0\.22:/,
    smoothing: 0.22,
  },
  {
    what: 'a call that leaves the factor to the definition',
    files: { 'losses.py': mixed, 'run.py': 'from losses import *\ndef step(model, x, y):\n    return mixed(model(x), y)\n' },
    path: 'run.py',
    name: 'mixed',
    kind: 'call',
    verdict: /^Uniform mixture with ε = 0\.3:/,
    smoothing: 0.3,
  },
  {
    what: 'a class whose base stands in another file',
    files: {
      'base.py': `${head}
class Base(nn.Module):
    def __init__(self, amount=0.24):
        super().__init__()
        self.amount = amount
    def blend(self, logp, labels):
        picked = logp.gather(1, labels[:, None]).squeeze(1)
        return -(1 - self.amount) * picked - self.amount * logp.mean(1)
`,
      'loss.py':
        'import torch.nn.functional as F\nfrom base import Base\nclass Mine(Base):\n    def forward(self, scores, labels):\n        return self.blend(F.log_softmax(scores, 1), labels).sum()\n',
    },
    path: 'loss.py',
    name: 'Mine',
    kind: 'class',
    verdict: /^Uniform mixture with ε = 0\.24:.*sum/,
    smoothing: 0.24,
  },
  {
    what: 'a helper that makes the targets, and a constant',
    files: {
      'pkg/__init__.py': '',
      'pkg/targets.py': `${head}
KEPT = 0.86
def soften(labels, k):
    hot = F.one_hot(labels, k).float()
    return hot * KEPT + (1 - hot) * (1 - KEPT) / (k - 1)
`,
      'pkg/loss.py': `${head}
from .targets import soften
from . import targets
def loss(scores, labels):
    return -(soften(labels, scores.shape[1]) * scores.log_softmax(1)).sum(1).mean() * (targets.KEPT / 0.86)
`,
    },
    path: 'pkg/loss.py',
    name: 'loss',
    kind: 'function',
    verdict: /^Fill\/scatter with ε = 0\.14:/,
    smoothing: null,
  },
];

describe('losses across the files of a project', () => {
  for (const { what, files, path, name, kind, verdict, smoothing, classes } of cases)
    it(what, () => {
      const loss = only(files, path);
      assert.deepEqual([loss.name, loss.kind, loss.status, loss.problem?.message ?? null], [name, kind, 'measured', null]);
      assert.match(loss.measured!.verdict, verdict);
      if (smoothing !== null) assert.equal(loss.smoothing, smoothing);
      if (classes !== undefined) assert.equal(loss.classes, classes);
    });

  it('steps and constants name the file they stand in', () => {
    const files = cases[4]!.files;
    const loss = only(files, 'loss.py');
    assert.deepEqual(
      loss.smoothingConstants.map(({ name, value, range }) => [name, value, range.file, range.line]),
      [['amount', 0.24, 'base.py', 6]],
    );
    assert.deepEqual(
      loss.steps.map(({ label, range, code }) => [label, range.file ?? 'loss.py', range.line, code.split(' ')[0]]),
      [
        ['picked', 'base.py', 10, 'picked'],
        ['return', 'base.py', 11, 'return'],
        ['return', 'loss.py', 5, 'return'],
      ],
    );
  });

  it('an error in another file is shown there', () => {
    const files = {
      'losses.py': spread.replace('q = torch.full_like', 'q = torch.absent_like'),
      'run.py': 'from losses import Spread\ncriterion = Spread(4, smoothing=0.1)\n',
    };
    const loss = only(files, 'run.py');
    assert.equal(loss.status, 'error');
    assert.deepEqual([loss.problem?.range?.file, loss.problem?.range?.line], ['losses.py', 11]);
  });

  it('what another file computes is not rewritten from here', () => {
    const files = { ...cases[4]!.files, 'inherits.py': 'from loss import Mine\nclass Same(Mine):\n    """Smoothed loss."""\n' };
    const { losses } = inspect({ file: 'inherits.py', path: 'inherits.py', text: files['inherits.py'] }, undefined, workspaceOf(files));
    for (const loss of losses) {
      const edits = [
        ...loss.rewrites.flatMap((r) => (r.kind === 'offered' ? r.edits : [])),
        ...loss.findings.flatMap(({ fix }) => fix?.edits ?? []),
      ];
      assert.deepEqual(edits, []);
    }
  });

  it('without the other file, it is as unknown as a library', () => {
    const loss = inspected({ 'run.py': 'from losses import Spread\ncriterion = Spread(6, smoothing=0.18)\n' }, 'run.py').losses[0];
    assert.ok(loss === undefined || loss.status === 'unsupported');
  });

  it('a class of another file that is no smoothing loss is no site', () => {
    const files = {
      'parts.py': `${head}\nclass Head(nn.Module):\n    def __init__(self, smoothing=0.1):\n        super().__init__()\n        self.decay = 1 - smoothing\n    def forward(self, x):\n        return x * self.decay\n`,
      'run.py': 'from parts import Head\nhead = Head(smoothing=0.2)\nloss = head\n',
    };
    assert.deepEqual(inspected(files, 'run.py').losses, []);
  });
});
