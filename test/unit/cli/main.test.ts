import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { EventEmitter } from 'node:events';
import { allowClosedPipe, main } from '../../../src/cli/main';
import type { Surroundings } from '../../../src/cli/main';
import { columns } from '../../../src/cli/terminal';
import type { Report } from '../../../src/inspection';

const fill = `import torch
import torch.nn.functional as F
def fill(x, y, e=0.1):
    q = torch.zeros_like(x).fill_(e / (x.size(1) - 1)).scatter_(1, y.unsqueeze(1), 1 - e)
    return -(q * F.log_softmax(x, 1)).sum(1).mean()
`;
const files: Readonly<Record<string, string>> = {
  'fill.py': fill,
  'broken.py': fill.replace('e=0.1):', 'e=0.1) 3:'),
  'none.py': 'x = 1\n',
  'sample.json': '{"logits": [[1, 2, 3], [4, 2, 1]], "targets": [1, 0]}',
  'ragged.json': '{"logits": [[1, 2, 3], [4, 2]], "targets": [1, 0]}',
  'words.json': 'logits',
};

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

async function run(args: readonly string[], more: Partial<Surroundings> = {}): Promise<Ran> {
  let out = '';
  let error = '';
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const status = await main({
    args,
    readFile: (file) => {
      const text = files[file];
      if (text === undefined) throw Object.assign(new Error(`no ${file}`), { code: 'ENOENT' });
      return bytes(text);
    },
    readInput: () => bytes(fill),
    out: (text) => (out += text),
    error: (text) => (error += text),
    terminal: { width: 120, colour: false },
    ...more,
  });
  return { status, out, error };
}

const report = ({ out }: Ran): Report => JSON.parse(out) as Report;

describe('command line', function () {
  this.timeout(60_000);

  for (const [args, status, stream, text] of [
    [['--help'], 0, 'out', /Usage: loss-inspector inspect FILE/],
    [['--version'], 0, 'out', /^\d+\.\d+\.\d+\n$/],
    [[], 2, 'error', /no command given[^]*Usage/],
    [['inspect', 'fill.py', '--what'], 2, 'error', /unknown option --what/],
    [['inspect', 'missing.py'], 2, 'error', /missing\.py: there is no such file/],
    [['inspect', 'fill.py', '--sample', 'missing.json'], 2, 'error', /missing\.json: there is no such file/],
    [['inspect', 'fill.py', '--sample', 'ragged.json'], 1, 'error', /ragged\.json: logits\[1\] has 2 values, the first row has 3/],
    [['inspect', 'fill.py', '--sample', 'words.json'], 1, 'error', /words\.json: not JSON/],
    [['inspect', 'fill.py', '--smoothing', '1.5'], 1, 'out', /smoothing factor is 1\.5: it must be less than 1/],
    [['inspect', 'none.py'], 1, 'out', /none\.py: no loss found: looked for/],
    [['inspect', 'broken.py'], 1, 'out', /broken\.py:3:\d+: syntax/],
    [['inspect', 'fill.py', '--only', 'other'], 1, 'out', /no loss is named "other" here; there is fill/],
    [['inspect', 'fill.py'], 0, 'out', /fill  function · torch · fill\.py:3:5\n {2}Fill\/scatter with ε = 0\.1/],
  ] as const) {
    it(`${args.join(' ') || 'nothing'} ends with ${status}`, async () => {
      const ran = await run(args);
      assert.match(ran[stream], text);
      assert.equal(ran.status, status);
    });
  }

  it('reads the standard input', async () => {
    const ran = await run(['inspect', '-', '--json', '--sample', 'sample.json']);
    assert.equal(ran.status, 0);
    const [file] = report(ran).files;
    assert.equal(file?.file, 'stdin');
    assert.ok(Math.abs(Number(file.losses[0]?.value) - 0.91372636) < 1e-5);
  });

  it('inspects the files it can read when one is missing', async () => {
    const ran = await run(['inspect', 'missing.py', 'fill.py', '--json']);
    assert.equal(ran.status, 2);
    assert.deepEqual(
      report(ran).files.map(({ file }) => file),
      ['fill.py'],
    );
  });

  it('hands options on', async () => {
    const ran = await run(['inspect', 'fill.py', '--json', '--smoothing', '0.2', '--classes', '4']);
    const [loss] = report(ran).files[0]!.losses;
    assert.equal(loss?.smoothing, 0.2);
    assert.equal(loss.classes, 4);
    assert.equal(loss.measured?.onValue, 0.8);
  });

  for (const width of [40, 72, 100, 160]) {
    it(`keeps within ${width} columns`, async () => {
      const { out } = await run(['inspect', 'fill.py'], { terminal: { width, colour: true } });
      const wide = out.split('\n').filter((line) => columns(line) > width);
      assert.deepEqual(wide, []);
    });
  }

  describe('--json', () => {
    const schema = JSON.parse(readFileSync('docs/inspection.schema.json', 'utf8')) as object;
    const validate = new Ajv({ allErrors: true }).compile(schema);

    for (const args of [
      ['fill.py'],
      ['fill.py', '--sample', 'sample.json'],
      ['broken.py'],
      ['none.py', 'fill.py'],
      ['fill.py', '--classes', '2'],
    ]) {
      it(`of ${args.join(' ')} follows docs/inspection.schema.json`, async () => {
        const ran = await run(['inspect', ...args, '--json']);
        assert.ok(validate(report(ran)), JSON.stringify(validate.errors, null, 1));
      });
    }

    it('has a schema that refuses what is not a report', () => {
      assert.ok(!validate({ files: [{ file: 'a', losses: [{}], problems: [] }] }));
    });

    it('has the schema that the types say', () => {
      const { status, stderr } = spawnSync(process.execPath, ['test/schema.mjs', '--check'], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
    });
  });

  it('says a problem once, and its type once', async () => {
    const broken = await run(['inspect', 'broken.py']);
    assert.equal(broken.status, 1);
    assert.equal(broken.out.split('broken.py:3:').length - 1 - Number(/· broken\.py:3:/.test(broken.out)), 1, broken.out);
    const text = fill.replace('return', 'torch.fft.fft(x)\n    return');
    const unsupported = await run(['inspect', '-'], { readInput: () => new TextEncoder().encode(text) });
    assert.match(unsupported.out, /stdin:5:\d+: Unsupported: torch\.fft\.fft/);
  });

  it('goes on when nobody reads the rest of its output, and fails when it cannot be written', () => {
    const stream = new EventEmitter();
    allowClosedPipe(stream);
    assert.doesNotThrow(() => stream.emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })));
    assert.throws(() => stream.emit('error', Object.assign(new Error('no space'), { code: 'ENOSPC' })), /no space/);
  });
});
