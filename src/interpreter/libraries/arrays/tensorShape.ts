/** tf.TensorShape: a tensor's shape, which TensorFlow code reads as a list, by rank and by parts. */
import { method, nativeClass, property } from '../../library';
import { TUPLE } from '../../types';
import { bool, type ClassValue, int, list, NOT_IMPLEMENTED, str, TRUE, tuple, type TupleValue, type Value } from '../../value';

const itemsOf = (self: Value): readonly Value[] => (self.kind === 'tuple' ? self.items : []);

export const TENSOR_SHAPE: ClassValue = nativeClass(
  'tensorflow.TensorShape',
  [TUPLE],
  {
    __new__: method('TensorShape.__new__', 'cls, dims', (context, args) => tensorShape(context.toArray(args.value('dims')))),
    as_list: method('TensorShape.as_list', 'self', (_, args) => list([...itemsOf(args.value('self'))])),
    rank: property('rank', (_, self) => int(itemsOf(self).length)),
    ndims: property('ndims', (_, self) => int(itemsOf(self).length)),
    num_elements: method('TensorShape.num_elements', 'self', (context, args) =>
      itemsOf(args.value('self')).reduce((total, size) => context.binary('*', total, size), int(1)),
    ),
    is_fully_defined: method('TensorShape.is_fully_defined', 'self', () => TRUE),
    is_compatible_with: method('TensorShape.is_compatible_with', 'self, other', (context, args) =>
      context.compare(tuple(itemsOf(args.value('self'))), '==', tuple(context.toArray(args.value('other')))),
    ),
    with_rank: method('TensorShape.with_rank', 'self, rank', (context, args) => {
      const { length } = itemsOf(args.value('self'));
      return length === args.int('rank') ? args.value('self') : context.raise('ValueError', `Shape must have rank ${args.int('rank')}`);
    }),
    concatenate: method('TensorShape.concatenate', 'self, other', (context, args) =>
      tensorShape([...itemsOf(args.value('self')), ...context.toArray(args.value('other'))]),
    ),
    __getitem__: method('TensorShape.__getitem__', 'self, key', (context, args) => {
      const part = context.getItem(tuple(itemsOf(args.value('self'))), args.value('key'));
      return part.kind === 'tuple' ? tensorShape(part.items) : part;
    }),
    __add__: method('TensorShape.__add__', 'self, other', (_, args) => {
      const other = args.value('other');
      return other.kind === 'tuple' || other.kind === 'list'
        ? tensorShape([...itemsOf(args.value('self')), ...other.items])
        : NOT_IMPLEMENTED;
    }),
    __radd__: method('TensorShape.__radd__', 'self, other', (_, args) => {
      const other = args.value('other');
      return other.kind === 'tuple' || other.kind === 'list'
        ? tensorShape([...other.items, ...itemsOf(args.value('self'))])
        : NOT_IMPLEMENTED;
    }),
    __eq__: method('TensorShape.__eq__', 'self, other, /', (context, args) => {
      const other = args.value('other');
      return other.kind === 'tuple' || other.kind === 'list'
        ? context.compare(tuple(itemsOf(args.value('self'))), '==', tuple(other.items))
        : bool(false);
    }),
    __repr__: method('TensorShape.__repr__', 'self', (context, args) =>
      str(`TensorShape(${context.repr(list([...itemsOf(args.value('self'))]))})`),
    ),
    __str__: method('TensorShape.__str__', 'self', (context, args) => str(context.repr(tuple(itemsOf(args.value('self')))))),
    __getattr__: method('TensorShape.__getattr__', 'self, name', (context, args) =>
      context.unsupported(`tensorflow.TensorShape.${args.string('name')}`),
    ),
  },
  { sealed: true },
);

export const tensorShape = (items: readonly Value[]): TupleValue => ({ kind: 'tuple', items, class: TENSOR_SHAPE, attributes: null });
