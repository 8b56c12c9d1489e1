import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, eventually, hoverAt, inspect, lensesOf, open, openText, ours, positionOf, withSetting } from './workspace';

const head = 'import torch\nimport torch.nn.functional as F\n\n';
const spread = `def spread(scores, labels, eps):
    width = scores.size(1)
    q = torch.full_like(scores, eps / (width - 1)).scatter_(1, labels.unsqueeze(1), 1 - eps)
    return -(q * F.log_softmax(scores, 1)).sum(1).mean()

`;
const assumed = `${head}${spread}def step(x, y, cfg):\n    return spread(x, y, eps=cfg.loss.eps)\n`;

describe('lenses', () => {
  afterEach(closeAll);

  it('stand over each loss and over nothing else @smoke', async () => {
    const { document } = await open('two_losses.py');
    const lenses = await lensesOf(document);
    assert.deepEqual(
      lenses.map(({ line }) => document.lineAt(line).text),
      ['class Scattered(nn.Module):', 'def mixed(logits, target, epsilon=0.2):'],
    );
    assert.match(lenses[0]!.title, /Inspect loss/);
    assert.deepEqual(await lensesOf((await open('no_loss.py')).document), []);
    assert.deepEqual(await lensesOf((await open('empty.py')).document), []);
  });

  it('inspect the loss they stand over, and then say what it is', async () => {
    const { document } = await open('two_losses.py');
    const lens = (await lensesOf(document))[1]!;
    const inspection = await vscode.commands.executeCommand<{ readonly name: string }>(
      lens.command.command,
      ...(lens.command.arguments as unknown[]),
    );
    assert.equal(inspection.name, 'mixed');
    const [scattered, mixed] = await lensesOf(document);
    assert.match(mixed!.title, /mixture.*ε 0\.2/i);
    assert.match(scattered!.title, /fill.?scatter.*ε 0\.1.*≙ torch 0\.15/i);
  });

  it('say what is assumed, and no number of an assumed K', async () => {
    const { document } = await openText(assumed);
    await inspect({ uri: document.uri.toString(), name: 'spread' });
    const [lens] = await lensesOf(document);
    assert.match(lens!.title, /ε 0\.1 assumed · ≙ torch ε·K\/\(K−1\)/);
  });

  it('can be switched off', async () => {
    const { document } = await open('two_losses.py');
    assert.deepEqual(await withSetting('codeLens.enabled', false, () => lensesOf(document)), []);
  });
});

describe('hovers', () => {
  afterEach(closeAll);

  const number = /(\d+\.?\d*)/;
  for (const { what, at, nth = 1, smoothing } of [
    { what: 'self.smoothing = 0.3', at: '0.3', smoothing: '0.3' },
    { what: 'a local constant', at: '0.15', smoothing: '0.15' },
    { what: 'a module constant', at: '0.05', smoothing: '0.05' },
    { what: 'a keyword argument', at: '0.25', smoothing: '0.25' },
    { what: 'the name of a keyword argument', at: 'label_smoothing', smoothing: '0.25' },
  ]) {
    it(`explain ${what}`, async () => {
      const { document } = await open('constants.py');
      const text = await hoverAt(document, positionOf(document, at, nth));
      assert.match(text, new RegExp(`ε = ${smoothing.replace('.', '\\.')}`));
      assert.match(text, number);
      assert.match(text, /command:lossInspector\.inspect/);
    });
  }

  it('give on, off and the other ε in the measured convention @smoke', async () => {
    const { document } = await open('two_losses.py');
    const text = await eventually('a measured hover', async () => {
      const hover = await hoverAt(document, positionOf(document, '0.1'));
      return /fill.?scatter/i.test(hover) && !hover.includes('Not measured') && hover;
    });
    const short = (value: number): string => String(Number(value.toPrecision(4)));
    // As many classes as the constructor says.
    for (const classes of [3]) {
      const off = 0.1 / (classes - 1);
      const floor = -0.9 * Math.log(0.9) - 0.1 * Math.log(off);
      const row = [classes, 0.9, off, 1, floor, Math.log(0.9 / off), (0.1 * classes) / (classes - 1)];
      assert.ok(text.includes(`| ${row.map(short).join(' | ')} |`), text);
      assert.match(text, /`L = −0\.9·log p_y[^`]*mean over N rows`/);
      assert.match(text, /command:lossInspector\.copyAs/);
      assert.doesNotMatch(text, /torch, timm · ε\/K \|/);
    }
  });

  it('give a small table for usual K where the code cannot be run', async () => {
    const { document } = await openText('label_smoothing = 0.1\n');
    const text = await hoverAt(document, positionOf(document, '0.1'));
    for (const row of ['| 2 | 0.9 | 0.1 | 0.3251 | 2.197 | 0.2 |', '| 10 | 0.91 | 0.01 | 0.5003 | 4.511 | 0.09 |', '| 1000 |'])
      assert.ok(text.includes(row), text);
  });

  it('give the targets at the K that the settings say alone', async () => {
    const { document } = await open('smoothing.py');
    const hover = (): Promise<string> => hoverAt(document, positionOf(document, '0.1'));
    await withSetting('sample.classes', 4, () =>
      eventually('a measured hover', async () => {
        const rows = [...(await hover()).matchAll(/^\| (\d+) \|/gm)].map(([, classes]) => classes);
        return rows.length === 1 && rows[0] === '4';
      }),
    );
  });

  it('know no ε of what could not be followed', async () => {
    const { document } = await openText(assumed);
    const text = await eventually('a measured hover', async () => {
      const hover = await hoverAt(document, positionOf(document, 'cfg.loss.eps'));
      return !hover.includes('Not measured') && hover;
    });
    assert.match(text, /ε = `cfg\.loss\.eps`/);
    assert.match(text, /With ε = 0\.1 assumed/);
    assert.match(text, /Measured at K = 5, assumed\./);
  });

  it('have the number that the program gives, and its way', async () => {
    const { document } = await openText(`${head}${spread}RATES = {'eps': 0.35}\nx, y = load()\nloss = spread(x, y, eps=RATES['eps'])\n`);
    const text = await eventually('a measured hover', async () => {
      const hover = await hoverAt(document, positionOf(document, "RATES['eps']"));
      return !hover.includes('Not measured') && hover;
    });
    assert.match(text, /ε = 0\.35/);
    assert.match(text, /ε: `0\.35` \(line 9\) → .*line 11\)/);
    assert.match(text, /\| 1000 \|/);
  });

  it('explain the name of a loss once it was inspected', async () => {
    const { document } = await open('two_losses.py');
    const at = positionOf(document, 'mixed');
    assert.equal(await hoverAt(document, at), '');
    await inspect({ uri: document.uri.toString(), name: 'mixed' });
    assert.match(await hoverAt(document, at), /Uniform mixture with ε = 0\.2/);
  });

  it('tell what is found on the line, where the editor does not tell it itself', async () => {
    const { document } = await open('fixable.py');
    const at = positionOf(document, '0.2');
    const told = /\$\(lightbulb\)[^\n]*\[entropy-subtracted\]\(command:lossInspector\.openRule/;
    await eventually('a measured hover', async () => told.test(await hoverAt(document, at)));
    await inspect({ uri: document.uri.toString(), name: 'divergence' });
    assert.match(await hoverAt(document, at), told);
    const name = positionOf(document, 'divergence');
    assert.doesNotMatch(await hoverAt(document, name), told);
    assert.match(await withSetting('diagnostics.enabled', false, () => hoverAt(document, name)), told);
  });

  it('leave other constants alone', async () => {
    const { document } = await open('constants.py');
    assert.equal(await hoverAt(document, positionOf(document, '1e-8')), '');
  });

  it('can be switched off, or kept from running code', async () => {
    const { document } = await open('constants.py');
    const at = positionOf(document, '0.15');
    assert.equal(await withSetting('hover.enabled', false, () => hoverAt(document, at)), '');
    assert.match(await withSetting('hover.measure', false, () => hoverAt(document, at)), /Not measured yet/);
  });

  it('do not make a file an inspected one', async () => {
    const { document } = await open('hovered.py');
    await eventually('a measured hover', async () => /mixture/i.test(await hoverAt(document, positionOf(document, '0.1'))));
    assert.deepEqual(ours(document.uri), []);
    await inspect({ uri: document.uri.toString(), name: 'scaled' });
    await eventually('its diagnostics once it is asked for', () => ours(document.uri).length > 0);
  });
});
