import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckReport } from '../../../src/cli/checked';
import { main } from '../../../src/cli/main';
import { rules } from '../../../src/findings/findings';

const loss = (returned: string): string => `import torch
import torch.nn.functional as F

def smoothed(x, y, smoothing=0.1):
    K = x.size(1)
    q = torch.full_like(x, smoothing / (K - 1)).scatter_(1, y.unsqueeze(1), 1 - smoothing)
    return ${returned}
`;
const clean = loss('-(q * F.log_softmax(x, dim=1)).sum(1).mean()');
const kldiv = loss('F.kl_div(F.log_softmax(x, dim=1), q)');
const rows = loss('-(q * F.log_softmax(x, dim=0)).sum(1).mean()');
const hard = `import torch.nn.functional as F

def hard(x, y, table):
    return F.nll_loss(F.log_softmax(table.rows(x), dim=1), y)
`;
const cell = (source: string): string =>
  JSON.stringify(
    { cells: [{ cell_type: 'code', metadata: {}, outputs: [], source }], metadata: {}, nbformat: 4, nbformat_minor: 5 },
    null,
    1,
  );

const tree: Readonly<Record<string, string | Uint8Array>> = {
  'clean.py': clean,
  'kldiv.py': kldiv,
  'pkg/rows.py': rows,
  'pkg/note, one.md': `# A note\n\n\`\`\`python\n${kldiv}\`\`\`\n`,
  'pkg/cells.ipynb': cell(kldiv),
  'pkg/other.py': 'print("no loss at all")\n',
  'pkg/words.txt': kldiv,
  'pkg/stops.py': clean.replace('    K =', '    torch.no_such_operation(x)\n    K ='),
  'pkg/hard.py': hard,
  'pkg/quiet.py': kldiv.replace('dim=1), q)', 'dim=1), q)  # loss-inspector: ignore[kldiv-mean]'),
  'pkg/binary.py': new Uint8Array([...new TextEncoder().encode(kldiv), 0, 1, 2]),
  'pkg/large.py': kldiv + '#'.repeat(1024 * 1024),
  'node_modules/a/kldiv.py': kldiv,
  '.git/kldiv.py': kldiv,
  '.venv/lib/kldiv.py': kldiv,
  'myenv/pyvenv.cfg': 'home = /usr/bin\n',
  'myenv/lib/kldiv.py': kldiv,
};

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

describe('check', function () {
  this.timeout(60_000);
  let folder = '';
  const from = process.cwd();

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'loss-check-'));
    for (const [name, text] of Object.entries(tree)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    symlinkSync(folder, path.join(folder, 'pkg', 'loop'));
    process.chdir(folder);
  });

  after(() => {
    process.chdir(from);
    rmSync(folder, { recursive: true });
  });

  async function run(...args: readonly string[]): Promise<Ran> {
    let out = '';
    let error = '';
    const unread = (): Uint8Array => {
      throw new Error('check reads for itself');
    };
    const status = await main({
      args: ['check', ...args],
      readFile: unread,
      readInput: unread,
      out: (text) => (out += text),
      error: (text) => (error += text),
      terminal: { width: 80, colour: false },
    });
    return { status, out, error };
  }

  /** `file:line:col: severity rule` of each line but the count; what is right code too is left out. */
  const places = ({ out }: Ran): readonly string[] =>
    out
      .split('\n')
      .slice(0, -2)
      .map((line) => /^.+?:\d+:\d+: \w+ [\w-]+/.exec(line)?.[0] ?? `not a line of findings: ${line}`)
      .filter((line) => !/ hint entropy-(?:floor|subtracted)$/.test(line));

  it('finds the losses of a tree, and leaves out what is not the person’s', async () => {
    const ran = await run('.');
    assert.deepEqual(places(ran), [
      'kldiv.py:7:12: warning kldiv-mean',
      `pkg/cells.ipynb:7:${tree['pkg/cells.ipynb']!.toString().split('\n')[6]!.indexOf('F.kl_div') + 1}: warning kldiv-mean`,
      'pkg/note, one.md:10:12: warning kldiv-mean',
      'pkg/rows.py:7:18: error softmax-over-rows',
      'pkg/stops.py:5:5: info exception',
    ]);
    assert.match(
      ran.out,
      /\n\d+ findings \(1 error, 3 warnings\), 1 problem; 8 losses in 8 of 10 files; \d+ hints? not printed \(--hints\)\n$/,
    );
    assert.equal(ran.status, 1);
    assert.equal(ran.error, '');
  });

  it('tells why a loss without smoothing could not be run where its file is named', async () => {
    assert.match(
      (await run('pkg/hard.py')).out,
      /^pkg\/hard\.py:4:\d+: info unsupported Could not be run: table is required and the file does not say what it is: .* \(AttributeError: /,
    );
    assert.doesNotMatch((await run('pkg')).out, /hard\.py/);
  });

  for (const [args, status] of [
    [['clean.py'], 0],
    [['kldiv.py'], 1],
    [['kldiv.py', '--fail-on', 'error'], 0],
    [['pkg/rows.py', '--fail-on=error'], 1],
    [['pkg/rows.py', '--fail-on=never'], 0],
    [['pkg/stops.py', '--fail-on=hint'], 0],
    [['pkg/quiet.py'], 0],
    [['kldiv.py', '--rule', 'kldiv-mean=off'], 0],
    [['kldiv.py', '--rule', 'kldiv-mean=info'], 0],
    [['kldiv.py', '--rule', 'kldiv-mean=error', '--fail-on', 'error'], 1],
    [['clean.py', '--rule', 'entropy-floor=error'], 1],
    [['clean.py', '--fail-on', 'hint'], 1],
    [['pkg/words.txt'], 1],
    [['pkg/other.py'], 0],
    [['kldiv.py', '--rule', 'no-such-rule=off'], 2],
    [['clean.py', 'missing.py'], 2],
    [['kldiv.py', '--format=yaml'], 2],
    ...(['json', 'sarif', 'github'] as const).flatMap((format) => [
      [['clean.py', '--format', format], 0] as const,
      [['kldiv.py', '--format', format], 1] as const,
    ]),
  ] as const) {
    it(`${args.join(' ')} ends with ${status}`, async () => {
      assert.equal((await run(...args)).status, status);
    });
  }

  it('says which path is missing, and checks the others', async () => {
    const ran = await run('missing', 'kldiv.py');
    assert.equal(ran.error, 'missing: there is no such file or folder\n');
    assert.deepEqual(places(ran), ['kldiv.py:7:12: warning kldiv-mean']);
  });

  it('checks a file once, however often it is named', async () => {
    const ran = await run('kldiv.py', './kldiv.py', path.join(folder, 'kldiv.py'));
    assert.deepEqual(places(ran), ['kldiv.py:7:12: warning kldiv-mean']);
  });

  it('counts nothing where there is nothing', async () => {
    const ran = await run('pkg/other.py');
    assert.equal(ran.out, 'no findings; 0 losses in 0 of 1 file\n');
  });

  it('keeps hints to itself until they are asked for', async () => {
    const hints = ({ out }: Ran): number => (out.match(/: hint /g) ?? []).length;
    const quiet = await run('clean.py');
    assert.equal(hints(quiet), 0);
    assert.match(quiet.out, /^no findings; 1 loss in 1 of 1 file; 1 hint not printed \(--hints\)\n$/);
    for (const args of [['--hints'], ['--fail-on=hint'], ['--rule=entropy-floor=hint']]) {
      const told = await run('clean.py', ...args);
      assert.equal(hints(told), 1, args.join(' '));
      assert.match(told.out, /\n1 finding \(1 hint\); 1 loss in 1 of 1 file\n$/);
    }
    assert.match((await run('clean.py', '--format', 'json')).out, /"entropy-floor"/);
    assert.match((await run('clean.py', '--format', 'sarif')).out, /"ruleId": "entropy-floor"/);
    assert.doesNotMatch((await run('clean.py', '--format', 'github')).out, /::notice/);
  });

  it('prints JSON that follows docs/check.schema.json', async () => {
    const schema = JSON.parse(readFileSync(path.join(from, 'docs/check.schema.json'), 'utf8')) as object;
    const validate = new Ajv({ allErrors: true }).compile(schema);
    const printed = JSON.parse((await run('.', '--format', 'json')).out) as CheckReport;
    assert.ok(validate(printed), JSON.stringify(validate.errors, null, 1));
    assert.ok(!validate({ ...printed, counts: {} }));
  });

  it('prints JSON', async () => {
    const { files, counts } = JSON.parse((await run('.', '--format', 'json')).out) as CheckReport;
    assert.deepEqual(
      files.map(({ file }) => file),
      ['clean.py', 'kldiv.py', 'pkg/cells.ipynb', 'pkg/hard.py', 'pkg/note, one.md', 'pkg/quiet.py', 'pkg/rows.py', 'pkg/stops.py'],
    );
    assert.deepEqual([counts.error, counts.warning, counts.problems, counts.filesLookedAt], [1, 3, 1, 10]);
    assert.equal(files[1]?.findings.find(({ rule }) => rule === 'kldiv-mean')?.range.line, 7);
    assert.equal(files.at(-1)?.problems[0]?.type, 'exception');
  });

  it('prints GitHub’s commands, escaped', async () => {
    const lines = (await run('pkg', '--format', 'github')).out.split('\n');
    const note = lines.find((line) => line.includes('note') && line.startsWith('::warning'));
    assert.match(
      note ?? '',
      /^::warning file=pkg\/note%2C one\.md,line=10,endLine=10,col=12,endColumn=48,title=Loss Inspector%3A kldiv-mean::The loss divides by N·K, /,
    );
    assert.ok(lines.some((line) => line.startsWith('::notice file=pkg/stops.py,') && line.includes('title=Loss Inspector%3A exception::')));
  });

  describe('--format sarif', () => {
    interface Region {
      readonly startLine: number;
      readonly startColumn: number;
      readonly endLine: number;
      readonly endColumn: number;
    }
    interface Located {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
        readonly region: Region;
      };
    }
    interface Log {
      readonly version: string;
      readonly runs: readonly {
        readonly tool: {
          readonly driver: {
            readonly rules: readonly {
              readonly id: string;
              readonly shortDescription: { readonly text: string };
              readonly defaultConfiguration: { readonly level?: string; readonly enabled?: boolean };
            }[];
          };
        };
        readonly invocations: readonly {
          readonly toolExecutionNotifications: readonly { readonly descriptor: { readonly id: string } }[];
        }[];
        readonly results: readonly {
          readonly ruleId: string;
          readonly ruleIndex: number;
          readonly level: string;
          readonly locations: readonly Located[];
          readonly fixes?: readonly {
            readonly artifactChanges: readonly {
              readonly replacements: readonly { readonly deletedRegion: Region; readonly insertedContent: { readonly text: string } }[];
            }[];
          }[];
        }[];
      }[];
    }
    const logOf = ({ out }: Ran): Log => JSON.parse(out) as Log;

    it('knows every rule and refers to it', async () => {
      const log = logOf(await run('.', '--format', 'sarif', '--rule=entropy-floor=off'));
      assert.equal(log.version, '2.1.0');
      const [{ tool, results, invocations }] = log.runs as [Log['runs'][number]];
      assert.deepEqual(
        tool.driver.rules.map(({ id, shortDescription }) => [id, shortDescription.text]),
        rules.map(({ id, title }) => [id, title]),
      );
      for (const { ruleId, ruleIndex } of results) assert.equal(tool.driver.rules[ruleIndex]?.id, ruleId);
      assert.deepEqual(tool.driver.rules.find(({ id }) => id === 'entropy-floor')?.defaultConfiguration, { enabled: false });
      assert.ok(!results.some(({ ruleId }) => ruleId === 'entropy-floor'));
      assert.deepEqual(
        new Set(results.map(({ level }) => level)),
        new Set(['error', 'warning', ...(results.some(({ level }) => level === 'note') ? ['note'] : [])]),
      );
      assert.deepEqual(
        invocations[0]?.toolExecutionNotifications.map(({ descriptor }) => descriptor.id),
        ['exception'],
      );
    });

    it('names files as URIs and places as lines and columns', async () => {
      const [{ results }] = logOf(await run('pkg', '--format', 'sarif')).runs as [Log['runs'][number]];
      const note = results.find(
        ({ ruleId, locations: [at] }) => ruleId === 'kldiv-mean' && at?.physicalLocation.artifactLocation.uri.includes('note'),
      );
      assert.deepEqual(note?.locations[0]?.physicalLocation, {
        artifactLocation: { uri: 'pkg/note%2C%20one.md', uriBaseId: '%SRCROOT%' },
        region: { startLine: 10, startColumn: 12, endLine: 10, endColumn: 48 },
      });
    });

    it('carries the fix', async () => {
      const [{ results }] = logOf(await run('kldiv.py', '--format', 'sarif')).runs as [Log['runs'][number]];
      const [replacement] = results.find(({ ruleId }) => ruleId === 'kldiv-mean')?.fixes?.[0]?.artifactChanges[0]?.replacements ?? [];
      assert.deepEqual(replacement, {
        deletedRegion: { startLine: 7, startColumn: 47, endLine: 7, endColumn: 47 },
        insertedContent: { text: ", reduction='batchmean'" },
      });
    });
  });
});
