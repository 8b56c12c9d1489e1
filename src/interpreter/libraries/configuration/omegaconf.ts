/** OmegaConf: nested configurations, interpolation, structured configurations, merging. Values stay the very values they were made of. */
import type { ModuleSource } from '../../library';

export const omegaconfModule: ModuleSource = {
  prelude: `
import os as _os
from dataclasses import fields as _fields, is_dataclass as _is_dataclass, MISSING as _NO_DEFAULT
from enum import Enum as _Enum
from io import open as _open
from _omegaconf_yaml import _parse
from _outside import exploring as _exploring, is_unknown as _is_unknown, keep_way as _keep_way, replacing as _replacing, unknown as _unknown, untold as _untold

MISSING = '???'

class OmegaConfBaseException(Exception):
    pass

class ConfigKeyError(OmegaConfBaseException, KeyError):
    pass

class ConfigAttributeError(OmegaConfBaseException, AttributeError):
    pass

class ConfigTypeError(OmegaConfBaseException, TypeError):
    pass

class MissingMandatoryValue(OmegaConfBaseException):
    pass

class ValidationError(OmegaConfBaseException, ValueError):
    pass

class ReadonlyConfigError(OmegaConfBaseException):
    pass

class InterpolationKeyError(OmegaConfBaseException, KeyError):
    pass

class InterpolationResolutionError(OmegaConfBaseException, ValueError):
    pass

class UnsupportedInterpolationType(OmegaConfBaseException, ValueError):
    pass

_set = object.__setattr__
_absent = object()
_resolvers = {}

def _plain_word(text):
    return _parse(text, ValueError)[0]

class Container:
    def _start(self, parent, key):
        _set(self, '_parent', parent)
        _set(self, '_at', key)
        _set(self, '_struct', None)
        _set(self, '_readonly', None)
        _set(self, '_types', {})
        _set(self, '_made_of', None)
    def _root(self):
        node = self
        while node._parent is not None:
            node = node._parent
        return node
    def _flag(self, name):
        node = self
        while node is not None:
            value = node.__dict__[name]
            if value is not None:
                return value
            node = node._parent
        return False
    def _full_key(self, key):
        parts, node = [str(key)], self
        while node._parent is not None:
            parts.append(str(node._at))
            node = node._parent
        return '.'.join(reversed(parts))
    def _wrapped(self, key, value):
        if isinstance(value, Container):
            value = _copied(value)
            _set(value, '_parent', self)
            _set(value, '_at', key)
            return value
        if isinstance(value, dict):
            return DictConfig(value, parent=self, key=key)
        if isinstance(value, (list, tuple)):
            return ListConfig(value, parent=self, key=key)
        if _is_dataclass(value) or hasattr(value, '__attrs_attrs__'):
            return _structured(value, self, key)
        return value
    def _typed(self, key, value):
        kind = self._types.get(key)
        if kind is None or _is_unknown(value) or value is None or value == MISSING or isinstance(value, Container) or isinstance(value, str) and '\${' in value:
            return value
        if isinstance(kind, type) and issubclass(kind, _Enum) and isinstance(value, str):
            return kind[value.split('.')[-1]]
        if kind is float and not isinstance(value, float) or kind is int and (isinstance(value, str) or isinstance(value, float)):
            try:
                made = kind(value)
            except ValueError:
                made = None
            if made is None or kind is int and isinstance(value, float) and made != value:
                raise ValidationError(f"Value {value!r} of type '{type(value).__name__}' could not be converted to {kind.__name__}")
            return _keep_way(made, value)
        if kind is bool and isinstance(value, str):
            made = _plain_word(value)
            if not isinstance(made, bool):
                raise ValidationError(f'Value {value!r} is not a valid bool')
            return _keep_way(made, value)
        if kind is str and not isinstance(value, str):
            return _keep_way(str(value), value)
        return value
    def _resolved(self, key, value):
        if isinstance(value, str):
            if value == MISSING:
                name = self._full_key(key)
                if _exploring():
                    return _unknown(f'{name} (??? in the configuration)')
                raise MissingMandatoryValue(f'Missing mandatory value: {name}')
            if '\${' in value:
                return _keep_way(_interpolate(self, value, 0), value) if not _is_whole(value) else _interpolate(self, value, 0)
        return value
    def __eq__(self, other):
        return _plain(self, True) == (_plain(other, True) if isinstance(other, Container) else other)
    def __ne__(self, other):
        return not self == other
    def __hash__(self):
        return id(self)
    def __repr__(self):
        return repr(_plain(self, False))
    def copy(self):
        return _copied(self)
    def __copy__(self):
        return _copied(self)
    def __deepcopy__(self, memo):
        return _copied(self)

def _copied(value):
    made = _empty_like(value)
    content = value._content
    if isinstance(value, DictConfig):
        for key in content:
            made._content[key] = made._wrapped(key, content[key])
    else:
        for i, item in enumerate(content):
            made._content.append(made._wrapped(i, item))
    return made

def _empty_like(value):
    made = object.__new__(type(value))
    made._start(None, None)
    _set(made, '_content', {} if isinstance(value, DictConfig) else [])
    _set(made, '_struct', value._struct)
    _set(made, '_readonly', value._readonly)
    _set(made, '_types', dict(value._types))
    _set(made, '_made_of', value._made_of)
    return made

def _is_whole(text):
    if not text.startswith('\${') or not text.endswith('}'):
        return False
    depth = 0
    for i, letter in enumerate(text):
        if letter == '{':
            depth += 1
        elif letter == '}':
            depth -= 1
            if depth == 0:
                return i == len(text) - 1
    return False

def _interpolate(node, text, depth):
    if depth > 20:
        raise InterpolationResolutionError('interpolations that go round in a circle')
    if _is_whole(text):
        return _looked_up(node, text[2:-1], depth)
    made, at = '', 0
    while True:
        start = text.find('\${', at)
        if start < 0:
            return made + text[at:]
        end, level = start + 2, 1
        while level and end < len(text):
            level += {'{': 1, '}': -1}.get(text[end], 0)
            end += 1
        found = _looked_up(node, text[start + 2:end - 1], depth)
        if _is_unknown(found):
            return found
        made += text[at:start] + str(found)
        at = end

def _arguments(text):
    parts, depth, now, quote = [], 0, '', ''
    for letter in text:
        if quote:
            quote = '' if letter == quote else quote
        elif letter in '"\\'':
            quote = letter
        elif letter in '{[(':
            depth += 1
        elif letter in ')]}':
            depth -= 1
        if letter == ',' and not depth and not quote:
            parts.append(now.strip())
            now = ''
        else:
            now += letter
    return parts + [now.strip()] if now.strip() or parts else []

def _looked_up(node, inner, depth):
    inner = inner.strip()
    colon = inner.find(':')
    brace = inner.find('\${')
    if colon >= 0 and (brace < 0 or colon < brace):
        name, args = inner[:colon].strip(), _arguments(inner[colon + 1:])
        if name == 'oc.env' or name == 'env':
            key = args[0]
            if key in _os.environ:
                return _os.environ[key]
            if len(args) > 1:
                return _argument(node, args[1], depth)
            return _os.environ[key]
        if name == 'oc.select':
            found = OmegaConf.select(node._root(), args[0], default=_absent)
            return found if found is not _absent else _argument(node, args[1], depth) if len(args) > 1 else None
        if name == 'oc.decode':
            found = _argument(node, args[0], depth)
            return _plain_word(found) if isinstance(found, str) else found
        if name in ('oc.dict.keys', 'oc.dict.values'):
            found = OmegaConf.select(node._root(), args[0])
            return ListConfig(list(found.keys() if name == 'oc.dict.keys' else found.values()))
        if name == 'oc.create':
            return OmegaConf.create(_argument(node, args[0], depth))
        if name in _resolvers:
            found = _resolvers[name](*[_argument(node, arg, depth) for arg in args])
            return node._wrapped(None, found)
        if _exploring() or name in ('hydra', 'now'):
            return _unknown('\${' + inner + '}') if _exploring() else _untold('\${' + inner + '}')
        raise UnsupportedInterpolationType(f'Unsupported interpolation type {name}')
    if brace >= 0:
        inner = _interpolate(node, inner, depth + 1)
        if _is_unknown(inner):
            return inner
    start = node._root()
    if inner.startswith('.'):
        start = node
        inner = inner[1:]
        while inner.startswith('.'):
            start = start._parent if start is not None else None
            inner = inner[1:]
    if inner == '':
        return start
    found = _walk(start, inner, depth + 1)
    if found is _absent:
        raise InterpolationKeyError(f"Interpolation key '{inner}' not found")
    return found

def _argument(node, text, depth):
    if '\${' in text:
        return _interpolate(node, text, depth + 1)
    return _plain_word(text)

def _steps(key):
    if not isinstance(key, str):
        return [key]
    return [int(part) if part.isdigit() else part for part in key.replace('[', '.').replace(']', '').split('.') if part != '']

def _walk(node, key, depth=0):
    for part in _steps(key):
        if _is_unknown(node):
            return node
        if isinstance(node, ListConfig):
            if not isinstance(part, int) or part >= len(node._content):
                return _absent
            value = node._content[part]
        elif isinstance(node, DictConfig):
            if part not in node._content:
                part = str(part)
            if part not in node._content:
                return _absent
            value = node._content[part]
        else:
            return _absent
        if isinstance(value, str) and '\${' in value:
            value = _interpolate(node, value, depth + 1)
        elif isinstance(value, str) and value == MISSING:
            value = node._resolved(part, value)
        node = value
    return node

class DictConfig(Container):
    def __init__(self, content=None, key=None, parent=None, flags=None, ref_type=None, element_type=None, is_optional=True):
        self._start(parent, key)
        _set(self, '_content', {})
        for name, value in (content._content if isinstance(content, DictConfig) else content or {}).items():
            self._content[name] = self._wrapped(name, value)
    def _of(self, key, default):
        if key in self._content:
            return self._resolved(key, self._content[key])
        return default
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        found = self._of(name, _absent)
        if found is _absent:
            raise ConfigAttributeError(f"Missing key {name}" if not self._flag('_struct') else f"Key '{name}' is not in struct")
        return found
    def __getitem__(self, key):
        found = self._of(key, _absent)
        if found is _absent:
            raise ConfigKeyError(f'Missing key {key}')
        return found
    def _put(self, key, value, error):
        if self._flag('_readonly'):
            raise ReadonlyConfigError(f'Cannot change read-only config container: {key}')
        if key not in self._content and (self._flag('_struct') or self._made_of is not None):
            raise error(f"Key '{key}' is not in struct")
        self._content[key] = self._typed(key, self._wrapped(key, value))
    def __setattr__(self, name, value):
        self._put(name, value, ConfigAttributeError)
    def __setitem__(self, key, value):
        self._put(key, value, ConfigKeyError)
    def __delattr__(self, name):
        self.__delitem__(name)
    def __delitem__(self, key):
        if key not in self._content:
            raise ConfigKeyError(f'Missing key {key}')
        del self._content[key]
    def __contains__(self, key):
        return key in self._content and not (isinstance(self._content[key], str) and self._content[key] == MISSING)
    def __iter__(self):
        return iter(list(self._content))
    def __len__(self):
        return len(self._content)
    def __bool__(self):
        return len(self._content) > 0
    def __dir__(self):
        return list(self._content)
    def keys(self):
        return list(self._content)
    def values(self):
        return [self[key] for key in self._content]
    def items(self):
        return [(key, self[key]) for key in self._content]
    def items_ex(self, resolve=True, keys=None):
        return [(key, self[key] if resolve else self._content[key]) for key in self._content]
    def get(self, key, default_value=None):
        found = self._of(key, default_value)
        return default_value if found is None and key not in self._content else found
    def pop(self, key, default=_absent):
        if key not in self._content:
            if default is _absent:
                raise ConfigKeyError(f'Key not found: {key!r}')
            return default
        value = self[key]
        del self._content[key]
        return value
    def setdefault(self, key, default_value=None):
        if key not in self._content:
            self[key] = default_value
        return self[key]
    def update(self, other=None, **more):
        for key, value in {**dict(other or {}), **more}.items():
            self[key] = value
    def merge_with(self, *others):
        for other in others:
            _merge_into(self, OmegaConf.create(other) if not isinstance(other, Container) else other)

class ListConfig(Container):
    def __init__(self, content=None, key=None, parent=None, flags=None, ref_type=None, element_type=None, is_optional=True):
        self._start(parent, key)
        _set(self, '_content', [])
        for i, value in enumerate(content._content if isinstance(content, ListConfig) else content or []):
            self._content.append(self._wrapped(i, value))
    def __getitem__(self, index):
        if isinstance(index, slice):
            return ListConfig(self._content[index])
        return self._resolved(index, self._content[index])
    def __setitem__(self, index, value):
        self._content[index] = self._wrapped(index, value)
    def __delitem__(self, index):
        del self._content[index]
    def __len__(self):
        return len(self._content)
    def __iter__(self):
        return iter([self._resolved(i, item) for i, item in enumerate(self._content)])
    def __contains__(self, value):
        return any(item == value for item in self)
    def __add__(self, other):
        return ListConfig(list(self) + list(other))
    def append(self, value):
        self._content.append(self._wrapped(len(self._content), value))
    def extend(self, values):
        for value in values:
            self.append(value)
    def insert(self, index, value):
        self._content.insert(index, self._wrapped(index, value))
    def pop(self, index=-1):
        return self._content.pop(index)
    def index(self, value):
        return list(self).index(value)

Node = Container

class _StructuredField:
    pass

def _structured(value, parent=None, key=None):
    made = DictConfig(parent=parent, key=key)
    cls = value if isinstance(value, type) else type(value)
    if hasattr(cls, '__attrs_attrs__'):
        items = [(item.name, item.type, item.default) for item in cls.__attrs_attrs__]
    else:
        items = [(item.name, item.type, item.default if item.default_factory is _NO_DEFAULT else item.default_factory()) for item in _fields(cls)]
    for name, kind, default in items:
        given = default if isinstance(value, type) else getattr(value, name)
        if given is _NO_DEFAULT:
            given = MISSING if not (isinstance(kind, type) and _is_dataclass(kind)) else kind
        if kind in (float, int, str, bool) or isinstance(kind, type) and issubclass(kind, _Enum):
            made._types[name] = kind
        made._content[name] = made._typed(name, made._wrapped(name, given))
    _set(made, '_made_of', cls)
    return made

def _merge_into(target, source):
    if isinstance(target, ListConfig):
        target._content.clear()
        target.extend(source._content)
        return
    for key, value in source._content.items():
        current = target._content.get(key)
        if isinstance(current, str) and '\${' in current and isinstance(value, DictConfig):
            current = target[key]
            target._content[key] = target._wrapped(key, current)
            current = target._content[key]
        if isinstance(current, DictConfig) and isinstance(value, DictConfig):
            _merge_into(current, value)
        elif isinstance(value, str) and value == MISSING and key in target._content:
            continue
        else:
            target._put(key, value if key not in target._content else _replacing(value, current), ConfigKeyError)
    if source._made_of is not None and target._made_of is None:
        _set(target, '_made_of', source._made_of)
        target._types.update(source._types)

def _plain(value, resolve, to_object=False, dropped=False):
    if isinstance(value, DictConfig):
        made = {}
        for key in value._content:
            raw = value._content[key]
            if resolve and not (isinstance(raw, str) and raw == MISSING):
                raw = value[key]
            made[key] = _plain(raw, resolve, to_object)
        if to_object and value._made_of is not None:
            return value._made_of(**made)
        return made
    if isinstance(value, ListConfig):
        return [_plain(value[i] if resolve else item, resolve, to_object) for i, item in enumerate(value._content)]
    return value

class OmegaConf:
    @staticmethod
    def create(obj=_absent, parent=None, flags=None):
        if obj is _absent:
            return DictConfig({})
        if _is_unknown(obj):
            return obj
        if obj is None:
            return DictConfig({})
        if isinstance(obj, str):
            return OmegaConf.create(_parse(obj, ValueError)[0] or {})
        if isinstance(obj, Container):
            return _copied(obj)
        if isinstance(obj, (list, tuple)):
            return ListConfig(obj)
        if isinstance(obj, dict):
            return DictConfig(obj)
        return _structured(obj)
    @staticmethod
    def structured(obj, parent=None, flags=None):
        return OmegaConf.create(obj)
    @staticmethod
    def load(file_):
        stream = file_ if _is_unknown(file_) or hasattr(file_, 'read') else _open(file_)
        found = _parse(stream, ValueError)
        if _is_unknown(found):
            return found
        return OmegaConf.create(found[0] if found and found[0] is not None else {})
    @staticmethod
    def merge(*configs):
        for config in configs:
            if _is_unknown(config):
                return config
        if not configs:
            raise ValueError('merge() needs at least one configuration')
        made = OmegaConf.create(configs[0])
        for config in configs[1:]:
            _merge_into(made, config if isinstance(config, Container) else OmegaConf.create(config))
        return made
    unsafe_merge = merge
    @staticmethod
    def from_dotlist(dotlist):
        made = DictConfig({})
        for text in dotlist:
            key, _, value = text.partition('=')
            OmegaConf.update(made, key, _plain_word(value))
        return made
    @staticmethod
    def from_cli(args_list=None):
        import sys
        return OmegaConf.from_dotlist([word for word in (sys.argv[1:] if args_list is None else args_list) if '=' in word])
    @staticmethod
    def to_container(cfg, *, resolve=False, throw_on_missing=False, enum_to_str=False, structured_config_mode=None):
        return cfg if _is_unknown(cfg) else _plain(cfg, resolve)
    @staticmethod
    def to_object(cfg):
        return cfg if _is_unknown(cfg) else _plain(cfg, True, True)
    @staticmethod
    def to_yaml(cfg, *, resolve=False, sort_keys=False):
        return _untold('OmegaConf.to_yaml')
    @staticmethod
    def save(config, f, resolve=False):
        if not _exploring():
            _untold('writing files')
    @staticmethod
    def resolve(cfg):
        for key in list(cfg._content) if isinstance(cfg, DictConfig) else range(len(cfg)):
            value = cfg._content[key]
            if isinstance(value, Container):
                OmegaConf.resolve(value)
            elif isinstance(value, str) and '\${' in value:
                cfg._content[key] = cfg._wrapped(key, cfg[key])
    @staticmethod
    def select(cfg, key, *, default=None, throw_on_resolution_failure=True, throw_on_missing=False):
        if _is_unknown(cfg):
            return cfg
        found = _walk(cfg, key)
        return default if found is _absent or found is None and default is not None else found
    @staticmethod
    def update(cfg, key, value=None, *, merge=True, force_add=False):
        if _is_unknown(cfg):
            return
        steps = _steps(key)
        for part in steps[:-1]:
            if isinstance(cfg, ListConfig):
                cfg = cfg._content[part]
                continue
            part = part if part in cfg._content else str(part)
            if not isinstance(cfg._content.get(part), Container):
                cfg._content[part] = cfg._wrapped(part, {})
            cfg = cfg._content[part]
        last = steps[-1]
        if isinstance(cfg, ListConfig):
            cfg[last] = value
            return
        last = last if last in cfg._content else str(last)
        current = cfg._content.get(last)
        if merge and isinstance(current, DictConfig) and isinstance(value, (dict, DictConfig)):
            current.merge_with(value)
        elif force_add:
            cfg._content[last] = cfg._wrapped(last, value)
        else:
            cfg[last] = _replacing(value, current) if last in cfg._content else value
    @staticmethod
    def set_struct(conf, value):
        if not _is_unknown(conf):
            _set(conf, '_struct', value)
    @staticmethod
    def set_readonly(conf, value):
        if not _is_unknown(conf):
            _set(conf, '_readonly', value)
    @staticmethod
    def is_struct(conf):
        return conf._flag('_struct')
    @staticmethod
    def is_readonly(conf):
        return conf._flag('_readonly')
    @staticmethod
    def is_missing(cfg, key):
        value = cfg._content.get(key) if isinstance(cfg, DictConfig) else None
        return isinstance(value, str) and value == MISSING
    @staticmethod
    def is_interpolation(node, key=None):
        value = node._content[key] if key is not None else node
        return isinstance(value, str) and '\${' in value
    @staticmethod
    def is_config(obj):
        return isinstance(obj, Container)
    @staticmethod
    def is_dict(obj):
        return isinstance(obj, DictConfig)
    @staticmethod
    def is_list(obj):
        return isinstance(obj, ListConfig)
    @staticmethod
    def get_type(obj, key=None):
        node = obj if key is None else obj[key]
        return node._made_of or (dict if isinstance(node, DictConfig) else list) if isinstance(node, Container) else type(node)
    @staticmethod
    def masked_copy(conf, keys):
        wanted = [keys] if isinstance(keys, str) else keys
        return DictConfig({key: value for key, value in conf._content.items() if key in wanted})
    @staticmethod
    def missing_keys(cfg):
        return {cfg._full_key(key) for key in cfg._content if OmegaConf.is_missing(cfg, key)}
    @staticmethod
    def register_new_resolver(name, resolver, *, replace=False, use_cache=False):
        _resolvers[name] = resolver
    register_resolver = register_new_resolver
    @staticmethod
    def has_resolver(name):
        return name in _resolvers
    @staticmethod
    def clear_resolver(name):
        return _resolvers.pop(name, None) is not None
    @staticmethod
    def clear_resolvers():
        _resolvers.clear()

class flag_override:
    def __init__(self, config, names, values):
        self.config = config
        self.names = ['_' + name for name in ([names] if isinstance(names, str) else names)]
        self.values = values if isinstance(values, list) else [values] * len(self.names)
    def __enter__(self):
        if not _is_unknown(self.config):
            self.before = [self.config.__dict__[name] for name in self.names]
            for name, value in zip(self.names, self.values):
                _set(self.config, name, value)
        return self.config
    def __exit__(self, *details):
        if not _is_unknown(self.config):
            for name, value in zip(self.names, self.before):
                _set(self.config, name, value)

def open_dict(config):
    return flag_override(config, 'struct', False)

def read_write(config):
    return flag_override(config, 'readonly', False)

def II(interpolation):
    return '\${' + interpolation + '}'

def SI(interpolation):
    return interpolation
`,
};

export const omegaconfErrorsModule: ModuleSource = {
  prelude: `
from omegaconf import (
    ConfigAttributeError, ConfigKeyError, ConfigTypeError, InterpolationKeyError, InterpolationResolutionError, MissingMandatoryValue,
    OmegaConfBaseException, ReadonlyConfigError, UnsupportedInterpolationType, ValidationError,
)
`,
};
