/** What a tensor has beside methods: shape, dtype, device, data, grad, T and the like. */
import { requiresGradInPlace } from '../../../tensor/autograd';
import { elementBytes } from '../../../tensor/dtype';
import { numel, type Tensor } from '../../../tensor/tensor';
import { tensorText } from '../../../tensor/print';
import { dataOf, reverseDims, setData, transpose } from '../../../tensor/views';
import { method, nativeClass, property } from '../../library';
import { OBJECT } from '../../types';
import { bool, instance, int, isSubclass, NONE, str, type Value } from '../../value';
import { nodeValue } from './autograd';
import { asTensor } from './operation';
import { CPU, dtypeValue, isTorchTensor, PARAMETER, size, wrap } from './tensors';

const tensorOf = (self: Value): Tensor => (self as { readonly tensor: Tensor }).tensor;

const read = (name: string, get: (tensor: Tensor, self: Value) => Value): [string, Value] => [
  name,
  property(name, (_, self) => get(tensorOf(self), self)),
];

const LAYOUT = nativeClass(
  'torch.layout',
  [OBJECT],
  { __repr__: method('layout.__repr__', 'self', () => str('torch.strided')) },
  { sealed: true },
);
export const STRIDED = instance(LAYOUT);

function text(self: Value): string {
  const body = tensorText(tensorOf(self));
  return self.kind === 'tensor' && isSubclass(self.class, PARAMETER) ? `Parameter containing:\n${body}` : body;
}

export const tensorAttributes: readonly (readonly [string, Value])[] = [
  read('shape', (tensor) => size(tensor.shape)),
  read('ndim', (tensor) => int(tensor.shape.length)),
  read('dtype', (tensor) => dtypeValue(tensor.dtype)),
  read('device', () => CPU),
  read('layout', () => STRIDED),
  read('is_leaf', (tensor) => bool(tensor.isLeaf)),
  read('grad_fn', (tensor) => (tensor.gradFn === null ? NONE : nodeValue(tensor.gradFn))),
  read('is_cuda', () => bool(false)),
  read('is_cpu', () => bool(true)),
  read('is_mps', () => bool(false)),
  read('is_sparse', () => bool(false)),
  read('is_quantized', () => bool(false)),
  read('is_nested', () => bool(false)),
  read('is_meta', () => bool(false)),
  read('itemsize', (tensor) => int(elementBytes(tensor.dtype))),
  read('nbytes', (tensor) => int(elementBytes(tensor.dtype) * numel(tensor))),
  read('_version', (tensor) => int(tensor.cell.version.count)),
  read('names', (tensor) => ({ kind: 'tuple', items: tensor.shape.map(() => NONE), class: null, attributes: null })),
  read('T', (tensor) => wrap(reverseDims(tensor))),
  read('mT', (tensor) => wrap(transpose(tensor, -2, -1))),
  read('H', (tensor) => wrap(transpose(tensor, -2, -1))),
  read('real', (_, self) => self),
  [
    'data',
    property(
      'data',
      (_, self) => wrap(dataOf(tensorOf(self))),
      (context, self, value) => {
        const source = asTensor(context, value, 'data');
        if (source.dtype !== tensorOf(self).dtype) {
          context.raise(
            'RuntimeError',
            'Attempted to call `variable.set_data(tensor)`, but `variable` and `tensor` have incompatible tensor type.',
          );
        }
        setData(tensorOf(self), source);
      },
    ),
  ],
  [
    'grad',
    property(
      'grad',
      (_, self) => {
        const { grad } = tensorOf(self);
        return grad === null ? NONE : wrap(grad);
      },
      (context, self, value) => {
        if (value.kind !== 'none' && !isTorchTensor(value)) {
          context.raise('TypeError', `assigned grad expected to be a Tensor or None but got grad of type '${context.typeOf(value).name}'`);
        }
        tensorOf(self).grad = isTorchTensor(value) ? value.tensor : null;
      },
    ),
  ],
  [
    'requires_grad',
    property(
      'requires_grad',
      (_, self) => bool(tensorOf(self).requiresGrad),
      (context, self, value) => {
        requiresGradInPlace(tensorOf(self), context.truthy(value));
      },
    ),
  ],
  ['__repr__', method('Tensor.__repr__', 'self, *, tensor_contents=None', (_, args) => str(text(args.value('self'))))],
  ['__str__', method('Tensor.__str__', 'self', (_, args) => str(text(args.value('self'))))],
];
