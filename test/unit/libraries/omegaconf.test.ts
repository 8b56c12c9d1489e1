/** OmegaConf and Hydra: configurations of files and classes, and what is made of them. */
import assert from 'node:assert/strict';
import { originOf } from '../../../src/interpreter/provenance';
import { evaluate, inline, type Surroundings } from './evaluate';

const files = {
  'conf.yaml': 'loss:\n  eps: 1\n  rate: 1e-3\n',
  'src/conf/config.yaml':
    'defaults:\n  - base\n  - loss: smooth\n  - model: big\n  - optional extra: none\n  - _self_\n  - experiment: null\n\nlr: 0.1\nloss:\n  k: 3\nname: run_${loss.eps}\n',
  'src/conf/own_last.yaml': 'defaults:\n  - loss: smooth\nloss:\n  eps: 0.9\n',
  'src/conf/base.yaml': 'seed: 3\nlr: 0.5\n',
  'src/conf/loss/smooth.yaml': '_target_: parts.Smooth\neps: 0.07\nk: 1\n',
  'src/conf/loss/hard.yaml': '_target_: torch.nn.CrossEntropyLoss\nlabel_smoothing: 0.0\n',
  'src/conf/model/big.yaml': 'defaults:\n  - head: wide\nwidth: 5\n',
  'src/conf/model/head/wide.yaml': 'dim: 8\n',
  'src/conf/experiment/hard.yaml': '# @package _global_\ndefaults:\n  - override /loss: hard\nlr: 0.9\nmodel:\n  width: 6\n',
  'src/parts.py': 'class Smooth:\n    def __init__(self, eps, k, more=None):\n        self.eps, self.k, self.more = eps, k, more\n',
};

interface Group {
  readonly title: string;
  readonly preamble: string;
  readonly surroundings?: Surroundings;
  readonly rows: readonly (readonly [string, string])[];
}

const hydraMain = `
import hydra
from hydra.utils import instantiate
seen = []
@hydra.main(version_base=None, config_path='conf', config_name='config')
def main(cfg):
    seen.append(cfg)
main()
cfg = seen[0]
`;

const groups: readonly Group[] = [
  {
    title: 'OmegaConf',
    preamble: `
from omegaconf import OmegaConf, MISSING, open_dict
from dataclasses import dataclass, field
@dataclass
class Loss:
    eps: float = 0.1
    k: int = MISSING
@dataclass
class Conf:
    loss: Loss = field(default_factory=Loss)
    n: int = 3
cfg = OmegaConf.create({'a': {'b': 0.1, 'c': '\${a.b}', 'd': '\${.b}', 'e': 'x_\${a.b}'}, 'l': [1, 2, {'z': 3}], 's': '\${l[2].z}', 'm': '???'})
def take(**options):
    return options
`,
    surroundings: { files },
    rows: [
      ["cfg.a.b, cfg['a']['b'], cfg.a.c, cfg.a.d, cfg.a.e, cfg.s", "(0.1, 0.1, 0.1, 0.1, 'x_0.1', 3)"],
      [
        "OmegaConf.to_container(cfg.a), OmegaConf.to_container(cfg.a, resolve=True)['d']",
        "({'b': 0.1, 'c': '${a.b}', 'd': '${.b}', 'e': 'x_${a.b}'}, 0.1)",
      ],
      ["take(**cfg.a)['c'], dict(cfg.a)['d'], 'b' in cfg.a, 'm' in cfg, list(cfg.l)[:2], len(cfg.l)", '(0.1, 0.1, True, False, [1, 2], 3)'],
      ["cfg.get('none', 5), OmegaConf.select(cfg, 'a.b'), OmegaConf.select(cfg, 'a.q', default=1)", '(5, 0.1, 1)'],
      ['cfg.none', '!ConfigAttributeError'],
      ["cfg['none']", '!ConfigKeyError'],
      ['cfg.m', '!MissingMandatoryValue'],
      ['cfg.a.b = 0.4\ncfg.a.e', "'x_0.4'"],
      ['OmegaConf.set_struct(cfg, True)\nsetattr(cfg, "new", 1)', '!ConfigAttributeError'],
      ['OmegaConf.set_struct(cfg, True)\nwith open_dict(cfg):\n    cfg.new = 1\ncfg.new', '1'],
      ['OmegaConf.set_readonly(cfg, True)\nsetattr(cfg.a, "b", 1)', '!ReadonlyConfigError'],
      ["m = OmegaConf.merge({'a': {'x': 1, 'y': 2}, 'l': [1, 2]}, {'a': {'y': 3}, 'l': [4]})\nm", "{'a': {'x': 1, 'y': 3}, 'l': [4]}"],
      ["OmegaConf.load('conf.yaml')", "{'loss': {'eps': 1, 'rate': 0.001}}"],
      [
        "m = OmegaConf.merge(OmegaConf.structured(Conf), {'loss': {'eps': 1, 'k': '4'}})\nm, type(m.loss.eps)",
        "({'loss': {'eps': 1.0, 'k': 4}, 'n': 3}, <class 'float'>)",
      ],
      ["OmegaConf.merge(OmegaConf.structured(Conf), {'other': 1})", '!ConfigKeyError'],
      ["OmegaConf.merge(OmegaConf.structured(Conf), {'n': 'x'})", '!ValidationError'],
      ["OmegaConf.to_object(OmegaConf.merge(Conf, {'loss': {'k': 2}}))", 'Conf(loss=Loss(eps=0.1, k=2), n=3)'],
      ["OmegaConf.from_dotlist(['a.b=1e-3', 'c=[1, 2]', 'd=true'])", "{'a': {'b': 0.001}, 'c': [1, 2], 'd': True}"],
      ["OmegaConf.register_new_resolver('times', lambda a, b: a * b)\nOmegaConf.create({'a': 2, 'b': '${times:${a},3}'}).b", '6'],
      ["OmegaConf.create({'a': '${oc.env:NOT_SET,0.3}'}).a", '0.3'],
      ["OmegaConf.update(cfg, 'a.b', 0.5)\ncfg.a.c", '0.5'],
      ['[k for k, v in cfg.items()] if False else sorted(cfg.keys())', "['a', 'l', 'm', 's']"],
    ],
  },
  {
    title: 'hydra.main',
    preamble: hydraMain,
    surroundings: { files, file: 'src/train.py' },
    rows: [
      ['cfg.loss', "{'_target_': 'parts.Smooth', 'eps': 0.07, 'k': 3}"],
      ['cfg.lr, cfg.seed, cfg.name, cfg.model', "(0.1, 3, 'run_0.07', {'head': {'dim': 8}, 'width': 5})"],
      ['setattr(cfg, "none", 1)', '!ConfigAttributeError'],
      ['made = instantiate(cfg.loss)\ntype(made).__name__, made.eps, made.k', "('Smooth', 0.07, 3)"],
      ["made = instantiate(cfg.loss, k=8, more={'_target_': 'parts.Smooth', 'eps': 1, 'k': 2})\nmade.k, made.more.eps", '(8, 1)'],
      ["instantiate({'_target_': 'torch.nn.CrossEntropyLoss', 'label_smoothing': 0.3}).label_smoothing", '0.3'],
      ["instantiate({'_target_': 'parts.Smooth', '_partial_': True, 'eps': 0.2})(k=1).eps", '0.2'],
      ["instantiate({'_target_': 'nowhere.Thing'})", '!Unsupported: nowhere.Thing'],
      [
        "with hydra.initialize(config_path='conf', version_base=None):\n    c = hydra.compose('config', overrides=['experiment=hard', 'model.head.dim=4', '+x.y=1e-3'])\nc.loss, c.lr, c.model, c.x",
        "({'_target_': 'torch.nn.CrossEntropyLoss', 'label_smoothing': 0.0, 'k': 3}, 0.9, {'head': {'dim': 4}, 'width': 6}, {'y': 0.001})",
      ],
      ["with hydra.initialize('conf'):\n    c = hydra.compose('own_last')\nc.loss.eps", '0.9'],
      [
        "from hydra.core.config_store import ConfigStore\nConfigStore.instance().store(name='kept', node={'a': 0.25})\n@hydra.main(config_name='kept')\ndef other(cfg):\n    seen.append(cfg.a)\nother()\nseen[-1]",
        '0.25',
      ],
    ],
  },
  {
    title: 'hydra in an exploring run',
    preamble: hydraMain,
    surroundings: { files, file: 'src/train.py', exploring: true },
    rows: [
      ['cfg.loss.eps', '0.07'],
      ["with hydra.initialize('conf'):\n    c = hydra.compose('none')\nc", '?the configuration none'],
      ["with hydra.initialize('conf'):\n    c = hydra.compose('config', overrides=['loss=none'])\nc.lr", '0.1'],
      ["instantiate({'_target_': 'nowhere.Thing'})", '?nowhere.Thing()'],
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

describe('configurations keep the places of their values', () => {
  it('through a defaults list, interpolation and an instantiation', () => {
    const { way } = evaluate('instantiate(cfg.loss).eps', hydraMain, { files, file: 'src/train.py', exploring: true });
    assert.deepEqual([way[0]?.file, way[0]?.text, way[0]?.isAside], ['src/conf/config.yaml', 'loss: smooth', true]);
    assert.deepEqual([originOf(way)?.file, originOf(way)?.text], ['src/conf/loss/smooth.yaml', 'eps: 0.07']);
  });

  it('through a merge', () => {
    const code = "OmegaConf.merge({'loss': {'rate': 0.5}}, OmegaConf.load('conf.yaml')).loss.rate";
    const { way } = evaluate(code, 'from omegaconf import OmegaConf', { files, exploring: true });
    assert.deepEqual([originOf(way)?.file, originOf(way)?.text], ['conf.yaml', 'rate: 1e-3']);
  });
});
