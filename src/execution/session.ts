/** A run of a program's own code, open for more: its names can be looked up and its losses called. */
import type { LossSite } from '../detection/sites';
import type { Context } from '../interpreter/context';
import type { Value } from '../interpreter/value';
import type { Expression, Program, Range, Statement } from '../language/program';
import type { CallArguments } from './arguments';
import type { Bridge } from './bridge';
import type { SiteUse } from './siteUse';
import type { ReadTensor } from './tensorData';

/** An executed statement of the person's code. */
export interface RecordedStep {
  readonly range: Range;
  /** The statement's text. */
  readonly code: string;
  /** The names it bound, or the expression's text. */
  readonly label: string;
  readonly tensor: ReadTensor | null;
  /** As its language prints it, where it is no tensor. */
  readonly text: string | null;
  /** Calls of the person's code around it. */
  readonly depth: number;
}

export interface PrintedText {
  readonly range: Range;
  readonly text: string;
  readonly source: 'print' | 'cell';
  readonly recorded: { readonly text: string; readonly agrees: boolean; readonly unset?: true } | null;
}

/** An error of the run, with its place in the person's code. */
export interface RunProblem {
  readonly type: 'exception' | 'unsupported' | 'budget';
  readonly message: string;
  readonly range: Range | null;
}

export interface Session {
  readonly program: Program;
  readonly context: Context;
  readonly bridge: Bridge;
  /** The same run, with the tensors of this site's framework. */
  readonly forSite: (site: LossSite) => Session;
  /** How the program uses a loss: what it builds it and calls it with. The program is run for it once, when first asked. */
  readonly useOf: (site: LossSite) => SiteUse;
  /** What an expression of the module's level is in the program run; null where that is not known. */
  readonly valueOf: (expression: Expression) => Value | null;
  /** What the arguments of the program's calls were, each time. */
  readonly valuesOf: (expression: Pick<Expression, 'range'>) => readonly Value[];
  /** What running the module itself did. */
  readonly steps: readonly RecordedStep[];
  readonly printed: readonly PrintedText[];
  readonly problems: readonly RunProblem[];
  readonly lookup: (name: string) => Value | null;
  /** An expression of the program, evaluated at its module's level. */
  readonly evaluate: (expression: Expression) => Value;
  readonly call: (callee: Value, args: CallArguments) => Value;
  readonly construct: (cls: Value, args: CallArguments) => Value;
  /** Throws why a definition was never bound. */
  readonly missing: (site: LossSite) => never;
  /** Errors that no other way of calling can avoid: budgets, code that is not interpreted. */
  readonly isFinal: (error: unknown) => boolean;
  readonly recording: <T>(body: () => T) => {
    readonly result: T;
    readonly steps: readonly RecordedStep[];
    readonly printed: readonly PrintedText[];
  };
  /**
   * Runs the module anew, up to `last`, with other values in place of those that it binds to some names; gives what `last` computes. Throws
   * what that throws.
   */
  readonly rerun: (values: ReadonlyMap<string, Value>, last: Statement) => Value;
  readonly problemOf: (error: unknown) => RunProblem;
  /** Things to know about running the module itself. */
  readonly moduleNotes: readonly string[];
  /** Runs `body`; gives with its result what is to know about what ran in it. */
  readonly noting: <T>(body: () => T) => { readonly result: T; readonly notes: readonly string[] };
}
