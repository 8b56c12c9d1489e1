/** Explanations: nothing is wrong, but the numbers surprise. */
import { argumentUnused } from './argumentUnusedRule';
import { show } from '../identification/verdict';
import type { LossSite } from '../detection/sites';
import type { Call, Keyword } from '../language/program';
import { asOperand, boolValue, callsOf, operationOf } from './code';
import { hardCodedDevice } from './deviceRule';
import { evalMode } from './evalModeRule';
import type { Fix, Found, Rule } from './rule';

export const entropyFloor: Rule = {
  id: 'entropy-floor',
  severity: 'hint',
  title: 'The loss cannot reach zero',
  look({ measurement, site }) {
    if (measurement === null || !measurement.measured.affine || measurement.makesTargets || measurement.distribution === null) return [];
    const { entropyFloor: floor, onValue, offValue } = measurement.measured;
    if (measurement.offsetKind !== 'none' || typeof floor !== 'number' || !(floor > 1e-4) || measurement.shape?.kind !== 'plain') return [];
    const [on, off] = [Number(onValue), Number(offValue)];
    const gap = off > 0 && on > off ? `, where the target’s logit stands log(on/off) = ${show(Math.log(on / off))} above the others` : '';
    return [
      {
        range: site.nameRange,
        message: `Its targets have an entropy, so the smallest value this loss can take on this sample is ${show(floor)}${gap}. That it stays above 0 does not mean it fails to converge.`,
      },
    ];
  },
};

export const entropySubtracted: Rule = {
  id: 'entropy-subtracted',
  severity: 'hint',
  title: 'The entropy of the targets is subtracted',
  look({ measurement, site }) {
    if (measurement?.offsetKind !== 'entropy' || !measurement.measured.affine) return [];
    const offset = typeof measurement.measured.offset === 'number' ? -measurement.measured.offset : NaN;
    return [
      {
        range: site.nameRange,
        message: `The value is a KL divergence: lower than the cross entropy by the entropy of the targets, ${show(offset)} per row. The gradient is the same, so training is; only the printed number differs.`,
      },
    ];
  },
};

/** tfjs: on and off values in an int32 tensor. */
export const oneHotInteger: Rule = {
  id: 'one-hot-integer',
  severity: 'warning',
  title: 'tf.oneHot makes int32 targets unless told otherwise',
  look({ site }) {
    if (site.framework !== 'tfjs') return [];
    return callsOf(site).flatMap((call): readonly Found[] => {
      const last = call.arguments.at(-1);
      if (operationOf(call) !== 'onehot' || call.arguments.length !== 4 || last === undefined) return [];
      const at = last.range.end;
      return [
        {
          range: call.range,
          message:
            "tf.oneHot without a dtype makes an int32 tensor: the on and off values are cut to 0 when it is read or used in int32 arithmetic, and on some backends always. Give it 'float32' as its fifth argument.",
          fixes: [
            {
              title: "Give it the dtype 'float32'",
              edits: [{ range: { start: at, end: at }, newText: ", 'float32'" }],
              keepsNumbers: true,
              promise: (after) => after.measured.affine,
            },
          ],
        },
      ];
    });
  },
};

export const deprecatedVariable: Rule = {
  id: 'deprecated-variable',
  severity: 'hint',
  title: 'Variable is deprecated',
  look({ site }) {
    if (site.framework !== 'torch') return [];
    return callsOf(site)
      .filter((call) => operationOf(call) === 'variable')
      .map((call) => ({
        range: call.range,
        message: 'torch.autograd.Variable does nothing since torch 0.4: a tensor is one already.',
        fixes: unwrapped(site, call),
      }));
  },
};

/** `volatile=…` and `requires_grad=False` change nothing. */
const saysNothing = ({ name, value }: Keyword): boolean => name === 'volatile' || (name === 'requires_grad' && boolValue(value) === false);

/** `Variable(x)` as x. `volatile` does nothing any more; `requires_grad=True` does, so a call that gives it is left alone. */
function unwrapped(site: LossSite, { range, arguments: [tensor, ...others], keywords }: Call): readonly Fix[] {
  if (tensor === undefined || tensor.kind === 'starred' || others.length > 0 || keywords.some((one) => !saysNothing(one))) return [];
  return [
    {
      title: 'Use the tensor itself',
      edits: [{ range, newText: asOperand(site, tensor) }],
      keepsNumbers: true,
      promise: (after, before) => after.measured.formulation === before.measured.formulation,
    },
  ];
}

export const noticeRules: readonly Rule[] = [
  argumentUnused,
  entropyFloor,
  entropySubtracted,
  oneHotInteger,
  deprecatedVariable,
  hardCodedDevice,
  evalMode,
];
