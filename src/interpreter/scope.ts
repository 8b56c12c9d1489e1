/** Where names live. */
import type { Language, Program, Range } from '../language/program';
import type { Value } from './value';

/** A text being executed: the person's document, or a library part written in Python, whose steps are not the person's. */
export interface Unit {
  readonly language: Language;
  readonly program: Program;
  /** The person's own code: its statements are traced, and errors point into it. */
  readonly isPersons: boolean;
  /** `__name__` of the module. */
  readonly moduleName: string;
  readonly globals: Scope;
  /** Why a global was never bound: the statement that would have bound it failed. */
  readonly failures: Map<string, Failure>;
  /** Modules of which `import *` could bind nothing. */
  readonly unknownStars: string[];
}

export interface Failure {
  readonly range: Range;
  readonly message: string;
  readonly type: 'exception' | 'unsupported' | 'budget';
}

export interface Scope {
  readonly kind: 'module' | 'function' | 'class' | 'block';
  readonly names: Map<string, Value>;
  /** Where a name is looked up next; class scopes are left out of the chain of the functions inside them. */
  readonly parent: Scope | null;
  /** Names that are local to this function because it binds them somewhere (Python). */
  readonly locals: ReadonlySet<string> | null;
  /** Names declared global or nonlocal here. */
  readonly declared: ReadonlyMap<string, 'global' | 'nonlocal'> | null;
}
