/** The worker in the browser: a Web Worker. */
import { answer } from './answer';
import type { Answer, Work } from './work';

declare const self: {
  onmessage: ((event: { readonly data: Work }) => void) | null;
  postMessage(message: Answer): void;
};

self.onmessage = ({ data }) => {
  self.postMessage(answer(data));
};
self.postMessage({ type: 'ready' });
