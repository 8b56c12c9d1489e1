/** Starts the inspecting worker on the desktop and in remote extension hosts. */
import { Worker } from 'node:worker_threads';
import { Uri } from 'vscode';
import type { Answer, Work } from '../worker/work';
import type { RunningWorker, WorkerEvents } from './running';

const memoryLimitInMegabytes = 2048;

export function startWorker(extensionUri: Uri, events: WorkerEvents): Promise<RunningWorker> {
  const worker = new Worker(Uri.joinPath(extensionUri, 'dist/worker.js').fsPath, {
    // What tfjs prints is not for the extension host's log.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryLimitInMegabytes },
  });
  worker.on('message', (answer: Answer) => {
    events.answered(answer);
  });
  let failure = '';
  worker.on('error', (error) => {
    failure = error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', () => {
    events.ended(failure);
  });
  // A waiting worker must not keep the process alive.
  worker.unref();
  return Promise.resolve({
    post: (work: Work) => {
      worker.postMessage(work);
    },
    end: () => {
      worker.removeAllListeners();
      void worker.terminate();
    },
  });
}
