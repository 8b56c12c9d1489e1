/** Python's json. */
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import { int, str } from '../../value';
import { notKnown } from './outside';
import { JsonError, readJson } from './jsonText';
import { sourceOf } from './source';
import { readStream } from './stream';

export const jsonModule: ModuleSource = {
  members: () => ({
    // _parse(stream, fail): fail(message, text, position) where the text is no JSON.
    _parse: native('_parse', 'stream, fail, /', (context, args) => {
      const stream = readStream(context, args.value('stream'));
      if (stream.kind === 'unknown') return stream;
      try {
        return readJson(context, sourceOf(context, stream));
      } catch (thrown) {
        if (!(thrown instanceof JsonError)) throw thrown;
        if (context.exploring) return notKnown(context, `JSON that cannot be read (${thrown.message})`);
        return context.call(args.value('fail'), [str(thrown.message), stream, int(thrown.position)]);
      }
    }),
  }),
  prelude: `
from _outside import is_unknown as _is_unknown, untold as _untold

class JSONDecodeError(ValueError):
    def __init__(self, msg, doc, pos):
        line = doc.count('\\n', 0, pos) + 1
        column = pos - doc.rfind('\\n', 0, pos)
        super().__init__(f'{msg}: line {line} column {column} (char {pos})')
        self.msg, self.doc, self.pos, self.lineno, self.colno = msg, doc, pos, line, column

def _fail(message, text, position):
    raise JSONDecodeError(message, text, position)

def _hooked(value, hook):
    if isinstance(value, dict):
        return hook({key: _hooked(item, hook) for key, item in value.items()})
    if isinstance(value, list):
        return [_hooked(item, hook) for item in value]
    return value

def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, parse_constant=None, object_pairs_hook=None, **kw):
    read = _parse(s, _fail)
    if _is_unknown(read):
        return read
    if object_pairs_hook is not None:
        return _hooked(read, lambda made: object_pairs_hook(list(made.items())))
    return read if object_hook is None else _hooked(read, object_hook)

def load(fp, **options):
    return loads(fp if _is_unknown(fp) else fp._text if hasattr(fp, '_text') else fp.read(), **options)

_escapes = {'"': '\\\\"', '\\\\': '\\\\\\\\', '\\n': '\\\\n', '\\r': '\\\\r', '\\t': '\\\\t', '\\b': '\\\\b', '\\f': '\\\\f'}

def _quoted(text, ensure_ascii):
    made = []
    for letter in text:
        code = ord(letter)
        if letter in _escapes:
            made.append(_escapes[letter])
        elif code < 32 or ensure_ascii and code > 126:
            if code > 0xffff:
                code -= 0x10000
                made.append(f'\\\\u{0xd800 + (code >> 10):04x}\\\\u{0xdc00 + (code & 0x3ff):04x}')
            else:
                made.append(f'\\\\u{code:04x}')
        else:
            made.append(letter)
    return '"' + ''.join(made) + '"'

def _number(value):
    if value != value:
        return 'NaN'
    if value in (float('inf'), float('-inf')):
        return 'Infinity' if value > 0 else '-Infinity'
    return repr(value)

def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw):
    if isinstance(indent, int):
        indent = ' ' * indent
    comma, colon = separators or (',' if indent is not None else ', ', ': ')
    def key_text(key):
        if isinstance(key, str):
            return key
        if key is None or isinstance(key, (bool, int, float)):
            return show(key, '')
        raise TypeError(f'keys must be str, int, float, bool or None, not {type(key).__name__}')
    def wrapped(opening, parts, closing, before):
        if not parts:
            return opening + closing
        if indent is None:
            return opening + comma.join(parts) + closing
        inner = before + indent
        return opening + inner + (comma + inner).join(parts) + before + closing
    def show(value, before):
        if _is_unknown(value):
            return _untold('json.dumps')
        if value is None:
            return 'null'
        if value is True or value is False:
            return 'true' if value else 'false'
        if isinstance(value, str):
            return _quoted(value, ensure_ascii)
        if isinstance(value, int):
            return repr(value)
        if isinstance(value, float):
            return _number(value)
        deeper = before + (indent or '')
        if isinstance(value, dict):
            items = sorted(value.items()) if sort_keys else value.items()
            return wrapped('{', [_quoted(key_text(key), ensure_ascii) + colon + show(item, deeper) for key, item in items], '}', before)
        if isinstance(value, (list, tuple)):
            return wrapped('[', [show(item, deeper) for item in value], ']', before)
        if default is not None:
            return show(default(value), before)
        if cls is not None:
            return show(cls().default(value), before)
        raise TypeError(f'Object of type {type(value).__name__} is not JSON serializable')
    return show(obj, '\\n')

def dump(obj, fp, **options):
    fp.write(dumps(obj, **options))

class JSONEncoder:
    def __init__(self, **options):
        pass
    def default(self, o):
        raise TypeError(f'Object of type {type(o).__name__} is not JSON serializable')

class JSONDecoder:
    def __init__(self, **options):
        pass
    def decode(self, s):
        return loads(s)
`,
};
