/**
 * argparse. Defaults keep their very value, so that it is known where each comes from. In an exploring run nothing stands on the command line: what
 * must be given there is unknown, and of a program with subcommands each is taken.
 */
import type { ModuleSource } from '../../library';

export const argparseModule: ModuleSource = {
  prelude: `
import sys as _sys
from io import open as _open
from _outside import exploring as _exploring, is_unknown as _is_unknown, keep_way as _keep_way, replacing as _replacing, unknown as _unknown

SUPPRESS = '==SUPPRESS=='
OPTIONAL, ZERO_OR_MORE, ONE_OR_MORE, PARSER, REMAINDER = '?', '*', '+', 'A...', '...'

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
    def __init__(self, argument, message):
        self.argument_name = None if argument is None else '/'.join(argument.option_strings) or argument.dest
        self.message = message
    def __str__(self):
        return self.message if self.argument_name is None else f'argument {self.argument_name}: {self.message}'

class ArgumentTypeError(Exception):
    pass

class HelpFormatter:
    def __init__(self, *args, **options):
        pass

class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass

class RawDescriptionHelpFormatter(HelpFormatter):
    pass

class RawTextHelpFormatter(RawDescriptionHelpFormatter):
    pass

class MetavarTypeHelpFormatter(HelpFormatter):
    pass

class FileType:
    def __init__(self, mode='r', bufsize=-1, encoding=None, errors=None):
        self._mode = mode
    def __call__(self, string):
        return _open(string, self._mode)

class Action:
    def __init__(self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None):
        self.option_strings = option_strings
        self.dest = dest
        self.nargs = nargs
        self.const = const
        self.default = default
        self.type = type
        self.choices = choices
        self.required = required
        self.help = help
        self.metavar = metavar
    def __call__(self, parser, namespace, values, option_string=None):
        raise NotImplementedError('.__call__() not defined')

class _StoreAction(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)

class _StoreConstAction(Action):
    def __init__(self, option_strings, dest, const=None, default=None, required=False, help=None, metavar=None):
        super().__init__(option_strings, dest, nargs=0, const=const, default=default, required=required, help=help)
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, self.const)

class _StoreTrueAction(_StoreConstAction):
    def __init__(self, option_strings, dest, default=False, required=False, help=None):
        super().__init__(option_strings, dest, const=True, default=default, required=required, help=help)

class _StoreFalseAction(_StoreConstAction):
    def __init__(self, option_strings, dest, default=True, required=False, help=None):
        super().__init__(option_strings, dest, const=False, default=default, required=required, help=help)

def _appended(namespace, dest, values):
    setattr(namespace, dest, list(getattr(namespace, dest, None) or []) + values)

class _AppendAction(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        _appended(namespace, self.dest, [values])

class _ExtendAction(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        _appended(namespace, self.dest, list(values))

class _AppendConstAction(_StoreConstAction):
    def __call__(self, parser, namespace, values, option_string=None):
        _appended(namespace, self.dest, [self.const])

class _CountAction(Action):
    def __init__(self, option_strings, dest, default=None, required=False, help=None):
        super().__init__(option_strings, dest, nargs=0, default=default, required=required, help=help)
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, (getattr(namespace, self.dest, None) or 0) + 1)

class _ExitAction(Action):
    def __init__(self, option_strings, dest=SUPPRESS, default=SUPPRESS, help=None, version=None):
        super().__init__(option_strings, dest, nargs=0, default=default, help=help)
        self.version = version
    def __call__(self, parser, namespace, values, option_string=None):
        parser.exit()

class BooleanOptionalAction(Action):
    def __init__(self, option_strings, dest, default=None, type=None, choices=None, required=False, help=None, metavar=None):
        both = []
        for name in option_strings:
            both.append(name)
            if name.startswith('--'):
                both.append('--no-' + name[2:])
        super().__init__(both, dest, nargs=0, default=default, type=type, choices=choices, required=required, help=help)
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, not option_string.startswith('--no-'))

class _Each:
    """Of several subcommands that could be meant, each is taken, with its own options."""
    def __init__(self, choices, merged):
        self._choices = choices
        self._merged = merged
    def __call__(self, *args, **options):
        for function, own in self._choices:
            result = function(*[own if arg is self._merged else arg for arg in args], **options)
        return result

class _SubParsersAction(Action):
    def __init__(self, option_strings, dest=SUPPRESS, prog=None, parser_class=None, required=False, help=None, metavar=None, title=None, description=None):
        self._parser_class = parser_class
        self.choices = {}
        super().__init__(option_strings, dest, nargs=PARSER, choices=self.choices, required=required, help=help, metavar=metavar)
    def add_parser(self, name, *, aliases=(), help=None, deprecated=False, **options):
        made = self._parser_class(**options)
        for alias in (name, *aliases):
            self.choices[alias] = made
        return made
    def __call__(self, parser, namespace, values, option_string=None):
        name, words = values[0], values[1:]
        if self.dest != SUPPRESS:
            setattr(namespace, self.dest, name)
        if name not in self.choices:
            raise ArgumentError(self, f'invalid choice: {name!r}')
        made, extras = self.choices[name].parse_known_args(words, None)
        for key, value in vars(made).items():
            setattr(namespace, key, value)
        if extras:
            namespace._extras = getattr(namespace, '_extras', []) + extras
    def _explored(self, namespace):
        if self.dest != SUPPRESS:
            setattr(namespace, self.dest, _unknown('the subcommand (given on the command line)'))
        before = dict(vars(namespace))
        made = []
        for parser in {id(parser): parser for parser in self.choices.values()}.values():
            own = Namespace(**before)
            for key, value in vars(parser.parse_known_args([], None)[0]).items():
                setattr(own, key, value)
            made.append(own)
        for name, own in zip({id(parser): name for name, parser in reversed(list(self.choices.items()))}.values(), reversed(made)):
            if self.dest != SUPPRESS:
                setattr(own, self.dest, name)
        for key in {key: None for own in made for key in vars(own)}:
            if key == self.dest:
                continue
            having = [(getattr(own, key), own) for own in made if hasattr(own, key)]
            values = [value for value, _ in having]
            if any(_is_unknown(value) for value in values):
                merged = next(value for value in values if _is_unknown(value))
            elif all(value is values[0] or type(value) is type(values[0]) and value == values[0] for value in values):
                merged = values[0]
            elif all(callable(value) for value in values):
                merged = _Each(having, namespace)
            else:
                merged = _unknown(f'{key} (the subcommands differ)')
            setattr(namespace, key, merged)

_actions = {
    None: _StoreAction, 'store': _StoreAction, 'store_const': _StoreConstAction, 'store_true': _StoreTrueAction, 'store_false': _StoreFalseAction,
    'append': _AppendAction, 'append_const': _AppendConstAction, 'extend': _ExtendAction, 'count': _CountAction, 'help': _ExitAction,
    'version': _ExitAction, 'parsers': _SubParsersAction,
}

class _ActionsContainer:
    def __init__(self, parser):
        self._parser = parser
        self.title = None
    def add_argument(self, *names, **options):
        return self._parser._add(names, options, self)
    def add_argument_group(self, title=None, description=None, **options):
        group = _ArgumentGroup(self._parser)
        group.title = title
        self._parser._action_groups.append(group)
        return group
    def add_mutually_exclusive_group(self, *, required=False):
        group = _MutuallyExclusiveGroup(self._parser)
        group.required = required
        self._parser._mutually_exclusive_groups.append(group)
        return group
    def set_defaults(self, **values):
        self._parser._set_defaults(values)
    def get_default(self, dest):
        return self._parser._get_default(dest)

class _ArgumentGroup(_ActionsContainer):
    def __init__(self, parser):
        super().__init__(parser)
        self._group_actions = []

class _MutuallyExclusiveGroup(_ArgumentGroup):
    required = False

class ArgumentParser(_ActionsContainer):
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=HelpFormatter, prefix_chars='-', fromfile_prefix_chars=None, argument_default=None, conflict_handler='error', add_help=True, allow_abbrev=True, exit_on_error=True, **options):
        super().__init__(self)
        self.prog = prog or ''
        self.usage = usage
        self.description = description
        self.epilog = epilog
        self.formatter_class = formatter_class
        self.prefix_chars = prefix_chars
        self.fromfile_prefix_chars = fromfile_prefix_chars
        self.argument_default = argument_default
        self.conflict_handler = conflict_handler
        self.add_help = add_help
        self.allow_abbrev = allow_abbrev
        self.exit_on_error = exit_on_error
        self._actions = []
        self._option_string_actions = {}
        self._defaults = {}
        self._action_groups = []
        self._mutually_exclusive_groups = []
        self._subparsers = None
        self._registry = {}
        if add_help:
            self.add_argument('-h', '--help', action='help')
        for parent in parents:
            for action in parent._actions:
                if not isinstance(action, _ExitAction):
                    self._add_action(action)
            self._mutually_exclusive_groups.extend(parent._mutually_exclusive_groups)
            self._defaults.update(parent._defaults)

    def register(self, registry_name, value, object):
        self._registry[registry_name, value] = object

    def _add(self, names, options, owner):
        options = dict(options)
        if len(names) == 1 and isinstance(names[0], Action):
            return self._add_action(names[0])
        if not names or not names[0][:1] in self.prefix_chars or names[0] == '':
            strings = []
            if 'dest' in options:
                if names:
                    raise ValueError('dest supplied twice for positional argument')
                dest = options.pop('dest')
            else:
                dest = names[0]
        else:
            strings = list(names)
            long = next((name for name in names if len(name) > 1 and name[1] in self.prefix_chars), names[0])
            given = options.pop('dest', None)
            dest = given if given is not None else long.lstrip(self.prefix_chars).replace('-', '_')
        if 'default' not in options:
            if dest in self._defaults:
                options['default'] = self._defaults[dest]
            elif self.argument_default is not None:
                options['default'] = self.argument_default
        kind = options.pop('action', None)
        make = self._registry.get(('action', kind), None) or (_actions.get(kind) if kind is None or isinstance(kind, str) else kind)
        if make is None:
            raise ValueError(f'unknown action {kind!r}')
        options.pop('deprecated', None)
        if not strings and make in (_StoreAction, _AppendAction, _ExtendAction):
            options.pop('required', None)
            options['required'] = options.get('nargs') not in (OPTIONAL, ZERO_OR_MORE, REMAINDER, SUPPRESS)
            if options.get('nargs') == ZERO_OR_MORE and options.get('default') is None:
                options['default'] = []
        action = make(strings, dest, **options)
        if isinstance(owner, _ArgumentGroup):
            owner._group_actions.append(action)
        return self._add_action(action)

    def _add_action(self, action):
        for name in action.option_strings:
            other = self._option_string_actions.get(name)
            if other is not None:
                if self.conflict_handler != 'resolve':
                    raise ArgumentError(action, f'conflicting option string: {name}')
                other.option_strings = [string for string in other.option_strings if string != name]
                if not other.option_strings and other in self._actions:
                    self._actions.remove(other)
            self._option_string_actions[name] = action
        self._actions.append(action)
        return action

    def add_subparsers(self, *, action='parsers', parser_class=None, dest=SUPPRESS, **options):
        self._subparsers = _SubParsersAction([], dest, parser_class=parser_class or type(self), **options)
        return self._add_action(self._subparsers)

    def _set_defaults(self, values):
        self._defaults.update(values)
        for action in self._actions:
            if action.dest in values:
                action.default = _replacing(values[action.dest], action.default)

    def _get_default(self, dest):
        for action in self._actions:
            if action.dest == dest and action.default is not None:
                return action.default
        return self._defaults.get(dest, None)

    def error(self, message):
        self.exit(2, message)
    def exit(self, status=0, message=None):
        raise SystemExit(status)
    def format_usage(self):
        return f'usage: {self.prog}'
    def format_help(self):
        return self.format_usage()
    def print_usage(self, file=None):
        pass
    def print_help(self, file=None):
        pass

    def parse_args(self, args=None, namespace=None):
        made, extras = self.parse_known_args(args, namespace)
        if extras:
            self.error('unrecognized arguments: ' + ' '.join(extras))
        return made
    def parse_intermixed_args(self, args=None, namespace=None):
        return self.parse_args(args, namespace)
    def parse_known_intermixed_args(self, args=None, namespace=None):
        return self.parse_known_args(args, namespace)

    def parse_known_args(self, args=None, namespace=None):
        if args is None:
            args = _sys.argv[1:]
        words = [] if _is_unknown(args) else self._from_files([str(word) for word in args])
        made = Namespace() if namespace is None else namespace
        for action in self._actions:
            if action.dest != SUPPRESS and not hasattr(made, action.dest) and action.default != SUPPRESS:
                setattr(made, action.dest, action.default)
        for dest, value in self._defaults.items():
            if not hasattr(made, dest):
                setattr(made, dest, value)
        try:
            return self._parse(words, made)
        except ArgumentError as problem:
            if not self.exit_on_error:
                raise
            self.error(str(problem))

    def _from_files(self, words):
        if self.fromfile_prefix_chars is None:
            return words
        made = []
        for word in words:
            if word and word[0] in self.fromfile_prefix_chars:
                for line in _open(word[1:]).read().splitlines():
                    made.extend(self.convert_arg_line_to_args(line))
            else:
                made.append(word)
        return made
    def convert_arg_line_to_args(self, arg_line):
        return [arg_line]

    def _option(self, word):
        """The action an option's word means, the word as it is registered, and what stands behind its equals sign."""
        if len(word) < 2 or word[0] not in self.prefix_chars:
            return None
        if word in self._option_string_actions:
            return self._option_string_actions[word], word, None
        name, equals, value = word.partition('=')
        given = value if equals else None
        if equals and name in self._option_string_actions:
            return self._option_string_actions[name], name, given
        if word[1] in self.prefix_chars:
            close = [key for key in self._option_string_actions if self.allow_abbrev and key.startswith(name)]
            if len(close) > 1:
                raise ArgumentError(None, f'ambiguous option: {word} could match ' + ', '.join(close))
            if close:
                return self._option_string_actions[close[0]], close[0], given
        elif word[:2] in self._option_string_actions:
            return self._option_string_actions[word[:2]], word[:2], word[2:]
        digits = word[1:].replace('.', '', 1).replace('e-', '', 1).replace('e', '', 1)
        if digits.isdigit() or ' ' in word:
            return None
        return None, word, None

    def _value(self, action, text):
        convert = self._registry.get(('type', action.type), action.type)
        if convert is None:
            return text
        try:
            return convert(text)
        except ArgumentTypeError as problem:
            raise ArgumentError(action, str(problem))
        except (TypeError, ValueError):
            raise ArgumentError(action, f"invalid {getattr(action.type, '__name__', repr(action.type))} value: {text!r}")
    def _checked(self, action, text):
        value = self._value(action, text)
        if action.choices is not None and value not in action.choices:
            raise ArgumentError(action, f'invalid choice: {value!r} (choose from ' + ', '.join(repr(choice) for choice in action.choices) + ')')
        return value
    def _values(self, action, words):
        if action.nargs == PARSER:
            return words
        if action.nargs == REMAINDER:
            return [self._value(action, word) for word in words]
        if action.nargs == OPTIONAL:
            if words:
                return self._checked(action, words[0])
            missing = action.const if action.option_strings else action.default
            return self._value(action, missing) if isinstance(missing, str) else missing
        if action.nargs is None:
            return self._checked(action, words[0])
        if action.nargs == ZERO_OR_MORE and not words and not action.option_strings:
            return action.default if action.default is not None else []
        return [self._checked(action, word) for word in words]

    def _parse(self, words, made):
        positionals = [action for action in self._actions if not action.option_strings]
        seen, extras, loose = [], [], []
        def take(action, values, name=None):
            seen.append(action)
            action(self, made, self._values(action, values), name)
        only_positionals = False
        while words:
            word = words.pop(0)
            if word == '--' and not only_positionals:
                only_positionals = True
                continue
            option = None if only_positionals else self._option(word)
            if option is None:
                loose.append(word)
                rest = positionals[0] if positionals else None
                if rest is not None and rest.nargs in (PARSER, REMAINDER) and len(loose) == 1:
                    positionals.pop(0)
                    take(rest, [loose.pop()] + words)
                    words = []
                continue
            action, name, given = option
            if action is None:
                extras.append(word)
                continue
            values = [] if given is None else [given]
            most = {None: 1, OPTIONAL: 1, ZERO_OR_MORE: len(words), ONE_OR_MORE: len(words), REMAINDER: len(words)}.get(action.nargs, action.nargs)
            if given is not None and action.nargs == 0:
                if name.startswith('--'):
                    raise ArgumentError(action, f'ignored explicit argument {given!r}')
                # -vq is -v -q
                values = []
                words.insert(0, '-' + given)
            while given is None and len(values) < most and words and (action.nargs == REMAINDER or words[0] != '--' and self._option(words[0]) is None):
                values.append(words.pop(0))
            least = {None: 1, OPTIONAL: 0, ZERO_OR_MORE: 0, ONE_OR_MORE: 1, REMAINDER: 0}.get(action.nargs, action.nargs)
            if len(values) < least:
                raise ArgumentError(action, 'expected one argument' if action.nargs is None else 'expected at least one argument' if action.nargs == ONE_OR_MORE else f'expected {action.nargs} arguments')
            take(action, values, name)
        def least_of(action):
            return {None: 1, OPTIONAL: 0, ZERO_OR_MORE: 0, ONE_OR_MORE: 1, REMAINDER: 0, PARSER: 1}.get(action.nargs, action.nargs)
        for i, action in enumerate(positionals):
            free = len(loose) - sum(least_of(later) for later in positionals[i + 1:])
            most = {None: 1, OPTIONAL: 1}.get(action.nargs, action.nargs if isinstance(action.nargs, int) else max(free, 0))
            count = min(most, free) if free > 0 else 0
            if count < least_of(action):
                continue
            if count or action.nargs == REMAINDER:
                take(action, loose[:count])
            loose = loose[count:]
        extras.extend(loose)
        self._finish(made, seen)
        extras.extend(vars(made).pop('_extras', []))
        return made, extras

    def _finish(self, made, seen):
        missing = []
        for action in self._actions:
            if action in seen:
                continue
            if isinstance(action, _SubParsersAction):
                if _exploring() and action.choices:
                    action._explored(made)
                elif action.required:
                    missing.append(action)
            elif action.required:
                missing.append(action)
            elif isinstance(action.default, str) and action.dest != SUPPRESS and action.default != SUPPRESS and hasattr(made, action.dest):
                current = getattr(made, action.dest)
                if isinstance(current, str) and current == action.default:
                    setattr(made, action.dest, _keep_way(self._value(action, current), current))
        for group in self._mutually_exclusive_groups:
            if group.required and not any(action in seen for action in group._group_actions):
                missing.extend(group._group_actions)
        if missing and not _exploring():
            self.error('the following arguments are required: ' + ', '.join('/'.join(action.option_strings) or action.dest for action in missing))
        for action in missing:
            name = next((name for name in action.option_strings if name.startswith('--')), action.option_strings[0] if action.option_strings else action.dest)
            if action.dest != SUPPRESS:
                setattr(made, action.dest, _unknown(f'{name} (given on the command line)'))
`,
};
