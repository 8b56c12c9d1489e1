/**
 * torch.utils.data. A dataset of the person's is asked for its items, and its collate_fn for a batch, since both may smooth; an exploring run takes one
 * batch, of unknown items where the data is not here.
 */
export const dataSource = `
import torch
from _outside import exploring as _exploring, is_unknown as _is_unknown, unknown as _unknown

class Dataset:
    def __class_getitem__(cls, item):
        return cls
    def __getitem__(self, index):
        raise NotImplementedError('Subclasses of Dataset should implement __getitem__.')
    def __add__(self, other):
        return ConcatDataset([self, other])

class IterableDataset(Dataset):
    def __iter__(self):
        raise NotImplementedError('Subclasses of IterableDataset should implement __iter__.')

class TensorDataset(Dataset):
    def __init__(self, *tensors):
        self.tensors = tensors
        self._known = not any(_is_unknown(tensor) for tensor in tensors)
        if self._known and any(tensors[0].size(0) != tensor.size(0) for tensor in tensors):
            raise AssertionError('Size mismatch between tensors')
    def __getitem__(self, index):
        # One alone that is unknown may stand for several, spread over the arguments.
        return tuple([tensor[index] for tensor in self.tensors]) if self._known or len(self.tensors) > 1 else _unknown('an item of the data')
    def __len__(self):
        return self.tensors[0].size(0) if self._known else _unknown('the length of the data')

class ConcatDataset(Dataset):
    def __init__(self, datasets):
        self.datasets = list(datasets)
    def __len__(self):
        return sum(len(dataset) for dataset in self.datasets)
    def __getitem__(self, index):
        for dataset in self.datasets:
            if index < len(dataset):
                return dataset[index]
            index -= len(dataset)
        raise IndexError('list index out of range')

class ChainDataset(IterableDataset):
    def __init__(self, datasets):
        self.datasets = datasets
    def __iter__(self):
        for dataset in self.datasets:
            yield from dataset

class Subset(Dataset):
    def __init__(self, dataset, indices):
        self.dataset = dataset
        self.indices = indices
    def __getitem__(self, index):
        return self.dataset[self.indices[index]]
    def __len__(self):
        return len(self.indices)

def random_split(dataset, lengths, generator=None):
    if _is_unknown(dataset) or _exploring():
        return [dataset for _ in lengths]
    total = len(dataset)
    if all(isinstance(length, float) for length in lengths):
        lengths = [int(total * length) for length in lengths]
        for i in range(total - sum(lengths)):
            lengths[i % len(lengths)] += 1
    if sum(lengths) != total:
        raise ValueError('Sum of input lengths does not equal the length of the input dataset!')
    order = torch.randperm(total).tolist()
    made, at = [], 0
    for length in lengths:
        made.append(Subset(dataset, order[at:at + length]))
        at += length
    return made

class Sampler:
    def __init__(self, data_source=None):
        pass
    def __class_getitem__(cls, item):
        return cls

class SequentialSampler(Sampler):
    def __init__(self, data_source):
        self.data_source = data_source
    def __iter__(self):
        return iter(range(len(self.data_source)))
    def __len__(self):
        return len(self.data_source)

class RandomSampler(Sampler):
    def __init__(self, data_source, replacement=False, num_samples=None, generator=None):
        self.data_source = data_source
        self.num_samples = num_samples
    def __iter__(self):
        return iter(torch.randperm(len(self.data_source)).tolist())
    def __len__(self):
        return self.num_samples or len(self.data_source)

class SubsetRandomSampler(Sampler):
    def __init__(self, indices, generator=None):
        self.indices = indices
    def __iter__(self):
        return iter([self.indices[i] for i in torch.randperm(len(self.indices)).tolist()])
    def __len__(self):
        return len(self.indices)

class WeightedRandomSampler(Sampler):
    def __init__(self, weights, num_samples, replacement=True, generator=None):
        self.weights = weights
        self.num_samples = num_samples
    def __iter__(self):
        return iter(torch.multinomial(torch.as_tensor(self.weights), self.num_samples, True).tolist())
    def __len__(self):
        return self.num_samples

class DistributedSampler(Sampler):
    def __init__(self, dataset, num_replicas=None, rank=None, shuffle=True, seed=0, drop_last=False):
        self.dataset = dataset
    def __iter__(self):
        return iter(range(len(self.dataset)))
    def __len__(self):
        return len(self.dataset)
    def set_epoch(self, epoch):
        pass

class BatchSampler(Sampler):
    def __init__(self, sampler, batch_size, drop_last):
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last
    def __iter__(self):
        batch = []
        for index in self.sampler:
            batch.append(index)
            if len(batch) == self.batch_size:
                yield batch
                batch = []
        if batch and not self.drop_last:
            yield batch
    def __len__(self):
        count = len(self.sampler)
        return count // self.batch_size if self.drop_last else (count + self.batch_size - 1) // self.batch_size

def default_collate(batch):
    if _is_unknown(batch) or any(_is_unknown(item) for item in batch):
        return _unknown('a batch')
    first = batch[0]
    if isinstance(first, torch.Tensor):
        return torch.stack(batch, 0)
    if isinstance(first, bool) or isinstance(first, int):
        return torch.tensor(batch)
    if isinstance(first, float):
        return torch.tensor(batch, dtype=torch.float64)
    if isinstance(first, (str, bytes)):
        return batch
    if isinstance(first, dict):
        return {key: default_collate([item[key] for item in batch]) for key in first}
    if isinstance(first, tuple) and hasattr(first, '_fields'):
        return type(first)(*[default_collate(column) for column in zip(*batch)])
    if isinstance(first, (tuple, list)):
        return [_column(batch, i) for i in range(len(first))]
    if type(first).__module__ == 'numpy':
        return torch.stack([torch.as_tensor(item) for item in batch], 0)
    raise TypeError(f'default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found {type(first)}')

def _column(batch, i):
    items = [item[i] for item in batch]
    # Of one unknown item the column is a tensor all the same.
    return torch.stack(items, 0) if any(_is_unknown(item) for item in items) else default_collate(items)

def default_convert(data):
    return data

def get_worker_info():
    return None

class DataLoader:
    def __class_getitem__(cls, item):
        return cls
    def __init__(self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, collate_fn=None, pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None, generator=None, *, prefetch_factor=None, persistent_workers=False, pin_memory_device='', in_order=True):
        self.dataset = dataset
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.num_workers = num_workers
        self.pin_memory = pin_memory
        if not _exploring() and sampler is None and not isinstance(dataset, IterableDataset):
            sampler = RandomSampler(dataset) if shuffle else SequentialSampler(dataset)
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        self.collate_fn = collate_fn if collate_fn is not None else default_collate
    def __iter__(self):
        if _exploring():
            return iter([self._explored()])
        return self._batches()
    def _batches(self):
        if self.batch_size is None and self.batch_sampler is None:
            for index in self.sampler:
                yield self.dataset[index]
            return
        if isinstance(self.dataset, IterableDataset):
            batch = []
            for item in self.dataset:
                batch.append(item)
                if len(batch) == self.batch_size:
                    yield self.collate_fn(batch)
                    batch = []
            if batch and not self.drop_last:
                yield self.collate_fn(batch)
            return
        for indices in self.batch_sampler or BatchSampler(self.sampler, self.batch_size, self.drop_last):
            yield self.collate_fn([self.dataset[index] for index in indices])
    def _explored(self):
        """One batch of two items, as the dataset gives them."""
        dataset = self.dataset
        if _is_unknown(dataset):
            items = [_unknown('an item of the data'), _unknown('an item of the data')]
        elif isinstance(dataset, IterableDataset):
            first = next(iter(dataset), _unknown('an item of the data'))
            items = [first, first]
        else:
            first = dataset[0]
            items = [first, first]
        if self.batch_size is None:
            return items[0]
        return self.collate_fn(items)
    def __len__(self):
        if _exploring():
            return _unknown('the number of batches')
        return len(self.batch_sampler or BatchSampler(self.sampler, self.batch_size, self.drop_last))
`;
