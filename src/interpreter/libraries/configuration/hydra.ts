/** Hydra: a configuration composed of files by their defaults lists, and objects made of `_target_`. Nothing stands on the command line. */
import type { ModuleSource } from '../../library';

const mainSource = `
from functools import update_wrapper as _update_wrapper
from hydra._internal.composition import _compose, _folder_of, _state
from _outside import file_of as _file_of, running_file as _running_file, unknown as _unknown
from hydra.core.config_store import ConfigStore as _ConfigStore
import hydra.utils as utils

def main(config_path=None, config_name=None, version_base=None):
    def decorate(function):
        def run(cfg_passthrough=None):
            if cfg_passthrough is not None:
                return function(cfg_passthrough)
            cfg = _compose(_folder_of(config_path, _file_of(function)), config_name, None)
            return function(cfg)
        return _update_wrapper(run, function)
    return decorate

class _Initialized:
    def __init__(self, folder):
        self._before = dict(_state)
        _state['folder'] = folder
    def __enter__(self):
        return self
    def __exit__(self, *details):
        _state.update(self._before)

def initialize(config_path=None, job_name=None, caller_stack_depth=1, version_base=None):
    return _Initialized(_folder_of(config_path, _running_file()))

def initialize_config_dir(config_dir, job_name=None, version_base=None):
    return _Initialized(config_dir)

def initialize_config_module(config_module, job_name=None, version_base=None):
    return _Initialized('/workspace/' + config_module.replace('.', '/'))

def compose(config_name=None, overrides=(), return_hydra_config=False, strict=None):
    return _compose(_state['folder'], config_name, overrides)
`;

const compositionSource = `
import os as _os
from omegaconf import DictConfig, ListConfig, OmegaConf, _plain_word
from _omegaconf_yaml import _parse
from _outside import chosen_by as _chosen_by, exploring as _exploring, is_unknown as _is_unknown, read as _read, unknown as _unknown, untold as _untold

_state = {'folder': None}
_stored = {}

class ConfigCompositionException(Exception):
    pass

class MissingConfigException(IOError, ConfigCompositionException):
    pass

def _folder_of(config_path, file):
    """config_path is relative to the file that names it."""
    if config_path is None or _is_unknown(config_path) or config_path.startswith('/') or config_path.startswith('pkg://'):
        return config_path
    return _os.path.normpath(_os.path.join(_os.path.dirname(file), config_path)) if file is not None else config_path

def _bare(name):
    return name[:-5] if name.endswith('.yaml') else name[:-4] if name.endswith('.yml') else name

def _found(folder, path):
    """The configuration of a path below the folder, and the package its header names; None where there is none."""
    if folder is not None and not _is_unknown(folder):
        for ending in ('.yaml', '.yml'):
            text = _read(_os.path.join(folder, path + ending))
            if text is None:
                continue
            package = None
            for line in text.splitlines():
                line = line.strip()
                if line and not line.startswith('#'):
                    break
                words = line.lstrip('# ').split()
                if len(words) == 2 and words[0] == '@package':
                    package = words[1]
            documents = _parse(text, ValueError)
            if _is_unknown(documents) or documents and _is_unknown(documents[0]):
                return None
            content = documents[0] if documents else None
            return OmegaConf.create(content if content is not None else {}), package
    if path in _stored:
        node, package = _stored[path]
        return OmegaConf.create(node), package
    return None

def _mark(node, word):
    """Each setting of a file is there as a defaults list chose the file."""
    content = node._content
    for key, value in list(content.items()) if isinstance(content, dict) else enumerate(list(content)):
        if isinstance(value, (DictConfig, ListConfig)):
            _mark(value, word)
        else:
            content[key] = _chosen_by(value, word)

class _Composition:
    def __init__(self, folder, choices):
        self.folder = folder
        # What is chosen instead of what a defaults list says, by group (and package).
        self.choices = choices
        self.missing = None
    def entries(self, node):
        listed = node._content.pop('defaults', None)
        return [] if listed is None else list(listed)
    def gather(self, path, group):
        """The overrides that stand in the defaults lists."""
        found = _found(self.folder, path)
        if found is None:
            return
        for kind, target, option, _, optional in self.read(self.entries(found[0]), group):
            if kind == 'override':
                self.choices.setdefault(target, option)
            elif kind == 'config' and target != '_self_':
                self.gather(target, _os.path.dirname(target))
            elif kind == 'group':
                for name in self.chosen(target, option):
                    self.gather(target.split('@')[0] + '/' + name, target.split('@')[0])
    def chosen(self, target, option):
        picked = self.choices.get(target, option)
        if picked is None:
            return []
        return [_bare(str(name)) for name in (picked if not isinstance(picked, str) and hasattr(picked, '__iter__') else [picked])]
    def read(self, entries, group):
        """(kind, path or group, option, package, is it optional) of each entry."""
        for entry in entries:
            if isinstance(entry, str):
                name, _, package = entry.partition('@')
                if name == '_self_':
                    yield 'config', '_self_', None, None, False
                    continue
                target = name[1:] if name.startswith('/') else _os.path.join(group, name) if group else name
                yield 'config', _bare(target), None, package or None, False
                continue
            for key, option in entry.items():
                words = key.split()
                name, _, package = words[-1].partition('@')
                target = name[1:] if name.startswith('/') else _os.path.join(group, name) if group else name
                if target.startswith('hydra'):
                    continue
                whole = target + '@' + package if package else target
                kind = 'override' if 'override' in words else 'group'
                relative = name.lstrip('/').replace('/', '.')
                yield kind, whole, option, package or relative, 'optional' in words
    def add(self, into, path, group, package, optional=False, is_primary=False, word=None):
        found = _found(self.folder, path)
        if found is None:
            if not optional:
                self.missing = path
            return
        node, header = found
        if word is not None:
            _mark(node, word)
        if header is not None and not is_primary:
            own = group.replace('/', '.')
            package = header.replace('_group_', own) if header != '_global_' else '_global_'
        entries = self.entries(node)
        if not any(isinstance(entry, str) and entry == '_self_' for entry in entries):
            entries.append('_self_')
        for kind, target, option, inner, is_optional in self.read(entries, group):
            if kind == 'config' and target == '_self_':
                self.put(into, node, package)
            elif kind == 'config':
                own = _os.path.dirname(target)
                self.add(into, target, own, self.joined(package, inner if inner is not None else self.below(own, group)))
            elif kind == 'group':
                name = target.split('@')[0]
                for one in self.chosen(target, option):
                    if one == '???':
                        self.missing = name
                    else:
                        self.add(into, name + '/' + one, name, self.joined(package, inner), is_optional, word=option if option == one else None)
    def below(self, group, other):
        """The package of a config named by its path: relative to the one that names it."""
        if group == other:
            return ''
        return group[len(other) + 1:].replace('/', '.') if other and group.startswith(other + '/') else group.replace('/', '.')
    def joined(self, outer, inner):
        if inner is None or inner == '':
            return outer
        if inner.startswith('_global_'):
            return inner[len('_global_.'):] or '_global_'
        if inner.startswith('_here_'):
            return outer
        return inner if outer in ('', None, '_global_') else outer + '.' + inner
    def put(self, into, node, package):
        if package in ('', None, '_global_'):
            into.merge_with(node)
        else:
            OmegaConf.update(into, package, node) if OmegaConf.select(into, package) is None else OmegaConf.select(into, package).merge_with(node)

def _compose(folder, config_name, overrides):
    if overrides is None:
        import sys
        overrides = sys.argv[1:]
    made = DictConfig({})
    choices, values = {}, []
    for text in overrides:
        if _is_unknown(text):
            continue
        key, equals, value = text.partition('=')
        name = key.lstrip('+~')
        if key.startswith('~'):
            choices[name] = None
            values.append(('~', name, None))
            continue
        if '.' not in name and _found(folder, name + '/' + _bare(value)) is not None:
            choices[name] = value
            if key.startswith('+'):
                values.append(('group', name, value))
            continue
        values.append(('+' if key.startswith('+') else '', name, value))
    if config_name is not None:
        name = _bare(config_name)
        composition = _Composition(folder, choices)
        composition.gather(name, _os.path.dirname(name))
        composition.add(made, name, '', '', is_primary=True)
        if composition.missing is not None:
            if _exploring():
                if composition.missing == name:
                    return _unknown(f'the configuration {config_name}')
                OmegaConf.update(made, composition.missing.split('/')[0].replace('/', '.'), _unknown(f'the configuration {composition.missing}'), force_add=True)
            else:
                return _untold(f'the configuration {composition.missing}')
        for kind, key, value in values:
            if kind == 'group':
                composition.add(made, key + '/' + _bare(value), key, key.replace('/', '.'))
    for kind, key, value in values:
        if kind == '~':
            made._content.pop(key, None)
        elif kind != 'group':
            OmegaConf.update(made, key, _plain_word(value), force_add=kind == '+')
    OmegaConf.set_struct(made, True)
    return made
`;

const storeSource = `
from hydra._internal.composition import _stored

class ConfigNode:
    pass

class ConfigStore:
    _one = None
    @staticmethod
    def instance(*args, **kwargs):
        if ConfigStore._one is None:
            ConfigStore._one = ConfigStore()
        return ConfigStore._one
    def store(self, name, node, group=None, package=None, provider=None):
        name = name[:-5] if name.endswith('.yaml') else name
        _stored[(group + '/' if group else '') + name] = (node, package)
`;

const utilsSource = `
from functools import partial as _partial
from omegaconf import Container as _Container, DictConfig as _DictConfig, ListConfig as _ListConfig, OmegaConf as _OmegaConf, _plain
from dataclasses import is_dataclass as _is_dataclass
from _outside import call as _call, exploring as _exploring, is_unknown as _is_unknown, locate as _locate, unknown as _unknown, untold as _untold

def get_object(path):
    found = _locate(path)
    # What cannot be found here may be a library's.
    return _untold(path) if found is None else found

get_class = get_method = get_static_method = get_object

def get_original_cwd():
    return '/cwd'

def to_absolute_path(path):
    return path

def _made(value, recursive, convert):
    if isinstance(value, (dict, _DictConfig)):
        if '_target_' in value:
            return instantiate(value, _recursive_=recursive, _convert_=convert)
        if isinstance(value, dict):
            return {key: _made(item, recursive, convert) for key, item in value.items()}
        if any(_has_target(item) for item in value.values()):
            return {key: _made(item, recursive, convert) for key, item in value.items()}
        return _plain(value, True) if convert in ('all', 'partial') else value
    if isinstance(value, (list, _ListConfig)):
        if any(_has_target(item) for item in value):
            return [_made(item, recursive, convert) for item in value]
        return list(value) if isinstance(value, list) else _plain(value, True) if convert in ('all', 'partial') else value
    return value

def _has_target(value):
    if isinstance(value, (dict, _DictConfig)):
        return '_target_' in value or any(_has_target(item) for item in value.values())
    if isinstance(value, (list, _ListConfig)):
        return any(_has_target(item) for item in value)
    return False

def instantiate(config, *args, **kwargs):
    if _is_unknown(config) or config is None:
        return config
    if _is_dataclass(config):
        config = _OmegaConf.structured(config)
    if isinstance(config, (list, _ListConfig)):
        return [instantiate(item) if _has_target(item) else item for item in config]
    options = {key: config[key] for key in config}
    options.update(kwargs)
    target = options.pop('_target_', None)
    recursive = options.pop('_recursive_', True)
    convert = options.pop('_convert_', 'none')
    partial = options.pop('_partial_', False)
    options.pop('_self_', None)
    given = options.pop('_args_', ())
    if target is None:
        return {key: _made(value, recursive, convert) for key, value in options.items()} if _has_target(config) else config
    if recursive:
        options = {key: _made(value, recursive, convert) for key, value in options.items()}
        given = [_made(value, recursive, convert) for value in given]
    elif convert in ('all', 'partial'):
        options = {key: _plain(value, True) for key, value in options.items()}
    callee = get_object(target) if isinstance(target, str) else target
    positional = list(args) if args else list(given)
    if partial:
        return _partial(callee, *positional, **options)
    return _call(callee, *positional, **options)

call = instantiate
`;

export const hydraModules: Readonly<Record<string, ModuleSource>> = {
  hydra: { prelude: mainSource },
  'hydra._internal': {},
  'hydra._internal.composition': { prelude: compositionSource },
  'hydra.core': {},
  'hydra.core.config_store': { prelude: storeSource },
  'hydra.core.global_hydra': {
    prelude: `
class GlobalHydra:
    @staticmethod
    def instance():
        return GlobalHydra()
    def clear(self):
        pass
    def is_initialized(self):
        return False
`,
  },
  'hydra.utils': { prelude: utilsSource },
  'hydra.experimental': { prelude: 'from hydra import compose, initialize, initialize_config_dir\n' },
};
