/** Elementwise arithmetic, functions and activations, in torch's spellings; the in-place ones come from inplace.ts. */
import * as e from '../../../tensor/elementwise';
import type { Operand } from '../../../tensor/promotion';
import { nonzero } from '../../../tensor/scatter';
import { isTensor, type Tensor } from '../../../tensor/tensor';
import { unbind } from '../../../tensor/views';
import type { Operation } from '../../library';
import type { Arguments } from '../../signature';
import {
  asTensor,
  named,
  operandArgument,
  operation,
  optionalOperand,
  scalarArgument,
  tensorArgument,
  tensorOperation,
  tensorTuple,
} from './operation';
import { wrap } from './tensors';

const unary = (where: string, compute: (input: Tensor) => Tensor): Operation =>
  tensorOperation(where, 'input|self, *, out=None', (args, context) => compute(tensorArgument(context, args)));

const binary = (where: string, compute: (input: Operand, other: Operand) => Tensor): Operation =>
  tensorOperation(where, 'input|self, other, *, out=None', (args, context) =>
    compute(operandArgument(context, args, 'input'), operandArgument(context, args, 'other')),
  );

/** An activation of nn.functional: `inplace` is acted on by inplace.ts, which wraps these. */
const activation = (where: string, parameters: string, compute: (input: Tensor, args: Arguments) => Tensor): Operation =>
  tensorOperation(where, `input|self${parameters === '' ? '' : `, ${parameters}`}`, (args, context) =>
    compute(tensorArgument(context, args), args),
  );

function roundingMode(args: Arguments): 'trunc' | 'floor' | null {
  const mode = args.stringOrNull('rounding_mode');
  return mode === 'trunc' || mode === 'floor' ? mode : null;
}

export const elementwiseOperations: readonly Operation[] = [
  tensorOperation('tm add', 'input|self, other, *, alpha=1, out=None', (args, context) =>
    e.add(operandArgument(context, args, 'input'), operandArgument(context, args, 'other'), scalarArgument(context, args, 'alpha')),
  ),
  tensorOperation('tm sub, tm subtract', 'input|self, other, *, alpha=1, out=None', (args, context) =>
    e.sub(operandArgument(context, args, 'input'), operandArgument(context, args, 'other'), scalarArgument(context, args, 'alpha')),
  ),
  tensorOperation('t rsub', 'input|self, other, *, alpha=1', (args, context) =>
    e.sub(operandArgument(context, args, 'other'), operandArgument(context, args, 'input'), scalarArgument(context, args, 'alpha')),
  ),
  binary('tm mul, tm multiply', e.mul),
  tensorOperation('tm div, tm divide', 'input|self, other, *, rounding_mode=None, out=None', (args, context) => {
    const mode = args.stringOrNull('rounding_mode');
    if (mode !== null && mode !== 'trunc' && mode !== 'floor') {
      context.raise('RuntimeError', `div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '${mode}'`);
    }
    return e.div(operandArgument(context, args, 'input'), operandArgument(context, args, 'other'), roundingMode(args));
  }),
  binary('tm true_divide', (input, other) => e.div(input, other)),
  binary('tm floor_divide', e.floorDivide),
  binary('tm remainder', e.remainder),
  binary('tm fmod', e.fmod),
  tensorOperation('tm pow, tm float_power', 'input|self, exponent, *, out=None', (args, context) =>
    e.pow(operandArgument(context, args, 'input'), operandArgument(context, args, 'exponent')),
  ),
  binary('tm maximum, tm fmax', e.maximum),
  binary('tm minimum, tm fmin', e.minimum),
  binary('tms xlogy', e.xlogy),
  binary('tm atan2, tm arctan2', e.atan2),
  binary('tm logaddexp', e.logaddexp),
  binary('tm copysign', e.copysign),
  tensorOperation('tm hypot', 'input|self, other', (args, context) =>
    e.hypot(tensorArgument(context, args), tensorArgument(context, args, 'other')),
  ),
  operation('t where', 'condition, input|self=..., other=...', (context, args) => {
    const condition = tensorArgument(context, args, 'condition');
    if (!args.given('input')) return tensorTuple(unbind(nonzero(condition), 1));
    return wrap(e.where(condition, operandArgument(context, args, 'input'), operandArgument(context, args, 'other')));
  }),
  tensorOperation('m where', 'input|self, condition, other', (args, context) =>
    e.where(tensorArgument(context, args, 'condition'), tensorArgument(context, args), operandArgument(context, args, 'other')),
  ),

  unary('tm neg, tm negative', e.neg),
  unary('tm positive', e.positive),
  unary('tm abs, tm absolute', e.abs),
  unary('tm exp', e.exp),
  unary('tms expm1', e.expm1),
  unary('tms exp2', e.exp2),
  unary('tm log', e.log),
  unary('tm log2', e.log2),
  unary('tm log10', e.log10),
  unary('tms log1p', e.log1p),
  unary('tm sqrt', e.sqrt),
  unary('tm rsqrt', e.rsqrt),
  unary('tm reciprocal', e.reciprocal),
  unary('tm square', e.square),
  unary('tm sin', e.sin),
  unary('tm cos', e.cos),
  unary('tm tan', e.tan),
  unary('tm asin, tm arcsin', e.asin),
  unary('tm acos, tm arccos', e.acos),
  unary('tm atan, tm arctan', e.atan),
  unary('tm sinh', e.sinh),
  unary('tm cosh', e.cosh),
  unary('tmf tanh', e.tanh),
  unary('tm asinh, tm arcsinh', e.asinh),
  unary('tm acosh, tm arccosh', e.acosh),
  unary('tm atanh, tm arctanh', e.atanh),
  unary('tmf sigmoid, s expit', e.sigmoid),
  unary('tms erf', e.erf),
  unary('tms erfc', e.erfc),
  unary('tm lgamma, s gammaln', e.lgamma),
  unary('tms digamma', e.digamma),
  unary('tm sign', e.sign),
  unary('tm sgn', e.sign),
  unary('tm floor', e.floor),
  unary('tm ceil', e.ceil),
  unary('tm trunc, tm fix', e.trunc),
  unary('tm frac', e.frac),
  unary('tm deg2rad', e.deg2rad),
  unary('tm rad2deg', e.rad2deg),
  tensorOperation('tms round', 'input|self, *, decimals=0, out=None', (args, context) =>
    e.round(tensorArgument(context, args), args.int('decimals')),
  ),
  tensorOperation('tms logit', 'input|self, eps=None, *, out=None', (args, context) =>
    e.logit(tensorArgument(context, args), args.floatOrNull('eps')),
  ),
  tensorOperation('tm nan_to_num', 'input|self, nan=0.0, posinf=None, neginf=None, *, out=None', (args, context) =>
    e.nanToNum(tensorArgument(context, args), args.floatOrNull('nan') ?? 0, args.floatOrNull('posinf'), args.floatOrNull('neginf')),
  ),
  tensorOperation('tm clamp, tm clip', 'input|self, min=None, max=None, *, out=None', (args, context) =>
    e.clamp(tensorArgument(context, args), optionalOperand(context, args, 'min'), optionalOperand(context, args, 'max')),
  ),
  tensorOperation('tm clamp_min', 'input|self, min', (args, context) =>
    named(e.clamp(tensorArgument(context, args), operandArgument(context, args, 'min'), null), 'ClampMinBackward0'),
  ),
  tensorOperation('tm clamp_max', 'input|self, max', (args, context) =>
    named(e.clamp(tensorArgument(context, args), null, operandArgument(context, args, 'max')), 'ClampMaxBackward0'),
  ),
  tensorOperation('tm lerp', 'input|self, end, weight, *, out=None', (args, context) => {
    const weight = operandArgument(context, args, 'weight');
    const result = e.lerp(tensorArgument(context, args), tensorArgument(context, args, 'end'), weight);
    return named(result, isTensor(weight) ? 'LerpBackward1' : 'LerpBackward0');
  }),
  tensorOperation('tm addcmul', 'input|self, tensor1, tensor2, *, value=1, out=None', (args, context) =>
    named(
      e.addcmul(
        tensorArgument(context, args),
        tensorArgument(context, args, 'tensor1'),
        tensorArgument(context, args, 'tensor2'),
        scalarArgument(context, args, 'value'),
      ),
      'AddcmulBackward0',
    ),
  ),
  tensorOperation('tm addcdiv', 'input|self, tensor1, tensor2, *, value=1, out=None', (args, context) =>
    named(
      e.addcdiv(
        tensorArgument(context, args),
        tensorArgument(context, args, 'tensor1'),
        tensorArgument(context, args, 'tensor2'),
        scalarArgument(context, args, 'value'),
      ),
      'AddcdivBackward0',
    ),
  ),

  activation('tmf relu', 'inplace=False', (input) => e.relu(input)),
  activation('f relu6', 'inplace=False', (input) => e.relu6(input)),
  activation('f leaky_relu', 'negative_slope=0.01, inplace=False', (input, args) => e.leakyRelu(input, args.float('negative_slope'))),
  activation('f elu', 'alpha=1.0, inplace=False', (input, args) => e.elu(input, args.float('alpha'))),
  activation('tf celu', 'alpha=1.0, inplace=False', (input, args) => e.celu(input, args.float('alpha'))),
  activation('tf selu', 'inplace=False', (input) => e.selu(input)),
  activation('f silu', 'inplace=False', (input) => e.silu(input)),
  activation('f mish', 'inplace=False', (input) => e.mish(input)),
  activation('f gelu', "approximate='none'", (input, args) => e.gelu(input, args.string('approximate') === 'tanh' ? 'tanh' : 'none')),
  activation('f softplus', 'beta=1.0, threshold=20.0', (input, args) => e.softplus(input, args.float('beta'), args.float('threshold'))),
  activation('f logsigmoid', '', (input) => e.logSigmoid(input)),
  activation('f hardtanh', 'min_val=-1.0, max_val=1.0, inplace=False', (input, args) =>
    e.hardtanh(input, args.float('min_val'), args.float('max_val')),
  ),
  activation('f hardsigmoid', 'inplace=False', (input) => e.hardsigmoid(input)),
  activation('f hardswish', 'inplace=False', (input) => e.hardswish(input)),
  activation('f softsign', '', (input) => e.softsign(input)),
  activation('f tanhshrink', '', (input) => e.tanhshrink(input)),
  activation('f softshrink', 'lambd=0.5', (input, args) => e.softshrink(input, args.float('lambd'))),
  activation('tmf hardshrink', 'lambd=0.5', (input, args) => e.hardshrink(input, args.float('lambd'))),
  activation('tf threshold', 'threshold, value, inplace=False', (input, args) =>
    e.threshold(input, args.float('threshold'), args.float('value')),
  ),
  tensorOperation('tmf prelu', 'input|self, weight', (args, context) =>
    e.prelu(tensorArgument(context, args), asTensor(context, args.value('weight'), 'weight')),
  ),
];
