/** attrs: classes made from described fields, in both spellings (attr.s, attrs.define). */
import type { ModuleSource } from '../../library';

export const attrsModule: ModuleSource = {
  prelude: `
from dataclasses import _function
from _outside import is_unknown as _is_unknown

class _Nothing:
    def __repr__(self):
        return 'NOTHING'
    def __bool__(self):
        return False

NOTHING = _Nothing()

class Factory:
    def __init__(self, factory, takes_self=False):
        self.factory = factory
        self.takes_self = takes_self

class Attribute:
    def __init__(self, default=NOTHING, validator=None, repr=True, eq=True, init=True, converter=None, metadata=None, type=None, kw_only=False, alias=None, on_setattr=None):
        self.name = None
        self.default = default
        self.validators = list(validator) if isinstance(validator, (list, tuple)) else [validator] if validator is not None else []
        self.repr = repr
        self.eq = eq
        self.init = init
        self.converters = list(converter) if isinstance(converter, (list, tuple)) else [converter] if converter is not None else []
        self.metadata = metadata or {}
        self.type = type
        self.kw_only = kw_only
        self.alias = alias
    @property
    def default_factory(self):
        from dataclasses import MISSING
        return (lambda: self.default.factory()) if isinstance(self.default, Factory) else MISSING

def attrib(default=NOTHING, validator=None, repr=True, cmp=None, hash=None, init=True, metadata=None, type=None, converter=None, factory=None, kw_only=False, eq=True, order=None, on_setattr=None, alias=None):
    if factory is not None:
        default = Factory(factory)
    return _Field(Attribute(default, validator, repr, eq is not False, init, converter, metadata, type, kw_only, alias))

def field(*, default=NOTHING, validator=None, repr=True, hash=None, init=True, metadata=None, type=None, converter=None, factory=None, kw_only=False, eq=True, order=None, on_setattr=None, alias=None):
    return attrib(default, validator, repr, None, hash, init, metadata, type, converter, factory, kw_only, eq)

class _Field:
    """What attr.ib() gives while the class is described."""
    def __init__(self, attribute):
        self._attribute = attribute
    def default(self, method):
        self._attribute.default = Factory(method, takes_self=True)
        return method
    def validator(self, method):
        self._attribute.validators.append(method)
        return method

def _described(cls, these, only_annotated):
    found = {}
    for base in reversed(cls.__mro__[1:]):
        for item in base.__dict__.get('__attrs_attrs__', ()):
            found[item.name] = item
    own = cls.__dict__
    hints = own.get('__annotations__', {})
    members = dict(these) if these is not None else {name: value for name, value in own.items() if isinstance(value, _Field)}
    if only_annotated:
        for name, hint in hints.items():
            if name not in members and getattr(hint, '__name__', '') != 'ClassVar':
                members[name] = own[name] if name in own else NOTHING
        members = {name: members[name] for name in [*(name for name in hints if name in members), *(name for name in members if name not in hints)]}
    for name, value in members.items():
        item = value._attribute if isinstance(value, _Field) else Attribute(value)
        item.name = name
        if item.type is None:
            item.type = hints.get(name)
        if item.alias is None:
            item.alias = name.lstrip('_')
        found[name] = item
        if these is None and name in own:
            delattr(cls, name)
    return list(found.values())

def _process(cls, these, only_annotated, init, repr, eq, frozen, kw_only):
    items = _described(cls, these, only_annotated)
    cls.__attrs_attrs__ = tuple(items)
    parameters = [('self', 'normal')]
    listed = [item for item in items if item.init]
    for item in listed:
        style = 'keywordOnly' if item.kw_only or kw_only else 'normal'
        parameters.append((item.alias, style) if item.default is NOTHING else (item.alias, style, NOTHING))
    def initialise(self, *values):
        before = getattr(self, '__attrs_pre_init__', None)
        if before is not None:
            before()
        given = dict(zip([item.name for item in listed], values))
        for item in items:
            value = given.get(item.name, NOTHING)
            if value is NOTHING:
                value = item.default
                if value is NOTHING:
                    continue
                if isinstance(value, Factory):
                    value = value.factory(self) if value.takes_self else value.factory()
            if not _is_unknown(value):
                for converter in item.converters:
                    value = converter(value)
            object.__setattr__(self, item.name, value)
        for item in items:
            for validator in item.validators:
                value = getattr(self, item.name)
                if not _is_unknown(value):
                    validator(self, item, value)
        after = getattr(self, '__attrs_post_init__', None)
        if after is not None:
            after()
    own = cls.__dict__
    name = '__init__' if init else '__attrs_init__'
    if '__init__' not in own or not init:
        setattr(cls, name, _function(cls.__qualname__ + '.' + name, parameters, initialise))
    if repr and '__repr__' not in own:
        def show(self):
            return type(self).__qualname__ + '(' + ', '.join(f'{item.name}={getattr(self, item.name)!r}' for item in items if item.repr) + ')'
        cls.__repr__ = show
    if eq and '__eq__' not in own:
        def equal(self, other):
            if type(other) is not type(self):
                return NotImplemented
            return all(getattr(self, item.name) == getattr(other, item.name) for item in items if item.eq)
        cls.__eq__ = equal
        cls.__hash__ = (lambda self: hash(tuple(getattr(self, item.name) for item in items))) if frozen else None
    if frozen:
        def refuse(self, name, value):
            raise FrozenInstanceError("can't set attribute")
        cls.__setattr__ = refuse
    return cls

class FrozenInstanceError(AttributeError):
    pass

def attrs(maybe_cls=None, these=None, repr_ns=None, repr=True, cmp=None, hash=None, init=True, slots=False, frozen=False, weakref_slot=True, str=False, auto_attribs=False, kw_only=False, eq=None, order=None, **options):
    def wrap(cls):
        return _process(cls, these, auto_attribs, init, repr, eq is not False, frozen, kw_only)
    return wrap if maybe_cls is None else wrap(maybe_cls)

def define(maybe_cls=None, *, these=None, repr=True, hash=None, init=True, slots=True, frozen=False, auto_attribs=None, kw_only=False, eq=True, order=False, **options):
    def wrap(cls):
        own = cls.__dict__
        hints = own.get('__annotations__', {})
        only = all(name in hints for name, value in own.items() if isinstance(value, _Field)) if auto_attribs is None else auto_attribs
        return _process(cls, these, only, init, repr, eq, frozen, kw_only)
    return wrap if maybe_cls is None else wrap(maybe_cls)

mutable = define

def frozen(maybe_cls=None, **options):
    return define(maybe_cls, **{**options, 'frozen': True})

def dataclass(maybe_cls=None, **options):
    return attrs(maybe_cls, **{**options, 'auto_attribs': True})

s = attributes = attrs
ib = attr = attrib

def fields(cls):
    return cls.__attrs_attrs__

def fields_dict(cls):
    return {item.name: item for item in cls.__attrs_attrs__}

def has(cls):
    return hasattr(cls, '__attrs_attrs__')

def asdict(inst, recurse=True, filter=None, **options):
    def plain(value):
        if has(type(value)):
            return asdict(value)
        if isinstance(value, (list, tuple)):
            return type(value)([plain(item) for item in value])
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        return value
    return {item.name: plain(getattr(inst, item.name)) if recurse else getattr(inst, item.name) for item in fields(type(inst))}

def astuple(inst, **options):
    return tuple(getattr(inst, item.name) for item in fields(type(inst)))

def evolve(inst, **changes):
    values = {item.alias: getattr(inst, item.name) for item in fields(type(inst)) if item.init}
    return type(inst)(**{**values, **changes})

assoc = evolve

def validate(inst):
    for item in fields(type(inst)):
        for validator in item.validators:
            validator(inst, item, getattr(inst, item.name))
`,
};

export const attrsValidatorsModule: ModuleSource = {
  prelude: `
def _check(test, message, error=ValueError):
    def validate(inst, attribute, value):
        if not test(value):
            raise error(f"'{attribute.name}' {message}: {value!r}")
    return validate

def instance_of(type):
    return _check(lambda value: isinstance(value, type), f'must be {type!r}', TypeError)

def in_(options):
    return _check(lambda value: value in options, f'must be in {options!r}')

def ge(val):
    return _check(lambda value: value >= val, f'must be >= {val}')

def gt(val):
    return _check(lambda value: value > val, f'must be > {val}')

def le(val):
    return _check(lambda value: value <= val, f'must be <= {val}')

def lt(val):
    return _check(lambda value: value < val, f'must be < {val}')

def optional(validator):
    def validate(inst, attribute, value):
        if value is not None:
            for one in validator if isinstance(validator, (list, tuple)) else [validator]:
                one(inst, attribute, value)
    return validate

def and_(*validators):
    def validate(inst, attribute, value):
        for one in validators:
            one(inst, attribute, value)
    return validate

def deep_iterable(member_validator, iterable_validator=None):
    return lambda inst, attribute, value: None

def is_callable():
    return _check(callable, 'must be callable', TypeError)
`,
};
