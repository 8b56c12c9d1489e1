/** The numbers of classes that a loss may be meant for, where it does not run on the sample's: what its error and its code name. */
import type { LossSite } from '../detection/sites';
import { walk } from '../detection/walk';
import { numberOf } from '../interpreter/value';
import type { Value } from '../interpreter/value';
import type { Expression, Range, Statement } from '../language/program';
import { largestClasses } from './sample';
import type { Session } from './session';
import type { LossInput } from './ways';

/** The code runs on another number of classes than the sample's. */
export class MeantForOthers extends Error {
  readonly classes: number;
  /** Where the code says so. */
  readonly range: Range | null;
  /** What it raised on the sample. */
  readonly raised: unknown;
  constructor(classes: number, range: Range | null, raised: unknown) {
    super(`it is meant for ${classes} classes`);
    this.classes = classes;
    this.range = range;
    this.raised = raised;
  }
}

export interface LikelyClasses {
  readonly classes: number;
  readonly range: Range | null;
}

const most = 8;

/** What errors name comes first, then what the code holds, then two: code of two classes often holds no number at all. */
export function likelyClasses(session: Session, site: LossSite, input: LossInput, messages: readonly string[]): readonly LikelyClasses[] {
  const inCode = numbersInCode(session, site);
  const named = messages.flatMap((message) => [...message.matchAll(/(?<![\w.-])\d+(?![\w.])/g)].map(([text]) => Number(text)));
  const candidates = [
    ...named.map((classes) => inCode.find((one) => one.classes === classes) ?? { classes, range: null }),
    ...inCode,
    { classes: 2, range: null },
  ];
  const seen = new Set([input.classes]);
  return candidates
    .filter(({ classes }) => {
      const isNew = classes >= 2 && classes <= largestClasses && !seen.has(classes);
      seen.add(classes);
      return isNew;
    })
    .slice(0, most);
}

/** Whole numbers that the code of a loss holds, and the lengths of the constants it uses. */
export function numbersInCode(session: Session, { definition }: LossSite): readonly LikelyClasses[] {
  const found: LikelyClasses[] = [];
  const node: unknown =
    definition.kind === 'class'
      ? definition.definition
      : definition.kind === 'function'
        ? (definition.factory ?? definition.callable)
        : definition.kind === 'call'
          ? definition.call
          : null;
  if (node === null) return found;
  const add = (value: number | null, range: Range): void => {
    if (value !== null && Number.isInteger(value) && value >= 2) found.push({ classes: value, range });
  };
  const negative = new Set<unknown>();
  walk([node as Statement], (one) => {
    if (one.kind === 'unary' && one.operator === '-') negative.add(one.operand);
    if (negative.has(one)) return;
    if (one.kind === 'constant' && (one.value.type === 'int' || one.value.type === 'float')) add(Number(one.value.value), one.range);
    if (one.kind !== 'name' && one.kind !== 'attribute') return;
    const value = constantAt(session, one);
    if (value === null) return;
    for (const size of sizesOf(session, value)) add(size, one.range);
  });
  return found;
}

/** What a name of the module stands for, or an attribute of such a one. */
function constantAt(session: Session, expression: Expression): Value | null {
  if (expression.kind === 'name') return session.lookup(expression.name);
  if (expression.kind !== 'attribute') return null;
  const object = constantAt(session, expression.object);
  if (object === null || object.kind === 'module') return null;
  try {
    return session.context.findAttribute(object, expression.name);
  } catch {
    return null;
  }
}

function sizesOf(session: Session, value: Value): readonly number[] {
  const number = numberOf(value);
  if (number !== null) return value.kind === 'bool' ? [] : [number];
  if (value.kind === 'list' || value.kind === 'tuple') return [value.items.length];
  return session.bridge.read(value)?.shape ?? [];
}

/** The same rows on another number of classes. */
export function atClasses<T extends LossInput>(input: T, classes: number): T {
  if (classes === input.classes) return input;
  const spread = (row: readonly number[]): readonly number[] =>
    Array.from({ length: classes }, (_, k) => row[k % row.length]! + Math.floor(k / row.length) / 4);
  const free = (target: number): number => (target < 0 ? target : target % classes);
  const targets = classes < 5 ? input.targets.map((target, row) => (target < 0 ? target : row % classes)) : input.targets.map(free);
  const fits = input.classWeights?.length === classes ? input.classWeights : null;
  const there = { ...input, classes, logits: input.logits.map(spread), targets, classWeights: fits };
  if (there.logits.length !== classes) return there;
  // As many rows as classes let one be taken for the other.
  return { ...there, logits: [...there.logits, there.logits[0]!.map((z, k) => z - (k % 2))], targets: [...targets, targets[0]!] };
}
