/** The worker in the browser: a Web Worker. */
import { answer } from './answer';
import type { Answer, Work } from './work';

declare const self: {
  onmessage: ((event: { readonly data: Work }) => void) | null;
  postMessage(message: Answer): void;
};

const post = (message: Answer): void => {
  self.postMessage(message);
};

self.onmessage = ({ data }) => {
  post(answer(data, post));
};
post({ type: 'ready' });
