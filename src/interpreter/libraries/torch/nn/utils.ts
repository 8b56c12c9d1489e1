/** torch.nn.utils beside a loss: clipping of gradients, padding of sequences. */
export const clipSource = `
import torch

def _with_gradients(parameters):
    given = [parameters] if isinstance(parameters, torch.Tensor) else list(parameters)
    return [parameter for parameter in given if parameter.grad is not None]

def clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    members = _with_gradients(parameters)
    if not members:
        return torch.tensor(0.0)
    total = torch.stack([parameter.grad.norm(norm_type) for parameter in members]).norm(norm_type)
    with torch.no_grad():
        for parameter in members:
            parameter.grad.mul_((max_norm / (total + 1e-6)).clamp(max=1.0))
    return total

clip_grad_norm = clip_grad_norm_

def clip_grad_value_(parameters, clip_value, foreach=None):
    with torch.no_grad():
        for parameter in _with_gradients(parameters):
            parameter.grad.clamp_(-clip_value, clip_value)

def parameters_to_vector(parameters):
    return torch.cat([parameter.view(-1) for parameter in parameters])
`;

export const rnnSource = `
import torch

def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side='right'):
    longest = max([sequence.size(0) for sequence in sequences])
    rows = sequences[0].new_full([len(sequences), longest] + list(sequences[0].shape[1:]), padding_value)
    for row, sequence in zip(rows, sequences):
        if padding_side == 'left':
            row[longest - sequence.size(0):] = sequence
        else:
            row[:sequence.size(0)] = sequence
    return rows if batch_first else rows.transpose(0, 1)
`;
