/** yacs (and fvcore's and detectron2's use of it): a tree of settings with the values of files merged over its defaults. */
import type { ModuleSource } from '../../library';

export const yacsModule: ModuleSource = {
  prelude: `
import copy as _copy
from io import open as _open
from yaml import safe_load as _safe_load
from _outside import exploring as _exploring, is_unknown as _is_unknown, keep_way as _keep_way, read as _read, replacing as _replacing, unknown as _unknown, untold as _untold
import os as _os

BASE_KEY = '_BASE_'

def _literal(text):
    """The Python value that a text spells, or the text."""
    word = text.strip()
    made = text
    if word in ('None', 'True', 'False'):
        made = {'None': None, 'True': True, 'False': False}[word]
    elif word[:1] in '([{':
        read = _safe_load(word.replace('(', '[').replace(')', ']').replace('None', 'null'))
        made = tuple(read) if word[0] == '(' and isinstance(read, list) else read
    elif len(word) > 1 and word[0] == word[-1] and word[0] in '"\\'':
        made = word[1:-1]
    elif word.lstrip('-+')[:1] in tuple('.0123456789'):
        for kind in (int, float):
            try:
                made = kind(word)
                break
            except ValueError:
                pass
    return _keep_way(made, text)

_kinds = [(tuple, list), (list, tuple), (int, float)]

def _checked(new, old, key):
    if _is_unknown(new) or _is_unknown(old) or old is None or new is None or type(new) is type(old) or isinstance(new, type(old)):
        return new
    for accepted, wanted in _kinds:
        if type(new) is accepted and type(old) is wanted:
            return _keep_way(wanted(new), new)
    raise ValueError(f'Type mismatch ({type(old)} vs. {type(new)}) with values ({old} vs. {new}) for config key: {key}')

class CfgNode(dict):
    IMMUTABLE = '__immutable__'
    def __init__(self, init_dict=None, key_list=None, new_allowed=False):
        made = {}
        for key, value in (init_dict or {}).items():
            made[key] = CfgNode(value, new_allowed=new_allowed) if isinstance(value, dict) and not isinstance(value, CfgNode) else value
        super().__init__(made)
        self.__dict__['__immutable__'] = False
        self.__dict__['__new_allowed__'] = new_allowed
        self.__dict__['__deprecated_keys__'] = set()
        self.__dict__['__unknown__'] = None
    def __getattr__(self, name):
        if name in self:
            return self[name]
        if _is_unknown(self.__dict__.get('__unknown__')):
            return self.__dict__['__unknown__']
        raise AttributeError(name)
    def __setattr__(self, name, value):
        if self.is_frozen():
            raise AttributeError(f'Attempted to set {name} to {value}, but CfgNode is immutable')
        self[name] = value
    def is_frozen(self):
        return self.__dict__['__immutable__']
    def is_new_allowed(self):
        return self.__dict__['__new_allowed__']
    def set_new_allowed(self, is_new_allowed):
        self.__dict__['__new_allowed__'] = is_new_allowed
        for value in self.values():
            if isinstance(value, CfgNode):
                value.set_new_allowed(is_new_allowed)
    def _immutable(self, is_immutable):
        self.__dict__['__immutable__'] = is_immutable
        for value in self.values():
            if isinstance(value, CfgNode):
                value._immutable(is_immutable)
    def freeze(self):
        self._immutable(True)
    def defrost(self):
        self._immutable(False)
    def clone(self):
        made = type(self)(new_allowed=self.is_new_allowed())
        for key, value in self.items():
            dict.__setitem__(made, key, value.clone() if isinstance(value, CfgNode) else _copy.deepcopy(value) if isinstance(value, (list, dict)) else value)
        made.__dict__['__immutable__'] = self.is_frozen()
        made.__dict__['__deprecated_keys__'] = set(self.__dict__['__deprecated_keys__'])
        made.__dict__['__unknown__'] = self.__dict__['__unknown__']
        return made
    def __deepcopy__(self, memo):
        return self.clone()
    def register_deprecated_key(self, key):
        self.__dict__['__deprecated_keys__'].add(key)
    def register_renamed_key(self, old_name, new_name, message=None):
        pass
    @classmethod
    def _of_file(cls, cfg_filename):
        if cfg_filename.endswith('.py'):
            return _untold('a yacs configuration in Python')
        return _safe_load(_open(cfg_filename))
    @classmethod
    def load_yaml_with_base(cls, filename, allow_unsafe=False):
        found = filename if _is_unknown(filename) else cls._of_file(filename)
        if _is_unknown(found) or found is None or BASE_KEY not in found:
            return found
        bases = found.pop(BASE_KEY)
        made = {}
        for base in [bases] if isinstance(bases, str) else bases:
            path = base if base.startswith('/') else _os.path.join(_os.path.dirname(filename), base)
            below = cls.load_yaml_with_base(path)
            if _is_unknown(below):
                return below
            _over(below, made)
        _over(found, made)
        return made
    def merge_from_file(self, cfg_filename, allow_unsafe=False):
        found = self.load_yaml_with_base(cfg_filename)
        if _is_unknown(found):
            self._forget(found)
            return
        self._merge(found or {}, [])
    def _forget(self, unknown):
        """What the file that is not here would have said is not known: any of the settings."""
        for key, value in list(self.items()):
            if isinstance(value, CfgNode):
                value._forget(unknown)
            else:
                dict.__setitem__(self, key, unknown)
        self.__dict__['__unknown__'] = unknown
    def merge_from_other_cfg(self, cfg_other):
        if not _is_unknown(cfg_other):
            self._merge(cfg_other, [])
    def _merge(self, other, above):
        for key, value in other.items():
            full = '.'.join(above + [str(key)])
            if isinstance(value, dict):
                value = CfgNode(value) if not isinstance(value, CfgNode) else value.clone()
            elif isinstance(value, str):
                value = _literal(value)
            if key in self:
                old = dict.__getitem__(self, key)
                if isinstance(old, CfgNode) and isinstance(value, CfgNode):
                    old._merge(value, above + [str(key)])
                else:
                    dict.__setitem__(self, key, _replacing(_checked(value, old, full), old))
            elif self.is_new_allowed() or full in self.__dict__['__deprecated_keys__']:
                dict.__setitem__(self, key, value)
            else:
                raise KeyError(f'Non-existent config key: {full}')
    def merge_from_list(self, cfg_list):
        if _is_unknown(cfg_list):
            return
        if len(cfg_list) % 2:
            raise AssertionError('Override list has odd length')
        for full, text in zip(cfg_list[0::2], cfg_list[1::2]):
            node = self
            parts = full.split('.')
            for part in parts[:-1]:
                if part not in node:
                    raise AssertionError(f'Non-existent key: {full}')
                node = node[part]
            if parts[-1] not in node and not node.is_new_allowed():
                raise AssertionError(f'Non-existent key: {full}')
            value = _literal(text) if isinstance(text, str) else text
            old = node.get(parts[-1])
            dict.__setitem__(node, parts[-1], _replacing(_checked(value, old, full), old))
    def dump(self, **options):
        return _untold('CfgNode.dump')
    @classmethod
    def load_cfg(cls, cfg_file_obj_or_str):
        return cls(_safe_load(cfg_file_obj_or_str))
    def __repr__(self):
        return f'{type(self).__name__}({dict(self)!r})'

def _over(upper, lower):
    for key, value in upper.items():
        if isinstance(value, dict) and isinstance(lower.get(key), dict):
            _over(value, lower[key])
        else:
            lower[key] = value

def load_cfg(cfg_file_obj_or_str):
    return CfgNode.load_cfg(cfg_file_obj_or_str)
`,
};
