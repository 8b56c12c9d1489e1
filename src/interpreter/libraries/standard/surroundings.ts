/** The modules that speak with the outside (os, sys, time, logging, warnings, argparse): as far as a loss meets them, and honest about it. */
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import { NONE, float, int, list, str, tuple, dict } from '../../value';
import { Dictionary } from '../../dictionary';

export const warningsModule: ModuleSource = {
  members: () => ({
    warn: native('warnings.warn', 'message, category=None, stacklevel=1, source=None', (context, args) => {
      context.note(`warning: ${context.str(args.value('message'))}`);
      return NONE;
    }),
  }),
  prelude: `
def filterwarnings(action, message='', category=Warning, module='', lineno=0, append=False):
    pass

def simplefilter(action, category=Warning, lineno=0, append=False):
    pass

def resetwarnings():
    pass

class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record
    def __enter__(self):
        return [] if self._record else None
    def __exit__(self, *details):
        return None
`,
};

export const loggingModule: ModuleSource = {
  members: () => ({
    _note: native('logging', 'message', (context, args) => {
      context.note(`log: ${args.string('message')}`);
      return NONE;
    }),
  }),
  prelude: `
NOTSET, DEBUG, INFO, WARNING, ERROR, CRITICAL = 0, 10, 20, 30, 40, 50
WARN, FATAL = WARNING, CRITICAL

class Logger:
    def __init__(self, name, level=NOTSET):
        self.name = name
        self.level = level
        self.handlers = []
        self.propagate = True
    def setLevel(self, level):
        self.level = level
    def isEnabledFor(self, level):
        return level >= WARNING
    def log(self, level, msg, *args, **kwargs):
        if level >= WARNING:
            _note(str(msg) % args if args else str(msg))
    def debug(self, msg, *args, **kwargs):
        self.log(DEBUG, msg, *args)
    def info(self, msg, *args, **kwargs):
        self.log(INFO, msg, *args)
    def warning(self, msg, *args, **kwargs):
        self.log(WARNING, msg, *args)
    def error(self, msg, *args, **kwargs):
        self.log(ERROR, msg, *args)
    def exception(self, msg, *args, **kwargs):
        self.log(ERROR, msg, *args)
    def critical(self, msg, *args, **kwargs):
        self.log(CRITICAL, msg, *args)
    warn = warning
    def addHandler(self, handler):
        self.handlers.append(handler)

class Handler:
    def __init__(self, *args, **kwargs):
        pass
    def setLevel(self, level):
        pass
    def setFormatter(self, formatter):
        pass

StreamHandler = NullHandler = Handler

class Formatter:
    def __init__(self, *args, **kwargs):
        pass

_loggers = {}

def getLogger(name='root'):
    if name not in _loggers:
        _loggers[name] = Logger(name)
    return _loggers[name]

def basicConfig(**options):
    pass

_root = getLogger()
debug, info, warning, error, critical, exception, log = _root.debug, _root.info, _root.warning, _root.error, _root.critical, _root.exception, _root.log
`,
};

export const argparseModule: ModuleSource = {
  prelude: `
class Namespace:
    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)
    def __eq__(self, other):
        return isinstance(other, Namespace) and vars(self) == vars(other)
    def __contains__(self, name):
        return name in vars(self)
    def __repr__(self):
        return 'Namespace(' + ', '.join(f'{name}={value!r}' for name, value in vars(self).items()) + ')'

class ArgumentError(Exception):
    pass

class ArgumentTypeError(Exception):
    pass

class HelpFormatter:
    pass

ArgumentDefaultsHelpFormatter = RawTextHelpFormatter = RawDescriptionHelpFormatter = HelpFormatter

SUPPRESS = '==SUPPRESS=='
REMAINDER = '...'

class _Argument:
    def __init__(self, names, options):
        self.names = names
        self.optional = names[0].startswith('-')
        long = next((name for name in names if name.startswith('--')), names[0])
        self.dest = options.get('dest') or long.lstrip('-').replace('-', '_')
        self.action = options.get('action', 'store')
        self.type = options.get('type')
        self.nargs = options.get('nargs')
        self.choices = options.get('choices')
        self.required = options.get('required', False)
        self.const = options.get('const')
        self.default = options.get('default')
        if self.default is None and self.action in ('store_true', 'store_false'):
            self.default = self.action == 'store_false'
    def convert(self, text):
        value = self.type(text) if self.type is not None else text
        if self.choices is not None and value not in self.choices:
            raise SystemExit(2)
        return value
    def initial(self):
        if isinstance(self.default, str) and self.type is not None:
            return self.type(self.default)
        return self.default

class _Group:
    def __init__(self, parser):
        self._parser = parser
    def add_argument(self, *names, **options):
        return self._parser.add_argument(*names, **options)
    def add_argument_group(self, *args, **options):
        return self
    def add_mutually_exclusive_group(self, **options):
        return self

class ArgumentParser:
    def __init__(self, *args, **options):
        self._arguments = []
        self._defaults = {}
    def add_argument(self, *names, **options):
        argument = _Argument(names, options)
        self._arguments.append(argument)
        return argument
    def add_argument_group(self, *args, **options):
        return _Group(self)
    def add_mutually_exclusive_group(self, **options):
        return _Group(self)
    def set_defaults(self, **values):
        self._defaults.update(values)
    def get_default(self, dest):
        return next((argument.default for argument in self._arguments if argument.dest == dest), None)
    def error(self, message):
        raise SystemExit(2)
    def print_help(self, file=None):
        pass
    def parse_known_args(self, args=None, namespace=None):
        args = list(args or [])
        made = namespace or Namespace()
        for argument in self._arguments:
            if argument.default != SUPPRESS and not hasattr(made, argument.dest):
                setattr(made, argument.dest, argument.initial())
        for name, value in self._defaults.items():
            setattr(made, name, value)
        positional = [argument for argument in self._arguments if not argument.optional]
        unknown, seen = [], set()
        while args:
            word = args.pop(0)
            given = None
            if word.startswith('--') and '=' in word:
                word, _, given = word.partition('=')
            argument = next((a for a in self._arguments if a.optional and word in a.names), None)
            if argument is None and word.startswith('--'):
                close = [a for a in self._arguments if a.optional and any(name.startswith(word) for name in a.names)]
                argument = close[0] if len(close) == 1 else None
            if argument is None:
                if word.startswith('-') and not word[1:2].isdigit() or not positional:
                    unknown.append(word)
                    continue
                argument = positional.pop(0)
                given = word
            seen.add(argument.dest)
            if argument.action == 'store_true':
                value = True
            elif argument.action == 'store_false':
                value = False
            elif argument.action == 'store_const':
                value = argument.const
            elif argument.action == 'count':
                value = (getattr(made, argument.dest) or 0) + 1
            elif argument.nargs in ('+', '*') or isinstance(argument.nargs, int):
                words = [] if given is None else [given]
                while args and not args[0].startswith('--') and (not isinstance(argument.nargs, int) or len(words) < argument.nargs):
                    words.append(args.pop(0))
                value = [argument.convert(word) for word in words]
            elif given is None and argument.nargs == '?' and (not args or args[0].startswith('-')):
                value = argument.const
            else:
                if given is None and not args:
                    self.error('expected one argument')
                value = argument.convert(args.pop(0) if given is None else given)
            if argument.action == 'append':
                value = (getattr(made, argument.dest) or []) + [value]
            setattr(made, argument.dest, value)
        return made, unknown
    def parse_args(self, args=None, namespace=None):
        made, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self.error('unrecognized arguments: ' + ' '.join(unknown))
        return made
`,
};

export const sysModule: ModuleSource = {
  members: () => ({
    argv: list([str('')]),
    path: list([]),
    modules: dict(new Dictionary()),
    maxsize: int(2n ** 63n - 1n),
    platform: str('linux'),
    version: str('3.11'),
    version_info: tuple([int(3), int(11), int(0), str('final'), int(0)]),
    exit: native('sys.exit', 'arg=None, /', (context, args) => context.raiseWith('SystemExit', [args.value('arg')])),
    getrecursionlimit: native('sys.getrecursionlimit', '', () => int(1000)),
    setrecursionlimit: native('sys.setrecursionlimit', 'limit, /', () => NONE),
  }),
  prelude: `
class _Stream:
    def write(self, text):
        print(text, end='')
        return len(text)
    def flush(self):
        pass

stdout = _Stream()

class _Silent(_Stream):
    def write(self, text):
        return len(text)

stderr = _Silent()

class float_info:
    max = 1.7976931348623157e308
    min = 2.2250738585072014e-308
    epsilon = 2.220446049250313e-16
    dig = 15
`,
};

export const ioModule: ModuleSource = {
  prelude: `
class StringIO:
    def __init__(self, initial_value='', newline=None):
        self._text = initial_value
    def write(self, text):
        self._text += text
        return len(text)
    def getvalue(self):
        return self._text
    def flush(self):
        pass
    def close(self):
        pass
    def __enter__(self):
        return self
    def __exit__(self, *details):
        pass
`,
};

export const timeModule: ModuleSource = {
  members: () => {
    const clock = (name: string) =>
      native(`time.${name}`, '', (context) => {
        context.note('the clock stands still while code is inspected');
        return float(0);
      });
    return {
      ...Object.fromEntries(['time', 'perf_counter', 'monotonic', 'process_time'].map((name) => [name, clock(name)])),
      sleep: native('time.sleep', 'seconds, /', () => NONE),
    };
  },
};

export const osModule: ModuleSource = {
  members: () => ({
    environ: dict(new Dictionary()),
    sep: str('/'),
    linesep: str('\n'),
    name: str('posix'),
    getenv: native('os.getenv', 'key, default=None', (_, args) => args.value('default')),
    cpu_count: native('os.cpu_count', '', () => int(1)),
  }),
};

export const osPathModule: ModuleSource = {
  prelude: `
sep = '/'

def join(first, *parts):
    path = first
    for part in parts:
        path = part if part.startswith('/') else path + part if not path or path.endswith('/') else path + '/' + part
    return path

def basename(path):
    return path[path.rfind('/') + 1:]

def dirname(path):
    return path[:path.rfind('/')] if '/' in path else ''

def split(path):
    return dirname(path), basename(path)

def splitext(path):
    name = basename(path)
    dot = name.rfind('.')
    return (path, '') if dot <= 0 else (path[:len(path) - len(name) + dot], name[dot:])

def isabs(path):
    return path.startswith('/')
`,
};

export const typesModule: ModuleSource = {
  prelude: `
class SimpleNamespace:
    def __init__(self, /, **values):
        self.__dict__.update(values)
    def __eq__(self, other):
        return isinstance(other, SimpleNamespace) and vars(self) == vars(other)
    def __repr__(self):
        return 'namespace(' + ', '.join(f'{name}={value!r}' for name, value in vars(self).items()) + ')'

FunctionType = LambdaType = type(lambda: None)
GeneratorType = type(_ for _ in ())
BuiltinFunctionType = type(len)
NoneType = type(None)
EllipsisType = type(...)

def MethodType(function, instance):
    return function.__get__(instance)

class DynamicClassAttribute(property):
    pass
`,
};

export const stringModule: ModuleSource = {
  members: () => ({
    ascii_lowercase: str('abcdefghijklmnopqrstuvwxyz'),
    ascii_uppercase: str('ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
    ascii_letters: str('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'),
    digits: str('0123456789'),
    hexdigits: str('0123456789abcdefABCDEF'),
    punctuation: str('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'),
    whitespace: str(' \t\n\r\x0b\x0c'),
  }),
};

export const abcModuleSource: ModuleSource = {
  prelude: `
def abstractmethod(function):
    function.__isabstractmethod__ = True
    return function

class ABCMeta(type):
    def register(cls, subclass):
        return subclass

class ABC(metaclass=ABCMeta):
    pass

class abstractproperty(property):
    pass

abstractstaticmethod = staticmethod
abstractclassmethod = classmethod
`,
};
