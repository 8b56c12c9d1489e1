/**
 * npm run bench: how long a loss and its gradient take, as medians, beside one plain loop over typed arrays that computes the same numbers in the
 * same run; then what the program run and a check cost. Exits 1 when something is over its limit.
 */
import { createInterpreter } from '../../src/interpreter/interpreter';
import { libraries } from '../../src/interpreter/libraries/all';
import { parsePython } from '../../src/language/python';
import { backward, requiresGradInPlace } from '../../src/tensor/autograd';
import { fromNumbers, item } from '../../src/tensor/creation';
import { crossEntropy } from '../../src/tensor/crossEntropy';
import { readValues } from '../../src/tensor/record';
import { withTensors } from '../../src/tensor/run';
import { costs, isWithin } from './programs';

const smoothing = 0.1;

interface Size {
  readonly batch: number;
  readonly classes: number;
  readonly repetitions: number;
}

interface Batch {
  readonly logits: Float32Array;
  readonly labels: Float64Array;
}

const batchOf = ({ batch, classes }: Size): Batch => ({
  logits: Float32Array.from({ length: batch * classes }, (_, i) => 3 * Math.sin(i * 1.37)),
  labels: Float64Array.from({ length: batch }, (_, i) => (i * 7) % classes),
});

interface Answer {
  readonly loss: number;
  readonly gradient: ArrayLike<number>;
}

/** Mean smoothed cross entropy with target `on` on the label and `off` elsewhere, and its gradient: the fastest that plain code does it. */
function plainLoop({ logits, labels }: Batch, classes: number, on: number, off: number): Answer {
  const batch = labels.length;
  const gradient = new Float32Array(logits.length);
  let loss = 0;
  for (let n = 0; n < batch; n++) {
    const start = n * classes;
    let max = -Infinity;
    for (let k = 0; k < classes; k++) if (logits[start + k]! > max) max = logits[start + k]!;
    let total = 0;
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      const e = Math.exp(logits[start + k]! - max);
      gradient[start + k] = e;
      total += e;
      sum += logits[start + k]!;
    }
    const logPartition = max + Math.log(total);
    const label = start + labels[n]!;
    loss += off * (classes * logPartition - sum) + (on - off) * (logPartition - logits[label]!);
    for (let k = 0; k < classes; k++) gradient[start + k] = (gradient[start + k]! / total - off) / batch;
    gradient[label]! -= (on - off) / batch;
  }
  return { loss: loss / batch, gradient };
}

interface Medians {
  readonly milliseconds: number;
  readonly plain: number;
}

const medianOf = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1]!;

/** Medians of runs that alternate with the plain loop's, so that what else the machine does weighs on both alike; the first two warm up. */
function medians(repetitions: number, timed: () => number, plain: () => number): Medians {
  const pairs = Array.from({ length: repetitions + 2 }, () => [timed(), plain()] as const).slice(2);
  return { milliseconds: medianOf(pairs.map(([time]) => time)), plain: medianOf(pairs.map(([, time]) => time)) };
}

function stopwatch(body: () => void): number {
  const start = performance.now();
  body();
  return performance.now() - start;
}

function assertSame(what: string, actual: Answer, expected: Answer): void {
  const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5 + 1.3e-6 * Math.abs(b);
  const wrong = !near(actual.loss, expected.loss) || Array.from(actual.gradient).some((value, i) => !near(value, expected.gradient[i]!));
  if (wrong) throw new Error(`${what}: not the numbers of the plain loop (loss ${actual.loss}, expected ${expected.loss})`);
}

/** torch's built-in loss on the tensor core: value and gradient, on tensors that are already there. */
function builtIn({ batch, classes, repetitions }: Size, data: Batch, expected: Answer, plain: () => number): Medians {
  const once = (look: (answer: Answer) => void): number =>
    withTensors(
      () => {
        const logits = requiresGradInPlace(fromNumbers(data.logits, [batch, classes], 'float32'));
        const labels = fromNumbers(data.labels, [batch], 'int64');
        let loss = 0;
        const time = stopwatch(() => {
          const output = crossEntropy(logits, labels, { labelSmoothing: smoothing });
          backward(output);
          loss = item(output).value;
        });
        look({ loss, gradient: readValues(logits.grad!) });
        return time;
      },
      { limits: { elements: Infinity } },
    );
  once((answer) => {
    assertSame('cross_entropy', answer, expected);
  });
  return medians(repetitions, () => once(() => undefined), plain);
}

/** A class as people write it: the target filled and scattered without a gradient, then −Σ q log p, interpreted. */
const personsClass = `
import torch
import torch.nn as nn

class SmoothedLoss(nn.Module):
    def __init__(self, classes, smoothing=0.1, dim=-1):
        super(SmoothedLoss, self).__init__()
        self.confidence = 1.0 - smoothing
        self.smoothing = smoothing
        self.classes = classes
        self.dim = dim

    def forward(self, prediction, target):
        log_probabilities = prediction.log_softmax(dim=self.dim)
        with torch.no_grad():
            wanted = torch.zeros_like(log_probabilities)
            wanted.fill_(self.smoothing / (self.classes - 1))
            wanted.scatter_(1, target.data.unsqueeze(1), self.confidence)
        return torch.mean(torch.sum(-wanted * log_probabilities, dim=self.dim))
`;

function interpreted({ batch, classes, repetitions }: Size, expected: Answer, plain: () => number): Medians {
  const setup = `
criterion = SmoothedLoss(${classes})
logits = (torch.arange(${batch * classes}, dtype=torch.float64) * 1.37).sin().mul(3).float().view(${batch}, ${classes}).requires_grad_()
labels = torch.arange(${batch}) * 7 % ${classes}
`;
  const use = parsePython(
    'logits.grad = None\nloss = criterion(logits, labels)\nloss.backward()\nvalue = loss.item()\ngradient = logits.grad',
  );
  const once = (look: (answer: Answer) => void): number =>
    withTensors(
      () => {
        const run = createInterpreter({ libraries, budgets: { elements: 1e9, bytes: Infinity, milliseconds: 60_000 } });
        const problems = run.run(parsePython(personsClass + setup)).errors;
        let failed = problems;
        const time = stopwatch(() => {
          failed = [...problems, ...run.run(use).errors];
        });
        if (failed.length > 0) throw failed[0]!;
        const value = run.lookup('value');
        const gradient = run.lookup('gradient');
        if (value?.kind !== 'float' || gradient?.kind !== 'tensor') throw new Error('the interpreted class gave no loss');
        look({ loss: value.value, gradient: readValues(gradient.tensor) });
        return time;
      },
      { limits: { elements: Infinity } },
    );
  once((answer) => {
    assertSame('interpreted class', answer, expected);
  });
  return medians(repetitions, () => once(() => undefined), plain);
}

interface Row extends Medians {
  readonly what: string;
  /** The most it may take, as a multiple of the plain loop or in milliseconds. */
  readonly limit: { readonly times: number } | { readonly milliseconds: number };
}

function measure(size: Size, builtInLimit: Row['limit'], interpretedLimit: Row['limit'] | null): readonly Row[] {
  const { batch, classes } = size;
  const data = batchOf(size);
  const mixture = [1 - smoothing + smoothing / classes, smoothing / classes] as const;
  const filled = [1 - smoothing, smoothing / (classes - 1)] as const;
  const shape = `${batch} × ${classes}`;
  const plain = (targets: readonly [number, number]) => (): number => stopwatch(() => void plainLoop(data, classes, ...targets));
  const rows: Row[] = [
    {
      what: `cross_entropy, smoothed, ${shape}`,
      ...builtIn(size, data, plainLoop(data, classes, ...mixture), plain(mixture)),
      limit: builtInLimit,
    },
  ];
  if (interpretedLimit !== null) {
    rows.push({
      what: `a person's class, interpreted, ${shape}`,
      ...interpreted(size, plainLoop(data, classes, ...filled), plain(filled)),
      limit: interpretedLimit,
    });
  }
  return rows;
}

async function main(): Promise<void> {
  const ofPrograms = await costs(Number(process.argv[2] ?? 2_000));
  const rows = [
    ...measure({ batch: 32, classes: 10, repetitions: 200 }, { milliseconds: 1 }, { milliseconds: 1 }),
    ...measure({ batch: 128, classes: 1000, repetitions: 30 }, { times: 2 }, { times: 4 }),
    ...measure({ batch: 256, classes: 32_000, repetitions: 5 }, { times: 2 }, null),
  ];

  let over = 0;
  console.log('value and gradient                              median      plain loop   ratio   limit');
  for (const { what, milliseconds, plain, limit } of rows) {
    const ratio = milliseconds / plain;
    const allowed = 'times' in limit ? `${limit.times}×` : `${limit.milliseconds} ms`;
    const within = 'times' in limit ? ratio <= limit.times : milliseconds <= limit.milliseconds;
    if (!within) over++;
    console.log(
      `${what.padEnd(44)} ${milliseconds.toFixed(3).padStart(9)} ms ${plain.toFixed(3).padStart(9)} ms ${ratio.toFixed(2).padStart(6)}×  ${allowed.padStart(5)}${within ? '' : '  over'}`,
    );
  }
  console.log('\nprograms and folders, time of the processor          cost        limit');
  for (const one of ofPrograms) {
    const { what, value, unit, limit } = one;
    if (!isWithin(one)) over++;
    const most = `${unit === 'files/s' ? 'from' : 'up to'} ${limit} ${unit}`;
    console.log(`${what.padEnd(44)} ${value.toFixed(1).padStart(9)} ${unit.padEnd(8)} ${most}${isWithin(one) ? '' : '  over'}`);
  }
  process.exit(over > 0 ? 1 : 0);
}

void main();
