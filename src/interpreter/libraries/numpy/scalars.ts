/** numpy's dtypes and scalars. A scalar of a float or int type is a Python number of another class; np.bool_ is an array without dimensions. */
import { fromNumbers } from '../../../tensor/creation';
import { castNumber, type Dtype, isFloatDtype } from '../../../tensor/dtype';
import { item } from '../../../tensor/creation';
import type { Tensor } from '../../../tensor/tensor';
import type { Context } from '../../context';
import { method, nativeClass, property } from '../../library';
import { BOOL, FLOAT, INT, OBJECT } from '../../types';
import { bool, type ClassValue, type InstanceValue, int, isSubclass, NOT_IMPLEMENTED, numberOf, str, tuple, type Value } from '../../value';
import { registerScalarClass, scalarClassDtype } from '../torch/literal';
import { dtypeOf as torchDtypeOf, NDARRAY } from '../torch/tensors';

const abstract = (name: string, ...bases: ClassValue[]): ClassValue => nativeClass(`numpy.${name}`, bases, [], { sealed: true });

export const GENERIC = abstract('generic', OBJECT);
export const NUMBER = abstract('number', GENERIC);
export const INTEGER = abstract('integer', NUMBER);
export const FLOATING = abstract('floating', NUMBER);

/** The class of a dtype's scalars, which numpy takes as the dtype itself: np.float32. */
export const scalarClasses: ReadonlyMap<Dtype, ClassValue> = new Map<Dtype, ClassValue>([
  ['float64', abstract('float64', FLOATING, FLOAT)],
  ['float32', abstract('float32', FLOATING)],
  ['float16', abstract('float16', FLOATING)],
  ['int64', abstract('int64', INTEGER)],
  ['int32', abstract('int32', INTEGER)],
  ['int16', abstract('int16', INTEGER)],
  ['int8', abstract('int8', INTEGER)],
  ['uint8', abstract('uint8', INTEGER)],
  ['bool', nativeClass('numpy.bool', [GENERIC, NDARRAY], [], { sealed: true })],
]);

const dtypesOfClasses = new Map<ClassValue, Dtype>();
for (const [dtype, cls] of scalarClasses) {
  registerScalarClass(cls, dtype);
  dtypesOfClasses.set(cls, dtype);
}

export const dtypeName = (dtype: Dtype): string => dtype;

const kinds: Readonly<Record<string, string>> = { f: 'f', i: 'i', u: 'u', b: 'b' };

export const DTYPE: ClassValue = nativeClass(
  'numpy.dtype',
  [OBJECT],
  {
    __new__: method('dtype.__new__', 'cls, dtype', (context, args) => dtypeValue(dtypeArgument(context, args.value('dtype')))),
    __init__: method('dtype.__init__', 'self, *args', () => ({ kind: 'none' })),
    __repr__: method('dtype.__repr__', 'self', (_, args) => str(`dtype('${payloadOf(args.value('self'))}')`)),
    __str__: method('dtype.__str__', 'self', (_, args) => str(payloadOf(args.value('self')))),
    name: property('name', (_, self) => str(payloadOf(self))),
    kind: property('kind', (_, self) => str(kinds[payloadOf(self)[0]!] ?? 'f')),
    itemsize: property('itemsize', (_, self) => int(Number(/\d+$/.exec(payloadOf(self))?.[0] ?? 8) / 8)),
    type: property('type', (_, self) => scalarClasses.get(payloadOf(self))!),
    __eq__: method('dtype.__eq__', 'self, other', (_, args) => {
      const other = dtypeIn(args.value('other'));
      return other === null ? NOT_IMPLEMENTED : bool(other === payloadOf(args.value('self')));
    }),
    __hash__: method('dtype.__hash__', 'self', (context, args) => context.callMethod(str(payloadOf(args.value('self'))), '__hash__')),
  },
  { sealed: true },
);

const payloadOf = (value: Value): Dtype => (value as InstanceValue).payload as Dtype;

const dtypeValues = new Map<Dtype, InstanceValue>();

export function dtypeValue(dtype: Dtype): InstanceValue {
  let made = dtypeValues.get(dtype);
  if (made === undefined) {
    made = { kind: 'instance', class: DTYPE, attributes: new Map(), payload: dtype };
    dtypeValues.set(dtype, made);
  }
  return made;
}

const textual: Readonly<Record<string, Dtype>> = {
  float: 'float64',
  double: 'float64',
  float64: 'float64',
  f8: 'float64',
  float32: 'float32',
  single: 'float32',
  f4: 'float32',
  float16: 'float16',
  f2: 'float16',
  int: 'int64',
  int64: 'int64',
  i8: 'int64',
  long: 'int64',
  int32: 'int32',
  i4: 'int32',
  int16: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  bool: 'bool',
};

/** What a value says as a dtype, in any of numpy's spellings; null if it says none. */
export function dtypeIn(value: Value): Dtype | null {
  if (value === FLOAT) return 'float64';
  if (value === INT) return 'int64';
  if (value === BOOL) return 'bool';
  if (value.kind === 'class') return dtypesOfClasses.get(value) ?? null;
  if (value.kind === 'instance' && value.class === DTYPE) return payloadOf(value);
  if (value.kind === 'str') return textual[value.value.replace(/^[<>=|]/, '')] ?? null;
  return torchDtypeOf(value);
}

export function dtypeArgument(context: Context, value: Value): Dtype {
  return dtypeIn(value) ?? context.raise('TypeError', `Cannot interpret '${context.repr(value)}' as a data type`);
}

/** A number as a numpy scalar. */
export function scalarFrom(value: number, dtype: Dtype): Value {
  const cls = scalarClasses.get(dtype) ?? scalarClasses.get('float64')!;
  if (dtype === 'bool') return { kind: 'tensor', tensor: fromNumbers([value], [], 'bool'), class: cls, attributes: new Map() };
  const cast = castNumber(value, dtype);
  if (isFloatDtype(dtype)) return { kind: 'float', value: cast, class: cls, attributes: null };
  return { kind: 'int', value: BigInt(cast), class: cls, attributes: null };
}

/** Arrays without dimensions are scalars in numpy's results. */
export function resultValue(tensor: Tensor): Value {
  if (tensor.shape.length === 0) return scalarFrom(item(tensor).value, tensor.dtype);
  return { kind: 'tensor', tensor, class: NDARRAY, attributes: new Map() };
}

/** The dtype of a numpy scalar; null for a plain Python number and anything else. */
export function scalarDtype(value: Value): Dtype | null {
  if (value.kind === 'float' || value.kind === 'int') return scalarClassDtype(value);
  return null;
}

export const isScalarClass = (cls: ClassValue): boolean => isSubclass(cls, GENERIC);

/** `np.float32(x)`: a scalar, or an array when x is one. */
export function scalarNew(dtype: Dtype, convert: (context: Context, value: Value, dtype: Dtype) => Tensor): Value {
  return method(`${dtype}.__new__`, 'cls, value=0', (context, args) => {
    const value = args.value('value');
    const number = numberOf(value);
    if (number !== null) return scalarFrom(number, dtype);
    if (value.kind === 'str') return scalarFrom(Number(value.value), dtype);
    return resultValue(convert(context, value, dtype));
  });
}

export const shapeTuple = (shape: readonly number[]): Value => tuple(shape.map((n) => int(n)));
