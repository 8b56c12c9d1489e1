/** How the losses of libraries are called: by what their file does with them, and by what each is known to want. */
import { canonical } from '../detection/vocabulary';
import { walk } from '../detection/walk';
import { Dictionary } from '../interpreter/dictionary';
import type { Value } from '../interpreter/value';
import { dict } from '../interpreter/value';
import type { Call, Expression, Program } from '../language/program';
import type { Session } from './session';

/** What a library's loss wants that a tensor of logits and one of targets do not show. */
export interface CallingConvention {
  /** It takes what a model returned, and finds the logits in it. */
  readonly prediction?: 'modelOutput';
  /** The constructor's parameter, with its default, that says how many times each row stands in the batch: clean, then augmented. */
  readonly copies?: { readonly parameter: string; readonly usual: number };
}

const conventions: ReadonlyMap<string, CallingConvention> = new Map<string, CallingConvention>([
  ['labelsmoother', { prediction: 'modelOutput' }],
  ['jsdcrossentropy', { copies: { parameter: 'num_splits', usual: 3 } }],
]);

export function conventionOf(name: string): CallingConvention {
  return conventions.get(canonical(name)) ?? {};
}

/** `{'logits': …}`, as a model of transformers returns it. */
export function modelOutput(logits: Value): Value {
  const entries = new Dictionary();
  entries.setString('logits', logits);
  return dict(entries);
}

/** The calls of the object that a call makes: `criterion = Loss(…)`, then `criterion(…)`. */
export function callsOfMade(program: Program, made: Call): readonly Call[] {
  const text = ({ range }: Expression): string => program.text.slice(range.start, range.end);
  const holders = new Set<string>();
  const calls: Call[] = [];
  for (const { body } of program.cells) {
    walk(body, (node) => {
      if (node.kind === 'assign' && node.value === made) for (const target of node.targets) holders.add(text(target));
      if (node.kind === 'call') calls.push(node);
    });
  }
  return calls.filter(({ callee }) => callee === made || holders.has(text(callee)));
}

/** What the file hands the loss as targets: class indices, or a distribution; null where no call of it can be evaluated at the module's level. */
export function handedTargets(
  session: Session,
  calls: readonly Call[],
  at: number,
  names: readonly string[],
): 'indices' | 'distribution' | null {
  for (const call of calls) {
    const argument = call.keywords.find(({ name }) => name !== null && names.includes(name))?.value ?? call.arguments[at];
    if (argument === undefined) continue;
    try {
      const tensor = session.bridge.read(session.evaluate(argument));
      if (tensor !== null) return /^(float|double|bfloat)/.test(tensor.dtype) && tensor.shape.length > 1 ? 'distribution' : 'indices';
    } catch {
      // What exists inside a function only says nothing here.
    }
  }
  return null;
}
