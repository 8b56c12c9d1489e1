import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { inspect } from '../../src/inspect';
import type { FileInspection, InspectRequest, Inspection, Num } from '../../src/inspection';

/** The documents the project was started from; they are not part of it, so elsewhere these tests are skipped. */
const seeds = path.resolve('../shared/seeds');
const names = existsSync(seeds) ? readdirSync(seeds) : [];
const seed = (number: string): string => names.find((name) => name.startsWith(number)) ?? '';
const textOf = (number: string): string => readFileSync(path.join(seeds, seed(number)), 'utf8');
const inspected = (number: string, options: Partial<InspectRequest> = {}): FileInspection =>
  inspect({ file: seed(number), text: textOf(number), ...options });

function lossNamed(inspection: FileInspection, name: string): Inspection {
  const found = inspection.losses.find((loss) => loss.name === name);
  assert.ok(found, `there is no ${name} among ${inspection.losses.map((loss) => loss.name).join(', ')}`);
  return found;
}

function near(actual: Num | null | undefined, expected: number, tolerance = 1e-5 + 1.3e-6 * Math.abs(expected)): void {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) <= tolerance, `${String(actual)} is not ${expected}`);
}

function allNear(actual: readonly Num[] | null | undefined, expected: readonly number[], tolerance?: number): void {
  assert.equal(actual?.length, expected.length);
  expected.forEach((value, i) => {
    near(actual[i], value, tolerance);
  });
}

/** Half a unit of the fourth digit after the point, as torch prints. */
const printed = 0.5001e-4;

/** Everything a document records of its author's run is reproduced, except what `except` matches. */
function recordedAgrees(loss: Inspection, except: RegExp | null, least: number): void {
  const recorded = loss.printed.filter((p) => p.recorded && !except?.test(p.recorded.text));
  assert.ok(recorded.length >= least, `only ${recorded.length} outputs are compared with a record`);
  for (const { text, recorded: record } of recorded) assert.ok(record?.agrees, `printed\n${text}\nbut the document says\n${record?.text}`);
}

const stepTensor = (loss: Inspection, label: string): readonly Num[] | undefined =>
  loss.steps.filter((step) => step.label === label && step.tensor).at(-1)?.tensor?.values;

describe('the five documents', function () {
  this.timeout(60_000);
  before(function () {
    // The documents are not ours to ship: they are read where they lie beside the checkout.
    if (names.length === 0) this.skip();
  });

  describe('000: fill/scatter in a text dump with one broken line', () => {
    it('reports the broken line at its line and column, once', () => {
      const { problems, losses } = inspected('000');
      assert.deepEqual(
        problems.map(({ type, range }) => [type, range?.line, range?.column]),
        [['syntax', 85, 37]],
      );
      const broken = lossNamed({ file: '', losses, smoothingConstants: [], problems }, 'SmoothCrossEntropyLoss');
      assert.equal(broken.status, 'error');
      assert.deepEqual([broken.problem?.type, broken.problem?.range?.line, broken.problem?.range?.column], ['syntax', 85, 37]);
    });

    it('still runs the demonstration', () => {
      const script = lossNamed(inspected('000'), 'script');
      assert.equal(script.status, 'measured');
      allNear(script.perSample, [1.4076, 0.4198], printed);
      allNear(stepTensor(script, 'targets_'), [0.05, 0.9, 0.05, 0.9, 0.05, 0.05]);
      allNear(stepTensor(script, 'lsm'), [-2.4076, -1.4076, -0.4076, -0.1698, -2.1698, -3.1698], printed);
      assert.deepEqual(script.sample?.logits, [
        [1, 2, 3],
        [4, 2, 1],
      ]);
      assert.deepEqual(script.sample.targets, [1, 0]);
      assert.equal(script.measured?.formulation, 'fill-scatter');
      near(script.measured.effectiveSmoothing.fillScatter, 0.1);
      // What torch.empty leaves in memory is nobody's to reproduce, and is said to be that.
      recordedAgrees(script, /e\+\d\d/, 6);
      const unset = script.printed.filter(({ recorded }) => recorded?.unset === true);
      assert.deepEqual(
        unset.map(({ recorded }) => /e\+\d\d/.test(recorded!.text)),
        [true],
      );
    });

    it('inspects the class once that line is repaired', () => {
      const text = textOf('000').replace('smoothing = smoothing  0.1', 'smoothing = smoothing');
      for (const [smoothing, value] of [
        [0.1, 0.91372636],
        [0, 0.78872636],
      ] as const) {
        const loss = lossNamed(inspect({ file: seed('000'), text, smoothing }), 'SmoothCrossEntropyLoss');
        assert.equal(loss.status, 'measured', loss.problem?.message);
        near(loss.value, value);
        assert.equal(loss.sample?.origin, 'file');
        near(loss.measured?.onValue, 1 - smoothing);
        near(loss.measured?.offValue, smoothing / 2);
      }
      const loss = lossNamed(inspect({ file: seed('000'), text, smoothing: 0.1 }), 'SmoothCrossEntropyLoss');
      const values = new Map(loss.comparisons.map((c) => [c.formulation, c.value]));
      near(values.get('fill-scatter'), 0.91372636);
      near(values.get('uniform-mixture'), 0.87205969);
      near(values.get('hard-labels'), 0.78872636);
    });
  });

  describe('001: the uniform mixture, its mean without dim', () => {
    it('gives the printed values', () => {
      const inspection = inspected('001');
      assert.deepEqual(inspection.problems, []);
      const script = lossNamed(inspection, 'script');
      near(script.value, 0.11647378653287888);
      assert.match(script.printed[0]?.text ?? '', /^CrossEntropy:0\.111918/);
      recordedAgrees(script, null, 7);
      const loss = lossNamed(inspection, 'LabelSmoothingCrossEntropy');
      near(loss.value, 0.11647378653287888);
      assert.equal(loss.smoothing, 0.001);
    });

    it('tells that the mean is right and the rows are not', () => {
      const loss = lossNamed(inspected('001'), 'LabelSmoothingCrossEntropy');
      assert.equal(loss.measured?.formulation, 'uniform-mixture');
      near(loss.measured.effectiveSmoothing.uniformMixture, 0.001, 1e-6);
      assert.match(loss.measured.verdict, /not per sample/);
      const finding = loss.findings.find((f) => f.rule === 'mean-without-dim');
      assert.equal(finding?.range.line, 56);
      const timm = loss.comparisons.find((c) => c.formulation === 'uniform-mixture');
      assert.equal(timm?.relation?.kind, 'equal');
    });
  });

  describe('002: random tensors, and the values recorded for them', () => {
    it('reproduces the printed numbers from the printed tensors', () => {
      const script = lossNamed(inspected('002'), 'script');
      near(script.value, 1.6944, printed);
      allNear(script.perSample, [0.8229, 3.1199, 1.1403], printed);
      assert.ok(
        script.steps.some((step) => step.tensor?.shape.length === 0 && Math.abs(Number(step.tensor.values[0]) - 5.0831) <= printed),
      );
      // One cell of the document was run with other targets than the rest.
      recordedAgrees(script, /0\.0125, 0\.0125, 0\.9500/, 9);
      assert.deepEqual(script.sample?.targets, [1, 1, 3]);
    });

    it('runs the class with smoothing 0 and 0.05, every reduction, and class weights', () => {
      const logits = [
        [-0.6981, 0.9529, -0.0807, -0.5213, -0.0753],
        [0.8347, -1.4822, -0.0525, -0.769, 0.4886],
        [-1.1051, 0.3915, 0.5995, 1.0561, 0.7371],
      ];
      const targets = [1, 1, 3];
      const run = (options: Partial<InspectRequest>, edit: (text: string) => string = (text) => text): Inspection =>
        lossNamed(inspect({ file: seed('002'), text: edit(textOf('002')), ...options }), 'LabelSmoothCrossEntropyLoss');
      // The document builds it without a factor, and makes its targets by hand with 0.05.
      const byDefault = run({});
      assert.equal(byDefault.smoothing, 0);
      near(byDefault.value, (0.7581 + 3.2003 + 1.0953) / 3, printed);
      assert.match(byDefault.measured?.verdict ?? '', /What if ε = 0\.05: Fill\/scatter with ε = 0\.05/);
      const smoothed = run({ smoothing: 0.05 });
      near(smoothed.value, 1.6944, printed);
      allNear(smoothed.perSample, [0.8229, 3.1199, 1.1403], printed);
      near(run({ sample: { logits, targets }, smoothing: 0 }).value, (0.7581 + 3.2003 + 1.0953) / 3, printed);
      near(
        run({ smoothing: 0.05 }, (text) => text.replace("reduction='mean', smoothing", "reduction='sum', smoothing")).value,
        5.0831,
        printed,
      );
      const unreduced = run({ smoothing: 0.05 }, (text) => text.replace("reduction='mean', smoothing", "reduction='none', smoothing"));
      assert.equal(unreduced.value, null);
      allNear(unreduced.perSample, [0.8229, 3.1199, 1.1403], printed);
      assert.equal(unreduced.measured?.reduction, 'none');

      const classWeights = [1, 2, 0.5, 3, 1];
      const weighted = run({ smoothing: 0.05, sample: { logits, targets, classWeights } });
      const lsm = logits.map((row) => {
        const total = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
        return row.map((z) => z - total);
      });
      const expected = lsm.map((row, i) => -row.reduce((sum, l, k) => sum + l * classWeights[k]! * (k === targets[i] ? 0.95 : 0.0125), 0));
      allNear(weighted.perSample, expected);
      near(weighted.value, expected.reduce((a, b) => a + b, 0) / 3);
    });
  });

  describe('003: a KL divergence with a deprecated argument', () => {
    it('is Σ q (log q − log p), related to the cross entropy by H(q)', () => {
      const loss = lossNamed(inspected('003', { smoothing: 0.1 }), 'LabelSmoothing');
      assert.equal(loss.status, 'measured', loss.problem?.message);
      const { logits, targets } = loss.sample!;
      const classes = logits[0]!.length;
      const [on, off] = [0.9, 0.1 / (classes - 1)];
      const entropy = -(on * Math.log(on) + (classes - 1) * off * Math.log(off));
      const crossEntropy = logits.map((row, i) => {
        const total = Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0));
        return row.reduce((sum, z, k) => sum + (k === targets[i] ? on : off) * (total - z), 0);
      });
      near(loss.value, crossEntropy.reduce((a, b) => a + b, 0) - targets.length * entropy);
      allNear(
        loss.perSample,
        crossEntropy.map((value) => value - entropy),
      );
      near(loss.measured?.offset, -entropy);
      assert.equal(loss.measured?.reduction, 'sum');
      const divergence = loss.comparisons.find((c) => c.formulation.startsWith('kldiv') && c.relation?.kind === 'equal');
      assert.match(divergence?.title ?? '', /sum/);
    });

    it('names the deprecated argument at its place', () => {
      const loss = lossNamed(inspected('003'), 'LabelSmoothing');
      const finding = loss.findings.find((f) => f.rule === 'deprecated-reduction');
      assert.equal(finding?.range.line, 71);
      assert.match(finding.message, /size_average/);
    });
  });

  describe("004: timm's loss and the functions that make its targets", () => {
    it('is the uniform mixture', () => {
      const loss = lossNamed(inspected('004'), 'LabelSmoothingCrossEntropy');
      const classes = loss.sample!.logits[0]!.length;
      assert.equal(loss.measured?.formulation, 'uniform-mixture');
      near(loss.measured.onValue, 0.9 + 0.1 / classes);
      near(loss.measured.offValue, 0.1 / classes);
      assert.equal(loss.comparisons.find((c) => c.formulation === 'uniform-mixture')?.relation?.kind, 'equal');
    });

    it('measures the targets of one_hot and mixup_target', () => {
      const inspection = inspected('004', { classes: 4 });
      const oneHot = lossNamed(inspection, 'one_hot');
      assert.deepEqual([oneHot.measured?.onValue, oneHot.measured?.offValue], [1, 0]);
      const mixup = lossNamed(inspection, 'mixup_target');
      assert.equal(mixup.smoothing, 0);
      assert.match(mixup.measured?.verdict ?? '', /What if ε = 0\.1: Makes smoothed targets: uniform mixture/);
      const smoothed = lossNamed(inspected('004', { classes: 4, smoothing: 0.1 }), 'mixup_target');
      near(smoothed.measured?.onValue, 0.925);
      near(smoothed.measured?.offValue, 0.025);
      near(smoothed.measured?.mass, 1);
      assert.match(smoothed.notes.join('\n'), /λ = 0\.7/);
    });
  });
});
