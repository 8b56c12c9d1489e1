/** pydantic: models made of annotations, both generations' names. Values are converted as far as their annotation is a plain type or a model. */
import type { ModuleSource } from '../../library';

export const pydanticModule: ModuleSource = {
  prelude: `
import copy as _copy
from enum import Enum as _Enum
from dataclasses import dataclass as _plain_dataclass
from _outside import exploring as _exploring, is_unknown as _is_unknown, keep_way as _keep_way, unknown as _unknown, untold as _untold

class _Undefined:
    def __repr__(self):
        return 'PydanticUndefined'

_undefined = _Undefined()

class ValidationError(ValueError):
    pass

class FieldInfo:
    def __init__(self, default=_undefined, default_factory=None, alias=None, **options):
        self.default = _undefined if default is ... else default
        self.default_factory = default_factory
        self.alias = alias or options.get('validation_alias')
        self.options = options
        self.annotation = None
    def is_required(self):
        return self.default is _undefined and self.default_factory is None
    def get_default(self):
        if self.default_factory is not None:
            return self.default_factory()
        return _copy.deepcopy(self.default) if isinstance(self.default, (list, dict, set, BaseModel)) else self.default
    def check(self, name, value):
        for key, holds in (('gt', lambda bound: value > bound), ('ge', lambda bound: value >= bound), ('lt', lambda bound: value < bound), ('le', lambda bound: value <= bound)):
            bound = self.options.get(key)
            if bound is not None and not holds(bound):
                raise ValidationError(f'{name}: Input should be {key} {bound}')

def Field(default=_undefined, *, default_factory=None, alias=None, **options):
    return FieldInfo(default, default_factory, alias, **options)

class PrivateAttr:
    def __init__(self, default=_undefined, *, default_factory=None, init=None):
        self.default = default
        self.default_factory = default_factory

def ConfigDict(**options):
    return options

class Extra(str, _Enum):
    allow = 'allow'
    ignore = 'ignore'
    forbid = 'forbid'

class _Check:
    def __init__(self, function, names, mode):
        self.function = function
        self.names = names
        self.mode = mode

def _inner(function):
    return function.__func__ if isinstance(function, classmethod) else function

def field_validator(*names, mode='after', check_fields=None):
    return lambda function: _Check(_inner(function), names, mode)

def validator(*names, pre=False, each_item=False, always=False, check_fields=None, allow_reuse=False):
    return lambda function: _Check(_inner(function), names, 'before' if pre else 'after')

def model_validator(*, mode='after'):
    return lambda function: _Check(_inner(function), None, mode)

def root_validator(*args, pre=False, skip_on_failure=False, allow_reuse=False):
    def decorate(function):
        return _Check(_inner(function), None, 'before' if pre else 'values')
    return decorate(args[0]) if args else decorate

def computed_field(function=None, **options):
    return function if function is not None else (lambda function: function)

def field_serializer(*names, **options):
    return lambda function: function

model_serializer = field_serializer

def validate_call(function=None, **options):
    return function if function is not None else (lambda function: function)

validate_arguments = validate_call

def _convert(kind, value, name):
    if _is_unknown(value) or value is None or not isinstance(kind, type) or isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    if issubclass(kind, BaseModel):
        return kind(**value) if isinstance(value, dict) else value
    if issubclass(kind, _Enum):
        try:
            return kind(value)
        except ValueError as problem:
            raise ValidationError(f'{name}: {problem}')
    if kind is bool and isinstance(value, str):
        if value.lower() in ('1', 'true', 't', 'yes', 'y', 'on'):
            return _keep_way(True, value)
        if value.lower() in ('0', 'false', 'f', 'no', 'n', 'off'):
            return _keep_way(False, value)
        raise ValidationError(f'{name}: Input should be a valid boolean')
    if kind in (int, float):
        try:
            made = kind(value)
        except (TypeError, ValueError):
            raise ValidationError(f'{name}: Input should be a valid {"integer" if kind is int else "number"}')
        if kind is int and isinstance(value, float) and made != value:
            raise ValidationError(f'{name}: Input should be a valid integer')
        return _keep_way(made, value)
    if kind is tuple and isinstance(value, list):
        return tuple(value)
    if kind is set and isinstance(value, list):
        return set(value)
    if kind is str and not isinstance(value, str):
        raise ValidationError(f'{name}: Input should be a valid string')
    if kind.__module__ == 'pathlib' and isinstance(value, str):
        return kind(value)
    return value

class _ModelMeta(type):
    def __new__(metacls, name, bases, namespace, **options):
        hints = namespace.get('__annotations__', {})
        found, checks, private = {}, [], {}
        for base in reversed(bases):
            found.update(getattr(base, 'model_fields', {}))
            checks.extend(getattr(base, '_checks_', []))
            private.update(getattr(base, '_private_', {}))
        kept = {}
        for key, value in namespace.items():
            if isinstance(value, _Check):
                checks.append(value)
            elif isinstance(value, PrivateAttr):
                private[key] = value
            elif key not in hints or key.startswith('_') or key == 'model_config':
                kept[key] = value
        for key, hint in hints.items():
            if key.startswith('_') or key == 'model_config' or getattr(hint, '__name__', '') == 'ClassVar':
                if key in namespace:
                    kept[key] = namespace[key]
                continue
            given = namespace.get(key, _undefined)
            info = given if isinstance(given, FieldInfo) else FieldInfo(given)
            # Before the second generation, and where it says so, Optional alone means None.
            info.annotation = hint
            found[key] = info
        cls = super().__new__(metacls, name, bases, kept)
        cls.model_fields = found
        cls.__fields__ = found
        cls._checks_ = checks
        cls._private_ = private
        return cls

class BaseModel(metaclass=_ModelMeta):
    def __init__(self, **data):
        config = type(self)._config()
        for check in self._checks_:
            if check.names is None and check.mode == 'before':
                data = check.function(type(self), data)
        values = {}
        for name, info in self.model_fields.items():
            if info.alias is not None and info.alias in data:
                value = data.pop(info.alias)
            elif name in data:
                value = data.pop(name)
            else:
                if info.is_required():
                    value = self._absent(name)
                else:
                    value = info.get_default()
                values[name] = value
                continue
            for check in self._checks_:
                if check.names is not None and check.mode == 'before' and name in check.names:
                    value = _checked(check, type(self), value, values)
            value = _convert(info.annotation, value, name)
            if not _is_unknown(value) and value is not None:
                info.check(name, value)
            for check in self._checks_:
                if check.names is not None and check.mode == 'after' and name in check.names:
                    value = _checked(check, type(self), value, values)
            values[name] = value
        if data and config.get('extra', 'ignore') == 'forbid':
            raise ValidationError('Extra inputs are not permitted: ' + ', '.join(data))
        for check in self._checks_:
            if check.names is None and check.mode == 'values':
                values = check.function(type(self), values)
        for name, value in values.items():
            object.__setattr__(self, name, value)
        if config.get('extra', 'ignore') == 'allow':
            for name, value in data.items():
                object.__setattr__(self, name, value)
        for name, item in self._private_.items():
            object.__setattr__(self, name, item.default_factory() if item.default_factory is not None else item.default)
        for check in self._checks_:
            if check.names is None and check.mode == 'after':
                check.function(self)
        if hasattr(self, 'model_post_init'):
            self.model_post_init(None)
    @classmethod
    def _config(cls):
        config = dict(getattr(cls, 'model_config', {}))
        old = getattr(cls, 'Config', None)
        if old is not None:
            for name in ('extra', 'frozen', 'allow_mutation', 'validate_assignment'):
                if hasattr(old, name):
                    config[name] = getattr(old, name)
        return config
    def _absent(self, name):
        raise ValidationError(f'{name}: Field required')
    def __setattr__(self, name, value):
        config = type(self)._config()
        if config.get('frozen') or config.get('allow_mutation') is False:
            raise ValidationError(f'{name}: Instance is frozen')
        if config.get('validate_assignment') and name in self.model_fields:
            value = _convert(self.model_fields[name].annotation, value, name)
        object.__setattr__(self, name, value)
    def __eq__(self, other):
        return type(self) is type(other) and vars(self) == vars(other)
    def __hash__(self):
        return hash(tuple(vars(self).values()))
    def __iter__(self):
        return iter([(name, getattr(self, name)) for name in self.model_fields])
    def __repr__(self):
        return type(self).__name__ + '(' + ', '.join(f'{name}={getattr(self, name)!r}' for name in self.model_fields) + ')'
    def __str__(self):
        return ' '.join(f'{name}={getattr(self, name)!r}' for name in self.model_fields)
    def model_dump(self, *, mode='python', include=None, exclude=None, by_alias=False, exclude_none=False, **options):
        names = [name for name in self.model_fields if (include is None or name in include) and (exclude is None or name not in exclude)]
        return {name: _dumped(getattr(self, name)) for name in names if not (exclude_none and getattr(self, name) is None)}
    def dict(self, **options):
        return self.model_dump(**options)
    def model_dump_json(self, **options):
        import json
        return json.dumps(self.model_dump(), separators=(',', ':'))
    def json(self, **options):
        return self.model_dump_json()
    def model_copy(self, *, update=None, deep=False):
        return type(self).model_construct(**{**{name: getattr(self, name) for name in self.model_fields}, **(update or {})})
    def copy(self, *, update=None, **options):
        return self.model_copy(update=update)
    @classmethod
    def model_construct(cls, _fields_set=None, **values):
        made = object.__new__(cls)
        for name, info in cls.model_fields.items():
            object.__setattr__(made, name, values[name] if name in values else info.get_default())
        return made
    construct = model_construct
    @classmethod
    def model_validate(cls, obj, **options):
        if _is_unknown(obj) or isinstance(obj, cls):
            return obj
        return cls(**obj)
    @classmethod
    def parse_obj(cls, obj):
        return cls.model_validate(obj)
    @classmethod
    def model_validate_json(cls, json_data, **options):
        import json
        return cls.model_validate(json.loads(json_data))
    @classmethod
    def parse_raw(cls, b, **options):
        return cls.model_validate_json(b)
    @classmethod
    def parse_file(cls, path, **options):
        import json
        return cls.model_validate(json.load(open(path)))
    @classmethod
    def model_rebuild(cls, **options):
        pass
    update_forward_refs = model_rebuild

def _checked(check, cls, value, values):
    try:
        from inspect import signature
        count = len(signature(check.function).parameters)
        return check.function(cls, value, values) if count > 2 else check.function(cls, value)
    except (ValueError, AssertionError) as problem:
        raise ValidationError(str(problem))

def _dumped(value):
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, (list, tuple)):
        return type(value)([_dumped(item) for item in value])
    if isinstance(value, dict):
        return {key: _dumped(item) for key, item in value.items()}
    return value

class BaseSettings(BaseModel):
    def __init__(self, _env_file=None, **data):
        super().__init__(**data)
    def _absent(self, name):
        # Only the environment can give it.
        return _unknown(f'{name} (of the environment)') if _exploring() else super()._absent(name)

def create_model(model_name, **fields):
    hints = {name: item[0] if isinstance(item, tuple) else type(item) for name, item in fields.items()}
    values = {name: item[1] if isinstance(item, tuple) else item for name, item in fields.items()}
    return _ModelMeta(model_name, (BaseModel,), {'__annotations__': hints, **{name: FieldInfo(value) if not isinstance(value, FieldInfo) else value for name, value in values.items()}})

class _Constrained:
    def __class_getitem__(cls, item):
        return cls

PositiveInt = NonNegativeInt = NegativeInt = StrictInt = int
PositiveFloat = NonNegativeFloat = NegativeFloat = StrictFloat = FiniteFloat = float
StrictStr, StrictBool, SecretStr = str, bool, str

def conint(**options):
    return int

def confloat(**options):
    return float

def constr(**options):
    return str

class dataclasses:
    dataclass = staticmethod(_plain_dataclass)
`,
};

export const pydanticDataclassesModule: ModuleSource = {
  prelude: `
from dataclasses import dataclass as _dataclass

def dataclass(cls=None, /, *, config=None, validate_on_init=None, **options):
    return _dataclass(cls, **options)
`,
};
