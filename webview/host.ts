/** The editor, seen from the page: messages out, checked messages in, and a state that outlives a reload. */
import { parseToView, type ToEditor, type ToView } from '../src/editor/messages';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const api = acquireVsCodeApi();

export function post(message: ToEditor): void {
  api.postMessage(message);
}

export const readState = (): unknown => api.getState();
export const writeState = (state: unknown): void => {
  api.setState(state);
};

/** Calls `handle` for each well-formed message. A malformed one is dropped and named in the console: nothing in it can be relied on. */
export function listen(handle: (message: ToView) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = parseToView(event.data);
    if (message === null) console.warn('A message that is not part of the protocol was ignored.');
    else handle(message);
  });
}
