/**
 * The one syntax tree of both languages. Parsers lower into it; detection and the interpreter read nothing else.
 * Every offset is a UTF-16 index into the document's text, whatever the document is (script, notebook, Markdown, dump).
 */

import type { Workspace } from '../workspace';

export interface Range {
  readonly start: number;
  readonly end: number;
  /** In a module that the document imports: its path from the workspace's root. Absent in the document's own tree. */
  readonly file?: string;
}

export type Language = 'python' | 'typescript';

/** A piece of code that runs as one: a whole script, or one cell of a notebook. Cells of a document share their names. */
export interface Cell {
  readonly range: Range;
  readonly body: readonly Statement[];
  /** What the document says this cell printed when its author ran it (text dumps and .ipynb), for comparison. */
  readonly recordedOutput?: { readonly text: string; readonly range: Range };
}

export interface Program {
  readonly language: Language;
  readonly text: string;
  /** Its path from the workspace's root, with forward slashes; absent where the host gave no workspace. */
  readonly file?: string;
  /** The texts beside it, where the host gave some. */
  readonly workspace?: Workspace;
  readonly cells: readonly Cell[];
  /** Places where the text is not valid code. The statements around them are lowered all the same. */
  readonly problems: readonly SyntaxProblem[];
  /** A source that is a transformation of the document (a JSON notebook) maps its offsets back to the document here. */
  readonly locate?: (offset: number) => number;
}

export interface SyntaxProblem {
  readonly range: Range;
  readonly message: string;
  /** What the language itself raises for it. */
  readonly type: 'SyntaxError' | 'IndentationError' | 'TabError';
}

interface Node {
  readonly range: Range;
}

// ---------------------------------------------------------------------------------------------------- expressions

export type Expression =
  | Name
  | Constant
  | JoinedString
  | Attribute
  | Subscript
  | SliceExpression
  | Call
  | Unary
  | Binary
  | Logical
  | Comparison
  | Conditional
  | Sequence
  | Mapping
  | Comprehension
  | Lambda
  | Assignment
  | Starred
  | Yield
  | Await
  | UnsupportedExpression;

export interface Name extends Node {
  readonly kind: 'name';
  readonly name: string;
}

/** int and float stay apart in Python: they promote differently. TypeScript numbers are all 'float'. */
export interface Constant extends Node {
  readonly kind: 'constant';
  readonly value:
    | { readonly type: 'none' }
    | { readonly type: 'undefined' }
    | { readonly type: 'ellipsis' }
    | { readonly type: 'bool'; readonly value: boolean }
    | { readonly type: 'int'; readonly value: bigint }
    | { readonly type: 'float'; readonly value: number }
    | { readonly type: 'complex'; readonly imaginary: number }
    | { readonly type: 'string'; readonly value: string }
    | { readonly type: 'bytes'; readonly value: Uint8Array };
}

/** f-string or template literal. */
export interface JoinedString extends Node {
  readonly kind: 'joinedString';
  readonly parts: readonly (string | FormattedPart)[];
}

export interface FormattedPart extends Node {
  readonly expression: Expression;
  readonly conversion: 'r' | 's' | 'a' | null;
  readonly format: JoinedString | null;
  /** The text before the value for `{x=}`. */
  readonly label: string | null;
}

export interface Attribute extends Node {
  readonly kind: 'attribute';
  readonly object: Expression;
  readonly name: string;
  readonly nameRange: Range;
  /** TypeScript's `?.` */
  readonly optional: boolean;
}

export interface Subscript extends Node {
  readonly kind: 'subscript';
  readonly object: Expression;
  /** `x[a, b]` has a tuple Sequence here, as in Python. */
  readonly index: Expression;
  readonly optional: boolean;
}

export interface SliceExpression extends Node {
  readonly kind: 'slice';
  readonly lower: Expression | null;
  readonly upper: Expression | null;
  readonly step: Expression | null;
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly callee: Expression;
  /** Positional arguments in order; `*args` and `...args` are Starred. */
  readonly arguments: readonly Expression[];
  readonly keywords: readonly Keyword[];
  readonly optional: boolean;
  /** TypeScript's `new C(…)`. */
  readonly isNew: boolean;
}

/** `name=value`, or `**value` when name is null. */
export interface Keyword extends Node {
  readonly name: string | null;
  readonly value: Expression;
}

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: '-' | '+' | '~' | 'not' | 'typeof' | 'void';
  readonly operand: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '@' | '<<' | '>>' | '>>>' | '&' | '|' | '^';

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  /** Of the operator itself. */
  readonly operatorRange: Range;
}

export interface Logical extends Node {
  readonly kind: 'logical';
  readonly operator: 'and' | 'or' | '??';
  readonly left: Expression;
  readonly right: Expression;
}

export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=' | '===' | '!==' | 'in' | 'not in' | 'is' | 'is not' | 'instanceof';

/** `a < b <= c`: operands.length === operators.length + 1. */
export interface Comparison extends Node {
  readonly kind: 'comparison';
  readonly operands: readonly Expression[];
  readonly operators: readonly ComparisonOperator[];
}

export interface Conditional extends Node {
  readonly kind: 'conditional';
  readonly test: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

/** TypeScript's array literal is a list. As an assignment target, a list or tuple unpacks. */
export interface Sequence extends Node {
  readonly kind: 'sequence';
  readonly type: 'list' | 'tuple' | 'set';
  readonly items: readonly Expression[];
}

/** dict or object literal. An entry without key is `**value` / `...value`. As a TypeScript target, it destructures. */
export interface Mapping extends Node {
  readonly kind: 'mapping';
  readonly entries: readonly MappingEntry[];
}

export interface MappingEntry extends Node {
  readonly key: Expression | null;
  readonly value: Expression;
}

export interface Comprehension extends Node {
  readonly kind: 'comprehension';
  readonly type: 'list' | 'set' | 'dict' | 'generator';
  /** The key of a dict comprehension, else null. */
  readonly key: Expression | null;
  readonly element: Expression;
  readonly clauses: readonly ComprehensionClause[];
}

export interface ComprehensionClause extends Node {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

/** `lambda`, arrow function or function expression. */
export interface Lambda extends Node {
  readonly kind: 'lambda';
  readonly parameters: readonly Parameter[];
  /** A single expression, or the statements of a block-bodied arrow or function expression. */
  readonly body: Expression | readonly Statement[];
  /** A function expression or method of TypeScript has a `this` of its own; an arrow function takes the one around it. */
  readonly bindsThis: boolean;
}

/** Walrus in Python (`target := value`); assignment as an expression in TypeScript (`a = b`, `a += b`). */
export interface Assignment extends Node {
  readonly kind: 'assignment';
  readonly target: Expression;
  readonly operator: BinaryOperator | 'and' | 'or' | '??' | null;
  readonly value: Expression;
}

export interface Starred extends Node {
  readonly kind: 'starred';
  readonly value: Expression;
}

export interface Yield extends Node {
  readonly kind: 'yield';
  readonly value: Expression | null;
  readonly delegate: boolean;
}

export interface Await extends Node {
  readonly kind: 'await';
  readonly value: Expression;
}

/** Code that was understood as a whole but is not interpreted, or is not valid: refused, at its range, only when it is executed. */
export interface UnsupportedExpression extends Node {
  readonly kind: 'unsupported';
  readonly what: string;
  readonly invalid: boolean;
}

// ----------------------------------------------------------------------------------------------------- statements

export type Statement =
  | ExpressionStatement
  | AssignStatement
  | AugmentedAssignStatement
  | ReturnStatement
  | IfStatement
  | ForStatement
  | WhileStatement
  | TryStatement
  | WithStatement
  | RaiseStatement
  | AssertStatement
  | DeleteStatement
  | ScopeStatement
  | ImportStatement
  | FunctionDefinition
  | ClassDefinition
  | MatchStatement
  | BlockStatement
  | SimpleStatement
  | UnsupportedStatement;

export interface ExpressionStatement extends Node {
  readonly kind: 'expression';
  readonly expression: Expression;
  /** A trailing semicolon keeps a notebook from showing the value. */
  readonly silent: boolean;
}

/** `a = b = value`; `a: T = value`; `const a = value` (declaration says which); `a: T` has value null. */
export interface AssignStatement extends Node {
  readonly kind: 'assign';
  readonly targets: readonly Expression[];
  readonly value: Expression | null;
  readonly annotation: Expression | null;
  readonly declaration: 'const' | 'let' | 'var' | null;
}

export interface AugmentedAssignStatement extends Node {
  readonly kind: 'augmentedAssign';
  readonly target: Expression;
  readonly operator: BinaryOperator;
  readonly value: Expression;
}

export interface ReturnStatement extends Node {
  readonly kind: 'return';
  readonly value: Expression | null;
}

export interface IfStatement extends Node {
  readonly kind: 'if';
  readonly test: Expression;
  readonly then: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

/** `for target in iterable` (Python) and `for (const target of iterable)` (TypeScript). A C-style loop is lowered to a Block around a While. */
export interface ForStatement extends Node {
  readonly kind: 'for';
  readonly target: Expression;
  readonly iterable: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  readonly declaration: 'const' | 'let' | 'var' | null;
}

export interface WhileStatement extends Node {
  readonly kind: 'while';
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
  /** Run after the body and after `continue` (the third part of a C-style for). */
  readonly update: Expression | null;
  /** `do … while`. */
  readonly testAfter: boolean;
}

export interface TryStatement extends Node {
  readonly kind: 'try';
  readonly body: readonly Statement[];
  readonly handlers: readonly ExceptHandler[];
  readonly otherwise: readonly Statement[];
  readonly finally: readonly Statement[];
}

export interface ExceptHandler extends Node {
  readonly type: Expression | null;
  readonly name: string | null;
  readonly body: readonly Statement[];
}

export interface WithStatement extends Node {
  readonly kind: 'with';
  readonly items: readonly { readonly context: Expression; readonly target: Expression | null }[];
  readonly body: readonly Statement[];
}

export interface RaiseStatement extends Node {
  readonly kind: 'raise';
  readonly exception: Expression | null;
  readonly cause: Expression | null;
}

export interface AssertStatement extends Node {
  readonly kind: 'assert';
  readonly test: Expression;
  readonly message: Expression | null;
}

export interface DeleteStatement extends Node {
  readonly kind: 'delete';
  readonly targets: readonly Expression[];
}

export interface ScopeStatement extends Node {
  readonly kind: 'global' | 'nonlocal';
  readonly names: readonly string[];
}

/** `import a.b as c` → module 'a.b', names null. `from a import b as c, *` → names. TypeScript's default import is the name 'default'. */
export interface ImportStatement extends Node {
  readonly kind: 'import';
  readonly module: string;
  /** Leading dots of a relative import. */
  readonly level: number;
  /** What the module itself is bound to: `import a as x` / `import * as x from 'a'`. */
  readonly alias: string | null;
  readonly names: readonly ImportedName[] | null;
}

export interface ImportedName extends Node {
  /** '*' for a star import. */
  readonly name: string;
  readonly alias: string | null;
}

export interface Parameter extends Node {
  readonly name: string;
  /** A destructuring parameter of TypeScript: a Sequence or Mapping target; name is then ''. */
  readonly pattern: Expression | null;
  readonly style: 'positionalOnly' | 'normal' | 'keywordOnly' | 'variadic' | 'keywordVariadic';
  readonly defaultValue: Expression | null;
  readonly annotation: Expression | null;
  /** TypeScript's `private smoothing = 0.1` in a constructor also makes a field. */
  readonly isField: boolean;
}

export interface FunctionDefinition extends Node {
  readonly kind: 'function';
  readonly name: string;
  readonly nameRange: Range;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  /** Taken out of the body. */
  readonly docstring: string | null;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** TypeScript class members; Python says the same with decorators. */
  readonly modifier: 'static' | 'get' | 'set' | null;
}

export interface ClassDefinition extends Node {
  readonly kind: 'class';
  readonly name: string;
  readonly nameRange: Range;
  readonly bases: readonly Expression[];
  readonly keywords: readonly Keyword[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  readonly docstring: string | null;
}

export interface MatchStatement extends Node {
  readonly kind: 'match';
  readonly subject: Expression;
  readonly cases: readonly MatchCase[];
}

export interface MatchCase extends Node {
  readonly pattern: Pattern;
  readonly guard: Expression | null;
  readonly body: readonly Statement[];
}

/** TypeScript's `switch` is lowered to nested ifs, or Unsupported when a case falls through. */
export type Pattern = Node &
  (
    | { readonly kind: 'value'; readonly value: Expression }
    | { readonly kind: 'capture'; readonly name: string | null }
    | { readonly kind: 'or'; readonly alternatives: readonly Pattern[] }
    | { readonly kind: 'as'; readonly pattern: Pattern; readonly name: string }
    | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
    | { readonly kind: 'star'; readonly name: string | null }
    | {
        readonly kind: 'mapping';
        readonly entries: readonly { readonly key: Expression; readonly pattern: Pattern }[];
        readonly rest: string | null;
      }
    | {
        readonly kind: 'class';
        readonly class: Expression;
        readonly positional: readonly Pattern[];
        readonly keywords: readonly { readonly name: string; readonly pattern: Pattern }[];
      }
    | { readonly kind: 'unsupported'; readonly what: string }
  );

/** A bare block of TypeScript, with its own scope for let and const. */
export interface BlockStatement extends Node {
  readonly kind: 'block';
  readonly body: readonly Statement[];
}

export interface SimpleStatement extends Node {
  readonly kind: 'pass' | 'break' | 'continue';
}

/** A line that is not valid code (invalid) or is valid but not interpreted. Refused, at its range, only when it is executed. */
export interface UnsupportedStatement extends Node {
  readonly kind: 'unsupported';
  readonly what: string;
  readonly invalid: boolean;
}
