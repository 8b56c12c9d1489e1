/**
 * click: commands with their options' defaults. In an exploring run nothing stands on the command line: what must be given is not known, and each
 * command of a group is run.
 */
import type { ModuleSource } from '../../library';

export const clickModule: ModuleSource = {
  prelude: `
import sys as _sys
from functools import update_wrapper as _update_wrapper
from io import open as _open
from _outside import call as _call, exploring as _exploring, is_unknown as _is_unknown, keep_way as _keep_way, unknown as _unknown

class ClickException(Exception):
    pass

class UsageError(ClickException):
    pass

class BadParameter(UsageError):
    pass

class Abort(RuntimeError):
    pass

class ParamType:
    name = 'text'
    def __call__(self, value, param=None, ctx=None):
        return self.convert(value, param, ctx)
    def convert(self, value, param, ctx):
        return value
    def fail(self, message, param=None, ctx=None):
        raise BadParameter(message)

class _Number(ParamType):
    def __init__(self, kind, min=None, max=None, clamp=False):
        self.kind, self.min, self.max, self.clamp = kind, min, max, clamp
    def convert(self, value, param, ctx):
        try:
            made = self.kind(value)
        except ValueError:
            self.fail(f'{value!r} is not a valid number')
        if self.min is not None and made < self.min or self.max is not None and made > self.max:
            self.fail(f'{value!r} is not in the range')
        return made

def IntRange(min=None, max=None, min_open=False, max_open=False, clamp=False):
    return _Number(int, min, max)

def FloatRange(min=None, max=None, min_open=False, max_open=False, clamp=False):
    return _Number(float, min, max)

class Choice(ParamType):
    def __init__(self, choices, case_sensitive=True):
        self.choices = list(choices)
    def convert(self, value, param, ctx):
        if value not in self.choices:
            self.fail(f'{value!r} is not one of ' + ', '.join(repr(choice) for choice in self.choices))
        return value

class Path(ParamType):
    def __init__(self, exists=False, file_okay=True, dir_okay=True, writable=False, readable=True, resolve_path=False, allow_dash=False, path_type=None, executable=False):
        self.path_type = path_type
    def convert(self, value, param, ctx):
        return self.path_type(value) if self.path_type is not None else value

class File(ParamType):
    def __init__(self, mode='r', encoding=None, errors='strict', lazy=None, atomic=False):
        self.mode = mode
    def convert(self, value, param, ctx):
        return _open(value, self.mode)

class Tuple(ParamType):
    def __init__(self, types):
        self.types = types
    def convert(self, value, param, ctx):
        return tuple(kind(item) for kind, item in zip(self.types, value))

class _Bool(ParamType):
    def convert(self, value, param, ctx):
        if isinstance(value, bool):
            return value
        if value.lower() in ('1', 'true', 't', 'yes', 'y', 'on'):
            return True
        if value.lower() in ('0', 'false', 'f', 'no', 'n', 'off'):
            return False
        self.fail(f'{value!r} is not a valid boolean')

STRING, INT, FLOAT, BOOL, UNPROCESSED = ParamType(), _Number(int), _Number(float), _Bool(), ParamType()

def _typed(kind, default):
    if kind is None:
        return _typed(type(default), None) if isinstance(default, (bool, int, float)) else STRING
    return {str: STRING, int: INT, float: FLOAT, bool: BOOL}.get(kind, kind) if isinstance(kind, type) else Tuple(kind) if isinstance(kind, (tuple, list)) else kind

class Parameter:
    def __init__(self, param_decls, type=None, required=False, default=None, callback=None, nargs=None, multiple=False, expose_value=True, **options):
        self.decls = param_decls
        self.required = required
        self.default = default
        self.callback = callback
        self.nargs = nargs
        self.multiple = multiple
        self.expose_value = expose_value
        self.type = _typed(type, default)
        self.options = options
    def convert(self, value):
        if _is_unknown(value) or value is None:
            return value
        if self.multiple or self.nargs not in (None, 1) and not isinstance(self.type, Tuple):
            return tuple(self.one(item) for item in value)
        return self.one(value)
    def one(self, value):
        made = self.type(value)
        return _keep_way(made, value) if isinstance(value, str) else made if made is not value and made != value else value
    def value(self, ctx, given):
        if self.name in given:
            value = given[self.name]
        elif self.name in (ctx.default_map or {}):
            value = ctx.default_map[self.name]
        else:
            value = self.default() if callable(self.default) else self.default
            if value is None and self.multiple:
                value = ()
            elif value is None and self.required:
                if not _exploring():
                    raise UsageError(f'Missing {self.kind} {self.name!r}.')
                value = _unknown(f'{self.shown} (given on the command line)')
        value = self.convert(value)
        return value if self.callback is None or _is_unknown(value) else self.callback(ctx, self, value)

class Option(Parameter):
    kind = 'option'
    def __init__(self, param_decls, is_flag=None, flag_value=None, count=False, **options):
        self.on, self.off, self.name = [], [], None
        for decl in param_decls:
            if not decl.startswith('-'):
                self.name = decl
                continue
            yes, _, no = decl.partition('/')
            self.on.append(yes.strip())
            if no:
                self.off.append(no.strip())
        if self.name is None:
            longest = max(self.on, key=lambda text: len(text) - len(text.lstrip('-')))
            self.name = longest.lstrip('-').replace('-', '_').lower()
        self.shown = next((name for name in self.on if name.startswith('--')), self.on[0])
        default = options.get('default')
        self.is_flag = bool(self.off) or flag_value is not None if is_flag is None else is_flag
        self.flag_value = flag_value
        self.count = count
        if self.is_flag and flag_value is None and default is None:
            options['default'] = False
        if count and default is None:
            options['default'] = 0
        if options.get('prompt') and default is None:
            options['required'] = True
        super().__init__(param_decls, **options)

class Argument(Parameter):
    kind = 'argument'
    def __init__(self, param_decls, required=None, **options):
        self.name = self.shown = param_decls[0].lower().replace('-', '_')
        nargs = options.get('nargs')
        super().__init__(param_decls, required=options.get('default') is None and nargs != -1 if required is None else required, **options)
        if nargs == -1 and self.default is None:
            self.default = ()

class Context:
    def __init__(self, command, parent=None, obj=None, default_map=None):
        self.command = command
        self.parent = parent
        self.obj = obj if obj is not None or parent is None else parent.obj
        self.params = {}
        self.args = []
        self.invoked_subcommand = None
        self.default_map = default_map
        self.meta = {}
        self.info_name = command.name
    def invoke(self, callback, *args, **kwargs):
        return callback.main_call(self, kwargs) if isinstance(callback, Command) else callback(*args, **kwargs)
    def forward(self, command, *args, **kwargs):
        return command.main_call(self, {**self.params, **kwargs})
    def ensure_object(self, object_type):
        if self.obj is None:
            self.obj = object_type()
        return self.obj
    def get_help(self):
        return ''
    def exit(self, code=0):
        raise SystemExit(code)
    def fail(self, message):
        raise UsageError(message)

_contexts = []

def get_current_context(silent=False):
    return _contexts[-1] if _contexts else None

class Command:
    def __init__(self, name=None, callback=None, params=None, context_settings=None, **options):
        self.name = name
        self.callback = callback
        self.params = params or []
        self.context_settings = context_settings or {}
        if callback is not None:
            self.__wrapped__ = callback
            self.__name__ = getattr(callback, '__name__', name)
            self.__doc__ = callback.__doc__
    def __call__(self, *args, **kwargs):
        return self.main(*args, **kwargs)
    def main(self, args=None, prog_name=None, standalone_mode=True, obj=None, default_map=None, **extra):
        words = [word for word in (_sys.argv[1:] if args is None else args) if not _is_unknown(word)]
        if default_map is None:
            default_map = self.context_settings.get('default_map')
        try:
            return self.run(Context(self, None, obj, default_map), words)
        except ClickException:
            if standalone_mode:
                raise SystemExit(2)
            raise
    def parse(self, words):
        given, loose = {}, []
        named = {name: (param, True) for param in self.params if isinstance(param, Option) for name in param.on}
        named.update({name: (param, False) for param in self.params if isinstance(param, Option) for name in param.off})
        while words:
            word = words.pop(0)
            if word == '--':
                loose.extend(words)
                break
            name, equals, value = word.partition('=')
            if name not in named and word[:2] in named and not word.startswith('--') and len(word) > 2:
                name, equals, value = word[:2], '=', word[2:]
            if name in named:
                param, is_on = named[name]
                if param.count:
                    given[param.name] = given.get(param.name, 0) + 1
                elif param.is_flag:
                    given[param.name] = param.flag_value if param.flag_value is not None else is_on
                else:
                    values = [value] if equals else []
                    while len(values) < (param.nargs or 1):
                        if not words:
                            raise UsageError(f'Option {name!r} requires an argument.')
                        values.append(words.pop(0))
                    one = values[0] if param.nargs in (None, 1) else values
                    given[param.name] = given.get(param.name, []) + [one] if param.multiple else one
            elif word.startswith('-') and len(word) > 1 and not word[1].isdigit():
                if not self.context_settings.get('ignore_unknown_options'):
                    raise UsageError(f'No such option: {word}')
                loose.append(word)
            else:
                loose.append(word)
                if isinstance(self, Group):
                    loose.extend(words)
                    break
        for param in self.params:
            if isinstance(param, Argument) and loose:
                if param.nargs in (None, 1):
                    given[param.name] = loose.pop(0)
                else:
                    count = len(loose) if param.nargs == -1 else param.nargs
                    given[param.name] = loose[:count]
                    loose = loose[count:]
        return given, loose
    def main_call(self, ctx, given):
        values = {}
        _contexts.append(ctx)
        for param in self.params:
            value = param.value(ctx, given)
            if param.expose_value:
                values[param.name] = value
        for name, value in given.items():
            values.setdefault(name, value)
        ctx.params = values
        result = _call(self.callback, **values)
        _contexts.pop()
        return result
    def run(self, ctx, words):
        given, rest = self.parse(words)
        if rest and not self.context_settings.get('allow_extra_args'):
            raise UsageError(f'Got unexpected extra arguments ({" ".join(rest)})')
        ctx.args = rest
        return self.main_call(ctx, given)

BaseCommand = Command

class Group(Command):
    def __init__(self, name=None, commands=None, invoke_without_command=False, chain=False, **options):
        super().__init__(name, **options)
        self.commands = dict(commands or {})
        self.invoke_without_command = invoke_without_command
    def add_command(self, cmd, name=None):
        self.commands[name or cmd.name] = cmd
    def command(self, *args, **options):
        def decorate(function):
            made = command(*args, **options)(function)
            self.add_command(made)
            return made
        if args and callable(args[0]):
            function, args = args[0], ()
            return decorate(function)
        return decorate
    def group(self, *args, **options):
        def decorate(function):
            made = group(*args, **options)(function)
            self.add_command(made)
            return made
        return decorate
    def get_command(self, ctx, cmd_name):
        return self.commands.get(cmd_name)
    def list_commands(self, ctx):
        return sorted(self.commands)
    def run(self, ctx, words):
        given, rest = self.parse(words)
        chosen = self.commands.get(rest[0]) if rest else None
        if rest and chosen is None:
            raise UsageError(f'No such command {rest[0]!r}.')
        if not rest and not _exploring() and not self.invoke_without_command:
            raise SystemExit(0)
        ctx.invoked_subcommand = rest[0] if rest else _unknown('the command (given on the command line)') if _exploring() else None
        result = self.main_call(ctx, given) if self.callback is not None else None
        if chosen is not None:
            return chosen.run(Context(chosen, ctx), rest[1:])
        if _exploring():
            for one in self.commands.values():
                one.run(Context(one, ctx), [])
        return result

MultiCommand = Group

def _collected(function):
    params = getattr(function, '__click_params__', [])
    return list(reversed(params))

def command(name=None, cls=None, **options):
    if callable(name):
        return command()(name)
    def decorate(function):
        own = name or function.__name__.lower().replace('_', '-')
        return (cls or Command)(own, callback=function, params=_collected(function), **options)
    return decorate

def group(name=None, cls=None, **options):
    if callable(name):
        return command(cls=Group)(name)
    return command(name, cls or Group, **options)

def _kept(function, param):
    if isinstance(function, Command):
        function.params.append(param)
        return function
    if not hasattr(function, '__click_params__'):
        function.__click_params__ = []
    function.__click_params__.append(param)
    return function

def option(*param_decls, cls=None, **options):
    return lambda function: _kept(function, (cls or Option)(list(param_decls), **options))

def argument(*param_decls, cls=None, **options):
    return lambda function: _kept(function, (cls or Argument)(list(param_decls), **options))

def version_option(*args, **options):
    return lambda function: function

help_option = confirmation_option = password_option = version_option

def pass_context(function):
    def run(*args, **kwargs):
        return function(get_current_context(), *args, **kwargs)
    return _update_wrapper(run, function)

def pass_obj(function):
    def run(*args, **kwargs):
        return function(get_current_context().obj, *args, **kwargs)
    return _update_wrapper(run, function)

def make_pass_decorator(object_type, ensure=False):
    def decorate(function):
        def run(*args, **kwargs):
            ctx = get_current_context()
            return function(ctx.ensure_object(object_type) if ensure else ctx.obj, *args, **kwargs)
        return _update_wrapper(run, function)
    return decorate

def echo(message=None, file=None, nl=True, err=False, color=None):
    if not err:
        print('' if message is None else message, end='\\n' if nl else '')

def secho(message=None, file=None, nl=True, err=False, color=None, **styles):
    echo(message, file, nl, err)

def style(text, **styles):
    return text

def prompt(text, default=None, **options):
    return default if default is not None else _unknown(f'{text} (asked for)') if _exploring() else None

def confirm(text, default=False, **options):
    return _unknown(f'{text} (asked for)') if _exploring() else default

def progressbar(iterable=None, **options):
    class Bar:
        def __enter__(self):
            return iterable
        def __exit__(self, *details):
            pass
    return Bar()
`,
};
