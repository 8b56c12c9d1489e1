/** Two models' outputs compared: what a distillation is handed, and what is no distillation. Values of real torch, the teacher's logits as below. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

const found: readonly (readonly [what: string, code: string, verdict: RegExp])[] = [
  [
    'a cross entropy with a teacher at one temperature, by hand',
    `def soften(pupil, master, heat=3.0):
    guess = F.log_softmax(pupil / heat, dim=1)
    aim = F.softmax(master / heat, dim=1)
    return -(aim * guess).mean() * heat ** 2
`,
    /^Cross entropy of the teacher’s distribution · T², T = 3; mean over rows and classes\.$/,
  ],
  [
    'the same of a teacher with fewer classes, filled up with zeros',
    `def soften(scores, old_scores, T=2.0):
    guess = F.log_softmax(scores / T, dim=1)
    aim = F.softmax(old_scores / T, dim=1)
    missing = scores.size(1) - old_scores.size(1)
    if missing > 0:
        aim = torch.cat([aim, torch.zeros(scores.size(0), missing)], 1)
    return -(aim * guess).sum(1).mean()
`,
    /^Cross entropy of the teacher’s distribution, without T², T = 2; mean over the rows\.$/,
  ],
  [
    'a student and a teacher called s and t, with a temperature that has no default',
    `def soften(s, t, tau):
    return F.kl_div(F.log_softmax(s / tau, dim=1), F.softmax(t / tau, dim=1), reduction='batchmean')
`,
    /^With tau = 0\.5 assumed, .*KL\(teacher ‖ student\) without T², T = 0\.5; mean over the rows\.$/,
  ],
  [
    'halves of a distillation and a cross entropy, with a temperature that nobody gives',
    `def distilled(student, teacher, labels, T):
    soft = F.kl_div(F.log_softmax(student / T, 1), F.softmax(teacher / T, 1), reduction='batchmean') * T * T
    return 0.5 * soft + 0.5 * F.cross_entropy(student, labels)
`,
    /^With T = 0\.5 assumed, .*α · cross entropy \+ \(1 − α\) · KL\(teacher ‖ student\) · T², T = 0\.5, α = 0\.5\.$/,
  ],
];

describe('two models’ outputs', () => {
  for (const [what, code, verdict] of found)
    it(what, () => {
      const [loss] = inspect({ file: 'kd.py', text: torch + code, brief: true }).losses;
      assert.equal(loss?.status, 'measured', loss?.problem?.message);
      // A teacher is no label: nothing of this is a label smoothing.
      assert.equal(loss.family, 'distillation');
      assert.match(loss.verdict ?? '', verdict);
    });

  it('are no number of classes', () => {
    const code = `def following(logits, labels, n_words: int):
    after = F.pad(labels, (0, 1), value=-100)[..., 1:]
    return F.cross_entropy(logits.view(-1, n_words), after.reshape(-1), label_smoothing=0.2)
`;
    const [loss] = inspect({ file: 'lm.py', text: torch + code, brief: true }).losses;
    assert.match(loss!.measured!.verdict, /Uniform mixture with ε = 0\.2/);
  });
});
