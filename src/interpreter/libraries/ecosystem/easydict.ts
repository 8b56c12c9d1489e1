/** easydict: a dict whose entries are attributes too. */
export const easydictSource = `
class EasyDict(dict):
    def __init__(self, entries=None, **more):
        super().__init__()
        for name, value in dict(entries or {}, **more).items():
            self[name] = EasyDict(value) if isinstance(value, dict) and not isinstance(value, EasyDict) else value

    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(name)

    def __setattr__(self, name, value):
        self[name] = value
`;
