/** absl.flags and absl.app. In an exploring run nothing stands on the command line: a flag without a default is not known. */
import type { ModuleSource } from '../../library';

export const flagsModule: ModuleSource = {
  prelude: `
import sys as _sys
from _outside import exploring as _exploring, keep_way as _keep_way, unknown as _unknown

class Error(Exception):
    pass

class IllegalFlagValueError(Error):
    pass

class UnparsedFlagAccessError(Error):
    pass

class UnrecognizedFlagError(Error):
    pass

class DuplicateFlagError(Error):
    pass

def _same(value):
    return value

def _truth(text):
    if isinstance(text, str):
        if text.lower() in ('true', 't', '1', 'yes', 'y'):
            return True
        if text.lower() in ('false', 'f', '0', 'no', 'n'):
            return False
        raise ValueError(f'Non-boolean argument to boolean flag {text}')
    return bool(text)

class Flag:
    def __init__(self, name, default, parse, is_lazy, is_list):
        self.name = name
        self.default = default
        self.parse = parse
        self.is_lazy = is_lazy
        self.is_list = is_list
        self.required = False
        self.present = 0
        self._value = None
        self._is_set = False
    @property
    def value(self):
        if not self._is_set:
            if self.is_lazy:
                value = self.default()
            elif self.default is None:
                value = _unknown(f'--{self.name} (given on the command line)') if self.required and _exploring() else None
            else:
                value = self.default if not isinstance(self.default, str) else _keep_way(self.parse(self.default), self.default)
            self._value = value
            self._is_set = True
        return self._value
    @value.setter
    def value(self, value):
        self._value = value
        self._is_set = True

class FlagHolder:
    def __init__(self, flag):
        self._flag = flag
    @property
    def name(self):
        return self._flag.name
    @property
    def value(self):
        return self._flag.value
    @property
    def default(self):
        return self._flag.default
    @property
    def present(self):
        return self._flag.present > 0

class FlagValues:
    def __init__(self):
        self.__dict__['_flags'] = {}
        self.__dict__['_parsed'] = False
    def _define(self, name, default, parse=_same, is_required=False, is_lazy=False, is_list=False):
        flag = Flag(name, default, parse, is_lazy, is_list)
        flag.required = is_required
        self._flags[name] = flag
        return FlagHolder(flag)
    def __getattr__(self, name):
        if name.startswith('__') or name not in self._flags:
            raise AttributeError(name)
        if not self._parsed and not _exploring():
            raise UnparsedFlagAccessError(f'Trying to access flag --{name} before flags were parsed.')
        return self._flags[name].value
    def __setattr__(self, name, value):
        self._flags[name].value = value
    def __getitem__(self, name):
        return self._flags[name]
    def __contains__(self, name):
        return name in self._flags
    def __iter__(self):
        return iter(self._flags)
    def __len__(self):
        return len(self._flags)
    def __call__(self, argv, known_only=False):
        self.__dict__['_parsed'] = True
        rest, words = list(argv[:1]), list(argv[1:])
        while words:
            word = words.pop(0)
            if word == '--':
                rest.extend(words)
                break
            if not word.startswith('-'):
                rest.append(word)
                continue
            name, equals, value = word.lstrip('-').partition('=')
            flag = self._flags.get(name)
            if flag is None and name.startswith('no') and name[2:] in self._flags:
                self._flags[name[2:]].value = False
                continue
            if flag is None:
                if known_only:
                    rest.append(word)
                    continue
                raise UnrecognizedFlagError(f'Unknown command line flag {name!r}')
            flag.present += 1
            if flag.parse is _truth and not equals:
                flag.value = True
            else:
                given = value if equals else words.pop(0)
                try:
                    made = flag.parse(given)
                except ValueError as problem:
                    raise IllegalFlagValueError(f'flag --{name}={given}: {problem}')
                flag.value = (flag.value if flag.present > 1 else []) + [made] if flag.is_list else made
        if not _exploring():
            for flag in self._flags.values():
                if flag.required and flag.value is None:
                    raise IllegalFlagValueError(f'flag --{flag.name}: Flag --{flag.name} must have a value other than None.')
        return rest
    def mark_as_parsed(self):
        self.__dict__['_parsed'] = True
    def is_parsed(self):
        return self._parsed
    def flag_values_dict(self):
        return {name: flag.value for name, flag in self._flags.items()}
    def set_default(self, name, value):
        self._flags[name].default = value
    def append_flags_into_file(self, filename):
        pass
    def flags_into_string(self):
        return ''

FLAGS = FlagValues()

def _definer(parse, is_list=False):
    def define(name, default, help=None, flag_values=FLAGS, required=False, **options):
        return flag_values._define(name, default, parse, required, is_list=is_list)
    return define

DEFINE_string = _definer(_same)
DEFINE_bool = DEFINE_boolean = _definer(_truth)

def DEFINE_integer(name, default, help=None, lower_bound=None, upper_bound=None, flag_values=FLAGS, required=False, **options):
    return flag_values._define(name, default, int, required)

def DEFINE_float(name, default, help=None, lower_bound=None, upper_bound=None, flag_values=FLAGS, required=False, **options):
    if isinstance(default, int):
        default = _keep_way(float(default), default)
    return flag_values._define(name, default, float, required)

def DEFINE_enum(name, default, enum_values, help=None, flag_values=FLAGS, required=False, **options):
    def parse(text):
        if text not in enum_values:
            raise ValueError(f'value should be one of {enum_values}')
        return text
    return flag_values._define(name, default, parse, required)

def DEFINE_enum_class(name, default, enum_class, help=None, flag_values=FLAGS, required=False, **options):
    def parse(text):
        return enum_class[text] if isinstance(text, str) else text
    return flag_values._define(name, default, parse, required)

def _listed(text):
    return text if not isinstance(text, str) else [part.strip() for part in text.split(',')] if text else []

DEFINE_list = _definer(_listed)

def DEFINE_spaceseplist(name, default, help=None, flag_values=FLAGS, required=False, **options):
    return flag_values._define(name, default, lambda text: text.split() if isinstance(text, str) else text, required)

def _multi(parse):
    def define(name, default, help=None, flag_values=FLAGS, required=False, **options):
        listed = default if default is None or isinstance(default, (list, tuple)) else [default]
        return flag_values._define(name, listed, parse, required, is_list=True)
    return define

DEFINE_multi_string, DEFINE_multi_integer, DEFINE_multi_float = _multi(_same), _multi(int), _multi(float)

def DEFINE_alias(name, original_name, flag_values=FLAGS):
    flag_values._flags[name] = flag_values._flags[original_name]

def DEFINE(parser, name, default, help=None, flag_values=FLAGS, serializer=None, required=False, **options):
    return flag_values._define(name, default, parser.parse, required)

def mark_flag_as_required(flag_name, flag_values=FLAGS):
    flag_values._flags[flag_name.name if isinstance(flag_name, FlagHolder) else flag_name].required = True

def mark_flags_as_required(flag_names, flag_values=FLAGS):
    for name in flag_names:
        mark_flag_as_required(name, flag_values)

def set_default(flag_holder, value):
    flag_holder._flag.default = value

def register_validator(flag_name, checker, message='', flag_values=FLAGS):
    pass

def validator(flag_name, message='', flag_values=FLAGS):
    return lambda function: function

def mark_flags_as_mutual_exclusive(flag_names, required=False, flag_values=FLAGS):
    pass

def declare_key_flag(flag_name, flag_values=FLAGS):
    pass

def adopt_module_key_flags(module, flag_values=FLAGS):
    pass
`,
};

export const appModule: ModuleSource = {
  prelude: `
import sys as _sys
from absl import flags as _flags

class UsageError(Exception):
    pass

def run(main, argv=None, flags_parser=None):
    rest = _flags.FLAGS(_sys.argv if argv is None else argv)
    main(rest)
    # The real one ends the program here; code after it is that of other entries.

def call_after_init(callback):
    callback()
`,
};
