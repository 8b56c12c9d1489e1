/** Runs lines of Python with the libraries, and says what the last one is worth. */
import { createInterpreter, type Interpreter } from '../../../src/interpreter/interpreter';
import { libraries } from '../../../src/interpreter/libraries/all';
import { placesOf, provenanceOf, type Place } from '../../../src/interpreter/provenance';
import { parsePython } from '../../../src/language/python';
import { withTensors } from '../../../src/tensor/run';

export interface Evaluated {
  /** repr of the value, the exception's type behind an exclamation mark, or what is not known behind a question mark. */
  readonly text: string;
  readonly notes: readonly string[];
  /** The places on the way of the value, from where it was written; of an exploring run. */
  readonly way: readonly Place[];
}

export interface Surroundings {
  /** Texts beside the program, by path from the workspace's root. */
  readonly files?: Readonly<Record<string, string>>;
  /** The program's own path. */
  readonly file?: string;
  readonly exploring?: boolean;
}

/** Statements before the last line are executed; the last line is an expression. */
export function evaluate(code: string, preamble = '', { files = {}, file, exploring = false }: Surroundings = {}): Evaluated {
  const lines = code.trim().split('\n');
  const last = lines.pop() ?? '';
  return withTensors(() => {
    const interpreter = createInterpreter({ libraries, exploring, workspace: { read: (path) => files[path] ?? null } });
    const program = parsePython(`${preamble}\n${lines.join('\n')}\n_value = (${last}\n)\n`);
    const outcome = interpreter.run(file === undefined ? program : { ...program, file });
    const [error] = outcome.errors;
    const value = interpreter.lookup('_value');
    const text = error !== undefined ? `!${error.pythonType ?? error.message}` : value === null ? '' : reprOf(interpreter, value);
    const way = value === null ? null : provenanceOf(value);
    return { text, notes: interpreter.notes(), way: way === null ? [] : placesOf(way) };
  });
}

const reprOf = (interpreter: Interpreter, value: NonNullable<ReturnType<Interpreter['lookup']>>): string =>
  value.kind === 'unknown' ? `?${value.what}` : interpreter.attempt((context) => context.repr(value));

/** One line, single spaces: how tables write what is printed over several lines. */
export const inline = (text: string): string => text.replace(/\s+/g, ' ').trim();
