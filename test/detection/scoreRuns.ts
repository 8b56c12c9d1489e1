/** A folder of sources without a word on what is right: does every loss run, or is the reason it does not ours and honest? */
import { inspected } from './inspected';
import { point, type Point } from './point';

/** What an error says that is about our own reading, not about the person's code. */
const namesGap = /^Unsupported|not supported|could not be followed|could not be read/;

/** It failed on what we made up, and says so. */
const isWordedAsOurs = /, which are assumed\)$|\(made with its own defaults: /;

export function scoreRun(row: string, root: string, file: string): readonly Point[] {
  const { losses, problems } = inspected(root, file);
  if (losses.length === 0) {
    const told = point(`${row}: found`, file);
    const reason = problems.map(({ message }) => message).join('; ');
    return [namesGap.test(reason) ? told('unsupported', reason) : told('missing', 'no loss found')];
  }
  return losses.map((loss) => {
    const told = point(`${row}: runs`, `${file}:${loss.nameRange.line}`);
    const { problem, status } = loss;
    if (status === 'measured') return told('right');
    if (problem === null) return told('open', `${status}, without a reason`);
    const detail = `${problem.type}: ${problem.message}`;
    if (problem.type === 'unsupported' || namesGap.test(problem.message)) return told('unsupported', detail);
    if (isWordedAsOurs.test(problem.message)) return told('missing', detail);
    // An exception is an accusation: the code that raises it is someone's who runs it daily.
    return told(problem.type === 'exception' ? 'wrong' : 'missing', detail);
  });
}
