/** Small programs of several files: what a loss of theirs is run with, and the way of its smoothing factor through them. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Inspection } from '../../../src/inspection';
import { workspaceOf } from '../modules/workspaceOf';

interface Expected {
  /** The loss as it is named in this file, of the first where several are. */
  readonly in: string;
  readonly name: string;
  readonly smoothing: number;
  readonly classes: number;
  readonly on: number;
  readonly off: number;
  readonly reduction?: string;
  /** `file:line` in this order, with others between. */
  readonly way: readonly string[];
  /** Factors that the program gives it elsewhere. */
  readonly others?: readonly number[];
}

interface Project {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly losses: readonly Expected[];
}

const torch = 'import torch\nfrom torch import nn\nimport torch.nn.functional as F\n';

const blend = `${torch}
class Blend(nn.Module):
    def __init__(self, amount, reduction="mean"):
        super().__init__()
        self.amount = amount
        self.reduction = reduction

    def forward(self, scores, wanted):
        logp = F.log_softmax(scores, dim=-1)
        own = -logp.gather(-1, wanted.unsqueeze(-1)).squeeze(-1)
        rows = (1 - self.amount) * own + self.amount * -logp.mean(-1)
        return rows.sum() if self.reduction == "sum" else rows.mean()
`;

const spread = `${torch}
def spread(scores, wanted, eps=0.0):
    k = scores.size(1)
    q = torch.full_like(scores, eps / (k - 1)).scatter_(1, wanted[:, None], 1 - eps)
    return -(q * scores.log_softmax(1)).sum(1).mean()
`;

const projects: readonly Project[] = [
  {
    what: 'yacs: defaults, a file and a list, over a registry',
    files: {
      'losses.py': blend.replace('class Blend', 'from registry import LOSSES\n\n@LOSSES.register("blend")\nclass Blend'),
      'registry.py': `class Registry(dict):
    def register(self, name):
        def keep(cls):
            self[name] = cls
            return cls
        return keep

LOSSES = Registry()
`,
      'defaults.py': `from yacs.config import CfgNode as CN

_C = CN()
_C.MODEL = CN()
_C.MODEL.CLASSES = 4
_C.LOSS = CN(new_allowed=True)
_C.LOSS.NAME = "blend"
_C.LOSS.AMOUNT = 0.25
`,
      'conf/fine.yaml': 'MODEL:\n  CLASSES: 14\nLOSS:\n  AMOUNT: 0.07\n',
      'main.py': `import torch
from torch import nn
import losses
from defaults import _C
from registry import LOSSES


def setup():
    cfg = _C.clone()
    cfg.merge_from_file("conf/fine.yaml")
    cfg.merge_from_list(["LOSS.AMOUNT", 0.035])
    cfg.freeze()
    return cfg


def train(cfg, loader):
    net = nn.Linear(8, cfg.MODEL.CLASSES)
    criterion = LOSSES[cfg.LOSS.NAME](cfg.LOSS.AMOUNT)
    for x, y in loader:
        criterion(net(x), y).backward()


train(setup(), torch.load("data.pt"))
`,
    },
    losses: [
      {
        in: 'losses.py',
        name: 'Blend',
        smoothing: 0.035,
        classes: 14,
        on: 0.9675,
        off: 0.0025,
        way: ['defaults.py:8', 'conf/fine.yaml:4', 'main.py:11', 'main.py:23', 'main.py:18', 'losses.py:11'],
      },
    ],
  },
  {
    what: 'Hydra: _target_ in a chosen group, with an interpolation',
    files: {
      'project/losses.py': blend,
      'project/__init__.py': '',
      'conf/train.yaml': 'defaults:\n  - criterion: soft\n  - _self_\nkinds: 7\nstrength: 0.21\n',
      'conf/criterion/soft.yaml': '_target_: project.losses.Blend\namount: ${strength}\nreduction: sum\n',
      'conf/criterion/hard.yaml': '_target_: project.losses.Blend\namount: 0\n',
      'train.py': `import hydra
import torch
from hydra.utils import instantiate
from torch import nn


@hydra.main(config_path="conf", config_name="train", version_base="1.3")
def run(cfg):
    criterion = instantiate(cfg.criterion)
    head = nn.Linear(5, cfg.kinds)
    for x, y in torch.load("set.pt"):
        criterion(head(x), y).backward()


if __name__ == "__main__":
    run()
`,
    },
    losses: [
      {
        in: 'project/losses.py',
        name: 'Blend',
        smoothing: 0.21,
        classes: 7,
        on: 0.82,
        off: 0.03,
        reduction: 'sum',
        way: ['conf/train.yaml:5', 'train.py:9', 'project/losses.py:8'],
      },
    ],
  },
  {
    what: 'OmegaConf: a structured configuration, a file over it and a dotlist over that',
    files: {
      'schema.py': `from dataclasses import dataclass, field


@dataclass
class LossConf:
    eps: float = 0.4
    reduction: str = "mean"


@dataclass
class Conf:
    classes: int = 3
    loss: LossConf = field(default_factory=LossConf)
`,
      'run.yaml': 'classes: 11\nloss:\n  eps: 0.3\n',
      'losses.py': spread,
      'run.py': `from omegaconf import OmegaConf
import torch
from losses import spread
from schema import Conf

conf = OmegaConf.merge(OmegaConf.structured(Conf), OmegaConf.load("run.yaml"), OmegaConf.from_dotlist(["loss.eps=0.2"]))
net = torch.nn.Linear(6, conf.classes)


def step(x, y):
    return spread(net(x), y, eps=conf.loss.eps)


for x, y in torch.load("pairs.pt"):
    step(x, y).backward()
`,
    },
    losses: [
      {
        in: 'losses.py',
        name: 'spread',
        smoothing: 0.2,
        classes: 11,
        on: 0.8,
        off: 0.02,
        way: ['schema.py:6', 'run.yaml:3', 'run.py:6', 'run.py:11', 'losses.py:5'],
      },
    ],
  },
  {
    what: 'an argument for each field of a dataclass',
    files: {
      'options.py': `import argparse
from dataclasses import dataclass, fields


@dataclass
class Options:
    hidden: int = 20
    outputs: int = 9
    softening: float = 0.18


def parse(argv=None):
    parser = argparse.ArgumentParser()
    for f in fields(Options):
        parser.add_argument("--" + f.name.replace("_", "-"), type=f.type, default=f.default)
    return Options(**vars(parser.parse_args(argv)))
`,
      'train.py': `import torch
from torch import nn
from options import parse


class Task:
    def __init__(self, opt):
        self.opt = opt
        self.net = nn.Sequential(nn.Linear(4, opt.hidden), nn.ReLU(), nn.Linear(opt.hidden, opt.outputs))
        self.train_loss = nn.CrossEntropyLoss(label_smoothing=opt.softening)
        self.test_loss = nn.CrossEntropyLoss(reduction="sum")

    def fit(self, loader):
        for x, y in loader:
            self.train_loss(self.net(x), y).backward()

    @torch.no_grad()
    def test(self, loader):
        return sum(self.test_loss(self.net(x), y).item() for x, y in loader)


if __name__ == "__main__":
    task = Task(parse())
    task.fit(torch.load("a.pt"))
    print(task.test(torch.load("b.pt")))
`,
    },
    losses: [
      {
        in: 'train.py',
        name: 'CrossEntropyLoss',
        smoothing: 0.18,
        classes: 9,
        on: 0.84,
        off: 0.02,
        way: ['options.py:9', 'train.py:23', 'train.py:10'],
      },
      { in: 'train.py', name: 'CrossEntropyLoss #2', smoothing: 0, classes: 9, on: 1, off: 0, reduction: 'sum', way: [] },
    ],
  },
  {
    what: 'pydantic settings filled from a file',
    files: {
      'settings.py': `import yaml
from pydantic import BaseModel, Field


class LossSettings(BaseModel):
    smoothing: float = Field(0.1, ge=0, lt=1)


class Settings(BaseModel):
    classes: int
    loss: LossSettings = LossSettings()


def load(path):
    with open(path) as f:
        return Settings(**yaml.safe_load(f))
`,
      'settings.yaml': 'classes: 5\nloss:\n  smoothing: 0.35\n',
      'fit.py': `import torch
from torch import nn
from losses import Blend
from settings import load

settings = load("settings.yaml")
model = nn.Linear(3, settings.classes)
criterion = Blend(settings.loss.smoothing)
for inputs, labels in torch.load("rows.pt"):
    criterion(model(inputs), labels).backward()
`,
      'losses.py': blend,
    },
    losses: [
      {
        in: 'losses.py',
        name: 'Blend',
        smoothing: 0.35,
        classes: 5,
        on: 0.72,
        off: 0.07,
        way: ['settings.yaml:3', 'fit.py:6', 'fit.py:8', 'losses.py:8'],
      },
    ],
  },
  {
    what: 'a Lightning module with its hyperparameters',
    files: {
      'module.py': `import lightning as L
import torch
import torch.nn.functional as F
from torch import nn


class Sorter(L.LightningModule):
    def __init__(self, classes: int = 10, smoothing: float = 0.12):
        super().__init__()
        self.save_hyperparameters()
        self.head = nn.Linear(7, classes)

    def shared(self, batch, smoothing):
        x, y = batch
        return F.cross_entropy(self.head(x), y, label_smoothing=smoothing)

    def training_step(self, batch, _):
        return self.shared(batch, self.hparams.smoothing)

    def validation_step(self, batch, _):
        self.log("val", self.shared(batch, 0.0))
`,
      'train.py': `import lightning as L
import torch
from module import Sorter

train, val = torch.load("rows.pt")
L.Trainer(max_epochs=1).fit(Sorter(classes=8, smoothing=0.16), train_dataloaders=train, val_dataloaders=val)
`,
    },
    losses: [
      {
        in: 'module.py',
        name: 'cross_entropy',
        smoothing: 0.16,
        classes: 8,
        on: 0.86,
        off: 0.02,
        way: ['train.py:6', 'module.py:18', 'module.py:15'],
        others: [0],
      },
    ],
  },
  {
    what: 'TrainingArguments and compute_loss',
    files: {
      'train.py': `from transformers import AutoModelForSequenceClassification, Trainer, TrainingArguments
from datasets import load_dataset
from losses import spread


class Softened(Trainer):
    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        labels = inputs.pop("labels")
        outputs = model(**inputs)
        loss = spread(outputs.logits, labels, self.args.label_smoothing_factor)
        return (loss, outputs) if return_outputs else loss


args = TrainingArguments("out", label_smoothing_factor=0.24)
model = AutoModelForSequenceClassification.from_pretrained("some/model", num_labels=13)
Softened(model=model, args=args, train_dataset=load_dataset("some/rows")).train()
`,
      'losses.py': spread,
    },
    losses: [
      {
        in: 'losses.py',
        name: 'spread',
        smoothing: 0.24,
        classes: 13,
        on: 0.76,
        off: 0.02,
        way: ['train.py:14', 'train.py:16', 'train.py:10', 'losses.py:5'],
      },
    ],
  },
  {
    what: 'absl flags',
    files: {
      'flags_of_it.py': `from absl import flags

flags.DEFINE_float("smooth", 0.09, "share of the other classes")
flags.DEFINE_integer("classes", 3, "how many")
`,
      'main.py': `from absl import app, flags
import torch
from torch import nn
import flags_of_it
from losses import Blend

FLAGS = flags.FLAGS


def main(argv):
    del argv
    criterion = Blend(amount=FLAGS.smooth)
    net = nn.Linear(2, FLAGS.classes)
    for x, y in torch.load("d.pt"):
        criterion(net(x), y).backward()


if __name__ == "__main__":
    app.run(main)
`,
      'losses.py': blend,
    },
    losses: [
      {
        in: 'losses.py',
        name: 'Blend',
        smoothing: 0.09,
        classes: 3,
        on: 0.94,
        off: 0.03,
        way: ['flags_of_it.py:3', 'main.py:12', 'losses.py:8'],
      },
    ],
  },
  {
    what: 'gin bindings',
    files: {
      'run.gin': 'build.classes = 6\nbuild.amount = 0.3\n',
      'build.py': `import gin
from torch import nn
from losses import Blend


@gin.configurable
def build(classes=2, amount=0.0):
    return nn.Linear(9, classes), Blend(amount)
`,
      'run.py': `import gin
import torch
from build import build

gin.parse_config_file("run.gin")
net, criterion = build()
for x, y in torch.load("d.pt"):
    criterion(net(x), y).backward()
`,
      'losses.py': blend,
    },
    losses: [
      {
        in: 'losses.py',
        name: 'Blend',
        smoothing: 0.3,
        classes: 6,
        on: 0.75,
        off: 0.05,
        way: ['run.gin:2', 'build.py:8', 'losses.py:8'],
      },
    ],
  },
  {
    what: 'tyro over nested dataclasses',
    files: {
      'train.py': `from dataclasses import dataclass, field
import torch
import tyro
from losses import spread


@dataclass
class LossArgs:
    eps: float = 0.27


@dataclass
class Args:
    classes: int = 10
    loss: LossArgs = field(default_factory=LossArgs)


def main(args: Args):
    net = torch.nn.Linear(4, args.classes)
    for x, y in torch.load("d.pt"):
        spread(net(x), y, args.loss.eps).backward()


if __name__ == "__main__":
    main(tyro.cli(Args))
`,
      'losses.py': spread,
    },
    losses: [
      {
        in: 'losses.py',
        name: 'spread',
        smoothing: 0.27,
        classes: 10,
        on: 0.73,
        off: 0.03,
        way: ['train.py:9', 'train.py:25', 'train.py:21', 'losses.py:5'],
      },
    ],
  },
  {
    what: 'fire, with partial and a table of losses',
    files: {
      'train.py': `from functools import partial
import fire
import torch
from losses import spread

TABLE = {"plain": torch.nn.functional.cross_entropy, "soft": spread}


def main(loss="soft", eps=0.15, classes=16):
    criterion = partial(TABLE[loss], eps=eps)
    net = torch.nn.Linear(4, classes)
    for x, y in torch.load("d.pt"):
        criterion(net(x), y).backward()


if __name__ == "__main__":
    fire.Fire(main)
`,
      'losses.py': spread,
    },
    losses: [
      {
        in: 'losses.py',
        name: 'spread',
        smoothing: 0.15,
        classes: 16,
        on: 0.85,
        off: 0.01,
        way: ['train.py:9', 'train.py:10', 'losses.py:5'],
      },
    ],
  },
  {
    what: 'a JSON file as a namespace, and another factor where it is evaluated',
    files: {
      'conf.json': '{\n  "model": {"classes": 5},\n  "loss": {"train": 0.2, "test": 0.1}\n}\n',
      'common.py': `import json
from types import SimpleNamespace


def load():
    with open("conf.json") as f:
        return json.load(f, object_hook=lambda d: SimpleNamespace(**d))
`,
      'train.py': `import torch
from common import load
from evaluate import evaluate
from losses import Blend

conf = load()
net = torch.nn.Linear(4, conf.model.classes)
criterion = Blend(conf.loss.train)
for x, y in torch.load("d.pt"):
    criterion(net(x), y).backward()
evaluate(net, conf)
`,
      'evaluate.py': `import torch
from losses import Blend


@torch.no_grad()
def evaluate(net, conf):
    measure = Blend(conf.loss.test, reduction="sum")
    return [measure(net(x), y) for x, y in torch.load("e.pt")]
`,
      'losses.py': blend,
    },
    losses: [
      {
        in: 'train.py',
        name: 'Blend',
        smoothing: 0.2,
        classes: 5,
        on: 0.84,
        off: 0.04,
        way: ['conf.json:3', 'train.py:6', 'train.py:8', 'losses.py:8'],
      },
      {
        in: 'evaluate.py',
        name: 'Blend',
        smoothing: 0.1,
        classes: 5,
        on: 0.92,
        off: 0.02,
        reduction: 'sum',
        way: ['conf.json:3', 'train.py:6', 'train.py:11', 'evaluate.py:7', 'losses.py:8'],
      },
      {
        in: 'losses.py',
        name: 'Blend',
        smoothing: 0.2,
        classes: 5,
        on: 0.84,
        off: 0.04,
        way: ['conf.json:3', 'train.py:8'],
        others: [0.1],
      },
    ],
  },
  {
    what: 'TypeScript: paths of tsconfig and the defaults of yargs',
    files: {
      'tsconfig.json': '{ "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["lib/*"] } } }\n',
      'lib/loss.ts': `import * as tf from '@tensorflow/tfjs';

export interface LossOptions {
  readonly smoothing?: number;
}

export function blendedLoss(labels: tf.Tensor1D, logits: tf.Tensor2D, { smoothing = 0 }: LossOptions = {}): tf.Scalar {
  const k = logits.shape[1];
  const q = tf.oneHot(labels, k).toFloat().mul(1 - smoothing).add(smoothing / k);
  return tf.neg(tf.sum(q.mul(tf.logSoftmax(logits)), 1)).mean() as tf.Scalar;
}
`,
      'lib/model.ts': `import * as tf from '@tensorflow/tfjs';

export const modelOf = (classes: number) => tf.sequential({ layers: [tf.layers.dense({ inputShape: [3], units: classes })] });
`,
      'train.ts': `import * as tf from '@tensorflow/tfjs';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { blendedLoss } from '~/loss';
import { modelOf } from '~/model';

const argv = yargs(hideBin(process.argv))
  .option('classes', { type: 'number', default: 12 })
  .option('smoothing', { type: 'number', default: 0.06 })
  .parseSync();

const model = modelOf(argv.classes);

export function step(x: tf.Tensor2D, y: tf.Tensor1D) {
  return tf.train.sgd(0.1).minimize(() => blendedLoss(y, model.apply(x) as tf.Tensor2D, { smoothing: argv.smoothing }), true);
}

export const test = (x: tf.Tensor2D, y: tf.Tensor1D) => blendedLoss(y, model.predict(x) as tf.Tensor2D);
`,
    },
    losses: [
      {
        in: 'lib/loss.ts',
        name: 'blendedLoss',
        smoothing: 0.06,
        classes: 12,
        on: 0.945,
        off: 0.005,
        way: ['train.ts:9', 'train.ts:15', 'lib/loss.ts:9'],
        others: [0],
      },
      { in: 'train.ts', name: 'blendedLoss', smoothing: 0.06, classes: 12, on: 0.945, off: 0.005, way: ['train.ts:9', 'train.ts:15'] },
      { in: 'train.ts', name: 'blendedLoss #2', smoothing: 0, classes: 12, on: 1, off: 0, way: [] },
    ],
  },
  {
    what: 'the loss that a Trainer makes of its arguments, called by the class that extends it',
    files: {
      'options.py': `from dataclasses import dataclass
from transformers import TrainingArguments


@dataclass
class Options(TrainingArguments):
    label_smoothing_factor: float = 0.22
`,
      'net.py': `from torch import nn
from transformers.modeling_outputs import ModelOutput


class Net(nn.Module):
    def __init__(self, kinds):
        super().__init__()
        self.head = nn.Linear(6, kinds)

    def forward(self, rows):
        return ModelOutput(logits=self.head(rows))
`,
      'fit.py': `import torch
from transformers import Trainer
from net import Net
from options import Options


class Fit(Trainer):
    def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
        wanted = inputs.pop("labels")
        outputs = model(**inputs)
        loss = self.label_smoother(outputs, wanted)
        return (loss, outputs) if return_outputs else loss


def main():
    options = Options("out")
    Fit(model=Net(11), args=options, train_dataset=torch.load("rows.pt")).train()


if __name__ == "__main__":
    main()
`,
    },
    losses: [
      {
        in: 'fit.py',
        name: 'label_smoother',
        smoothing: 0.22,
        classes: 11,
        on: 0.8,
        off: 0.02,
        way: ['options.py:7', 'fit.py:16', 'fit.py:17', 'fit.py:11'],
      },
    ],
  },
  {
    what: 'a plain loss in a file that smooths only by what it imports',
    files: {
      'criteria/__init__.py': 'from .blend import Blend\n\n\ndef build(amount):\n    return Blend(amount)\n',
      'criteria/blend.py': blend,
      'train.py': `import torch
from torch import nn
from criteria import build


def test(net, rows):
    measure = nn.CrossEntropyLoss(reduction="sum")
    with torch.no_grad():
        return [measure(net(x), y) for x, y in rows]


net = nn.Linear(3, 6)
criterion = build(0.3)
for x, y in torch.load("d.pt"):
    criterion(net(x), y).backward()
test(net, torch.load("e.pt"))
`,
    },
    losses: [
      { in: 'train.py', name: 'CrossEntropyLoss', smoothing: 0, classes: 6, on: 1, off: 0, reduction: 'sum', way: [] },
      {
        in: 'criteria/blend.py',
        name: 'Blend',
        smoothing: 0.3,
        classes: 6,
        on: 0.75,
        off: 0.05,
        way: ['train.py:13', 'criteria/__init__.py:5'],
      },
    ],
  },
  {
    what: 'settings in a class, handed over as it is, two levels deep',
    files: {
      'losses.py': `${torch}
class OfSettings(nn.Module):
    def __init__(self, settings):
        super().__init__()
        self.settings = settings

    def forward(self, scores, wanted):
        amount = self.settings.loss.smoothing
        logp = scores.log_softmax(-1)
        own = logp.gather(1, wanted[:, None]).squeeze(1)
        return -((1 - amount) * own + amount * logp.mean(1)).mean()
`,
      'train.py': `import torch
from losses import OfSettings


class Settings:
    width = 4

    class loss:
        smoothing = 0.26
        other = 0.5


net = torch.nn.Linear(Settings.width, 13)
criterion = OfSettings(Settings)
for x, y in torch.load("d.pt"):
    criterion(net(x), y).backward()
`,
    },
    losses: [{ in: 'losses.py', name: 'OfSettings', smoothing: 0.26, classes: 13, on: 0.76, off: 0.02, way: ['train.py:9'] }],
  },
  {
    what: 'a notebook and a module of its own',
    files: {
      'losses.py': blend,
      'work.ipynb': JSON.stringify(
        {
          nbformat: 4,
          nbformat_minor: 5,
          metadata: {},
          cells: [
            {
              cell_type: 'code',
              id: 'a',
              metadata: {},
              outputs: [],
              execution_count: 1,
              source: ['import torch\n', 'from losses import Blend\n', 'AMOUNT = 0.32'],
            },
            {
              cell_type: 'code',
              id: 'b',
              metadata: {},
              outputs: [],
              execution_count: 2,
              source: ['net = torch.nn.Linear(4, 8)\n', 'criterion = Blend(AMOUNT)'],
            },
            {
              cell_type: 'code',
              id: 'c',
              metadata: {},
              outputs: [],
              execution_count: 3,
              source: ['for x, y in torch.load("d.pt"):\n', '    criterion(net(x), y).backward()'],
            },
          ],
        },
        null,
        1,
      ),
    },
    losses: [
      { in: 'losses.py', name: 'Blend', smoothing: 0.32, classes: 8, on: 0.72, off: 0.04, way: ['losses.py:8'] },
      { in: 'work.ipynb', name: 'Blend', smoothing: 0.32, classes: 8, on: 0.72, off: 0.04, way: ['losses.py:8'] },
    ],
  },
];

const wayOf = ({ inputs }: Inspection, path: string): readonly string[] => {
  const source = inputs.find(({ role }) => role === 'smoothing')?.source;
  return source?.kind === 'code' ? source.chain.map(({ file, range }) => `${file ?? path}:${range.line}`) : [];
};

/** Leaves out of a way what is not asked for. */
function along(way: readonly string[], wanted: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const stop of way) if (stop === wanted[found.length]) found.push(stop);
  return found.length === wanted.length ? found : way;
}

describe('losses of small programs of several files', () => {
  for (const { what, files, losses } of projects)
    for (const expected of losses)
      it(`${what}: ${expected.name} in ${expected.in}`, () => {
        const path = expected.in;
        const all = inspect({ file: path, path, text: files[path]!, brief: true }, undefined, workspaceOf(files)).losses;
        const loss = all.find(({ name }) => name === expected.name);
        assert.ok(loss, all.map(({ name, status }) => `${name} ${status}`).join());
        assert.equal(loss.status, 'measured', loss.problem?.message);
        assert.equal(loss.smoothing, expected.smoothing, loss.measured?.verdict);
        assert.equal(loss.classes, expected.classes);
        assert.ok(Math.abs(Number(loss.measured?.onValue) - expected.on) < 1e-6, loss.measured?.verdict);
        assert.ok(Math.abs(Number(loss.measured?.offValue) - expected.off) < 1e-6, loss.measured?.verdict);
        assert.equal(loss.measured?.reduction, expected.reduction ?? 'mean');
        assert.deepEqual(along(wayOf(loss, path), expected.way), expected.way);
        assert.deepEqual(
          loss.otherUses.map(({ smoothing }) => smoothing),
          expected.others ?? [],
        );
      });
});
