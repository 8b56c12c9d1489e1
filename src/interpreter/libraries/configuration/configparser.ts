/** configparser: sections of options, all of them text. */
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import { list, str, tuple } from '../../value';
import { IniError, readIni } from './iniText';
import { sourceOf } from './source';
import { readStream } from './stream';

export const configparserModule: ModuleSource = {
  members: () => ({
    // [(section, [(option, text)])]
    _parse: native('_parse', 'stream, error, /', (context, args) => {
      const stream = readStream(context, args.value('stream'));
      if (stream.kind === 'unknown') return stream;
      try {
        return list(
          readIni(sourceOf(context, stream)).map(({ name, options }) =>
            tuple([str(name), list(options.map(([option, value]) => tuple([str(option), value])))]),
          ),
        );
      } catch (thrown) {
        if (!(thrown instanceof IniError)) throw thrown;
        const error = args.value('error');
        return error.kind === 'class' ? context.raiseClass(error, thrown.message) : context.raise('ValueError', thrown.message);
      }
    }),
  }),
  prelude: `
from _outside import exploring as _exploring, is_unknown as _is_unknown, keep_way as _keep_way, read as _read, unknown as _unknown

class Error(Exception):
    pass

class NoSectionError(Error):
    def __init__(self, section):
        super().__init__(f'No section: {section!r}')

class NoOptionError(Error):
    def __init__(self, option, section):
        super().__init__(f'No option {option!r} in section: {section!r}')

class DuplicateSectionError(Error):
    pass

class MissingSectionHeaderError(Error):
    pass

class InterpolationError(Error):
    pass

DEFAULTSECT = 'DEFAULT'
_absent = object()
_truths = {'1': True, 'yes': True, 'true': True, 'on': True, '0': False, 'no': False, 'false': False, 'off': False}

class Interpolation:
    pass

BasicInterpolation = ExtendedInterpolation = Interpolation

class SectionProxy:
    def __init__(self, parser, name):
        self.parser = parser
        self.name = name
    def __getitem__(self, option):
        value = self.parser.get(self.name, option, fallback=_absent)
        if value is _absent:
            raise KeyError(option)
        return value
    def __setitem__(self, option, value):
        self.parser.set(self.name, option, value)
    def __contains__(self, option):
        return self.parser.has_option(self.name, option)
    def __iter__(self):
        return iter(self.parser.options(self.name))
    def __len__(self):
        return len(self.parser.options(self.name))
    def keys(self):
        return self.parser.options(self.name)
    def items(self):
        return self.parser.items(self.name)
    def values(self):
        return [value for _, value in self.items()]
    def get(self, option, fallback=None, **options):
        return self.parser.get(self.name, option, fallback=fallback, **options)
    def getint(self, option, fallback=None):
        return self.parser.getint(self.name, option, fallback=fallback)
    def getfloat(self, option, fallback=None):
        return self.parser.getfloat(self.name, option, fallback=fallback)
    def getboolean(self, option, fallback=None):
        return self.parser.getboolean(self.name, option, fallback=fallback)

class RawConfigParser:
    _interpolates = False
    def __init__(self, defaults=None, dict_type=dict, allow_no_value=False, *, interpolation=BasicInterpolation, **options):
        self._sections = {}
        self._defaults = {}
        # Of a file that is not here every option is unknown.
        self._unknown = None
        self._interpolation = interpolation
        for option, value in (defaults or {}).items():
            self._defaults[self.optionxform(option)] = value
    def optionxform(self, option):
        return option.lower()
    def _take(self, source):
        found = _parse(source, MissingSectionHeaderError)
        if _is_unknown(found):
            self._unknown = found
            return
        for name, options in found:
            section = self._defaults if name == DEFAULTSECT else self._sections.setdefault(name, {})
            for option, value in options:
                section[option] = value
    def read(self, filenames, encoding=None):
        if _is_unknown(filenames):
            self._unknown = filenames
            return filenames
        names = [filenames] if isinstance(filenames, str) or hasattr(filenames, '__fspath__') else filenames
        seen = []
        for name in names:
            text = name if _is_unknown(name) else _read(name)
            if text is None and _exploring():
                text = _unknown(str(name))
            if _is_unknown(text) or text is not None:
                self._take(text)
                seen.append(name)
        return seen
    def read_file(self, f, source=None):
        self._take(f)
    def read_string(self, string, source=None):
        self._take(string)
    def read_dict(self, dictionary, source=None):
        for name, options in dictionary.items():
            section = self._defaults if name == DEFAULTSECT else self._sections.setdefault(name, {})
            for option, value in options.items():
                section[self.optionxform(str(option))] = value if value is None or isinstance(value, str) else str(value)
    def sections(self):
        return list(self._sections)
    def defaults(self):
        return self._defaults
    def has_section(self, section):
        return section in self._sections
    def has_option(self, section, option):
        option = self.optionxform(option)
        return option in self._sections.get(section, {}) or option in self._defaults
    def add_section(self, section):
        if section in self._sections:
            raise DuplicateSectionError(f'Section {section!r} already exists')
        self._sections[section] = {}
    def set(self, section, option, value=None):
        if section != DEFAULTSECT and section not in self._sections:
            raise NoSectionError(section)
        (self._defaults if section == DEFAULTSECT else self._sections[section])[self.optionxform(option)] = value
    def options(self, section):
        if section not in self._sections:
            raise NoSectionError(section)
        return list({**self._defaults, **self._sections[section]})
    def items(self, section=None, raw=False, vars=None):
        if section is None:
            return [(name, self[name]) for name in [DEFAULTSECT] + list(self._sections)]
        return [(option, self.get(section, option, raw=raw)) for option in self.options(section)]
    def get(self, section, option, *, raw=False, vars=None, fallback=_absent):
        option = self.optionxform(option)
        if section not in self._sections and section != DEFAULTSECT:
            if _is_unknown(self._unknown):
                return self._unknown
            if fallback is not _absent:
                return fallback
            raise NoSectionError(section)
        options = {**self._defaults, **self._sections.get(section, {}), **(vars or {})}
        if option not in options:
            if _is_unknown(self._unknown):
                return self._unknown
            if fallback is not _absent:
                return fallback
            raise NoOptionError(option, section)
        value = options[option]
        if raw or not self._interpolates or self._interpolation is None or _is_unknown(value) or value is None or '%' not in value:
            return value
        for _ in range(10):
            start = value.find('%(')
            if start < 0:
                break
            end = value.find(')s', start)
            name = self.optionxform(value[start + 2:end])
            if end < 0 or name not in options:
                raise InterpolationError(f'bad interpolation in {option!r}')
            value = value[:start] + options[name] + value[end + 2:]
        return value.replace('%%', '%')
    def _converted(self, section, option, convert, fallback):
        value = self.get(section, option, fallback=fallback)
        return value if value is fallback or _is_unknown(value) else _keep_way(convert(value), value)
    def getint(self, section, option, *, fallback=_absent, **options):
        return self._converted(section, option, int, fallback)
    def getfloat(self, section, option, *, fallback=_absent, **options):
        return self._converted(section, option, float, fallback)
    def getboolean(self, section, option, *, fallback=_absent, **options):
        def truth(text):
            if text.lower() not in _truths:
                raise ValueError(f'Not a boolean: {text}')
            return _truths[text.lower()]
        return self._converted(section, option, truth, fallback)
    def __getitem__(self, section):
        if section != DEFAULTSECT and section not in self._sections:
            if _is_unknown(self._unknown):
                return self._unknown
            raise KeyError(section)
        return SectionProxy(self, section)
    def __setitem__(self, section, options):
        self._sections[section] = {}
        self.read_dict({section: options})
    def __contains__(self, section):
        return section == DEFAULTSECT or section in self._sections
    def __iter__(self):
        return iter([DEFAULTSECT] + list(self._sections))
    def __len__(self):
        return len(self._sections) + 1
    def write(self, fp, space_around_delimiters=True):
        pass

class ConfigParser(RawConfigParser):
    _interpolates = True

SafeConfigParser = ConfigParser
`,
};
