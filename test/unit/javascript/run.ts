import { createInterpreter, type InterpreterError } from '../../../src/interpreter/interpreter';
import { tfjsLibraries } from '../../../src/interpreter/libraries/tfjs/library';
import { withTfjs } from '../../../src/interpreter/libraries/tfjs/run';
import { parseTypeScript } from '../../../src/language/typescript';

export interface Ran {
  /** What console.log printed. */
  readonly printed: string;
  readonly errors: readonly InterpreterError[];
  readonly notes: readonly string[];
}

/** Runs TypeScript the way a file is run. */
export function run(
  source: string,
  budgets: { readonly steps?: number; readonly elements?: number; readonly milliseconds?: number } = {},
): Ran {
  return withTfjs(() => {
    const interpreter = createInterpreter({ libraries: tfjsLibraries, budgets });
    const { errors } = interpreter.run(parseTypeScript(source));
    return {
      printed: interpreter
        .printed()
        .map((p) => p.text)
        .join('\n'),
      errors,
      notes: interpreter.notes(),
    };
  });
}

/** What the run printed; an error of the run is shown as `Type: message`. */
export function outputOf(source: string): string {
  const { printed, errors } = run(source);
  return [printed, ...errors.map((e) => (e.type === 'exception' ? `${e.pythonType ?? ''}: ${e.message}` : e.message))]
    .filter((text) => text !== '')
    .join('\n');
}
