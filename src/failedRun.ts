/** Why a loss could not be run: an exception on inputs that nobody wrote is not yet one of the person's code. */
import { correctionsInWords } from './correctionsInWords';
import { InterpreterError } from './interpreter/interpreter';
import type { Problem } from './inspection';
import { chooseSample } from './measuring/measureSite';
import type { Task } from './measuring/measureSite';

/** What no input could have changed: the code itself is at fault. */
const ofCode = new Set(['ImportError', 'ModuleNotFoundError', 'NameError', 'ReferenceError', 'SyntaxError', 'UnboundLocalError']);

export function problemOfRun(task: Task, error: unknown): Problem {
  const { session, found } = task;
  const { type, message, range } = session.problemOf(error);
  const at = range && found.place(range);
  if (message.startsWith('Could not be run')) return { type: 'unsupported', message, range: at };
  if (type === 'unsupported') return { type, message, range: at, ...callsTo(task, error) };
  if (type !== 'exception') return { type, message, range: at };
  const foreign = foreignTensor(task, message);
  if (foreign !== null) return { type: 'unsupported', message: `Unsupported: ${foreign}`, range: at };
  const made = madeUp.exec(message);
  if (made) return { type: 'unsupported', message: `Could not be run: ${made[2]!} (${made[1]!})`, range: at };
  const assumption = assumptionBehind(task, error);
  return {
    type,
    message: message + oneClassHint(message, task) + assumption,
    range: at,
    ...(assumption.endsWith('are assumed)') ? { assumed: true } : {}),
  };
}

/** The calls that lead from the loss to where it stopped; the first, of the loss itself, is ours. */
function callsTo({ found }: Task, error: unknown): Pick<Problem, 'calls'> {
  const calls = error instanceof InterpreterError ? error.traceback.slice(1).filter(({ range }) => range.end > range.start) : [];
  return calls.length === 0 ? {} : { calls: calls.map(({ name, range }) => ({ name, range: found.place(range) })) };
}

/** `TypeError: … (teacher is required and the file does not say what it is: taken as None)` */
const madeUp = /^(.*) \(([^()]* is required and the file does not say what it is: taken as .*)\)$/s;

/** The library whose tensors the code wants, where the file imports none that is known: it was handed another's. */
function foreignTensor({ site, found }: Task, message: string): string | null {
  if (site.framework !== 'unknown' || !/^AttributeError: 'Tensor' object has no attribute/.test(message)) return null;
  const imported = found.program.cells
    .flatMap(({ body }) => body)
    .find((statement) => statement.kind === 'import' && statement.level === 0);
  return imported?.kind === 'import' ? (imported.module.split('.')[0] ?? null) : null;
}

/** What of the run was ours, where that may be what failed; else nothing. */
function assumptionBehind(task: Task, error: unknown): string {
  const { request, fileSample, site, found } = task;
  if (!(error instanceof InterpreterError) || (error.pythonType !== null && ofCode.has(error.pythonType))) return '';
  if (error.pythonType === 'AttributeError' && /^(?:module|type object) /.test(error.message)) return '';
  if (error.traceback[0]?.name.endsWith('__init__') === true) {
    // Made with the arguments of the file, a class that fails does so by itself.
    const { definition } = site;
    const isMade = definition.kind !== 'class' || isCalled(definition.definition.name, found.program.text);
    return isMade ? '' : ' (made with its own defaults: nothing here makes it otherwise)';
  }
  const isGiven = request.sample !== undefined || fileSample !== null || site.definition.kind === 'script';
  const chosen = site.told === undefined ? '' : `${correctionsInWords(site.told).join(', ')}, as you chose, and `;
  return isGiven && chosen === '' ? '' : ` (run with ${chosen}${inputsOf(task)}${isGiven ? '' : ', which are assumed'})`;
}

/** Is a class called anywhere but where it is defined? */
const isCalled = (name: string, text: string): boolean => new RegExp(`(?<!class\\s+)\\b${name}\\s*\\(`).test(text);

function inputsOf(task: Task): string {
  const { logits } = chooseSample(task);
  return `logits [${logits.length}, ${logits[0]?.length ?? 0}] and ${logits.length} labels`;
}

/** What a division by zero comes from where there is one class only. */
function oneClassHint(message: string, { request, fileSample }: Task): string {
  const classes = request.sample?.logits[0]?.length ?? request.classes ?? fileSample?.sample.logits[0]?.length;
  if (classes !== 1 || !/^ZeroDivisionError/.test(message)) return '';
  return ' (the sample has one class, K = 1: fill/scatter shares ε among the other K − 1 classes, and that divides by zero)';
}
