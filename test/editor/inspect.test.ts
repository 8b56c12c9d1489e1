import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Comparison, Inspection, Sample } from '../../src/inspection';
import { assertClose, closeAll, eventually, inspect, open, openText, placeCursor, withSetting } from './workspace';

/** −Σ q·log softmax(z), averaged over the rows. */
function crossEntropy({ logits, targets }: Sample, target: (k: number, y: number, classes: number) => number): number {
  const rows = logits.map((row, i) => {
    const logSum = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
    return row.reduce((sum, z, k) => sum - target(k, targets[i]!, row.length) * (z - logSum), 0);
  });
  return rows.reduce((sum, row) => sum + row, 0) / rows.length;
}
const fillScatter = (smoothing: number) => (k: number, y: number, classes: number) => (k === y ? 1 - smoothing : smoothing / (classes - 1));
const mixture = (smoothing: number) => (k: number, y: number, classes: number) => (k === y ? 1 - smoothing : 0) + smoothing / classes;

function measured(inspection: Inspection | null): Inspection & { readonly sample: Sample } {
  assert.equal(inspection?.status, 'measured', inspection?.problem?.message);
  assert.ok(inspection.sample);
  return { ...inspection, sample: inspection.sample };
}

const compared = (inspection: Inspection, text: RegExp): Comparison =>
  inspection.comparisons.find(({ title, formulation }) => text.test(title) || text.test(formulation)) ??
  assert.fail(`compared with ${String(text)}`);

describe('Inspect loss', () => {
  afterEach(closeAll);

  it('takes the loss at the cursor and runs it @smoke', async () => {
    const editor = await open('two_losses.py');
    placeCursor(editor, 'smoothed.scatter_');
    const inspection = measured(await inspect());
    assert.equal(inspection.name, 'Scattered');
    assertClose(inspection.value, crossEntropy(inspection.sample, fillScatter(0.1)));
    placeCursor(editor, 'nll = ');
    const other = measured(await inspect());
    assert.equal(other.name, 'mixed');
    assertClose(other.value, crossEntropy(other.sample, mixture(0.2)));
  });

  it('compares it with the other formulations', async () => {
    placeCursor(await open('two_losses.py'), 'smoothed.scatter_');
    const inspection = measured(await inspect());
    const same = compared(inspection, /fill.?scatter/i);
    assert.equal(same.relation?.kind, 'equal');
    const timm = compared(inspection, /mixture/i);
    assert.equal(timm.relation?.kind, 'equalWithSmoothing');
    assertClose(timm.value, crossEntropy(inspection.sample, mixture(0.1)));
    assertClose(compared(inspection, /hard/i).value, crossEntropy(inspection.sample, fillScatter(0)));
  });

  it('asks which of several when the cursor is in none', async () => {
    const editor = await open('two_losses.py');
    placeCursor(editor, 'return a + b');
    const running = inspect();
    await eventually('a pick that can be accepted', async () => {
      await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return Promise.race([running.then(() => true), new Promise<false>((resolve) => setTimeout(resolve, 300, false))]);
    });
    const inspection = measured(await running);
    assert.ok(['Scattered', 'mixed'].includes(inspection.name), inspection.name);
  });

  it('takes the only loss without asking', async () => {
    placeCursor(await open('endless.py'), 'import');
    const inspection = await withSetting('timeBudget', 5, async () => inspect());
    assert.notEqual(inspection?.status, 'measured');
  });

  it('survives an endless loop and inspects the next file', async () => {
    placeCursor(await open('endless.py'), 'while True');
    const endless = await withSetting('timeBudget', 3, async () => inspect());
    assert.ok(endless === null || endless.problem?.type === 'budget', JSON.stringify(endless?.problem));
    placeCursor(await open('two_losses.py'), 'nll = ');
    measured(await inspect());
  });

  it('answers everyone who asks at once', async () => {
    const uri = (await open('two_losses.py')).document.uri.toString();
    const answers = await Promise.all(['Scattered', 'mixed', 'Scattered'].map((name) => inspect({ uri, name })));
    assert.deepEqual(
      answers.map((inspection) => inspection?.name),
      ['Scattered', 'mixed', 'Scattered'],
    );
  });

  for (const name of ['no_loss.py', 'empty.py']) {
    it(`has nothing to inspect in ${name}`, async () => {
      await open(name);
      assert.equal(await inspect(), null);
    });
  }

  it('has nothing to inspect in no file at all', async () => {
    assert.equal(await inspect(), null);
  });

  it('refuses a file over the size limit', async () => {
    const editor = await open('two_losses.py');
    placeCursor(editor, 'nll = ');
    await editor.edit((edit) => {
      edit.insert(new vscode.Position(0, 0), `# ${'x'.repeat(1100)}\n`);
    });
    assert.equal(await withSetting('maximumFileSize', 1, async () => inspect()), null);
    measured(await inspect());
  });

  it('says where a broken loss is broken, and inspects its neighbour', async () => {
    const editor = await open('broken.py');
    placeCursor(editor, 'def forward');
    const broken = await inspect();
    assert.equal(broken?.status, 'error');
    assert.equal(broken.problem?.range?.line, 9);
    placeCursor(editor, 'def whole');
    const whole = measured(await inspect());
    assertClose(whole.value, crossEntropy(whole.sample, mixture(0.1)));
  });

  it('inspects an unsaved document', async () => {
    const editor = await openText('import torch.nn as nn\ncriterion = nn.CrossEntropyLoss(label_smoothing=0.1)\n');
    placeCursor(editor, 'label_smoothing');
    const inspection = measured(await inspect());
    assertClose(inspection.value, crossEntropy(inspection.sample, mixture(0.1)));
  });

  it('inspects a notebook that was dumped as text', async () => {
    const dump = `# Smoothing, by hand

In [1]:
import torch
import torch.nn.functional as F

In [2]:
def mixed(logits, target, smoothing=0.1):
    log_probs = F.log_softmax(logits, dim=-1)
    nll = -log_probs.gather(-1, target.unsqueeze(1)).squeeze(1)
    return ((1 - smoothing) * nll - smoothing * log_probs.mean(dim=-1)).mean()

In [3]:
torch.tensor([0.5, 1.5]).sum()

tensor(2.)

The end.
`;
    const editor = await openText(dump, 'plaintext');
    placeCursor(editor, 'nll = ');
    const inspection = measured(await inspect());
    assert.equal(inspection.name, 'mixed');
    assert.equal(inspection.nameRange.line, 8);
    assertClose(inspection.value, crossEntropy(inspection.sample, mixture(0.1)));
  });

  it('inspects tfjs code', async () => {
    const editor = await open('smoothing.ts');
    placeCursor(editor, 'const targets');
    const inspection = measured(await inspect());
    assert.equal(inspection.name, 'smoothedCrossEntropy');
    assertClose(inspection.value, crossEntropy(inspection.sample, mixture(0.1)));
  });

  it('uses the sample that the settings ask for', async () => {
    placeCursor(await open('two_losses.py'), 'nll = ');
    const inspection = measured(
      await withSetting('sample.smoothing', 0.4, async () => withSetting('sample.classes', 7, async () => inspect())),
    );
    assert.equal(inspection.sample.logits[0]?.length, 7);
    assertClose(inspection.value, crossEntropy(inspection.sample, mixture(0.4)));
  });
});
