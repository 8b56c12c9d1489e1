/** Command lines, described classes, registries and bindings: click, typer, fire, tap, attrs, pydantic, mmengine, gin; modules by name. */
import assert from 'node:assert/strict';
import { evaluate, inline, type Surroundings } from './evaluate';

const files = {
  'conf/model.py': "_base_ = ['base.py', './more/loss.py']\nk = 25\nmodel = dict(head=dict(k=k), neck=dict(_delete_=True, b=2))\n",
  'conf/base.py': "model = dict(type='Net', head=dict(type='Head', k=1), neck=dict(a=1))\nlr = 0.02\n",
  'conf/more/loss.py': "import math\nloss = dict(type='Smooth', eps=0.12)\n",
  'conf/train.gin':
    "# settings\ninclude 'more.gin'\nSmooth.eps = 0.3\nrun.loss = @Smooth()\nrun.k = %K\nK = 7\nrun.names = ['a',\n  'b']\n",
  'conf/more.gin': 'Smooth.eps = 0.9\nSmooth.scale = 2\n',
  'parts/losses.py': 'class Smooth:\n    pass\nVALUE = 4\n',
  'parts/__init__.py': '',
};

interface Group {
  readonly title: string;
  readonly preamble: string;
  readonly surroundings?: Surroundings;
  readonly rows: readonly (readonly [string, string])[];
}

const click = `
import click
seen = []
@click.command()
@click.option('--eps', '-e', default=0.1, show_default=True, help='spread')
@click.option('--hard/--soft', default=False)
@click.option('--name', type=click.Choice(['a', 'b']), default='a')
@click.option('--size', multiple=True, type=int)
def main(eps, hard, name, size):
    seen.append((eps, hard, name, size))
@click.group()
@click.option('--seed', default=3)
@click.pass_context
def cli(ctx, seed):
    ctx.ensure_object(dict)['seed'] = seed
@cli.command()
@click.argument('path')
@click.option('--k', default=5, type=int)
@click.pass_obj
def train(obj, path, k):
    seen.append((obj['seed'], path, k))
`;

const typer = `
import typer
seen = []
def main(eps: float = typer.Option(0.1, help='spread'), hard: bool = False, k: int = 3):
    seen.append((eps, hard, k))
app = typer.Typer()
@app.command()
def train(path: str, eps: float = 0.2):
    seen.append((path, eps))
`;

const registry = `
from mmengine import Registry, Config, build_from_cfg
LOSSES = Registry('loss')
@LOSSES.register_module()
class Smooth:
    def __init__(self, eps, k=3):
        self.eps, self.k = eps, k
@LOSSES.register_module(name='short')
class Other:
    pass
`;

const gin = `
import gin
@gin.configurable
class Smooth:
    def __init__(self, eps=0.1, scale=1):
        self.eps, self.scale = eps, scale
@gin.configurable
def run(loss=None, k=2, names=()):
    return (loss.eps, loss.scale, k, names) if loss else k
`;

const attrs = `
import attr, attrs
from attrs import define, field
@attr.s(auto_attribs=True)
class Old:
    eps: float = 0.1
    k: int = attr.ib(default=3)
@define
class New:
    eps: float = field(default=0.2, converter=float, validator=attrs.validators.ge(0))
    names: list = field(factory=list)
    twice: float = field(init=False)
    def __attrs_post_init__(self):
        self.twice = 2 * self.eps
@attrs.frozen
class Fixed:
    k: int
    @property
    def next(self):
        return self.k + 1
`;

const pydantic = `
from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings
class Loss(BaseModel):
    eps: float = Field(0.1, ge=0, lt=1)
    kind: str = 'smooth'
class Conf(BaseModel):
    loss: Loss = Loss()
    k: int
    sizes: list = Field(default_factory=list)
    @field_validator('k')
    @classmethod
    def positive(cls, value):
        if value < 1:
            raise ValueError('too few')
        return value
class Env(BaseSettings):
    eps: float = 0.3
    token: str
`;

const groups: readonly Group[] = [
  {
    title: 'click',
    preamble: click,
    rows: [
      ['main([], standalone_mode=False)\nseen', "[(0.1, False, 'a', ())]"],
      [
        "main(['-e', '0.4', '--hard', '--name=b', '--size', '1', '--size', '2'], standalone_mode=False)\nseen",
        "[(0.4, True, 'b', (1, 2))]",
      ],
      ["main(['--name', 'c'])", '!SystemExit'],
      ["main(['--eps', 'x'])", '!SystemExit'],
      ["main(['--none'])", '!SystemExit'],
      ["cli(['--seed', '9', 'train', 'x.pt'], standalone_mode=False)\nseen", "[(9, 'x.pt', 5)]"],
      ["cli(['train'])", '!SystemExit'],
    ],
  },
  {
    title: 'click in an exploring run',
    preamble: click,
    surroundings: { exploring: true },
    rows: [
      ['main()\nseen', "[(0.1, False, 'a', ())]"],
      ['cli()\nseen[0][1]', '?path (given on the command line)'],
      ['cli()\nseen[0][0], seen[0][2]', '(3, 5)'],
    ],
  },
  {
    title: 'typer',
    preamble: typer,
    surroundings: { exploring: true },
    rows: [
      ['typer.run(main)\nseen', '[(0.1, False, 3)]'],
      ['app()\nseen[0][0]', '?path (given on the command line)'],
      ['app()\nseen[0][1]', '0.2'],
      ["app(['x', '--eps', '0.5'])\nseen", "[('x', 0.5)]"],
    ],
  },
  {
    title: 'fire, tap, tyro',
    preamble: `
import fire, tyro
from tap import Tap
from dataclasses import dataclass
seen = []
def main(eps=0.1, k=3):
    seen.append((eps, k))
def needs(path, eps=0.1):
    seen.append((path, eps))
@dataclass
class Conf:
    eps: float = 0.4
class Args(Tap):
    data: str
    eps: float = 0.15
    hard: bool = False
    sizes: list = [1]
    def configure(self):
        self.add_argument('-e', '--eps')
`,
    surroundings: { exploring: true },
    rows: [
      ['fire.Fire(main)\nseen', '[(0.1, 3)]'],
      ["fire.Fire(main, ['--eps=0.5', '7'] if False else ['--eps=0.5', '--k', '7'])\nseen", '[(0.5, 7)]'],
      ['fire.Fire(needs)\nseen[0][0]', '?--path (given on the command line)'],
      ["fire.Fire({'train': main, 'test': needs})\nlen(seen)", '2'],
      ['a = Args().parse_args()\na.eps, a.hard, a.sizes', '(0.15, False, [1])'],
      ['Args().parse_args().data', '?--data (given on the command line)'],
      [
        "a = Args().parse_args(['--data', 'x', '-e', '0.5', '--hard'])\na.as_dict()",
        "{'data': 'x', 'eps': 0.5, 'hard': True, 'sizes': [1]}",
      ],
      ['tyro.cli(Conf)', 'Conf(eps=0.4)'],
    ],
  },
  {
    title: 'attrs',
    preamble: attrs,
    rows: [
      ['Old(), Old(0.5).eps, Old() == Old()', '(Old(eps=0.1, k=3), 0.5, True)'],
      ["n = New('0.25')\nn.eps, n.names, n.twice, attrs.asdict(n)", "(0.25, [], 0.5, {'eps': 0.25, 'names': [], 'twice': 0.5})"],
      ['New(-1)', '!ValueError'],
      ['New(other=1)', '!TypeError'],
      ['Fixed(3).next, attrs.evolve(Fixed(3), k=5)', '(4, Fixed(k=5))'],
      ["setattr(Fixed(3), 'k', 4)", '!FrozenInstanceError'],
      ['Fixed()', '!TypeError'],
    ],
  },
  {
    title: 'pydantic',
    preamble: pydantic,
    rows: [
      ['c = Conf(k="4")\nc, c.loss.eps', "(Conf(loss=Loss(eps=0.1, kind='smooth'), k=4, sizes=[]), 0.1)"],
      ["Conf(k=2, loss={'eps': 0}).loss.eps", '0.0'],
      ['Conf()', '!ValidationError'],
      ['Conf(k=0)', '!ValidationError'],
      ['Conf(k=1.5)', '!ValidationError'],
      ["Conf(k=1, loss={'eps': 1})", '!ValidationError'],
      ["Conf.model_validate({'k': 2, 'other': 1}).model_dump()", "{'loss': {'eps': 0.1, 'kind': 'smooth'}, 'k': 2, 'sizes': []}"],
      ['c = Conf(k=2)\nc.loss.eps = 0.5\nc.model_copy(update={"k": 9}).k, Conf(k=2).loss.eps', '(9, 0.1)'],
      ['Env()', '!ValidationError'],
      ["Env(token='x').eps", '0.3'],
    ],
  },
  {
    title: 'pydantic settings in an exploring run',
    preamble: pydantic,
    surroundings: { exploring: true },
    rows: [
      ['Env().token', '?token (of the environment)'],
      ['Env().eps', '0.3'],
    ],
  },
  {
    title: 'mmengine',
    preamble: registry,
    surroundings: { files, file: 'train.py' },
    rows: [
      ["l = LOSSES.build(dict(type='Smooth', eps=0.2))\ntype(l).__name__, l.eps, l.k", "('Smooth', 0.2, 3)"],
      [
        "build_from_cfg(dict(type='Smooth', eps=0.2), LOSSES, dict(k=8)).k, LOSSES.get('short').__name__, 'Smooth' in LOSSES",
        "(8, 'Other', True)",
      ],
      ["LOSSES.build(dict(type='None'))", '!KeyError'],
      ['LOSSES.build(dict(eps=1))', '!KeyError'],
      [
        "c = Config.fromfile('conf/model.py')\nc.k, c.lr, c.loss.eps, c.model.head, c.model.neck, 'math' in c",
        "(25, 0.02, 0.12, {'type': 'Head', 'k': 25}, {'b': 2}, False)",
      ],
      [
        "c = Config.fromfile('conf/model.py')\nc.merge_from_dict({'loss.eps': 0.5, 'model.head.k': 4})\nc.loss, c.model.head.k",
        "({'type': 'Smooth', 'eps': 0.5}, 4)",
      ],
      ["LOSSES.build(Config.fromfile('conf/model.py').loss).eps", '0.12'],
      ["Config(dict(a=dict(b=1))).a.b, Config(dict(a=1)).get('z', 2)", '(1, 2)'],
      ['Config(dict(a=1)).z', '!AttributeError'],
      ["from mmengine.registry import MODELS\nMODELS.build(dict(type='ResNet'))", '!Unsupported: models: ResNet'],
      ["from fvcore.common.registry import Registry as R\nr = R('x')\n@r.register()\nclass A:\n    pass\nr.get('A').__name__", "'A'"],
    ],
  },
  {
    title: 'gin',
    preamble: gin,
    surroundings: { files },
    rows: [
      ["gin.parse_config_file('conf/train.gin')\nrun()", "(0.3, 2, 7, ['a', 'b'])"],
      ["gin.parse_config_file('conf/train.gin')\nSmooth(0.5).eps, Smooth(scale=9).eps, run(k=1)[2]", '(0.5, 0.3, 1)'],
      ["gin.parse_config('Smooth.eps = 1e-2')\nSmooth().eps, gin.query_parameter('Smooth.eps')", '(0.01, 0.01)'],
      ["gin.parse_config_files_and_bindings(['conf/train.gin'], ['run.k = 3'])\nrun()[2]", '3'],
      ["gin.parse_config_file('conf/none.gin')", '!Unsupported: the file conf/none.gin'],
      ['run()', '2'],
    ],
  },
  {
    title: 'modules and functions by name',
    preamble:
      'import importlib, runpy, inspect\ndef f(a, /, b=2, *rest, c, d=4, **more):\n    pass\nclass C:\n    def __init__(self, x, y=1):\n        pass',
    surroundings: { files, file: 'train.py' },
    rows: [
      [
        "importlib.import_module('parts.losses').VALUE, getattr(importlib.import_module('torch.nn'), 'CrossEntropyLoss').__name__",
        "(4, 'CrossEntropyLoss')",
      ],
      ["importlib.import_module('.losses', 'parts').Smooth.__name__", "'Smooth'"],
      ["importlib.import_module('nowhere')", '!Unsupported: nowhere'],
      ["n = runpy.run_path('conf/base.py')\nn['lr'], n['model']['head']['k']", '(0.02, 1)'],
      [
        "from importlib import util\ns = util.spec_from_file_location('x', 'parts/losses.py')\nm = util.module_from_spec(s)\ns.loader.exec_module(m)\nm.VALUE",
        '4',
      ],
      [
        'list(inspect.signature(f).parameters), inspect.signature(f).parameters["d"].default, list(inspect.signature(C).parameters)',
        "(['a', 'b', 'rest', 'c', 'd', 'more'], 4, ['x', 'y'])",
      ],
      ['s = inspect.getfullargspec(f)\ns.args, s.varargs, s.kwonlyargs, s.defaults', "(['a', 'b'], 'rest', ['c', 'd'], (2,))"],
    ],
  },
];

for (const { title, preamble, surroundings = {}, rows } of groups) {
  describe(title, () => {
    for (const [code, expected] of rows) {
      it(code, () => {
        assert.equal(inline(evaluate(code, preamble, surroundings).text), expected);
      });
    }
  });
}

describe('what they hand on keeps its place', () => {
  const rows: readonly (readonly [string, string, string, string | null])[] = [
    [click, 'main()\nseen[0][0]', '0.1', null],
    [typer, 'typer.run(main)\nseen[0][0]', '0.1', null],
    [attrs, 'New().eps', '0.2', null],
    [pydantic, 'Conf(k=1).loss.eps', '0.1', null],
    [registry, "Config.fromfile('conf/model.py').loss.eps", '0.12', 'conf/more/loss.py'],
    [gin, "gin.parse_config_file('conf/train.gin')\nSmooth().eps", 'Smooth.eps = 0.3', 'conf/train.gin'],
  ];
  for (const [preamble, code, text, file] of rows) {
    it(code, () => {
      const [first] = evaluate(code, preamble, { files, file: 'main.py', exploring: true }).way;
      assert.deepEqual([first?.text, first?.file], [text, file ?? 'main.py']);
    });
  }
});
