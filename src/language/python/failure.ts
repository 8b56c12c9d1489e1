import type { Range, SyntaxProblem } from '../program';

/** Thrown where the text stops being valid code; caught by the statement (or block header) it stands in, which recovers. */
export class SyntaxFailure extends Error {
  readonly problem: SyntaxProblem;

  constructor(message: string, range: Range, type: SyntaxProblem['type'] = 'SyntaxError') {
    super(message);
    this.problem = { message, range, type };
  }
}
