import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { createApart } from '../../../src/cli/inspectApart';
import { createInspector, type Inspector, type Outcome } from '../../../src/worker/inspector';
import { startProcess } from '../../../src/worker/startProcess';

/** A worker that does to its own process what the request's text says. */
const obedient = `
const range = { start: 0, end: 1, line: 7, column: 3, endLine: 7, endColumn: 4 };
process.on('message', ({ id, request }) => {
  process.send({ type: 'running', id, running: { name: 'smoothed', range } });
  if (request.text === 'array') { const a = []; for (;;) a.push(0); }
  if (request.text === 'heap') { const all = []; for (;;) all.push(new Array(1e6).fill(0)); }
  if (request.text === 'exit') process.exit(3);
  if (request.text === 'loop') for (;;);
  const losses = [process.execArgv, process.env.NODE_OPTIONS ?? null, process.env.ELECTRON_RUN_AS_NODE];
  process.send({ type: 'inspected', id, inspection: { file: request.file, losses, problems: [] }, memory: request.text === 'full' ? 2 ** 40 : 1 });
});
process.send({ type: 'ready' });
`;

describe('a process for the core', function () {
  this.timeout(60_000);
  let folder = '';
  let started = 0;
  let inspector: Inspector | null = null;

  const start = (events: Parameters<typeof startProcess>[1]) => {
    started++;
    return Promise.resolve(startProcess(path.join(folder, 'worker.js'), events));
  };
  const ask = (text: string, seconds = 30): Promise<Outcome> =>
    (inspector ??= createInspector(start, () => seconds)).inspect(text, { file: 'a.py', text });

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'loss-worker-'));
    writeFileSync(path.join(folder, 'worker.js'), obedient);
  });
  afterEach(() => {
    inspector?.dispose();
    inspector = null;
    started = 0;
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [text, kind] of [
    ['array', 'outOfMemory'],
    ['heap', 'outOfMemory'],
    ['exit', 'crashed'],
  ] as const) {
    it(`survives its death (${text}), says what ran, and takes a new one`, async () => {
      const lost = await ask(text);
      assert.equal(lost.kind, kind);
      const running = 'running' in lost ? lost.running : null;
      assert.deepEqual([running?.name, running?.range.line], ['smoothed', 7]);
      if (lost.kind === 'crashed') assert.match(lost.reason, /exit code 3/);
      assert.equal((await ask('fine')).kind, 'inspected');
      assert.equal(started, 2);
    });
  }

  it('is ended in the middle of an endless loop', async () => {
    const lost = await ask('loop', 0.2);
    assert.deepEqual([lost.kind, lost.kind === 'outOfTime' ? lost.running?.name : null], ['outOfTime', 'smoothed']);
  });

  it('has a limit for its heap, is Node in Electron too, and takes no options that are meant for the host', async () => {
    const before = process.env['NODE_OPTIONS'];
    process.env['NODE_OPTIONS'] = '--no-warnings';
    try {
      const outcome = await ask('fine');
      assert.ok(outcome.kind === 'inspected');
      const [execArgv, options, asNode] = outcome.inspection.losses as unknown as [string[], string | null, string];
      assert.deepEqual([execArgv.length, options, asNode], [1, null, '1']);
      assert.match(execArgv[0]!, /^--max-old-space-size=\d+$/);
    } finally {
      if (before === undefined) delete process.env['NODE_OPTIONS'];
      else process.env['NODE_OPTIONS'] = before;
    }
  });

  it('is replaced once it holds much memory, and kept otherwise', async () => {
    for (const text of ['fine', 'fine', 'full', 'fine']) assert.equal((await ask(text)).kind, 'inspected');
    assert.equal(started, 2);
  });

  it('says so when it cannot be started', async () => {
    inspector = createInspector(
      (events) => Promise.resolve(startProcess(path.join(folder, 'nothing.js'), events)),
      () => 30,
    );
    assert.equal((await ask('fine')).kind, 'crashed');
  });

  it('on the command line, names the file and the place, and goes on', async () => {
    const apart = createApart(start);
    try {
      const [lost, next] = await Promise.all([
        apart.inspect({ file: 'a.py', text: 'array' }),
        apart.inspect({ file: 'b.py', text: 'fine' }),
      ]);
      assert.equal(next.problems.length, 0);
      const [problem] = lost.problems;
      assert.deepEqual([lost.file, problem?.type, problem?.range?.line], ['a.py', 'budget', 7]);
      assert.match(problem!.message, /memory.*while running smoothed, line 7/);
    } finally {
      apart.end();
    }
  });

  it('runs the core itself: the bundle of the product answers', async () => {
    await build({
      entryPoints: ['src/worker/node.ts'],
      outfile: path.join(folder, 'core.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      logLevel: 'silent',
    });
    inspector = createInspector(
      (events) => Promise.resolve(startProcess(path.join(folder, 'core.js'), events)),
      () => 30,
    );
    const loss = 'import torch.nn.functional as F\ndef loss(x, y):\n    return F.cross_entropy(x, y, label_smoothing=0.1)\n';
    const outcome = await inspector.inspect('a', { file: 'a.py', text: loss, brief: true });
    assert.ok(outcome.kind === 'inspected');
    assert.equal(outcome.inspection.losses[0]?.status, 'measured');
  });
});
