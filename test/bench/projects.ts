/** Projects as people have them, made up: a package whose modules import each other, and a tree of files of which most hold no loss. */

export type Files = Readonly<Record<string, string>>;

const torchImports = 'import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n';

const lossClass = `
class SmoothedLoss(nn.Module):
    def __init__(self, classes, smoothing=0.1):
        super().__init__()
        self.classes = classes
        self.smoothing = smoothing

    def forward(self, logits, target):
        logp = F.log_softmax(logits, dim=-1)
        with torch.no_grad():
            soft = torch.full_like(logp, self.smoothing / (self.classes - 1))
            soft.scatter_(1, target.unsqueeze(1), 1.0 - self.smoothing)
        return -(soft * logp).sum(dim=-1).mean()
`;

const training = (setup: string): string => `
class Net(nn.Module):
    def __init__(self, width, classes):
        super().__init__()
        self.body = nn.Linear(width, width)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(F.relu(self.body(x)))

def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument('--smoothing', type=float, default=0.12)
    parser.add_argument('--epochs', type=int, default=10)
    return parser.parse_args()

def main():
    args = parse()
    net = Net(64, 37)
    criterion = SmoothedLoss(37, args.smoothing)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
${setup}    for epoch in range(args.epochs):
        for x, y in DataLoader(load(), batch_size=32):
            loss = criterion(net(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

if __name__ == '__main__':
    main()
`;

const trainImports = `import argparse\n${torchImports}from torch.utils.data import DataLoader\n`;

/** One file that trains with a loss of its own. */
export const script: Files = { 'train.py': `${trainImports}${lossClass}${training('')}` };

/** `modules` modules in a row, each of which imports the one before; losses.py and train.py use them. */
export function packageOf(modules: number): Files {
  const layer = (i: number): string => `${torchImports}import math
${i === 0 ? '' : `from .layer${i - 1} import Layer${i - 1}, scale${i - 1}\n`}
DEFAULTS = {"width": ${i + 8}, "depth": 3}

def scale${i}(x, factor=1.0):
    total = 0.0
    for j in range(10):
        total += math.sqrt(j) * factor
    return x * total

class Layer${i}(nn.Module):
    def __init__(self, width=DEFAULTS["width"], dropout=0.1):
        super().__init__()
        self.proj = nn.Linear(width, width)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        y = F.relu(self.proj(x))
        if mask is not None:
            y = y.masked_fill(mask == 0, 0.0)
        return x + self.drop(y)
`;
  const last = modules - 1;
  return {
    'nets/__init__.py': '',
    ...Object.fromEntries(Array.from({ length: modules }, (_, i) => [`nets/layer${i}.py`, layer(i)])),
    'nets/losses.py': `${torchImports}from .layer${last} import DEFAULTS\n${lossClass}`,
    'train.py': `${trainImports}from nets.losses import SmoothedLoss\nfrom nets.layer${last} import Layer${last}\n${training(`    extra = Layer${last}()\n`)}`,
  };
}

/** `count` files in projects of a hundred: services of dataclasses and functions that import each other; every fifth project trains something. */
export function treeOf(count: number): Files {
  const files: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    const [project, part] = [Math.floor(i / 100), i % 100];
    const folder = `project${project}`;
    const learns = project % 5 === 0;
    const torch = learns && part % 4 === 2 ? torchImports : '';
    const loss = learns && part === 10 ? lossClass : '';
    const user =
      learns && part === 50
        ? '\ndef main(smoothing=0.05):\n    criterion = SmoothedLoss(10, smoothing)\n    return criterion(torch.zeros(4, 10), torch.zeros(4).long())\n'
        : '';
    const imports = [
      ...(part > 2
        ? [`from .part${part - 1} import value${part - 1}\nfrom .part${(part * 7) % part} import value${(part * 7) % part}`]
        : []),
      ...(user === '' ? [] : ['from .part10 import SmoothedLoss']),
    ].join('\n');
    const records = Array.from({ length: 4 + (i % 9) }, (_, j) => record(part, j)).join('\n');
    files[`${folder}/app/part${part}.py`] =
      `import json\nimport logging\nfrom dataclasses import dataclass\nfrom typing import Any, Iterable\n${torch}${imports}\n\nlog = logging.getLogger(__name__)\nvalue${part} = ${part}\n${records}${loss}${user}`;
    if (part === 0) {
      files[`${folder}/pyproject.toml`] = '[project]\nname = "service"\n';
      files[`${folder}/app/__init__.py`] = '';
    }
  }
  return files;
}

const record = (part: number, j: number): string => `
@dataclass
class Record${part}x${j}:
    name: str = "batch"
    size: int = ${j + 1}

    def total(self, items: Iterable[Any], scale: float = 1.0) -> float:
        result = 0.0
        for item in items:
            if item is None:
                log.warning("missing %s in %s", item, self.name)
                continue
            result += float(item) * scale
        return result / max(1, self.size)

def load_${part}_${j}(path, *, retries=3, **options):
    with open(path) as handle:
        data = json.load(handle)
    for attempt in range(retries):
        try:
            return {key: value for key, value in data.items() if key not in options}
        except KeyError as error:
            log.info("retry %d: %s", attempt, error)
    return None
`;
