/** Runs torch code of our own making, to see that it computes what is said of it before it is handed out. */
import type { Matrix } from '../execution/bridge';
import { pythonLibraries } from '../execution/libraries';
import { torchBridge } from '../execution/pythonBridges';
import type { BoxRun } from '../execution/runSite';
import { createInterpreter } from '../interpreter/interpreter';
import type { Program } from '../language/program';
import { parsePython } from '../language/python';

export interface TorchRunner {
  /** What `loss` is bound to after the code has run with `logits` and `targets`, and its gradient. Throws what the code throws. */
  readonly run: (code: string, logits: Matrix, targets: readonly number[]) => BoxRun;
}

export class NotThatLoss extends Error {}

/** Calls `body` with a runner; the tensors of its runs do not outlive it. */
export function withTorchRunner<T>(body: (runner: TorchRunner) => T): T {
  return torchBridge.withTensors(() => {
    const interpreter = createInterpreter({ libraries: pythonLibraries, seed: 0, strictEmpty: true, budgets: { milliseconds: 2_000 } });
    interpreter.trace(false);
    const programs = new Map<string, Program>();
    const programOf = (code: string): Program => {
      const known = programs.get(code);
      if (known !== undefined) return known;
      const program = parsePython(code);
      programs.set(code, program);
      return program;
    };
    const run: TorchRunner['run'] = (code, logits, targets) => {
      const program = programOf(code);
      const [problem] = program.problems;
      if (problem !== undefined) throw new NotThatLoss(problem.message);
      const { context } = interpreter;
      const { result, gradient } = torchBridge.differentiate(
        context,
        logits,
        [logits.length, logits[0]?.length ?? 0],
        'logits',
        (input) => {
          interpreter.assign('logits', input);
          interpreter.assign('targets', torchBridge.integers(context, targets, [targets.length]));
          const [error] = interpreter.run(program, { showLast: false }).errors;
          if (error !== undefined) throw error;
          const loss = interpreter.lookup('loss');
          if (loss === null) throw new NotThatLoss('the code binds no loss');
          return loss;
        },
      );
      const read = torchBridge.read(result);
      if (read === null || gradient === null) throw new NotThatLoss('the code gives no loss with a gradient');
      return { value: read.shape.length === 0 ? read.values[0]! : read.values, gradient };
    };
    return body({ run });
  });
}
