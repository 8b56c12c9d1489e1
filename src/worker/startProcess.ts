/** Starts the worker as a process of its own, whose death is nobody else's. */
import { fork } from 'node:child_process';
import type { End, RunningWorker, WorkerEvents } from './running';
import type { Answer, Work } from './work';

/** Of the interpreter's own values. Programs are stopped by their budgets long before; V8 ends the process when it passes this. */
const heapInMegabytes = 1024;

/** @param script the bundle of `node.ts` */
export function startProcess(script: string, events: WorkerEvents): RunningWorker {
  const child = fork(script, [], {
    // The extension host runs in Electron, which is Node only when it is told so.
    env: { ...inherited(process.env), ELECTRON_RUN_AS_NODE: '1' },
    // Not the host's: a debugger's flags would have the worker wait at the host's own port.
    execArgv: [`--max-old-space-size=${heapInMegabytes}`],
    serialization: 'advanced',
    // What tfjs prints is not for the host's log; of what V8 prints when it dies the end says why.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let lastWords = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-8192);
  });
  let failure = '';
  child.on('message', (answer) => {
    events.answered(answer as Answer);
  });
  child.on('error', (error) => {
    failure = error.message;
    if (child.pid === undefined) events.ended({ kind: 'crashed', reason: failure });
  });
  // Not 'exit': by then its last words may not have been read.
  child.on('close', (code, signal) => {
    events.ended(endOf(lastWords, failure, signal ?? (code === null || code === 0 ? '' : `exit code ${code}`)));
  });
  return {
    post: (work: Work) => {
      child.send(work, (error) => {
        if (error !== null) failure = error.message;
      });
    },
    end: () => {
      child.removeAllListeners();
      child.on('error', () => undefined);
      child.kill('SIGKILL');
    },
  };
}

/** They may hold limits, debuggers and modules to load that are meant for another process. */
const notInherited = ['NODE_OPTIONS', 'VSCODE_INSPECTOR_OPTIONS'];

const inherited = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !notInherited.includes(name)));

/** V8 says why it gives up, in words that are not for people. */
function endOf(lastWords: string, failure: string, status: string): End {
  if (/heap out of memory|Allocation failed|invalid (?:\w+ )?size error|invalid array length/i.test(lastWords))
    return { kind: 'outOfMemory', megabytes: heapInMegabytes };
  return { kind: 'crashed', reason: failure || status };
}
