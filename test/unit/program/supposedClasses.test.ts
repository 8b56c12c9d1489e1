/** A number of classes that only an argument's or a layer's name says: taken, and said to be taken; of a documented signature it is the program's own. */
import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';

interface Row {
  readonly name: string;
  readonly imports: string;
  readonly model: string;
  readonly source: 'code' | 'assumption';
}

const rows: readonly Row[] = [
  { name: 'timm', imports: 'import timm', model: "timm.create_model('resnet50', num_classes=COUNT)", source: 'code' },
  { name: 'torchvision', imports: 'from torchvision import models', model: 'models.resnet18(num_classes=COUNT)', source: 'code' },
  {
    name: 'a library that is not known',
    imports: 'from zoo import build_net',
    model: "build_net('wide', num_classes=COUNT)",
    source: 'assumption',
  },
  { name: 'a layer of Keras', imports: 'import keras', model: 'keras.layers.Dense(COUNT)', source: 'code' },
  { name: 'a layer of a library that is not known', imports: 'import zoo', model: 'zoo.Dense(COUNT)', source: 'assumption' },
];

const program = ({ imports, model }: Row): string =>
  [
    'import torch.nn as nn',
    'import data',
    imports,
    'COUNT = 12',
    `net = ${model}`,
    'criterion = nn.CrossEntropyLoss(label_smoothing=0.1)',
    'x, y = data.batch()',
    'loss = criterion(net(x), y)',
    '',
  ].join('\n');

describe('numbers of classes that a name alone says', function () {
  this.timeout(30_000);
  for (const row of rows) {
    it(row.name, () => {
      const [loss] = inspect({ file: 'train.py', text: program(row), brief: true }).losses;
      const classes = loss?.inputs.find(({ role }) => role === 'classes');
      assert.equal(classes?.value, 12);
      assert.equal(classes.source.kind, row.source);
      if (classes.source.kind === 'assumption')
        assert.match(classes.source.reason, /^zoo\..* is taken to say how many classes its output has$/u);
    });
  }
  it('is no softmax that a layer of such a library is called', () => {
    const findings = (library: string) =>
      inspect({
        file: 'train.py',
        text: program({
          name: '',
          imports: `import ${library}`,
          model: `${library}.Sequential([${library}.layer.Dense(COUNT), ${library}.Softmax()])`,
          source: 'code',
        }),
        brief: true,
      }).losses.flatMap((loss) => loss.findings.map(({ rule }) => rule));
    assert.ok(!findings('zoo').includes('softmax-twice'));
    assert.ok(findings('paddle').includes('softmax-twice'));
  });
});
