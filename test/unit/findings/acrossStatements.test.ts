/** What only the file around a loss tells: smoothed targets on their way to it, its number of classes, what it is given. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Finding, InspectRequest } from '../../../src/inspection';
import { classOf, functionOf, head, scatter } from './cases';
import { applied } from './inspected';

function found(rule: string, text: string, more: Partial<InspectRequest> = {}): readonly Finding[] {
  const { losses } = inspect({ file: 'loss.py', text, ...more });
  return losses.flatMap(({ findings }) => findings).filter((finding) => finding.rule === rule);
}

const training = (setup: readonly string[], ...step: readonly string[]): string =>
  [
    `${head}from timm.data.mixup import Mixup, mixup_target`,
    '',
    'def smooth_targets(y, K, smoothing=0.1):',
    '    return torch.full((y.size(0), K), smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)',
    '',
    'def hard_targets(y, K):',
    '    return F.one_hot(y, K).float()',
    '',
    'def train(loader, model):',
    ...setup.map((line) => `    ${line}`),
    '    for x, y in loader:',
    ...step.map((line) => `        ${line}`),
    '        loss.backward()',
    '',
  ].join('\n');

const mixup = 'mixup_fn = Mixup(mixup_alpha=0.8, num_classes=10)';
const criterion = 'criterion = nn.CrossEntropyLoss(label_smoothing=0.1)';

/** timm's Mixup is not run, so nothing that is said of its targets could be checked. */
const twice: readonly (readonly [name: string, text: string, says: RegExp])[] = [
  [
    'timm’s Mixup by its default',
    training([mixup, criterion], 'x, y = mixup_fn(x, y)', 'loss = criterion(model(x), y)'),
    /ε = 0\.19 would/u,
  ],
  [
    'timm’s Mixup, asked for first',
    training([mixup, criterion], 'if mixup_fn is not None:', '    x, y = mixup_fn(x, y)', 'loss = criterion(model(x), y)'),
    /`mixup_fn\(x, y\)`/u,
  ],
  [
    'Mixup with a factor of its own, at a call',
    training(
      ['mixup_fn = Mixup(label_smoothing=0.2, num_classes=10)'],
      'x, y = mixup_fn(x, y)',
      'loss = F.cross_entropy(model(x), y, label_smoothing=0.1)',
    ),
    /ε = 0\.28 would/u,
  ],
  [
    'mixup_target',
    training([criterion], 't = mixup_target(y, 10, 0.5, smoothing=0.1)', 'loss = criterion(model(x), t)'),
    /`mixup_target\(y, 10, 0\.5, smoothing=0\.1\)`/u,
  ],
  [
    'a function of the file',
    training([], 't = smooth_targets(y, 10)', 'loss = F.cross_entropy(model(x), t, label_smoothing=0.05)'),
    /`smooth_targets\(y, 10\)`: this loss smooths them a second time by 0\.05\./u,
  ],
  [
    'targets mixed with the uniform distribution',
    training([], 't = F.one_hot(y, 10) * (1 - 0.1) + 0.1 / 10', 'loss = F.cross_entropy(model(x), t, label_smoothing=0.05)'),
    /the target gets 0\.8695, less than either/u,
  ],
];

const once: readonly (readonly [name: string, text: string])[] = [
  ['hard targets of the file', training([], 't = hard_targets(y, 10)', 'loss = F.cross_entropy(model(x), t, label_smoothing=0.05)')],
  [
    'a function of the file, told not to smooth',
    training([], 't = smooth_targets(y, 10, 0.0)', 'loss = F.cross_entropy(model(x), t, label_smoothing=0.05)'),
  ],
  [
    'smoothed targets, and a loss without',
    training([mixup, 'criterion = nn.CrossEntropyLoss(label_smoothing=0.0)'], 'x, y = mixup_fn(x, y)', 'loss = criterion(model(x), y)'),
  ],
  [
    'targets rebound on one way',
    training([mixup, criterion], 'x, y = mixup_fn(x, y)', 'if y.dim() == 2:', '    y = y.argmax(1)', 'loss = criterion(model(x), y)'),
  ],
  [
    'a Mixup of another module',
    training([mixup, criterion], 'x, y = mixup_fn(x, y)', 'loss = criterion(model(x), y)').replace('from timm.data.mixup', 'from mine'),
  ],
];

const padded = classOf(
  'size, smoothing=0.1',
  ['self.size = size', 'self.smoothing = smoothing'],
  'q = torch.full_like(x, self.smoothing / (self.size - 2))',
  'q.scatter_(1, y.unsqueeze(1), 1 - self.smoothing)',
  'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
);
const twoClasses = '\nlogits = torch.tensor([[1.0, 2.0], [0.5, -1.0]])\nlabels = torch.tensor([0, 1])\n';
const byTensor = functionOf(
  'K = torch.tensor(float(x.size(1)))',
  'q = torch.ones_like(x) * (smoothing / (K - 2))',
  'q = q.scatter(1, y.unsqueeze(1), 1.0 - smoothing)',
  'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()',
);

describe('what the file around a loss tells', function () {
  this.timeout(30_000);

  for (const [name, text, says] of twice) {
    it(`smoothing-twice: ${name}`, () => {
      const [finding, ...others] = found('smoothing-twice', text);
      assert.ok(finding !== undefined && others.length === 0, `${others.length} others`);
      assert.match(finding.message, says);
      assert.match(text.slice(finding.range.start, finding.range.end), /^0\.\d+$/u);
      const canRun = !text.includes('= Mixup(');
      assert.equal(finding.fix !== undefined, canRun);
      if (finding.fix === undefined) return;
      assert.ok(!finding.fix.keepsNumbers);
      const after = applied(text, finding);
      assert.ok(after.includes('label_smoothing=0.0)'), after);
      assert.deepEqual(found('smoothing-twice', after), []);
    });
  }

  it('smoothing-twice: no fix where the targets would not be smoothed once', () => {
    const using = (made: string): string => training([], `t = ${made}`, 'loss = F.cross_entropy(model(x), t, label_smoothing=0.05)');
    const fixOf = (text: string): Finding['fix'] => found('smoothing-twice', text)[0]?.fix;
    assert.ok(fixOf(using('smooth_targets(y, 10)')) !== undefined);
    const twiceMade = using('smooth_targets(y, 10)').replace(
      '.scatter_(1, y.unsqueeze(1), 1 - smoothing)',
      '.scatter_(1, y.unsqueeze(1), 1.0)',
    );
    assert.equal(fixOf(twiceMade), undefined, 'rows that do not sum to one');
    assert.equal(fixOf(using('smooth_targets(y, classes)')), undefined, 'a size that only the caller knows');
  });

  for (const [name, text] of once) {
    it(`no smoothing-twice: ${name}`, () => {
      assert.deepEqual(found('smoothing-twice', text), []);
    });
  }

  it('two-classes: the size that the file makes the loss with', () => {
    const [finding] = found('two-classes', `${padded}\ncriterion = SmoothedLoss(2)\n`);
    assert.match(finding?.message ?? '', /two classes here, so `self\.size - 2` is zero and the loss stops with a ZeroDivisionError/u);
    assert.deepEqual(found('two-classes', `${padded}\ncriterion = SmoothedLoss(3)\n`), []);
    assert.deepEqual(found('two-classes', padded), [], 'the number of classes is not known');
  });

  it('two-classes: the number of classes asked for, and that of the sample', () => {
    assert.equal(found('two-classes', byTensor, { classes: 2 }).length, 1);
    assert.match(found('two-classes', byTensor, { classes: 2 })[0]!.message, /is not finite/u);
    assert.equal(found('two-classes', `${byTensor}${twoClasses}print(smoothed_loss(logits, labels))\n`).length, 1);
    assert.deepEqual(found('two-classes', byTensor, { classes: 3 }), []);
  });

  it('two-classes: one class and K − 1', () => {
    const code = functionOf(...scatter, 'return -(q * F.log_softmax(x, dim=1)).sum(1).mean()');
    assert.match(found('two-classes', code, { classes: 1 })[0]?.message ?? '', /one class here, so `K - 1` is zero/u);
    assert.deepEqual(found('two-classes', code, { classes: 2 }), []);
  });

  it('logits-for-log-probabilities: a demonstration that calls torch’s loss', () => {
    const demonstration = (given: string): string =>
      `${head}logits = torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 4.0]])\nlogp = F.log_softmax(logits, dim=1)\ny = torch.tensor([2, 1])\neps = 0.1\nq = torch.full((2, 3), eps / 2).scatter_(1, y.unsqueeze(1), 1 - eps)\ncriterion = nn.KLDivLoss(reduction='batchmean')\nprint(criterion(${given}, q))\nprint(F.kl_div(${given}, q, reduction='sum'))\n`;
    assert.equal(found('logits-for-log-probabilities', demonstration('logits')).length, 2);
    assert.deepEqual(found('logits-for-log-probabilities', demonstration('logp')), []);
  });

  it('rules about the text speak of a loss that cannot be run', () => {
    const broken = functionOf('unknown_function(x)', 'return -(F.one_hot(y) * F.log_softmax(x)).sum(1).mean()');
    assert.equal(inspect({ file: 'loss.py', text: broken }).losses[0]?.status, 'error');
    assert.equal(found('implicit-dim', broken).length, 1);
    assert.equal(found('implicit-dim', broken)[0]!.fix, undefined, 'a fix that cannot be measured is not offered');
  });
});
