/** nn.Module: how attributes are kept, what is called, what is said when it is used wrongly. */
import assert from 'node:assert/strict';
import { evaluate, inline } from './evaluate';

const preamble = `
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.modules.loss import _Loss, _WeightedLoss

class Smooth(nn.Module):
    def __init__(self, eps=0.1):
        super().__init__()
        self.eps = eps
        self.w = nn.Parameter(torch.ones(2))
        self.register_buffer('row', torch.zeros(3))
        self.child = nn.Linear(2, 1)
    def forward(self, v):
        return v * self.eps

class Forgetful(nn.Module):
    def __init__(self, eps):
        self.eps = eps
    def forward(self, v):
        return v * self.eps
`;

const table: readonly (readonly [string, string])[] = [
  ['Smooth()(torch.ones(2))', 'tensor([0.1000, 0.1000])'],
  ['[n for n, _ in Smooth().named_parameters()]', "['w', 'child.weight', 'child.bias']"],
  ['sorted(Smooth().state_dict())', "['child.bias', 'child.weight', 'row', 'w']"],
  ['[n for n, _ in Smooth().named_buffers()]', "['row']"],
  ['m = Smooth()\nm.row = torch.ones(1)\nm.row, len(list(m.buffers()))', '(tensor([1.]), 1)'],
  ['m = Smooth()\nm.row = None\nm.row', 'None'],
  ['m = Smooth()\nm.row = [1, 2]\nm', '!TypeError'],
  ['m = Smooth()\nm.w = torch.ones(2)\nm', '!TypeError'],
  ['m = Smooth()\ndel m.row\nm.row', '!AttributeError'],
  ['m = Smooth()\nm.eval()\n(m.training, m.child.training, m.train().child.training)', '(False, False, True)'],
  ['Smooth()', 'Smooth( (child): Linear(in_features=2, out_features=1, bias=True) )'],
  ['Forgetful(0.1).eps', '0.1'],
  ['Forgetful(0.1)(torch.ones(1))', '!AttributeError'],
  ['m = Forgetful(0.1)\nm.criterion = nn.MSELoss()\nm', '!AttributeError'],
  ['Smooth().missing', '!AttributeError'],
  ["hasattr(Smooth(), 'missing'), getattr(Smooth(), 'missing', 3)", '(False, 3)'],
  ['nn.Module()(1)', '!NotImplementedError'],
  [
    'nn.KLDivLoss(False).reduction, nn.KLDivLoss(size_average=False).reduction, nn.KLDivLoss(reduce=False).reduction',
    "('sum', 'sum', 'none')",
  ],
  ['_WeightedLoss(weight=torch.ones(2)).weight', 'tensor([1., 1.])'],
  ['_Loss(reduction="sum").reduction', "'sum'"],
  ['m = nn.Sequential(nn.Identity(), nn.ReLU())\nm[1], len(m), m[:1]', '(ReLU(), 2, Sequential( (0): Identity() ))'],
  ['m = Smooth()\nm.half().w.dtype, m.double().row.dtype', '(torch.float16, torch.float64)'],
  ['m = Smooth()\nm.to("cpu") is m', 'True'],
  [
    'a, b = Smooth(), Smooth()\nwith torch.no_grad():\n    a.w.fill_(5)\nb.load_state_dict(a.state_dict())\nb.w',
    'Parameter containing: tensor([5., 5.], requires_grad=True)',
  ],
  ['m = nn.Linear(2, 1)\nm(torch.ones(1, 2)).sum().backward()\nm.weight.grad', 'tensor([[1., 1.]])'],
  ['m = nn.Linear(2, 1)\nm(torch.ones(1, 2)).sum().backward()\nm.zero_grad()\nm.weight.grad', 'None'],
  ['isinstance(nn.CrossEntropyLoss(), _WeightedLoss), issubclass(nn.MSELoss, nn.Module)', '(True, True)'],
];

describe('nn.Module', () => {
  for (const [code, expected] of table) {
    it(code.replaceAll('\n', '; '), () => {
      assert.equal(inline(evaluate(code, preamble).text), expected);
    });
  }

  it('notes a deprecated size_average', () => {
    assert.ok(evaluate('nn.KLDivLoss(size_average=False)', preamble).notes.some((note) => note.includes("reduction='sum'")));
  });
});

describe('autograd as a person uses it', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['x = torch.ones(2, requires_grad=True)\n(x * 3).sum().backward()\nx.grad', 'tensor([3., 3.])'],
    ['x = torch.ones(2, requires_grad=True)\nwith torch.no_grad():\n    y = x * 2\ny.requires_grad', 'False'],
    ['@torch.no_grad()\ndef f(v):\n    return v * 2\nf(torch.ones(1, requires_grad=True)).requires_grad', 'False'],
    ['@torch.no_grad\ndef f(v):\n    return v * 2\nf(torch.ones(1, requires_grad=True)).requires_grad', 'False'],
    [
      'torch.set_grad_enabled(False)\na = torch.is_grad_enabled()\ntorch.set_grad_enabled(True)\n(a, torch.is_grad_enabled())',
      '(False, True)',
    ],
    [
      'class Double(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, v):\n        return v * 2\n    @staticmethod\n    def backward(ctx, g):\n        return g * 7\n' +
        'x = torch.ones(2, requires_grad=True)\nDouble.apply(x).sum().backward()\nx.grad',
      'tensor([7., 7.])',
    ],
    [
      'class Late(torch.autograd.Function):\n    @staticmethod\n    def forward(v, k):\n        return v * k\n    @staticmethod\n    def setup_context(ctx, inputs, output):\n        ctx.k = inputs[1]\n' +
        '    @staticmethod\n    def backward(ctx, g):\n        return g * ctx.k, None\nx = torch.ones(2, requires_grad=True)\nLate.apply(x, 4.).sum().backward()\nx.grad',
      'tensor([4., 4.])',
    ],
    [
      'x = torch.ones(1, requires_grad=True)\ny = x * 2\ny.register_hook(lambda g: g * 10)\n(y * 3).sum().backward()\nx.grad',
      'tensor([60.])',
    ],
    ['x = torch.ones(1, requires_grad=True)\ny = x * 2\ny.retain_grad()\n(y * 3).sum().backward()\ny.grad', 'tensor([3.])'],
    [
      'x = torch.tensor([2.], requires_grad=True)\ng, = torch.autograd.grad((x ** 3).sum(), x, create_graph=True)\ntorch.autograd.grad(g.sum(), x)',
      '(tensor([12.]),)',
    ],
  ];
  for (const [code, expected] of rows) {
    it(code.replaceAll('\n', '; '), () => {
      assert.equal(inline(evaluate(code, preamble).text), expected);
    });
  }
});
