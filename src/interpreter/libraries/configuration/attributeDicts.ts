/** Dicts whose entries are attributes too: munch, addict, python-box; each with its own way for what is missing. */
import type { ModuleSource } from '../../library';

export const munchModule: ModuleSource = {
  prelude: `
class Munch(dict):
    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(name)
    def __setattr__(self, name, value):
        self[name] = value
    def __delattr__(self, name):
        if name not in self:
            raise AttributeError(name)
        del self[name]
    @classmethod
    def fromDict(cls, d):
        return munchify(d, cls)
    def toDict(self):
        return unmunchify(self)
    def copy(self):
        return type(self)(self)
    def __repr__(self):
        return f'{type(self).__name__}({dict(self)!r})'

class DefaultMunch(Munch):
    def __init__(self, default=None, *args, **more):
        super().__init__(*args, **more)
        self.__dict__['__default__'] = default
    def __getattr__(self, name):
        return self[name] if name in self else self.__dict__.get('__default__')

def munchify(x, factory=Munch):
    if isinstance(x, dict):
        return factory({key: munchify(value, factory) for key, value in x.items()})
    if isinstance(x, (list, tuple)):
        return type(x)([munchify(item, factory) for item in x])
    return x

def unmunchify(x):
    if isinstance(x, dict):
        return {key: unmunchify(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return type(x)([unmunchify(item) for item in x])
    return x
`,
};

export const addictModule: ModuleSource = {
  prelude: `
class Dict(dict):
    def __init__(self, *args, **more):
        super().__init__()
        for source in args:
            if source:
                for key, value in (source.items() if isinstance(source, dict) else source):
                    self[key] = self._hook(value)
        for key, value in more.items():
            self[key] = self._hook(value)
    @classmethod
    def _hook(cls, item):
        if isinstance(item, dict) and not isinstance(item, Dict):
            return cls(item)
        if isinstance(item, (list, tuple)):
            return type(item)([cls._hook(part) for part in item])
        return item
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return self[name]
    def __missing__(self, name):
        made = type(self)()
        self[name] = made
        return made
    def __setattr__(self, name, value):
        self[name] = value
    def __delattr__(self, name):
        del self[name]
    def update(self, *args, **more):
        for source in (*args, more):
            for key, value in dict(source).items():
                if key in self and isinstance(self[key], dict) and isinstance(value, dict):
                    self[key].update(value)
                else:
                    self[key] = self._hook(value)
    def to_dict(self):
        return {key: value.to_dict() if isinstance(value, Dict) else value for key, value in self.items()}
    def copy(self):
        return type(self)(self)
    deepcopy = copy
    def freeze(self, shouldFreeze=True):
        pass
`,
};

export const boxModule: ModuleSource = {
  prelude: `
from io import open as _open
from json import load as _load_json
from yaml import safe_load as _safe_load
from tomllib import load as _load_toml
from _outside import is_unknown as _is_unknown

class BoxError(Exception):
    pass

class BoxKeyError(BoxError, KeyError, AttributeError):
    pass

def _boxed(value, cls, options):
    if isinstance(value, dict) and not isinstance(value, Box):
        return cls(value, **options)
    if isinstance(value, list):
        return BoxList([_boxed(item, cls, options) for item in value])
    return value

class BoxList(list):
    def to_list(self):
        return [item.to_dict() if isinstance(item, Box) else item for item in self]

class Box(dict):
    def __init__(self, *args, default_box=False, default_box_attr=None, frozen_box=False, box_dots=False, **more):
        super().__init__()
        self.__dict__['_options'] = {'default_box': default_box, 'box_dots': box_dots}
        for key, value in dict(*args, **more).items():
            dict.__setitem__(self, key, _boxed(value, type(self), self.__dict__['_options']))
        self.__dict__['_frozen'] = frozen_box
    def __getattr__(self, name):
        if name in self:
            return self[name]
        if name.startswith('__'):
            raise AttributeError(name)
        return self._absent(name)
    def _absent(self, name):
        if self.__dict__['_options']['default_box']:
            made = type(self)(default_box=True)
            dict.__setitem__(self, name, made)
            return made
        raise BoxKeyError(f"'Box' object has no attribute {name!r}")
    def __missing__(self, name):
        if self.__dict__['_options']['box_dots'] and isinstance(name, str) and '.' in name:
            node = self
            for part in name.split('.'):
                node = node[part]
            return node
        return self._absent(name)
    def __setattr__(self, name, value):
        self[name] = value
    def __setitem__(self, key, value):
        if self.__dict__.get('_frozen'):
            raise BoxError('Box is frozen')
        dict.__setitem__(self, key, _boxed(value, type(self), self.__dict__['_options']))
    def merge_update(self, *args, **more):
        for source in (*args, more):
            for key, value in dict(source).items():
                if isinstance(self.get(key), Box) and isinstance(value, dict):
                    self[key].merge_update(value)
                else:
                    self[key] = value
    def to_dict(self):
        return {key: value.to_dict() if isinstance(value, Box) else value.to_list() if isinstance(value, BoxList) else value for key, value in self.items()}
    @classmethod
    def _from(cls, read, text, filename, options):
        found = read(_open(filename, 'rb') if filename is not None else text)
        return found if _is_unknown(found) else cls(found, **options)
    @classmethod
    def from_yaml(cls, yaml_string=None, filename=None, encoding='utf-8', errors='strict', **options):
        return cls._from(_safe_load, yaml_string, filename, options)
    @classmethod
    def from_json(cls, json_string=None, filename=None, encoding='utf-8', errors='strict', **options):
        return cls._from(lambda source: _safe_load(source) if isinstance(source, str) else _load_json(source), json_string, filename, options)
    @classmethod
    def from_toml(cls, toml_string=None, filename=None, encoding='utf-8', errors='strict', **options):
        return cls._from(_load_toml, toml_string, filename, options)
    def __repr__(self):
        return f'Box({dict(self)!r})'

class ConfigBox(Box):
    pass
`,
};
