/** torch.nn.utils beside a loss: clipping of gradients, padding and packing of sequences. */
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
from collections import namedtuple

class PackedSequence(namedtuple('PackedSequence', ['data', 'batch_sizes', 'sorted_indices', 'unsorted_indices'])):
    def __new__(cls, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None):
        if unsorted_indices is None:
            unsorted_indices = invert_permutation(sorted_indices)
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

def invert_permutation(permutation):
    return None if permutation is None else torch.argsort(permutation)

def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    lengths = torch.as_tensor(lengths, dtype=torch.long)
    rows = input if batch_first else input.transpose(0, 1)
    if lengths.dim() != 1 or lengths.size(0) != rows.size(0):
        raise RuntimeError(f'Expected \`len(lengths)\` to be equal to batch_size, but got {lengths.numel()} (batch_size={rows.size(0)})')
    if int(lengths.min()) <= 0:
        raise RuntimeError('Length of all samples has to be greater than 0, but found an element in \\'lengths\\' that is <= 0')
    order = None
    if enforce_sorted:
        if bool((lengths[1:] > lengths[:-1]).any()):
            raise RuntimeError('\`lengths\` array must be sorted in decreasing order when \`enforce_sorted\` is True. You can pass \`enforce_sorted=False\` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do not need ONNX exportability.')
    else:
        lengths, order = torch.sort(lengths, descending=True)
        rows = rows.index_select(0, order)
    sizes = [int((lengths > step).sum()) for step in range(int(lengths.max()))]
    data = torch.cat([rows[:size, step] for step, size in enumerate(sizes)])
    return PackedSequence(data, torch.tensor(sizes), order)

def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    sizes = sequence.batch_sizes.tolist()
    steps = len(sizes) if total_length is None else total_length
    if steps < len(sizes):
        raise ValueError(f'Expected total_length to be at least the length of the longest sequence in input, but got total_length={total_length} and max sequence length being {len(sizes)}')
    rows = sequence.data.new_full([sizes[0], steps] + list(sequence.data.shape[1:]), padding_value)
    start = 0
    for step, size in enumerate(sizes):
        rows[:size, step] = sequence.data[start:start + size]
        start += size
    lengths = torch.tensor([len([size for size in sizes if size > row]) for row in range(sizes[0])])
    if sequence.unsorted_indices is not None:
        rows = rows.index_select(0, sequence.unsorted_indices)
        lengths = lengths[sequence.unsorted_indices]
    return (rows if batch_first else rows.transpose(0, 1)), lengths

def pack_sequence(sequences, enforce_sorted=True):
    lengths = torch.tensor([sequence.size(0) for sequence in sequences])
    return pack_padded_sequence(pad_sequence(sequences, batch_first=True), lengths, batch_first=True, enforce_sorted=enforce_sorted)

def unpad_sequence(padded_sequences, lengths, batch_first=False):
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[:int(length)] for row, length in zip(rows, lengths)]

def unpack_sequence(packed_sequences):
    rows, lengths = pad_packed_sequence(packed_sequences, batch_first=True)
    return unpad_sequence(rows, lengths, batch_first=True)

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
