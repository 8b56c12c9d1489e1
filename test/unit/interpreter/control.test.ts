import assert from 'node:assert/strict';
import { createInterpreter } from '../../../src/interpreter/interpreter';
import { standardLibrary } from '../../../src/interpreter/libraries/standard/standard';
import { parsePython } from '../../../src/language/python';

/** Program → what it prints, as CPython prints it. */
const programs: readonly (readonly [name: string, code: string, printed: string])[] = [
  [
    'what an else block raises goes past its own handlers, and through its finally',
    `try:
    try:
        n = 1
    except Exception:
        print("handled")
    else:
        raise KeyError("k")
    finally:
        print("finally")
except KeyError as e:
    print("outside", e)`,
    "finally\noutside 'k'\n",
  ],
  [
    'what the body raises is handled, and its else is left out',
    'try:\n    1 / 0\nexcept ZeroDivisionError:\n    print("h")\nelse:\n    print("e")',
    'h\n',
  ],
  [
    'an else that returns',
    'def f():\n    try:\n        pass\n    except ValueError:\n        return 1\n    else:\n        return 2\n    finally:\n        print("f")\nprint(f())',
    'f\n2\n',
  ],
  [
    'a handler of no exception class runs finally all the same',
    'try:\n    try:\n        1 / 0\n    except 7:\n        pass\n    finally:\n        print("f")\nexcept TypeError:\n    print("t")',
    'f\nt\n',
  ],
  ['a break out of a generator expression', 'for v in (i * i for i in range(9)):\n    if v > 3:\n        break\nprint(v)', '4\n'],
  [
    'a return out of a generator expression',
    'def first(xs):\n    for x in (x + 1 for x in xs):\n        return x\nprint(first([4, 5]))',
    '5\n',
  ],
  ['close of a generator expression', 'g = (c for c in "abc")\nprint(next(g))\ng.close()\nprint(list(g))', 'a\n[]\n'],
  [
    'throw into a generator expression',
    'g = (c for c in "abc")\nnext(g)\ntry:\n    g.throw(LookupError("x"))\nexcept LookupError as e:\n    print(e, list(g))',
    'x []\n',
  ],
];

describe('control flow', () => {
  for (const [name, code, printed] of programs) {
    it(name, () => {
      let text = '';
      const { errors } = createInterpreter({ libraries: [standardLibrary], onPrint: (part) => (text += part) }).run(parsePython(code));
      assert.deepEqual(errors, []);
      assert.equal(text, printed);
    });
  }
});
