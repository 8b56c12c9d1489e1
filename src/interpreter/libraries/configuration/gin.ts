/** gin: parameters of functions and classes, bound by lines of text. */
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import { list, str, tuple } from '../../value';
import { readGin } from './ginText';
import { sourceOf } from './source';
import { readStream } from './stream';

export const ginModule: ModuleSource = {
  members: () => ({
    // [(what is bound, its parameter or '', the value)]
    _parse: native('_parse', 'stream, reference, macro, /', (context, args) => {
      const stream = readStream(context, args.value('stream'));
      if (stream.kind === 'unknown') return stream;
      const make = {
        reference: (name: string, isCalled: boolean) =>
          context.call(args.value('reference'), [str(name), { kind: 'bool', value: isCalled }]),
        macro: (name: string) => context.call(args.value('macro'), [str(name)]),
      };
      return list(
        readGin(context, sourceOf(context, stream), make).map(({ target, parameter, value }) =>
          tuple([str(target), str(parameter), value]),
        ),
      );
    }),
  }),
  prelude: `
from functools import update_wrapper as _update_wrapper
from inspect import signature as _signature
from _outside import call as _call, exploring as _exploring, is_unknown as _is_unknown, read as _read, unknown as _unknown, untold as _untold
import os as _os

class _Required:
    def __repr__(self):
        return 'gin.REQUIRED'

REQUIRED = _Required()
_configurables = {}
_bindings = {}
_macros = {}
_missing = []

class _Reference:
    def __init__(self, name, is_called):
        self.name = name.split('/')[-1]
        self.is_called = is_called
    def made(self):
        found = _configurables.get(self.name) or _configurables.get(self.name.split('.')[-1])
        if found is None:
            return _untold(f'@{self.name} (gin)')
        return _call(found) if self.is_called else found

class _Macro:
    def __init__(self, name):
        self.name = name
    def made(self):
        if self.name not in _macros:
            return _untold(f'%{self.name} (gin)')
        return _made(_macros[self.name])

def _made(value):
    if isinstance(value, (_Reference, _Macro)):
        return value.made()
    if isinstance(value, (list, tuple)):
        return type(value)([_made(item) for item in value])
    if isinstance(value, dict):
        return {key: _made(item) for key, item in value.items()}
    return value

def _bound(names):
    found = {}
    for name in names:
        for parameter, value in _bindings.get(name, {}).items():
            found[parameter] = _made(value)
    return found

def _wrapped(function, name, module):
    full = f'{module}.{name}' if module else name
    names = [name] if full == name else [name, full]
    if isinstance(function, type):
        original = function.__init__
        def init(self, *args, **kwargs):
            given = {**_bound(names), **{key: value for key, value in kwargs.items() if value is not REQUIRED}}
            original(self, *args, **_unless_given(original, (self, *args), given))
        function.__init__ = init
        made = function
    else:
        def run(*args, **kwargs):
            given = {**_bound(names), **{key: value for key, value in kwargs.items() if value is not REQUIRED}}
            return function(*args, **_unless_given(function, args, given))
        made = _update_wrapper(run, function)
    for one in names:
        _configurables[one] = made
    return made

def _unless_given(function, args, given):
    names = list(_signature(function).parameters)
    return {key: value for key, value in given.items() if key not in names[:len(args)]}

def configurable(name_or_fn=None, module=None, allowlist=None, denylist=None, whitelist=None, blacklist=None):
    if name_or_fn is not None and not isinstance(name_or_fn, str):
        return _wrapped(name_or_fn, name_or_fn.__name__, module)
    def decorate(function):
        return _wrapped(function, name_or_fn or function.__name__, module)
    return decorate

register = configurable

def external_configurable(fn_or_cls, name=None, module=None, allowlist=None, denylist=None, whitelist=None, blacklist=None):
    def run(*args, **kwargs):
        names = [name or fn_or_cls.__name__]
        if module:
            names.append(module + '.' + names[0])
        return _call(fn_or_cls, *args, **{**_bound(names), **kwargs})
    _configurables[name or fn_or_cls.__name__] = run
    return run

def _take(stream, folder):
    found = _parse(stream, _Reference, _Macro)
    if _is_unknown(found):
        _missing.append(found)
        return
    for target, parameter, value in found:
        if target == 'include':
            parse_config_file(value if value.startswith('/') else _os.path.join(folder, value))
        elif parameter == '':
            _macros[target] = value
        else:
            _bindings.setdefault(target.split('/')[-1], {})[parameter] = value

def parse_config(bindings, skip_unknown=False):
    if isinstance(bindings, (list, tuple)):
        bindings = '\\n'.join(bindings)
    _take(bindings, '')

def parse_config_file(config_file, skip_unknown=False, print_includes_and_imports=False):
    text = config_file if _is_unknown(config_file) else _read(config_file)
    if _is_unknown(text) or text is not None:
        _take(text, _os.path.dirname(config_file))
    elif _exploring():
        _missing.append(config_file)
    else:
        _untold(f'the file {config_file}')

def parse_config_files_and_bindings(config_files, bindings, finalize_config=True, skip_unknown=False, print_includes_and_imports=False):
    for file in [config_files] if isinstance(config_files, str) else config_files or []:
        parse_config_file(file)
    if not _is_unknown(bindings):
        for binding in [bindings] if isinstance(bindings, str) else bindings or []:
            parse_config(binding)

def bind_parameter(binding_key, value):
    target, _, parameter = binding_key.rpartition('.')
    _bindings.setdefault(target.split('/')[-1], {})[parameter] = value

def query_parameter(binding_key):
    if binding_key.startswith('%'):
        return _made(_macros[binding_key[1:]])
    target, _, parameter = binding_key.rpartition('.')
    if parameter not in _bindings.get(target, {}):
        raise ValueError(f'Configurable {target!r} has no bound parameter {parameter!r}.')
    return _bindings[target][parameter]

def constant(name, value):
    _macros[name] = value
    return value

def clear_config(clear_constants=False):
    _bindings.clear()
    _macros.clear()

def finalize():
    pass

def add_config_file_search_path(path):
    pass

class unlock_config:
    def __enter__(self):
        pass
    def __exit__(self, *details):
        pass

def operative_config_str(*args):
    return ''

config_str = operative_config_str
`,
};
