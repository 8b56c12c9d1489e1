/** easydict: a dict whose entries are attributes too. */
export const easydictSource = `
def _easy(value):
    if isinstance(value, dict) and not isinstance(value, EasyDict):
        return EasyDict(value)
    if isinstance(value, (list, tuple)) and any(isinstance(item, (dict, list, tuple)) for item in value):
        return type(value)([_easy(item) for item in value])
    return value

class EasyDict(dict):
    def __init__(self, entries=None, **more):
        super().__init__()
        for name, value in dict(entries or {}, **more).items():
            self[name] = value

    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(name)

    def __setitem__(self, name, value):
        super().__setitem__(name, _easy(value))

    def __setattr__(self, name, value):
        self[name] = value

    def __delattr__(self, name):
        if name not in self:
            raise AttributeError(name)
        del self[name]

    def update(self, entries=None, **more):
        for name, value in dict(entries or {}, **more).items():
            self[name] = value
`;
