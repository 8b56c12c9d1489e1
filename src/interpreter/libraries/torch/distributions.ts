/** torch.distributions, as far as losses use it: densities, entropies, divergences and samples of the commonest ones. */
export const distributionsSource = `
import math
import torch
import torch.nn.functional as F

class Distribution:
    def __init__(self, batch_shape=()):
        self._batch_shape = torch.Size(batch_shape)

    @property
    def batch_shape(self):
        return self._batch_shape

    @property
    def stddev(self):
        return self.variance.sqrt()

    def _extended(self, sample_shape):
        return torch.Size(list(sample_shape) + list(self._batch_shape))

    def sample(self, sample_shape=torch.Size()):
        with torch.no_grad():
            return self._draw(self._extended(sample_shape))

    def __getattr__(self, name):
        if name.startswith('_') and name != '_draw':
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        # What torch may have, and this has not, is no mistake of the program.
        return getattr(torch.distributions, type(self).__name__ + '.' + ('sample' if name == '_draw' else name))

    def prob(self, value):
        return self.log_prob(value).exp()

    def perplexity(self):
        return self.entropy().exp()

def _tensor(value):
    return value if isinstance(value, torch.Tensor) else torch.tensor(float(value))

class Categorical(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        if (probs is None) == (logits is None):
            raise ValueError('Either \`probs\` or \`logits\` must be specified, but not both.')
        if probs is not None:
            self.probs = probs / probs.sum(-1, keepdim=True)
            self.logits = self.probs.clamp(torch.finfo(probs.dtype).eps, 1 - torch.finfo(probs.dtype).eps).log()
        else:
            self.logits = logits - logits.logsumexp(-1, keepdim=True)
            self.probs = self.logits.softmax(-1)
        super().__init__(self.logits.shape[:-1])

    @property
    def mean(self):
        return torch.full(self._batch_shape, float('nan'))

    def log_prob(self, value):
        return self.logits.expand(value.shape + self.logits.shape[-1:]).gather(-1, value.long().unsqueeze(-1)).squeeze(-1)

    def entropy(self):
        return -(self.logits.clamp(min=torch.finfo(self.logits.dtype).min) * self.probs).sum(-1)

    def _draw(self, shape):
        rows = self.probs.expand(list(shape) + [self.probs.size(-1)]).reshape(-1, self.probs.size(-1))
        return torch.multinomial(rows, 1, True).reshape(shape)

class Bernoulli(Distribution):
    def __init__(self, probs=None, logits=None, validate_args=None):
        if (probs is None) == (logits is None):
            raise ValueError('Either \`probs\` or \`logits\` must be specified, but not both.')
        if probs is not None:
            self.probs = _tensor(probs)
            self.logits = torch.logit(self.probs)
        else:
            self.logits = _tensor(logits)
            self.probs = self.logits.sigmoid()
        super().__init__(self.probs.shape)

    @property
    def mean(self):
        return self.probs

    @property
    def variance(self):
        return self.probs * (1 - self.probs)

    def log_prob(self, value):
        logits, value = torch.broadcast_tensors(self.logits, value)
        return -F.binary_cross_entropy_with_logits(logits, value, reduction='none')

    def entropy(self):
        return F.binary_cross_entropy_with_logits(self.logits, self.probs, reduction='none')

    def _draw(self, shape):
        return torch.bernoulli(self.probs.expand(shape))

class Normal(Distribution):
    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = torch.broadcast_tensors(_tensor(loc), _tensor(scale))
        super().__init__(self.loc.shape)

    @property
    def mean(self):
        return self.loc

    @property
    def variance(self):
        return self.scale ** 2

    @property
    def stddev(self):
        return self.scale

    def log_prob(self, value):
        return -((value - self.loc) ** 2) / (2 * self.scale ** 2) - self.scale.log() - math.log(math.sqrt(2 * math.pi))

    def entropy(self):
        return 0.5 + 0.5 * math.log(2 * math.pi) + self.scale.log()

    def cdf(self, value):
        return 0.5 * (1 + torch.erf((value - self.loc) / self.scale / math.sqrt(2)))

    def _draw(self, shape):
        return self.loc + self.scale * torch.randn(shape)

    def rsample(self, sample_shape=torch.Size()):
        return self.loc + self.scale * torch.randn(self._extended(sample_shape))

class Uniform(Distribution):
    def __init__(self, low, high, validate_args=None):
        self.low, self.high = torch.broadcast_tensors(_tensor(low), _tensor(high))
        super().__init__(self.low.shape)

    @property
    def mean(self):
        return (self.high + self.low) / 2

    def log_prob(self, value):
        inside = (value >= self.low) & (value < self.high)
        return inside.to(self.low.dtype).log() - (self.high - self.low).log()

    def entropy(self):
        return (self.high - self.low).log()

    def _draw(self, shape):
        return self.low + (self.high - self.low) * torch.rand(shape)

    def rsample(self, sample_shape=torch.Size()):
        return self._draw(self._extended(sample_shape))

class Beta(Distribution):
    def __init__(self, concentration1, concentration0, validate_args=None):
        self.concentration1, self.concentration0 = _tensor(concentration1), _tensor(concentration0)
        super().__init__(self.concentration1.shape)

    @property
    def mean(self):
        return self.concentration1 / (self.concentration1 + self.concentration0)

    def log_prob(self, value):
        total = torch.lgamma(self.concentration1 + self.concentration0)
        constant = total - torch.lgamma(self.concentration1) - torch.lgamma(self.concentration0)
        return constant + torch.xlogy(self.concentration1 - 1, value) + torch.xlogy(self.concentration0 - 1, 1 - value)

def kl_divergence(p, q):
    if isinstance(p, Categorical) and isinstance(q, Categorical):
        term = p.probs * (p.logits - q.logits)
        term = torch.where((q.probs == 0).expand_as(term), float('inf'), term)
        return torch.where((p.probs == 0).expand_as(term), 0.0, term).sum(-1)
    if isinstance(p, Bernoulli) and isinstance(q, Bernoulli):
        yes = p.probs * (F.softplus(-q.logits) - F.softplus(-p.logits))
        no = (1 - p.probs) * (F.softplus(q.logits) - F.softplus(p.logits))
        return yes + no
    if isinstance(p, Normal) and isinstance(q, Normal):
        ratio = (p.scale / q.scale) ** 2
        shift = ((p.loc - q.loc) / q.scale) ** 2
        return 0.5 * (ratio + shift - 1 - ratio.log())
    return getattr(torch.distributions, f'kl_divergence of {type(p).__name__} and {type(q).__name__}')
`;
