/** Random expressions and what CPython makes of them. */
import { createInterpreter, type Interpreter } from '../../src/interpreter/interpreter';
import { floatRepr } from '../../src/interpreter/floatText';
import type { Value } from '../../src/interpreter/value';
import { parsePython } from '../../src/language/python';

export type Json =
  null | boolean | number | string | { readonly float: string } | { readonly list: readonly Json[] } | { readonly tuple: readonly Json[] };

export interface ExpressionCase {
  readonly code: string;
  readonly value?: Json;
  readonly error?: string;
}

export interface ExpressionSuite {
  readonly names: Readonly<Record<string, Json>>;
  readonly cases: readonly ExpressionCase[];
}

/** A JSON value as Python source. */
function source(value: Json): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if ('float' in value) return value.float;
  if ('list' in value) return `[${value.list.map(source).join(', ')}]`;
  return `(${value.tuple.map(source).join(', ')},)`;
}

function same(value: Value, expected: Json): boolean {
  if (expected === null) return value.kind === 'none';
  if (typeof expected === 'boolean') return value.kind === 'bool' && value.value === expected;
  if (typeof expected === 'number') return value.kind === 'int' && value.value === BigInt(expected);
  if (typeof expected === 'string') return value.kind === 'str' && value.value === expected;
  if ('float' in expected) return value.kind === 'float' && floatRepr(value.value) === expected.float;
  const items = 'list' in expected ? expected.list : expected.tuple;
  const kind = 'list' in expected ? 'list' : 'tuple';
  return value.kind === kind && value.items.length === items.length && items.every((item, i) => same(value.items[i]!, item));
}

/** null when the expression gives what CPython gives. */
export function runExpression(suite: ExpressionSuite, test: ExpressionCase): string | null {
  const interpreter = createInterpreter({ libraries: [] });
  const names = Object.entries(suite.names).map(([name, value]) => `${name} = ${source(value)}\n`);
  interpreter.run(parsePython(names.join('')));
  const { errors } = interpreter.run(parsePython(`out = ${test.code}\n`));
  const error = errors[0];
  if (test.error !== undefined) {
    if (error === undefined) return `expected ${test.error}, got ${shown(interpreter)}`;
    return error.pythonType === test.error ? null : `expected ${test.error}, got ${error.pythonType ?? error.type}: ${error.message}`;
  }
  if (error !== undefined) return `expected ${JSON.stringify(test.value)}, got ${error.pythonType ?? error.type}: ${error.message}`;
  const value = interpreter.lookup('out');
  return value !== null && same(value, test.value ?? null) ? null : `expected ${JSON.stringify(test.value)}, got ${shown(interpreter)}`;
}

function shown(interpreter: Interpreter): string {
  const value = interpreter.lookup('out');
  return value === null ? 'nothing' : interpreter.attempt((context) => context.repr(value));
}
