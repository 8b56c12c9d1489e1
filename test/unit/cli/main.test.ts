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
  'two.py': fill + fill.slice(fill.indexOf('def ')).replace('def fill', 'def other'),
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
    [['inspect', 'fill.py', '--smoothing', '1.5'], 2, 'error', /smoothing factor is 1\.5: it must be less than 1/],
    [
      ['inspect', 'fill.py', '--sample', 'sample.json', '--classes', '4'],
      2,
      'error',
      /--classes is 4, but the logits of sample\.json have 3/,
    ],
    [
      ['inspect', 'fill.py', '--sample', 'sample.json', '--padding-index', '3'],
      2,
      'error',
      /the logits of sample\.json have the classes 0 to 2/,
    ],
    [
      ['inspect', 'fill.py', '--padding-index', '500'],
      2,
      'error',
      /--padding-index is 500, but fill of fill\.py was run with the classes 0 to/,
    ],
    [['inspect', 'fill.py', '--rule', 'no-such=off'], 2, 'error', /there is no rule "no-such"/],
    [['inspect', 'two.py', '--copy', 'builtin'], 1, 'error', /two\.py has 2 losses: choose one with --only\. There is "fill", "other"/],
    [['inspect', 'none.py', '--copy', 'builtin'], 1, 'error', /none\.py: no loss found/],
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

  it('prints all of it, what is long at the end', async () => {
    const { out } = await run(['inspect', 'fill.py'], { terminal: { width: 80, colour: false } });
    const titles = [...out.matchAll(/^ {2}([A-Z][\w ]+)$/gm)].map(([, title]) => title);
    assert.deepEqual(
      titles.filter((title) => title !== 'Rewrites' && title !== 'Notes'),
      ['Run with', 'Findings', 'Compared with', 'In other code', 'Sample', 'Gradient', 'Steps'],
    );
    const { losses } = report(await run(['inspect', 'fill.py', '--json'])).files[0]!;
    const { measured } = losses[0]!;
    const words = out.replace(/\s+/g, ' ');
    assert.ok(measured?.formula && words.includes(`L = ${measured.formula.text}`), words);
    const gap = Math.log(Number(measured.onValue) / Number(measured.offValue));
    assert.ok(words.includes(`logit gap log(on/off) of ${Number(gap.toPrecision(4))}`), words);
    assert.match(words, /reduction mean over the rows; a row counts 0\.25/);
  });

  it('says why of what is refused, and what changes the numbers', async () => {
    const { losses } = report(await run(['inspect', 'fill.py', '--json'])).files[0]!;
    const { out } = await run(['inspect', 'fill.py']);
    const words = out.replace(/\s+/g, ' ');
    for (const rewrite of losses[0]!.rewrites) {
      assert.ok(words.includes(`${rewrite.kind} ${rewrite.title}`), rewrite.title);
      assert.ok(words.includes((rewrite.kind === 'offered' ? rewrite.note : rewrite.reason).replace(/\s+/g, ' ')), rewrite.title);
      assert.equal(words.includes(`${rewrite.title} (changes the numbers)`), rewrite.kind === 'offered' && !rewrite.keepsNumbers);
    }
  });

  it('cuts what is long', async () => {
    const { out } = await run(['inspect', 'fill.py', '--classes', '1001'], { terminal: { width: 80, colour: false } });
    assert.ok(out.split('\n').length < 120, `${out.split('\n').length} lines`);
    assert.match(out, /\n {2}logits {2}\[[^\]]*…\n/);
  });

  it('gives rules the severity that --rule says', async () => {
    const findings = async (...args: readonly string[]): Promise<readonly string[]> =>
      report(await run(['inspect', 'fill.py', '--json', ...args])).files[0]!.losses[0]!.findings.map(
        ({ rule, severity }) => `${rule} ${severity}`,
      );
    assert.ok((await findings()).includes('entropy-floor hint'));
    assert.ok((await findings('--rule', 'entropy-floor=error')).includes('entropy-floor error'));
    assert.ok(!(await findings('--rule=entropy-floor=off')).some((one) => one.startsWith('entropy-floor')));
  });

  it('copies one translation and nothing else', async () => {
    const given = report(await run(['inspect', 'two.py', '--json', '--only', 'other'])).files[0]!.losses[0]!;
    const kinds = ['pytest', 'tfjs', 'builtin'] as const;
    for (const kind of kinds) {
      const { code, note } = given.translations![kind];
      const ran = await run(['inspect', 'two.py', '--only', 'other', '--copy', kind]);
      assert.equal(ran.status, code === null ? 1 : 0, kind);
      assert.equal(ran.out.trimEnd(), (code ?? '').trimEnd());
      assert.ok(ran.error.includes(note), ran.error);
    }
    assert.ok(kinds.some((kind) => given.translations![kind].code !== null));
  });

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
