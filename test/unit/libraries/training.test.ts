/** What trains around a loss: transformers' arguments and Trainer, Lightning, accelerate, torch.utils.data. */
import assert from 'node:assert/strict';
import { evaluate, inline, type Surroundings } from './evaluate';

interface Group {
  readonly title: string;
  readonly preamble: string;
  readonly surroundings?: Surroundings;
  readonly rows: readonly (readonly [string, string])[];
}

const transformers = `
from dataclasses import dataclass, field
from transformers import HfArgumentParser, Seq2SeqTrainingArguments, Trainer, TrainingArguments
@dataclass
class Data:
    path: str
    k: int = field(default=3, metadata={'help': 'classes'})
@dataclass
class Train(TrainingArguments):
    label_smoothing_factor: float = field(default=0.05)
    weight: float = 0.5
seen = []
class Own(Trainer):
    def compute_loss(self, model, inputs, return_outputs=False, **rest):
        seen.append((return_outputs, self.label_smoother.epsilon, self.args.weight))
        return (1, 2) if return_outputs else inputs['loss']
`;

const lightning = `
import torch
from torch import nn
import pytorch_lightning as pl
from torch.utils.data import DataLoader, Dataset, TensorDataset
seen = []
class Net(pl.LightningModule):
    def __init__(self, classes=3, lr=0.1, smoothing=0.2, **more):
        super().__init__()
        self.save_hyperparameters(ignore=['classes'])
        self.layer = nn.Linear(2, classes)
        self.loss = nn.CrossEntropyLoss(label_smoothing=self.hparams.smoothing)
    def forward(self, x):
        return self.layer(x)
    def training_step(self, batch, batch_idx):
        seen.append(('train', batch, self.loss.label_smoothing))
        return self.loss(self(batch[0]), batch[1])
    def validation_step(self, batch):
        seen.append(('valid', batch))
    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), lr=self.hparams.lr)
class Rows(Dataset):
    def __len__(self):
        return 3
    def __getitem__(self, index):
        seen.append(index)
        return torch.tensor([0.0, index]), index
`;

const groups: readonly Group[] = [
  {
    title: 'TrainingArguments and HfArgumentParser',
    preamble: transformers,
    surroundings: { files: { 'args.json': '{"path": "a", "k": 7, "output_dir": "out", "label_smoothing_factor": 0.3}' } },
    rows: [
      [
        "a = TrainingArguments('out', label_smoothing_factor=0.2)\na.label_smoothing_factor, a.output_dir, a.learning_rate, a.seed",
        "(0.2, 'out', 5e-05, 42)",
      ],
      ["Seq2SeqTrainingArguments('out', predict_with_generate=True).label_smoothing_factor", '0.0'],
      ["TrainingArguments('out', no_such_argument=1)", '!TypeError'],
      [
        "d, t = HfArgumentParser((Data, Train)).parse_args_into_dataclasses(['--path', 'x', '--label-smoothing-factor', '0.4', '--do_train'])\nd, t.label_smoothing_factor, t.do_train, t.weight",
        "(Data(path='x', k=3), 0.4, True, 0.5)",
      ],
      ['HfArgumentParser(Data).parse_args_into_dataclasses([])', '!SystemExit'],
      ["d, t = HfArgumentParser((Data, Train)).parse_json_file('args.json')\nd.k, t.label_smoothing_factor", '(7, 0.3)'],
      ["HfArgumentParser(Data).parse_dict({'path': 'x', 'other': 1})", '!ValueError'],
      [
        "Trainer(args=TrainingArguments('out', label_smoothing_factor=0.2)).label_smoother",
        'LabelSmoother(epsilon=0.2, ignore_index=-100)',
      ],
      ["Trainer(args=TrainingArguments('out')).label_smoother", 'None'],
      ["Own(args=Train('out')).train()", '!Unsupported: Trainer.train'],
      [
        "import torch\nfrom torch import nn\nclass M(nn.Module):\n    def forward(self, x):\n        return {'logits': x}\nx = torch.tensor([[1., 2., 0.], [0., 1., 3.]])\nt = Trainer(M(), TrainingArguments('out', label_smoothing_factor=0.1))\nround(t.compute_loss(t.model, {'x': x, 'labels': torch.tensor([1, 0])}).item(), 5)",
        '1.77206',
      ],
    ],
  },
  {
    title: 'transformers in an exploring run',
    preamble: transformers,
    surroundings: { exploring: true },
    rows: [
      ['d, t = HfArgumentParser((Data, Train)).parse_args_into_dataclasses()\nd.path', '?--path (given on the command line)'],
      ['d, t = HfArgumentParser((Data, Train)).parse_args_into_dataclasses()\nd.k, t.label_smoothing_factor', '(3, 0.05)'],
      ["t = Own(args=Train('out'))\nt.train()\nt.evaluate()\nseen", '[(False, 0.05, 0.5), (True, 0.05, 0.5)]'],
      ['from transformers import AutoModel\nAutoModel', '?transformers.AutoModel'],
    ],
  },
  {
    title: 'Lightning in an exploring run',
    preamble: lightning,
    surroundings: { exploring: true },
    rows: [
      ['dict(Net(smoothing=0.3, extra=1).hparams)', "{'lr': 0.1, 'smoothing': 0.3, 'extra': 1}"],
      [
        'pl.Trainer(max_epochs=1).fit(Net(), DataLoader(Rows(), 4))\nseen[1][0], seen[1][2], seen[1][1]',
        "('train', 0.2, [tensor([[0., 0.], [0., 0.]]), tensor([0, 0])])",
      ],
      [
        'pl.Trainer().fit(Net(), DataLoader(Rows(), 4), DataLoader(Rows(), 4))\n[item[0] for item in seen if isinstance(item, tuple)]',
        "['train', 'valid']",
      ],
      ["pl.Trainer().fit(Net(), torch.load('x'))\nseen[0][1]", '?a batch'],
      [
        'class Part(pl.LightningDataModule):\n    def setup(self, stage):\n        self.stage = stage\n    def train_dataloader(self):\n        seen.append(self.stage)\n        return DataLoader(Rows(), 2)\npl.Trainer().fit(Net(), datamodule=Part())\nseen[0], seen[1]',
        "('fit', 0)",
      ],
    ],
  },
  {
    title: 'Lightning',
    preamble: lightning,
    rows: [
      ['pl.Trainer().fit(Net())', '!Unsupported: Trainer.fit'],
      ['n = Net(classes=4)\nn(torch.zeros(1, 2)).shape, n.current_epoch, n.loss.label_smoothing', '(torch.Size([1, 4]), 0, 0.2)'],
      ['import lightning as L\nissubclass(Net, L.LightningModule), L.pytorch.LightningModule is L.LightningModule', '(True, True)'],
    ],
  },
  {
    title: 'torch.utils.data and accelerate',
    preamble: `${lightning}from torch.utils.data import random_split, Subset, ConcatDataset, default_collate\nfrom accelerate import Accelerator`,
    rows: [
      ['[(x.shape, y.tolist()) for x, y in DataLoader(Rows(), 2)]', '[(torch.Size([2, 2]), [0, 1]), (torch.Size([1, 2]), [2])]'],
      ['len(DataLoader(Rows(), 2)), len(DataLoader(Rows(), 2, drop_last=True))', '(2, 1)'],
      ['[b for b in DataLoader(Rows(), 2, collate_fn=len)]', '[2, 1]'],
      ['d = TensorDataset(torch.arange(4.), torch.arange(4))\n[y.tolist() for _, y in DataLoader(d, 3)]', '[[0, 1, 2], [3]]'],
      [
        "default_collate([{'a': 1.5, 'b': 'x'}, {'a': 2.0, 'b': 'y'}])",
        "{'a': tensor([1.5000, 2.0000], dtype=torch.float64), 'b': ['x', 'y']}",
      ],
      [
        'a, b = random_split(Rows(), [2, 1])\nlen(a), len(b), len(ConcatDataset([Rows(), Rows()])), Subset(Rows(), [2])[0][1]',
        '(2, 1, 6, 2)',
      ],
      [
        'sorted(y for _, y in (Rows()[i] for i in range(3))), sorted(torch.cat([y for _, y in DataLoader(Rows(), 2, shuffle=True)]).tolist())',
        '([0, 1, 2], [0, 1, 2])',
      ],
      [
        'a = Accelerator(gradient_accumulation_steps=2)\nw = torch.ones(1, requires_grad=True)\na.backward(w.sum())\nw.grad, a.prepare(1), a.prepare(1, 2)',
        '(tensor([0.5000]), 1, (1, 2))',
      ],
    ],
  },
  {
    title: 'torch.utils.data in an exploring run',
    preamble: lightning,
    surroundings: { exploring: true },
    rows: [
      ["rows = [y for x, y in DataLoader(TensorDataset(*torch.load('x')['train']), 4)]\nrows[0]", '?a batch[1]'],
      [
        "def own(batch):\n    seen.append(len(batch))\n    return batch\nfor b in DataLoader(torch.load('x'), 4, collate_fn=own):\n    pass\nseen",
        '[2]',
      ],
      ['for x, y in DataLoader(Rows(), 4):\n    pass\nx.shape, y', '(torch.Size([2, 2]), tensor([0, 0]))'],
    ],
  },
];

for (const { title, preamble, surroundings = {}, rows } of groups) {
  describe(title, () => {
    for (const [code, expected] of rows) {
      it(code, () => {
        assert.equal(inline(evaluate(code, preamble, surroundings).text), expected);
      });
    }
  });
}
