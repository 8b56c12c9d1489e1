/** Starts the inspecting worker in the browser's extension host. */
import { Uri, workspace } from 'vscode';
import type { Answer, Work } from '../../worker/work';
import type { RunningWorker, WorkerEvents } from '../../worker/running';

interface WebWorker {
  onmessage: ((event: { readonly data: Answer }) => void) | null;
  onerror: ((event: { readonly message?: string }) => void) | null;
  postMessage(work: Work): void;
  terminate(): void;
}
declare const Worker: new (url: string, options: { readonly name: string }) => WebWorker;

export async function startWorker(extensionUri: Uri, events: WorkerEvents): Promise<RunningWorker> {
  // The extension may lie on another origin, or behind a file system of its own, where a worker cannot be started from directly.
  const script = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'dist/web/worker.js'));
  const url = URL.createObjectURL(new Blob([script.slice()], { type: 'text/javascript' }));
  const worker = new Worker(url, { name: 'Loss Inspector' });
  worker.onmessage = ({ data }) => {
    if (data.type === 'ready') URL.revokeObjectURL(url);
    events.answered(data);
  };
  worker.onerror = (event) => {
    worker.terminate();
    events.ended({ kind: 'crashed', reason: event.message ?? '' });
  };
  return {
    post: (work) => {
      worker.postMessage(work);
    },
    end: () => {
      worker.onmessage = worker.onerror = null;
      worker.terminate();
    },
  };
}
