import assert from 'node:assert/strict';
import { createInterpreter, type Interpreter, type Outcome } from '../../../src/interpreter/interpreter';
import { libraries } from '../../../src/interpreter/libraries/all';
import { parsePython } from '../../../src/language/python';
import { parseTypeScript } from '../../../src/language/typescript';
import { workspaceOf } from '../modules/workspaceOf';

interface Ran {
  readonly interpreter: Interpreter;
  readonly outcome: Outcome;
  /** A global's repr, or why it has none. */
  readonly value: (name: string) => string;
}

/** Runs one file of a workspace. */
function run(files: Readonly<Record<string, string>>, file: string, budgets = {}): Ran {
  const interpreter = createInterpreter({ libraries, workspace: workspaceOf(files), budgets });
  const outcome = interpreter.run({ ...parsePython(files[file]!), file }, { keepGoing: true });
  const value = (name: string): string => {
    const found = interpreter.lookup(name);
    return found === null ? 'nothing' : found.kind === 'unknown' ? found.what : interpreter.attempt((context) => context.repr(found));
  };
  return { interpreter, outcome, value };
}

/** A package with all that a package has, and scripts around it. */
const project = {
  'losses.py': 'EPS = 0.13\n_HIDDEN = 1\ndef scaled(x):\n    return 2 * x\n',
  'pkg/__init__.py': 'from .config import RATE as EXPORTED\nfrom . import config\n',
  'pkg/config.py': "RATE = 0.21\nNAME = __name__\nFILE = __file__\nif __name__ == '__main__':\n    RATE = 9\n",
  'pkg/star.py': "__all__ = ['shown']\nshown = 4\nother = 5\n",
  'pkg/deep/__init__.py': 'LEVEL = 2\n',
  'pkg/deep/leaf.py': 'from ..config import RATE\nfrom .. import config as c\nfrom . import LEVEL\nTRIPLE = (RATE, c.NAME, LEVEL)\n',
  'bare/part.py': 'SIZE = 7\n',
  'src/laid/__init__.py': 'from .inner import DEPTH\n',
  'src/laid/inner.py': 'DEPTH = 31\n',
};

describe('imports of the person’s own modules', () => {
  const forms: readonly (readonly [statement: string, expression: string, value: string])[] = [
    ['import losses', 'losses.EPS', '0.13'],
    ['import losses as L', 'L.scaled(4)', '8'],
    ['from losses import EPS', 'EPS', '0.13'],
    ['from losses import EPS as e, scaled', 'scaled(e)', '0.26'],
    ['from losses import *', '(EPS, scaled(1))', '(0.13, 2)'],
    ['import pkg', 'pkg.EXPORTED', '0.21'],
    ['import pkg', 'pkg.config.RATE', '0.21'],
    ['import pkg.deep.leaf', 'pkg.deep.leaf.TRIPLE', "(0.21, 'pkg.config', 2)"],
    ['import pkg.deep.leaf as leaf', 'leaf.LEVEL', '2'],
    ['from pkg.deep import leaf', 'leaf.TRIPLE[2]', '2'],
    ['from pkg import config', 'config.NAME', "'pkg.config'"],
    ['from pkg.config import FILE', 'FILE', "'/workspace/pkg/config.py'"],
    ['from pkg.star import *', 'shown', '4'],
    ['from bare import part', 'part.SIZE', '7'],
    ['from bare.part import SIZE', 'SIZE', '7'],
    ['import bare.part', 'bare.part.SIZE', '7'],
    ['from laid import DEPTH', 'DEPTH', '31'],
    ['from laid.inner import DEPTH', 'DEPTH', '31'],
  ];
  for (const [statement, expression, value] of forms)
    it(`${statement} … ${expression}`, () => {
      const { outcome, value: valueOf } = run({ ...project, 'train.py': `${statement}\nresult = ${expression}\n` }, 'train.py');
      assert.deepEqual(
        outcome.errors.map(({ message }) => message),
        [],
      );
      assert.equal(valueOf('result'), value);
    });

  const relative: readonly (readonly [file: string, statement: string, expression: string, value: string])[] = [
    ['pkg/other.py', 'from .config import RATE', 'RATE', '0.21'],
    ['pkg/other.py', 'from . import config', 'config.RATE', '0.21'],
    ['pkg/other.py', 'from .deep import leaf', 'leaf.LEVEL', '2'],
    ['pkg/other.py', 'from pkg.config import RATE', 'RATE', '0.21'],
    ['pkg/deep/other.py', 'from ..config import RATE', 'RATE', '0.21'],
    ['pkg/deep/other.py', 'from .. import EXPORTED', 'EXPORTED', '0.21'],
    ['pkg/deep/other.py', 'from losses import EPS', 'EPS', '0.13'],
    ['pkg/deep/other.py', 'import pkg.config', 'pkg.config.RATE', '0.21'],
    ['pkg/deep/other.py', 'from leaf import LEVEL', 'LEVEL', '2'],
    ['bare/other.py', 'from .part import SIZE', 'SIZE', '7'],
    ['tools/run.py', 'from laid import DEPTH', 'DEPTH', '31'],
    ['tools/run.py', 'from losses import EPS', 'EPS', '0.13'],
  ];
  for (const [file, statement, expression, value] of relative)
    it(`${file}: ${statement} … ${expression}`, () => {
      const { value: valueOf } = run({ ...project, [file]: `${statement}\nresult = ${expression}\n` }, file);
      assert.equal(valueOf('result'), value);
    });

  it('a star import takes what __all__ lists, and nothing that begins with an underscore', () => {
    const { interpreter } = run({ ...project, 'a.py': 'from pkg.star import *\nfrom losses import *\n' }, 'a.py');
    assert.deepEqual(
      ['shown', 'other', 'EPS', '_HIDDEN'].map((name) => interpreter.lookup(name) !== null),
      [true, false, true, false],
    );
  });

  it('a library’s name stays the library’s; a folder of the person’s is found where no library has the name', () => {
    const files = {
      'torch.py': 'MINE = 1\n',
      'math/__init__.py': 'pi = 3\n',
      'utils/__init__.py': 'HERE = True\n',
      'run.py': 'import torch\nimport math\nimport utils\nresult = (hasattr(torch, "MINE"), math.pi > 3.1, utils.HERE)\n',
    };
    assert.equal(run(files, 'run.py').value('result'), '(False, True, True)');
  });

  it('leads nowhere out of the workspace', () => {
    const { value } = run(
      { 'pkg/a.py': 'from ...outside import X\nfrom ..pkg.b import Y\n', 'pkg/b.py': 'Y = 3\n', 'outside.py': 'X = 1' },
      'pkg/a.py',
    );
    assert.deepEqual([value('X'), value('Y')], ['...outside.X', '3']);
  });

  it('executes each module once, however often it is imported', () => {
    const files = {
      'count.py': 'import state\nstate.n += 1\n',
      'state.py': 'n = 0\n',
      'run.py': 'import count\nfrom count import state\nimport count as again\nimport state as s\nresult = s.n\n',
    };
    assert.equal(run(files, 'run.py').value('result'), '1');
  });

  it('a circle of imports sees what is bound by then', () => {
    const files = {
      'one.py': 'A = 1\nimport two\nB = two.C + 1\n',
      'two.py': 'import one\nC = one.A + 10\ndef late():\n    return one.B\n',
      'run.py': 'import one\nimport two\nresult = (one.B, two.late())\n',
    };
    assert.equal(run(files, 'run.py').value('result'), '(12, 12)');
  });

  it('a module that imports the document gets the document’s own names', () => {
    const files = {
      'kinds/__init__.py':
        'KNOWN = {}\ndef register(name):\n    def add(f):\n        KNOWN[name] = f\n        return f\n    return add\nfrom . import smooth\n',
      'kinds/smooth.py':
        "from . import register, KNOWN\n@register('smooth')\ndef make():\n    return 5\nresult = KNOWN['smooth']()\nsize = len(KNOWN)\n",
    };
    const { value } = run(files, 'kinds/smooth.py');
    assert.deepEqual([value('result'), value('size')], ['5', '1']);
  });

  it('a statement that fails costs what it binds, and says why', () => {
    const files = {
      'half.py': 'GOOD = 1\nBAD = GOOD / 0\nLATER = 2\ndef usable():\n    return LATER\n',
      'run.py': 'from half import GOOD, BAD, usable\nresult = usable() + GOOD\n',
    };
    const { value } = run(files, 'run.py');
    assert.deepEqual([value('result'), value('BAD')], ['3', 'BAD (line 2 of half.py: ZeroDivisionError: division by zero)']);
  });

  it('a name that is not there is unknown, and an ImportError where the code is prepared for one', () => {
    const files = {
      'half.py': 'GOOD = 1\n',
      'run.py':
        'from half import MISSING\ntry:\n    from half import OTHER\nexcept ImportError:\n    OTHER = "fallback"\ntry:\n    import nowhere\nexcept ImportError:\n    nowhere = None\n',
    };
    const { value } = run(files, 'run.py');
    assert.deepEqual([value('MISSING'), value('OTHER'), value('nowhere')], ['half.MISSING (not found in half.py)', "'fallback'", 'None']);
  });

  it('within a guarded import, the module’s own imports are not guarded', () => {
    const files = {
      'has.py': 'import somelibrary\nX = 4\n',
      'run.py': 'try:\n    from has import X\nexcept ImportError:\n    X = None\n',
    };
    assert.equal(run(files, 'run.py').value('X'), '4');
  });

  it('errors, calls and steps lie in the file of their code', () => {
    const files = {
      'helper.py': '\n\ndef outer(x):\n    y = x + 1\n    return inner(y)\ndef inner(y):\n    return y / 0\n',
      'run.py': 'from helper import outer\nz = outer(3)\n',
    };
    const { outcome, interpreter } = run(files, 'run.py');
    const [error] = outcome.errors;
    const text = (range: { start: number; end: number; file?: string }): string =>
      `${range.file ?? 'run.py'}: ${files[(range.file ?? 'run.py') as keyof typeof files].slice(range.start, range.end)}`;
    assert.equal(text(error!.range), 'helper.py: y / 0');
    assert.deepEqual(
      error!.traceback.slice(1).map(({ name, range }) => `${name} from ${text(range)}`),
      ['outer from run.py: outer(3)', 'inner from helper.py: inner(y)'],
    );
    assert.deepEqual(
      interpreter.steps().map(({ range, code }) => [text(range), code]),
      [['helper.py: y = x + 1', 'y = x + 1']],
    );
  });

  it('what a module does while it is imported is not traced', () => {
    const { interpreter } = run({ 'noisy.py': 'a = 1\nb = a + 1\n', 'run.py': 'import noisy\nc = noisy.b\n' }, 'run.py');
    assert.deepEqual(
      interpreter.steps().map(({ code }) => code),
      ['c = noisy.b'],
    );
  });

  it('a module without an end costs its own budget alone', () => {
    const files = { 'endless.py': 'A = 1\nwhile True:\n    A += 1\nB = 2\n', 'run.py': 'import endless\nresult = 5\n' };
    const { value, outcome } = run(files, 'run.py', { steps: 20_000 });
    assert.equal(value('result'), '5');
    assert.deepEqual(
      outcome.errors.map(({ type, range }) => [type, range.file]),
      [['budget', 'endless.py']],
    );
  });

  it('names that a star import may hold are not called missing', () => {
    const files = {
      'all.py': 'from library import *\n',
      'run.py': 'from all import thing\nfrom all import *\ntry:\n    other\nexcept NameError:\n    pass\n',
    };
    const { value, outcome } = run(files, 'run.py');
    assert.equal(value('thing'), 'all.thing (perhaps from library import *)');
    assert.match(outcome.errors[0]?.message ?? '', /Unsupported: other \(perhaps from library import \*\)/);
  });
});

describe('imports of the person’s own modules in TypeScript', () => {
  const files = {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@app/*": ["src/*"] } } }',
    'src/constants.ts':
      'export const EPS = 0.17;\nconst inner = 5;\nexport { inner as outer };\nexport default function scale(x: number) { return 3 * x; }\n',
    'src/classes.ts':
      'import { EPS } from "./constants";\nexport class Loss { constructor(public eps = EPS) {} value() { return this.eps * 2; } }\nexport default { k: 9 };\n',
    'src/index.ts':
      'export * from "./constants";\nexport { Loss as Renamed, default as options } from "./classes";\nexport * as all from "./classes";\n',
    'src/data.json': '{ "classes": 12, "list": [1, 2] }',
  };
  const forms: readonly (readonly [statement: string, expression: string, value: string])[] = [
    ['import { EPS } from "./src/constants";', 'EPS', '0.17'],
    ['import { EPS as e, outer } from "./src/constants.js";', 'e + outer', '5.17'],
    ['import scale from "./src/constants";', 'scale(2)', '6'],
    ['import scale, { EPS } from "./src/constants";', 'scale(EPS * 100)', '51'],
    ['import * as c from "./src/constants";', 'c.EPS', '0.17'],
    ['import { Loss } from "@app/classes";', 'new Loss().value()', '0.34'],
    ['import options from "./src/classes";', 'options.k', '9'],
    ['import { EPS, Renamed, options, all } from "./src";', 'new Renamed(EPS + 1).eps + options.k + new all.Loss(2).eps', '12.17'],
    ['import data from "./src/data.json";', 'data.classes + data.list[1]', '14'],
    ['import { classes } from "./src/data.json";', 'classes', '12'],
    ['const { EPS } = require("./src/constants");', 'EPS', '0.17'],
  ];
  for (const [statement, expression, value] of forms)
    it(`${statement} … ${expression}`, () => {
      const all: Readonly<Record<string, string>> = { ...files, 'train.ts': `${statement}\nexport const result = ${expression};\n` };
      const interpreter = createInterpreter({ libraries: [], workspace: workspaceOf(all) });
      const { errors } = interpreter.run({ ...parseTypeScript(all['train.ts']!), file: 'train.ts' }, { keepGoing: true });
      assert.deepEqual(
        errors.map(({ message }) => message),
        [],
      );
      const found = interpreter.lookup('result');
      assert.equal(found?.kind === 'float' ? String(found.value) : found?.kind, value);
    });

  it('a name that is not there is unknown', () => {
    const interpreter = createInterpreter({ libraries: [], workspace: workspaceOf(files) });
    interpreter.run({ ...parseTypeScript('import { NONE } from "./src/constants";\nimport x from "elsewhere";\n'), file: 'a.ts' });
    const found = interpreter.lookup('NONE');
    assert.equal(found?.kind === 'unknown' ? found.what : '', 'src/constants.ts.NONE (not found in src/constants.ts)');
  });
});
