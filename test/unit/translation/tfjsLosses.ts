/** Losses in the spellings people use, for the translation to tfjs; each is to be translated. */

export interface Spelled {
  readonly title: string;
  readonly code: string;
}

const torch = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';

export const translatable: readonly Spelled[] = [
  {
    title: 'fill/scatter',
    code: `${torch}class LabelSmoothingLoss(nn.Module):
    def __init__(self, classes, smoothing=0.1, dim=-1):
        super().__init__()
        self.confidence = 1.0 - smoothing
        self.smoothing = smoothing
        self.cls = classes
        self.dim = dim

    def forward(self, pred, target):
        pred = pred.log_softmax(dim=self.dim)
        with torch.no_grad():
            true_dist = torch.zeros_like(pred)
            true_dist.fill_(self.smoothing / (self.cls - 1))
            true_dist.scatter_(1, target.data.unsqueeze(1), self.confidence)
        return torch.mean(torch.sum(-true_dist * pred, dim=self.dim))
`,
  },
  {
    title: 'timm: gather and mean',
    code: `${torch}class SmoothedCrossEntropy(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing
        self.confidence = 1. - smoothing

    def forward(self, x, target):
        logprobs = F.log_softmax(x, dim=-1)
        nll_loss = -logprobs.gather(dim=-1, index=target.unsqueeze(1))
        nll_loss = nll_loss.squeeze(1)
        smooth_loss = -logprobs.mean(dim=-1)
        loss = self.confidence * nll_loss + self.smoothing * smooth_loss
        return loss.mean()
`,
  },
  {
    title: 'torch built-in in a function',
    code: `${torch}def smoothed_loss(logits, target, smoothing=0.1):
    return F.cross_entropy(logits, target, label_smoothing=smoothing)
`,
  },
  {
    title: 'torch built-in, constructed',
    code: `${torch}criterion = nn.CrossEntropyLoss(label_smoothing=0.1, reduction='sum')
`,
  },
  {
    title: 'torch built-in with weights and an ignored class',
    code: `${torch}def weighted_loss(logits, target, smoothing=0.2):
    weight = torch.tensor([0.2, 1.0, 3.0, 0.5, 2.0])
    return F.cross_entropy(logits, target, weight=weight, ignore_index=1, label_smoothing=smoothing)
`,
  },
  {
    title: 'KLDiv over fill/scatter',
    code: `${torch}class KLLabelSmoothing(nn.Module):
    def __init__(self, size, smoothing=0.1):
        super().__init__()
        self.criterion = nn.KLDivLoss(reduction='batchmean')
        self.confidence = 1.0 - smoothing
        self.smoothing = smoothing
        self.size = size

    def forward(self, x, target):
        log_probs = F.log_softmax(x, dim=1)
        true_dist = log_probs.data.clone()
        true_dist.fill_(self.smoothing / (self.size - 1))
        true_dist.scatter_(1, target.data.unsqueeze(1), self.confidence)
        return self.criterion(log_probs, true_dist)
`,
  },
  {
    title: 'Annotated Transformer with padding',
    code: `${torch}class LabelSmoothing(nn.Module):
    def __init__(self, size, padding_idx, smoothing=0.1):
        super(LabelSmoothing, self).__init__()
        self.criterion = nn.KLDivLoss(reduction='sum')
        self.padding_idx = padding_idx
        self.confidence = 1.0 - smoothing
        self.smoothing = smoothing
        self.size = size
        self.true_dist = None

    def forward(self, x, target):
        assert x.size(1) == self.size
        true_dist = x.data.clone()
        true_dist.fill_(self.smoothing / (self.size - 2))
        true_dist.scatter_(1, target.data.unsqueeze(1), self.confidence)
        true_dist[:, self.padding_idx] = 0
        mask = torch.nonzero(target.data == self.padding_idx)
        if mask.dim() > 0:
            true_dist.index_fill_(0, mask.squeeze(), 0.0)
        self.true_dist = true_dist
        return self.criterion(x, true_dist.clone().detach())
`,
  },
  {
    title: 'fairseq, current',
    code: `${torch}def label_smoothed_nll_loss(lprobs, target, epsilon=0.1, ignore_index=0, reduce=True):
    if target.dim() == lprobs.dim() - 1:
        target = target.unsqueeze(-1)
    nll_loss = -lprobs.gather(dim=-1, index=target)
    smooth_loss = -lprobs.sum(dim=-1, keepdim=True)
    if ignore_index is not None:
        pad_mask = target.eq(ignore_index)
        nll_loss.masked_fill_(pad_mask, 0.0)
        smooth_loss.masked_fill_(pad_mask, 0.0)
    else:
        nll_loss = nll_loss.squeeze(-1)
        smooth_loss = smooth_loss.squeeze(-1)
    if reduce:
        nll_loss = nll_loss.sum()
        smooth_loss = smooth_loss.sum()
    eps_i = epsilon / (lprobs.size(-1) - 1)
    loss = (1.0 - epsilon - eps_i) * nll_loss + eps_i * smooth_loss
    return loss
`,
  },
  {
    title: 'fairseq, old, with a mask of what is not padding',
    code: `${torch}def smoothed_nll(lprobs, target, epsilon=0.1, ignore_index=0):
    target = target.view(-1, 1)
    lprobs = lprobs.view(-1, lprobs.size(-1))
    non_pad_mask = target.ne(ignore_index)
    nll_loss = -lprobs.gather(dim=-1, index=target)[non_pad_mask].sum()
    smooth_loss = -lprobs.sum(dim=-1, keepdim=True)[non_pad_mask].sum()
    eps_i = epsilon / lprobs.size(-1)
    return (1. - epsilon) * nll_loss + eps_i * smooth_loss
`,
  },
  {
    title: 'HF label smoother with an ignored index',
    code: `${torch}class LabelSmoother:
    def __init__(self, epsilon=0.1, ignore_index=-100):
        self.epsilon = epsilon
        self.ignore_index = ignore_index

    def __call__(self, logits, labels):
        log_probs = -nn.functional.log_softmax(logits, dim=-1)
        if labels.dim() == log_probs.dim() - 1:
            labels = labels.unsqueeze(-1)
        padding_mask = labels.eq(self.ignore_index)
        labels = torch.clamp(labels, min=0)
        nll_loss = log_probs.gather(dim=-1, index=labels)
        smoothed_loss = log_probs.sum(dim=-1, keepdim=True, dtype=torch.float32)
        nll_loss.masked_fill_(padding_mask, 0.0)
        smoothed_loss.masked_fill_(padding_mask, 0.0)
        num_active_elements = padding_mask.numel() - padding_mask.long().sum()
        nll_loss = nll_loss.sum() / num_active_elements
        smoothed_loss = smoothed_loss.sum() / (num_active_elements * log_probs.shape[-1])
        return (1 - self.epsilon) * nll_loss + self.epsilon * smoothed_loss
`,
  },
  {
    title: 'mixup targets',
    code: `${torch}def one_hot(x, num_classes, on_value=1., off_value=0.):
    x = x.long().view(-1, 1)
    return torch.full((x.size()[0], num_classes), off_value).scatter_(1, x, on_value)

def mixup_loss(logits, target, lam=0.7, smoothing=0.1):
    num_classes = logits.shape[-1]
    off_value = smoothing / num_classes
    on_value = 1. - smoothing + off_value
    y1 = one_hot(target, num_classes, on_value=on_value, off_value=off_value)
    y2 = one_hot(target.flip(0), num_classes, on_value=on_value, off_value=off_value)
    soft = y1 * lam + y2 * (1. - lam)
    return torch.sum(-soft * F.log_softmax(logits, dim=-1), dim=-1).mean()
`,
  },
  {
    title: 'focal with smoothing',
    code: `${torch}class FocalLoss(nn.Module):
    def __init__(self, num_class, alpha=0.25, gamma=2, smooth=0.05):
        super().__init__()
        self.num_class = num_class
        self.alpha = alpha
        self.gamma = gamma
        self.smooth = smooth

    def forward(self, logit, target):
        logit = F.softmax(logit, dim=1)
        target = target.view(-1, 1)
        one_hot_key = torch.zeros(target.size(0), self.num_class).scatter_(1, target.cpu().long(), 1)
        if self.smooth:
            one_hot_key = torch.clamp(one_hot_key, self.smooth / (self.num_class - 1), 1.0 - self.smooth)
        pt = (one_hot_key * logit).sum(1) + 1e-10
        logpt = pt.log()
        loss = -1 * self.alpha * torch.pow((1 - pt), self.gamma) * logpt
        return loss.mean()
`,
  },
  {
    title: 'one_hot and soft targets',
    code: `${torch}def smooth_cross_entropy(pred, target, eps=0.1):
    n_class = pred.size(1)
    one_hot = torch.zeros_like(pred).scatter(1, target.view(-1, 1), 1)
    one_hot = one_hot * (1 - eps) + (1 - one_hot) * eps / (n_class - 1)
    log_prb = F.log_softmax(pred, dim=1)
    return -(one_hot * log_prb).sum(dim=1).sum() / pred.size(0)
`,
  },
  {
    title: 'F.one_hot',
    code: `${torch}def soft_targets(logits, target, smoothing=0.1):
    k = logits.size(-1)
    q = F.one_hot(target, k).float() * (1 - smoothing) + smoothing / k
    return torch.sum(-q * torch.log_softmax(logits, -1), -1)
`,
  },
  {
    title: 'nll_loss and the sum over K',
    code: `${torch}def reduce_loss(loss, reduction='mean'):
    return loss.mean() if reduction == 'mean' else loss.sum() if reduction == 'sum' else loss

class LabelSmoothingCrossEntropy(nn.Module):
    def __init__(self, eps: float = 0.1, reduction='mean'):
        super().__init__()
        self.eps, self.reduction = eps, reduction

    def forward(self, output, target):
        c = output.size()[-1]
        log_preds = F.log_softmax(output, dim=-1)
        loss = reduce_loss(-log_preds.sum(dim=-1) / c, self.reduction)
        nll = F.nll_loss(log_preds, target, reduction=self.reduction)
        return (1 - self.eps) * nll + self.eps * loss
`,
  },
  {
    title: 'logsumexp form',
    code: `${torch}def logsumexp_loss(logits, target, smoothing=0.1):
    lse = torch.logsumexp(logits, dim=-1)
    picked = logits[torch.arange(logits.size(0)), target]
    uniform = logits.mean(-1)
    return (lse - (1 - smoothing) * picked - smoothing * uniform).mean()
`,
  },
  {
    title: 'binary with logits',
    code: `${torch}def smoothed_bce(logits, target, smoothing=0.1):
    k = logits.size(1)
    off_value = smoothing / k
    y = torch.full((target.size(0), k), off_value).scatter_(1, target.unsqueeze(1), 1 - smoothing + off_value)
    return F.binary_cross_entropy_with_logits(logits, y)
`,
  },
  {
    title: 'class weights multiplied in',
    code: `${torch}class WeightedSmoothing(nn.Module):
    def __init__(self, weight=None, reduction='mean', smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing
        self.weight = weight
        self.reduction = reduction

    def k_one_hot(self, targets, n_classes, smoothing=0.0):
        with torch.no_grad():
            targets = torch.empty(size=(targets.size(0), n_classes), device=targets.device) \\
                .fill_(smoothing / (n_classes - 1)) \\
                .scatter_(1, targets.data.unsqueeze(1), 1. - smoothing)
        return targets

    def reduce_loss(self, loss):
        return loss.mean() if self.reduction == 'mean' else loss.sum() if self.reduction == 'sum' else loss

    def forward(self, inputs, targets):
        targets = self.k_one_hot(targets, inputs.size(-1), self.smoothing)
        log_preds = F.log_softmax(inputs, -1)
        if self.weight is not None:
            log_preds = log_preds * self.weight.unsqueeze(0)
        return self.reduce_loss(-(targets * log_preds).sum(dim=-1))
`,
  },
  {
    title: 'a teacher of its own, cut off',
    code: `${torch}def self_smoothed(logits, target, smoothing=0.1):
    log_probs = F.log_softmax(logits, dim=-1)
    teacher = F.softmax(logits.detach() / 2.0, dim=-1)
    hard = F.nll_loss(log_probs, target)
    soft = -(teacher * log_probs).sum(-1).mean()
    return (1 - smoothing) * hard + smoothing * soft
`,
  },
  {
    title: 'padding masked by index and counted',
    code: `${torch}def masked_loss(logits, target, smoothing=0.1, pad=0):
    log_probs = F.log_softmax(logits, dim=-1)
    keep = target != pad
    loss = F.nll_loss(log_probs, target, reduction='none')
    smooth = -log_probs.mean(dim=-1)
    loss = (1 - smoothing) * loss + smoothing * smooth
    return loss[keep].sum() / keep.sum().item()
`,
  },
  {
    title: 'numpy',
    code: `import numpy as np

def smoothed_cross_entropy(logits, targets, smoothing=0.1):
    n, k = logits.shape
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    q = np.full((n, k), smoothing / (k - 1))
    q[np.arange(n), targets] = 1 - smoothing
    return -(q * log_probs).sum(axis=1)
`,
  },
  {
    title: 'TensorFlow',
    code: `import tensorflow as tf

def smooth_loss(labels, logits, smoothing=0.1):
    k = logits.shape[-1]
    one_hot = tf.one_hot(labels, k)
    q = one_hot * (1.0 - smoothing) + smoothing / k
    return tf.reduce_mean(-tf.reduce_sum(q * tf.nn.log_softmax(logits), axis=-1))
`,
  },
  {
    title: 'JAX',
    code: `import jax
import jax.numpy as jnp

def cross_entropy(logits, labels, smoothing=0.1):
    k = logits.shape[-1]
    targets = jax.nn.one_hot(labels, k) * (1 - smoothing) + smoothing / k
    return -jnp.mean(jnp.sum(targets * jax.nn.log_softmax(logits), axis=-1))
`,
  },
  {
    title: 'neighbouring classes: a matrix of distributions',
    code: `${torch}def neighbour_loss(logits, target, smoothing=0.1):
    k = logits.size(1)
    classes = torch.arange(k).float()
    distance = (classes.unsqueeze(0) - target.unsqueeze(1).float()) ** 2
    near = torch.exp(-distance / 2)
    near = near / near.sum(dim=1, keepdim=True)
    q = (1 - smoothing) * F.one_hot(target, k).float() + smoothing * near
    return -(q * F.log_softmax(logits, dim=1)).sum(dim=1).mean()
`,
  },
  {
    title: 'OpenNMT: a buffer repeated for every row',
    code: `${torch}class LabelSmoothingLoss(nn.Module):
    def __init__(self, label_smoothing, tgt_vocab_size, ignore_index=0):
        self.ignore_index = ignore_index
        super(LabelSmoothingLoss, self).__init__()
        smoothing_value = label_smoothing / (tgt_vocab_size - 2)
        one_hot = torch.full((tgt_vocab_size,), smoothing_value)
        one_hot[self.ignore_index] = 0
        self.register_buffer('one_hot', one_hot.unsqueeze(0))
        self.confidence = 1.0 - label_smoothing

    def forward(self, output, target):
        model_prob = self.one_hot.repeat(target.size(0), 1)
        model_prob.scatter_(1, target.unsqueeze(1), self.confidence)
        model_prob.masked_fill_((target == self.ignore_index).unsqueeze(1), 0)
        return F.kl_div(output, model_prob, reduction='sum')
`,
  },
  {
    title: 'lb_pos and lb_neg, ignored rows zeroed by masks',
    code: `${torch}class LabelSmoothSoftmaxCE(nn.Module):
    def __init__(self, lb_smooth=0.1, reduction='mean', ignore_index=0):
        super().__init__()
        self.lb_smooth = lb_smooth
        self.reduction = reduction
        self.lb_ignore = ignore_index
        self.log_softmax = nn.LogSoftmax(1)

    def forward(self, logits, label):
        with torch.no_grad():
            num_classes = logits.size(1)
            label = label.clone().detach()
            ignore = label == self.lb_ignore
            n_valid = (ignore == 0).sum()
            label[ignore] = 0
            lb_pos, lb_neg = 1. - self.lb_smooth, self.lb_smooth / num_classes
            label = torch.empty_like(logits).fill_(lb_neg).scatter_(1, label.unsqueeze(1), lb_pos).detach()
        logs = self.log_softmax(logits)
        loss = -torch.sum(logs * label, dim=1)
        loss[ignore] = 0
        if self.reduction == 'mean':
            loss = loss.sum() / n_valid
        return loss
`,
  },
  {
    title: 'a list of tensors as an index',
    code: `${torch}def smooth_loss(logits, label, lb_smooth=0.1, ignore_index=0):
    num_classes = logits.size(1)
    label = label.clone().detach()
    ignore = label == ignore_index
    n_valid = (label != ignore_index).sum()
    label[ignore] = 0
    lb_one_hot = torch.zeros_like(logits).fill_(lb_smooth / num_classes).scatter_(1, label.unsqueeze(1), 1 - lb_smooth)
    mask = torch.nonzero(ignore)
    a = mask[:, 0]
    lb_one_hot[a] = 0
    loss = -(F.log_softmax(logits, 1) * lb_one_hot).sum()
    return loss / n_valid
`,
  },
  {
    title: 'ESPnet: counted with item',
    code: `${torch}class LabelSmoothingLoss(nn.Module):
    def __init__(self, size, padding_idx=0, smoothing=0.1, normalize_length=True):
        super(LabelSmoothingLoss, self).__init__()
        self.criterion = nn.KLDivLoss(reduction='none')
        self.padding_idx = padding_idx
        self.confidence = 1.0 - smoothing
        self.smoothing = smoothing
        self.size = size
        self.normalize_length = normalize_length

    def forward(self, x, target):
        assert x.size(1) == self.size
        batch_size = x.size(0)
        x = x.view(-1, self.size)
        target = target.view(-1)
        with torch.no_grad():
            true_dist = x.clone()
            true_dist.fill_(self.smoothing / (self.size - 1))
            ignore = target == self.padding_idx
            total = len(target) - ignore.sum().item()
            target = target.masked_fill(ignore, 0)
            true_dist.scatter_(1, target.unsqueeze(1), self.confidence)
        kl = self.criterion(torch.log_softmax(x, dim=1), true_dist)
        denom = total if self.normalize_length else batch_size
        return kl.masked_fill(ignore.unsqueeze(1), 0).sum() / denom
`,
  },
  {
    title: 'masked_select of what is not padding',
    code: `${torch}def cal_loss(pred, gold, eps=0.1, pad=0):
    gold = gold.contiguous().view(-1)
    n_class = pred.size(1)
    one_hot = torch.zeros_like(pred).scatter(1, gold.view(-1, 1), 1)
    one_hot = one_hot * (1 - eps) + (1 - one_hot) * eps / (n_class - 1)
    log_prb = F.log_softmax(pred, dim=1)
    non_pad_mask = gold.ne(pad)
    loss = -(one_hot * log_prb).sum(dim=1)
    return loss.masked_select(non_pad_mask).sum()
`,
  },
  {
    title: 'rows that are not padding, counted by their size',
    code: `${torch}def active_loss(logits, target, smoothing=0.1, pad=0):
    active = target != pad
    logits = logits[active]
    target = target[active]
    logp = F.log_softmax(logits, dim=-1)
    nll = -logp.gather(1, target.unsqueeze(1)).squeeze(1)
    loss = (1 - smoothing) * nll - smoothing * logp.mean(dim=-1)
    return loss.sum() / logits.size(0)
`,
  },
  {
    title: 'an identity matrix of targets',
    code: `${torch}def eye_loss(logits, target, smoothing=0.1):
    k = logits.shape[1]
    q = torch.eye(k)[target] * (1 - smoothing) + smoothing / k
    return F.cross_entropy(logits, q)
`,
  },
  {
    title: 'class weights picked by the labels',
    code: `${torch}def weighted(logits, target, smoothing=0.1):
    weight = torch.tensor([0.5, 1.0, 2.0, 1.5, 0.3])
    logp = F.log_softmax(logits, dim=1)
    w = weight[target]
    nll = -logp.gather(1, target[:, None])[:, 0]
    loss = (1 - smoothing) * nll + smoothing * -(logp * weight).mean(1) / w
    return (loss * w).sum() / weight.index_select(0, target).sum()
`,
  },
  {
    title: 'columns of a matrix of soft labels',
    code: `${torch}class OnlineLabelSmoothing(nn.Module):
    def __init__(self, alpha=0.5, n_classes=5, smoothing=0.1):
        super().__init__()
        self.a = alpha
        self.n_classes = n_classes
        self.register_buffer('supervise', torch.zeros(n_classes, n_classes))
        self.supervise.fill_(smoothing / (n_classes - 1))
        self.supervise.fill_diagonal_(1 - smoothing)

    def forward(self, y_h, y):
        soft_loss = self.soft_loss(y_h, y)
        hard_loss = F.cross_entropy(y_h, y)
        return self.a * hard_loss + (1 - self.a) * soft_loss

    def soft_loss(self, y_h, y):
        y_h = y_h.log_softmax(dim=-1)
        true_dist = torch.index_select(self.supervise, 1, y).swapaxes(-1, -2)
        return torch.mean(torch.sum(-true_dist * y_h, dim=-1))
`,
  },
  {
    title: 'distributions as targets',
    code: `${torch}class SoftTargetCrossEntropy(nn.Module):
    def __init__(self, smoothing=0.1):
        super().__init__()
        self.smoothing = smoothing

    def forward(self, x, target):
        k = x.shape[-1]
        target = target * (1 - self.smoothing) + self.smoothing / k
        loss = torch.sum(-target * F.log_softmax(x, dim=-1), dim=-1)
        return loss.mean()
`,
  },
  {
    title: 'Keras',
    code: `import tensorflow as tf

loss_fn = tf.keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
`,
  },
  {
    title: 'optax',
    code: `import jax.numpy as jnp
import optax

def loss_fn(logits, labels, smoothing=0.1):
    one_hot = jax_one_hot(labels, logits.shape[-1])
    return optax.softmax_cross_entropy(logits, optax.smooth_labels(one_hot, smoothing)).mean()

def jax_one_hot(labels, k):
    return (labels[:, None] == jnp.arange(k)).astype(jnp.float32)
`,
  },
  {
    title: 'transposed, chunked and put together again',
    code: `${torch}def transposed(logits, target, smoothing=0.1):
    columns = logits.t()
    halves = torch.cat([logits[:, 2:], logits[:, :2]], dim=1)
    logp = F.log_softmax(columns, dim=0).transpose(0, 1)
    nll = F.nll_loss(logp, target)
    uniform = -F.log_softmax(halves, dim=-1).mean()
    return (1 - smoothing) * nll + smoothing * uniform
`,
  },
  {
    title: 'probabilities handed in',
    code: `${torch}def prob_loss(probs, target, smoothing=0.1):
    k = probs.size(1)
    q = torch.full_like(probs, smoothing / (k - 1)).scatter_(1, target.unsqueeze(1), 1 - smoothing)
    return -(q * torch.log(probs)).sum(dim=1).mean()
`,
  },
  {
    title: 'sequences',
    code: `${torch}def sequence_loss(logits, target, smoothing=0.1, pad=0):
    b, t, k = logits.shape
    logp = F.log_softmax(logits, dim=-1).view(b * t, k)
    target = target.reshape(-1)
    keep = (target != pad).float()
    nll = -logp.gather(1, target.unsqueeze(1)).squeeze(1)
    rows = (1 - smoothing) * nll - smoothing * logp.mean(-1)
    return (rows * keep).sum() / keep.sum()
`,
  },
  {
    title: 'numpy, averaged to a number',
    code: `import numpy as np

def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)

def smoothed_loss(logits, targets, smoothing=0.1):
    k = logits.shape[1]
    one_hot = np.eye(k)[targets]
    q = one_hot * (1 - smoothing) + smoothing / k
    return np.mean(-np.sum(q * np.log(softmax(logits)), axis=1))
`,
  },
  {
    title: 'JAX, picked along an axis',
    code: `import jax
import jax.numpy as jnp

def loss_fn(logits, labels, smoothing=0.1):
    logp = jax.nn.log_softmax(logits)
    nll = -jnp.take_along_axis(logp, labels[:, None], axis=-1)[:, 0]
    return jnp.mean((1 - smoothing) * nll - smoothing * jnp.mean(logp, axis=-1))
`,
  },
  {
    title: 'a pair of losses returned',
    code: `${torch}def loss_and_nll(logits, target, smoothing=0.1):
    logp = F.log_softmax(logits, dim=-1)
    nll = F.nll_loss(logp, target)
    return (1 - smoothing) * nll - smoothing * logp.mean(), nll
`,
  },
  {
    title: 'a temperature and a penalty on confidence',
    code: `${torch}class ConfidencePenalty(nn.Module):
    def __init__(self, beta=0.1, temperature=2.0, smoothing=0.1):
        super().__init__()
        self.beta = beta
        self.temperature = temperature
        self.smoothing = smoothing

    def forward(self, logits, target):
        logits = logits / self.temperature
        p = F.softmax(logits, dim=-1)
        entropy = -(p * torch.log(p + 1e-8)).sum(dim=-1)
        return (F.cross_entropy(logits, target, label_smoothing=self.smoothing, reduction='none') - self.beta * entropy).mean()
`,
  },
];
