/** What one statement of a case came to. */

/**
 * `wrong`: something false was said; it counts first. `missing`: what should have been said was not. `open`: a person has to read it.
 * `unsupported`: said to be so, with a reason; a gap that is honest.
 */
export type Outcome = 'right' | 'wrong' | 'missing' | 'unsupported' | 'open';

export const outcomes: readonly Outcome[] = ['right', 'wrong', 'missing', 'unsupported', 'open'];

export interface Point {
  /** The row of the table it counts in. */
  readonly row: string;
  /** The case. */
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail: string;
}

/** A row's points of one case. */
export const point =
  (row: string, name: string) =>
  (outcome: Outcome, detail = ''): Point => ({ row, name, outcome, detail });
