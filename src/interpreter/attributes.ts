/** Python's attribute access: descriptors, method resolution order, `__getattr__`. Nothing but our own values can be found on the way. */
import type { Machine } from './machine';
import { exceptionClass, Raised } from './exceptions';
import { hasRealName } from './realNames';
import { FUNCTION, GENERATOR, MODULE, OBJECT, TYPE, attributesOf, typeOf } from './types';
import type { ClassValue, FunctionValue, Value } from './value';
import { NONE, boundMethod, findInClass, isSubclass, str, tuple, unknown, dict } from './value';
import { Dictionary, NamesDictionary } from './dictionary';

type Attributes = Pick<Machine, 'getAttribute' | 'findAttribute' | 'setAttribute' | 'deleteAttribute'>;

export function createAttributes(machine: Machine): Attributes {
  const ATTRIBUTE_ERROR = exceptionClass('AttributeError');

  function getAttribute(object: Value, name: string): Value {
    return lookup(object, name) ?? missing(object, name);
  }

  /** null instead of an AttributeError; other exceptions (and Unsupported) pass. */
  function findAttribute(object: Value, name: string): Value | null {
    try {
      return lookup(object, name);
    } catch (error) {
      if (error instanceof Raised && isSubclass(error.exception.class, ATTRIBUTE_ERROR)) return null;
      throw error;
    }
  }

  function lookup(object: Value, name: string): Value | null {
    switch (object.kind) {
      case 'unknown':
        return unknown(`${object.what}.${name}`, machine.here);
      case 'module':
        return ofModule(object, name);
      case 'class':
        return ofClass(object, name);
      case 'super':
        return ofSuper(object, name);
      default:
        return ofObject(object, name);
    }
  }

  function ofModule(module: Extract<Value, { kind: 'module' }>, name: string): Value | null {
    const found = module.members.get(name);
    if (found !== undefined) return found;
    if (name === '__name__') return str(module.name);
    if (name === '__dict__') return namespaceDict(module.members);
    if (module.file !== undefined) return ofOwnModule(module, name);
    const child = machine.modules.get(`${module.name}.${name}`);
    if (child?.kind === 'module') return child;
    const special = module.members.get('__getattr__');
    if (special !== undefined) return machine.call(special, [str(name)]);
    if (machine.hasModule(`${module.name}.${name}`)) return machine.importByName(`${module.name}.${name}`, machine.here);
    if (module.isRealName(name)) return unknown(`${module.name}.${name}`, machine.here);
    return findInClass(MODULE, name);
  }

  /** A module of the person's has what it binds, whatever a library of its name has. */
  function ofOwnModule(module: Extract<Value, { kind: 'module' }>, name: string): Value | null {
    const special = module.members.get('__getattr__');
    if (special !== undefined) return machine.call(special, [str(name)]);
    if (module.isRealName(name)) return unknown(`${module.name}.${name}`, machine.here);
    return findInClass(MODULE, name);
  }

  function ofClass(cls: ClassValue, name: string): Value | null {
    const meta = cls.metaclass ?? TYPE;
    const onMeta = findInClass(meta, name);
    if (onMeta?.kind === 'property') return descriptorGet(onMeta, cls, meta);
    const found = findInClass(cls, name);
    // What `object` gives to all classes is seen only behind what the metaclass says (repr of a class is not object's).
    if (found !== null && !(onMeta !== null && meta !== TYPE && OBJECT.namespace.get(name) === found)) return bindToClass(found, cls);
    switch (name) {
      case '__name__':
        return str(cls.name);
      case '__qualname__':
        return str(cls.qualifiedName);
      case '__module__':
        return str(cls.module);
      case '__bases__':
        return tuple(cls.bases);
      case '__base__':
        return cls.bases[0] ?? NONE;
      case '__mro__':
        return tuple(cls.mro);
      case '__dict__':
        return namespaceDict(cls.namespace, false);
      case '__class__':
        return meta;
      case '__doc__':
        return NONE;
      case '__subclasses__':
        return null;
    }
    if (onMeta !== null) return bind(onMeta, cls, meta);
    const getter = findInClass(meta, '__getattr__');
    if (getter !== null) return machine.call(getter, [cls, str(name)]);
    if (cls.unknownBase !== null && !isDunder(name)) return unknown(`${cls.unknownBase.what}.${name}`, machine.here);
    return objectFallbacks.get(name) ?? null;
  }

  function bindToClass(found: Value, cls: ClassValue): Value {
    switch (found.kind) {
      case 'staticMethod':
        return found.function;
      case 'classMethod':
        return boundMethod(cls, found.function);
      case 'instance': {
        const getter = findInClass(found.class, '__get__');
        return getter === null ? found : machine.call(getter, [found, NONE, cls]);
      }
      default:
        return found;
    }
  }

  function ofSuper(object: Extract<Value, { kind: 'super' }>, name: string): Value | null {
    const { receiver, after } = object;
    const isType = receiver.kind === 'class' && isSubclass(receiver, after);
    const cls = isType ? receiver : typeOf(receiver);
    const from = cls.mro.indexOf(after) + 1;
    for (const base of cls.mro.slice(from)) {
      const found = base.namespace.get(name);
      if (found === undefined) continue;
      // The unknown base stands in front of object.
      if (base === OBJECT && cls.unknownBase !== null) break;
      if (found.kind === 'native' && found.name === '__new__') return found;
      return isType ? bindToClass(found, cls) : bind(found, receiver, cls);
    }
    if (name === '__class__') return typeOf(object);
    if (cls.unknownBase !== null) {
      if (name === '__init__') {
        machine.note(`${cls.unknownBase.what} is not known here: what its __init__ would do was left out`);
        return findInClass(OBJECT, '__new__') === null ? null : boundMethod(receiver, acceptAnything);
      }
      return unknown(`${cls.unknownBase.what}.${name}`, machine.here);
    }
    const fallback = objectFallbacks.get(name);
    return fallback === undefined ? null : boundMethod(receiver, fallback);
  }

  function ofObject(object: Value, name: string): Value | null {
    const cls = typeOf(object);
    if (object.kind === 'instance' || object.kind === 'tensor') {
      const hook = findInClass(cls, '__getattribute__');
      if (hook !== null && hook.kind === 'function') return machine.call(hook, [object, str(name)]);
    }
    return plainLookup(object, cls, name) ?? asked(object, cls, name);
  }

  function plainLookup(object: Value, cls: ClassValue, name: string): Value | null {
    const found = findInClass(cls, name);
    if (found !== null && isDataDescriptor(found)) return descriptorGet(found, object, cls);
    const own = ownAttribute(object, name);
    if (own !== undefined) return own;
    if (found !== null) return bind(found, object, cls);
    return intrinsic(object, cls, name);
  }

  function asked(object: Value, cls: ClassValue, name: string): Value | null {
    const getter = findInClass(cls, '__getattr__');
    if (getter !== null) return machine.call(getter, [object, str(name)]);
    if (cls.unknownBase !== null && !isDunder(name)) return unknown(`${cls.unknownBase.what}.${name}`, machine.here);
    if (hasRealName(cls, name)) return machine.unsupported(`${cls.name}.${name}`);
    const fallback = objectFallbacks.get(name);
    return fallback === undefined ? null : boundMethod(object, fallback);
  }

  /** Attributes that every object or every function has without a class giving them. */
  function intrinsic(object: Value, cls: ClassValue, name: string): Value | null {
    switch (name) {
      case '__class__':
        return cls;
      case '__dict__': {
        const attributes = attributesOf(object);
        return attributes === null ? null : namespaceDict(attributes);
      }
      case '__doc__':
        if (object.kind === 'function') return ofFunction(object, name);
        return object.kind === 'native' && object.doc !== null ? str(object.doc) : NONE;
      case '__module__':
        return object.kind === 'function' ? str(object.code.unit.moduleName) : str(cls.module);
    }
    switch (object.kind) {
      case 'function':
        return ofFunction(object, name);
      case 'native':
        return name === '__name__' ? str(object.name) : name === '__qualname__' ? str(object.qualifiedName) : null;
      case 'boundMethod':
        if (name === '__self__') return object.receiver;
        if (name === '__func__') return object.function;
        return lookup(object.function, name);
      case 'staticMethod':
      case 'classMethod':
        return name === '__func__' || name === '__wrapped__' ? object.function : lookup(object.function, name);
      case 'property':
        if (name === 'fget') return object.getter ?? NONE;
        if (name === 'fset') return object.setter ?? NONE;
        if (name === '__isabstractmethod__' && object.getter !== null) return findAttribute(object.getter, name);
        return null;
      case 'slice':
        return name === 'start' || name === 'stop' || name === 'step' ? object[name] : null;
      case 'generator':
        return name === '__name__' ? str(object.name) : findInClass(GENERATOR, name);
      case 'complex':
        if (name === 'real' || name === 'imag')
          return { kind: 'float', value: name === 'real' ? object.real : object.imaginary, class: null, attributes: null };
        return null;
      default:
        return null;
    }
  }

  function ofFunction(fn: FunctionValue, name: string): Value | null {
    switch (name) {
      case '__name__':
        return str(fn.name);
      case '__qualname__':
        return str(fn.qualifiedName);
      case '__doc__':
        return fn.code.docstring === null ? NONE : str(fn.code.docstring);
      case '__defaults__': {
        const values = [...fn.defaults.values()];
        return values.length === 0 ? NONE : tuple(values);
      }
      case '__annotations__':
        return dict(new Dictionary());
      default:
        return findInClass(FUNCTION, name);
    }
  }

  function bind(found: Value, object: Value, cls: ClassValue): Value {
    switch (found.kind) {
      case 'function':
        return boundMethod(object, found);
      case 'native':
        return found.isMethod ? boundMethod(object, found) : found;
      case 'staticMethod':
        return found.function;
      case 'classMethod':
        return boundMethod(object.kind === 'class' ? object : cls, found.function);
      case 'property':
      case 'instance':
        return descriptorGet(found, object, cls);
      default:
        return found;
    }
  }

  function descriptorGet(found: Value, object: Value, cls: ClassValue): Value {
    if (found.kind === 'property') {
      if (found.getter === null) return machine.raise('AttributeError', 'unreadable attribute');
      return machine.call(found.getter, [object]);
    }
    if (found.kind === 'instance') {
      const getter = findInClass(found.class, '__get__');
      if (getter !== null) return machine.call(getter, [found, object, cls]);
    }
    return found;
  }

  function missing(object: Value, name: string): never {
    if (object.kind === 'module') machine.raise('AttributeError', `module '${object.name}' has no attribute '${name}'`);
    if (object.kind === 'class') machine.raise('AttributeError', `type object '${object.name}' has no attribute '${name}'`);
    if (object.kind === 'super') machine.raise('AttributeError', `'super' object has no attribute '${name}'`);
    return machine.raise('AttributeError', `'${typeOf(object).name}' object has no attribute '${name}'`);
  }

  function setAttribute(object: Value, name: string, value: Value): void {
    if (object.kind === 'class') {
      setOnClass(object, name, value);
      return;
    }
    if (object.kind === 'module') {
      machine.note(`${object.name}.${name} was replaced by the code`);
      object.members.set(name, value);
      return;
    }
    if (object.kind === 'unknown') machine.unsupported(`${object.what}.${name}`);
    const cls = typeOf(object);
    const hook = findInClass(cls, '__setattr__');
    if (hook !== null) machine.call(hook, [object, str(name), value]);
    else setPlainly(object, cls, name, value);
  }

  function setPlainly(object: Value, cls: ClassValue, name: string, value: Value): void {
    const found = findInClass(cls, name);
    if (found?.kind === 'property') {
      if (found.setter === null) machine.raise('AttributeError', `property '${name}' of '${cls.name}' object has no setter`);
      machine.call(found.setter, [object, value]);
      return;
    }
    if (found?.kind === 'instance') {
      const setter = findInClass(found.class, '__set__');
      if (setter !== null) {
        machine.call(setter, [found, object, value]);
        return;
      }
    }
    if (name === '__class__' && object.kind === 'instance' && value.kind === 'class') {
      if (value.sealed !== object.class.sealed) machine.raise('TypeError', '__class__ assignment only supported for heap types');
      object.class = value;
      return;
    }
    if (object.kind === 'class') {
      if (object.sealed) machine.raise('TypeError', `cannot set '${name}' attribute of immutable type '${object.name}'`);
      object.namespace.set(name, value);
      return;
    }
    if (object.kind === 'function' && name === '__name__' && value.kind === 'str') object.name = value.value;
    const attributes = object.kind === 'instance' && object.class === OBJECT ? null : attributesOf(object);
    const slots = findInClass(cls, '__slots__');
    if (attributes === null || (slots !== null && object.kind === 'instance' && !allowedBySlots(cls, name)))
      machine.raise('AttributeError', `'${cls.name}' object has no attribute '${name}'`);
    else {
      const shared = attributes.get('__dict__');
      if (shared?.kind === 'dict' && name !== '__dict__') shared.entries.setString(name, value);
      else attributes.set(name, value);
    }
  }

  /** Every class of the order must have `__slots__`, else instances have a `__dict__`. */
  function allowedBySlots(cls: ClassValue, name: string): boolean {
    for (const c of cls.mro) {
      if (c === OBJECT) continue;
      const slots = c.namespace.get('__slots__');
      if (slots === undefined) return true;
      const names = slots.kind === 'str' ? [slots.value] : machine.toArray(slots).map((s) => machine.str(s));
      if (names.includes(name) || names.includes('__dict__')) return true;
    }
    return false;
  }

  function setOnClass(cls: ClassValue, name: string, value: Value): void {
    const hook = cls.metaclass === null ? null : findInClass(cls.metaclass, '__setattr__');
    if (hook !== null) {
      machine.call(hook, [cls, str(name), value]);
      return;
    }
    if (cls.sealed) machine.raise('TypeError', `cannot set '${name}' attribute of immutable type '${cls.name}'`);
    cls.namespace.set(name, value);
  }

  function deleteAttribute(object: Value, name: string): void {
    if (object.kind === 'class') {
      if (object.sealed) machine.raise('TypeError', `cannot set '${name}' attribute of immutable type '${object.name}'`);
      if (!object.namespace.delete(name)) missing(object, name);
      return;
    }
    if (object.kind === 'module') {
      if (!object.members.delete(name)) missing(object, name);
      return;
    }
    const cls = typeOf(object);
    const hook = findInClass(cls, '__delattr__');
    if (hook !== null) {
      machine.call(hook, [object, str(name)]);
      return;
    }
    const found = findInClass(cls, name);
    if (found?.kind === 'property') {
      if (found.deleter === null) machine.raise('AttributeError', `property '${name}' of '${cls.name}' object has no deleter`);
      machine.call(found.deleter, [object]);
      return;
    }
    if (attributesOf(object)?.delete(name) !== true) missing(object, name);
  }

  plain.set(machine, { get: (object, name) => plainLookup(object, typeOf(object), name) ?? missing(object, name), set: setPlainly });
  return { getAttribute, findAttribute, setAttribute, deleteAttribute };
}

interface Plain {
  readonly get: (object: Value, name: string) => Value;
  readonly set: (object: Value, cls: ClassValue, name: string, value: Value) => void;
}
const plain = new WeakMap<object, Plain>();

/** Methods of `object` that classes call through super(). They are not in its namespace, where they would be taken for overrides. */
export const objectFallbacks = new Map<string, Value>();

/** object.__getattribute__ and object.__setattr__: what a class's own `__setattr__` calls through super(). */
export const plainGetAttribute = (machine: object, object: Value, name: string): Value => plain.get(machine)!.get(object, name);
export const plainSetAttribute = (machine: object, object: Value, name: string, value: Value): void => {
  plain.get(machine)!.set(object, typeOf(object), name, value);
};

const acceptAnything: Value = {
  kind: 'native',
  name: '__init__',
  qualifiedName: '__init__',
  signatures: [],
  call: () => NONE,
  isMethod: true,
  doc: null,
};

/** `self.__dict__ = other` makes that dict (perhaps the object itself) hold the attributes from then on. */
function ownAttribute(object: Value, name: string): Value | undefined {
  const attributes = attributesOf(object);
  const shared = attributes?.get('__dict__');
  return shared?.kind === 'dict' && name !== '__dict__' ? shared.entries.getString(name) : attributes?.get(name);
}

export function isDataDescriptor(found: Value): boolean {
  return found.kind === 'property' || (found.kind === 'instance' && findInClass(found.class, '__set__') !== null);
}

export const isDunder = (name: string): boolean => name.startsWith('__') && name.endsWith('__');

/** Live: `self.__dict__.update(options)` sets attributes. A built-in class shows a copy. */
function namespaceDict(names: Map<string, Value>, live = true): Value {
  return dict(new NamesDictionary(live ? names : new Map(names)));
}
