/** dataclasses, namedtuple, enum: classes made from descriptions. */
import type { ModuleSource } from '../../library';
import { native, nativeClass } from '../../library';
import { exceptionClass } from '../../exceptions';
import type { Signature } from '../../signature';
import type { Value } from '../../value';
import { NONE } from '../../value';

/**
 * _function(name, [(parameter, style, default…)], target): a function of that signature which calls target(*values in order).
 * Generated `__init__` and `__new__` thereby have CPython's argument errors.
 */
const makeFunction = native('_function', 'name, parameters, target', (context, args) => {
  const parameters = args.items('parameters').map((item) => {
    const [name, style, ...rest] = context.toArray(item);
    const isKeywordOnly = style?.kind === 'str' && style.value === 'keywordOnly';
    return {
      name: context.str(name ?? NONE),
      aliases: [],
      style: isKeywordOnly ? 'keywordOnly' : 'normal',
      type: null,
      defaultValue: rest[0],
    } as const;
  });
  const sig: Signature = {
    text: parameters.map((p) => p.name).join(', '),
    parameters,
    slots: new Map(parameters.map((p, i) => [p.name, i])),
    positional: parameters.flatMap((p, i) => (p.style === 'normal' ? [i] : [])),
    variadic: -1,
    keywordVariadic: -1,
  };
  const name = args.string('name');
  const target = args.value('target');
  return {
    kind: 'native',
    // Errors name the whole path (Settings.__init__), as for an interpreted method.
    name,
    qualifiedName: name,
    signatures: [sig],
    call: (inner, bound): Value =>
      inner.call(
        target,
        parameters.map((p) => bound.value(p.name)),
      ),
    isMethod: true,
    doc: null,
  };
});

const dataclassPrelude = `
class _Missing:
    def __repr__(self):
        return 'MISSING'

MISSING = _Missing()
KW_ONLY = object()

class Field:
    def __init__(self, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=False):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only

def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=False):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError('cannot specify both default and default_factory')
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)

class InitVar:
    def __class_getitem__(cls, item):
        return cls

_FACTORY = object()

def _collect(cls, kw_only):
    found = {}
    for base in reversed(cls.__mro__[1:]):
        for item in base.__dict__.get('__dataclass_fields__', {}).values():
            found[item.name] = item
    keyword_only = kw_only
    own = cls.__dict__
    for name, hint in own.get('__annotations__', {}).items():
        if hint is KW_ONLY:
            keyword_only = True
            continue
        if getattr(hint, '__name__', '') == 'ClassVar':
            continue
        default = own.get(name, MISSING)
        if isinstance(default, Field):
            item = default
            if item.default is MISSING:
                if name in own:
                    delattr(cls, name)
            else:
                setattr(cls, name, item.default)
        else:
            if isinstance(default, (list, dict, set)):
                raise ValueError(f'mutable default {type(default)} for field {name} is not allowed: use default_factory')
            item = Field(default)
        item.name = name
        item.type = hint
        item.is_init_var = hint is InitVar
        item.kw_only = item.kw_only or keyword_only
        found[name] = item
    return found

def _make_init(cls, items, frozen):
    items = [item for item in items if item.init]
    seen_default = None
    parameters = [('self', 'normal')]
    for item in items:
        style = 'keywordOnly' if item.kw_only else 'normal'
        if item.default is not MISSING:
            parameters.append((item.name, style, item.default))
        elif item.default_factory is not MISSING:
            parameters.append((item.name, style, _FACTORY))
        else:
            if seen_default and not item.kw_only:
                raise TypeError(f"non-default argument '{item.name}' follows default argument")
            parameters.append((item.name, style))
            continue
        if not item.kw_only:
            seen_default = item.name
    every = list(cls.__dataclass_fields__.values())
    def initialise(self, *values):
        extra = []
        given = dict(zip([item.name for item in items], values))
        for item in every:
            if item.name in given:
                value = given[item.name]
                if value is _FACTORY:
                    value = item.default_factory()
                if item.is_init_var:
                    extra.append(value)
                    continue
            elif item.default_factory is not MISSING:
                value = item.default_factory()
            else:
                continue
            object.__setattr__(self, item.name, value)
        if hasattr(self, '__post_init__'):
            self.__post_init__(*extra)
    return _function(cls.__qualname__ + '.__init__', parameters, initialise)

def _values(self):
    return tuple(getattr(self, item.name) for item in self.__dataclass_fields__.values() if item.compare and not item.is_init_var)

def _process(cls, init, repr, eq, order, unsafe_hash, frozen, kw_only):
    cls.__dataclass_fields__ = _collect(cls, kw_only)
    items = list(cls.__dataclass_fields__.values())
    own = cls.__dict__
    if init:
        cls.__init__ = _make_init(cls, items, frozen)
    if repr and '__repr__' not in own:
        def show(self):
            parts = [f'{item.name}={getattr(self, item.name)!r}' for item in items if item.repr and not item.is_init_var]
            return type(self).__qualname__ + '(' + ', '.join(parts) + ')'
        cls.__repr__ = show
    if eq and '__eq__' not in own:
        def equal(self, other):
            if type(other) is not type(self):
                return NotImplemented
            return _values(self) == _values(other)
        cls.__eq__ = equal
        if frozen or unsafe_hash:
            cls.__hash__ = lambda self: hash(_values(self))
        elif '__hash__' not in own:
            cls.__hash__ = None
    if order:
        def compare(name):
            def run(self, other):
                if type(other) is not type(self):
                    return NotImplemented
                a, b = _values(self), _values(other)
                return {'lt': a < b, 'le': a <= b, 'gt': a > b, 'ge': a >= b}[name]
            return run
        for name in ('lt', 'le', 'gt', 'ge'):
            setattr(cls, f'__{name}__', compare(name))
    if frozen:
        def refuse_set(self, name, value):
            raise FrozenInstanceError(f'cannot assign to field {name!r}')
        def refuse_delete(self, name):
            raise FrozenInstanceError(f'cannot delete field {name!r}')
        cls.__setattr__ = refuse_set
        cls.__delattr__ = refuse_delete
    if '__match_args__' not in own:
        cls.__match_args__ = tuple(item.name for item in items if item.init and not item.kw_only)
    return cls

def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        return _process(cls, init, repr, eq, order, unsafe_hash, frozen, kw_only)
    return wrap if cls is None else wrap(cls)

def is_dataclass(obj):
    return hasattr(obj if isinstance(obj, type) else type(obj), '__dataclass_fields__')

def fields(obj):
    if not hasattr(obj, '__dataclass_fields__'):
        raise TypeError('must be called with a dataclass type or instance')
    return tuple(obj.__dataclass_fields__.values())

def _plain(value, make):
    if is_dataclass(value) and not isinstance(value, type):
        return make([(item.name, _plain(getattr(value, item.name), make)) for item in fields(value)])
    if isinstance(value, (list, tuple)):
        return type(value)([_plain(item, make) for item in value])
    if isinstance(value, dict):
        return {key: _plain(item, make) for key, item in value.items()}
    return value

def asdict(obj, *, dict_factory=dict):
    if not is_dataclass(obj):
        raise TypeError('asdict() should be called on dataclass instances')
    return _plain(obj, dict_factory)

def astuple(obj, *, tuple_factory=tuple):
    return tuple_factory([getattr(obj, item.name) for item in fields(obj)])

def replace(obj, /, **changes):
    values = {item.name: getattr(obj, item.name) for item in fields(obj) if item.init}
    values.update(changes)
    return type(obj)(**values)

def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **options):
    names = dict(namespace or {})
    hints = {}
    for item in fields:
        if isinstance(item, str):
            hints[item] = object
        else:
            hints[item[0]] = item[1]
            if len(item) > 2:
                names[item[0]] = item[2]
    names['__annotations__'] = hints
    return dataclass(**options)(type(cls_name, bases, names))
`;

export const dataclassesModule: ModuleSource = {
  members: () => ({
    _function: makeFunction,
    FrozenInstanceError: nativeClass('dataclasses.FrozenInstanceError', [exceptionClass('AttributeError')], []),
  }),
  prelude: dataclassPrelude,
};

const collectionsPrelude = `
def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(',', ' ').split()
    names = tuple(str(name) for name in field_names)
    if len(set(names)) != len(names):
        raise ValueError('Encountered duplicate field name')
    values = list(defaults or ())
    first = len(names) - len(values)
    parameters = [('_cls', 'normal')]
    for i, name in enumerate(names):
        if not name.isidentifier() or name.startswith('_'):
            raise ValueError(f'Type names and field names must be valid identifiers: {name!r}')
        parameters.append((name, 'normal') if i < first else (name, 'normal', values[i - first]))
    def make(cls, *items):
        return tuple.__new__(cls, items)
    def reader(i):
        def refuse(self, value):
            raise AttributeError("can't set attribute")
        return property(lambda self: tuple.__getitem__(self, i), refuse)
    def show(self):
        return type(self).__name__ + '(' + ', '.join(f'{name}={value!r}' for name, value in zip(names, self)) + ')'
    def replace(self, /, **changes):
        return type(self)(*[changes.pop(name, value) for name, value in zip(names, self)])
    namespace = {name: reader(i) for i, name in enumerate(names)}
    namespace.update(
        __new__=staticmethod(_function(typename + '.__new__', parameters, make)),
        __repr__=show,
        _fields=names,
        _field_defaults=dict(zip(names[first:], values)),
        _asdict=lambda self: dict(zip(names, self)),
        _replace=replace,
        _make=classmethod(lambda cls, iterable: cls(*iterable)),
        __match_args__=names,
    )
    return type(typename, (tuple,), namespace)

class OrderedDict(dict):
    def move_to_end(self, key, last=True):
        value = self.pop(key)
        if last:
            self[key] = value
        else:
            rest = list(self.items())
            self.clear()
            self[key] = value
            self.update(rest)
    def popitem(self, last=True):
        if not self:
            raise KeyError('dictionary is empty')
        key = list(self)[-1 if last else 0]
        return key, self.pop(key)
    def __repr__(self):
        return 'OrderedDict(' + (repr(list(self.items())) if self else '') + ')'

class defaultdict(dict):
    def __init__(self, default_factory=None, /, *args, **kwargs):
        if default_factory is not None and not callable(default_factory):
            raise TypeError('first argument must be callable or None')
        super().__init__(*args, **kwargs)
        self.default_factory = default_factory
    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self[key] = self.default_factory()
        return value
    def __repr__(self):
        return f'defaultdict({self.default_factory!r}, {dict(self)!r})'

class Counter(dict):
    def __init__(self, iterable=None, /, **kwargs):
        super().__init__()
        self.update(iterable, **kwargs)
    def __missing__(self, key):
        return 0
    def update(self, iterable=None, /, **kwargs):
        if isinstance(iterable, dict):
            for key, count in iterable.items():
                self[key] = self[key] + count
        elif iterable is not None:
            for key in iterable:
                self[key] = self[key] + 1
        for key, count in kwargs.items():
            self[key] = self[key] + count
    def subtract(self, iterable=None, /, **kwargs):
        for key, count in Counter(iterable, **kwargs).items():
            self[key] = self[key] - count
    def most_common(self, n=None):
        ordered = sorted(self.items(), key=lambda pair: pair[1], reverse=True)
        return ordered if n is None else ordered[:n]
    def elements(self):
        for key, count in self.items():
            for _ in range(count):
                yield key
    def total(self):
        return sum(self.values())
    def _combine(self, other, function):
        made = Counter()
        for key in list(self) + [key for key in other if key not in self]:
            count = function(self[key], other[key])
            if count > 0:
                made[key] = count
        return made
    def __add__(self, other):
        return self._combine(other, lambda a, b: a + b)
    def __sub__(self, other):
        return self._combine(other, lambda a, b: a - b)
    def __or__(self, other):
        return self._combine(other, max)
    def __and__(self, other):
        return self._combine(other, min)
    def __repr__(self):
        return 'Counter(' + (repr(dict(self.most_common())) if self else '') + ')'

class deque:
    def __init__(self, iterable=(), maxlen=None):
        self._items = []
        self.maxlen = maxlen
        self.extend(iterable)
    def append(self, item):
        self._items.append(item)
        if self.maxlen is not None and len(self._items) > self.maxlen:
            del self._items[0]
    def appendleft(self, item):
        self._items.insert(0, item)
        if self.maxlen is not None and len(self._items) > self.maxlen:
            del self._items[-1]
    def extend(self, iterable):
        for item in iterable:
            self.append(item)
    def extendleft(self, iterable):
        for item in iterable:
            self.appendleft(item)
    def pop(self):
        if not self._items:
            raise IndexError('pop from an empty deque')
        return self._items.pop()
    def popleft(self):
        if not self._items:
            raise IndexError('pop from an empty deque')
        return self._items.pop(0)
    def rotate(self, n=1):
        if self._items:
            n %= len(self._items)
            self._items = self._items[-n:] + self._items[:-n]
    def clear(self):
        self._items.clear()
    def count(self, value):
        return self._items.count(value)
    def remove(self, value):
        self._items.remove(value)
    def __len__(self):
        return len(self._items)
    def __iter__(self):
        return iter(self._items)
    def __reversed__(self):
        return reversed(self._items)
    def __getitem__(self, index):
        return self._items[index]
    def __setitem__(self, index, value):
        self._items[index] = value
    def __contains__(self, value):
        return value in self._items
    def __eq__(self, other):
        return self._items == other._items if isinstance(other, deque) else NotImplemented
    def __repr__(self):
        return f'deque({self._items!r}' + (')' if self.maxlen is None else f', maxlen={self.maxlen})')

class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]
    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        raise KeyError(key)
    def __setitem__(self, key, value):
        self.maps[0][key] = value
    def __contains__(self, key):
        return any(key in mapping for mapping in self.maps)
    def get(self, key, default=None):
        return self[key] if key in self else default
    def __iter__(self):
        return iter({key: None for mapping in reversed(self.maps) for key in mapping})
    def __len__(self):
        return len(list(iter(self)))
    def keys(self):
        return list(self)
`;

export const collectionsModule: ModuleSource = { members: () => ({ _function: makeFunction }), prelude: collectionsPrelude };

export const enumModule: ModuleSource = {
  prelude: `
class auto:
    pass

def _is_member(name, value):
    if name.startswith('_') or isinstance(value, (property, staticmethod, classmethod)):
        return False
    return not (hasattr(value, '__get__') or (callable(value) and not isinstance(value, type)))

class EnumMeta(type):
    def __new__(metacls, name, bases, namespace, **options):
        wanted = {key: value for key, value in namespace.items() if _is_member(key, value)}
        rest = {key: value for key, value in namespace.items() if key not in wanted}
        cls = super().__new__(metacls, name, bases, rest)
        data = next((kind for kind in (int, str, float) if kind in cls.__mro__), None)
        cls._member_map_ = {}
        by_value = []
        last = 0
        for key, value in wanted.items():
            if isinstance(value, auto):
                value = key.lower() if data is str else last * 2 or 1 if getattr(cls, '_flag_', False) else last + 1
            if isinstance(value, int):
                last = value
            same = next((member for member in by_value if member._value_ == value), None)
            if same is None:
                same = object.__new__(cls) if data is None else data.__new__(cls, value)
                same._name_ = key
                same._value_ = value
                if '__init__' in rest:
                    same.__init__(*(value if isinstance(value, tuple) else (value,)))
                by_value.append(same)
            cls._member_map_[key] = same
            type.__setattr__(cls, key, same)
        if data is not None:
            # What Enum says about its text goes before what the mixed-in type says.
            for name in ('__repr__', '__str__', '__format__'):
                if name not in rest:
                    owner = next((base for base in cls.__mro__[1:] if isinstance(base, EnumMeta) and name in base.__dict__), None)
                    if owner is not None:
                        type.__setattr__(cls, name, owner.__dict__[name])
        return cls
    def __call__(cls, value, *rest, **options):
        for member in cls._member_map_.values():
            if member is value or member._value_ == value:
                return member
        missing = cls._missing_(value)
        if missing is not None:
            return missing
        raise ValueError(f'{value!r} is not a valid {cls.__qualname__}')
    def __iter__(cls):
        return iter({id(member): member for member in cls._member_map_.values()}.values())
    def __len__(cls):
        return len(list(iter(cls)))
    def __getitem__(cls, name):
        return cls._member_map_[name]
    def __contains__(cls, value):
        return any(value is member or value == member._value_ for member in cls._member_map_.values())
    def __setattr__(cls, name, value):
        if name in getattr(cls, '_member_map_', {}):
            raise AttributeError(f'cannot reassign member {name!r}')
        type.__setattr__(cls, name, value)
    @property
    def __members__(cls):
        return dict(cls._member_map_)
    def __repr__(cls):
        return f"<enum '{cls.__name__}'>"

EnumType = EnumMeta

class Enum(metaclass=EnumMeta):
    @classmethod
    def _missing_(cls, value):
        return None
    @property
    def name(self):
        return self._name_
    @property
    def value(self):
        return self._value_
    def __repr__(self):
        return f'<{type(self).__name__}.{self._name_}: {self._value_!r}>'
    def __str__(self):
        return f'{type(self).__name__}.{self._name_}'
    def __format__(self, spec):
        return format(str(self), spec)
    def __hash__(self):
        return hash(self._name_)

class IntEnum(int, Enum):
    def __repr__(self):
        return f'<{type(self).__name__}.{self._name_}: {self._value_!r}>'
    def __str__(self):
        return str(self._value_)
    def __format__(self, spec):
        return format(self._value_, spec)
    def __hash__(self):
        return hash(self._value_)

class StrEnum(str, Enum):
    def __str__(self):
        return self._value_
    def __format__(self, spec):
        return format(self._value_, spec)
    def __hash__(self):
        return hash(self._value_)

class IntFlag(int, Enum):
    _flag_ = True

def unique(cls):
    return cls
`,
};
