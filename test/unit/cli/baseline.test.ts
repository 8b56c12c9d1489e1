import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { main } from '../../../src/cli/main';

async function run(...args: readonly string[]): Promise<{ readonly status: number; readonly out: string; readonly error: string }> {
  const [out, error]: [string[], string[]] = [[], []];
  const status = await main({
    args,
    readFile: (file) => readFileSync(file),
    readInput: () => new Uint8Array(),
    out: (text) => out.push(text),
    error: (text) => error.push(text),
    terminal: { width: 200, colour: false },
  });
  return { status, out: out.join(''), error: error.join('') };
}

describe('command line: --baseline', () => {
  it('compares the loss and every other formulation with the one that is named', async () => {
    const { status, out } = await run('inspect', 'media/examples/smoothing.py', '--baseline', 'uniform-mixture');
    assert.equal(status, 0, out);
    const [, section = ''] = out.split('Compared with Uniform mixture (timm, torch), ε = 0.1');
    assert.match(section, /^\s+yours .*Equal to the baseline at its ε′ = ε·K\/\(K−1\)/m);
    assert.match(section, /^\s+Fill\/scatter .*Equal at ε′ = ε·\(K−1\)\/K/m);
  });

  it('names the formulations where there is none of that id', async () => {
    const { status, error } = await run('inspect', 'media/examples/smoothing.py', '--baseline', 'timm');
    assert.equal(status, 2);
    assert.match(error, /no formulation "timm"; there are fill-scatter, uniform-mixture/);
  });
});
