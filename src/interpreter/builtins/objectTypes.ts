/** Methods of object, type, functions, properties, exceptions, generators and iterators. */
import { plainGetAttribute, plainSetAttribute } from '../attributes';
import { abstractMethods, buildClass } from '../classes';
import type { Context } from '../context';
import { exceptionText } from '../representation';
import { Raised, exceptionClass, isException, newException } from '../exceptions';
import { method, native, property, staticMethod } from '../library';
import type { Machine } from '../machine';
import { noKeywords } from '../signature';
import type { Arguments } from '../signature';
import { TYPE, attributesOf } from '../types';
import type { PropertyValue, Value } from '../value';
import { NONE, NOT_IMPLEMENTED, bool, boundMethod, instance, int, isSubclass, str, tuple } from '../value';

type Members = readonly (readonly [string, Value])[];

const machineOf = (context: Context): Machine => context as Machine;

export const objectMembers: Members = [
  [
    '__new__',
    native('object.__new__', 'cls, *args, **kwargs', (context, args) => {
      const cls = args.value('cls');
      if (cls.kind !== 'class') return context.raise('TypeError', 'object.__new__(X): X is not a type object');
      const missing = abstractMethods(machineOf(context), cls);
      if (missing.length > 0)
        return context.raise(
          'TypeError',
          `Can't instantiate abstract class ${cls.name} with abstract method${missing.length === 1 ? '' : 's'} ${missing.join(', ')}`,
        );
      return instance(cls);
    }),
  ],
  ['__repr__', method('object.__repr__', 'self', (context, args) => str(defaultRepr(context, args.value('self'))))],
  ['__str__', method('object.__str__', 'self', (context, args) => str(context.repr(args.value('self'))))],
  [
    '__format__',
    method('object.__format__', 'self, spec', (context, args) => {
      const self = args.value('self');
      if (self.kind !== 'instance') return str(context.format(self, args.string('spec')));
      if (args.string('spec') === '') return str(context.str(self));
      return context.raise('TypeError', `unsupported format string passed to ${self.class.name}.__format__`);
    }),
  ],
  [
    '__init_subclass__',
    {
      kind: 'classMethod',
      function: method('object.__init_subclass__', 'cls', () => NONE),
    },
  ],
];

function defaultRepr(context: Context, value: Value): string {
  const cls = context.typeOf(value);
  const name = cls.module === 'builtins' ? cls.name : `${cls.module}.${cls.qualifiedName}`;
  return `<${name} object at 0x${machineOf(context).identity(value).toString(16).padStart(12, '0')}>`;
}

/** Found on every object, but not offered as an override of what built-in types do themselves. */
export const objectFallbackMembers: Members = [
  [
    '__setattr__',
    method('object.__setattr__', 'self, name, value', (context, args) => {
      plainSetAttribute(context, args.value('self'), args.string('name'), args.value('value'));
      return NONE;
    }),
  ],
  [
    '__delattr__',
    method('object.__delattr__', 'self, name', (context, args) => {
      if (attributesOf(args.value('self'))?.delete(args.string('name')) === true) return NONE;
      return context.raise(
        'AttributeError',
        `'${context.typeOf(args.value('self')).name}' object has no attribute '${args.string('name')}'`,
      );
    }),
  ],
  [
    '__getattribute__',
    method('object.__getattribute__', 'self, name', (context, args) => plainGetAttribute(context, args.value('self'), args.string('name'))),
  ],
  ['__init__', method('object.__init__', 'self', () => NONE)],
  [
    '__eq__',
    method('object.__eq__', 'self, other', (_, args) => (args.value('self') === args.value('other') ? bool(true) : NOT_IMPLEMENTED)),
  ],
  ['__ne__', method('object.__ne__', 'self, other', (context, args) => bool(!context.equals(args.value('self'), args.value('other'))))],
  ['__hash__', method('object.__hash__', 'self', (context, args) => int(BigInt(machineOf(context).identity(args.value('self'))) >> 4n))],
  [
    '__dir__',
    method('object.__dir__', 'self', (context, args) => context.call(machineOf(context).builtins.get('dir')!, [args.value('self')])),
  ],
  ['__reduce__', method('object.__reduce__', 'self', (context) => context.unsupported('pickling'))],
  ['__sizeof__', method('object.__sizeof__', 'self', (context) => context.unsupported('sizes in memory'))],
];

export const typeMembers: Members = [
  [
    '__new__',
    staticMethod(
      method('type.__new__', ['cls, object, /', 'cls, name, bases, dict, /, **kwargs'], (context, args) => {
        if (args.overload === 0) return context.typeOf(args.value('object'));
        const metaclass = args.value('cls');
        const bases = context.toArray(args.value('bases')).flatMap((base) => (base.kind === 'class' ? [base] : []));
        const names = args.value('dict');
        const namespace = new Map<string, Value>();
        if (names.kind === 'dict') for (const [key, value] of names.entries) namespace.set(context.str(key), value);
        const name = args.string('name');
        const module = namespace.get('__module__');
        const qualified = namespace.get('__qualname__');
        return buildClass(
          machineOf(context),
          name,
          bases,
          namespace,
          metaclass.kind === 'class' && metaclass !== TYPE ? metaclass : null,
          args.keywords,
          {
            qualifiedName: qualified?.kind === 'str' ? qualified.value : name,
            module: module?.kind === 'str' ? module.value : '__main__',
            unknownBase: null,
          },
        );
      }),
    ),
  ],
  [
    '__call__',
    method('type.__call__', 'cls, *args, **kwargs', (context, args) => {
      const cls = args.value('cls');
      if (cls.kind !== 'class') return context.raise('TypeError', 'type.__call__ needs a class');
      // Without the metaclass, so that a metaclass's own `__call__` can come here through super().
      return machineOf(context).instantiate(cls, args.rest, args.keywords);
    }),
  ],
  [
    'mro',
    method('type.mro', 'cls', (context, args) => {
      const cls = args.value('cls');
      return cls.kind === 'class'
        ? { kind: 'list', items: [...cls.mro], class: null, attributes: null }
        : context.raise('TypeError', 'mro() needs a class');
    }),
  ],
  ['__subclasses__', method('type.__subclasses__', 'cls', (context) => context.unsupported('type.__subclasses__'))],
];

// -------------------------------------------------------------------------------------------------------- properties

function propertyOf(context: Context, args: Arguments): PropertyValue {
  const value = args.value('self');
  return value.kind === 'property' ? value : context.raise('TypeError', 'not a property');
}

const orNull = (value: Value): Value | null => (value.kind === 'none' ? null : value);

export const propertyMembers: Members = [
  native('property.__new__', 'cls, fget=None, fset=None, fdel=None, doc=None', (_, args) => ({
    kind: 'property',
    getter: orNull(args.value('fget')),
    setter: orNull(args.value('fset')),
    deleter: orNull(args.value('fdel')),
  })),
  method('property.getter', 'self, fn', (context, args) => ({ ...propertyOf(context, args), getter: args.value('fn') })),
  method('property.setter', 'self, fn', (context, args) => ({ ...propertyOf(context, args), setter: args.value('fn') })),
  method('property.deleter', 'self, fn', (context, args) => ({ ...propertyOf(context, args), deleter: args.value('fn') })),
].map((fn) => [fn.name, fn] as const);

export const staticMethodMembers: Members = [
  ['__new__', native('staticmethod.__new__', 'cls, fn', (_, args) => ({ kind: 'staticMethod', function: args.value('fn') }))],
];
export const classMethodMembers: Members = [
  ['__new__', native('classmethod.__new__', 'cls, fn', (_, args) => ({ kind: 'classMethod', function: args.value('fn') }))],
];

export const functionMembers: Members = [
  [
    '__get__',
    method('function.__get__', 'self, instance, owner=None', (_, args) =>
      args.value('instance').kind === 'none' ? args.value('self') : boundMethod(args.value('instance'), args.value('self')),
    ),
  ],
  [
    '__call__',
    method('function.__call__', 'self, *args, **kwargs', (context, args) => context.call(args.value('self'), args.rest, args.keywords)),
  ],
];

export const superMembers: Members = [
  [
    '__new__',
    native('super.__new__', 'cls, type=..., object=...', (context, args) => {
      if (args.given('type')) {
        const after = args.value('type');
        if (after.kind === 'unknown') return context.unsupported(after.what);
        if (after.kind !== 'class')
          return context.raise('TypeError', `super() argument 1 must be a type, not ${context.typeOf(after).name}`);
        const receiver = args.value('object');
        const fits =
          receiver.kind === 'class'
            ? isSubclass(receiver, after) || context.isInstance(receiver, after)
            : context.isInstance(receiver, after);
        if (!fits) return context.raise('TypeError', 'super(type, obj): obj must be an instance or subtype of type');
        return { kind: 'super', after, receiver };
      }
      const frame = context.frame();
      if (frame === null || frame.firstArgument === null) return context.raise('RuntimeError', 'super(): no arguments');
      const after = frame.lookup('__class__');
      if (after?.kind !== 'class') return context.raise('RuntimeError', 'super(): __class__ cell not found');
      return { kind: 'super', after, receiver: frame.firstArgument };
    }),
  ],
];

// -------------------------------------------------------------------------------------------------------- exceptions

export const exceptionMembers: Members = [
  [
    '__new__',
    native('BaseException.__new__', 'cls, *args, **kwargs', (context, args) => {
      const cls = args.value('cls');
      return cls.kind === 'class' ? newException(cls, args.rest) : context.raise('TypeError', 'an exception class is needed');
    }),
  ],
  [
    '__init__',
    method('BaseException.__init__', 'self, *args, **kwargs', (context, args) => {
      const self = args.value('self');
      if (!isException(self)) return NONE;
      if (args.keywords.size > 0 && self.class.sealed) {
        const known = self.class.name === 'AttributeError' || self.class.name === 'NameError' || self.class.name === 'ImportError';
        if (!known) return context.raise('TypeError', `${self.class.name}() takes no keyword arguments`);
        for (const [name, value] of args.keywords) self.attributes.set(name, value);
      }
      self.attributes.set('args', tuple(args.rest));
      return NONE;
    }),
  ],
  ['with_traceback', method('BaseException.with_traceback', 'self, tb', (_, args) => args.value('self'))],
  ['add_note', method('BaseException.add_note', 'self, note', () => NONE)],
  [
    '__str__',
    method('BaseException.__str__', 'self', (context, args) => {
      const self = args.value('self');
      return str(self.kind === 'instance' ? exceptionText(machineOf(context), self) : '');
    }),
  ],
  ['__cause__', fallback('__cause__')],
  ['__context__', fallback('__context__')],
  ['__traceback__', fallback('__traceback__')],
];

/** An attribute that is None until it is set. */
function fallback(name: string): PropertyValue {
  return property(
    name,
    (_, self) => attributesOf(self)?.get(name) ?? NONE,
    (_, self, value) => {
      attributesOf(self)?.set(name, value);
    },
  );
}

export const stopIterationMembers: Members = [
  [
    'value',
    property('value', (_, self) => {
      const args = attributesOf(self)?.get('args');
      return args?.kind === 'tuple' ? (args.items[0] ?? NONE) : NONE;
    }),
  ],
];
export const systemExitMembers: Members = [['code', stopIterationMembers[0]![1]]];

// ------------------------------------------------------------------------------------------- generators and iterators

function resume(context: Context, args: Arguments, resumption: Parameters<Machine['resumeStep']>[1]): Value {
  const machine = machineOf(context);
  const self = args.value('self');
  if (self.kind !== 'generator') return context.raise('TypeError', 'not a generator');
  const step = machine.resumeStep(self, resumption);
  if (!step.done) return step.value;
  throw new Raised(
    newException(exceptionClass('StopIteration'), step.value.kind === 'none' ? [] : [step.value]),
    machine.here,
    machine.traceback(),
  );
}

export const generatorMembers: Members = [
  method('generator.__iter__', 'self', (_, args) => args.value('self')),
  method('generator.__next__', 'self', (context, args) => resume(context, args, { send: NONE })),
  method('generator.send', 'self, value, /', (context, args) => resume(context, args, { send: args.value('value') })),
  method('generator.throw', 'self, type, value=None, traceback=None, /', (context, args) => {
    const given = args.value('type');
    const exception =
      given.kind === 'class' ? context.call(given, args.optional('value') === null ? [] : [args.value('value')], noKeywords) : given;
    if (!isException(exception)) return context.raise('TypeError', 'exceptions must be classes or instances deriving from BaseException');
    return resume(context, args, { raise: new Raised(exception, machineOf(context).here, machineOf(context).traceback()) });
  }),
  method('generator.close', 'self', (context, args) => {
    const self = args.value('self');
    if (self.kind !== 'generator' || self.state === 'finished') return NONE;
    const machine = machineOf(context);
    const exit = new Raised(newException(exceptionClass('GeneratorExit'), []), machine.here, machine.traceback());
    try {
      resume(context, args, { raise: exit });
    } catch (error) {
      const raised = machine.asRaised(error);
      if (raised === null) throw error;
      const { class: cls } = raised.exception;
      if (isSubclass(cls, exceptionClass('GeneratorExit')) || isSubclass(cls, exceptionClass('StopIteration'))) return NONE;
      throw error;
    }
    return context.raise('RuntimeError', 'generator ignored GeneratorExit');
  }),
].map((fn) => [fn.name, fn] as const);

export const iteratorMembers: Members = [
  method('iterator.__iter__', 'self', (_, args) => args.value('self')),
  method('iterator.__next__', 'self', (context, args) => {
    const self = args.value('self');
    const next = self.kind === 'iterator' ? self.next() : null;
    return next ?? context.raise('StopIteration', '');
  }),
].map((fn) => [fn.name, fn] as const);
