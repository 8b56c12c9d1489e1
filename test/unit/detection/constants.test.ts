/** Smoothing factors without a loss beside them: what the file itself says, and what only has such a name. */
import assert from 'node:assert/strict';
import { findSmoothingConstants } from '../../../src/detection/constants';
import { inspect } from '../../../src/inspect';
import { parsePython } from '../../../src/language/python';
import { parseTypeScript } from '../../../src/language/typescript';

const python = (code: string): string[] => findSmoothingConstants(parsePython(code)).map((c) => `${c.name} ${String(c.value)}`);
const typescript = (code: string): string[] => findSmoothingConstants(parseTypeScript(code)).map((c) => `${c.name} ${String(c.value)}`);

const said: readonly (readonly [string, string, readonly string[]])[] = [
  ['argparse, a short flag first', "p.add_argument('-l', '--label-smoothing', type=float, default=0.07)", ['default 0.07']],
  ['argparse, by its help', "p.add_argument('--smoothing', default=0.08, help='Label smoothing (0.08)')", ['default 0.08']],
  ['argparse, by its destination', "p.add_argument('--ls', dest='label_smoothing', default='0.09')", ['default 0.09']],
  ['absl', "flags.DEFINE_float('label_smoothing', 0.06, 'how much')", ['label_smoothing 0.06']],
  ['click', "@click.option('--label-smoothing', default=0.05)\ndef main(label_smoothing): ...", ['default 0.05']],
  ['set_defaults', 'p.set_defaults(label_smoothing=0.04)', ['label_smoothing 0.04']],
  ['a field', 'class C:\n    label_smoothing: float = field(default=0.03)', ['label_smoothing 0.03']],
  ['a model’s field', 'class C(BaseModel):\n    label_smoothing: float = Field(0.03, ge=0.0, lt=0.5)', ['label_smoothing 0.03']],
  ['an option of typer', "def run(label_smoothing: float = typer.Option(0.02, '--ls')): ...", ['label_smoothing 0.02']],
  ['an entry that is set', "cfg['label_smoothing'] = 0.12", ['label_smoothing 0.12']],
  [
    'an entry with a default',
    "a = cfg.get('label_smoothing', 0.13)\nb = getattr(args, 'label_smoothing', 0.14)\nc = kw.pop('label_smoothing', 0.15)\nd = kw.setdefault('label_smoothing', 0.16)",
    ['label_smoothing 0.13', 'label_smoothing 0.14', 'label_smoothing 0.15', 'label_smoothing 0.16'],
  ],
  ['a pair', 'rate, label_smoothing = 0.5, 0.11', ['label_smoothing 0.11']],
  ['a fraction', 'LABEL_SMOOTHING = 3 / 25', ['LABEL_SMOOTHING 0.12']],
  ['the environment', "LABEL_SMOOTHING = float(os.environ.get('LABEL_SMOOTHING', '0.17'))", ['LABEL_SMOOTHING 0.17']],
  [
    'nodes of a configuration',
    '_C.LOSS.LABELSMOOTHING = 0.18\n_C.LOSSES.XENT.EPS = 0.19\n_C.SOLVER.EPS = 1e-8',
    ['LABELSMOOTHING 0.18', 'EPS 0.19'],
  ],
  ['a registry', "loss = dict(type='LabelSmoothLoss', smoothing=0.21, num_classes=7)", ['smoothing 0.21']],
  ['a sweep', "space = {'label_smoothing': {'values': [0.0, 0.1]}}", ['label_smoothing null']],
  ['gin', "gin.bind_parameter('xent.label_smoothing', 0.22)", ['xent.label_smoothing 0.22']],
  ['a configuration in a text', 'text = """\nloss:\n  label_smoothing: 0.23\n"""', ['label_smoothing 0.23']],
];

const notSaid: readonly (readonly [string, string])[] = [
  [
    'switches and kinds',
    "use_label_smoothing = 1\nlabel_smoothing_type = 'uniform'\nlabel_smoothing_warmup = 0.1\nlabel_smooth_window = 1",
  ],
  ['words about it', "HELP = {'label_smoothing': 'how much'}\nprint('label_smoothing')"],
  [
    'smoothing of something else',
    "smoothing_factor = 0.5\nspline.set_smoothing_factor(smoothing_factor)\np.add_argument('--smoothing', default=0.6, help='of the curve')",
  ],
  ['a value passed on', 'class A:\n    def __init__(self, label_smoothing):\n        self.label_smoothing = label_smoothing'],
  [
    'preferences',
    'import torch.nn.functional as F\ndef loss(d, beta=0.1, label_smoothing=0.1):\n    return -F.logsigmoid(beta * d) * (1 - label_smoothing) - F.logsigmoid(-beta * d) * label_smoothing\n',
  ],
  ['preferences of a library', 'from trl import CPOConfig\nargs = CPOConfig(label_smoothing=0.1)'],
];

const configurations: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a.yaml',
    'loss:\n  label_smoothing: 0.05  # of 0.9\n  # label_smoothing: 0.4\noptim: {lr: 0.1, label_smoothing: 0.06}\n',
    ['2 0.05', '4 0.06'],
  ],
  ['a.yml', 'cross_entropy:\n  eps: 0.07\nadam:\n  eps: 1e-8\n', ['2 0.07']],
  ['a.toml', '[train]\nlabel_smoothing = 0.08\n', ['2 0.08']],
  ['a.json', '{\n  "label_smoothing": 0.09, "x": 1\n}\n', ['2 0.09']],
  ['a.gin', 'train/xent.label_smoothing = 0.1\n', ['1 0.1']],
  ['a.sh', 'fit --lr 0.1 --label-smoothing 0.11 --epochs 3\n', ['1 0.11']],
  ['a.md', '```bash\nfit --label-smoothing=0.12\n```\n', ['2 0.12']],
];

describe('smoothing constants without a loss', () => {
  for (const [name, code, expected] of said)
    it(name, () => {
      assert.deepEqual(python(code), expected);
    });
  for (const [name, code] of notSaid)
    it(`not: ${name}`, () => {
      assert.deepEqual(python(code), []);
    });
  it('options of TypeScript', () => {
    assert.deepEqual(typescript("yargs.option('label-smoothing', { type: 'number', default: 0.05 });\n"), ['label-smoothing 0.05']);
    assert.deepEqual(typescript('const a = { labelSmoothing: given.labelSmoothing ?? 0.06 };\n'), ['labelSmoothing 0.06']);
    assert.deepEqual(typescript('class A { static labelSmoothing = 0.07; }\n'), ['labelSmoothing 0.07']);
  });
  for (const [file, text, expected] of configurations)
    it(`${file} is answered with its constants`, () => {
      const { losses, smoothingConstants } = inspect({ file, text });
      assert.deepEqual(losses, []);
      assert.deepEqual(
        smoothingConstants.map(({ range, value, expression }) => {
          assert.equal(text.slice(range.start, range.end), expression);
          return `${range.line} ${String(value)}`;
        }),
        expected,
      );
    });
  it('says that a configuration without one holds none', () => {
    const { smoothingConstants, problems } = inspect({ file: 'a.yaml', text: 'lr: 0.1\nuse_label_smoothing: true\n' });
    assert.deepEqual(smoothingConstants, []);
    assert.deepEqual(
      problems.map(({ type }) => type),
      ['notFound'],
    );
  });
});
