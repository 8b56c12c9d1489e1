/** Between types, devices and Python: `.to`, `.float()`, `.item()`, `.tolist()`, `.numpy()`, and the legacy tensor types. */
import { empty, item, to, toArray } from '../../../tensor/creation';
import { type Dtype, dtypes, isFloatDtype, legacyTensorName } from '../../../tensor/dtype';
import { canCast, promoteTypes, resultType } from '../../../tensor/promotion';
import type { Tensor } from '../../../tensor/tensor';
import type { Context } from '../../context';
import { method, nativeClass, type Operation } from '../../library';
import type { Arguments } from '../../signature';
import { OBJECT } from '../../types';
import { bool, type ClassValue, float, int, list, NONE, str, type Value } from '../../value';
import { tensorFromData } from './literal';
import { operandOf, operation, scalarValue, sizes, tensorArgument, tensorOperation } from './operation';
import { acceptDevice, dtypeArgument, dtypeOf, dtypeValue, isDevice, isTorchTensor, NDARRAY, wrap } from './tensors';

const cast = (name: string, dtype: Dtype): Operation =>
  tensorOperation(`m ${name}`, 'input|self, memory_format=None', (args, context) => to(tensorArgument(context, args), dtype));

/** The dtype of `.to(...)` in any of its forms: a dtype, a device, both, or another tensor. */
function targetDtype(context: Context, args: Arguments): Dtype | null {
  let dtype = dtypeArgument(context, args);
  acceptDevice(context, args.optional('device'));
  for (const value of args.rest) {
    if (isTorchTensor(value)) dtype = value.tensor.dtype;
    else if (dtypeOf(value) !== null) dtype = dtypeOf(value);
    else if (isDevice(value) || value.kind === 'str' || value.kind === 'int' || value.kind === 'unknown') acceptDevice(context, value);
    else if (value.kind !== 'none' && value.kind !== 'bool') {
      context.raise('TypeError', `to() received an invalid combination of arguments - got (${context.typeOf(value).name})`);
    }
  }
  const other = args.optional('other');
  return other !== null && isTorchTensor(other) ? other.tensor.dtype : dtype;
}

/** Nested lists of Python numbers. */
export function nestedList(input: Tensor): Value {
  const kind = isFloatDtype(input.dtype) ? 'float' : input.dtype === 'bool' ? 'bool' : 'int';
  const numbers = toArray(input);
  let at = 0;
  const build = (dim: number): Value => {
    if (dim === input.shape.length) return scalarValue({ kind, value: numbers[at++]! });
    return list(Array.from({ length: input.shape[dim]! }, () => build(dim + 1)));
  };
  return build(0);
}

/** An array over the same memory. */
export function arrayOf(tensor: Tensor): Value {
  return { kind: 'tensor', tensor, class: NDARRAY, attributes: new Map() };
}

const legacyTypes: ReadonlyMap<string, Dtype> = new Map(dtypes.map((dtype) => [legacyTensorName(dtype), dtype]));

/** The dtype named by 'torch.FloatTensor', torch.FloatTensor itself, or a torch.dtype. */
function typeArgument(context: Context, value: Value): Dtype {
  const direct = dtypeOf(value);
  if (direct !== null) return direct;
  const name = value.kind === 'str' ? value.value.replace(/^torch\.(cuda\.)?/, '') : value.kind === 'class' ? value.name : '';
  return legacyTypes.get(name) ?? context.raise('ValueError', `invalid type: '${context.str(value)}'`);
}

/** torch.FloatTensor and its kin: constructors from sizes or data, and types that isinstance knows. */
const isLegacyInstance = method('type.__instancecheck__', 'cls, instance', (_, args) => {
  const cls = args.value('cls');
  const value = args.value('instance');
  return bool(cls.kind === 'class' && isTorchTensor(value) && legacyTypes.get(cls.name) === value.tensor.dtype);
});

const LEGACY_META: ClassValue = nativeClass('torch.tensortype', [OBJECT], { __instancecheck__: isLegacyInstance }, { sealed: true });

export function legacyNew(dtype: Dtype): Value {
  return method('Tensor.__new__', 'cls, *data, device=None', (context, args) => {
    acceptDevice(context, args.optional('device'));
    const [first] = args.rest;
    if (args.rest.length === 1 && first !== undefined && first.kind !== 'int') {
      if (first.kind === 'tuple' && first.class !== null) return wrap(empty(sizes(context, args, 'data'), dtype));
      if (first.kind === 'tensor') {
        if (first.tensor.dtype !== dtype && isTorchTensor(first)) {
          context.raise('TypeError', `expected ${legacyTensorName(dtype)} (got ${legacyTensorName(first.tensor.dtype)})`);
        }
        return wrap(to(first.tensor, dtype));
      }
      return wrap(tensorFromData(context, first, dtype));
    }
    return wrap(empty(args.rest.length === 0 ? [0] : sizes(context, args, 'data'), dtype));
  });
}

export const legacyClasses: Readonly<Record<string, ClassValue>> = Object.fromEntries(
  [...legacyTypes].map(([name, dtype]) => [
    name,
    nativeClass(
      `torch.${name}`,
      [OBJECT],
      { __new__: legacyNew(dtype), dtype: dtypeValue(dtype) },
      { sealed: true, metaclass: LEGACY_META },
    ),
  ]),
);

export const conversionOperations: readonly Operation[] = [
  tensorOperation(
    'm to',
    'input|self, *target, dtype=None, device=None, other=None, non_blocking=False, copy=False, memory_format=None',
    (args, context) => {
      const input = tensorArgument(context, args);
      return to(input, targetDtype(context, args) ?? input.dtype, args.bool('copy'));
    },
  ),
  tensorOperation('m type_as', 'input|self, other', (args, context) =>
    to(tensorArgument(context, args), tensorArgument(context, args, 'other').dtype),
  ),
  operation('m type', 'input|self, dtype=None, non_blocking=False', (context, args) => {
    const input = tensorArgument(context, args);
    const wanted = args.optional('dtype');
    return wanted === null ? str(`torch.${legacyTensorName(input.dtype)}`) : wrap(to(input, typeArgument(context, wanted)));
  }),
  cast('float', 'float32'),
  cast('double', 'float64'),
  cast('half', 'float16'),
  cast('bfloat16', 'bfloat16'),
  cast('long', 'int64'),
  cast('int', 'int32'),
  cast('short', 'int16'),
  cast('char', 'int8'),
  cast('byte', 'uint8'),
  cast('bool', 'bool'),
  operation(
    'm cuda',
    'input|self, device=None, non_blocking=False, memory_format=None',
    (context, args) => {
      context.note('.cuda() is accepted and ignored: everything runs on the CPU');
      return args.value('input');
    },
    { differences: 'Stays on the CPU.' },
  ),
  operation('m cpu', 'input|self, memory_format=None', (_, args) => args.value('input')),
  operation('m pin_memory, m share_memory_', 'input|self, device=None', (_, args) => args.value('input')),
  operation('m item', 'input|self', (context, args) => scalarValue(item(tensorArgument(context, args)))),
  operation('m tolist', 'input|self', (context, args) => nestedList(tensorArgument(context, args))),
  operation('m numpy', 'input|self, *, force=False', (context, args) => {
    const input = tensorArgument(context, args);
    if (input.requiresGrad && !args.bool('force')) {
      context.raise('RuntimeError', "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.");
    }
    return arrayOf(input);
  }),
  operation('m element_size', 'input|self', (context, args) =>
    context.getAttribute(dtypeValue(tensorArgument(context, args).dtype), 'itemsize'),
  ),
  operation('m get_device', 'input|self', () => int(-1)),
  operation('t is_tensor', 'obj', (_, args) => bool(isTorchTensor(args.value('obj')))),
  operation('t from_numpy', 'ndarray', (context, args) => {
    const array = args.value('ndarray');
    if (array.kind !== 'tensor' || array.class !== NDARRAY) {
      return context.raise('TypeError', `expected np.ndarray (got ${context.typeOf(array).name})`);
    }
    return wrap(array.tensor);
  }),
  operation('t result_type', 'tensor1, tensor2', (context, args) => {
    const [a, b] = [operandOf(args.value('tensor1')), operandOf(args.value('tensor2'))];
    if (a === null || b === null) return context.raise('TypeError', 'result_type(): arguments must be Tensors or Numbers');
    return dtypeValue(resultType(a, b));
  }),
  operation('t promote_types', 'type1, type2', (context, args) =>
    dtypeValue(promoteTypes(typeArgument(context, args.value('type1')), typeArgument(context, args.value('type2')))),
  ),
  operation('t can_cast', 'from_, to', (context, args) =>
    bool(canCast(typeArgument(context, args.value('from_')), typeArgument(context, args.value('to')))),
  ),
  operation('t get_default_dtype', '', () => dtypeValue('float32')),
  operation('t set_default_dtype, t set_default_tensor_type', 'd', (context, args) => {
    if (typeArgument(context, args.value('d')) !== 'float32') context.unsupported('a default dtype other than float32');
    return NONE;
  }),
  operation('t typename', 'obj', (context, args) => {
    const value = args.value('obj');
    if (isTorchTensor(value)) return str(`torch.${legacyTensorName(value.tensor.dtype)}`);
    const cls = context.typeOf(value);
    return str(cls.module === 'builtins' ? cls.name : `${cls.module}.${cls.name}`);
  }),
];

interface FloatLimits {
  readonly eps: number;
  readonly max: number;
  readonly tiny: number;
  readonly bits: number;
  readonly resolution: number;
}

const floatLimits: Readonly<Record<string, FloatLimits>> = {
  float64: { eps: 2 ** -52, max: Number.MAX_VALUE, tiny: 2.2250738585072014e-308, bits: 64, resolution: 1e-15 },
  float32: { eps: 2 ** -23, max: 3.4028234663852886e38, tiny: 1.1754943508222875e-38, bits: 32, resolution: 1e-6 },
  float16: { eps: 2 ** -10, max: 65504, tiny: 6.103515625e-5, bits: 16, resolution: 0.001 },
  bfloat16: { eps: 2 ** -7, max: 3.3895313892515355e38, tiny: 1.1754943508222875e-38, bits: 16, resolution: 0.01 },
};

const integerBits: Readonly<Record<string, number>> = { int64: 64, int32: 32, int16: 16, int8: 8, uint8: 8 };

const limits = (name: string, build: (context: Context, dtype: Dtype) => Readonly<Record<string, Value>>): ClassValue =>
  nativeClass(
    `torch.${name}`,
    [OBJECT],
    {
      __init__: method(`${name}.__init__`, 'self, type=None', (context, args) => {
        const self = args.value('self');
        const dtype = args.optional('type') === null ? 'float32' : typeArgument(context, args.value('type'));
        for (const [field, value] of Object.entries(build(context, dtype))) {
          if (self.kind === 'instance') self.attributes.set(field, value);
        }
        return NONE;
      }),
    },
    { sealed: true },
  );

export const numberLimits: Readonly<Record<string, ClassValue>> = {
  finfo: limits('finfo', (context, dtype) => {
    const found = floatLimits[dtype];
    if (found === undefined)
      return context.raise('TypeError', `torch.finfo() requires a floating point input type. Use torch.iinfo to handle '${dtype}'`);
    const { eps, max, tiny, bits, resolution } = found;
    return {
      eps: float(eps),
      max: float(max),
      min: float(-max),
      tiny: float(tiny),
      smallest_normal: float(tiny),
      bits: int(bits),
      resolution: float(resolution),
      dtype: str(dtype),
    };
  }),
  iinfo: limits('iinfo', (context, dtype) => {
    const bits = integerBits[dtype];
    if (bits === undefined)
      return context.raise('TypeError', `torch.iinfo() requires an integer input type. Use torch.finfo to handle '${dtype}'`);
    const unsigned = dtype === 'uint8';
    return {
      max: int(2n ** BigInt(unsigned ? bits : bits - 1) - 1n),
      min: int(unsigned ? 0n : -(2n ** BigInt(bits - 1))),
      bits: int(bits),
      dtype: str(dtype),
    };
  }),
};
