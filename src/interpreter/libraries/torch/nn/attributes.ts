/**
 * How a Module keeps what is assigned to it: parameters, buffers and submodules apart from plain attributes, as torch does, with torch's errors
 * when `super().__init__()` was not called first. The rest of Module is Python (module.ts).
 */
import type { Context } from '../../../context';
import { plainSetAttribute } from '../../../attributes';
import { Dictionary } from '../../../dictionary';
import { method, nativeClass } from '../../../library';
import { OBJECT } from '../../../types';
import { type ClassValue, type DictValue, type InstanceValue, isSubclass, list, NONE, str, TRUE, type Value } from '../../../value';
import { realModuleNames } from '../names';
import { isTorchTensor, PARAMETER } from '../tensors';

const stores = ['_parameters', '_buffers', '_modules'] as const;
type Store = (typeof stores)[number];

const newDict = (): DictValue => ({ kind: 'dict', entries: new Dictionary(), class: null, attributes: null });

function storeOf(self: InstanceValue, name: Store): DictValue | null {
  const store = self.attributes.get(name);
  return store?.kind === 'dict' ? store : null;
}

/** Takes a name out of every place it may be kept in. */
function forget(context: Context, self: InstanceValue, name: string): void {
  self.attributes.delete(name);
  for (const store of stores) storeOf(self, store)?.entries.delete(str(name), context);
}

/** 'torch.FloatTensor' for a tensor, else the class's name: what torch.typename says. */
function typeName(context: Context, value: Value): string {
  const cls = context.typeOf(value);
  return cls.module === 'builtins' ? cls.name : `${cls.module}.${cls.name}`;
}

/** Its class has the attribute rules below. */
const isModule = (value: Value): boolean =>
  value.kind === 'instance' && value.class.mro.some((cls) => cls.namespace.get('_ready') === MODULE_ATTRIBUTES.namespace.get('_ready'));

function setAttribute(context: Context, self: InstanceValue, name: string, value: Value): void {
  const parameters = storeOf(self, '_parameters');
  const buffers = storeOf(self, '_buffers');
  const modules = storeOf(self, '_modules');
  const refuse = (kind: string, wanted: string): never =>
    context.raise('TypeError', `cannot assign '${typeName(context, value)}' as ${kind} '${name}' (${wanted} or None expected)`);
  const keep = (store: DictValue | null, what: string): void => {
    if (store === null) return context.raise('AttributeError', `cannot assign ${what} before Module.__init__() call`);
    forget(context, self, name);
    store.entries.setString(name, value);
  };
  if (value.kind === 'tensor' && isSubclass(value.class, PARAMETER)) keep(parameters, 'parameters');
  else if (isModule(value)) keep(modules, 'module');
  else if (parameters?.entries.getString(name) !== undefined) {
    if (value.kind !== 'none') refuse('parameter', 'torch.nn.Parameter');
    parameters.entries.setString(name, value);
  } else if (modules?.entries.getString(name) !== undefined) {
    if (value.kind !== 'none') refuse('child module', 'torch.nn.Module');
    modules.entries.setString(name, value);
  } else if (buffers?.entries.getString(name) !== undefined) {
    if (value.kind !== 'none' && !isTorchTensor(value)) refuse('buffer', 'torch.nn.Buffer, torch.Tensor');
    buffers.entries.setString(name, value);
  } else plainSetAttribute(context, self, name, value);
}

const self = (value: Value): InstanceValue => value as InstanceValue;

/** Where nn.Module takes its rules from. It is no base of it: `super(nn.Module, self).__init__()` must find none of them, as in torch. */
export const MODULE_ATTRIBUTES: ClassValue = nativeClass(
  'torch.nn._ModuleAttributes',
  [OBJECT],
  {
    __init__: method('Module.__init__', 'self, *args, **kwargs', (_, args) => {
      const { attributes } = self(args.value('self'));
      attributes.set('training', TRUE);
      for (const store of stores) attributes.set(store, newDict());
      attributes.set('_transient_buffers', list([]));
      for (const hooks of ['_backward_hooks', '_forward_hooks', '_forward_pre_hooks']) attributes.set(hooks, list([]));
      return NONE;
    }),
    __setattr__: method('Module.__setattr__', 'self, name, value', (context, args) => {
      setAttribute(context, self(args.value('self')), args.string('name'), args.value('value'));
      return NONE;
    }),
    __getattr__: method('Module.__getattr__', 'self, name', (context, args) => {
      const name = args.string('name');
      const module = self(args.value('self'));
      for (const store of stores) {
        const found = storeOf(module, store)?.entries.getString(name);
        if (found !== undefined) return found;
      }
      if (realModuleNames.has(name)) return context.unsupported(`torch.nn.Module.${name}`);
      return context.raise('AttributeError', `'${module.class.name}' object has no attribute '${name}'`);
    }),
    __delattr__: method('Module.__delattr__', 'self, name', (context, args) => {
      const name = args.string('name');
      const module = self(args.value('self'));
      const known = module.attributes.has(name) || stores.some((store) => storeOf(module, store)?.entries.getString(name) !== undefined);
      if (!known) return context.raise('AttributeError', `'${module.class.name}' object has no attribute '${name}'`);
      forget(context, module, name);
      return NONE;
    }),
    _ready: method('Module._ready', 'self', (_, args) => ({ kind: 'bool', value: storeOf(self(args.value('self')), '_modules') !== null })),
  },
  { sealed: true },
);
