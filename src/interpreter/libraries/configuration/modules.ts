/** importlib, runpy and inspect: modules by their names, files by their paths, functions by their parameters. */
import type { ModuleSource } from '../../library';

export const importlibModule: ModuleSource = {
  prelude: `
from _outside import exploring as _exploring, is_unknown as _is_unknown, locate as _locate, running_module as _running_module, untold as _untold

def import_module(name, package=None):
    if _is_unknown(name):
        return name
    if name.startswith('.'):
        package = package or _running_module()
        up = len(name) - len(name.lstrip('.'))
        parts = package.split('.')
        name = '.'.join(parts[:len(parts) - up + 1] + [name[up:]]).strip('.')
    found = _locate(name)
    return _untold(name) if found is None else found

def reload(module):
    return module

def invalidate_caches():
    pass
`,
};

export const importlibUtilModule: ModuleSource = {
  prelude: `
from types import SimpleNamespace as _SimpleNamespace
from _outside import is_unknown as _is_unknown, locate as _locate, run_file as _run_file, untold as _untold

def find_spec(name, package=None):
    return _SimpleNamespace(name=name) if _locate(name) is not None else None

class _Loader:
    def exec_module(self, module):
        names = module.__spec__.location if _is_unknown(module.__spec__.location) else _run_file(module.__spec__.location)
        if names is None or _is_unknown(names):
            _untold(f'the file {module.__spec__.location}')
            return
        for name, value in names.items():
            setattr(module, name, value)

class _Spec:
    def __init__(self, name, location):
        self.name = name
        self.location = location if _is_unknown(location) else str(location)
        self.origin = self.location
        self.loader = _Loader()

def spec_from_file_location(name, location=None, **options):
    return _Spec(name, location)

def module_from_spec(spec):
    return _SimpleNamespace(__name__=spec.name, __spec__=spec)
`,
};

export const runpyModule: ModuleSource = {
  prelude: `
from _outside import is_unknown as _is_unknown, locate as _locate, run_file as _run_file, untold as _untold

def run_path(path_name, init_globals=None, run_name=None):
    if _is_unknown(path_name):
        return path_name
    found = _run_file(path_name, run_name or '<run_path>')
    return _untold(f'the file {path_name}') if found is None else found

def run_module(mod_name, init_globals=None, run_name=None, alter_sys=False):
    found = _locate(mod_name)
    return _untold(mod_name) if found is None else dict(vars(found))
`,
};

export const inspectModule: ModuleSource = {
  prelude: `
from _outside import is_unknown as _is_unknown, parameters as _parameters, untold as _untold

class _empty:
    pass

class Parameter:
    empty = _empty
    POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD, VAR_POSITIONAL, KEYWORD_ONLY, VAR_KEYWORD = 0, 1, 2, 3, 4
    def __init__(self, name, kind, *, default=_empty, annotation=_empty):
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation
    def __repr__(self):
        return f'<Parameter "{self.name}">'

_kinds = {'positionalOnly': 0, 'normal': 1, 'variadic': 2, 'keywordOnly': 3, 'keywordVariadic': 4}

class BoundArguments:
    def __init__(self, signature, arguments):
        self.signature = signature
        self.arguments = arguments
    def apply_defaults(self):
        for name, parameter in self.signature.parameters.items():
            if name not in self.arguments and parameter.default is not _empty:
                self.arguments[name] = parameter.default

class Signature:
    empty = _empty
    def __init__(self, parameters=()):
        self.parameters = {parameter.name: parameter for parameter in parameters}
        self.return_annotation = _empty
    def bind(self, *args, **kwargs):
        names = [name for name, parameter in self.parameters.items() if parameter.kind in (0, 1)]
        return BoundArguments(self, {**dict(zip(names, args)), **kwargs})
    bind_partial = bind

def signature(callable, **options):
    found = _parameters(callable)
    if found is None:
        return _untold('inspect.signature')
    made = []
    for name, style, annotation, *default in found:
        made.append(Parameter(name, _kinds[style], default=default[0] if default else _empty, annotation=_empty if annotation is None else annotation))
    return Signature(made)

class FullArgSpec:
    def __init__(self, found):
        self.args = [name for name, style, *_ in found if style in ('normal', 'positionalOnly')]
        self.varargs = next((name for name, style, *_ in found if style == 'variadic'), None)
        self.varkw = next((name for name, style, *_ in found if style == 'keywordVariadic'), None)
        defaults = [rest[0] for _, style, _, *rest in found if rest and style in ('normal', 'positionalOnly')]
        self.defaults = tuple(defaults) or None
        self.kwonlyargs = [name for name, style, *_ in found if style == 'keywordOnly']

def getfullargspec(func):
    found = _parameters(func)
    return _untold('inspect.getfullargspec') if found is None else FullArgSpec(found)

getargspec = getfullargspec

def isclass(object):
    return isinstance(object, type)

def isfunction(object):
    return type(object).__name__ == 'function'

def ismethod(object):
    return type(object).__name__ == 'method'

def ismodule(object):
    return type(object).__name__ == 'module'

def getmembers(object, predicate=None):
    found = [(name, getattr(object, name)) for name in sorted(dir(object))]
    return found if predicate is None else [(name, value) for name, value in found if predicate(value)]

def getmodule(object):
    return _untold('inspect.getmodule')

def getsource(object):
    return _untold('inspect.getsource')

def currentframe():
    return _untold('inspect.currentframe')

def stack(context=1):
    return _untold('inspect.stack')

def getdoc(object):
    return object.__doc__

def iscoroutinefunction(object):
    return False
`,
};
