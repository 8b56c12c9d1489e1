/** A run of a program's own code, open for more: its names can be looked up and its losses called. */
import type { LossSite } from '../detection/sites';
import type { Context } from '../interpreter/context';
import type { Value } from '../interpreter/value';
import type { Expression, Program } from '../language/program';
import type { CallArguments } from './arguments';
import type { Bridge } from './bridge';

export interface Session {
  readonly program: Program;
  readonly context: Context;
  readonly bridge: Bridge;
  readonly lookup: (name: string) => Value | null;
  /** An expression of the program, evaluated at its module's level. */
  readonly evaluate: (expression: Expression) => Value;
  readonly call: (callee: Value, args: CallArguments) => Value;
  readonly construct: (cls: Value, args: CallArguments) => Value;
  /** Throws why a definition was never bound. */
  readonly missing: (site: LossSite) => never;
  /** Errors that no other way of calling can avoid: budgets, code that is not interpreted. */
  readonly isFinal: (error: unknown) => boolean;
}
