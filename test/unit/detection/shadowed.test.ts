/** Definitions that a later one of the same name takes the place of. */
import assert from 'node:assert/strict';
import { findSmoothingConstants } from '../../../src/detection/constants';
import { findLosses } from '../../../src/detection/losses';
import { parsePython } from '../../../src/language/python';

const code = `import torch.nn.functional as F
def smooth(z, t, e=0.1):
    return F.cross_entropy(z, t, label_smoothing=e)
smooth(1, 2, 0.3)
def smooth(z, t, e=0.2):
    return F.cross_entropy(z, t, label_smoothing=e)
smooth(1, 2, 0.4)
`;

const names = (text: string): string[] => findLosses(parsePython(text)).map(({ name }) => name);

describe('shadowed definitions', () => {
  it('are found beside those that shadow them, in their order', () => {
    assert.deepEqual(names(code), ['smooth', 'smooth #2']);
  });

  it('have the constants of the calls between the two', () => {
    const constants = findSmoothingConstants(parsePython(code)).filter(({ value }) => value !== null);
    const ofSites = constants.map(({ site, value }) => `${String(site)} ${String(value)}`);
    assert.deepEqual(ofSites, ['smooth 0.1', 'smooth 0.3', 'smooth #2 0.2', 'smooth #2 0.4']);
  });

  it('are no branches: of two in an if, one is defined', () => {
    const branches = `import torch.nn.functional as F
if True:
    def plain(z, t):
        return F.nll_loss(F.log_softmax(z, 1), t)
else:
    def plain(z, t):
        return F.cross_entropy(z, t)
`;
    assert.deepEqual(names(branches), ['plain']);
  });

  it('are no signatures for type checkers', () => {
    const overloaded = `from typing import overload
import torch.nn.functional as F
@overload
def smooth(z, t: int, e=0.1): ...
def smooth(z, t, e=0.1):
    return F.cross_entropy(z, t, label_smoothing=e)
`;
    assert.deepEqual(names(overloaded), ['smooth']);
  });

  it('are what a function is that is named anew by its own result', () => {
    const result = `${code.split('smooth(1')[0]!}smooth = smooth(1, 2)\n`;
    const [site, ...others] = findLosses(parsePython(result));
    assert.equal(site?.name, 'smooth');
    assert.deepEqual(others, []);
    assert.ok(site.program.cells.every(({ body }) => body.every(({ kind }) => kind !== 'assign')));
  });
});
