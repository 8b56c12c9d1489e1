/** mmengine and mmcv (and fvcore's registry): registries, what is built from a dict that names its type, and configurations that are Python files. */
import type { ModuleSource } from '../../library';

export const registrySource = `
from _outside import call as _call, is_unknown as _is_unknown, unknown as _unknown, untold as _untold

def build_from_cfg(cfg, registry, default_args=None):
    if _is_unknown(cfg):
        return cfg
    if not isinstance(cfg, dict):
        raise TypeError(f'cfg should be a dict, but got {type(cfg)}')
    args = dict(cfg)
    for name, value in (default_args or {}).items():
        args.setdefault(name, value)
    if 'type' not in args:
        raise KeyError('\`cfg\` or \`default_args\` must contain the key "type"')
    kind = args.pop('type')
    args.pop('_scope_', None)
    if _is_unknown(kind):
        return _unknown('an object whose type is not known')
    if isinstance(kind, str):
        made = registry.get(kind)
        if made is None:
            # Libraries register their own: those are not here.
            if registry._is_own:
                raise KeyError(f'{kind} is not in the {registry.name} registry')
            return _untold(f'{registry.name}: {kind}')
    else:
        made = kind
    return _call(made, **args)

def build_model_from_cfg(cfg, registry, default_args=None):
    return build_from_cfg(cfg, registry, default_args)

class Registry:
    def __init__(self, name, build_func=None, parent=None, scope=None, locations=(), _is_own=True):
        self._name = name
        self._module_dict = {}
        self._children = {}
        self._is_own = _is_own
        self.parent = parent
        self.build_func = build_func if build_func is not None else parent.build_func if parent is not None else build_from_cfg
        self.scope = self._scope = scope
        if parent is not None:
            parent._children[scope or name] = self
            self._is_own = parent._is_own
    @property
    def name(self):
        return self._name
    @property
    def module_dict(self):
        return self._module_dict
    @property
    def children(self):
        return self._children
    def __len__(self):
        return len(self._module_dict)
    def __contains__(self, key):
        return self.get(key) is not None
    def __repr__(self):
        return f'Registry(name={self._name}, items={self._module_dict})'
    def get(self, key):
        if key in self._module_dict:
            return self._module_dict[key]
        scope, _, rest = key.partition('.')
        if rest and scope in self._children:
            return self._children[scope].get(rest)
        if rest and rest in self._module_dict:
            return self._module_dict[rest]
        return self.parent.get(key) if self.parent is not None else None
    def build(self, *args, **kwargs):
        return self.build_func(*args, **kwargs, registry=self)
    def _register(self, module, name, force):
        names = [module.__name__] if name is None else [name] if isinstance(name, str) else name
        for one in names:
            if not force and one in self._module_dict and self._module_dict[one] is not module:
                raise KeyError(f'{one} is already registered in {self.name}')
            self._module_dict[one] = module
    def register_module(self, name=None, force=False, module=None):
        if module is not None:
            self._register(module, name, force)
            return module
        if name is not None and not isinstance(name, (str, list, tuple)):
            self._register(name, None, force)
            return name
        def decorate(module):
            self._register(module, name, force)
            return module
        return decorate
    # fvcore, detectron2 and others call it so.
    def register(self, obj=None):
        if obj is None:
            return self.register_module()
        self._register(obj, None, False)
        return obj
    def import_from_location(self):
        pass
`;

const configSource = `
import os as _os
from addict import Dict as _Dict
from json import load as _load_json
from yaml import safe_load as _safe_load
from argparse import Action as _Action
from io import open as _open
from _outside import exploring as _exploring, is_unknown as _is_unknown, replacing as _replacing, run_file as _run_file, unknown as _unknown, untold as _untold

BASE_KEY, DELETE_KEY = '_base_', '_delete_'

class ConfigDict(_Dict):
    def __missing__(self, name):
        raise KeyError(name)
    def __getattr__(self, name):
        if name in self:
            return self[name]
        raise AttributeError(f"'ConfigDict' object has no attribute '{name}'")
    def pop(self, key, *default):
        return dict.pop(self, key, *default)
    def update(self, *args, **more):
        for source in (*args, more):
            for key, value in dict(source).items():
                self[key] = self._hook(value)

class read_base:
    def __enter__(self):
        return None
    def __exit__(self, *details):
        return None

def _over(upper, lower):
    """upper, over what stands below it."""
    made = dict(lower)
    for key, value in upper.items():
        if isinstance(value, dict):
            below = made.get(key)
            deletes = value.get(DELETE_KEY, False)
            value = {name: item for name, item in value.items() if name != DELETE_KEY}
            made[key] = _over(value, below if isinstance(below, dict) and not deletes else {})
        else:
            made[key] = _replacing(value, made[key]) if key in made else value
    return made

def _is_setting(name, value):
    return not name.startswith('__') and type(value).__name__ not in ('module', 'function', 'builtin_function_or_method', 'type', 'read_base')

def _read(filename):
    if _is_unknown(filename):
        return filename
    if not isinstance(filename, str):
        filename = str(filename)
    if filename.endswith('.py'):
        names = _run_file(filename)
        if names is None:
            return _untold(f'the file {filename}')
        found = {name: value for name, value in names.items() if not isinstance(value, type) and _is_setting(name, value)}
    else:
        stream = _open(filename)
        found = _load_json(stream) if filename.endswith('.json') else _safe_load(stream)
        if _is_unknown(found):
            return found
    bases = found.pop(BASE_KEY, [])
    below = {}
    for base in [bases] if isinstance(bases, str) else bases:
        read = _read(_os.path.normpath(_os.path.join(_os.path.dirname(filename), base)))
        if _is_unknown(read):
            return read
        below.update(read)
    return _over(found, below)

class Config:
    def __init__(self, cfg_dict=None, cfg_text=None, filename=None, **options):
        self.__dict__['_cfg_dict'] = ConfigDict(cfg_dict or {})
        self.__dict__['_filename'] = filename
    @staticmethod
    def fromfile(filename, use_predefined_variables=True, import_custom_modules=True, **options):
        found = _read(filename)
        return found if _is_unknown(found) else Config(found, filename=filename)
    @staticmethod
    def fromstring(cfg_str, file_format):
        return _untold('Config.fromstring')
    @property
    def filename(self):
        return self._filename
    @property
    def pretty_text(self):
        return _untold('Config.pretty_text')
    def __getattr__(self, name):
        return getattr(self.__dict__['_cfg_dict'], name)
    def __setattr__(self, name, value):
        self._cfg_dict[name] = ConfigDict(value) if isinstance(value, dict) else value
    def __getitem__(self, name):
        return self._cfg_dict[name]
    def __setitem__(self, name, value):
        self.__setattr__(name, value)
    def __delattr__(self, name):
        del self._cfg_dict[name]
    def __contains__(self, name):
        return name in self._cfg_dict
    def __iter__(self):
        return iter(self._cfg_dict)
    def __len__(self):
        return len(self._cfg_dict)
    def __repr__(self):
        return f'Config (path: {self._filename}): {dict(self._cfg_dict)!r}'
    def get(self, key, default=None):
        return self._cfg_dict.get(key, default)
    def keys(self):
        return self._cfg_dict.keys()
    def values(self):
        return self._cfg_dict.values()
    def items(self):
        return self._cfg_dict.items()
    def copy(self):
        return Config(self._cfg_dict)
    def to_dict(self):
        return self._cfg_dict.to_dict()
    def dump(self, file=None):
        if not _exploring():
            return _untold('Config.dump')
    def merge_from_dict(self, options, allow_list_keys=True):
        if _is_unknown(options) or options is None:
            return
        nested = {}
        for full, value in options.items():
            node = nested
            parts = full.split('.')
            for part in parts[:-1]:
                node = node.setdefault(part, {})
            node[parts[-1]] = value
        self.__dict__['_cfg_dict'] = ConfigDict(_over(nested, self._cfg_dict))

class DictAction(_Action):
    def __call__(self, parser, namespace, values, option_string=None):
        made = {}
        for text in values:
            key, _, value = text.partition('=')
            made[key] = _safe_load(value)
        setattr(namespace, self.dest, made)
`;

/** The registries that mmengine brings: what their libraries register in them is not here. */
const brought = [
  'MODELS',
  'LOSSES',
  'DATASETS',
  'TRANSFORMS',
  'HOOKS',
  'RUNNERS',
  'OPTIMIZERS',
  'METRICS',
  'VISUALIZERS',
  'TASK_UTILS',
  'DATA_SAMPLERS',
];
const roots = `from mmengine.registry._registry import Registry, build_from_cfg, build_model_from_cfg\n${brought
  .map((name) => `${name} = Registry('${name.toLowerCase()}', _is_own=False)\n`)
  .join('')}`;

export const mmengineModules: Readonly<Record<string, ModuleSource>> = {
  mmengine: {
    prelude:
      'from mmengine.config import Config, ConfigDict, DictAction, read_base\nfrom mmengine.registry import *\nfrom mmengine.registry import Registry, build_from_cfg\n',
  },
  'mmengine.config': { prelude: configSource },
  'mmengine.registry': { prelude: roots },
  'mmengine.registry._registry': { prelude: registrySource },
  mmcv: {
    prelude:
      'from mmengine.config import Config, ConfigDict, DictAction\nfrom mmengine.registry._registry import Registry, build_from_cfg\n',
  },
  'mmcv.utils': { sameAs: 'mmcv' },
  'mmcv.runner': {},
  'fvcore.common.registry': { prelude: 'from mmengine.registry._registry import Registry\n' },
};
