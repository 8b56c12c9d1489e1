/**
 * The worker of the desktop and of the command line: a process of its own. What V8 cannot survive (an array past its largest size, a full heap)
 * ends the whole process it happens in, threads or not, and this one is nobody else's.
 */
import { answer } from './answer';
import { diskWorkspace } from './disk';
import type { Answer, Work } from './work';

const post = (message: Answer): void => {
  process.send?.(message);
};

process.on('message', (work: Work) => {
  const answered = answer(work, post, work.folder && diskWorkspace(work.folder));
  post(answered.type === 'inspected' ? { ...answered, memory: process.memoryUsage.rss() } : answered);
});
// Whoever started it is gone.
process.on('disconnect', () => {
  process.exit();
});
post({ type: 'ready' });
