/** Two models' outputs compared: what a distillation is handed, and what is no distillation. Values of real torch, the teacher's logits as below. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

const found: readonly (readonly [what: string, code: string, note: RegExp])[] = [
  [
    'a cross entropy with a teacher at one temperature, by hand',
    `def soften(pupil, master, heat=3.0):
    guess = F.log_softmax(pupil / heat, dim=1)
    aim = F.softmax(master / heat, dim=1)
    return -(aim * guess).mean() * heat ** 2
`,
    /^master is required and the file does not say what it is: taken as fixed logits\.$/,
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
    /^old_scores is required .* taken as fixed logits\.$/,
  ],
  [
    'a student and a teacher called s and t, with a temperature that has no default',
    `def soften(s, t, tau):
    return F.kl_div(F.log_softmax(s / tau, dim=1), F.softmax(t / tau, dim=1), reduction='batchmean')
`,
    /^t is required .* taken as fixed logits\.$/,
  ],
];

describe('two models’ outputs', () => {
  for (const [what, code, note] of found)
    it(what, () => {
      const [loss] = inspect({ file: 'kd.py', text: torch + code, brief: true }).losses;
      assert.equal(loss?.status, 'measured', loss?.problem?.message);
      assert.ok(
        loss.notes.some((one) => note.test(one)),
        loss.notes.join(' | '),
      );
      // A teacher is no label: nothing of this is a label smoothing.
      assert.doesNotMatch(loss.measured!.verdict, /uniform mixture|fill\/scatter/i);
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
