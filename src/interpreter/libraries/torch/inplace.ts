/** In-place spellings (`x.exp_()`), made from the operations they write back, and the writes that are operations of their own. */
import { copyInto, inPlace, reshapeInPlace } from '../../../tensor/inplace';
import { full, to } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import * as views from '../../../tensor/views';
import type { Operation } from '../../library';
import type { Value } from '../../value';
import { operation, scalarArgument, scalarOf, sizes, tensorArgument, tensorOperation } from './operation';
import { wrap } from './tensors';

const methodPrefix = 'torch.Tensor.';
/** torch.relu_, torch.exp_ … exist for these owners too. */
const functionPrefix = 'torch.';

/** `x.f_(…)` for every `x.f(…)`: computes f and writes the result into x. */
export function inPlaceOf(original: Operation): Operation | null {
  const methods = original.spellings.filter((spelling) => spelling.startsWith(methodPrefix));
  if (methods.length === 0) return null;
  const functions = original.spellings.filter((s) => s.startsWith(functionPrefix) && s.split('.').length === 2);
  return {
    ...original,
    name: `${original.name}_`,
    spellings: [...methods, ...functions].map((spelling) => `${spelling}_`),
    call: (context, args) => {
      const self = args.value('input');
      const target = tensorArgument(context, args);
      const others = args.all().flatMap((value) => (value.kind === 'tensor' && value !== self ? [value.tensor] : []));
      inPlace(target, (input) => resultTensor(original.call(context, args.with('input', wrap(input)))), others);
      return self;
    },
  };
}

/** An operation of nn.functional with an `inplace` flag. */
export function withInplaceFlag(original: Operation): Operation {
  return {
    ...original,
    call: (context, args) => {
      if (!args.has('inplace') || !args.bool('inplace')) return original.call(context, args);
      inPlace(tensorArgument(context, args), (input) => resultTensor(original.call(context, args.with('input', wrap(input)))));
      return args.value('input');
    },
  };
}

const resultTensor = (value: Value): Tensor => (value as { readonly tensor: Tensor }).tensor;

/** Writes that return their receiver. */
const write = (where: string, signature: string, act: (...call: Parameters<Operation['call']>) => unknown): Operation =>
  operation(where, signature, (context, args) => {
    act(context, args);
    return args.value('input');
  });

export const writeOperations: readonly Operation[] = [
  write('m fill_', 'input|self, value', (context, args) => {
    const target = tensorArgument(context, args);
    const given = args.value('value');
    if (given.kind === 'tensor') {
      if (given.tensor.shape.length > 0) {
        const rank = given.tensor.shape.length;
        context.raise('RuntimeError', `fill_ only supports 0-dimension value tensor but got tensor with ${rank} dimensions.`);
      }
      copyInto(target, given.tensor);
    } else copyInto(target, full([], scalarArgument(context, args, 'value'), target.dtype));
  }),
  tensorOperation('tm fill', 'input|self, value', (args, context) => {
    const input = tensorArgument(context, args);
    return full(input.shape, scalarArgument(context, args, 'value'), input.dtype);
  }),
  write('m fill_diagonal_', 'input|self, fill_value, wrap=False', (context, args) => {
    const target = tensorArgument(context, args);
    copyInto(views.diagonal(target), full([], scalarArgument(context, args, 'fill_value'), target.dtype));
  }),
  write('m zero_', 'input|self', (context, args) => {
    const target = tensorArgument(context, args);
    copyInto(target, full([], { kind: 'int', value: 0 }, target.dtype));
  }),
  write('m copy_', 'input|self, src, non_blocking=False', (context, args) => {
    const source = args.value('src');
    const scalar = scalarOf(source);
    const target = tensorArgument(context, args);
    copyInto(target, scalar === null ? tensorArgument(context, args, 'src') : full([], scalar));
  }),
  write('m squeeze_', 'input|self, dim=None', (context, args) => {
    const target = tensorArgument(context, args);
    reshapeInPlace(target, views.squeeze(target, args.intsOrNull('dim')));
  }),
  write('m unsqueeze_', 'input|self, dim', (context, args) => {
    const target = tensorArgument(context, args);
    reshapeInPlace(target, views.unsqueeze(target, args.int('dim')));
  }),
  write('m t_', 'input|self', (context, args) => {
    const target = tensorArgument(context, args);
    reshapeInPlace(target, views.t(target));
  }),
  write('m transpose_, m swapaxes_', 'input|self, dim0, dim1', (context, args) => {
    const target = tensorArgument(context, args);
    reshapeInPlace(target, views.transpose(target, args.int('dim0'), args.int('dim1')));
  }),
  write('m resize_as_', 'input|self, other', (context, args) => {
    const target = tensorArgument(context, args);
    reshapeInPlace(target, views.view(target, tensorArgument(context, args, 'other').shape));
  }),
  write('m resize_', 'input|self, *sizes', (context, args) => {
    const target = tensorArgument(context, args);
    reshapeInPlace(target, views.view(target, sizes(context, args, 'sizes')));
  }),
  write('m set_', 'input|self, source', (context, args) => {
    const source = tensorArgument(context, args, 'source');
    views.setData(tensorArgument(context, args), to(source, tensorArgument(context, args).dtype));
  }),
];
