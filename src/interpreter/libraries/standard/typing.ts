/** typing and collections.abc: names for hints, most of which do nothing when the code runs. */
import type { Context } from '../../context';
import type { ModuleSource } from '../../library';
import { native, nativeClass } from '../../library';
import * as types from '../../types';
import type { Value } from '../../value';
import { FALSE, NONE, findInClass, isCallable } from '../../value';
import { isIterable } from '../../iteration';
import { abstractClass } from './math';

const has = (context: Context, value: Value, ...names: readonly string[]): boolean =>
  names.every((name) => findInClass(context.typeOf(value), name) !== null);

const abstractClasses = (module: string): Readonly<Record<string, Value>> => {
  const tests: Readonly<Record<string, (context: Context, value: Value) => boolean>> = {
    Callable: (_, v) => isCallable(v),
    Iterable: (_, v) => isIterable(v),
    Iterator: (c, v) => v.kind === 'iterator' || v.kind === 'generator' || has(c, v, '__iter__', '__next__'),
    Generator: (_, v) => v.kind === 'generator',
    Sequence: (_, v) => ['list', 'tuple', 'str', 'range', 'bytes'].includes(v.kind),
    MutableSequence: (_, v) => v.kind === 'list',
    Mapping: (_, v) => v.kind === 'dict',
    MutableMapping: (_, v) => v.kind === 'dict',
    Set: (_, v) => v.kind === 'set',
    MutableSet: (_, v) => v.kind === 'set' && !v.frozen,
    Hashable: (_, v) => !['list', 'dict'].includes(v.kind) && !(v.kind === 'set' && !v.frozen),
    Sized: (c, v) => has(c, v, '__len__') || ['list', 'tuple', 'str', 'range', 'bytes', 'dict', 'set'].includes(v.kind),
    Container: (c, v) => isIterable(v) || has(c, v, '__contains__'),
    Collection: (c, v) => isIterable(v) && (has(c, v, '__len__') || v.kind !== 'generator'),
    Reversible: (_, v) => ['list', 'tuple', 'str', 'range', 'dict'].includes(v.kind),
    Awaitable: () => false,
    Coroutine: () => false,
    KeysView: (c, v) => c.typeOf(v).name === 'dict_keys',
    ValuesView: (c, v) => c.typeOf(v).name === 'dict_values',
    ItemsView: (c, v) => c.typeOf(v).name === 'dict_items',
  };
  return Object.fromEntries(Object.entries(tests).map(([name, test]) => [name, abstractClass(`${module}.${name}`, test)]));
};

/** A name that may be subscripted and appears in hints only. */
const hint = (name: string): Value => nativeClass(`typing.${name}`, [types.OBJECT], [], { sealed: true });

const hintNames = [
  'Any',
  'Optional',
  'Union',
  'Literal',
  'Final',
  'ClassVar',
  'Annotated',
  'NoReturn',
  'Never',
  'Concatenate',
  'SupportsFloat',
  'SupportsInt',
  'SupportsIndex',
  'SupportsAbs',
  'AnyStr',
  'TypeAlias',
  'Self',
  'Required',
  'NotRequired',
  'Unpack',
  'LiteralString',
  'TypeGuard',
  'IO',
  'TextIO',
  'BinaryIO',
  'Pattern',
  'Match',
  'ForwardRef',
];

const typingPrelude = `
from collections import namedtuple as _namedtuple, OrderedDict, defaultdict as DefaultDict, Counter, deque as Deque

class Generic:
    def __class_getitem__(cls, item):
        return cls

class Protocol:
    def __class_getitem__(cls, item):
        return cls

class TypeVar:
    def __init__(self, name, *constraints, **options):
        self.__name__ = name
    def __repr__(self):
        return '~' + self.__name__

ParamSpec = TypeVarTuple = TypeVar

def cast(typ, val):
    return val

def overload(func):
    return func

def final(func):
    return func

def override(func):
    return func

def no_type_check(func):
    return func

def runtime_checkable(cls):
    return cls

def NewType(name, tp):
    return tp

class _NamedTupleMeta(type):
    def __new__(metacls, name, bases, namespace):
        if not bases:
            return super().__new__(metacls, name, bases, namespace)
        fields = list(namespace.get('__annotations__', {}))
        defaults = [namespace[field] for field in fields if field in namespace]
        made = _namedtuple(name, fields, defaults=defaults)
        for key, value in namespace.items():
            if key not in fields and key not in ('__module__', '__qualname__', '__annotations__'):
                setattr(made, key, value)
        return made

class NamedTuple(metaclass=_NamedTupleMeta):
    pass

class _TypedDictMeta(type):
    def __new__(metacls, name, bases, namespace, total=True):
        return super().__new__(metacls, name, (dict,) if bases else (), namespace)
    def __call__(cls, *args, **kwargs):
        return dict(*args, **kwargs)

class TypedDict(metaclass=_TypedDictMeta):
    pass
`;

export const typingModule: ModuleSource = {
  members: () => ({
    ...abstractClasses('typing'),
    ...Object.fromEntries(hintNames.map((name) => [name, hint(name)])),
    List: types.LIST,
    Dict: types.DICT,
    Tuple: types.TUPLE,
    Set: types.SET,
    FrozenSet: types.FROZENSET,
    Type: types.TYPE,
    Text: types.STR,
    TYPE_CHECKING: FALSE,
    get_type_hints: native('typing.get_type_hints', 'obj', (context) => context.unsupported('typing.get_type_hints')),
    assert_never: native('typing.assert_never', 'arg, /', (context) => context.raise('AssertionError', 'Expected code to be unreachable')),
    reveal_type: native('typing.reveal_type', 'obj, /', (_, args) => args.value('obj')),
    NoneType: NONE,
  }),
  prelude: typingPrelude,
};

export const abcModule: ModuleSource = { members: () => abstractClasses('collections.abc') };
