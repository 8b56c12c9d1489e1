/** Uses of libraries' losses: by whatever name the file has for them, with the smoothing factor wherever it is given. */
import assert from 'node:assert/strict';
import { smoothingConstantsOf } from '../../../src/detection/constants';
import { studyLosses } from '../../../src/detection/losses';
import { parsePython } from '../../../src/language/python';
import { parseTypeScript } from '../../../src/language/typescript';

const uses = (program: ReturnType<typeof parsePython>): readonly string[] =>
  studyLosses(program).flatMap(({ site }) =>
    site.definition.kind === 'call' ? [`${site.name} ${site.definition.real}${site.definition.computes ? '' : ' settings'}`] : [],
  );

/** Name → code, the uses, and the values of what is found to be their smoothing factor. */
const found: readonly (readonly [string, string, readonly string[], readonly (number | null)[]])[] = [
  [
    'an alias of the class',
    'from torch.nn import CrossEntropyLoss as CE\nc = CE(label_smoothing=0.11)',
    ['CE torch.nn.CrossEntropyLoss'],
    [0.11],
  ],
  [
    'an alias of the function',
    'from torch.nn.functional import cross_entropy as xe\ndef f(m, x, y):\n    return xe(m(x), y, label_smoothing=0.12)',
    ['xe torch.nn.functional.cross_entropy'],
    [0.12],
  ],
  [
    'a name bound to the class',
    'import torch.nn as nn\nkind = nn.CrossEntropyLoss\nc = kind(label_smoothing=0.13)',
    ['kind torch.nn.CrossEntropyLoss'],
    [0.13],
  ],
  [
    'by getattr',
    "from torch import nn\nc = getattr(nn, 'CrossEntropyLoss')(label_smoothing=0.14)",
    ['CrossEntropyLoss torch.nn.CrossEntropyLoss'],
    [0.14],
  ],
  [
    'a partial',
    'import functools\nimport torch.nn.functional as F\nc = functools.partial(F.cross_entropy, label_smoothing=0.15)',
    ['cross_entropy torch.nn.functional.cross_entropy'],
    [0.15],
  ],
  [
    'keywords of a mapping',
    "from torch import nn\nmore = {'reduction': 'sum', 'label_smoothing': 0.16}\nc = nn.CrossEntropyLoss(**more)",
    ['CrossEntropyLoss torch.nn.CrossEntropyLoss'],
    [0.16],
  ],
  ['a star import', 'from timm.loss import *\nc = JsdCrossEntropy(2, 12, 0.17)', ['JsdCrossEntropy timm.loss.JsdCrossEntropy'], [0.17]],
  [
    'by position alone',
    "import torch\nc = torch.nn.CrossEntropyLoss(None, None, 0, None, 'sum', 0.18)",
    ['CrossEntropyLoss torch.nn.CrossEntropyLoss'],
    [0.18],
  ],
  [
    'Keras by position',
    'from keras.losses import CategoricalCrossentropy\nc = CategoricalCrossentropy(True, 0.19)',
    ['CategoricalCrossentropy keras.losses.CategoricalCrossentropy'],
    [0.19],
  ],
  [
    'timm’s binary one',
    'from timm.loss import BinaryCrossEntropy\nc = BinaryCrossEntropy(smoothing=0.21)',
    ['BinaryCrossEntropy timm.loss.BinaryCrossEntropy'],
    [0.21],
  ],
  [
    'fastai by its own name of it',
    'from fastai.losses import LabelSmoothingCrossEntropy\nc = LabelSmoothingCrossEntropy(eps=0.22)',
    ['LabelSmoothingCrossEntropy fastai.losses.LabelSmoothingCrossEntropy'],
    [0.22],
  ],
  [
    'arguments of a trainer',
    "from transformers import TrainingArguments\na = TrainingArguments('o', label_smoothing_factor=0.23)",
    ['TrainingArguments transformers.TrainingArguments settings'],
    [0.23],
  ],
  [
    'a registry',
    "head = dict(type='LabelSmoothLoss', label_smooth_val=0.24)",
    ['LabelSmoothLoss mmpretrain.LabelSmoothLoss settings'],
    [0.24],
  ],
  [
    'a local import',
    'def f(m, x, y):\n    import torch.nn.functional as fn\n    return fn.cross_entropy(m(x), y, label_smoothing=0.25)',
    ['cross_entropy torch.nn.functional.cross_entropy'],
    [0.25],
  ],
  [
    'the factor is a parameter',
    'from torch import nn\ndef make(rho=0.26):\n    return nn.CrossEntropyLoss(label_smoothing=rho)',
    ['CrossEntropyLoss torch.nn.CrossEntropyLoss'],
    [0.26],
  ],
  [
    'the factor is kept by the object',
    'from torch import nn\nclass Engine:\n    def __init__(self, rho=0.27):\n        self.rho = rho\n    def start(self):\n        self.loss = nn.CrossEntropyLoss(label_smoothing=self.rho)',
    ['CrossEntropyLoss torch.nn.CrossEntropyLoss'],
    [0.27],
  ],
  [
    'a subclass of a built-in, which only hands the factor on',
    'from torch import nn\nclass Soft(nn.CrossEntropyLoss):\n    def __init__(self, rho=0.28, **more):\n        super().__init__(label_smoothing=rho, **more)',
    [],
    [0.28],
  ],
];

const none: readonly (readonly [string, string])[] = [
  ['nothing is smoothed', 'from torch import nn\na = nn.CrossEntropyLoss()\nb = nn.CrossEntropyLoss(label_smoothing=0.0)'],
  [
    'a trainer without',
    "from transformers import TrainingArguments\na = TrainingArguments('o', adam_epsilon=1e-8, label_smoothing_factor=0.0)",
  ],
  [
    'what a method of that name is given',
    'class T:\n    def step(self, outputs, labels):\n        return self.label_smoother(outputs, labels)',
  ],
  [
    'smoothing of something else',
    'from monai.losses import DiceLoss\nfrom torch.nn import SmoothL1Loss\na = DiceLoss(smooth=0.1)\nb = SmoothL1Loss(beta=0.1)',
  ],
  ['a loss of the file with a library’s name', 'class CrossEntropyLoss:\n    pass\nc = CrossEntropyLoss(1, 2, 3, 4, 5, 0.1)'],
];

describe('uses of libraries', () => {
  for (const [name, code, expected, values] of found)
    it(name, () => {
      const program = parsePython(`${code}\n`);
      assert.deepEqual(uses(program), expected);
      const studied = studyLosses(program);
      const known = smoothingConstantsOf(program, studied).map(({ value }) => value);
      for (const value of values) assert.ok(known.includes(value), `${String(value)} is not among ${known.join(', ')}`);
    });
  for (const [name, code] of none)
    it(`none: ${name}`, () => {
      const program = parsePython(`${code}\n`);
      assert.deepEqual(uses(program), []);
      assert.deepEqual(
        smoothingConstantsOf(program, studyLosses(program)).filter(({ value }) => value !== 0),
        [],
      );
    });
  it('an alias in TypeScript', () => {
    const program = parseTypeScript(
      "import { losses as L } from '@tensorflow/tfjs';\nexport const v = L.softmaxCrossEntropy(model.y, model.z, undefined, 0.11);\n",
    );
    assert.deepEqual(uses(program), ['softmaxCrossEntropy @tensorflow/tfjs.losses.softmaxCrossEntropy']);
  });
});
