/** ml_collections: ConfigDict and references, and the flags that name a configuration file. */
import type { ModuleSource } from '../../library';

export const mlCollectionsModule: ModuleSource = {
  prelude: `
from _outside import is_unknown as _is_unknown, keep_way as _keep_way, replacing as _replacing

class RequiredValueError(ValueError):
    pass

class FieldReference:
    def __init__(self, default, field_type=None, op=None, required=False):
        self._value = default
        self._required = required
        self._op = op
    def get(self):
        value = self._value.get() if isinstance(self._value, FieldReference) else self._value
        if value is None and self._required:
            raise RequiredValueError('None value for a required field')
        return value if self._op is None else self._op(value)
    def set(self, value, type_safe=True):
        self._value = value
    def _then(self, op):
        return FieldReference(self, op=op)
    def __add__(self, other):
        return self._then(lambda value: value + other)
    def __sub__(self, other):
        return self._then(lambda value: value - other)
    def __mul__(self, other):
        return self._then(lambda value: value * other)
    __radd__, __rmul__ = __add__, __mul__
    def __truediv__(self, other):
        return self._then(lambda value: value / other)
    def __floordiv__(self, other):
        return self._then(lambda value: value // other)
    def to_int(self):
        return self._then(int)
    def to_float(self):
        return self._then(float)
    def to_str(self):
        return self._then(str)

_set = object.__setattr__

def _wrapped(value):
    if isinstance(value, dict):
        return ConfigDict(value)
    return value

class ConfigDict:
    def __init__(self, initial_dictionary=None, type_safe=True, convert_dict=True, allow_dotted_keys=False, **options):
        _set(self, '_fields', {})
        _set(self, '_locked', False)
        _set(self, '_type_safe', type_safe)
        for key, value in (initial_dictionary.items() if initial_dictionary is not None else ()):
            self._fields[key] = _wrapped(value) if convert_dict else value
        if isinstance(initial_dictionary, ConfigDict):
            for key, value in initial_dictionary._fields.items():
                self._fields[key] = value
    def __getattr__(self, name):
        if name.startswith('__') or name not in self._fields:
            raise AttributeError(name)
        return self[name]
    def __getitem__(self, key):
        if key not in self._fields:
            if isinstance(key, str) and '.' in key:
                node = self
                for part in key.split('.'):
                    node = node[part]
                return node
            raise KeyError(key)
        value = self._fields[key]
        return value.get() if isinstance(value, FieldReference) else value
    def __setattr__(self, name, value):
        if self._locked and name not in self._fields:
            raise AttributeError(f'Key "{name}" does not exist and cannot be added since the config is locked.')
        self._put(name, value)
    def __setitem__(self, key, value):
        if self._locked and key not in self._fields:
            raise KeyError(f'Key "{key}" does not exist and cannot be added since the config is locked.')
        self._put(key, value)
    def _put(self, key, value):
        old = self._fields.get(key)
        if isinstance(old, FieldReference) and not isinstance(value, FieldReference):
            old.set(value)
            return
        value = _wrapped(value)
        known = not _is_unknown(value) and not _is_unknown(old) and not isinstance(value, FieldReference)
        if known and self._type_safe and old is not None and value is not None and not isinstance(value, type(old)):
            if isinstance(old, float) and isinstance(value, int):
                value = _keep_way(float(value), value)
            elif not (isinstance(old, (list, tuple)) and isinstance(value, (list, tuple))):
                raise TypeError(f'field {key!r} is of type {type(old)}, not {type(value)}')
        self._fields[key] = value
    def __delattr__(self, name):
        del self._fields[name]
    __delitem__ = __delattr__
    def __contains__(self, key):
        return key in self._fields
    def __iter__(self):
        return iter(self._fields)
    def __len__(self):
        return len(self._fields)
    def __dir__(self):
        return list(self._fields)
    def keys(self, preserve_field_references=False):
        return list(self._fields)
    def values(self, preserve_field_references=False):
        return [self[key] for key in self._fields]
    def items(self, preserve_field_references=False):
        return [(key, self[key]) for key in self._fields]
    iteritems, itervalues, iterkeys = items, values, keys
    def get(self, key, default=None):
        return self[key] if key in self._fields else default
    def get_ref(self, key):
        if not isinstance(self._fields[key], FieldReference):
            self._fields[key] = FieldReference(self._fields[key])
        return self._fields[key]
    def get_oneway_ref(self, key):
        return FieldReference(self.get_ref(key))
    def get_type(self, key):
        return type(self[key])
    def pop(self, key, *default):
        return self._fields.pop(key, *default)
    def setdefault(self, key, default=None):
        if key not in self._fields:
            self[key] = default
        return self[key]
    def update(self, *other, **more):
        for source in (*other, more):
            for key, value in source.items():
                if key in self._fields and isinstance(self._fields[key], ConfigDict) and isinstance(value, (dict, ConfigDict)):
                    self._fields[key].update(value)
                else:
                    self[key] = _replacing(value, self._fields[key]) if key in self._fields else value
    def update_from_flattened_dict(self, flattened_dict, strip_prefix=''):
        for key, value in flattened_dict.items():
            if key.startswith(strip_prefix):
                node, parts = self, key[len(strip_prefix):].split('.')
                for part in parts[:-1]:
                    node = node[part]
                node[parts[-1]] = _replacing(value, node[parts[-1]]) if parts[-1] in node else value
    def _each(self, locked):
        _set(self, '_locked', locked)
        for value in self._fields.values():
            if isinstance(value, ConfigDict):
                value._each(locked)
        return self
    def lock(self):
        return self._each(True)
    def unlock(self):
        return self._each(False)
    @property
    def is_locked(self):
        return self._locked
    def unlocked(self):
        return _Unlocked(self)
    def ignore_type(self):
        return _Unlocked(self)
    def copy_and_resolve_references(self):
        return type(self)(self.to_dict())
    def to_dict(self, visit_map=None, preserve_field_references=False):
        return {key: value.to_dict() if isinstance(value, ConfigDict) else value for key, value in self.items()}
    def __eq__(self, other):
        return isinstance(other, ConfigDict) and self.to_dict() == other.to_dict()
    def __hash__(self):
        return id(self)
    def __repr__(self):
        return f'{type(self).__name__}({self.to_dict()!r})'

class _Unlocked:
    def __init__(self, config):
        self._config = config
        self._before = config._locked, config._type_safe
    def __enter__(self):
        self._config.unlock()
        _set(self._config, '_type_safe', False)
        return self._config
    def __exit__(self, *details):
        self._config._each(self._before[0])
        _set(self._config, '_type_safe', self._before[1])

class FrozenConfigDict(ConfigDict):
    def __init__(self, initial_dictionary=None, **options):
        super().__init__(initial_dictionary, **options)
        self._each(True)
    def _put(self, key, value):
        raise AttributeError('FrozenConfigDict is immutable')

def placeholder(field_type, required=False):
    return FieldReference(None, field_type, required=required)

def required_placeholder(field_type):
    return placeholder(field_type, True)

def recursive_rename(conf, old_name, new_name):
    return conf
`,
};

export const configDictModule: ModuleSource = {
  prelude: `
from ml_collections import ConfigDict, FieldReference, FrozenConfigDict, RequiredValueError, placeholder, required_placeholder

def create(**kwargs):
    return ConfigDict(kwargs)
`,
};

export const configFlagsModule: ModuleSource = {
  prelude: `
import os as _os
from absl import flags as _flags
from ml_collections import ConfigDict as _ConfigDict
from _outside import exploring as _exploring, is_unknown as _is_unknown, locate as _locate, untold as _untold

def _loaded(path):
    """get_config() of a module named by its file."""
    if path is None or _is_unknown(path):
        return path
    file, _, argument = path.partition(':')
    module = _locate(_os.path.normpath(file).removeprefix('/workspace/').removesuffix('.py').replace('/', '.'))
    if module is None:
        return _untold(f'the configuration {path}')
    return module.get_config(argument) if argument else module.get_config()

def DEFINE_config_file(name, default=None, help_string='path to config file.', flag_values=_flags.FLAGS, lock_config=True, **options):
    def made():
        found = _loaded(default)
        if lock_config and isinstance(found, _ConfigDict):
            found.lock()
        return found
    return flag_values._define(name, made, is_required=default is None, is_lazy=True)

def DEFINE_config_dict(name, config, help_string='ConfigDict instance.', flag_values=_flags.FLAGS, lock_config=True, **options):
    return flag_values._define(name, config)
`,
};
