/** Candidates for leaving rows out: where the rows are reduced, divided by their number, or used as an index. Measuring decides which is right. */
import { walk } from '../detection/walk';
import type { Call, Expression, Range } from '../language/program';
import { callsOf, divisionsOf, everyStatementOf, isOperand, numberValue, operationOf, textOf } from './code';
import type { Edit, Subject } from './rule';
import { bodyRange, mentions, spellingsOf } from './spelling';

/** A mean or sum over everything: `x.mean()` or `torch.mean(x)`. */
export interface FullReduction {
  readonly call: Call;
  readonly operation: 'mean' | 'sum';
  /** Of the operation's name. */
  readonly nameRange: Range;
  readonly reduced: Expression;
  /** Where the reduced expression ends, with the parentheses around it: the dot of `.mean()`. Null for `torch.mean(x)`. */
  readonly dot: number | null;
}

/** The reductions of the loss, the last one first: it is the likeliest to be that over the rows. */
export function fullReductionsOf({ site }: Subject): readonly FullReduction[] {
  const body = bodyRange(site);
  return callsOf(site)
    .flatMap((call): readonly FullReduction[] => {
      const operation = operationOf(call);
      const { callee } = call;
      if ((operation !== 'mean' && operation !== 'sum') || callee.kind !== 'attribute' || call.keywords.length > 0) return [];
      if (body === null || call.range.start < body.start || call.range.end > body.end) return [];
      const isModule = callee.object.kind === 'name' && callee.object.name === 'torch';
      const [first, ...others] = call.arguments;
      if (others.length > 0 || isModule !== (first !== undefined) || first?.kind === 'starred') return [];
      const dot = first === undefined ? site.program.text.lastIndexOf('.', callee.nameRange.start) : null;
      return [{ call, operation, nameRange: callee.nameRange, reduced: first ?? callee.object, dot }];
    })
    .toReversed();
}

export interface RowMask {
  /** True for the rows that count. */
  readonly kept: string;
  readonly target: string;
}

/** How the code can say which rows count: all but those of this target. */
export function masksOf(subject: Subject, ignored: number): readonly RowMask[] {
  const targets = spellingsOf(subject, 'targets');
  const values = [...spellingsOf(subject, 'ignoreIndex', 'padding'), String(ignored)];
  return targets
    .slice(0, 1)
    .flatMap((target) => [...new Set(values)].slice(0, 2).map((value) => ({ kept: `${target} != ${value}`, target })));
}

/** Takes the reduction over the kept rows only. */
export function overKeptRows({ reduced, dot }: FullReduction, { kept }: RowMask): readonly Edit[] {
  const { start, end } = reduced.range;
  const at = (offset: number, newText: string): Edit => ({ range: { start: offset, end: offset }, newText });
  if (dot !== null) return [at(dot, `[${kept}]`)];
  return isOperand(reduced) ? [at(end, `[${kept}]`)] : [at(start, '('), at(end, `)[${kept}]`)];
}

/** `x.mean()` as the sum over the number of kept rows. */
export function meanOverKept({ call, nameRange }: FullReduction, { kept }: RowMask): readonly Edit[] {
  return [
    { range: nameRange, newText: 'sum' },
    { range: { start: call.range.end, end: call.range.end }, newText: ` / (${kept}).sum()` },
  ];
}

/** Every divisor that may be the number of rows. */
export function divisorsOf({ site }: Subject): readonly Expression[] {
  return divisionsOf(site).flatMap(({ right }) => (numberValue(right) === null ? [right] : []));
}

const indexing = new Set(['scatter', 'scatteradd', 'gather', 'onehot', 'indexselect', 'take', 'takealongdim']);

/** The target made a class wherever it is an index, in all places together. */
export function clampedIndices({ site }: Subject, target: string): readonly Edit[] {
  const places: Range[] = [];
  const among = (expression: Expression): void => {
    if (!mentions(expression, target)) return;
    walk([{ kind: 'expression', expression, silent: true, range: expression.range }], (node) => {
      if (node.kind === 'name' && node.name === target) places.push(node.range);
    });
  };
  for (const call of callsOf(site)) {
    if (!indexing.has(operationOf(call))) continue;
    for (const argument of call.arguments) among(argument);
    for (const { name, value } of call.keywords) if (name === 'index') among(value);
  }
  for (const statement of everyStatementOf(site))
    if (statement.kind === 'assign')
      for (const written of statement.targets)
        if (written.kind === 'subscript' && textOf(site, written.object) !== target) among(written.index);
  const distinct = new Map(places.map((range) => [range.start, range]));
  return [...distinct.values()].map(({ end }) => ({ range: { start: end, end }, newText: '.clamp(min=0)' }));
}
