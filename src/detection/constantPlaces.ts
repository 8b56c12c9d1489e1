/**
 * Where a text says a smoothing factor without a loss beside it: defaults of options, settings, fields. A name that says it is enough, as is
 * a shorter one whose place says it (a help text, a node of the loss in a configuration, the type in a registry).
 */
import type { SmoothingConstant } from '../inspection';
import type { Call, Expression, Range, Statement } from '../language/program';
import { foldedNumber, keyOf, numberInText } from './literals';
import { isLossPath, isShortSmoothingName, isSmoothingName, isSmoothingType } from './vocabulary';

export interface ConstantPlace {
  readonly name: string;
  readonly kind: SmoothingConstant['kind'];
  readonly nameRange: Range;
  /** The expression that says it: the default, the right side. */
  readonly value: Expression;
}

const startOf = (range: Range, length: number): Range => ({ start: range.start, end: range.start + length });

const stringOf = (expression: Expression | undefined): string | null =>
  expression?.kind === 'constant' && expression.value.type === 'string' ? expression.value.value : null;

/** The places of one node, without those of the nodes in it. */
export function* placesIn(node: Expression | Statement): Generator<ConstantPlace> {
  switch (node.kind) {
    case 'call':
      yield* inCall(node);
      return;
    case 'function':
    case 'lambda':
      for (const { name, range, defaultValue } of node.parameters)
        if (defaultValue && isSmoothingName(name))
          yield { name, kind: 'parameterDefault', nameRange: startOf(range, name.length), value: valueIn(defaultValue) };
      return;
    case 'assign':
      if (node.value !== null)
        for (const target of node.targets) yield* inAssignment(target, node.value, node.annotation === null ? 'assignment' : 'field');
      return;
    case 'mapping':
      yield* inMapping(node);
      return;
    default:
  }
}

/** What a default is written in: `field(default=0.1)`, `Field(0.1, ge=0)`, `typer.Option(0.1)`, `options.x ?? 0.1`. */
function valueIn(expression: Expression): Expression {
  if (expression.kind === 'logical' && expression.operator !== 'and')
    return foldedNumber(expression.right) === null ? expression : expression.right;
  if (expression.kind !== 'call' || foldedNumber(expression) !== null) return expression;
  const given = expression.keywords.find(({ name }) => name === 'default' || name === 'value' || name === 'default_value')?.value;
  const first = expression.arguments.find((argument) => foldedNumber(argument) !== null);
  return given ?? first ?? expression;
}

function* inAssignment(target: Expression, value: Expression, kind: 'assignment' | 'field'): Generator<ConstantPlace> {
  switch (target.kind) {
    case 'name':
      if (isSmoothingName(target.name)) yield { name: target.name, kind, nameRange: target.range, value: valueIn(value) };
      return;
    case 'attribute':
      if (isSmoothingName(target.name) || (isShortSmoothingName(target.name) && pathOf(target.object).some(isLossPath)))
        yield { name: target.name, kind: 'attribute', nameRange: target.nameRange, value: valueIn(value) };
      return;
    case 'subscript': {
      const key = stringOf(target.index);
      if (key !== null && (isSmoothingName(key) || (isShortSmoothingName(key) && pathOf(target.object).some(isLossPath))))
        yield { name: key, kind: 'option', nameRange: target.index.range, value: valueIn(value) };
      return;
    }
    case 'sequence':
      if (value.kind === 'sequence' && value.items.length === target.items.length)
        for (const [i, item] of target.items.entries()) yield* inAssignment(item, value.items[i]!, kind);
      return;
    default:
  }
}

/** The parts of `_C.MODEL.LOSSES.CE`, `cfg['loss']['ce']`. */
function pathOf(expression: Expression): readonly string[] {
  if (expression.kind === 'name') return [expression.name];
  if (expression.kind === 'attribute') return [...pathOf(expression.object), expression.name];
  if (expression.kind === 'subscript') return [...pathOf(expression.object), stringOf(expression.index) ?? ''];
  return [];
}

function* inMapping({ entries }: Extract<Expression, { kind: 'mapping' }>): Generator<ConstantPlace> {
  const registered = entries.some(({ key, value }) => isTypeKey(key && keyOf(key)) && isSmoothingType(stringOf(value) ?? ''));
  for (const { key, value } of entries) {
    const name = key && keyOf(key);
    if (!key || name === null) continue;
    if (isSmoothingName(name) || (registered && isShortSmoothingName(name)))
      yield { name, kind: 'option', nameRange: key.range, value: valueIn(value) };
    else if (isLossPath(name) && value.kind === 'mapping')
      for (const inner of value.entries) {
        const short = inner.key && keyOf(inner.key);
        if (inner.key && short !== null && isShortSmoothingName(short) && !isSmoothingName(short))
          yield { name: short, kind: 'option', nameRange: inner.key.range, value: valueIn(inner.value) };
      }
  }
}

const isTypeKey = (name: string | null): boolean => name !== null && /^(type|name|criterion|loss|_target_|class_name)$/i.test(name);

function* inCall(call: Call): Generator<ConstantPlace> {
  const registered = call.keywords.some(({ name, value }) => isTypeKey(name) && isSmoothingType(stringOf(value) ?? ''));
  for (const { name, range, value } of call.keywords)
    if (name !== null && (isSmoothingName(name) || (registered && isShortSmoothingName(name))))
      yield { name, kind: 'keywordArgument', nameRange: startOf(range, name.length), value: valueIn(value) };
  yield* inOption(call);
}

/**
 * A call that names a setting and gives its default: `add_argument('--label-smoothing', default=0.1)`, `DEFINE_float('label_smoothing', 0.1)`,
 * `cfg.get('label_smoothing', 0.1)`, `getattr(args, 'label_smoothing', 0.1)`, `.option('label-smoothing', { default: 0.1 })`.
 */
function* inOption(call: Call): Generator<ConstantPlace> {
  const at = call.arguments.findIndex((argument) => stringOf(argument) !== null);
  const dest = call.keywords.find(({ name }) => name === 'dest')?.value;
  const flags = call.arguments.map((argument) => stringOf(argument));
  const help = call.keywords.find(({ name }) => name === 'help' || name === 'description')?.value;
  const explained = call.arguments.slice(at + 1).map((argument) => stringOf(argument) ?? '');
  const says = [stringOf(help) ?? '', ...explained].some((text) => /label[\s_-]*smooth/i.test(text));
  const isNamed = (name: string | null): name is string =>
    name !== null && !/\s/.test(name) && (isSmoothingName(name) || (says && isShortSmoothingName(name)));
  const named = flags.findIndex(isNamed);
  const byDest = named < 0 && dest !== undefined && isNamed(stringOf(dest));
  if (named < 0 && !byDest) return;
  const nameNode = byDest ? dest : call.arguments[named]!;
  const name = (byDest ? stringOf(dest) : flags[named])!;
  const keyword = call.keywords.find((each) => each.name === 'default' || each.name === 'default_value' || each.name === 'defaultValue');
  if (keyword) {
    const nameRange = startOf(keyword.range, keyword.name!.length);
    yield { name: keyword.name!, kind: 'option', nameRange, value: keyword.value };
    return;
  }
  const next = call.arguments[byDest ? at + 1 : named + 1];
  if (next?.kind === 'mapping') {
    for (const { key, value } of next.entries)
      if (key && /^default(Value)?$/.test(keyOf(key) ?? '')) yield { name, kind: 'option', nameRange: nameNode.range, value };
    return;
  }
  // One value: `suggest_float('label_smoothing', 0, 0.2)` gives a span and no default.
  const isSpan = call.arguments[named + 2] !== undefined && foldedNumber(call.arguments[named + 2]!) !== null;
  const isDefault = next !== undefined && !isSpan && (foldedNumber(next) !== null || numberInText(stringOf(next) ?? '') !== null);
  if (isDefault) yield { name, kind: 'option', nameRange: nameNode.range, value: next };
}
