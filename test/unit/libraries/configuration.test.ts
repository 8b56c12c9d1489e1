/** The libraries that programs are configured with: what a program gets from them, and where in which file it stands. */
import assert from 'node:assert/strict';
import { evaluate, inline, type Surroundings } from './evaluate';

interface Group {
  readonly title: string;
  readonly preamble?: string;
  readonly surroundings?: Surroundings;
  /** Statements and a last expression, and what it is: its repr, '!' and an exception's type, or '?' and what is not known. */
  readonly rows: readonly (readonly [string, string])[];
}

const files = {
  'conf/train.yaml': `# settings
loss: &loss
  smoothing: 0.2   # spread
  names: [a, "b", 0.5]
  lr: 1e-3
  half: 5.0e-1
other:
  <<: *loss
  smoothing: 0.25
flags: [yes, off, true, ~, null]
numbers: [0x1f, 017, 1_000, -3, .5, -.inf, 1:30]
text: |
  two
  lines
`,
  'conf/train.json': '{"loss": {"eps": 0.15, "k": [1, 2.5e-1, -3]}, "none": null, "on": true, "text": "a\\u00e9\\n"}',
  'conf/train.toml':
    'title = "x" # c\n[loss]\neps = 0.3\nbig = 1_000\nnames = [\n  "a", # first\n  \'b\',\n]\n[loss.inner]\nat.once = true\n[[runs]]\nk = 1\n[[runs]]\nk = { a = 2 }\n',
  'conf/train.ini': '[DEFAULT]\nroot = /data\n[loss]\neps = 0.35\nhard: no\npath = %(root)s/x\nlong = one\n  two\n',
  'src/pkg/settings.yaml': 'eps: 0.4\n',
};

const groups: readonly Group[] = [
  {
    title: 'argparse',
    preamble: 'import argparse\np = argparse.ArgumentParser()\nadd = p.add_argument',
    rows: [
      ["add('--a-b', type=float, default=0.1)\np.parse_args([])", 'Namespace(a_b=0.1)'],
      ["add('--a-b', type=float, default='0.25')\np.parse_args([]).a_b", '0.25'],
      ["add('-e', '--eps', dest='smoothing', type=float)\np.parse_args(['-e', '0.2'])", 'Namespace(smoothing=0.2)'],
      ["add('-e', type=float)\np.parse_args(['-e.5']), p.parse_args(['-e', '-1'])", '(Namespace(e=0.5), Namespace(e=-1.0))'],
      ["add('--flag', action=argparse.BooleanOptionalAction, default=True)\np.parse_args(['--no-flag'])", 'Namespace(flag=False)'],
      ["add('--flag', action='store_false')\np.parse_args([]), p.parse_args(['--flag'])", '(Namespace(flag=True), Namespace(flag=False))'],
      ["add('-v', action='count', default=0)\np.parse_args(['-vv', '-v'])", 'Namespace(v=3)'],
      ["add('--n', nargs='+', type=int)\np.parse_args('--n 1 2 3'.split())", 'Namespace(n=[1, 2, 3])'],
      ["add('--n', nargs='?', const=7, default=5, type=int)\n[p.parse_args(w).n for w in ([], ['--n'], ['--n', '9'])]", '[5, 7, 9]'],
      [
        "add('--n', action='append', default=[1])\np.parse_args(['--n', 'x', '--n=y']), p.parse_args([])",
        "(Namespace(n=[1, 'x', 'y']), Namespace(n=[1]))",
      ],
      ["add('--n', action='extend', nargs=2)\np.parse_args(['--n', 'x', 'y'])", "Namespace(n=['x', 'y'])"],
      ["add('a')\nadd('rest', nargs='*')\np.parse_args(['1', '2', '3'])", "Namespace(a='1', rest=['2', '3'])"],
      ["add('a', nargs='?', default='0.5', type=float)\np.parse_args([])", 'Namespace(a=0.5)'],
      [
        "add('--c')\nadd('opts', nargs=argparse.REMAINDER)\np.parse_args(['--c', '1', 'A.B', '--c'])",
        "Namespace(c='1', opts=['A.B', '--c'])",
      ],
      [
        "add('--kind', choices=['a', 'b'], default='z')\np.parse_args([]), p.parse_args(['--kind', 'b'])",
        "(Namespace(kind='z'), Namespace(kind='b'))",
      ],
      ["add('--kind', choices=['a', 'b'])\np.parse_args(['--kind', 'c'])", '!SystemExit'],
      ["add('--n', type=int)\np.parse_args(['--n', 'x'])", '!SystemExit'],
      ["add('--n', required=True)\np.parse_args([])", '!SystemExit'],
      ["add('a')\np.parse_args([])", '!SystemExit'],
      ["p.parse_args(['--other'])", '!SystemExit'],
      ["add('--smoothing')\np.parse_args(['--smooth', '1'])", "Namespace(smoothing='1')"],
      ["add('--n')\np.parse_known_args(['--n', '1', '--other', 'x'])", "(Namespace(n='1'), ['--other', 'x'])"],
      ["add('--n', default=1)\np.set_defaults(n=2, m=3)\np.parse_args([])", 'Namespace(n=2, m=3)'],
      ["add('--n', default=argparse.SUPPRESS)\np.parse_args([])", 'Namespace()'],
      [
        "g = p.add_argument_group('loss')\ng.add_argument('--eps', default=0.3)\np.parse_args([]), p.get_default('eps')",
        '(Namespace(eps=0.3), 0.3)',
      ],
      [
        "q = argparse.ArgumentParser(parents=[p], conflict_handler='resolve')\nadd('--x')\nq.add_argument('--eps', default=0.3)\nq.parse_args([])",
        'Namespace(eps=0.3)',
      ],
      [
        "base = argparse.ArgumentParser(add_help=False)\nbase.add_argument('--eps', default=0.3)\nargparse.ArgumentParser(parents=[base]).parse_args([])",
        'Namespace(eps=0.3)',
      ],
      [
        "s = p.add_subparsers(dest='command', required=True)\nt = s.add_parser('train')\nt.add_argument('--eps', type=float, default=0.1)\nt.set_defaults(run=1)\np.parse_args(['train', '--eps', '0.5'])",
        "Namespace(command='train', eps=0.5, run=1)",
      ],
      [
        "class Twice(argparse.Action):\n    def __call__(self, parser, namespace, values, option_string=None):\n        setattr(namespace, self.dest, values * 2)\nadd('--n', action=Twice, type=int)\np.parse_args(['--n', '4'])",
        'Namespace(n=8)',
      ],
      ["g = p.add_mutually_exclusive_group(required=True)\ng.add_argument('--a')\np.parse_args([])", '!SystemExit'],
      ["def flag(s):\n    return s.lower() == 'true'\nadd('--f', type=flag, default='True')\np.parse_args([]).f", 'True'],
    ],
  },
  {
    title: 'argparse in an exploring run: nothing stands on the command line',
    preamble: 'import argparse\np = argparse.ArgumentParser()\nadd = p.add_argument',
    surroundings: { exploring: true },
    rows: [
      ["add('--data', required=True)\nadd('--eps', default=0.2)\na = p.parse_args()\na.data", '?--data (given on the command line)'],
      ["add('--data', required=True)\nadd('--eps', default=0.2)\na = p.parse_args()\na.eps", '0.2'],
      ["add('folder')\np.parse_args().folder", '?folder (given on the command line)'],
      ["add('more', nargs='*', default=[1])\np.parse_args().more", '[1]'],
      [
        "s = p.add_subparsers(dest='command')\ns.add_parser('train').add_argument('--eps', default=0.2)\ns.add_parser('test').add_argument('--k', default=5)\na = p.parse_args()\n(a.eps, a.k)",
        '(0.2, 5)',
      ],
      [
        "s = p.add_subparsers()\nfor name, eps in (('a', 0.1), ('b', 0.2)):\n    s.add_parser(name).add_argument('--eps', default=eps)\np.parse_args().eps",
        '?eps (the subcommands differ)',
      ],
      [
        "seen = []\ns = p.add_subparsers(dest='c')\nfor name, eps in (('a', 0.1), ('b', 0.2)):\n    t = s.add_parser(name)\n    t.add_argument('--eps', default=eps)\n    t.set_defaults(run=lambda args: seen.append((args.c, args.eps)))\na = p.parse_args()\na.run(a)\nseen",
        "[('a', 0.1), ('b', 0.2)]",
      ],
    ],
  },
  {
    title: 'files',
    preamble: 'import yaml, json, tomllib, configparser, os\nfrom pathlib import Path',
    surroundings: { files, file: 'main.py' },
    rows: [
      ["yaml.safe_load(open('conf/train.yaml'))['loss']", "{'smoothing': 0.2, 'names': ['a', 'b', 0.5], 'lr': '1e-3', 'half': 0.5}"],
      [
        "c = yaml.load(open('conf/train.yaml'), Loader=yaml.FullLoader)\nc['other']['smoothing'], c['other']['names']",
        "(0.25, ['a', 'b', 0.5])",
      ],
      ["yaml.full_load(Path('conf/train.yaml').read_text())['flags']", '[True, False, True, None, None]'],
      ["yaml.safe_load(open('conf/train.yaml').read())['numbers']", '[31, 15, 1000, -3, 0.5, -inf, 90]'],
      ["yaml.safe_load(open('conf/train.yaml'))['text']", "'two\\nlines\\n'"],
      ["list(yaml.safe_load_all('a: 1\\n---\\nb: 2\\n'))", "[{'a': 1}, {'b': 2}]"],
      ["yaml.safe_load('')", 'None'],
      ["try:\n    yaml.safe_load('a: [1')\nexcept yaml.YAMLError:\n    r = 'caught'\nr", "'caught'"],
      ["json.load(open('conf/train.json'))", "{'loss': {'eps': 0.15, 'k': [1, 0.25, -3]}, 'none': None, 'on': True, 'text': 'aé\\n'}"],
      ["json.loads('[1, 1.0, 1e2, NaN]')[:3]", '[1, 1.0, 100.0]'],
      ['json.loads(\'{"a": 1,}\')', '!JSONDecodeError'],
      ["json.loads('[1] 2')", '!JSONDecodeError'],
      ["json.dumps({'a': [1, 2.5, None, True], 'b': 'é\"'})", '\'{"a": [1, 2.5, null, true], "b": "\\\\u00e9\\\\""}\''],
      ["json.dumps({'b': [], 'a': {'c': 1}}, indent=2, sort_keys=True)", '\'{\\n "a": {\\n "c": 1\\n },\\n "b": []\\n}\''],
      [
        "tomllib.load(open('conf/train.toml', 'rb'))",
        "{'title': 'x', 'loss': {'eps': 0.3, 'big': 1000, 'names': ['a', 'b'], 'inner': {'at': {'once': True}}}, 'runs': [{'k': 1}, {'k': {'a': 2}}]}",
      ],
      ["tomllib.loads('a = 1\\na = 2')", '!TOMLDecodeError'],
      [
        "c = configparser.ConfigParser()\nc.read('conf/train.ini')\nc.getfloat('loss', 'eps'), c['loss'].getboolean('hard'), c['loss']['path'], c.sections()",
        "(0.35, False, '/data/x', ['loss'])",
      ],
      [
        "c = configparser.ConfigParser()\nc.read('conf/train.ini')\nc.get('loss', 'none', fallback=3), c['loss']['long']",
        "(3, 'one\\ntwo')",
      ],
      ["c = configparser.ConfigParser()\nc.read('conf/none.ini')\nc['loss']", '!KeyError'],
      ["open('conf/none.yaml')", '!Unsupported: the file conf/none.yaml'],
      ["open('../conf/train.yaml')", '!Unsupported: the file ../conf/train.yaml'],
      ["open('/etc/passwd')", '!Unsupported: the file /etc/passwd'],
      ["with open('conf/train.ini') as f:\n    lines = [line.strip() for line in f]\nlines[:2]", "['[DEFAULT]', 'root = /data']"],
      ["os.path.exists('conf/train.ini'), os.path.exists('x')", '(True, False)'],
      ["os.environ.get('EPS', '0.1'), os.getenv('EPS'), 'EPS' in os.environ", "('0.1', None, False)"],
      ["os.environ['EPS']", '!KeyError'],
      [
        "p = Path('a/b') / 'c.tar.gz'\np.name, p.stem, p.suffix, str(p.parent), p.parts, str(p.with_suffix('.x'))",
        "('c.tar.gz', 'c.tar', '.gz', 'a/b', ('a', 'b', 'c.tar.gz'), 'a/b/c.tar.x')",
      ],
      ["os.path.join('a', 'b/', 'c'), os.path.splitext('a/b.py'), os.path.normpath('a/./b/../c')", "('a/b/c', ('a/b', '.py'), 'a/c')"],
    ],
  },
  {
    title: 'files, from a module in a folder',
    preamble: 'import yaml, os\nfrom pathlib import Path',
    surroundings: { files, file: 'src/pkg/train.py' },
    rows: [
      ["yaml.safe_load(open(os.path.join(os.path.dirname(__file__), 'settings.yaml')))", "{'eps': 0.4}"],
      ["yaml.safe_load((Path(__file__).resolve().parent / 'settings.yaml').read_text())", "{'eps': 0.4}"],
      ["(Path(__file__).parents[2] / 'conf' / 'train.ini').read_text()[:9]", "'[DEFAULT]'"],
      ["yaml.safe_load(open(os.path.join(os.getcwd(), 'conf/train.yaml')))['loss']['smoothing']", '0.2'],
      ["yaml.safe_load(open('conf/train.yaml'))['loss']['smoothing']", '0.2'],
      ["yaml.safe_load(open('settings.yaml'))", "{'eps': 0.4}"],
      ["open(Path(__file__).parents[3] / 'conf/train.ini')", '!Unsupported: the file /conf/train.ini'],
    ],
  },
  {
    title: 'what is not there, in an exploring run',
    preamble: 'import yaml, json, os, configparser',
    surroundings: { exploring: true, files },
    rows: [
      ["yaml.safe_load(open('none.yaml'))", '?the file none.yaml'],
      ["json.load(open('none.json'))", '?the file none.json'],
      ["os.environ['EPS']", '?EPS (of the environment)'],
      ["os.environ.get('EPS', '0.1')", "'0.1'"],
      ["c = configparser.ConfigParser()\nc.read('none.ini')\nc['loss']['eps']", "?none.ini['eps']"],
      ["with open('out.txt', 'w') as f:\n    f.write('x')\n1", '1'],
    ],
  },
];

for (const { title, preamble = '', surroundings = {}, rows } of groups) {
  describe(title, () => {
    for (const [code, expected] of rows) {
      it(code, () => {
        assert.equal(inline(evaluate(code, preamble, surroundings).text), expected);
      });
    }
  });
}

/** A value of a file, and the text at its place there. */
const written: readonly (readonly [string, string, string])[] = [
  ["yaml.safe_load(open('conf/train.yaml'))['loss']['smoothing']", 'conf/train.yaml', 'smoothing: 0.2'],
  ["yaml.safe_load(open('conf/train.yaml'))['loss']['names'][2]", 'conf/train.yaml', '0.5'],
  ["yaml.safe_load(open('conf/train.yaml'))['other']['lr']", 'conf/train.yaml', 'lr: 1e-3'],
  ["float(yaml.safe_load(open('conf/train.yaml').read())['loss']['lr'])", 'conf/train.yaml', 'lr: 1e-3'],
  ["json.load(open('conf/train.json'))['loss']['eps']", 'conf/train.json', '"eps": 0.15'],
  ["json.loads(Path('conf/train.json').read_text())['loss']['k'][1]", 'conf/train.json', '2.5e-1'],
  ["tomllib.load(open('conf/train.toml', 'rb'))['loss']['eps']", 'conf/train.toml', 'eps = 0.3'],
  ["tomllib.loads(open('conf/train.toml').read())['runs'][1]['k']['a']", 'conf/train.toml', 'a = 2'],
  ["c = configparser.ConfigParser()\nc.read('conf/train.ini')\nc.getfloat('loss', 'eps')", 'conf/train.ini', 'eps = 0.35'],
  ["c = configparser.ConfigParser()\nc.read('conf/train.ini')\nfloat(c['loss']['eps'])", 'conf/train.ini', 'eps = 0.35'],
];

describe('values of files know their place', () => {
  const preamble = 'import yaml, json, tomllib, configparser\nfrom pathlib import Path';
  for (const [code, file, text] of written) {
    it(code, () => {
      const [first] = evaluate(code, preamble, { files, exploring: true }).way;
      assert.ok(first !== undefined);
      assert.equal(first.file, file);
      assert.equal(first.text, text);
      assert.equal(files[file as keyof typeof files].slice(first.range.start, first.range.end), text);
    });
  }

  it("an argument's default keeps the place where it is declared, converted too", () => {
    const code = "p.add_argument('--eps', type=float, default='0.3')\np.parse_args().eps";
    const [first] = evaluate(code, 'import argparse\np = argparse.ArgumentParser()', { exploring: true }).way;
    assert.equal(first?.text, "'0.3'");
  });
});
