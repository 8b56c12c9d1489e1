/** typer, fire, typed-argument-parser, tyro: command lines made of functions and classes. What has no default is not known in an exploring run. */
import type { ModuleSource } from '../../library';

export const typerModule: ModuleSource = {
  prelude: `
import sys as _sys
from _outside import call as _call, exploring as _exploring, is_unknown as _is_unknown, parameters as _parameters, unknown as _unknown
from click import echo, secho, style, prompt, confirm, progressbar, Abort, BadParameter, Context as _ClickContext, File as FileText, get_current_context
import click as _click

class Exit(Exception):
    def __init__(self, code=0):
        self.exit_code = code

class _Info:
    def __init__(self, default, names, options):
        self.default = default
        self.names = names
        self.options = options

def Option(default=..., *param_decls, default_factory=None, **options):
    return _Info(default_factory if default_factory is not None else default, list(param_decls), options)

Argument = Option

class Context:
    invoked_subcommand = None
    obj = None

class CallbackParam:
    pass

_plain = {'float': float, 'int': int, 'bool': bool, 'str': str}

def _command(function, name):
    params = []
    for parameter, style, annotation, *given in _parameters(function) or []:
        if style in ('variadic', 'keywordVariadic'):
            continue
        default = given[0] if given else ...
        names, extra = [], {}
        if isinstance(default, _Info):
            names, extra, default = default.names, default.options, default.default
        is_context = annotation is not None and annotation.split('.')[-1] == 'Context'
        if is_context:
            continue
        kind = None
        if annotation is not None:
            bare = annotation.replace('Optional[', '').replace('typing.', '').rstrip(']').split('|')[0].strip()
            kind = _plain.get(bare)
        is_argument = not given and not names
        options = {'type': kind}
        if default is not ...:
            options['default'] = default
        if is_argument and default is ...:
            params.append(_click.Argument([parameter], required=True, **options))
        elif kind is bool or isinstance(default, bool):
            long = '--' + parameter.replace('_', '-')
            params.append(_click.Option([*(names or [f'{long}/--no-{long[2:]}']), parameter], required=default is ..., **options))
        else:
            multiple = isinstance(default, (list, tuple))
            params.append(_click.Option([*(names or ['--' + parameter.replace('_', '-')]), parameter], required=default is ..., multiple=multiple, **options))
    made = _click.Command(name or function.__name__.replace('_', '-'), callback=function, params=params)
    return made

class Typer:
    def __init__(self, *args, name=None, callback=None, invoke_without_command=False, **options):
        self._commands = []
        self._groups = []
        self._callback = callback
        self._name = name
        self._all = invoke_without_command
    def command(self, name=None, **options):
        def decorate(function):
            self._commands.append(_command(function, name))
            return function
        return decorate
    def callback(self, name=None, invoke_without_command=False, **options):
        def decorate(function):
            self._callback = function
            return function
        return decorate
    def add_typer(self, typer_instance, name=None, **options):
        self._groups.append((name or typer_instance._name, typer_instance))
    def _made(self):
        if len(self._commands) == 1 and not self._groups and self._callback is None:
            return self._commands[0]
        top = _command(self._callback, self._name) if self._callback is not None else None
        group = _click.Group(self._name, callback=None if top is None else top.callback, params=[] if top is None else top.params)
        for one in self._commands:
            group.add_command(one)
        for name, inner in self._groups:
            group.add_command(inner._made(), name)
        return group
    def __call__(self, args=None, **options):
        return self._made().main(args)

def run(function):
    _command(function, None).main()

def get_app_dir(app_name, **options):
    return '/cwd'

def launch(url, **options):
    return 0
`,
};

const askedSource = `
from _outside import call as _call, exploring as _exploring, is_unknown as _is_unknown, parameters as _parameters, unknown as _unknown

def _asked(function):
    """Calls it with its defaults, and with unknown values for what the command line must give."""
    args, options = [], {}
    for name, style, _, *given in _parameters(function) or []:
        if given or style in ('variadic', 'keywordVariadic'):
            continue
        if not _exploring():
            raise SystemExit(2)
        value = _unknown(f'--{name} (given on the command line)')
        if style == 'keywordOnly':
            options[name] = value
        else:
            args.append(value)
    return _call(function, *args, **options)
`;

export const fireModule: ModuleSource = {
  prelude: `${askedSource}
import sys as _sys
from yaml import safe_load as _safe_load

def _given(words):
    args, options = [], {}
    words = list(words)
    while words:
        word = words.pop(0)
        if word.startswith('--'):
            name, equals, value = word[2:].partition('=')
            if not equals:
                value = words.pop(0) if words and not words[0].startswith('--') else 'True'
            options[name.replace('-', '_')] = _safe_load(value)
        else:
            args.append(_safe_load(word))
    return args, options

def Fire(component=None, command=None, name=None, serialize=None):
    if component is None:
        return None
    words = _sys.argv[1:] if command is None else command.split() if isinstance(command, str) else command
    if words:
        if isinstance(component, dict):
            component, words = component[words[0]], words[1:]
        elif not callable(component) or isinstance(component, type) and hasattr(component, words[0]):
            component = getattr(component() if isinstance(component, type) else component, words[0])
            words = words[1:]
        args, options = _given(words)
        return _call(component, *args, **options)
    if isinstance(component, dict):
        for one in component.values() if _exploring() else ():
            if callable(one):
                _asked(one)
        return component
    if isinstance(component, type) or callable(component):
        return _asked(component)
    return component
`,
};

export const tapModule: ModuleSource = {
  prelude: `
from argparse import ArgumentParser as _ArgumentParser, SUPPRESS as _SUPPRESS
from _outside import exploring as _exploring, is_unknown as _is_unknown

def _truth(text):
    return text.lower() in ('true', '1', 'yes')

class Tap(_ArgumentParser):
    def __init__(self, *args, underscores_to_dashes=False, explicit_bool=False, config_files=None, **options):
        super().__init__(*args, **options)
        self._dashes = underscores_to_dashes
        self._explicit = explicit_bool
        self._own = {}
        self.configure()
        for cls in reversed(type(self).__mro__):
            if cls.__module__ == 'tap' or not issubclass(cls, Tap):
                continue
            for name, hint in cls.__dict__.get('__annotations__', {}).items():
                if not name.startswith('_'):
                    self._own[name] = hint
        for name, hint in self._own.items():
            self._declare(name, hint)
        self.process_args_done = False
    def configure(self):
        pass
    def process_args(self):
        pass
    def add_argument(self, *names, **options):
        if names and names[0] in ('-h', '--help'):
            return super().add_argument(*names, **options)
        dest = next((name for name in names if name.startswith('--')), names[0]).lstrip('-').replace('-', '_')
        self.__dict__.setdefault('_said', {})[options.get('dest') or dest] = (names, options)
        return None
    def _declare(self, name, hint):
        names, options = self.__dict__.get('_said', {}).get(name, (['--' + (name.replace('_', '-') if self._dashes else name)], {}))
        options = dict(options)
        names = list(names)
        if names[0].startswith('-') and not any(one.lstrip('-').replace('-', '_') == name for one in names):
            names.append('--' + name)
        if hasattr(type(self), name):
            options.setdefault('default', getattr(type(self), name))
        elif names[0].startswith('-') and 'default' not in options:
            options.setdefault('required', True)
        if 'action' not in options and 'type' not in options:
            if hint is bool and not self._explicit:
                options['action'] = 'store_false' if options.get('default') is True else 'store_true'
                options.pop('required', None)
                options.setdefault('default', False)
            elif hint is bool:
                options['type'] = _truth
            elif hint in (int, float, str):
                options['type'] = hint
            elif hint in (list, tuple, set):
                options.setdefault('nargs', '*')
        if not names[0].startswith('-'):
            options.pop('required', None)
        super().add_argument(*names, **options)
    def parse_args(self, args=None, known_only=False, legacy_config_parsing=False):
        made, rest = super().parse_known_args(args)
        if rest and not known_only:
            self.error('unrecognized arguments: ' + ' '.join(rest))
        for name, value in vars(made).items():
            object.__setattr__(self, name, value)
        self.extra_args = rest
        self.process_args()
        return self
    def from_dict(self, args_dict, skip_unsettable=False):
        for name, value in args_dict.items():
            setattr(self, name, value)
        return self
    def as_dict(self):
        return {name: getattr(self, name) for name in self._own}
    def __str__(self):
        return str(self.as_dict())

def tapify(class_or_function, known_only=False, command_line_args=None, **options):
    from fire import _asked
    return _asked(class_or_function)
`,
};

export const tyroModule: ModuleSource = {
  prelude: `${askedSource}
def cli(f, *, default=None, args=None, **options):
    return default if default is not None else _asked(f)
`,
};
