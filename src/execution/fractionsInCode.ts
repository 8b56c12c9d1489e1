/** The fractions that a loss's code holds: shares of something, among them its smoothing factor where no parameter is that. */
import { gatherDefinitions } from '../detection/definitions';
import { foldedNumber } from '../detection/literals';
import type { LossSite } from '../detection/sites';
import { walk } from '../detection/walk';
import { numberOf } from '../interpreter/value';
import type { Expression, Range, Statement } from '../language/program';
import type { Session } from './session';

export interface Fraction {
  readonly value: number;
  readonly range: Range;
}

/** Functions of the file that call one another are followed so far. */
const deepest = 3;

/** Its own first, then those of the functions and classes that it names. */
export function fractionsInCode(session: Session, { definition, program }: LossSite): readonly Fraction[] {
  const found: Fraction[] = [];
  const seen = new Set<unknown>();
  const { functions, classes } = gatherDefinitions(program);
  const visit = (root: Statement | Expression, depth: number): void => {
    if (seen.has(root)) return;
    seen.add(root);
    const named: (Statement | Expression)[] = [];
    walk([root], (node) => {
      const folded = node.kind === 'constant' || node.kind === 'binary' ? foldedNumber(node) : null;
      if (folded !== null) found.push({ value: folded, range: node.range });
      if (node.kind !== 'name') return;
      const own = functions.get(node.name) ?? classes.get(node.name);
      if (own !== undefined) named.push(own);
      else {
        const value = session.lookup(node.name);
        const number = value === null || value.kind === 'bool' ? null : numberOf(value);
        if (number !== null) found.push({ value: number, range: node.range });
      }
    });
    if (depth > 0) for (const one of named) visit(one, depth - 1);
  };
  if (definition.kind === 'class') visit(definition.definition, deepest);
  if (definition.kind === 'function') visit(definition.factory ?? definition.callable, deepest);
  return found.filter(({ value }) => value > 0 && value < 1);
}
