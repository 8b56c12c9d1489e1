/** What the program makes of a loss that is right by itself, in other functions, classes and files. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Finding } from '../../../src/inspection';
import type { Workspace } from '../../../src/workspace';

type Files = Readonly<Record<string, string>>;

const workspaceOf = (files: Files): Workspace => ({ read: (path) => files[path] ?? null, files: () => Object.keys(files) });

/** The findings of all files, with the file that each stands in. */
const found = (files: Files): readonly (Finding & { readonly file: string })[] =>
  Object.entries(files).flatMap(([file, text]) =>
    inspect({ file, path: file, text, brief: true }, undefined, workspaceOf(files)).losses.flatMap(({ findings }) =>
      findings.map((finding) => ({ ...finding, file: finding.range.file ?? file })),
    ),
  );

const head =
  'import numpy\nimport torch\nimport torch.nn.functional as F\nfrom torch import nn\nfrom torch.utils.data import DataLoader, TensorDataset\n';

const mixture = `${head}
class Mixture(nn.Module):
    def __init__(self, eps=0.2):
        super().__init__()
        self.eps = eps

    def forward(self, scores, labels):
        logp = F.log_softmax(scores, dim=1)
        own = -logp.gather(1, labels.unsqueeze(1)).squeeze(1)
        return ((1 - self.eps) * own - self.eps * logp.mean(1)).mean()
`;

const ofLogProbabilities = `${head}
def spread_nll(logp, labels, eps=0.15):
    own = F.nll_loss(logp, labels)
    return (1 - eps) * own - eps * logp.mean()
`;

const net = (last: string): string => `${head}
class Net(nn.Module):
    def __init__(self, width, k):
        super().__init__()
        self.body = nn.Linear(16, width)
        self.out = nn.Linear(width, k)

    def forward(self, x):
        return ${last}
`;

const loop = (criterion: string, imported: string, use = 'criterion(net(x), y)'): string => `${head}
from net import Net
${imported}

def main():
    net = Net(32, 6)
    criterion = ${criterion}
    loader = DataLoader(TensorDataset(*torch.load("set.pt")), 8)
    for step, (x, y) in enumerate(loader):
        loss = ${use}
        loss.backward()

main()
`;

const collating = (made: string, criterion = 'nn.CrossEntropyLoss(label_smoothing=0.1)'): string => `${head}
def collate(rows):
    x = torch.stack([row[0] for row in rows])
    y = torch.tensor([row[1] for row in rows])
    ${made}
    return x, q

def main(data):
    net = nn.Linear(16, 6)
    criterion = ${criterion}
    for x, q in DataLoader(torch.load("set.pt"), 8, collate_fn=collate):
        loss = criterion(net(x), q)
        loss.backward()

main(None)
`;

const evaluating = (around: string, eps = '0.2', build = 'Mixture(EPS)'): string => `${head}
from losses import Mixture
EPS = ${eps}
net = nn.Linear(16, 6)
criterion = ${build}
loader = DataLoader(TensorDataset(*torch.load("set.pt")), 8)
for x, y in loader:
    criterion(net(x), y).backward()

${around}
    for x, y in loader:
        print(criterion(net(x), y).item())
`;

const told = (classes: number, outputs: number): Files => ({
  'losses.py': `${head}
class Scattered(nn.Module):
    def __init__(self, classes, smoothing):
        super().__init__()
        self.classes, self.smoothing = classes, smoothing

    def forward(self, scores, labels):
        q = torch.full_like(scores, self.smoothing / (self.classes - 1))
        q.scatter_(1, labels.unsqueeze(1), 1 - self.smoothing)
        return -(q * scores.log_softmax(1)).sum(1).mean()
`,
  'net.py': net('self.out(self.body(x).relu())'),
  'run.py': loop(`Scattered(${classes}, 0.12)`, 'from losses import Scattered').replace('Net(32, 6)', `Net(32, ${outputs})`),
});

const keras = (activation: string, fromLogits: string): Files => ({
  'layers_of.py': `import keras

def build(k):
    return keras.Sequential([keras.layers.Dense(20, activation="relu"), keras.layers.Dense(k${activation})])
`,
  'fit.py': `import keras
from layers_of import build

model = build(6)
model.compile(optimizer="adam", loss=keras.losses.CategoricalCrossentropy(from_logits=${fromLogits}, label_smoothing=0.2))
`,
});

const tfjs = (units: string): Files => ({
  'model.ts': `import * as tf from '@tensorflow/tfjs';
export function build(): tf.Sequential {
  const made = tf.sequential();
  made.add(tf.layers.dense({ units: 12, activation: 'relu' }));
  made.add(tf.layers.dense(${units}));
  return made;
}
`,
  'fit.ts': `import * as tf from '@tensorflow/tfjs';
import { build } from './model';

function smoothed(labels: tf.Tensor2D, scores: tf.Tensor2D, smoothing: number): tf.Scalar {
  return tf.losses.softmaxCrossEntropy(labels, scores, undefined, smoothing) as tf.Scalar;
}

export function run(x: tf.Tensor2D, y: tf.Tensor2D): void {
  const model = build();
  const cost = tf.train.sgd(0.1).minimize(() => smoothed(y, model.apply(x) as tf.Tensor2D, 0.2), true);
  console.log(cost?.dataSync()[0]);
  smoothed(y, model.predict(x) as tf.Tensor2D, 0).print();
}
`,
});

/** A script with functions that it does not call itself. */
const uncalled = (last: string, body: string): Files => ({
  'run.py': `${net(last)}
net = Net(32, 6)
criterion = nn.CrossEntropyLoss(label_smoothing=0.15)

${body}
`,
});

const fitting = (model: string): string => `def fit(${model}, rows, optimizer):
    for x, y in rows:
        loss = criterion(${model}(x), y)
        loss.backward()
        optimizer.step()`;

const aTrainer = `class Fitter:
    def __init__(self, net, rows):
        self.net = net
        self.rows = rows

    def epoch(self):
        for x, y in self.rows:
            criterion(self.net(x), y).backward()`;

const headed = (head: string, library = 'torchvision.models.resnet34()'): Files => ({
  'run.py': `import timm
import torch
import torchvision
from torch import nn

net = ${library}
${head}
criterion = nn.CrossEntropyLoss(label_smoothing=0.15)

for x, y in torch.load("set.pt"):
    criterion(net(x), y).backward()
`,
});

/** One round of training, and what it does with the loss. */
const stepping = (criterion: string, ...step: readonly string[]): Files => ({
  'losses.py': mixture,
  'run.py': `${head}
import math
from losses import Mixture
net = nn.Linear(16, 6)
criterion = ${criterion}
total = 0.0
for x, y, kept in DataLoader(torch.load("set.pt"), 8):
    loss = criterion(net(x), y)
${step.map((line) => `    ${line}`).join('\n')}
`,
});

/** A student that learns from labels and a teacher. */
const distilling = (soft: string): Files => ({
  'run.py': `${head}
def distil(student, labels, teacher, heat=3.0, share=0.4):
    soft = ${soft}
    return share * heat**2 * soft + (1 - share) * F.cross_entropy(student, labels)
`,
});

/** Rows of one target left out, and what the rest is divided by. */
const leavingOut = (divisor: string): Files => ({
  'run.py': `${head}
def of_tokens(scores, tokens, eps=0.2, pad=0):
    logp = F.log_softmax(scores, -1)
    left = tokens == pad
    own = -(1 - eps) * logp.gather(-1, tokens.unsqueeze(-1)).squeeze(-1) - eps * logp.mean(-1)
    return own.masked_fill(left, 0.0).sum() / ${divisor}
`,
});

/** Labels that are filled up on their way to a loss. */
const filling = (made: string, criterion = 'nn.CrossEntropyLoss(label_smoothing=0.15)'): Files => ({
  'data.py': `${head}
VOID = 250

class Tiles(torch.utils.data.Dataset):
    def __init__(self, files, edge):
        self.files, self.edge = files, edge

    def __getitem__(self, i):
        tile, small, void = torch.load(self.files[i])
        ${made}
        return tile, labels
`,
  'run.py': `${head}
from data import Tiles
net = nn.Conv2d(3, 9, 1)
criterion = ${criterion}
for x, y in DataLoader(Tiles(["a.pt"], 64), 4):
    criterion(net(x), y).backward()
`,
});

/** One factor for two stages. */
const stages = (later: string, factor = 'settings.softness'): Files => ({
  'settings.py': 'softness = 0.12\nother = 0.12\n',
  'filled.py': `${head}
def filled(scores, labels, eps):
    k = scores.shape[1]
    q = torch.full_like(scores, eps / (k - 1)).scatter(1, labels[:, None], 1 - eps)
    return -(q * scores.log_softmax(1)).sum(1).mean()

def mixed(scores, labels, eps):
    logp = scores.log_softmax(1)
    return -((1 - eps) * logp.gather(1, labels[:, None])[:, 0] + eps * logp.mean(1)).mean()
`,
  'run.py': `${head}
import settings
from filled import filled, mixed
net = nn.Linear(16, 4)
early = nn.CrossEntropyLoss(label_smoothing=${factor})
for x, y in DataLoader(torch.load("set.pt"), 8):
    early(net(x), y).backward()
for x, y in DataLoader(torch.load("set.pt"), 8):
    ${later}.backward()
`,
});

const kl = 'F.kl_div(F.log_softmax(student / heat, 1), F.softmax(teacher / heat, 1)';

interface Case {
  readonly what: string;
  readonly files: Files;
  readonly rule: string;
  /** Where it stands; null where nothing is to be found. */
  readonly at: readonly [file: string, line: number] | null;
  readonly says?: RegExp;
}

const trained = (last: string, criterion = 'Mixture()', imported = 'from losses import Mixture'): Files => ({
  'losses.py': mixture,
  'nll.py': ofLogProbabilities,
  'net.py': net(last),
  'run.py': loop(criterion, imported),
});

const cases: readonly Case[] = [
  {
    what: 'a softmax at the end of a model of another file',
    files: trained('self.out(self.body(x)).softmax(-1)'),
    rule: 'softmax-twice',
    at: ['net.py', 14],
    says: /net\.py, line 14/,
  },
  {
    what: 'a model that a function is to be handed, which the file keeps under the same name',
    files: uncalled('self.out(self.body(x)).softmax(-1)', fitting('net')),
    rule: 'softmax-twice',
    at: ['run.py', 14],
    says: /line 14, where `net` is the one that this file makes/,
  },
  {
    what: 'one that a class is to be made with',
    files: uncalled('F.softmax(self.out(self.body(x)), 1)', aTrainer),
    rule: 'softmax-twice',
    at: ['run.py', 14],
    says: /where `net` is the one/,
  },
  { what: 'one that puts out logits', files: uncalled('self.out(self.body(x))', fitting('net')), rule: 'softmax-twice', at: null },
  {
    what: 'a model of another name, which may be any',
    files: uncalled('self.out(self.body(x)).softmax(-1)', fitting('model')),
    rule: 'softmax-twice',
    at: null,
  },
  {
    what: 'a function that the program hands another model',
    files: uncalled('self.out(self.body(x)).softmax(-1)', `${fitting('net')}\n\nfit(nn.Linear(16, 6), torch.load("set.pt"), None)`),
    rule: 'softmax-twice',
    at: null,
  },
  {
    what: 'logits or probabilities, as the model is told',
    files: uncalled('self.out(x).softmax(-1) if self.asks else self.out(x)', fitting('net')),
    rule: 'softmax-twice',
    at: null,
  },
  {
    what: 'a head with a softmax on a model of torchvision',
    files: headed('net.fc = nn.Sequential(nn.Linear(512, 6), nn.Softmax(dim=1))'),
    rule: 'softmax-twice',
    at: ['run.py', 11],
  },
  {
    what: 'on one of timm',
    files: headed('net.head = nn.Sequential(nn.Linear(192, 6), nn.Softmax(-1))', 'timm.create_model("vit_tiny", num_classes=4)'),
    rule: 'softmax-twice',
    at: ['run.py', 11],
  },
  {
    what: 'another part of it that ends in a softmax',
    files: headed('net.gate = nn.Sequential(nn.Linear(512, 6), nn.Softmax(dim=1))'),
    rule: 'softmax-twice',
    at: null,
  },
  { what: 'a head without', files: headed('net.fc = nn.Linear(512, 6)'), rule: 'softmax-twice', at: null },
  { what: 'no softmax there', files: trained('self.out(self.body(x).relu())'), rule: 'softmax-twice', at: null },
  {
    what: 'a softmax inside of the model, before its last layer',
    files: trained('self.out(self.body(x).softmax(-1))'),
    rule: 'softmax-twice',
    at: null,
  },
  {
    what: 'a log_softmax there, which changes nothing',
    files: trained('F.log_softmax(self.out(x), -1)'),
    rule: 'log-softmax-twice',
    at: ['net.py', 14],
  },
  { what: 'it is no softmax taken twice', files: trained('F.log_softmax(self.out(x), -1)'), rule: 'softmax-twice', at: null },
  {
    what: 'probabilities for a loss of log-probabilities',
    files: trained('self.out(self.body(x)).softmax(-1)', 'spread_nll', 'from nll import spread_nll'),
    rule: 'probabilities-for-log-probabilities',
    at: ['net.py', 14],
  },
  {
    what: 'the outputs of a linear layer for a loss of log-probabilities',
    files: trained('self.out(self.body(x).relu())', 'spread_nll', 'from nll import spread_nll'),
    rule: 'logits-for-log-probabilities',
    at: ['net.py', 14],
  },
  {
    what: 'log-probabilities for it',
    files: trained('self.out(self.body(x)).log_softmax(-1)', 'spread_nll', 'from nll import spread_nll'),
    rule: 'logits-for-log-probabilities',
    at: null,
  },
  {
    what: 'a normalised input, which nobody needs to be told to give',
    files: trained('self.out(self.body(x)).log_softmax(-1)', 'spread_nll', 'from nll import spread_nll'),
    rule: 'takes-log-probabilities',
    at: null,
  },
  {
    what: 'a collate function that mixes one-hots with a constant',
    files: { 'run.py': collating('q = F.one_hot(y, 6).float() * 0.9 + 0.1 / 6') },
    rule: 'smoothing-twice',
    at: ['run.py', 15],
    says: /line 10\): this loss smooths them a second time by 0\.1/,
  },
  {
    what: 'one that scatters the labels into a filled tensor, in place',
    files: { 'run.py': collating('q = torch.full((len(rows), 6), 0.02)\n    q.scatter_(1, y.unsqueeze(1), 0.9)') },
    rule: 'smoothing-twice',
    at: ['run.py', 16],
  },
  {
    what: 'smoothed targets that are mixed with those of other rows',
    files: {
      'run.py': collating(
        'q = F.one_hot(y, 6) * 0.9 + 0.1 / 6\n    share = float(numpy.random.beta(0.4, 0.4))\n    q = share * q + (1 - share) * q.flip(0)',
      ),
    },
    rule: 'smoothing-twice',
    at: ['run.py', 17],
  },
  { what: 'one-hots as they are', files: { 'run.py': collating('q = F.one_hot(y, 6).float()') }, rule: 'smoothing-twice', at: null },
  {
    what: 'one-hots smoothed by nothing',
    files: { 'run.py': collating('q = F.one_hot(y, 6).float() * 1.0 + 0.0 / 6') },
    rule: 'smoothing-twice',
    at: null,
  },
  {
    what: 'smoothed targets for a loss that smooths nothing',
    files: { 'run.py': collating('q = F.one_hot(y, 6).float() * 0.9 + 0.1 / 6', 'nn.CrossEntropyLoss(label_smoothing=0.0)') },
    rule: 'smoothing-twice',
    at: null,
  },
  {
    what: 'a criterion that is evaluated with its smoothing',
    files: { 'losses.py': mixture, 'run.py': evaluating('with torch.no_grad():') },
    rule: 'eval-smoothing',
    at: ['run.py', 17],
    says: /ε = 0\.2/,
  },
  {
    what: 'it is used with gradients alone',
    files: { 'losses.py': mixture, 'run.py': evaluating('if True:') },
    rule: 'eval-smoothing',
    at: null,
  },
  {
    what: 'it smooths nothing',
    files: { 'losses.py': mixture, 'run.py': evaluating('with torch.inference_mode():', '0.0') },
    rule: 'eval-smoothing',
    at: null,
  },
  {
    what: 'a module that smooths in training alone',
    files: {
      'losses.py': mixture.replace(
        '        logp',
        '        if not self.training:\n            return F.cross_entropy(scores, labels)\n        logp',
      ),
      'run.py': evaluating('criterion.eval()\nwith torch.no_grad():'),
    },
    rule: 'eval-smoothing',
    at: null,
  },
  {
    what: 'a head of another size than the loss is told',
    files: told(5, 6),
    rule: 'classes-differ',
    at: ['run.py', 12],
    says: /5 classes .*outputs of 6/,
  },
  { what: 'a head of that size', files: told(6, 6), rule: 'classes-differ', at: null },
  {
    what: 'a perplexity of the mean of a smoothed loss',
    files: stepping('Mixture(0.3)', 'total += loss.item()', 'print(math.exp(total / 10))'),
    rule: 'exp-of-smoothed',
    at: ['run.py', 15],
    says: /line 15\), which is smoothed with ε = 0\.3/,
  },
  {
    what: 'one of a loss that smooths nothing',
    files: stepping('Mixture(0.0)', 'print(torch.exp(loss.detach()))'),
    rule: 'exp-of-smoothed',
    at: null,
  },
  {
    what: 'the probability that a focal factor is made of',
    files: stepping('Mixture(0.3)', 'loss = (1 - torch.exp(-loss)) ** 2 * loss'),
    rule: 'exp-of-smoothed',
    at: null,
  },
  {
    what: 'the exponential of something else',
    files: stepping('Mixture(0.3)', 'print(torch.exp(net(x)).mean() + loss)'),
    rule: 'exp-of-smoothed',
    at: null,
  },
  {
    what: 'a mask on the mean of the batch, divided by its sum',
    files: stepping('Mixture(0.3)', 'loss = torch.sum(loss / 4 * kept) / (kept.sum() + 1e-6)', 'loss.backward()'),
    rule: 'mask-on-scalar',
    at: ['run.py', 14],
  },
  {
    what: 'its mean',
    files: stepping('Mixture(0.3)', 'kept = (y != 0).view(-1)', '(kept * loss).mean().backward()'),
    rule: 'mask-on-scalar',
    at: ['run.py', 15],
    says: /times the mean of the mask/,
  },
  {
    what: 'a mask on the losses of the rows',
    files: stepping(
      'nn.CrossEntropyLoss(label_smoothing=0.3, reduction="none")',
      'loss = (loss * kept).sum() / kept.sum()',
      'loss.backward()',
    ),
    rule: 'mask-on-scalar',
    at: null,
  },
  {
    what: 'a weight that may be a number',
    files: stepping('Mixture(0.3)', '(loss * kept).mean().backward()'),
    rule: 'mask-on-scalar',
    at: null,
  },
  {
    what: 'a weighted sum of losses divided by the weights of other things',
    files: stepping('Mixture(0.3)', '((loss * kept).sum() / y.sum()).backward()'),
    rule: 'mask-on-scalar',
    at: null,
  },
  {
    what: 'a mean divided by the rows of the batch',
    files: stepping('Mixture(0.3)', 'loss = loss / x.size(0)', 'loss.backward()'),
    rule: 'divided-twice',
    at: ['run.py', 14],
  },
  {
    what: 'by the length of the targets, in place',
    files: stepping('Mixture(0.3)', 'loss /= len(y)', 'loss.backward()'),
    rule: 'divided-twice',
    at: ['run.py', 14],
  },
  {
    what: 'a sum divided by it',
    files: stepping('nn.CrossEntropyLoss(label_smoothing=0.3, reduction="sum")', 'loss = loss / x.size(0)', 'loss.backward()'),
    rule: 'divided-twice',
    at: null,
  },
  {
    what: 'a mean times the number of rows, and divided by that of all',
    files: stepping('Mixture(0.3)', 'total += loss.item() * x.size(0)', 'print(total / 500)'),
    rule: 'divided-twice',
    at: null,
  },
  {
    what: 'a mean divided by the steps of an accumulation',
    files: stepping('Mixture(0.3)', '(loss / 4).backward()'),
    rule: 'divided-twice',
    at: null,
  },
  {
    what: 'a factor that is mixed at one stage and shared by the others at the next',
    files: stages('filled(net(x), y, settings.softness)'),
    rule: 'two-conventions',
    at: ['run.py', 14],
    says: /0\.12 \(settings\.py, line 1\).* the label gets 0\.88; .* gets 0\.91\. At K = 4 0\.12 of the one is ε = 0\.16 of the other/,
  },
  {
    what: 'the same way at both',
    files: stages('mixed(net(x), y, settings.softness)'),
    rule: 'two-conventions',
    at: null,
  },
  {
    what: 'converted for the other',
    files: stages('filled(net(x), y, settings.softness * 3 / 4)'),
    rule: 'two-conventions',
    at: null,
  },
  {
    what: 'a factor of its own',
    files: stages('filled(net(x), y, settings.other)'),
    rule: 'two-conventions',
    at: null,
  },
  {
    what: 'labels padded with a number that is no class',
    files: filling('labels = F.pad(small, (0, self.edge - small.shape[-1]), value=VOID)'),
    rule: 'filled-label',
    at: ['run.py', 9],
    says: /filled up with 250 \(data\.py, line 15\).* Target 250 is out of bounds/,
  },
  {
    what: 'a filled array with the labels in a part of it',
    files: filling(
      'labels = numpy.full((self.edge, self.edge), -1)\n        labels[:small.shape[0], :small.shape[1]] = small\n        labels = torch.from_numpy(labels).long()',
    ),
    rule: 'filled-label',
    at: ['run.py', 9],
    says: /Target -1 is out of bounds/,
  },
  {
    what: 'a number written where a mask says',
    files: filling('labels = small.long()\n        labels[void] = VOID'),
    rule: 'filled-label',
    at: ['run.py', 9],
  },
  {
    what: 'tensors of a dataset that torch makes',
    files: {
      'run.py': `${head}
x, y = torch.load("set.pt")
y = F.pad(y, (0, 3), value=-2)
net = nn.Conv1d(3, 9, 1)
criterion = nn.CrossEntropyLoss(label_smoothing=0.15)
for rows, labels in DataLoader(TensorDataset(x, y), 4):
    criterion(net(rows), labels).backward()
`,
    },
    rule: 'filled-label',
    at: ['run.py', 10],
  },
  {
    what: 'sequences that are padded by a collate function',
    files: {
      'run.py': collating(
        'q = torch.nn.utils.rnn.pad_sequence([row[1] for row in rows], batch_first=True, padding_value=-3)',
        'nn.CrossEntropyLoss(label_smoothing=0.1)',
      ).replace('criterion(net(x), q)', 'criterion(net(x).flatten(0, 1), q.flatten())'),
    },
    rule: 'filled-label',
    at: ['run.py', 15],
  },
  {
    what: 'what the loss ignores',
    files: filling(
      'labels = F.pad(small, (0, self.edge - small.shape[-1]), value=VOID)',
      'nn.CrossEntropyLoss(label_smoothing=0.15, ignore_index=250)',
    ),
    rule: 'filled-label',
    at: null,
  },
  {
    what: 'what torch’s loss ignores by itself',
    files: filling('labels = F.pad(small, (0, self.edge - small.shape[-1]), value=-100)'),
    rule: 'filled-label',
    at: null,
  },
  {
    what: 'a class',
    files: filling('labels = F.pad(small, (0, self.edge - small.shape[-1]), value=8)'),
    rule: 'filled-label',
    at: null,
  },
  {
    what: 'labels that another number was put in place of',
    files: filling('labels = F.pad(small, (0, 9), value=VOID)\n        labels = labels.masked_fill(labels == VOID, 0)'),
    rule: 'filled-label',
    at: null,
  },
  {
    what: 'in place',
    files: filling('labels = F.pad(small, (0, 9), value=VOID)\n        labels[labels == VOID] = 0'),
    rule: 'filled-label',
    at: null,
  },
  {
    what: 'a filled array that is written over',
    files: filling('labels = torch.full((self.edge, self.edge), VOID)\n        labels[:] = small'),
    rule: 'filled-label',
    at: null,
  },
  {
    what: 'rows that are left out before the loss',
    files: {
      'run.py': filling('labels = F.pad(small, (0, 9), value=VOID)')['run.py']!.replace(
        'criterion(net(x), y)',
        'criterion(net(x).movedim(1, -1)[y != 250], y[y != 250])',
      ),
      'data.py': filling('labels = F.pad(small, (0, 9), value=VOID)')['data.py']!,
    },
    rule: 'filled-label',
    at: null,
  },
  {
    what: 'a padding that only some of the images get',
    files: filling('labels = F.pad(small, (0, 9), value=VOID) if void.any() else small'),
    rule: 'filled-label',
    at: null,
  },
  {
    what: 'a Keras model that ends in a softmax, in another file',
    files: keras(', activation="softmax"', 'True'),
    rule: 'softmax-twice',
    at: ['layers_of.py', 4],
  },
  {
    what: 'a tfjs model that ends in a softmax, in another file',
    files: tfjs("{ units: 5, activation: 'softmax' }"),
    rule: 'softmax-twice',
    at: ['model.ts', 5],
  },
  { what: 'a tfjs model that ends in logits', files: tfjs('{ units: 5 }'), rule: 'softmax-twice', at: null },
  {
    what: 'a Keras model that ends in logits, for a loss of probabilities',
    files: keras('', 'False'),
    rule: 'logits-for-probabilities',
    at: ['layers_of.py', 4],
    says: /layers_of\.py, line 4/,
  },
  {
    what: 'one with an activation of its own',
    files: keras(', activation=torch_like', 'False'),
    rule: 'logits-for-probabilities',
    at: null,
  },
  { what: 'one that ends in a softmax', files: keras(', activation="softmax"', 'False'), rule: 'logits-for-probabilities', at: null },
  { what: 'logits for a loss that takes them', files: keras('', 'True'), rule: 'logits-for-probabilities', at: null },
  { what: 'the tokens that are padding', files: leavingOut('left.sum()'), rule: 'divides-by-ignored', at: ['run.py', 7] },
  { what: 'those that are not', files: leavingOut('(~left).sum()'), rule: 'divides-by-ignored', at: null },
  { what: 'all of them', files: leavingOut('left.numel()'), rule: 'divides-by-ignored', at: null },
  {
    what: 'a share of padding that another term is divided by',
    files: leavingOut('(~left).sum() + scores.pow(2).masked_fill(~left.unsqueeze(1), 0.0).sum() / left.sum()'),
    rule: 'divides-by-ignored',
    at: null,
  },
  {
    what: 'a term of distillation that is averaged over the elements',
    files: distilling(`${kl})`),
    rule: 'kldiv-mean',
    at: ['run.py', 8],
  },
  { what: 'one that is averaged over the rows', files: distilling(`${kl}, reduction='batchmean')`), rule: 'kldiv-mean', at: null },
  {
    what: 'one that is multiplied by the number of classes again',
    files: distilling(`student.shape[1] * ${kl}, reduction='mean')`),
    rule: 'kldiv-mean',
    at: null,
  },
  { what: 'one that ends in logits', files: keras('', 'True'), rule: 'softmax-twice', at: null },
  { what: 'one whose loss takes probabilities', files: keras(', activation="softmax"', 'False'), rule: 'softmax-twice', at: null },
];

describe('what the program makes of a loss', () => {
  for (const { what, files, rule, at, says } of cases)
    it(`${rule}: ${what}`, () => {
      const findings = found(files);
      const own = findings.filter((finding) => finding.rule === rule);
      const all = findings.map((finding) => `${finding.file}:${finding.range.line} ${finding.rule}`).join('\n');
      if (at === null) {
        assert.deepEqual(own, []);
        return;
      }
      const [file, line] = at;
      const one = own.find((finding) => finding.file === file && finding.range.line === line);
      assert.ok(one !== undefined, all);
      if (says !== undefined) assert.match(one.message, says);
    });
});
