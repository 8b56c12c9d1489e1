/** transformers' ModelOutput: its entries by name, as attributes and by position. */
export const modelOutputSource = `
from collections import OrderedDict

class ModelOutput(OrderedDict):
    def __getitem__(self, key):
        return super().__getitem__(key) if isinstance(key, str) else self.to_tuple()[key]

    def __getattr__(self, name):
        if name in self.keys():
            return super().__getitem__(name)
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def to_tuple(self):
        return tuple(self.values())
`;
