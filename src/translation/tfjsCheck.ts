/** Runs generated tfjs code on the product's own TypeScript interpreter and compares its numbers with those of the loss it was made from. */
import { greatest, least } from '../identification/extremes';
import type { Feed, Matrix } from '../execution/bridge';
import { withSession } from '../execution/openSession';
import { outcomeOf } from '../execution/outcome';
import type { Box, BoxRun } from '../execution/runSite';
import { agrees } from '../identification/precision';
import { parseTypeScript } from '../language/typescript';
import { apart } from '../tensor/engine';

export interface TriedSample {
  readonly logits: Matrix;
  readonly targets: readonly number[];
  /** A target that only some losses ignore: the sample counts for those whose gradient is 0 there. */
  readonly onlyIfIgnored: number | null;
  /** Logits as large as those of a network that is sure: it counts where the loss itself gives a value there. */
  readonly isFar?: true;
}

export type Checked =
  | { readonly agrees: true; readonly samples: number; readonly fewestRows: number; readonly mostRows: number; readonly isFarToo: boolean }
  | { readonly agrees: false; readonly difference: string };

/** Where two lists of numbers differ; null where they agree. */
function differenceOf(what: string, code: readonly number[], own: readonly number[]): string | null {
  if (code.length !== own.length) return `its ${what} has ${code.length} numbers, yours ${own.length}`;
  const at = own.findIndex((x, i) => !agrees(code[i]!, x));
  return at < 0 ? null : `its ${what} is ${code[at]!.toPrecision(6)} where yours is ${own[at]!.toPrecision(6)}`;
}

const valuesOf = ({ value }: BoxRun): readonly number[] => (typeof value === 'number' ? [value] : value);

/** The loss's own runs, of the samples it can be run on. Throws what it throws on one that it must run on. */
function ownRuns(box: Box, samples: readonly TriedSample[]): readonly { readonly sample: TriedSample; readonly run: BoxRun }[] {
  return samples.flatMap((sample) => {
    try {
      const run = box(sample.logits, sample.targets);
      const rows = run.gradient.filter((_, i) => sample.targets[i] === sample.onlyIfIgnored);
      return rows.every((row) => row.every((slope) => slope === 0)) ? [{ sample, run }] : [];
    } catch (error) {
      if (sample.onlyIfIgnored !== null || sample.isFar === true) return [];
      throw error;
    }
  });
}

export function check(code: string, functionName: string, box: Box, feed: Feed, samples: readonly TriedSample[]): Checked {
  const runs = ownRuns(box, samples);
  const counts = runs.map(({ sample }) => sample.logits.length);
  const difference = apart(() =>
    withSession(parseTypeScript(code), (session) => {
      const loss = session.lookup(functionName);
      if (loss === null) return session.problems[0]?.message ?? 'the function was not defined';
      const { bridge, context } = session;
      for (const { sample, run } of runs) {
        const { logits, targets } = sample;
        const shape = [logits.length, logits[0]!.length];
        const labels = bridge.integers(context, targets, [targets.length]);
        try {
          const { result, gradient, problem } = bridge.differentiate(context, logits, shape, feed, (input) =>
            session.call(loss, { positional: [input, labels], keywords: new Map() }),
          );
          const { value, values } = outcomeOf(session, result);
          const found =
            differenceOf('value', values ?? [value!], valuesOf(run)) ??
            (gradient === null
              ? `it has no gradient (${problem ?? 'none'})`
              : differenceOf('gradient', gradient.flat(), run.gradient.flat()));
          if (found !== null) return `${sample.isFar === true ? 'on large logits' : `with ${logits.length} rows`} ${found}`;
        } catch (error) {
          return `it fails with ${logits.length} rows: ${session.problemOf(error).message}`;
        }
      }
      return null;
    }),
  );
  if (difference !== null) return { agrees: false, difference };
  return {
    agrees: true,
    samples: runs.length,
    fewestRows: least(counts),
    mostRows: greatest(counts),
    isFarToo: runs.some(({ sample }) => sample.isFar === true),
  };
}
