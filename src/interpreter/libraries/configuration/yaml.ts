/** PyYAML and ruamel.yaml: reading. */
import type { Context } from '../../context';
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import type { Value } from '../../value';
import { list } from '../../value';
import { notKnown } from './outside';
import { sourceOf } from './source';
import { readStream } from './stream';
import type { Dialect } from './yamlText';
import { YamlError, readYaml } from './yamlText';

const parse = (dialect: Dialect) =>
  native('_parse', 'stream, error, /', (context, args) => {
    const stream = readStream(context, args.value('stream'));
    return stream.kind === 'str' ? list([...documents(context, stream, dialect, args.value('error'))]) : stream;
  });

function documents(context: Context, text: Extract<Value, { kind: 'str' }>, dialect: Dialect, error: Value): readonly Value[] {
  try {
    return readYaml(context, sourceOf(context, text), dialect);
  } catch (thrown) {
    if (!(thrown instanceof YamlError)) throw thrown;
    if (context.exploring) return [notKnown(context, `YAML that cannot be read (${thrown.message})`)];
    return error.kind === 'class' ? context.raiseClass(error, thrown.message) : context.raise('ValueError', thrown.message);
  }
}

const members = (dialect: Dialect) => (): Readonly<Record<string, Value>> => ({ _parse: parse(dialect) });

export const yamlModule: ModuleSource = {
  members: members('pyyaml'),
  prelude: `
from _outside import is_unknown as _is_unknown, untold as _untold

class YAMLError(Exception):
    pass

class MarkedYAMLError(YAMLError):
    pass

class _Loader:
    @classmethod
    def add_constructor(cls, tag, constructor):
        pass
    @classmethod
    def add_implicit_resolver(cls, tag, regexp, first=None):
        pass

class BaseLoader(_Loader):
    pass

class SafeLoader(_Loader):
    pass

class FullLoader(_Loader):
    pass

class Loader(_Loader):
    pass

class UnsafeLoader(_Loader):
    pass

CLoader, CSafeLoader, CFullLoader, CBaseLoader = Loader, SafeLoader, FullLoader, BaseLoader

def load_all(stream, Loader=None):
    return _parse(stream, YAMLError)

def load(stream, Loader=None):
    found = load_all(stream)
    if _is_unknown(found):
        return found
    return found[0] if found else None

def safe_load(stream):
    return load(stream)

full_load = unsafe_load = safe_load

def safe_load_all(stream):
    return load_all(stream)

full_load_all = unsafe_load_all = safe_load_all

def dump(data, stream=None, Dumper=None, **options):
    return _untold('yaml.dump')

safe_dump = dump
`,
};

export const ruamelModule: ModuleSource = {
  members: members('core'),
  prelude: `
from _outside import is_unknown as _is_unknown, untold as _untold
from yaml import YAMLError

class YAML:
    def __init__(self, *, typ=None, pure=False):
        self.preserve_quotes = None
    def load_all(self, stream):
        return _parse(stream.open() if hasattr(stream, 'read_text') else stream, YAMLError)
    def load(self, stream):
        found = self.load_all(stream)
        if _is_unknown(found):
            return found
        return found[0] if found else None
    def dump(self, data, stream=None):
        return _untold('ruamel.yaml.YAML.dump')

def safe_load(stream):
    return YAML().load(stream)

def load(stream, Loader=None):
    return YAML().load(stream)
`,
};

/** OmegaConf's own reading of YAML. */
export const omegaconfYamlModule: ModuleSource = { members: members('omegaconf') };
