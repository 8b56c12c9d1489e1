/** Follows the operations of the frameworks: what each makes of its arguments, and what using it shows. */
import type { Call, Expression, Range } from '../language/program';
import { combine, difference, isData, logSoftmaxOf, picked, product, quotient } from './arithmetic';
import type { Flow, Origin } from './flow';
import { has, merge, nothing, trait, withTraits, withoutTraits } from './flow';
import type { Context } from './followContext';
import type { ParameterUse } from './sites';
import { numberOf, placeKey } from './literals';
import type { Study } from './study';
import { note, noteConstant, noteLoss, noteUse } from './study';
import {
  averages,
  canonical,
  creations,
  crossEntropies,
  differences,
  gathers,
  isPlainlySmoothing,
  layers,
  libraryLosses,
  logSoftmaxes,
  logs,
  oneHots,
  products,
  quotients,
  scatters,
  softmaxes,
  targetSmoothers,
} from './vocabulary';
import type { CrossEntropyOperation } from './vocabulary';

export interface Arguments {
  readonly positional: readonly Flow[];
  readonly nodes: readonly Expression[];
  readonly named: ReadonlyMap<string, { readonly flow: Flow; readonly node: Expression; readonly nameRange: Range }>;
}

export const metadataNames = new Set([
  'shape',
  'ndim',
  'dtype',
  'device',
  'rank',
  'length',
  'size',
  'dim',
  'numel',
  'nelement',
  'len',
  'nclasses',
  'numclasses',
]);

export function callOperation(name: string, receiver: Flow | null, given: Arguments, call: Call, context: Context): Flow {
  const { study } = context;
  const plain = canonical(name);
  const values = receiver ? [receiver, ...given.positional] : given.positional;
  const everything = merge(...values, ...[...given.named.values()].map((n) => n.flow));
  const first = values[0] ?? given.named.get('input')?.flow ?? given.named.get('x')?.flow ?? given.named.get('logits')?.flow ?? nothing;
  const isClass = /^[A-Z]/.test(name) && name !== name.toUpperCase();
  const range = call.range;

  if (wrappers.has(plain) && first.object !== null && first.object.kind === 'callable') return first;
  if (equalities.has(plain) && values.length === 2) return sameLabel(values, range, context) ?? withTraits(everything, 0);
  const filled = filledWith(plain, receiver, values, given);
  if (filled !== null) return filled;
  if (plain === 'lerp' && values.length >= 3)
    return lerp(values[0]!, values[1]!, given.named.get('weight')?.flow ?? values[2]!, range, context);
  const entropy = crossEntropyOf(plain, study);
  if (entropy) {
    study.isDivergence ||= plain === 'kldiv' || plain === 'kldivloss';
    noteSmoothingArgument(plain, entropy, isClass, given, study);
    if (isClass) return { ...nothing, object: { kind: 'operation', name: plain } };
    return crossEntropyFlow(entropy, receiver, given, range, context);
  }
  if (libraryLosses.has(plain)) {
    const at = libraryLosses.get(plain)!;
    noteArgument(
      given.named.get('smoothing') ?? given.named.get('epsilon') ?? given.named.get('label_smoothing'),
      given,
      at,
      'smoothing',
      study,
    );
    return { ...nothing, object: { kind: 'operation', name: 'cross_entropy' } };
  }
  if (logSoftmaxes.has(plain)) {
    if (isClass) return { ...nothing, object: { kind: 'operation', name: 'log_softmax' } };
    return logSoftmaxOf(everything, first, range, context);
  }
  if (softmaxes.has(plain)) {
    if (isClass) return { ...nothing, object: { kind: 'operation', name: plain } };
    if (!has(first, trait.byLabel)) noteUse(study, first.from, 'logits');
    if (!has(everything, trait.opaque)) note(study, 'softmax', range);
    return withTraits(everything, trait.softmax);
  }
  if (layers.has(plain) && isClass) {
    study.ownsLayers = true;
    return { ...nothing, object: { kind: 'layer' } };
  }
  if (plain === 'logsumexp') {
    // Over what was summed so already it is a recursion over states (a CRF, CTC), and no softmax over classes.
    return withTraits(everything, has(first, trait.logSumExp) ? trait.opaque : trait.logSumExp);
  }
  if (bounding.has(plain)) noteBounds(study, range);
  if (logs.has(plain)) {
    if (has(first, trait.softmax))
      return logSoftmaxOf({ ...everything, traits: everything.traits & ~trait.softmax }, nothing, range, context);
    // The logarithm of a table made of one-hot rows (transitions between states) is no distribution over labels.
    if (has(first, trait.oneHot) && !has(first, trait.softmax) && !isOfLabels(first, study)) refuteAll(study);
    if (has(first, trait.exponential))
      return withTraits({ ...everything, traits: everything.traits & ~trait.exponential }, trait.logSumExp);
    return withTraits(everything, trait.logarithm);
  }
  if (plain === 'exp') {
    study.exponentialFrom |= first.from;
    return withTraits({ ...everything, traits: everything.traits & (trait.opaque | trait.byLabel) }, trait.exponential);
  }
  if (oneHots.has(plain) || (!isClass && /onehot/.test(plain) && !/^(is|has|from|un)|onehot(to|decode)/.test(plain))) {
    return oneHotFlow(first, given, everything, range, context);
  }
  if (targetSmoothers.has(plain)) {
    noteArgument(given.named.get('alpha'), given, 1, 'alpha', study);
    return oneHotFlow(first, given, everything, range, context);
  }
  if (scatters.has(plain.replace(/\d+$/, ''))) return scatterFlow(plain, values, given, everything, range, context);
  if (gathers.has(plain)) {
    const index = given.named.get('index')?.flow ?? given.named.get('indices')?.flow ?? merge(...values.slice(1));
    if (
      has(first, trait.logSoftmax | trait.logarithm) ||
      (first.from !== 0 && (index.from & ~first.from) !== 0 && !has(first, trait.oneHot))
    )
      return picked(first, index, range, context);
    return withTraits(everything, 0);
  }
  if (plain === 'eye' || plain === 'identity') return { ...nothing, traits: trait.oneHot };
  if (plain === 'filldiagonal') return { ...nothing, traits: trait.oneHot | (everything.traits & (trait.opaque | trait.created)) };
  // It is no size, though it is counted to one.
  if (counts.has(plain)) return withTraits(withoutTraits(everything, trait.metadata), trait.byLabel);
  if (plain === 'indexselect' || (plain === 'embedding' && !isClass)) {
    const [table, index] = plain === 'embedding' && !receiver ? [values[1], values[0]] : [values[0], values.at(-1)];
    if (table && index && table !== index) {
      if (has(table, trait.logSoftmax) && index.from !== 0) return picked(table, index, range, context);
      return rowsOfTable(table, index, context) ?? withTraits(everything, 0);
    }
  }
  if (averages.has(plain)) {
    const uniform = has(first, trait.logSoftmax) || (first.from !== 0 && first.origin?.where === 'call');
    const already = has(first, trait.crossEntropy | trait.oneHot | trait.picked);
    const isTotal = (receiver ? given.positional.length === 0 : given.positional.length === 1) && given.named.size === 0;
    return { ...withTraits(everything, uniform && !already ? trait.uniform : 0), ...(isTotal ? { isTotal: true as const } : {}) };
  }
  if (plain === 'unsqueeze' || plain === 'expanddims') {
    const axis = numberOf((given.named.get('dim') ?? given.named.get('axis'))?.node ?? call.arguments[receiver ? 0 : 1] ?? null);
    if (axis !== null && axis !== 0) return asColumn(first) ?? withTraits(sizesLeftOut(everything, first), 0);
  }
  // einsum's first argument is its equation.
  const skipped = plain === 'einsum' ? 1 : 0;
  const [left, right] = [values[skipped], values[skipped + 1]];
  const rightNode = receiver ? call.arguments[skipped] : call.arguments[skipped + 1];
  if (left && right && rightNode) {
    const leftNode = receiver ? null : (call.arguments[0] ?? null);
    if (plain === 'add') return combine('+', left, right, null, rightNode, range, context);
    if (products.has(plain)) return product(left, right, range, context);
    if (quotients.has(plain)) return quotient(left, right, rightNode, range, context);
    if (differences.has(plain))
      return difference(
        left,
        right,
        receiver && call.callee.kind === 'attribute' ? unwrapScalar(call.callee.object) : leftNode && unwrapScalar(leftNode),
        rightNode,
        range,
        context,
      );
  }
  if (plain === 'packpaddedsequence') noteUse(study, (given.named.get('lengths')?.flow ?? values[1] ?? nothing).from, 'lengths');
  if (passThrough.has(plain)) return first;
  // `tf.cast(label_smoothing, tf.float32)`: the same number.
  if (retyping.has(plain) && first.origin !== null && isPlainlySmoothing(first.origin.name)) return first;
  if (metadataNames.has(plain)) return { ...nothing, traits: trait.metadata };
  if (creations.has(plain) && (receiver === null || receiver.from === 0)) {
    if (given.positional.length === 1 && has(first, trait.opaque)) return withTraits(everything, 0);
    // Sizes shape it, and are not in it.
    const within = merge(...[...values, ...[...given.named.values()].map((n) => n.flow)].filter((flow) => !has(flow, trait.metadata)));
    return withTraits(within, trait.created);
  }
  if (receiver) return { ...withTraits(sizesLeftOut(everything, first), 0), object: null };
  if (isClass) return { ...nothing, traits: everything.traits & trait.opaque, from: everything.from, object: null };
  if (call.callee.kind === 'attribute') return withTraits(sizesLeftOut(everything, first), 0);
  return knownPure.has(plain) || isOfNumbers(everything, values) ? withTraits(everything, 0) : withTraits(everything, trait.opaque);
}

/** `comb(n, k)`: what a function that is not known makes of plain numbers is one, or a table of them. */
const isOfNumbers = ({ from, traits }: Flow, values: readonly Flow[]): boolean =>
  values.length > 0 && from === 0 && (traits & ~(trait.number | trait.byLabel | trait.metadata)) === 0;

/** `torch.reshape(logits, [-1, logits.shape[-1]])` is logits, not a size, though sizes go into it. */
const sizesLeftOut = (everything: Flow, first: Flow): Flow =>
  has(first, trait.metadata) || first.from === 0 ? everything : { ...everything, traits: everything.traits & ~trait.metadata };

/** `clip(p, eps, 1 - eps)`: what keeps values apart from 0 and 1 is no smoothing factor. */
const bounding = new Set(['clamp', 'clip', 'clipbyvalue', 'minimum', 'maximum', 'min', 'max']);

function noteBounds({ constants }: Study, { start, end }: Range): void {
  for (const notes of constants.values()) {
    const { complement } = notes;
    if (complement !== null && start <= complement.start && complement.end <= end) notes.complement = null;
  }
}

const isOfLabels = ({ from }: Flow, { parameterNames, uses }: Study): boolean =>
  parameterNames.some((name, bit) => (from & (1 << bit)) !== 0 && uses.get(name)?.has('targetIndices') === true);

/** Nothing seen so far smooths labels. */
function refuteAll(study: Study): void {
  const { constants } = study;
  study.hasTable = true;
  for (const notes of constants.values()) Object.assign(notes, { complement: null, spread: null, timesPlain: false, times: 0 });
}

/** What gives back the function that it is handed: it computes the same, for a batch or faster. */
const wrappers = new Set(['vmap', 'jit', 'njit', 'compile', 'script', 'checkpoint', 'tidy']);
const equalities = new Set(['eq', 'equal']);

/** `arange(k) == labels[:, None]`: ones where the class is the label; null where no classes are counted. */
export function sameLabel(operands: readonly Flow[], range: Range, context: Context): Flow | null {
  const counted = operands.find((operand) => has(operand, trait.byLabel) && !has(operand, trait.oneHot));
  const from = operands.reduce((bits, operand) => bits | operand.from, 0);
  const both = merge(...operands);
  if (operands.length !== 2 || !counted || from === 0 || has(both, trait.logSoftmax | trait.softmax | trait.crossEntropy)) return null;
  noteUse(context.study, from, 'targetIndices');
  note(context.study, 'one-hot targets', range);
  return { ...nothing, traits: trait.oneHot | (both.traits & (trait.opaque | trait.created)), from };
}

/** A tensor of one number everywhere, in the shape of another: what it holds is that number. Null for all else. */
function filledWith(plain: string, receiver: Flow | null, values: readonly Flow[], given: Arguments): Flow | null {
  const at = {
    fulllike: 1,
    full: 1,
    newfull: 2,
    fill: receiver === null ? 1 : 1,
    zeroslike: -1,
    oneslike: -1,
    emptylike: -1,
    newzeros: -1,
    newones: -1,
  }[plain];
  if (at === undefined) return null;
  const named = given.named.get('fill_value') ?? given.named.get('value');
  const value = at < 0 ? nothing : (named?.flow ?? values[at] ?? nothing);
  const made = plain === 'fill' || plain === 'full' ? (values[0]?.traits ?? 0) & (trait.created | trait.opaque) : 0;
  const created = plain === 'full' && receiver === null ? trait.created : 0;
  const { from, origin, complementOf, traits } = value;
  return { ...nothing, traits: made | created | (traits & (trait.number | trait.opaque)), from, origin, complementOf };
}

/** `a.lerp(b, e)`, (1 − e)·a + e·b. */
function lerp(start: Flow, end: Flow, weight: Flow, range: Range, { study }: Context): Flow {
  if (weight.origin !== null) {
    const notes = noteConstant(study, weight.origin);
    notes.complement ??= range;
    notes.times |= end.traits;
    notes.timesPlain = true;
    if (has(start, trait.oneHot) && end.from === 0) notes.spread ??= range;
  }
  return withTraits(merge(start, end, { ...weight, traits: 0 }), 0);
}

const retyping = new Set(['cast', 'constant', 'converttotensor', 'tensor', 'astensor', 'asarray', 'array']);
const passThrough = new Set([
  'packpaddedsequence',
  'packsequence',
  'scalar',
  'float',
  'number',
  'variable',
  'parameter',
  'stopgradient',
  'detach',
  'clone',
]);
const knownPure = new Set(
  'where stack cat concat abs max min maximum minimum clamp clip flip print range int len isinstance squeeze unsqueeze variable full zeros oneslike zeroslike fulllike emptylike pow sqrt tuple list tidy add neg reshape view'.split(
    ' ',
  ),
);

/** Rows of a table that holds nothing of the parameters, taken by labels; null where it is no such look-up. */
export function rowsOfTable(table: Flow, index: Flow, { study }: Context): Flow | null {
  if (table.from !== 0 || table.object !== null || index.from === 0 || has(index, trait.metadata)) return null;
  if (has(table, trait.oneHot)) noteUse(study, index.from, 'targetIndices');
  return { ...nothing, traits: ((table.traits | (index.traits & trait.opaque)) & ~trait.number) | trait.byLabel, from: index.from };
}

/** `advantages[index].unsqueeze(1)`: one number for each row is a weight and no distribution; null for all else. */
export function asColumn(flow: Flow): Flow | null {
  if (flow.from === 0 || !has(flow, trait.byLabel)) return null;
  return withTraits(withoutTraits(flow, trait.byLabel), trait.metadata);
}

/** What counts from one number to another: the numbers of the classes, where distances between labels are taken. */
const counts = new Set(['arange', 'linspace', 'iota', 'broadcastediota', 'range']);

function unwrapScalar(expression: Expression): Expression {
  const inner =
    expression.kind === 'call' && expression.callee.kind === 'attribute' && expression.callee.name === 'scalar'
      ? expression.arguments[0]
      : undefined;
  return inner ?? expression;
}

function crossEntropyOf(plain: string, study: Study): CrossEntropyOperation | null {
  const operation = crossEntropies.get(plain);
  if (!operation) return null;
  const modules = [...study.definitions.imports.values()];
  const isLogitsFirst =
    (plain === 'softmaxcrossentropy' && modules.some((module) => /^(optax|jax)/.test(module))) ||
    (plain === 'softmaxcrossentropywithlogits' && modules.some((module) => /^mindspore\b/.test(module)));
  if (isLogitsFirst) return { ...operation, prediction: 0, target: 1 };
  const keras =
    plain === 'binarycrossentropy' && [...study.definitions.imports.values()].some((m) => /^(keras|tensorflow|@tensorflow)/.test(m));
  return keras ? { ...operation, prediction: 1, target: 0 } : operation;
}

function noteSmoothingArgument(plain: string, operation: CrossEntropyOperation, isClass: boolean, given: Arguments, study: Study): void {
  const named = given.named.get('label_smoothing') ?? given.named.get('labelSmoothing') ?? given.named.get('smoothing');
  const at = isClass ? operation.smoothingAtConstructor : operation.smoothingAt;
  const torchBinary =
    plain === 'binarycrossentropy' &&
    study.definitions.program.language === 'python' &&
    ![...study.definitions.imports.values()].some((m) => /^(keras|tensorflow)/.test(m));
  noteArgument(
    named,
    given,
    torchBinary ? undefined : at,
    study.definitions.program.language === 'python' ? 'label_smoothing' : 'labelSmoothing',
    study,
  );
}

function noteArgument(
  named: { readonly flow: Flow; readonly node: Expression; readonly nameRange: Range } | undefined,
  given: Arguments,
  at: number | undefined,
  name: string,
  study: Study,
): void {
  const node = named?.node ?? (at === undefined || at < 0 ? undefined : given.nodes[at]);
  if (!node || (node.kind === 'constant' && node.value.type !== 'float' && node.value.type !== 'int')) return;
  const flow = named?.flow ?? given.positional[at!] ?? nothing;
  const origin: Origin = flow.origin ??
    flow.scaledFrom ?? {
      key: `argument:${placeKey(node.range)}`,
      name,
      kind: 'argument',
      where: 'body',
      nameRange: named?.nameRange ?? node.range,
      value: node,
    };
  noteConstant(study, origin).argument = true;
  study.smoothingValues.push(node);
  note(study, 'smoothing argument', node.range);
}

function crossEntropyFlow(operation: CrossEntropyOperation, receiver: Flow | null, given: Arguments, range: Range, context: Context): Flow {
  const { study } = context;
  const byName = (names: readonly string[]) => names.map((n) => given.named.get(n)?.flow).find((f) => f !== undefined);
  const prediction = byName(operation.predictionNames) ?? given.positional[operation.prediction] ?? receiver ?? nothing;
  const target = byName(operation.targetNames) ?? given.positional[operation.target] ?? nothing;
  if (!has(prediction, trait.logSoftmax | trait.softmax | trait.logarithm)) {
    const uses: ParameterUse = operation.takes;
    noteUse(study, prediction.from, uses);
  }
  if (!has(target, trait.oneHot)) noteUse(study, target.from, operation.targets);
  const both = merge(prediction, target);
  if (!has(both, trait.opaque)) {
    note(study, 'cross entropy', range);
    noteLoss(study, both, true);
  }
  return withTraits(both, trait.crossEntropy);
}

function oneHotFlow(labels: Flow, given: Arguments, everything: Flow, range: Range, context: Context): Flow {
  noteUse(context.study, labels.from, 'targetIndices');
  note(context.study, 'one-hot targets', range);
  // tf.one_hot(i, K, on, off): two values that no literal gives.
  const on = given.named.get('on_value')?.flow ?? given.named.get('onValue')?.flow ?? given.positional[2];
  const off = given.named.get('off_value')?.flow ?? given.named.get('offValue')?.flow ?? given.positional[3];
  if (on && off && (on.complementOf ?? on.origin) && (off.traits & trait.number) !== 0) note(context.study, 'on and off values', range);
  return withTraits(everything, trait.oneHot);
}

/** `x.scatter_(dim, index, value)`: a constant value written at the targets makes one-hot targets. */
function scatterFlow(plain: string, values: readonly Flow[], given: Arguments, everything: Flow, range: Range, context: Context): Flow {
  const index = given.named.get('index')?.flow ?? values[2] ?? nothing;
  const value = given.named.get('value')?.flow ?? given.named.get('src')?.flow ?? values[3] ?? nothing;
  const scalar = value.complementOf !== null || value.origin !== null || has(value, trait.number) || value.from === 0;
  if (!scalar) return withTraits(everything, 0);
  noteUse(context.study, index.from, 'targetIndices');
  note(context.study, 'one-hot targets', range);
  // Two numbers that are handed in; a tensor that is, or what is added up, is no value of the target.
  if (value.origin?.kind === 'parameter' && !isData(value.origin) && !plain.startsWith('scatteradd'))
    note(context.study, 'on and off values', range);
  // The values that were there are overwritten: what they were made from is a shape.
  return { ...nothing, traits: trait.oneHot | (everything.traits & trait.opaque) | (everything.traits & trait.created), from: index.from };
}
