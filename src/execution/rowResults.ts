/** Runs that hand over rows in another way than as one batch, brought back to one value and one gradient for each row. */
import type { Value } from '../interpreter/value';
import { numberOf } from '../interpreter/value';
import type { Differentiated } from './bridge';
import { lossIn } from './outcome';
import type { Session } from './session';
import type { LossInput } from './ways';

export class NotThisWay extends Error {}

/** A loss of one row, on each row by itself: its results are one number for each, or of a maker of targets a row of them. */
export function rowByRow(session: Session, input: LossInput, run: (row: LossInput) => Differentiated): Differentiated {
  const runs = input.logits.map((row, i) => run({ ...input, logits: [row], targets: [input.targets[i]!] }));
  const rows = runs.map(({ result }) => session.bridge.read(result));
  if (rows.every((row) => row?.shape.length === 1 && row.shape[0] === input.classes)) {
    const targets = rows.flatMap((row) => [...row!.values]);
    return { result: session.bridge.floats(session.context, targets, [rows.length, input.classes]), gradient: null, problem: null };
  }
  const values = runs.map(({ result }) => scalarOf(session, result));
  const gradients = runs.map(({ gradient }) => gradient?.[0] ?? null);
  return {
    result: session.bridge.floats(session.context, values, [values.length]),
    gradient: gradients.every((row) => row !== null) ? gradients : null,
    problem: runs.find(({ problem }) => problem !== null)?.problem ?? null,
  };
}

function scalarOf(session: Session, result: Value): number {
  const held = lossIn(session, result);
  const read = held && session.bridge.read(held);
  if (read ? read.shape.length > 0 : numberOf(result) === null) throw new NotThisWay('the loss of one row is not one number');
  return read ? read.values[0]! : numberOf(result)!;
}

/** What one sequence gave, with its values for each position as those of rows. */
export function ofPositions(session: Session, rows: number, { result, gradient, problem }: Differentiated): Differentiated {
  const read = session.bridge.read(result);
  const isForEach = read?.shape.length === 2 && read.shape[0] === 1 && read.values.length === rows;
  return { result: isForEach ? session.bridge.floats(session.context, read.values, [rows]) : result, gradient, problem };
}
