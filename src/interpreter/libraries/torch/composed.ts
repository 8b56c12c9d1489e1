/**
 * Operations that are others put together, in Python the interpreter runs: their gradients follow from the parts'. Each is a record all the same,
 * which calls the Python function of its name in `torch._composed`.
 */
import type { Operation } from '../../library';
import { operation } from './operation';

export const composedModule = 'torch._composed';

const composed = (where: string): Operation => {
  const name = where.split(',')[0]!.trim().split(' ')[1]!;
  return operation(where, '*args, **kwargs', (context, args) =>
    context.call(context.fromLibrary(`${composedModule}.${name}`), args.rest, args.keywords),
  );
};

export const composedOperations: readonly Operation[] = [
  composed('tm mode'),
  composed('tm cummax'),
  composed('tm cummin'),
  composed('tm logcumsumexp'),
  composed('tm quantile'),
  composed('tm nanquantile'),
  composed('tm nanmedian'),
  composed('tm diff'),
  composed('tm cov'),
  composed('tm corrcoef'),
  composed('tm cross, l cross'),
  composed('t isin'),
  composed('t cdist'),
  composed('f pdist, t pdist'),
  composed('t tensordot'),
  composed('tm kron'),
  composed('tm diagflat'),
  composed('tm histc'),
  composed('t bucketize'),
  composed('t cartesian_prod'),
  composed('t combinations'),
  composed('t block_diag'),
  composed('t tril_indices'),
  composed('t triu_indices'),
  composed('t trapezoid, t trapz'),
  composed('tm scatter_reduce'),
  composed('tm heaviside'),
  composed('tms sinc'),
  composed('tms erfinv'),
  composed('s entr'),
  composed('s ndtr'),
  composed('s log_ndtr'),
  composed('s xlog1py'),
  composed('tm addbmm'),
  composed('f glu'),
  composed('m sum_to_size'),
];

export const composedSource = `
import math
import itertools
import torch

def mode(input, dim=-1, keepdim=False):
    rows = input.movedim(dim, -1)
    found = []
    for row in rows.reshape(-1, rows.size(-1)).tolist():
        best = max(sorted(set(row)), key=row.count)
        found.append(len(row) - 1 - row[::-1].index(best))
    indices = torch.tensor(found).reshape(rows.shape[:-1]).unsqueeze(dim)
    values = input.gather(dim, indices)
    if not keepdim:
        values, indices = values.squeeze(dim), indices.squeeze(dim)
    return torch._named_tuple('mode', values, indices)

def _running_extreme(name, input, dim, better):
    parts = input.unbind(dim)
    value = parts[0]
    place = torch.zeros_like(value, dtype=torch.long)
    values, places = [], []
    for i, part in enumerate(parts):
        ahead = better(part, value) | part.isnan()
        value = torch.where(ahead, part, value)
        place = torch.where(ahead, i, place)
        values.append(value)
        places.append(place)
    return torch._named_tuple(name, torch.stack(values, dim), torch.stack(places, dim))

def cummax(input, dim):
    return _running_extreme('cummax', input, dim, lambda part, value: part >= value)

def cummin(input, dim):
    return _running_extreme('cummin', input, dim, lambda part, value: part <= value)

def logcumsumexp(input, dim):
    total = None
    totals = []
    for part in input.unbind(dim):
        total = part if total is None else torch.logaddexp(total, part)
        totals.append(total)
    return torch.stack(totals, dim)

def quantile(input, q, dim=None, keepdim=False, *, interpolation='linear', out=None):
    if not isinstance(q, torch.Tensor):
        if q < 0 or q > 1:
            raise RuntimeError(f'quantile() q must be in the range [0, 1] but got {q}')
        q = torch.tensor(q, dtype=input.dtype)
    if not input.is_floating_point():
        raise RuntimeError('quantile() input tensor must be either float or double dtype')
    rank = input.dim()
    rows = input.reshape(-1) if dim is None else input.movedim(dim, -1)
    ordered = rows.sort(-1).values
    results = []
    for share in q.reshape(-1).tolist():
        at = share * (ordered.size(-1) - 1)
        low, high = math.floor(at), math.ceil(at)
        if interpolation == 'lower':
            result = ordered[..., low]
        elif interpolation == 'higher':
            result = ordered[..., high]
        elif interpolation == 'nearest':
            result = ordered[..., round(at)]
        elif interpolation == 'midpoint':
            result = (ordered[..., low] + ordered[..., high]) / 2
        elif interpolation == 'linear':
            result = ordered[..., low] + (ordered[..., high] - ordered[..., low]) * (at - low)
        else:
            raise RuntimeError(f'quantile() interpolation must be one of linear, lower, higher, midpoint or nearest, but got {interpolation}')
        result = torch.where(rows.isnan().any(-1), float('nan'), result)
        if keepdim:
            result = result.reshape([1] * rank) if dim is None else result.unsqueeze(dim)
        results.append(result)
    return results[0] if q.dim() == 0 else torch.stack(results)

def nanquantile(input, q, dim=None, keepdim=False, *, interpolation='linear', out=None):
    if dim is None:
        return quantile(input[~input.isnan()], q, None, False, interpolation=interpolation)
    rows = input.unbind(dim) if input.dim() == 1 else input.movedim(dim, 0).reshape(input.size(dim), -1).unbind(1)
    found = [quantile(row[~row.isnan()], q, interpolation=interpolation) for row in rows]
    result = torch.stack(found).reshape([n for d, n in enumerate(input.shape) if d != dim % input.dim()])
    return result.unsqueeze(dim) if keepdim else result

def nanmedian(input, dim=None, keepdim=False):
    if dim is not None:
        filled = torch.where(input.isnan(), float('inf'), input)
        counts = (~input.isnan()).sum(dim, keepdim=True)
        ordered = filled.sort(dim)
        at = ((counts - 1) // 2).clamp(min=0)
        values, indices = ordered.values.gather(dim, at), ordered.indices.gather(dim, at)
        if not keepdim:
            values, indices = values.squeeze(dim), indices.squeeze(dim)
        return torch._named_tuple('nanmedian', values, indices)
    kept = input[~input.isnan()]
    return kept.median() if kept.numel() > 0 else input.median()

def diff(input, n=1, dim=-1, prepend=None, append=None):
    parts = [part for part in (prepend, input, append) if part is not None]
    result = torch.cat(parts, dim) if len(parts) > 1 else input
    for _ in range(n):
        result = result.narrow(dim, 1, result.size(dim) - 1) - result.narrow(dim, 0, result.size(dim) - 1)
    return result

def cov(input, *, correction=1, fweights=None, aweights=None):
    rows = input.reshape(1, -1) if input.dim() < 2 else input
    centred = rows - rows.mean(1, keepdim=True)
    result = centred @ centred.t() / (rows.size(1) - correction)
    return result.squeeze() if input.dim() < 2 else result

def corrcoef(input):
    covariance = cov(input)
    if covariance.dim() == 0:
        return covariance / covariance
    spread = covariance.diagonal().sqrt()
    return (covariance / spread.unsqueeze(1) / spread.unsqueeze(0)).clamp(-1, 1)

def cross(input, other, dim=None):
    along = -1 if dim is None else dim
    a1, a2, a3 = input.unbind(along)
    b1, b2, b3 = other.unbind(along)
    return torch.stack([a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1], along)

def isin(elements, test_elements, *, assume_unique=False, invert=False):
    left = elements if isinstance(elements, torch.Tensor) else torch.tensor(elements)
    right = test_elements if isinstance(test_elements, torch.Tensor) else torch.tensor(test_elements)
    found = (left.unsqueeze(-1) == right.reshape(-1)).any(-1)
    return ~found if invert else found

def cdist(x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary'):
    return (x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, dim=-1)

def pdist(input, p=2.0):
    rows = [i for i in range(input.size(0)) for j in range(i + 1, input.size(0))]
    columns = [j for i in range(input.size(0)) for j in range(i + 1, input.size(0))]
    return (input[rows] - input[columns]).norm(p, dim=-1)

def tensordot(a, b, dims=2, out=None):
    if isinstance(dims, int):
        left = list(range(a.dim() - dims, a.dim()))
        right = list(range(dims))
    else:
        left, right = ([d] if isinstance(d, int) else list(d) for d in dims)
        left = [d % a.dim() for d in left]
        right = [d % b.dim() for d in right]
    rows = [d for d in range(a.dim()) if d not in left]
    columns = [d for d in range(b.dim()) if d not in right]
    count = 1
    for d in left:
        count = count * a.size(d)
    product = a.permute(rows + left).reshape(-1, count) @ b.permute(right + columns).reshape(count, -1)
    return product.reshape([a.size(d) for d in rows] + [b.size(d) for d in columns])

def kron(input, other):
    rank = max(input.dim(), other.dim())
    left = input.reshape([1] * (rank - input.dim()) + list(input.shape))
    right = other.reshape([1] * (rank - other.dim()) + list(other.shape))
    spread = left.reshape([n for size in left.shape for n in (size, 1)]) * right.reshape([n for size in right.shape for n in (1, size)])
    return spread.reshape([a * b for a, b in zip(left.shape, right.shape)])

def diagflat(input, offset=0):
    return torch.diag(input.reshape(-1), offset)

def histc(input, bins=100, min=0, max=0, *, out=None):
    low, high = (input.min().item(), input.max().item()) if min == 0 and max == 0 else (min, max)
    if low == high:
        low, high = low - 1, high + 1
    kept = input[(input >= low) & (input <= high)]
    places = ((kept - low) / (high - low) * bins).floor().clamp(0, bins - 1).long()
    return torch.bincount(places, minlength=bins).to(input.dtype)

def bucketize(input, boundaries, *, out_int32=False, right=False, out=None):
    values = input if isinstance(input, torch.Tensor) else torch.tensor(input)
    return torch.searchsorted(boundaries, values, right=right)

def cartesian_prod(*tensors):
    if len(tensors) == 1:
        return tensors[0]
    return torch.stack([part.reshape(-1) for part in torch.meshgrid(*tensors, indexing='ij')], 1)

def combinations(input, r=2, with_replacement=False):
    choose = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = list(choose(range(input.size(0)), r))
    if not places:
        return input.new_empty((0, r))
    return torch.stack([input[list(place)] for place in places])

def block_diag(*tensors):
    blocks = [torch.atleast_2d(tensor) for tensor in tensors]
    result = blocks[0].new_zeros((sum(b.size(0) for b in blocks), sum(b.size(1) for b in blocks)))
    row = column = 0
    for block in blocks:
        result[row:row + block.size(0), column:column + block.size(1)] = block
        row, column = row + block.size(0), column + block.size(1)
    return result

def tril_indices(row, col, offset=0, **options):
    return torch.ones(row, col).tril(offset).nonzero().t()

def triu_indices(row, col, offset=0, **options):
    return torch.ones(row, col).triu(offset).nonzero().t()

def trapezoid(y, x=None, *, dx=1, dim=-1):
    middle = (y.narrow(dim, 1, y.size(dim) - 1) + y.narrow(dim, 0, y.size(dim) - 1)) / 2
    return (middle * (dx if x is None else diff(x, dim=dim))).sum(dim)

def scatter_reduce(input, dim, index, src, reduce, *, include_self=True):
    if reduce not in ('sum', 'prod', 'mean', 'amax', 'amin'):
        raise RuntimeError(f'reduce argument must be either sum, prod, mean, amax or amin, got {reduce}')
    neutral = {'sum': 0, 'mean': 0, 'prod': 1, 'amax': float('-inf'), 'amin': float('inf')}[reduce]
    result = input if include_self else input.scatter(dim, index, neutral)
    if reduce in ('sum', 'mean'):
        result = result.scatter_add(dim, index, src)
        if reduce == 'mean':
            start = torch.ones_like(input) if include_self else torch.ones_like(input).scatter(dim, index, 0)
            counts = start.scatter_add(dim, index, torch.ones_like(src))
            result = result / counts.clamp(min=1)
        return result
    combine = {'prod': torch.mul, 'amax': torch.maximum, 'amin': torch.minimum}[reduce]
    for k in range(index.size(dim)):
        at = index.narrow(dim, k, 1)
        part = src.narrow(dim, k, 1)[tuple(slice(0, n) for n in at.shape)]
        result = result.scatter(dim, at, combine(result.gather(dim, at), part))
    return result

def heaviside(input, values):
    return torch.where(input == 0, values, (input > 0).to(input.dtype))

def sinc(input):
    scaled = math.pi * input
    return torch.where(input == 0, 1.0, scaled.sin() / torch.where(input == 0, 1.0, scaled))

def erfinv(input):
    with torch.no_grad():
        logarithm = (1 - input * input).log()
        middle = 2 / (math.pi * 0.147) + logarithm / 2
        guess = torch.sign(input) * ((middle * middle - logarithm / 0.147).sqrt() - middle).sqrt()
        for _ in range(3):
            guess = guess - (guess.erf() - input) * (math.sqrt(math.pi) / 2) * (guess * guess).exp()
        slope = (math.sqrt(math.pi) / 2) * (guess * guess).exp()
        residual = input.detach() - guess.erf()
        known = input.abs() < 1
        edge = torch.where(input.abs() == 1, input * float('inf'), float('nan'))
    shift = slope * (input - input.detach() + residual)
    return torch.where(known, guess + shift, edge)

def entr(input):
    positive = input > 0
    inside = -input * torch.where(positive, input, 1.0).log()
    return torch.where(positive, inside, torch.where(input == 0, 0.0, float('-inf')))

def ndtr(input):
    return 0.5 * torch.erfc(-input / math.sqrt(2))

def log_ndtr(input):
    return ndtr(input).log()

def xlog1py(input, other):
    return torch.xlogy(input, 1 + other)

def addbmm(input, batch1, batch2, *, beta=1, alpha=1):
    return beta * input + alpha * torch.bmm(batch1, batch2).sum(0)

def glu(input, dim=-1):
    if input.size(dim) % 2 != 0:
        raise RuntimeError(f'Halving dimension must be even, but dimension {dim} is size {input.size(dim)}')
    value, gate = input.chunk(2, dim)
    return value * gate.sigmoid()

def sum_to_size(input, *size):
    shape = size[0] if len(size) == 1 and not isinstance(size[0], int) else size
    lead = input.dim() - len(shape)
    dims = list(range(lead)) + [lead + d for d, n in enumerate(shape) if n == 1 and input.size(lead + d) != 1]
    result = input.sum(dims, keepdim=True) if dims else input
    return result.reshape(shape)
`;
