/** torch as notebooks and losses use it, line by line: what is bound, shown or raised at the end. */
import assert from 'node:assert/strict';
import { evaluate, inline } from './evaluate';

interface Group {
  readonly title: string;
  readonly preamble: string;
  /** Statements and a last expression, and its repr on one line; or '!' and the exception's type. */
  readonly rows: readonly (readonly [string, string])[];
}

const groups: readonly Group[] = [
  {
    title: 'names of gradient nodes',
    preamble:
      'import torch, math\nimport torch.nn as nn\nimport torch.nn.functional as F\nx = torch.tensor([[1.,2.,3.],[4.,2.,1.]], requires_grad=True)\nt = torch.tensor([1,0])\ndef g(v): return type(v.grad_fn).__name__',
    rows: [
      ['g(x.sum(1))', "'SumBackward1'"],
      ['g(x.sum())', "'SumBackward0'"],
      ['g(x.mean(1)), g(x.mean())', "('MeanBackward1', 'MeanBackward0')"],
      ['g(x.max()), g(x.max(1)[0]), g(x.min()), g(x.amax(1))', "('MaxBackward1', 'MaxBackward0', 'MinBackward1', 'AmaxBackward0')"],
      [
        'g(x.prod()), g(x.prod(1)), g(x.std()), g(x.var()), g(x.logsumexp(1)), g(x.norm())',
        "('ProdBackward0', 'ProdBackward1', 'StdBackward0', 'VarBackward0', 'LogsumexpBackward0', 'LinalgVectorNormBackward0')",
      ],
      [
        'g(x**2), g(x**x), g(2**x), g(x.square()), g(x.pow(0.5))',
        "('PowBackward0', 'PowBackward1', 'PowBackward2', 'PowBackward0', 'PowBackward0')",
      ],
      [
        'g(x+1), g(x-1), g(1-x), g(x*2), g(x/2), g(2/x), g(-x)',
        "('AddBackward0', 'SubBackward0', 'RsubBackward1', 'MulBackward0', 'DivBackward0', 'MulBackward0', 'NegBackward0')",
      ],
      [
        'g(x@x.t()), g(x@x[0]), g(x[0]@x[0]), g(torch.bmm(x[None],x.t()[None]))',
        "('MmBackward0', 'MvBackward0', 'DotBackward0', 'BmmBackward0')",
      ],
      [
        'g(x.view(-1)), g(x.reshape(-1)), g(x.t()), g(x.T), g(x.transpose(0,1)), g(x.permute(1,0)), g(x.flatten())',
        "('ViewBackward0', 'ViewBackward0', 'TBackward0', 'PermuteBackward0', 'TransposeBackward0', 'PermuteBackward0', 'ViewBackward0')",
      ],
      [
        'g(x[0]), g(x[0:1]), g(x[t]), g(x[x>1]), g(x[:,0]), g(x[torch.arange(2),t])',
        "('SelectBackward0', 'SliceBackward0', 'IndexBackward0', 'IndexBackward0', 'SelectBackward0', 'IndexBackward0')",
      ],
      [
        'g(x.gather(1,t[:,None])), g(x.unsqueeze(0)), g(x[None].squeeze()), g(x[None].squeeze(0)), g(x.expand(2,2,3)), g(x.repeat(1,2))',
        "('GatherBackward0', 'UnsqueezeBackward0', 'SqueezeBackward0', 'SqueezeBackward1', 'ExpandBackward0', 'RepeatBackward0')",
      ],
      [
        'g(torch.cat([x,x])), g(torch.stack([x,x])), g(x.clamp(min=0)), g(x.clamp_min(0)), g(torch.where(x>1,x,0.)), g(x.masked_fill(x>1,0))',
        "('CatBackward0', 'StackBackward0', 'ClampBackward1', 'ClampMinBackward0', 'WhereBackward0', 'MaskedFillBackward0')",
      ],
      [
        'g(x.exp()), g(x.log()), g(x.sqrt()), g(x.sigmoid()), g(x.tanh()), g(x.abs()), g(F.relu(x)), g(F.gelu(x)), g(F.softplus(x)), g(F.logsigmoid(x)), g(F.elu(x)), g(F.silu(x)), g(F.leaky_relu(x))',
        "('ExpBackward0', 'LogBackward0', 'SqrtBackward0', 'SigmoidBackward0', 'TanhBackward0', 'AbsBackward0', 'ReluBackward0', 'GeluBackward0', 'SoftplusBackward0', 'LogSigmoidBackward0', 'EluBackward0', 'SiluBackward0', 'LeakyReluBackward0')",
      ],
      [
        "g(x.softmax(1)), g(x.log_softmax(1)), g(F.nll_loss(x,t)), g(F.cross_entropy(x,t)), g(F.cross_entropy(x,t,reduction='none')), g(F.cross_entropy(x,t,label_smoothing=0.1)), g(F.cross_entropy(x,x.detach().softmax(1)))",
        "('SoftmaxBackward0', 'LogSoftmaxBackward0', 'NllLossBackward0', 'NllLossBackward0', 'NllLossBackward0', 'AddBackward0', 'DivBackward1')",
      ],
      [
        'g(F.binary_cross_entropy(x.sigmoid(),x.detach().sigmoid())), g(F.binary_cross_entropy_with_logits(x,x.detach().sigmoid())), g(F.mse_loss(x,x.detach())), g(F.l1_loss(x,x.detach())), g(F.smooth_l1_loss(x,x.detach())), g(F.huber_loss(x,x.detach()))',
        "('BinaryCrossEntropyBackward0', 'BinaryCrossEntropyWithLogitsBackward0', 'MseLossBackward0', 'MeanBackward0', 'SmoothL1LossBackward0', 'HuberLossBackward0')",
      ],
      [
        "g(F.kl_div(x,x.detach())), g(F.kl_div(x,x.detach(),reduction='batchmean')), g(F.kl_div(x,x.detach(),reduction='sum')), g(F.kl_div(x,x.detach(),reduction='none'))",
        "('MeanBackward0', 'DivBackward0', 'SumBackward0', 'SubBackward0')",
      ],
      [
        'g(x.cumsum(1)), g(x.flip(0)), g(x.clone()), g(x.double()), g(x.topk(1)[0]), g(x.sort()[0]), g(x.index_select(0,t)), g(x.scatter(1,t[:,None],0.)), g(x.masked_select(x>1)), g(x.chunk(2)[0]), g(x.split(1)[0]), g(x.unbind(0)[0]), g(torch.maximum(x,x)), g(x.roll(1,0)), g(x.diagonal()), g(x.contiguous()) if False else 0',
        "('CumsumBackward0', 'FlipBackward0', 'CloneBackward0', 'ToCopyBackward0', 'TopkBackward0', 'SortBackward0', 'IndexSelectBackward0', 'ScatterBackward1', 'MaskedSelectBackward0', 'SplitBackward0', 'SplitBackward0', 'UnbindBackward0', 'MaximumBackward0', 'RollBackward0', 'DiagonalBackward0', 0)",
      ],
      [
        'g(torch.lerp(x,x*2,0.1)), g(torch.addcmul(x,x,x)), g(torch.addcdiv(x,x,x)), g(F.linear(x, torch.ones(2,3), torch.ones(2))), g(torch.addmm(torch.zeros(2,2),x,x.t())), g(F.normalize(x)), g(F.cosine_similarity(x,x)), g(x.outer if False else torch.outer(x[0],x[1]))',
        "('LerpBackward0', 'AddcmulBackward0', 'AddcdivBackward0', 'AddmmBackward0', 'AddmmBackward0', 'DivBackward0', 'SumBackward1', 'MulBackward0')",
      ],
      ['x*2', 'tensor([[2., 4., 6.], [8., 4., 2.]], grad_fn=<MulBackward0>)'],
    ],
  },
  {
    title: 'values, types and texts',
    preamble:
      'import torch, math\nimport torch.nn as nn\nimport torch.nn.functional as F\nx = torch.tensor([[1.,2.,3.],[4.,2.,1.]])\nt = torch.tensor([1,0])',
    rows: [
      ['torch.zeros(2,3).index_put((torch.tensor([0,1]),torch.tensor([1,2])), torch.tensor(5.))', 'tensor([[0., 5., 0.], [0., 0., 5.]])'],
      [
        'x.sum(dim=-1, keepdim=True).shape, x.mean(0).shape, x.sum((0,1), keepdim=True).shape',
        '(torch.Size([2, 1]), torch.Size([3]), torch.Size([1, 1]))',
      ],
      ['torch.tensor([3,1,2]).sort()', 'torch.return_types.sort( values=tensor([1, 2, 3]), indices=tensor([1, 2, 0]))'],
      [
        'torch.tensor([[1,2],[3,4]]).sum(), torch.tensor([1.5]).long(), torch.tensor([-1.5]).int(), torch.tensor([0.,2.]).bool()',
        '(tensor(10), tensor([1]), tensor([-1], dtype=torch.int32), tensor([False, True]))',
      ],
      [
        'torch.ones(2).dtype, torch.ones(2,dtype=int).dtype, torch.ones(2,dtype=float).dtype, torch.ones(2, dtype=bool).dtype',
        '(torch.float32, torch.int64, torch.float64, torch.bool)',
      ],
      [
        'torch.ones(2).double() + torch.ones(2), (torch.ones(2).half() + 1).dtype, torch.tensor(1.) * torch.tensor([1], dtype=torch.int32)',
        '(tensor([2., 2.], dtype=torch.float64), torch.float16, tensor([1.]))',
      ],
      [
        'torch.tensor([1,2]).div(2), torch.tensor([1,2]).true_divide(2), torch.tensor([7,-7]).floor_divide(2), torch.tensor([7.,-7.]) // 2, torch.tensor(7) % -3',
        '(tensor([0.5000, 1.0000]), tensor([0.5000, 1.0000]), tensor([ 3, -4]), tensor([ 3., -4.]), tensor(-2))',
      ],
      [
        'torch.sigmoid(torch.tensor([1,2])), torch.exp(torch.tensor([0])), torch.tensor([4]).sqrt()',
        '(tensor([0.7311, 0.8808]), tensor([1.]), tensor([2.]))',
      ],
      [
        'torch.arange(3).float().mean(), torch.arange(6).view(2,3).sum(1), torch.arange(3) ** 2, torch.arange(0, 1, 0.3)',
        '(tensor(1.), tensor([ 3, 12]), tensor([0, 1, 4]), tensor([0.0000, 0.3000, 0.6000, 0.9000]))',
      ],
      [
        'torch.full((2,), 3), torch.full((2,), 3.), torch.full((2,), True), torch.full_like(t, 0.5)',
        '(tensor([3, 3]), tensor([3., 3.]), tensor([True, True]), tensor([0, 0]))',
      ],
      [
        'torch.empty(2,3).shape, torch.empty((2,3)).shape, torch.empty(size=(2,3)).shape, torch.empty([2,3]).shape, torch.zeros(x.shape).shape, torch.zeros(*x.shape).shape, torch.ones(torch.Size([1,2])).shape',
        '(torch.Size([2, 3]), torch.Size([2, 3]), torch.Size([2, 3]), torch.Size([2, 3]), torch.Size([2, 3]), torch.Size([2, 3]), torch.Size([1, 2]))',
      ],
      [
        'x.new_tensor([1,2]), x.new_full((1,), 2), t.new_zeros(2), x.new_ones(1, dtype=torch.long), x.new_empty((0,)).shape',
        '(tensor([1., 2.]), tensor([2.]), tensor([0, 0]), tensor([1]), torch.Size([0]))',
      ],
      [
        'isinstance(x.shape, tuple), isinstance(x.shape, torch.Size), x.shape == [2,3], x.shape == (2,3), x.size(0) == 2, x.numel() // 2',
        '(True, True, False, True, True, 3)',
      ],
      [
        'x.is_floating_point(), t.is_floating_point(), torch.is_floating_point(x), x.dtype.is_floating_point, x.dtype == torch.float32',
        '(True, False, True, True, True)',
      ],
      [
        'bool(torch.tensor([1])), not torch.tensor(0.), 1 if torch.tensor(3.) > 2 else 0, int(torch.tensor(3.7)), float(torch.tensor(2)), round(torch.tensor(2.567).item(), 2), abs(torch.tensor(-2)), max(torch.tensor(1), torch.tensor(2)), sum([torch.tensor(1.), torch.tensor(2.)]), min(torch.tensor([3,1]))',
        '(True, True, 1, 3, 2.0, 2.57, tensor(2), tensor(2), tensor(3.), tensor(1))',
      ],
      [
        "[v.item() for v in x[0]], list(t), [int(i) for i in t], sorted(t.tolist()), dict(zip(t.tolist(), 'ab')), {v: 1 for v in t.tolist()}",
        "([1.0, 2.0, 3.0], [tensor(1), tensor(0)], [1, 0], [0, 1], {1: 'a', 0: 'b'}, {1: 1, 0: 1})",
      ],
      [
        'torch.tensor(3).__index__(), torch.tensor(2) ** 3, 2 ** torch.tensor(3), 2 ** torch.tensor([1.,2.]), 3 - t, 6 // torch.tensor([4,2]), 7 % torch.tensor([4,2]), 1 / torch.tensor([2,4])',
        '(3, tensor(8), tensor(8), tensor([2., 4.]), tensor([2, 3]), tensor([1, 3]), tensor([3, 1]), tensor([0.5000, 0.2500]))',
      ],
      ["x == None, x is None, x != None, t == 'a'", '(False, False, True, False)'],
      [
        'torch.tensor([1.0]).requires_grad_().detach().requires_grad, torch.tensor([1.0], requires_grad=True).data.requires_grad',
        '(False, False)',
      ],
      [
        'torch.cat([t, t.float()]), torch.stack([t, t]), torch.cat((x, x), 1).shape, torch.hstack((t,t)), torch.vstack((t,t)).shape',
        '(tensor([1., 0., 1., 0.]), tensor([[1, 0], [1, 0]]), torch.Size([2, 6]), tensor([1, 0, 1, 0]), torch.Size([2, 2]))',
      ],
      [
        "torch.isnan(torch.tensor([float('nan'),1.])), torch.tensor(float('nan')) == torch.tensor(float('nan')), torch.tensor([float('nan')]).isnan().any().item(), torch.tensor([1., float('inf')]).isinf()",
        '(tensor([ True, False]), tensor(False), True, tensor([False, True]))',
      ],
      [
        'torch.log(torch.tensor([0.])), torch.tensor([1.])/0, torch.tensor([0.])/0, torch.sqrt(torch.tensor([-1.])), torch.tensor([-1.]).log()',
        '(tensor([-inf]), tensor([inf]), tensor([nan]), tensor([nan]), tensor([nan]))',
      ],
      [
        "F.softmax(torch.tensor([[float('-inf'), 0.]]), 1), F.log_softmax(torch.tensor([[float('-inf'), 0.]]), 1), F.softmax(torch.tensor([float('-inf'), float('-inf')]), 0)",
        '(tensor([[0., 1.]]), tensor([[-inf, 0.]]), tensor([nan, nan]))',
      ],
      [
        "torch.nn.functional.cross_entropy(x, t, ignore_index=0, reduction='none'), F.cross_entropy(x, torch.tensor([-100, -100])), F.cross_entropy(x, torch.tensor([-100,1]), reduction='sum')",
        '(tensor([1.4076, 0.0000]), tensor(nan), tensor(2.1698))',
      ],
      [
        'F.cross_entropy(x, t, label_smoothing=-0.1) == F.cross_entropy(x, t), F.cross_entropy(torch.zeros(0,3), torch.zeros(0, dtype=torch.long))',
        '(tensor(True), tensor(nan))',
      ],
      ['nn.CrossEntropyLoss(weight=torch.tensor([.2,1.,3.]), label_smoothing=0.1)(x, t)', 'tensor(1.4930)'],
      [
        'F.one_hot(torch.tensor([[0],[2]]), 3).shape, F.one_hot(torch.tensor(1), 3), F.one_hot(torch.zeros(0, dtype=torch.long), 3).shape',
        '(torch.Size([2, 1, 3]), tensor([0, 1, 0]), torch.Size([0, 3]))',
      ],
      [
        'torch.eye(3)[t], torch.eye(3)[[0,1]].shape, torch.eye(3).index_select(0, t)',
        '(tensor([[0., 1., 0.], [1., 0., 0.]]), torch.Size([2, 3]), tensor([[0., 1., 0.], [1., 0., 0.]]))',
      ],
      [
        'torch.manual_seed(0) is not None, torch.get_default_dtype(), torch.is_grad_enabled(), torch.is_tensor(3)',
        '(True, torch.float32, True, False)',
      ],
      [
        'nn.Embedding(3, 2, padding_idx=0).weight[0], nn.Linear(2,1,bias=False).bias, nn.Dropout(0.)(x).equal(x), nn.Identity()(3)',
        '(tensor([0., 0.], grad_fn=<SelectBackward0>), None, True, 3)',
      ],
      [
        'list(nn.Linear(2,1).state_dict()), nn.Linear(2,1).weight.shape, len(list(nn.Sequential(nn.Linear(1,1), nn.Linear(1,1)).parameters()))',
        "(['weight', 'bias'], torch.Size([1, 2]), 4)",
      ],
      [
        'torch.finfo(torch.float32).tiny, torch.finfo(torch.float64).eps, torch.finfo(torch.bfloat16).max, torch.iinfo(torch.uint8).max, torch.iinfo(torch.int32).min',
        '(1.1754943508222875e-38, 2.220446049250313e-16, 3.3895313892515355e+38, 255, -2147483648)',
      ],
      [
        'torch.tensor([0.1], dtype=torch.float64), torch.tensor(0.1).item(), torch.tensor(0.1, dtype=torch.float64).item(), (torch.tensor(0.1)+torch.tensor(0.2)).item()',
        '(tensor([0.1000], dtype=torch.float64), 0.10000000149011612, 0.1, 0.30000001192092896)',
      ],
      [
        'torch.tensor([[0.05, 0.9],[1,2]]), torch.tensor([-0.5, 10.25]), torch.tensor([[[1]]]), torch.tensor([1000000]), torch.tensor([1.0e-3])',
        '(tensor([[0.0500, 0.9000], [1.0000, 2.0000]]), tensor([-0.5000, 10.2500]), tensor([[[1]]]), tensor([1000000]), tensor([0.0010]))',
      ],
    ],
  },
  {
    title: 'how it is written',
    preamble:
      'import torch, math, copy\nimport torch.nn as nn\nimport torch.nn.functional as F\nx = torch.tensor([[1.,2.,3.],[4.,2.,1.]])\nt = torch.tensor([1,0])',
    rows: [
      ['copy.deepcopy(x).equal(x), copy.deepcopy(x) is x, copy.copy(t)', '(True, False, tensor([1, 0]))'],
      ['y = copy.deepcopy(x)\ny[0,0] = 9\nx[0,0].item()', '1.0'],
      ['m = nn.Linear(2,1)\nm2 = copy.deepcopy(m)\nm2.weight.data.fill_(3.)\nbool((m.weight == 3).any())', 'False'],
      ['p = nn.Parameter(torch.ones(2))\nisinstance(copy.deepcopy(p), nn.Parameter)', 'True'],
      ['torch.manual_seed(1)\na = torch.randn(2)\ntorch.manual_seed(1)\nb = torch.randn(2)\ntorch.equal(a,b)', 'True'],
      ['g = torch.Generator().manual_seed(0)\ntorch.randn(2, generator=g).shape', 'torch.Size([2])'],
      ['x.requires_grad = True\nx.requires_grad, x.is_leaf', '(True, True)'],
      ['y = x.clone().requires_grad_()\n(y*2).sum().backward()\ny.grad = None\ny.grad is None', 'True'],
      ['y = x.clone().requires_grad_()\nz = (y*2).sum()\nz.backward()\ny.grad.zero_()\ny.grad', 'tensor([[0., 0., 0.], [0., 0., 0.]])'],
      ['y = x.clone().requires_grad_()\nz = y * 2\nz.sum().backward()\nz.grad is None', 'True'],
      ['torch.backends.cudnn.benchmark = True\ntorch.backends.cudnn.benchmark', 'True'],
      ['torch.cuda.manual_seed_all(0), torch.cuda.synchronize()', '(None, None)'],
      ["dev = 'cuda' if torch.cuda.is_available() else 'cpu'\nx.to(dev).device", "device(type='cpu')"],
      ['crit = nn.CrossEntropyLoss().cuda()\ncrit(x.cuda(), t.cuda())', 'tensor(0.7887)'],
      [
        "torch.tensor([1.,2.], device='cuda').device, torch.zeros(2, device=torch.device('cuda:0')).shape",
        "(device(type='cpu'), torch.Size([2]))",
      ],
      [
        'x.data.unsqueeze(1).shape, x.data.clone().fill_(0.1), x.data.new(2,3).shape',
        '(torch.Size([2, 1, 3]), tensor([[0.1000, 0.1000, 0.1000], [0.1000, 0.1000, 0.1000]]), torch.Size([2, 3]))',
      ],
      [
        'nn.functional.softmax(x, dim=1).shape, torch.nn.functional.relu(x).shape, nn.init.xavier_uniform_(torch.empty(2,2)).shape, nn.modules.loss._Loss.__name__',
        "(torch.Size([2, 3]), torch.Size([2, 3]), torch.Size([2, 2]), '_Loss')",
      ],
      [
        'from torch.nn.modules.loss import CrossEntropyLoss, _WeightedLoss\nfrom torch.nn import Module, functional\nfrom torch import Tensor, nn as nn2\nfrom torch.nn.parameter import Parameter\nfrom torch.nn.modules import Module as M2\n(Module is M2, CrossEntropyLoss is nn2.CrossEntropyLoss)',
        '(True, True)',
      ],
      ['import torch.nn.functional as G\nimport torch.optim as optim\nG is F', 'True'],
      ["def f(a: torch.Tensor, b: 'torch.LongTensor' = None) -> torch.FloatTensor: return a\nf(1)", '1'],
      ["assert isinstance(x, torch.Tensor) and x.ndim == 2 and x.size(0) == t.size(0), 'bad'\n1", '1'],
      [
        'q = torch.zeros(2,3)\nq[torch.arange(2), t] = 0.9\nq[:, 0] += 0.1\nq[q == 0] = 0.05\nq',
        'tensor([[0.1000, 0.9000, 0.0500], [1.0000, 0.0500, 0.0500]])',
      ],
      ['q = x.clone()\nq[0] = torch.tensor([9,8,7])\nq[1, 1:] = 0\nq[..., -1] *= 2\nq', 'tensor([[ 9., 8., 14.], [ 4., 0., 0.]])'],
      ['q = t.clone()\nq[q == 0] = -100\nq', 'tensor([ 1, -100])'],
      ['q = torch.zeros(3)\nq[[0,2]] = torch.tensor([1.,2.])\nq[1] = torch.tensor(5)\nq', 'tensor([1., 5., 2.])'],
      ['v, i = x.max(1)\nv, i', '(tensor([3., 4.]), tensor([2, 0]))'],
      ['a, *b = x.unbind(1)\nlen(b)', '2'],
      ['[a for a in zip(x, t)][0]', '(tensor([1., 2., 3.]), tensor(1))'],
      [
        'torch.tensor([x.sum(), 1.]), torch.tensor((1, 2.)), torch.tensor([[1], [2]]).squeeze(), torch.tensor(x.tolist()).equal(x), torch.tensor(x).equal(x)',
        '(tensor([13., 1.]), tensor([1., 2.]), tensor([1, 2]), True, True)',
      ],
      [
        'F.dropout(x, p=0.0, training=True).equal(x), F.dropout(x, 0.5, False).equal(x), nn.Dropout(0.5).eval()(x).equal(x)',
        '(True, True, True)',
      ],
      ['f"{x.mean():.3f} {x.mean().item():.2f} {x.shape} {t.tolist()!r:>8}"', "'2.167 2.17 torch.Size([2, 3]) [1, 0]'"],
      [
        'x.unsqueeze(1).expand(-1, 2, -1).reshape(-1, 3).shape, x.view(2, 1, 3).repeat(1, 2, 1).view(4, 3).shape',
        '(torch.Size([4, 3]), torch.Size([4, 3]))',
      ],
      ['torch.jit.script(F.relu)(x).shape, torch.jit.is_scripting(), torch.jit.unused(1)', '(torch.Size([2, 3]), False, 1)'],
      ['sum(p.numel() for p in nn.Linear(3,2).parameters()), sum(x), sum(x.tolist()[0])', '(8, tensor([5., 4., 4.]), 6.0)'],
      [
        'any(x.flatten() > 3), all(t >= 0), max(x.flatten()), min(t), sorted(t), list(reversed(t.tolist()))',
        '(True, True, tensor(4.), tensor(0), [tensor(0), tensor(1)], [0, 1])',
      ],
      [
        'torch.broadcast_shapes((2,1),(1,3)), torch.result_type(x, t), torch.promote_types(torch.int32, torch.float32), torch.can_cast(torch.float32, torch.int64)',
        '(torch.Size([2, 3]), torch.float32, torch.float32, False)',
      ],
      [
        'x.dim(), x.ndim, x.nelement(), x.element_size(), x.is_contiguous(), x.t().is_contiguous(), x.get_device(), x.type()',
        "(2, 2, 6, 4, True, False, -1, 'torch.FloatTensor')",
      ],
      [
        'x.softmax(dim=1, dtype=torch.float64).dtype, F.log_softmax(x, dim=-1, dtype=torch.float64).dtype, x.sum(dtype=torch.float64).dtype, x.mean(dim=1, dtype=torch.float64).dtype',
        '(torch.float64, torch.float64, torch.float64, torch.float64)',
      ],
    ],
  },
  {
    title: 'gradients',
    preamble:
      'import torch, math\nimport torch.nn as nn\nimport torch.nn.functional as F\nx = torch.tensor([[1.,2.,3.],[4.,2.,1.]], requires_grad=True)\nt = torch.tensor([1,0])\ndef gr(f):\n    y = x.detach().clone().requires_grad_(); f(y).sum().backward(); return y.grad',
    rows: [
      ['gr(lambda v: v.max(1)[0])', 'tensor([[0., 0., 1.], [1., 0., 0.]])'],
      [
        'gr(lambda v: v.clamp(2, 3)), gr(lambda v: F.relu(v - 2)), gr(lambda v: v.abs())',
        '(tensor([[0., 1., 1.], [0., 1., 0.]]), tensor([[0., 0., 1.], [1., 0., 0.]]), tensor([[1., 1., 1.], [1., 1., 1.]]))',
      ],
      ['z = x * 2\nz[0] = 0\nz.sum().backward()\nx.grad', 'tensor([[0., 0., 0.], [2., 2., 2.]])'],
      ['z = x.clone()\nz.mul_(2).add_(1)\nz[:, 0] *= 3\nz.sum().backward()\nx.grad', 'tensor([[6., 2., 2.], [6., 2., 2.]])'],
      ['z = torch.zeros(2,3)\nz[:, 1:] = x[:, 1:]\n(z*z).sum().backward()\nx.grad', 'tensor([[0., 4., 6.], [0., 4., 2.]])'],
      ['z = x.exp()\nz[0,0] = 1.\nz.sum().backward()', '!RuntimeError'],
      ['w = x.detach()\nw[0,0] = 5.\nx[0,0].item()', '5.0'],
      ['x.add_(1)', '!RuntimeError'],
      ['x.data.add_(1)\nx[0,0].item()', '2.0'],
      ['(x*2).sum().backward(retain_graph=True)\nx.grad.sum().item()', '12.0'],
      [
        'torch.autograd.grad(x.sum(), x)[0].sum().item(), torch.autograd.grad((x*x).sum(), x, create_graph=True)[0].grad_fn is not None',
        '(6.0, True)',
      ],
      ['x.sum().backward(torch.tensor(2.))\nx.grad[0]', 'tensor([2., 2., 2.])'],
      ['(x*2).backward(torch.ones(2,3))\nx.grad[0]', 'tensor([2., 2., 2.])'],
      ['(x*2).backward()', '!RuntimeError'],
      ['torch.tensor(1.).backward()', '!RuntimeError'],
      ['torch.autograd.grad(x.sum(), torch.ones(1, requires_grad=True))', '!RuntimeError'],
      ['torch.autograd.grad(x.sum(), torch.ones(1, requires_grad=True), allow_unused=True)', '(None,)'],
      ['torch.autograd.backward([x.sum(), (2*x).sum()])\nx.grad[0,0].item()', '3.0'],
      ['x.requires_grad_(False).requires_grad', 'False'],
      ['(x*2).requires_grad_(False)', '!RuntimeError'],
    ],
  },
  {
    title: 'optimizers',
    preamble: 'import torch\nimport torch.nn as nn',
    rows: [
      [
        'm = nn.Linear(2,1)\no = torch.optim.SGD(m.parameters(), lr=0.1, momentum=0.9)\nl0 = m(torch.ones(4,2)).pow(2).mean()\no.zero_grad()\nl0.backward()\no.step()\nl1 = m(torch.ones(4,2)).pow(2).mean()\nbool(l1 < l0)',
        'True',
      ],
      [
        'w = torch.tensor([1.], requires_grad=True)\no = torch.optim.Adam([w], lr=0.1)\n(w*w).sum().backward()\no.step()\nw',
        'tensor([0.9000], requires_grad=True)',
      ],
      [
        'w = torch.tensor([1.], requires_grad=True)\no = torch.optim.SGD([w], lr=0.1)\n(w*w).sum().backward()\no.step()\nw.item() == 0.800000011920929',
        'True',
      ],
    ],
  },
  {
    title: 'distributions and layers',
    preamble: 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nx = torch.tensor([[1.,2.,3.],[4.,2.,1.]])',
    rows: [
      ['torch.nn.utils.rnn.pad_sequence([torch.ones(2), torch.ones(3)], batch_first=True)', 'tensor([[1., 1., 0.], [1., 1., 1.]])'],
      [
        'torch.nn.utils.rnn.pack_padded_sequence(torch.arange(12).view(3, 4), [3, 1, 4], batch_first=True, enforce_sorted=False)[:2]',
        '(tensor([ 8, 0, 4, 9, 1, 10, 2, 11]), tensor([3, 2, 2, 1]))',
      ],
      [
        '(lambda p: (p.sorted_indices, p.unsorted_indices))(torch.nn.utils.rnn.pack_padded_sequence(torch.ones(2, 3), torch.tensor([1, 2, 2]), enforce_sorted=False))',
        '(tensor([1, 2, 0]), tensor([2, 0, 1]))',
      ],
      [
        'torch.nn.utils.rnn.pad_packed_sequence(torch.nn.utils.rnn.pack_padded_sequence(torch.arange(6.).view(2, 3), [2, 3], batch_first=True, enforce_sorted=False), batch_first=True, padding_value=-1, total_length=4)',
        '(tensor([[ 0., 1., -1., -1.], [ 3., 4., 5., -1.]]), tensor([2, 3]))',
      ],
      ['torch.nn.utils.rnn.pack_sequence([torch.arange(3), torch.arange(2)]).data', 'tensor([0, 0, 1, 1, 2])'],
      ['torch.distributions.kl_divergence(torch.distributions.Normal(0.,1.), torch.distributions.Normal(1.,2.))', 'tensor(0.4431)'],
      ['torch.distributions.Normal(0.,1.).log_prob(torch.tensor(0.))', 'tensor(-0.9189)'],
      ['torch.vmap', '?torch.vmap'],
      ['torch.nn.utils.clip_grad_norm_(nn.Linear(1,1).parameters(), 1.)', 'tensor(0.)'],
    ],
  },
  {
    title: 'modules of one’s own',
    preamble:
      'import torch\nimport torch.nn as nn\nclass Wrong(nn.Module):\n    def __init__(self):\n        super(nn.Module, self).__init__()\n        self.c = nn.ReLU()\nclass Wrong2(nn.Module):\n    def __init__(self):\n        super(nn.Module, self).__init__()\n        self.e = 1\n    def forward(self, x): return x\nclass Own(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.inner = nn.ReLU()\n    def __getattr__(self, name):\n        try:\n            return super().__getattr__(name)\n        except AttributeError:\n            return getattr(self.inner, name)\nclass Two(nn.Module):\n    def __init__(self, **kw):\n        nn.Module.__init__(self)\n        self.__dict__.update(kw)\n    @property\n    def p(self): return self.missing\n    def forward(self, x, *a, **k): return x * self.scale\nclass Sub(Two):\n    def __call__(self, x): return super().__call__(x) + 1\nclass Mixin:\n    def extra(self): return 7\nclass Mixed(Mixin, nn.Module):\n    def forward(self, x): return x + self.extra()',
    rows: [
      ['Wrong()', '!AttributeError'],
      ['Wrong2()(1)', '!AttributeError'],
      ['Own().inplace, Own().training', '(False, True)'],
      ['Two(scale=3)(2), Sub(scale=3)(2), Mixed()(1)', '(6, 7, 8)'],
      ['Two().p', '!AttributeError'],
      ['m = Two(scale=2)\nm.extra = nn.Linear(1,1)\nm.extra = None\nm.extra, len(list(m.children()))', '(None, 0)'],
      [
        "m = Two()\nm.add_module('a', nn.ReLU())\nm.a, [n for n, _ in m.named_modules()], list(m.modules())[1]",
        "(ReLU(), ['', 'a'], ReLU())",
      ],
      ["m = nn.Sequential(nn.Linear(1,1))\nm[0].weight is next(m.parameters()), '0.weight' in m.state_dict()", '(True, True)'],
      ['m = Two()\nm.register_forward_hook(lambda mod, i, o: o * 10)\nm.scale = 2\nm(1)', '20'],
      [
        'm = Two()\nm.w = nn.Parameter(torch.ones(1))\nm.w = nn.Parameter(torch.zeros(1))\nlen(list(m.parameters())), m.w',
        '(1, Parameter containing: tensor([0.], requires_grad=True))',
      ],
      ["m = Two()\nm.t = torch.ones(1)\n't' in m.__dict__, 't' in dict(m.named_buffers())", '(True, False)'],
      [
        "nn.ModuleList([nn.ReLU(), nn.Tanh()])[1], [type(l).__name__ for l in nn.ModuleList([nn.ReLU()])], nn.ModuleDict({'a': nn.ReLU()})['a'], len(nn.ModuleList())",
        "(Tanh(), ['ReLU'], ReLU(), 0)",
      ],
      ['m = nn.Linear(1,1)\nm.requires_grad_(False)\n[p.requires_grad for p in m.parameters()]', '[False, False]'],
      ["m = nn.Module()\nm.foo = 3\nm.foo, hasattr(m, 'bar'), isinstance(m, nn.Module), callable(m)", '(3, False, True, True)'],
      ["nn.Module().apply(lambda m: None), nn.Module().double(), nn.Module().to('cuda')", '(Module(), Module(), Module())'],
    ],
  },
  {
    title: 'losses',
    preamble:
      'import torch, math\nimport torch.nn as nn\nimport torch.nn.functional as F\nx = torch.tensor([[1.,2.,3.],[4.,2.,1.]])\nt = torch.tensor([1,0])',
    rows: [
      [
        "F.cross_entropy(x.unsqueeze(2), torch.tensor([[1],[0]])), F.cross_entropy(x[0], torch.tensor(1)), F.nll_loss(x[0], torch.tensor(1)), F.cross_entropy(x, t, reduction='none').shape",
        '(tensor(0.7887), tensor(1.4076), tensor(-2.), torch.Size([2]))',
      ],
      [
        'F.cross_entropy(x, F.one_hot(t,3).float(), label_smoothing=0.1), F.cross_entropy(x, x.softmax(1), weight=torch.tensor([.2,1.,3.])), F.cross_entropy(x, F.one_hot(t,3))',
        '!RuntimeError',
      ],
      ['F.cross_entropy(x, F.one_hot(t,3).float(), label_smoothing=0.1)', 'tensor(0.8721)'],
      ['F.cross_entropy(x, x.softmax(1), ignore_index=1)', '!RuntimeError'],
      ['F.cross_entropy(x.long(), t)', '!NotImplementedError'],
      ['F.cross_entropy(x, t.int())', '!RuntimeError'],
      ['F.cross_entropy(x, t.byte())', 'tensor(0.7887)'],
      ['F.cross_entropy(x, t.unsqueeze(1))', '!RuntimeError'],
      ['F.cross_entropy(x, torch.tensor([-1, 0]))', '!IndexError'],
      ['F.cross_entropy(x, t, weight=torch.ones(3, dtype=torch.long))', '!RuntimeError'],
      ["F.nll_loss(x, t, reduction='batchmean')", '!ValueError'],
      [
        'F.nll_loss(x, t, reduce=False), F.nll_loss(x, t, size_average=False), F.kl_div(x, x, reduce=False).shape',
        '(tensor([-2., -4.]), tensor(-6.), torch.Size([2, 3]))',
      ],
      [
        "F.kl_div(torch.zeros(2,2,2), torch.ones(2,2,2), reduction='batchmean'), F.kl_div(torch.zeros(2,3), torch.ones(3,3))",
        '!RuntimeError',
      ],
      [
        'F.binary_cross_entropy(torch.tensor([0., 1.]), torch.tensor([1., 1.])), F.binary_cross_entropy_with_logits(torch.tensor([100., -100.]), torch.tensor([0., 1.])), F.binary_cross_entropy(torch.tensor([.5]), torch.tensor([1.]), weight=torch.tensor([2.]))',
        '(tensor(50.), tensor(100.), tensor(1.3863))',
      ],
      ['F.binary_cross_entropy(x.sigmoid(), (x>1))', '!RuntimeError'],
      [
        "F.mse_loss(torch.ones(2,3), torch.ones(3)), F.mse_loss(x, x, reduction='none').shape, F.l1_loss(x, x+1, reduction='sum'), F.mse_loss(x, torch.zeros(2,2))",
        '!RuntimeError',
      ],
      [
        'F.smooth_l1_loss(torch.tensor([0., 3.]), torch.zeros(2), beta=0.), F.smooth_l1_loss(torch.tensor([.5, 3.]), torch.zeros(2)), F.huber_loss(torch.tensor([.5, 3.]), torch.zeros(2), delta=2.)',
        '(tensor(1.5000), tensor(1.3125), tensor(2.0625))',
      ],
      [
        'F.gaussian_nll_loss(torch.tensor([1.]), torch.tensor([2.]), torch.tensor([4.])), F.gaussian_nll_loss(torch.tensor([1.]), torch.tensor([2.]), torch.tensor([-4.]))',
        '!ValueError',
      ],
      ['F.multilabel_margin_loss(torch.tensor([[0.1,0.2,0.4,0.8]]), torch.tensor([[3,0,-1,1]]))', 'tensor(0.8500)'],
      ['F.one_hot(t, num_classes=4).sum(0), F.one_hot(torch.tensor([[1]]), 2).shape, F.one_hot(t.int(), 3)', '!RuntimeError'],
      [
        'F.normalize(torch.zeros(1,2)), F.normalize(torch.tensor([3.,4.]), dim=0), F.normalize(x, p=1, dim=0)',
        '(tensor([[0., 0.]]), tensor([0.6000, 0.8000]), tensor([[0.2000, 0.5000, 0.7500], [0.8000, 0.5000, 0.2500]]))',
      ],
      [
        "F.softplus(torch.tensor([0., 30.])), F.gelu(torch.tensor([1.])), F.gelu(torch.tensor([1.]), approximate='tanh'), F.elu(torch.tensor([-1.])), F.selu(torch.tensor([-1.])), F.hardtanh(torch.tensor([-2., .5])), F.leaky_relu(torch.tensor([-1.])), F.logsigmoid(torch.tensor([0.])), F.silu(torch.tensor([1.])), F.mish(torch.tensor([1.])), F.relu6(torch.tensor([7.])), F.softsign(torch.tensor([1.])), F.hardswish(torch.tensor([1.])), F.hardsigmoid(torch.tensor([1.])), F.celu(torch.tensor([-1.])), F.softshrink(torch.tensor([1.])), F.tanhshrink(torch.tensor([1.])), F.threshold(torch.tensor([1.]), 2, 5)",
        '(tensor([ 0.6931, 30.0000]), tensor([0.8413]), tensor([0.8412]), tensor([-0.6321]), tensor([-1.1113]), tensor([-1.0000, 0.5000]), tensor([-0.0100]), tensor([-0.6931]), tensor([0.7311]), tensor([0.8651]), tensor([6.]), tensor([0.5000]), tensor([0.6667]), tensor([0.6667]), tensor([-0.6321]), tensor([0.5000]), tensor([0.2384]), tensor([5.]))',
      ],
      [
        "F.cross_entropy(input=x, target=t), F.cross_entropy(x, target=t, reduction='sum'), nn.CrossEntropyLoss(reduction='none')(input=x, target=t), nn.KLDivLoss(log_target=True, reduction='batchmean')(x.log_softmax(1), x.log_softmax(1))",
        '(tensor(0.7887), tensor(1.5775), tensor([1.4076, 0.1698]), tensor(0.))',
      ],
      ["nn.CrossEntropyLoss(reduction='foo')(x, t)", '!ValueError'],
    ],
  },
  {
    title: 'indexing and numpy beside it',
    preamble:
      'import torch, math\nimport numpy as np\nimport torch.nn as nn\nimport torch.nn.functional as F\nx = torch.tensor([[1.,2.,3.],[4.,2.,1.]])\nt = torch.tensor([1,0])',
    rows: [
      ["x.masked_fill(x > 2, -float('inf')).softmax(1)", 'tensor([[0.2689, 0.7311, 0.0000], [0.0000, 0.7311, 0.2689]])'],
      [
        'x.index_fill(0, torch.tensor([], dtype=torch.long), 9.).equal(x), x.index_fill_(0, torch.tensor(1), 0.)',
        '(True, tensor([[1., 2., 3.], [0., 0., 0.]]))',
      ],
      [
        'x[torch.tensor([[0,1],[1,0]])].shape, x[:, torch.tensor([[0,1]])].shape, x[torch.tensor([0,1]), :].shape, x[torch.tensor(0)], x[t, None].shape',
        '(torch.Size([2, 2, 3]), torch.Size([2, 1, 2]), torch.Size([2, 3]), tensor([1., 2., 3.]), torch.Size([2, 1, 3]))',
      ],
      [
        'x[np.array([1,0])], x[np.array([True, False])], x[np.int64(0)]',
        '(tensor([[4., 2., 1.], [1., 2., 3.]]), tensor([[1., 2., 3.]]), tensor([1., 2., 3.]))',
      ],
      [
        'x[range(2), [0,1]], x[(0,1)], x[[0],[1]], x[slice(0,1)], x[0, ...]',
        '(tensor([1., 2.]), tensor(2.), tensor([2.]), tensor([[1., 2., 3.]]), tensor([1., 2., 3.]))',
      ],
      [
        'x[0:5].shape, x[5:].shape, x[:, 1:1].shape, x[-5:1].shape',
        '(torch.Size([2, 3]), torch.Size([0, 3]), torch.Size([2, 0]), torch.Size([1, 3]))',
      ],
      ['x[torch.tensor([True, False, True])]', '!IndexError'],
      ['x[:, torch.tensor([True, False, True])]', 'tensor([[1., 3.], [4., 1.]])'],
      ['x[torch.tensor([0.5])]', '!IndexError'],
      ['x[2, 0]', '!IndexError'],
      [
        'x[None][0].equal(x), x[()].equal(x), x[...].equal(x), x[True].shape, x[False].shape',
        '(True, True, True, torch.Size([1, 2, 3]), torch.Size([0, 2, 3]))',
      ],
      [
        'torch.zeros(3, dtype=torch.long).scatter_add_(0, torch.tensor([0,0,1]), torch.tensor([1,1,1])), torch.bincount(torch.tensor([0,0,1]), minlength=3), torch.zeros(3).index_add_(0, torch.tensor([0,0]), torch.tensor([1.,2.]))',
        '(tensor([2, 1, 0]), tensor([2, 1, 0]), tensor([3., 0., 0.]))',
      ],
    ],
  },
];

describe('torch in use', () => {
  for (const { title, preamble, rows } of groups) {
    describe(title, () => {
      for (const [code, expected] of rows) {
        it(code.replaceAll('\n', '; '), () => {
          assert.equal(inline(evaluate(code, preamble).text), expected);
        });
      }
    });
  }
});

describe('what is not interpreted', () => {
  for (const code of ['torch.fft.fft(torch.ones(2))', 'torch.tensor([1 + 2j])', 'torch.vmap(abs)', 'torch.linalg.svd(torch.eye(2))']) {
    it(`${code} is Unsupported`, () => {
      assert.match(evaluate(code, 'import torch').text, /^!Unsupported: /);
    });
  }
});
