import assert from 'node:assert/strict';
import { inspect } from '../../../src/inspect';
import type { Finding, Inspection } from '../../../src/inspection';

/** Explanations that stand on correct code too. */
export const explanations = new Set(['entropy-floor', 'entropy-subtracted', 'takes-log-probabilities']);

export function inspected(code: string): Inspection {
  const { losses, problems } = inspect({ file: 'loss.py', text: code });
  const [loss] = losses;
  assert.ok(loss !== undefined, JSON.stringify(problems));
  assert.equal(loss.status, 'measured', loss.problem?.message);
  return loss;
}

export function applied(code: string, { fix }: Pick<Finding, 'fix'>): string {
  return [...fix!.edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((text, { range, newText }) => text.slice(0, range.start) + newText + text.slice(range.end), code);
}
