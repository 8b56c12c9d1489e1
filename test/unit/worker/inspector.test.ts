import assert from 'node:assert/strict';
import type { RunningWorker, WorkerEvents } from '../../../src/worker/running';
import { createInspector, type Inspector } from '../../../src/worker/inspector';
import type { Work } from '../../../src/worker/work';

interface FakeWorker {
  readonly events: WorkerEvents;
  readonly received: Work[];
  ended: boolean;
}

/** Workers that do nothing until the test says what they do. */
function fakes(seconds = 60): { readonly inspector: Inspector; readonly workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const start = (events: WorkerEvents): Promise<RunningWorker> => {
    const worker: FakeWorker = { events, received: [], ended: false };
    workers.push(worker);
    return Promise.resolve({ post: (work) => void worker.received.push(work), end: () => void (worker.ended = true) });
  };
  return { inspector: createInspector(start, () => seconds), workers };
}

const request = (text: string) => ({ file: 'a.py', text });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const done = (worker: FakeWorker, at = -1): void => {
  const { id, request: asked } = worker.received.at(at)!;
  worker.events.answered({ type: 'inspected', id, inspection: { file: asked.text, losses: [], smoothingConstants: [], problems: [] } });
};
async function ready(worker: FakeWorker): Promise<void> {
  await turn();
  worker.events.answered({ type: 'ready' });
}

describe('inspector', () => {
  it('starts no worker before the first request', async () => {
    const { workers } = fakes();
    await turn();
    assert.equal(workers.length, 0);
  });

  it('answers each request with its own inspection, one at a time', async () => {
    const { inspector, workers } = fakes();
    const [first, second] = [inspector.inspect('a', request('1')), inspector.inspect('b', request('2'))];
    const worker = workers[0]!;
    await ready(worker);
    assert.deepEqual(
      worker.received.map((work) => work.request.text),
      ['1'],
    );
    done(worker);
    done(worker);
    assert.deepEqual(await first, { kind: 'inspected', inspection: { file: '1', losses: [], smoothingConstants: [], problems: [] } });
    assert.deepEqual(await second, { kind: 'inspected', inspection: { file: '2', losses: [], smoothingConstants: [], problems: [] } });
    assert.equal(workers.length, 1);
  });

  it('lets a newer request take the place of a waiting one and of a running one of its key', async () => {
    const { inspector, workers } = fakes();
    const first = inspector.inspect('a', request('1'));
    await ready(workers[0]!);
    const [second, third] = [inspector.inspect('a', request('2')), inspector.inspect('a', request('3'))];
    assert.deepEqual(await first, { kind: 'superseded' });
    assert.deepEqual(await second, { kind: 'superseded' });
    done(workers[0]!);
    done(workers[0]!);
    assert.deepEqual(await third, { kind: 'inspected', inspection: { file: '3', losses: [], smoothingConstants: [], problems: [] } });
  });

  it('kills a worker that outlives the budget, and takes a new one for the next request', async () => {
    const { inspector, workers } = fakes(0.02);
    const hanging = inspector.inspect('a', request('while True: pass'));
    const next = inspector.inspect('b', request('2'));
    await ready(workers[0]!);
    assert.deepEqual(await hanging, { kind: 'outOfTime', seconds: 0.02, running: null });
    assert.equal(workers[0]!.ended, true);
    await ready(workers[1]!);
    done(workers[0]!);
    done(workers[1]!);
    assert.deepEqual(await next, { kind: 'inspected', inspection: { file: '2', losses: [], smoothingConstants: [], problems: [] } });
  });

  it('says so when the worker ends by itself, and goes on with another', async () => {
    const { inspector, workers } = fakes();
    const first = inspector.inspect('a', request('1'));
    await ready(workers[0]!);
    workers[0]!.events.ended({ kind: 'outOfMemory', megabytes: 512 });
    assert.deepEqual(await first, { kind: 'outOfMemory', megabytes: 512, running: null });
    const second = inspector.inspect('a', request('2'));
    await ready(workers[1]!);
    done(workers[1]!);
    assert.equal((await second).kind, 'inspected');
  });

  it('says so when no worker can be started', async () => {
    const inspector = createInspector(
      () => Promise.reject(new Error('no workers here')),
      () => 1,
    );
    assert.deepEqual(await inspector.inspect('a', request('1')), { kind: 'crashed', reason: 'no workers here', running: null });
  });

  it('leaves nobody waiting when it is disposed of', async () => {
    const { inspector, workers } = fakes();
    const [first, second] = [inspector.inspect('a', request('1')), inspector.inspect('b', request('2'))];
    await ready(workers[0]!);
    inspector.dispose();
    assert.deepEqual([await first, await second], [{ kind: 'superseded' }, { kind: 'superseded' }]);
    assert.equal(workers[0]!.ended, true);
  });
});
