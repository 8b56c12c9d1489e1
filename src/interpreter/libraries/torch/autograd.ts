/** Gradients: backward, grad, requires_grad and its kin, hooks, and the running of a person's own autograd.Function. */
import * as autograd from '../../../tensor/autograd';
import { zeros } from '../../../tensor/creation';
import { isGradEnabled, noGrad, setGradEnabled } from '../../../tensor/run';
import type { Tensor } from '../../../tensor/tensor';
import { detach } from '../../../tensor/views';
import type { Context } from '../../context';
import { method, native, nativeClass, type Operation } from '../../library';
import { OBJECT } from '../../types';
import { bool, type ClassValue, instance, NONE, str, tuple, type Value } from '../../value';
import { asTensor, operation, optionalTensor, tensorArgument, tensorOperation } from './operation';
import { isTorchTensor, namedTuple, PARAMETER, wrap, wrapAs } from './tensors';

const nodeClasses = new Map<string, ClassValue>();

/** What `x.grad_fn` gives: an object that says which operation made x. */
export function nodeValue(name: string): Value {
  let cls = nodeClasses.get(name);
  if (cls === undefined) {
    cls = nativeClass(
      name,
      [OBJECT],
      {
        name: method('Node.name', 'self', () => str(name)),
        __repr__: method('Node.__repr__', 'self', () => str(`<${name} object>`)),
      },
      { sealed: true },
    );
    nodeClasses.set(name, cls);
  }
  return instance(cls);
}

/** One tensor or several, as a list; None entries are null. */
function several(context: Context, value: Value, name: string): (Tensor | null)[] {
  if (value.kind === 'none') return [];
  if (isTorchTensor(value)) return [value.tensor];
  return context.toArray(value).map((item) => (item.kind === 'none' ? null : asTensor(context, item, name)));
}

const present = (tensors: readonly (Tensor | null)[]): Tensor[] => tensors.filter((tensor) => tensor !== null);

export const autogradOperations: readonly Operation[] = [
  operation('m backward', 'input|self, gradient=None, retain_graph=None, create_graph=False, inputs=None', (context, args) => {
    if (args.optional('inputs') !== null) context.unsupported('Tensor.backward(inputs=…)');
    autograd.backward(tensorArgument(context, args), optionalTensor(context, args, 'gradient'), {
      ...(args.optional('retain_graph') === null ? {} : { retainGraph: args.bool('retain_graph') }),
      createGraph: args.bool('create_graph'),
    });
    return NONE;
  }),
  operation('m requires_grad_', 'input|self, requires_grad=True', (context, args) => {
    autograd.requiresGradInPlace(tensorArgument(context, args), args.bool('requires_grad'));
    return args.value('input');
  }),
  operation('m retain_grad', 'input|self', (context, args) => {
    autograd.retainGrad(tensorArgument(context, args));
    return NONE;
  }),
  operation('m register_hook', 'input|self, hook', (context, args) => {
    const hook = args.value('hook');
    autograd.registerHook(tensorArgument(context, args), (gradient) => {
      const changed = context.call(hook, [wrap(gradient)]);
      return changed.kind === 'none' ? null : asTensor(context, changed);
    });
    return NONE;
  }),
  tensorOperation('tm detach', 'input|self', (args, context) => detach(tensorArgument(context, args))),
  operation('m detach_', 'input|self', (context, args) => {
    const input = tensorArgument(context, args);
    const cut = detach(input);
    Object.assign(input.cell, { requiresGrad: false, gradFn: null, base: cut.cell.base });
    return args.value('input');
  }),
  operation('t is_grad_enabled', '', () => bool(isGradEnabled())),
];

export const autogradMembers: Readonly<Record<string, Value>> = {
  grad: native(
    'torch.autograd.grad',
    'outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True, allow_unused=None, is_grads_batched=False, materialize_grads=False',
    (context, args) => {
      const found = autograd.grad(
        present(several(context, args.value('outputs'), 'outputs')),
        present(several(context, args.value('inputs'), 'inputs')),
        several(context, args.value('grad_outputs'), 'grad_outputs'),
        {
          ...(args.optional('retain_graph') === null ? {} : { retainGraph: args.bool('retain_graph') }),
          createGraph: args.bool('create_graph'),
          allowUnused: args.optional('allow_unused') !== null && args.bool('allow_unused'),
        },
      );
      return tuple(found.map((gradient) => (gradient === null ? NONE : wrap(gradient))));
    },
  ),
  backward: native(
    'torch.autograd.backward',
    'tensors, grad_tensors=None, retain_graph=None, create_graph=False, inputs=None',
    (context, args) => {
      const gradients = several(context, args.value('grad_tensors'), 'grad_tensors');
      present(several(context, args.value('tensors'), 'tensors')).forEach((tensor, i, all) => {
        autograd.backward(tensor, gradients[i] ?? null, {
          retainGraph: i < all.length - 1 || args.bool('retain_graph'),
          createGraph: args.bool('create_graph'),
        });
      });
      return NONE;
    },
  ),
  /** Deprecated: a Variable is a Tensor. */
  Variable: native('torch.autograd.Variable', 'data|tensor, requires_grad=False, volatile=False', (context, args) => {
    const data = args.value('data');
    if (!isTorchTensor(data)) return context.raise('TypeError', `Variable data has to be a tensor, but got ${context.typeOf(data).name}`);
    if (!args.bool('requires_grad')) return data.tensor.requiresGrad ? wrap(detach(data.tensor)) : data;
    return wrap(autograd.requiresGradInPlace(detach(data.tensor), true));
  }),
};

/** A parameter takes over the data's memory as a leaf that requires a gradient. */
export function newParameter(context: Context, cls: ClassValue, data: Value, requiresGrad: boolean): Value {
  const source = isTorchTensor(data) ? detach(data.tensor) : data.kind === 'none' ? null : asTensor(context, data, 'data');
  const tensor = source ?? asTensor(context, context.call(context.fromLibrary('torch.empty'), [tuple([])]));
  if (requiresGrad) autograd.requiresGradInPlace(tensor, true);
  return wrapAs(tensor, cls);
}

export const parameterNew = method('Parameter.__new__', 'cls, data=None, requires_grad=True', (context, args) => {
  const cls = args.value('cls');
  return newParameter(context, cls.kind === 'class' ? cls : PARAMETER, args.value('data'), args.bool('requires_grad'));
});

/** Names that the Python parts of the library use. */
export const gradientHelpers: Readonly<Record<string, Value>> = {
  _set_grad_enabled: native('torch._set_grad_enabled', 'mode', (_, args) => {
    setGradEnabled(args.bool('mode'));
    return NONE;
  }),
  _note: native('torch._note', 'message', (context, args) => {
    context.note(args.string('message'));
    return NONE;
  }),
  _named_tuple: native('torch._named_tuple', 'name, values, indices', (_, args) =>
    namedTuple(args.string('name'), { values: args.value('values'), indices: args.value('indices') }),
  ),
  /** Runs a Function's forward off the tape and puts its outputs there with its own backward. */
  _apply_function: native('torch._apply_function', 'cls, ctx, args, kwargs, has_setup, backward', (context, bound) => {
    const cls = bound.value('cls');
    const ctx = bound.value('ctx');
    const args = context.toArray(bound.value('args'));
    const keywords = new Map<string, Value>();
    const named = bound.value('kwargs');
    if (named.kind === 'dict') for (const [key, value] of named.entries) keywords.set(context.str(key), value);
    const tensors = args.map((value) => (isTorchTensor(value) ? value.tensor : null));
    context.setAttribute(ctx, 'needs_input_grad', tuple(tensors.map((tensor) => bool(tensor?.requiresGrad ?? false))));
    const forward = context.getAttribute(cls, 'forward');
    const result = noGrad(() => {
      if (!bound.bool('has_setup')) return context.call(forward, [ctx, ...args], keywords);
      const output = context.call(forward, args, keywords);
      context.callMethod(cls, 'setup_context', [ctx, tuple(args), output]);
      return output;
    });
    const outputs = result.kind === 'tuple' ? result.items : [result];
    const made = outputs.flatMap((value) => (isTorchTensor(value) ? [value.tensor] : []));
    const inputs = tensors.map((tensor) => tensor ?? zeros([]));
    const backward = bound.value('backward');
    const recorded = autograd.customFunction(cls.kind === 'class' ? cls.name : 'Function', inputs, made, (gradients) => {
      const returned = context.call(backward, [ctx, ...gradients.map(wrap)]);
      const items = returned.kind === 'tuple' ? returned.items : [returned];
      return items.map((item) => (item.kind === 'none' ? null : asTensor(context, item)));
    });
    let next = 0;
    const values = outputs.map((value) => (isTorchTensor(value) ? wrap(recorded[next++]!) : value));
    return result.kind === 'tuple' ? tuple(values) : values[0]!;
  }),
};
