/** torch's own types as values: Tensor and Parameter, dtype, device, Size, and the named tuples that some operations return. */
import { type Dtype, dtypes, isFloatDtype } from '../../../tensor/dtype';
import type { Tensor } from '../../../tensor/tensor';
import type { Context } from '../../context';
import { method, nativeClass, property } from '../../library';
import { type Arguments, defineType } from '../../signature';
import { BOOL, FLOAT, INT, OBJECT, TUPLE } from '../../types';
import {
  bool,
  type ClassValue,
  type InstanceValue,
  int,
  isSubclass,
  NONE,
  NOT_IMPLEMENTED,
  str,
  type TensorValue,
  tuple,
  type TupleValue,
  type Value,
} from '../../value';

/** Its methods and attributes are put in by torch.ts, which has the operations. */
export const TENSOR: ClassValue = nativeClass('torch.Tensor', [OBJECT], [], { sealed: true });
export const PARAMETER: ClassValue = nativeClass('torch.nn.Parameter', [TENSOR], [], { sealed: true });
/** numpy's arrays are views of the same memory under another class, so that `.numpy()` and `from_numpy` share it. */
export const NDARRAY: ClassValue = nativeClass('numpy.ndarray', [OBJECT], [], { sealed: true });

const values = new WeakMap<Tensor, TensorValue>();

/** The value of a tensor: always the same one, so that `is` holds where torch returns the same object. */
export function wrap(tensor: Tensor): TensorValue {
  let value = values.get(tensor);
  if (value === undefined) {
    value = { kind: 'tensor', tensor, class: TENSOR, attributes: new Map() };
    values.set(tensor, value);
  }
  return value;
}

/** A tensor as a value of a subclass (nn.Parameter, or the person's own). */
export function wrapAs(tensor: Tensor, cls: ClassValue): TensorValue {
  const value: TensorValue = { kind: 'tensor', tensor, class: cls, attributes: new Map() };
  values.set(tensor, value);
  return value;
}

export const isTorchTensor = (value: Value): value is TensorValue => value.kind === 'tensor' && value.class !== NDARRAY;

export function isSubclassOfTensor(value: Value): value is ClassValue {
  return value.kind === 'class' && isSubclass(value, TENSOR);
}

// ----------------------------------------------------------------------------------------------------------- dtype

const DTYPE: ClassValue = nativeClass(
  'torch.dtype',
  [OBJECT],
  {
    __repr__: method('dtype.__repr__', 'self', (_, args) => str(`torch.${dtypeIn(args.value('self'))}`)),
    is_floating_point: property('is_floating_point', (_, self) => bool(isFloatDtype(dtypeIn(self)))),
    is_complex: property('is_complex', () => bool(false)),
    is_signed: property('is_signed', (_, self) => bool(dtypeIn(self) !== 'bool' && dtypeIn(self) !== 'uint8')),
    itemsize: property('itemsize', (_, self) => int(itemSizes[dtypeIn(self)])),
  },
  { sealed: true },
);

const itemSizes: Readonly<Record<Dtype, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

const dtypeIn = (value: Value): Dtype => (value as InstanceValue).payload as Dtype;

const dtypeValues = new Map<Dtype, InstanceValue>(
  dtypes.map((dtype) => [dtype, { kind: 'instance', class: DTYPE, attributes: new Map(), payload: dtype }]),
);

export const dtypeValue = (dtype: Dtype): InstanceValue => dtypeValues.get(dtype)!;

/** Every name torch gives a dtype. */
export const dtypeNames: Readonly<Record<string, Dtype>> = {
  float32: 'float32',
  float: 'float32',
  float64: 'float64',
  double: 'float64',
  float16: 'float16',
  half: 'float16',
  bfloat16: 'bfloat16',
  int64: 'int64',
  long: 'int64',
  int32: 'int32',
  int: 'int32',
  int16: 'int16',
  short: 'int16',
  int8: 'int8',
  uint8: 'uint8',
  bool: 'bool',
};

/** The dtype that a value says: a torch.dtype, or Python's own float, int, bool. null if it says none. */
export function dtypeOf(value: Value): Dtype | null {
  if (value.kind === 'instance' && value.class === DTYPE) return dtypeIn(value);
  if (value === FLOAT) return 'float64';
  if (value === INT) return 'int64';
  return value === BOOL ? 'bool' : null;
}

/** A dtype argument; null when it is absent or None. */
export function dtypeArgument(context: Context, args: Arguments, name = 'dtype'): Dtype | null {
  const value = args.has(name) ? args.optional(name) : null;
  if (value === null) return null;
  return dtypeOf(value) ?? context.raise('TypeError', `argument '${name}' must be torch.dtype, not ${context.typeOf(value).name}`);
}

// ---------------------------------------------------------------------------------------------------------- device

interface Device {
  readonly type: string;
  readonly index: number | null;
}

export const DEVICE: ClassValue = nativeClass(
  'torch.device',
  [OBJECT],
  {
    __new__: method('device.__new__', 'cls, type, index=None', (context, args) => {
      const type = args.value('type');
      if (type.kind === 'instance' && type.class === DEVICE) return type;
      if (type.kind === 'int') return newDevice({ type: 'cuda', index: Number(type.value) });
      return newDevice(parseDevice(context, args.string('type'), args.intOrNull('index')));
    }),
    __init__: method('device.__init__', 'self, *args, **kwargs', () => NONE),
    type: property('type', (_, self) => str(deviceIn(self).type)),
    index: property('index', (_, self) => (deviceIn(self).index === null ? NONE : int(deviceIn(self).index ?? 0))),
    __str__: method('device.__str__', 'self', (_, args) => str(deviceText(deviceIn(args.value('self'))))),
    __repr__: method('device.__repr__', 'self', (_, args) => {
      const { type, index } = deviceIn(args.value('self'));
      return str(`device(type='${type}'${index === null ? '' : `, index=${index}`})`);
    }),
    __eq__: method('device.__eq__', 'self, other', (_, args) => {
      const other = args.value('other');
      if (other.kind !== 'instance' || other.class !== DEVICE) return NOT_IMPLEMENTED;
      return bool(deviceText(deviceIn(args.value('self'))) === deviceText(deviceIn(other)));
    }),
    __hash__: method('device.__hash__', 'self', (context, args) =>
      context.callMethod(str(deviceText(deviceIn(args.value('self')))), '__hash__'),
    ),
  },
  { sealed: true },
);

const deviceTypes = ['cpu', 'cuda', 'mps', 'xpu', 'meta', 'xla', 'npu', 'hpu', 'privateuseone'];

function parseDevice(context: Context, text: string, index: number | null): Device {
  const match = /^([a-z]+)(?::(\d+))?$/.exec(text);
  if (match === null || !deviceTypes.includes(match[1]!)) return context.raise('RuntimeError', `Invalid device string: '${text}'`);
  return { type: match[1]!, index: match[2] === undefined ? index : Number(match[2]) };
}

const newDevice = (device: Device): InstanceValue => ({ kind: 'instance', class: DEVICE, attributes: new Map(), payload: device });
const deviceIn = (value: Value): Device => (value as InstanceValue).payload as Device;
const deviceText = ({ type, index }: Device): string => (index === null ? type : `${type}:${index}`);

export const isDevice = (value: Value): boolean => value.kind === 'instance' && value.class === DEVICE;

/** Everything runs on one machine without accelerator. */
export const CPU = newDevice({ type: 'cpu', index: null });

/** Accepts a device argument, and notes one that is not the processor this runs on. */
export function acceptDevice(context: Context, value: Value | null): void {
  if (value === null || value.kind === 'none') return;
  const device = isDevice(value) ? deviceIn(value) : value.kind === 'str' ? parseDevice(context, value.value, null) : null;
  if (device === null) {
    if (value.kind === 'int') context.note(`device ${value.value} is accepted and ignored: everything runs on the CPU`);
    else if (value.kind === 'unknown') context.note(`the device ${value.what} is ignored: everything runs on the CPU`);
    else context.raise('TypeError', `device must be torch.device, str or int, not ${context.typeOf(value).name}`);
  } else if (device.type !== 'cpu') {
    context.note(`device '${deviceText(device)}' is accepted and ignored: everything runs on the CPU`);
  }
}

// ------------------------------------------------------------------------------------------------- Size and tuples

export const SIZE: ClassValue = nativeClass(
  'torch.Size',
  [TUPLE],
  {
    __new__: method('Size.__new__', 'cls, iterable=()', (context, args) => sizeValue(context.toArray(args.value('iterable')))),
    numel: method('Size.numel', 'self', (_, args) => {
      let count = 1n;
      for (const item of (args.value('self') as TupleValue).items) count *= item.kind === 'int' ? item.value : 1n;
      return int(count);
    }),
    __repr__: method('Size.__repr__', 'self', (context, args) => {
      const items = (args.value('self') as TupleValue).items.map((item) => context.repr(item));
      return str(`torch.Size([${items.join(', ')}])`);
    }),
    __getitem__: method('Size.__getitem__', 'self, index', (context, args) => {
      const part = context.getItem(tuple((args.value('self') as TupleValue).items), args.value('index'));
      return part.kind === 'tuple' ? sizeValue(part.items) : part;
    }),
    __add__: method('Size.__add__', 'self, other', (_, args) => {
      const other = args.value('other');
      return other.kind === 'tuple' ? sizeValue([...(args.value('self') as TupleValue).items, ...other.items]) : NOT_IMPLEMENTED;
    }),
  },
  { sealed: true },
);

function sizeValue(items: readonly Value[]): TupleValue {
  return { kind: 'tuple', items, class: SIZE, attributes: null };
}

export const size = (shape: readonly number[]): TupleValue => sizeValue(shape.map((n) => int(n)));

const returnTypes = new Map<string, ClassValue>();

/** torch.return_types.max(values=…, indices=…): a tuple whose items have names. */
export function namedTuple(name: string, fields: Readonly<Record<string, Value>>): TupleValue {
  const names = Object.keys(fields);
  let cls = returnTypes.get(name);
  if (cls === undefined) {
    cls = nativeClass(
      `torch.return_types.${name}`,
      [TUPLE],
      {
        ...Object.fromEntries(names.map((field, i) => [field, property(field, (_, self) => (self as TupleValue).items[i]!)])),
        __repr__: method(`${name}.__repr__`, 'self', (context, args) => {
          const items = (args.value('self') as TupleValue).items.map((item, i) => `${names[i]!}=${context.repr(item)}`);
          return str(`torch.return_types.${name}(\n${items.join(',\n')})`);
        }),
      },
      { sealed: true },
    );
    returnTypes.set(name, cls);
  }
  return { kind: 'tuple', items: Object.values(fields), class: cls, attributes: null };
}

defineType('tensor', isTorchTensor);
defineType('dtype', (value) => dtypeOf(value) !== null);
