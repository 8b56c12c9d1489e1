/** Runs lines of Python with the libraries, and says what the last one is worth. */
import { createInterpreter, type Interpreter } from '../../../src/interpreter/interpreter';
import { libraries } from '../../../src/interpreter/libraries/all';
import { parsePython } from '../../../src/language/python';
import { withTensors } from '../../../src/tensor/run';

export interface Evaluated {
  /** repr of the value, or the exception's type behind an exclamation mark. */
  readonly text: string;
  readonly notes: readonly string[];
}

/** Statements before the last line are executed; the last line is an expression. */
export function evaluate(code: string, preamble = ''): Evaluated {
  const lines = code.trim().split('\n');
  const last = lines.pop() ?? '';
  return withTensors(() => {
    const interpreter = createInterpreter({ libraries });
    const outcome = interpreter.run(parsePython(`${preamble}\n${lines.join('\n')}\n_value = (${last}\n)\n`));
    const [error] = outcome.errors;
    const value = interpreter.lookup('_value');
    const text = error !== undefined ? `!${error.pythonType ?? error.message}` : value === null ? '' : reprOf(interpreter, value);
    return { text, notes: interpreter.notes() };
  });
}

const reprOf = (interpreter: Interpreter, value: NonNullable<ReturnType<Interpreter['lookup']>>): string =>
  interpreter.attempt((context) => context.repr(value));

/** One line, single spaces: how tables write what is printed over several lines. */
export const inline = (text: string): string => text.replace(/\s+/g, ' ').trim();
