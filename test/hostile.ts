/**
 * Programs that ask for more than a run may have, one of each kind: what they make would be endless, or gigabytes, or take minutes in one call.
 * Each must end within its budgets, with an error that says why, and leave the process alive.
 */
export interface Hostile {
  readonly name: string;
  readonly text: string;
  /** The error's text; without one, any budget. */
  readonly error?: RegExp;
}

const budget = /^(?:more than|the run took longer than)/;

export const hostilePython: readonly Hostile[] = [
  // Data that holds itself, or the same part many times over.
  {
    name: 'a tensor of a list that holds itself',
    text: 'import torch\na = [1]\na[0] = a\nt = torch.as_tensor(a)',
    error: /too many dimensions 'list'/,
  },
  {
    name: 'an array of a tuple around itself',
    text: 'import numpy as np\nb = []\nb.append((b,))\nn = np.asarray(b)',
    error: /maximum number of dimension/,
  },
  {
    name: 'a constant of a list that holds itself',
    text: 'import tensorflow as tf\nc = []\nc.append(c)\nt = tf.convert_to_tensor(c)',
    error: /Unsupported/,
  },
  {
    name: 'a tensor of a list doubled 40 times',
    text: 'import torch\nd = [0.5, 1.5]\nfor _ in range(40):\n    d = [d, d]\nt = torch.tensor(d)',
  },
  {
    name: 'an array of a list tripled 30 times',
    text: 'import numpy as np\nd = [1]\nfor _ in range(30):\n    d = [d, d, d]\nt = np.array(d)',
  },
  { name: 'a list that is extended by itself', text: 'e = [1, 2]\nfor _ in range(60):\n    e.extend(e)' },
  { name: 'a list += itself', text: 'e = [1, 2]\nfor _ in range(60):\n    e += e' },
  { name: 'a slice assigned into itself', text: 'e = [1, 2]\nfor _ in range(60):\n    e[:0] = e' },
  { name: 'many long copies', text: 'big = list(range(1000000))\nkept = []\nwhile True:\n    kept.append(big[:])' },
  // Long text.
  { name: 'format of a doubled text', text: "s = 'ab' * 4000000\nfor _ in range(20):\n    s = '{0}-{0}'.format(s)" },
  { name: '% of a doubled text', text: "s = 'ab' * 4000000\nfor _ in range(20):\n    s = '%s/%s' % (s, s)" },
  { name: 'f-string of a doubled text', text: "s = 'x' * 8000000\nfor _ in range(20):\n    s = f'{s}{s}'" },
  { name: 'join of long parts', text: "s = '; '.join(['q' * 500000] * 5000)" },
  { name: 'replace by a long text', text: "s = ('ab' * 100000).replace('b', 'c' * 100000)" },
  { name: 'tabs of a great size', text: "s = 'a\\tb'.expandtabs(5 * 10 ** 9)" },
  { name: 'a text in many parts', text: "s = '1 ' * 4500000\nparts = [s.split(' ') for _ in range(50)]" },
  // Sets, dicts, iterators.
  { name: 'a dict of millions', text: 'd = dict.fromkeys(range(8000000))\nf = dict.fromkeys(range(8000000, 16000000))\nd.update(f)' },
  { name: 'a set joined with millions', text: 's = set()\nfor k in range(5):\n    s.update(range(k * 8000000, (k + 1) * 8000000))' },
  { name: 'set operations again and again', text: 's = set(range(60000))\nfor _ in range(10 ** 6):\n    t = s ^ {1}' },
  { name: 'a range, reversed', text: 'r = list(reversed(range(5 * 10 ** 11)))' },
  { name: 'a range, sorted', text: 'r = sorted(range(8 * 10 ** 6))' },
  { name: 'an endless generator in a tuple', text: 'def g():\n    while True:\n        yield 1.5\nt = tuple(g())' },
  { name: 'every row of an expanded tensor', text: 'import torch\nrows = list(torch.ones(1, 2).expand(50000000, 2))' },
  // Arithmetic.
  { name: 'a sum of numbers that overflow', text: 'import math\nx = math.fsum([1.7e308] * 500000)', error: /intermediate overflow/ },
  { name: 'powers of whole numbers', text: 'x = 7\nwhile True:\n    x = x * x * x' },
  { name: 'division of long whole numbers', text: 'x = 3 ** 120000\ny = 7 ** 30000\nwhile True:\n    z = x // y' },
  // Kernels.
  { name: 'a product of large matrices', text: 'import torch\na = torch.ones(4000, 4000)\nb = a @ a' },
  { name: 'a batch of products', text: 'import torch\na = torch.ones(40, 900, 900)\nb = torch.bmm(a, a)' },
  { name: 'a sort of millions', text: 'import torch\nx = torch.rand(6000000)\nwhile True:\n    y = x.argsort()' },
  { name: 'distinct values of millions', text: 'import torch\nwhile True:\n    y = torch.rand(4000000).unique()' },
  { name: 'random numbers', text: 'import torch\nwhile True:\n    x = torch.randn(9000000)' },
  { name: 'tensors that are kept', text: 'import torch\nkept = []\nwhile True:\n    kept.append(torch.ones(200000))' },
  { name: 'doubles that are kept', text: 'import numpy as np\nkept = []\nwhile True:\n    kept.append(np.zeros(300000))' },
  { name: 'a tape that grows', text: 'import torch\nw = torch.ones(500000, requires_grad=True)\nx = w\nwhile True:\n    x = x * 0.5 + w' },
  // Control flow that catches what it is not meant to.
  { name: 'recursion through except', text: 'def f(n):\n    try:\n        f(n + 1)\n    except BaseException:\n        f(n - 1)\nf(0)' },
  { name: 'recursion through finally', text: 'def f():\n    try:\n        f()\n    finally:\n        f()\nf()' },
  {
    name: 'recursion through a context manager',
    text: 'class M:\n    def __enter__(self):\n        return self\n    def __exit__(self, *exc):\n        f()\n        return True\ndef f():\n    with M():\n        f()\nf()',
  },
  { name: 'functions that are kept', text: 'kept = []\nwhile True:\n    kept.append(lambda a, b=1: a)' },
  {
    name: 'objects that are kept',
    text: 'class Node:\n    def __init__(self, before):\n        self.before = before\nn = None\nwhile True:\n    n = Node(n)',
  },
];

export const hostileTypeScript: readonly Hostile[] = [
  {
    name: 'a tensor of an array that holds itself',
    text: "import * as tf from '@tensorflow/tfjs';\nconst a: any[] = [1];\na[0] = a;\nconst t = tf.tensor(a);",
    error: /./,
  },
  {
    name: 'a tensor of an array doubled 40 times',
    text: "import * as tf from '@tensorflow/tfjs';\nlet a: any = [1, 2];\nfor (let i = 0; i < 40; i++) a = [a, a];\nconst t = tf.tensor(a);",
  },
  { name: 'a tile of gigabytes', text: "import * as tf from '@tensorflow/tfjs';\nconst t = tf.tile([1, 2], [7e8]);" },
  { name: 'padding of gigabytes', text: "import * as tf from '@tensorflow/tfjs';\nconst t = tf.ones([2]).pad([[6e8, 6e8]]);" },
  {
    name: 'a product of large matrices',
    text: "import * as tf from '@tensorflow/tfjs';\nconst a = tf.ones([3000, 3000]);\nconst b = tf.matMul(a, a);",
  },
  {
    name: 'tensors that are kept',
    text: "import * as tf from '@tensorflow/tfjs';\nconst kept: any[] = [];\nwhile (true) kept.push(tf.ones([200000]));",
  },
  { name: 'an array concatenated with itself', text: 'let a: any[] = [1];\nwhile (true) a = a.concat(a);' },
  { name: 'an array spread twice', text: 'let a: any[] = [1];\nwhile (true) a = [...a, ...a];' },
  { name: 'an array spliced into itself', text: 'const a: any[] = [1];\nwhile (true) a.splice(1, 0, ...a);' },
  { name: 'many copies', text: 'const a = new Array(1000000).fill(0);\nconst kept: any[] = [];\nwhile (true) kept.push(a.slice());' },
  { name: 'a text joined', text: "const s = new Array(5000000).join('abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz');" },
  { name: 'a map of millions', text: 'const m = new Map();\nlet i = 0;\nwhile (true) m.set(i++, [i]);' },
  { name: 'recursion through catch', text: 'function f(): void { try { f(); } catch { f(); } }\nf();' },
  { name: 'recursion through finally', text: 'function f(): void { try { f(); } finally { f(); } }\nf();' },
];

export const expectedError = ({ error }: Hostile): RegExp => error ?? budget;
