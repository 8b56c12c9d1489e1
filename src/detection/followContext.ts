/** Where a following of the data stands. */
import type { Expression, Statement } from '../language/program';
import type { Flow, Scope } from './flow';
import type { Study } from './study';

export interface Context {
  readonly study: Study;
  readonly scope: Scope;
  /** Calls of this file's functions around it. */
  readonly depth: number;
  /** The classes whose fields are being evaluated, as an instance is made. */
  readonly making: readonly object[];
  /** Follows a function's body; gives what it returns. */
  readonly follow: (body: Expression | readonly Statement[], context: Context) => Flow;
}
