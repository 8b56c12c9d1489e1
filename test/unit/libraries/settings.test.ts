/** Libraries of settings in Python: yacs, ml_collections, absl, attribute dicts. */
import assert from 'node:assert/strict';
import { originOf } from '../../../src/interpreter/provenance';
import { evaluate, inline, type Surroundings } from './evaluate';

const files = {
  'conf/wren.yaml': 'MODEL:\n  K: 9\nLOSS:\n  EPS: 0.08\n  SIZES: (1, 2)\n  RATE: "1e-3"\n',
  'conf/based.yaml': '_BASE_: wren.yaml\nLOSS:\n  EPS: 0.5\n',
  'conf/other.yaml': 'OTHER: 1\n',
  'settings/small.py':
    'import ml_collections\ndef get_config(kind=None):\n    c = ml_collections.ConfigDict({"eps": 0.03, "kind": kind})\n    c.sub = {"k": 4}\n    c.twice = c.sub.get_ref("k") * 2\n    return c\n',
};

interface Group {
  readonly title: string;
  readonly preamble: string;
  readonly surroundings?: Surroundings;
  readonly rows: readonly (readonly [string, string])[];
}

const yacs = `
from yacs.config import CfgNode as CN
base = CN({'MODEL': {'K': 50}, 'LOSS': {'EPS': 0.3, 'SIZES': (0, 0), 'RATE': 0.5, 'NAME': 'hard', 'ON': True}})
cfg = base.clone()
`;

const absl = `
from absl import app, flags
FLAGS = flags.FLAGS
flags.DEFINE_float('eps', 0.2, 'spread')
flags.DEFINE_string('data', None, 'path')
flags.DEFINE_list('names', 'a,b', 'names')
flags.DEFINE_bool('hard', False, 'hard')
K = flags.DEFINE_integer('k', 3, 'classes')
seen = []
`;

const groups: readonly Group[] = [
  {
    title: 'yacs',
    preamble: yacs,
    surroundings: { files },
    rows: [
      [
        "cfg.merge_from_file('conf/wren.yaml')\ncfg.LOSS.EPS, cfg['MODEL']['K'], cfg.LOSS.SIZES, cfg.LOSS.RATE, base.LOSS.EPS",
        '(0.08, 9, (1, 2), 0.001, 0.3)',
      ],
      ["cfg.merge_from_file('conf/based.yaml')\ncfg.LOSS.EPS, cfg.MODEL.K", '(0.5, 9)'],
      ["cfg.merge_from_file('conf/other.yaml')", '!KeyError'],
      ["cfg.set_new_allowed(True)\ncfg.merge_from_file('conf/other.yaml')\ncfg.OTHER", '1'],
      [
        "cfg.merge_from_list(['LOSS.EPS', '0.25', 'LOSS.NAME', 'smooth', 'LOSS.ON', 'False'])\ncfg.LOSS.EPS, cfg.LOSS.NAME, cfg.LOSS.ON",
        "(0.25, 'smooth', False)",
      ],
      ["cfg.merge_from_list(['LOSS.EPS', 1])\ncfg.LOSS.EPS", '1.0'],
      ["cfg.merge_from_list(['LOSS.EPS', 'much'])", '!ValueError'],
      ["cfg.merge_from_list(['LOSS.NONE', 1])", '!AssertionError'],
      ["cfg.freeze()\nsetattr(cfg.LOSS, 'EPS', 1)", '!AttributeError'],
      ['cfg.freeze()\ncfg.defrost()\ncfg.LOSS.EPS = 1\ncfg.LOSS.EPS', '1'],
      ['cfg.LOSS.NONE', '!AttributeError'],
      ["'EPS' in cfg.LOSS, cfg.LOSS.get('NONE', 7), isinstance(cfg, dict)", '(True, 7, True)'],
    ],
  },
  {
    title: 'yacs, with a file that is not there',
    preamble: `${yacs}cfg.merge_from_file('conf/none.yaml')\n`,
    surroundings: { files, exploring: true },
    rows: [
      ['cfg.LOSS.EPS', '?the file conf/none.yaml'],
      ['cfg.OTHER', '?the file conf/none.yaml'],
      ['base.LOSS.EPS', '0.3'],
    ],
  },
  {
    title: 'ml_collections',
    preamble: "import ml_collections\nc = ml_collections.ConfigDict({'eps': 0.1, 'sub': {'k': 4}})",
    surroundings: { files, file: 'train.py' },
    rows: [
      ["c.eps, c['sub'].k, c['sub.k'], 'eps' in c, c.get('none', 2), dict(c.sub)", "(0.1, 4, 4, True, 2, {'k': 4})"],
      ['c.eps = 1\nc.eps', '1.0'],
      ["setattr(c, 'eps', 'x')", '!TypeError'],
      ["c.lock()\nsetattr(c, 'none', 1)", '!AttributeError'],
      ['c.lock()\nwith c.unlocked():\n    c.none = 1\nc.none', '1'],
      ["c.twice = c.sub.get_ref('k') * 2\nc.sub.k = 5\nc.twice", '10'],
      ["c.update({'eps': 0.5, 'sub': {'n': 1}})\nc.eps, c.sub.to_dict()", "(0.5, {'k': 4, 'n': 1})"],
      ['c.none', '!AttributeError'],
      ["f = ml_collections.FrozenConfigDict(c)\nsetattr(f, 'eps', 1)", '!AttributeError'],
      [
        "from absl import flags\nfrom ml_collections import config_flags\nconfig_flags.DEFINE_config_file('config', 'settings/small.py:big')\nflags.FLAGS(['x'])\nd = flags.FLAGS.config\nd.eps, d.twice, d.kind, d.is_locked",
        "(0.03, 8, 'big', True)",
      ],
    ],
  },
  {
    title: 'absl',
    preamble: absl,
    rows: [
      ['app.run(lambda argv: seen.append((FLAGS.eps, K.value, FLAGS.names, FLAGS.data)))\nseen', "[(0.2, 3, ['a', 'b'], None)]"],
      ["FLAGS(['x', '--eps=0.4', '--k', '7', '--hard', 'rest'])\nFLAGS.eps, K.value, FLAGS.hard", '(0.4, 7, True)'],
      ["FLAGS(['x', '--nohard'])\nFLAGS.hard", 'False'],
      ["FLAGS(['x', '--k=a'])", '!IllegalFlagValueError'],
      ["FLAGS(['x', '--none=1'])", '!UnrecognizedFlagError'],
      ["flags.mark_flag_as_required('data')\nFLAGS(['x'])", '!IllegalFlagValueError'],
      ['FLAGS.eps', '!UnparsedFlagAccessError'],
    ],
  },
  {
    title: 'absl in an exploring run',
    preamble: absl,
    surroundings: { exploring: true },
    rows: [
      [
        "flags.mark_flag_as_required('data')\napp.run(lambda argv: seen.append(FLAGS.data))\nseen[0]",
        '?--data (given on the command line)',
      ],
      ['FLAGS.eps', '0.2'],
    ],
  },
  {
    title: 'attribute dicts',
    preamble:
      'from munch import Munch, munchify\nfrom addict import Dict\nfrom box import Box\nfrom easydict import EasyDict\nfrom types import SimpleNamespace',
    surroundings: { files },
    rows: [
      ["m = munchify({'a': {'b': [0.1, {'c': 2}]}})\nm.a.b[0], m.a.b[1].c, m.toDict()", "(0.1, 2, {'a': {'b': [0.1, {'c': 2}]}})"],
      ['Munch(a=1).b', '!AttributeError'],
      ['d = Dict()\nd.a.b.c = 3\nd.to_dict()', "{'a': {'b': {'c': 3}}}"],
      ["Dict({'a': {'b': 1}}).a.b", '1'],
      ["b = Box({'a': {'b': 0.1}})\nb.a.c = {'d': 1}\nb.a.c.d, b.to_dict()", "(1, {'a': {'b': 0.1, 'c': {'d': 1}}})"],
      ["Box({'a': 1}).b", '!BoxKeyError'],
      ["Box.from_yaml(filename='conf/wren.yaml').LOSS.EPS", '0.08'],
      ["e = EasyDict({'a': {'b': 1}})\ne.c = {'d': 2}\ne.a.b, e.c.d", '(1, 2)'],
      ["EasyDict({'a': [{'b': 1}]}).a[0].b", '1'],
      ['vars(SimpleNamespace(a=1))', "{'a': 1}"],
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

describe('a setting tells what it takes the place of, before its own way', () => {
  const omega = 'from omegaconf import OmegaConf\nlow = OmegaConf.create({"eps": 0.3, "k": 4})';
  const rows: readonly (readonly [string, string, readonly string[]])[] = [
    [yacs, "cfg.merge_from_file('conf/wren.yaml')\ncfg.LOSS.EPS", ['0.3, overridden']],
    [
      yacs,
      "cfg.merge_from_file('conf/wren.yaml')\ncfg.merge_from_list(['LOSS.EPS', '0.25'])\ncfg.LOSS.EPS",
      ['0.3, overridden', 'EPS: 0.08, overridden'],
    ],
    [yacs, 'cfg.LOSS.EPS', []],
    [omega, 'OmegaConf.merge(low, {"eps": 0.2}).eps', ['0.3, overridden']],
    [omega, 'OmegaConf.merge(low, {"k": 5}).eps', []],
    [
      "from argparse import ArgumentParser\np = ArgumentParser()\np.add_argument('--eps', default=0.3)",
      'p.set_defaults(eps=0.2)\np.parse_args([]).eps',
      ['0.3, overridden'],
    ],
    ["from ml_collections import ConfigDict\nc = ConfigDict({'eps': 0.3})", "c.update({'eps': 0.2})\nc.eps", ['0.3, overridden']],
  ];
  for (const [preamble, code, expected] of rows) {
    it(code, () => {
      const { way } = evaluate(code, preamble, { files, exploring: true });
      assert.deepEqual(
        way.filter(({ isAside }) => isAside === true).map(({ text }) => text),
        expected,
      );
      assert.notEqual(originOf(way), null);
    });
  }
});

describe('settings keep their places', () => {
  const rows: readonly (readonly [string, string, string, string | null])[] = [
    [yacs, "cfg.merge_from_file('conf/wren.yaml')\ncfg.LOSS.EPS", 'EPS: 0.08', 'conf/wren.yaml'],
    [yacs, "cfg.merge_from_file('conf/wren.yaml')\ncfg.LOSS.RATE", 'RATE: "1e-3"', 'conf/wren.yaml'],
    [yacs, "cfg.merge_from_list(['LOSS.EPS', '0.25'])\ncfg.LOSS.EPS", "'0.25'", null],
    [absl, 'app.run(lambda argv: seen.append(FLAGS.eps))\nseen[0]', '0.2', null],
    ['from box import Box', "Box.from_yaml(filename='conf/wren.yaml').LOSS.EPS", 'EPS: 0.08', 'conf/wren.yaml'],
  ];
  for (const [preamble, code, text, file] of rows) {
    it(code, () => {
      const first = originOf(evaluate(code, preamble, { files, exploring: true }).way);
      assert.deepEqual([first?.text, first?.file], [text, file]);
    });
  }
});
