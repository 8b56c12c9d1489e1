/** The modules that speak with the outside (sys, time, logging, warnings): as far as a loss meets them, and honest about it. */
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
