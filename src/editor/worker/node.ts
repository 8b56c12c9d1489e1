/** The worker on the desktop: a Node worker thread. */
import { parentPort } from 'node:worker_threads';
import { answer } from './answer';
import type { Answer, Work } from './work';

const post = (message: Answer): void => parentPort?.postMessage(message);

parentPort?.on('message', (work: Work) => {
  post(answer(work));
});
post({ type: 'ready' });
