import assert from 'node:assert/strict';
import { suppressionsIn } from '../../../src/findings/suppression';
import { inspect } from '../../../src/inspect';
import type { Finding } from '../../../src/inspection';
import { readDocument } from '../../../src/language/document';

const code = (line: string, above = ''): string => `import torch
import torch.nn.functional as F

def smoothed(x, y, smoothing=0.1):
    K = x.size(1)
    q = torch.full_like(x, smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)
${above}    return F.kl_div(F.log_softmax(x), q)${line}
`;

function found(text: string, file = 'loss.py'): readonly Finding[] {
  const { losses, problems } = inspect({ file, text });
  assert.equal(losses[0]?.status, 'measured', JSON.stringify([losses[0]?.problem, problems]));
  return losses.flatMap(({ findings }) => findings).filter(({ severity, rule }) => severity !== 'hint' || rule === 'unknown-rule');
}

const rulesOf = (findings: readonly Finding[]): readonly string[] => findings.map(({ rule }) => rule).sort();

/** What stands at the end of the line and on the line above, and which of kldiv-mean and implicit-dim are still found. */
const table: readonly (readonly [string, string, readonly string[]])[] = [
  ['', '', ['implicit-dim', 'kldiv-mean']],
  ['  # loss-inspector: ignore', '', []],
  ['  # loss-inspector: ignore[kldiv-mean]', '', ['implicit-dim']],
  ['  #loss-inspector:ignore[ implicit-dim ]', '', ['kldiv-mean']],
  ['  # loss-inspector: ignore[kldiv-mean, implicit-dim]', '', []],
  ['  # torch does it so  # loss-inspector: ignore[kldiv-mean]', '', ['implicit-dim']],
  ['', '    # loss-inspector: ignore[kldiv-mean]\n', ['implicit-dim']],
  ['', '    # loss-inspector: ignore\r\n', []],
  ['  # loss-inspector: ignore[kldiv-mean', '', ['implicit-dim']],
  ['  # loss-inspector: ignore[]', '', ['implicit-dim', 'kldiv-mean']],
  ['  # loss-inspector: ignored', '', ['implicit-dim', 'kldiv-mean']],
  ['  # loss-inspector: ignore-file', '', ['implicit-dim', 'kldiv-mean']],
  ['', '    # loss-inspector: ignore[target-mass]\n', ['implicit-dim', 'kldiv-mean']],
  ['', '    # loss-inspector: ignore\n\n', ['implicit-dim', 'kldiv-mean']],
  ['', '    K = K  # loss-inspector: ignore\n', ['implicit-dim', 'kldiv-mean']],
  ['', '    "# loss-inspector: ignore"\n', ['implicit-dim', 'kldiv-mean']],
  ['', '    """\n    # loss-inspector: ignore\n    """; K = K\n', ['implicit-dim', 'kldiv-mean']],
  ['', '    // loss-inspector: ignore\n'.replace('//', 'pass # //'), ['implicit-dim', 'kldiv-mean']],
];

const typescript = (mark: string): string => `import * as tf from '@tensorflow/tfjs';

export function smoothed(labels: tf.Tensor1D, logits: tf.Tensor2D, smoothing = 0.1): tf.Scalar {
  const K = logits.shape[1];
  const on = 1 - smoothing;
  ${mark}
  const q = tf.oneHot(labels, K, on, smoothing / (K - 1));
  return tf.neg(tf.mean(tf.sum(tf.mul(q, tf.logSoftmax(logits)), 1)));
}
`;

describe('suppress comments', function () {
  this.timeout(30_000);

  for (const [line, above, left] of table) {
    it(`${JSON.stringify(above)} above, ${JSON.stringify(line)} behind: ${left.join(', ') || 'nothing is left'}`, () => {
      assert.deepEqual(rulesOf(found(code(line, above))), left);
    });
  }

  it('are // in TypeScript', () => {
    assert.ok(rulesOf(found(typescript('// a remark'), 'loss.ts')).includes('one-hot-integer'));
    assert.ok(rulesOf(found(typescript('const text = "// loss-inspector: ignore";'), 'loss.ts')).includes('one-hot-integer'));
    assert.ok(!rulesOf(found(typescript('// loss-inspector: ignore[one-hot-integer]'), 'loss.ts')).includes('one-hot-integer'));
    assert.ok(!rulesOf(found(typescript('// loss-inspector: ignore'), 'loss.ts')).includes('one-hot-integer'));
  });

  it('are read in the code of Markdown and of notebooks, not in the prose', () => {
    const text = code('  # loss-inspector: ignore[kldiv-mean]');
    assert.deepEqual(rulesOf(found(`# loss-inspector: ignore[implicit-dim]\n\n\`\`\`python\n${text}\`\`\`\n`, 'a.md')), ['implicit-dim']);
    const notebook = {
      cells: [{ cell_type: 'code', metadata: {}, outputs: [], source: text.split(/(?<=\n)/) }],
      metadata: {},
      nbformat: 4,
    };
    assert.deepEqual(rulesOf(found(JSON.stringify(notebook), 'a.ipynb')), ['implicit-dim']);
    const [prose] = readDocument(`# loss-inspector: ignore\n\n\`\`\`python\nx = 1\n\`\`\`\n`, 'a.md').programs;
    assert.deepEqual(suppressionsIn(prose!), []);
  });

  describe('that name no rule', () => {
    it('are found, with the name that is meant', () => {
      const text = code('  # loss-inspector: ignore[kldiv_means, implicit-dim]');
      const [finding, ...others] = found(text).filter(({ rule }) => rule === 'unknown-rule');
      assert.equal(others.length, 0);
      assert.equal(finding?.severity, 'hint');
      assert.equal(text.slice(finding.range.start, finding.range.end), 'kldiv_means');
      assert.match(finding.message, /no rule "kldiv_means".*Is "kldiv-mean" meant\?/u);
      assert.deepEqual(
        finding.fix?.edits.map(({ newText }) => newText),
        ['kldiv-mean'],
      );
    });

    it('are found without a guess where none is near', () => {
      const [finding] = found(code('  # loss-inspector: ignore[E501]')).filter(({ rule }) => rule === 'unknown-rule');
      assert.match(finding?.message ?? '', /no rule "E501"/u);
      assert.equal(finding?.fix, undefined);
    });

    it('are silenced as any other', () => {
      assert.deepEqual(rulesOf(found(code('  # loss-inspector: ignore[E501, unknown-rule]'))), ['implicit-dim', 'kldiv-mean']);
    });

    it('are left alone in code that is no loss', () => {
      assert.ok(!rulesOf(found(`def other():\n    return 1  # loss-inspector: ignore[E501]\n\n${code('')}`)).includes('unknown-rule'));
    });
  });
});
