import assert from 'node:assert/strict';
import { createInterpreter } from '../../../src/interpreter/interpreter';
import { native, type Library } from '../../../src/interpreter/library';
import { str } from '../../../src/interpreter/value';
import { parsePython } from '../../../src/language/python';

/** A function of this signature that says what it was given. */
function library(signature: string | readonly string[], names: readonly string[]): Library {
  const fn = native('lib.f', signature, (context, args) => {
    const parts = names
      .filter((name) => args.has(name))
      .map((name) => `${name}=${args.given(name) ? context.repr(args.value(name)) : '-'}`);
    if (args.rest.length > 0) parts.push(`*${args.rest.map((value) => context.repr(value)).join(',')}`);
    for (const [name, value] of args.keywords) parts.push(`**${name}=${context.repr(value)}`);
    return str(`${args.overload}: ${parts.join(' ')}`);
  });
  return { name: 'lib', operations: [], modules: { lib: { members: () => ({ f: fn }) } } };
}

function call(signature: string | readonly string[], names: readonly string[], code: string): string {
  const interpreter = createInterpreter({ libraries: [library(signature, names)] });
  const { errors } = interpreter.run(parsePython(`from lib import f\nout = ${code}\n`));
  const out = interpreter.lookup('out');
  return errors[0] !== undefined
    ? `${errors[0].pythonType}: ${errors[0].message.split('\n')[0]}`
    : out?.kind === 'str'
      ? out.value
      : 'nothing';
}

describe('signatures of native functions', () => {
  const table: readonly (readonly [signature: string | readonly string[], code: string, result: string])[] = [
    ['input, dim=None, *, dtype=None', 'f(1)', '0: input=1 dim=None dtype=None'],
    ['input, dim=None, *, dtype=None', 'f(1, -1, dtype=2)', '0: input=1 dim=-1 dtype=2'],
    ['input, dim=None, *, dtype=None', 'f(dim=3, input=1)', '0: input=1 dim=3 dtype=None'],
    ['input, dim=None, *, dtype=None', 'f()', "TypeError: lib.f() missing 1 required positional argument: 'input'"],
    ['input, dim=None, *, dtype=None', 'f(1, 2, 3)', 'TypeError: lib.f() takes from 1 to 2 positional arguments but 3 were given'],
    ['input, dim=None, *, dtype=None', 'f(1, input=2)', "TypeError: lib.f() got multiple values for argument 'input'"],
    ['input, dim=None, *, dtype=None', 'f(1, axis=2)', "TypeError: lib.f() got an unexpected keyword argument 'axis'"],
    ['input|self, dim|axis=None', 'f(self=1, axis=2)', '0: input=1 dim=2'],
    ['*input, **dtype', 'f(1, 2, k=3)', '0: input=- dtype=- *1,2 **k=3'],
    ['input, /, dim=...', 'f(1)', '0: input=1 dim=-'],
    ['input, /, dim=...', 'f(input=1)', "TypeError: lib.f() got an unexpected keyword argument 'input'"],
    ["input='mean', dim=-1, dtype=1e-5", 'f()', "0: input='mean' dim=-1 dtype=1e-05"],
    [['input: int', 'input: str, dim: int=0'], 'f(1)', '0: input=1'],
    [['input: int', 'input: str, dim: int=0'], "f('a', dim=2)", "1: input='a' dim=2"],
    [
      ['input: int', 'input: str, dim: int=0'],
      'f(1.5)',
      'TypeError: lib.f() received an invalid combination of arguments - got (float), but expected one of:',
    ],
    ['input: int?', 'f(None)', '0: input=None'],
    ['input: int?', "f('a')", "TypeError: lib.f(): argument 'input' must be int?, not str"],
  ];
  for (const [signature, code, result] of table) {
    it(`(${typeof signature === 'string' ? signature : signature.join(' | ')}) ← ${code}`, () => {
      assert.equal(call(signature, ['input', 'dim', 'dtype'], code), result);
    });
  }
});
