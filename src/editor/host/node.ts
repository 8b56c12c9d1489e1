/** Starts the inspecting worker on the desktop and in remote extension hosts. */
import { Uri } from 'vscode';
import type { RunningWorker, WorkerEvents } from '../../worker/running';
import { startProcess } from '../../worker/startProcess';

export function startWorker(extensionUri: Uri, events: WorkerEvents): Promise<RunningWorker> {
  return Promise.resolve(startProcess(Uri.joinPath(extensionUri, 'dist/worker.js').fsPath, events));
}
