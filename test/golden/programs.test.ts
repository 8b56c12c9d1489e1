/** Programs over the whole of the language, and what CPython 3.11 printed when it ran them. */
import assert from 'node:assert/strict';
import { createInterpreter } from '../../src/interpreter/interpreter';
import { standardLibrary } from '../../src/interpreter/libraries/standard/standard';
import { parsePython } from '../../src/language/python';
import suite from '../fixtures/golden/python-programs.json';

interface Program {
  readonly code: string;
  readonly stdout: string;
  readonly error?: string;
}

describe('Python programs print what CPython prints', () => {
  for (const { code, stdout, error } of suite.cases as readonly Program[]) {
    it(code.split('\n', 2).join(' ⏎ ').slice(0, 90), () => {
      let printed = '';
      const interpreter = createInterpreter({ libraries: [standardLibrary], strict: true, onPrint: (text) => (printed += text) });
      const { errors } = interpreter.run(parsePython(code), { showLast: false });
      assert.equal(errors[0]?.pythonType ?? errors[0]?.message, error);
      assert.equal(printed, stdout);
    });
  }
});
