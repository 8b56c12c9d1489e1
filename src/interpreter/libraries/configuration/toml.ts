/** tomllib, and the package toml. */
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import type { Value } from '../../value';
import { notKnown } from './outside';
import { sourceOf } from './source';
import { readStream } from './stream';
import { TomlError, readToml } from './tomlText';

const members = (): Readonly<Record<string, Value>> => ({
  _parse: native('_parse', 'stream, error, /', (context, args) => {
    const stream = readStream(context, args.value('stream'));
    if (stream.kind === 'unknown') return stream;
    try {
      return readToml(context, sourceOf(context, stream));
    } catch (thrown) {
      if (!(thrown instanceof TomlError)) throw thrown;
      if (context.exploring) return notKnown(context, `TOML that cannot be read (${thrown.message})`);
      const error = args.value('error');
      return error.kind === 'class' ? context.raiseClass(error, thrown.message) : context.raise('ValueError', thrown.message);
    }
  }),
});

export const tomllibModule: ModuleSource = {
  members,
  prelude: `
class TOMLDecodeError(ValueError):
    pass

def loads(s, /, *, parse_float=float):
    return _parse(s, TOMLDecodeError)

def load(fp, /, *, parse_float=float):
    return _parse(fp, TOMLDecodeError)
`,
};

export const tomlModule: ModuleSource = {
  members,
  prelude: `
class TomlDecodeError(ValueError):
    pass

def loads(s, _dict=dict, decoder=None):
    return _parse(s, TomlDecodeError)

def load(f, _dict=dict, decoder=None):
    if isinstance(f, str) or hasattr(f, '__fspath__'):
        f = open(f)
    return _parse(f, TomlDecodeError)
`,
};
