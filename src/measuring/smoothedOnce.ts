/** Whether targets that the code smooths on their way to a loss are smoothed once after an edit: both are run, as far as they can be by themselves. */
import { greatest, least } from '../identification/extremes';
import { freeNames } from '../detection/freeNames';
import { walk } from '../detection/walk';
import { lossIn } from '../execution/outcome';
import { withSession } from '../execution/openSession';
import type { Session } from '../execution/session';
import type { ReadTensor } from '../execution/tensorData';
import type { Edit, TargetFlow } from '../findings/rule';
import { agrees } from '../identification/precision';
import { logSoftmax } from '../identification/softmax';
import { readDocument, surroundingsOf } from '../language/document';
import type { Call, Expression, Lambda, Program, Range } from '../language/program';
import { appliedEdits } from './editedSite';
import type { Task } from './measureSite';

const labels = [1, 0, 1, 1];

/** False also where the targets cannot be made of labels alone, or something of it does not run. */
export function smoothedOnce(task: Task, edits: readonly Edit[], flow: TargetFlow): boolean {
  const { text } = task.request;
  const before = lossesOf(task, text, flow, (range) => range);
  const after = lossesOf(task, appliedEdits(text, edits), flow, (range) => moved(range, edits));
  if (before === null || after === null) return false;
  const { rows, values } = after;
  const isDistribution = after.targets.every((row) => agrees(sum(row), 1) && greatest(row) < 1 - 1e-4 && least(row) >= 0);
  const total = sum(rows);
  const isOnce =
    values.length === rows.length ? values.every((value, i) => agrees(value, rows[i]!)) : isOneOf(values, [total, total / rows.length]);
  return isDistribution && isOnce && !values.every((value, i) => agrees(before.values[i] ?? NaN, value));
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const isOneOf = ([value]: readonly number[], wanted: readonly number[]): boolean => wanted.some((one) => agrees(value ?? NaN, one));

/** Where an expression stands after edits that leave it, or are inside it. */
function moved({ start, end }: Range, edits: readonly Edit[]): Range {
  const by = (place: number): number =>
    sum(edits.filter(({ range }) => range.end <= place).map(({ range, newText }) => newText.length - (range.end - range.start)));
  return { start: start + by(start), end: end + by(end) };
}

interface Losses {
  readonly targets: readonly (readonly number[])[];
  /** −Σ q log p of each row. */
  readonly rows: readonly number[];
  /** What the loss gave. */
  readonly values: readonly number[];
}

function lossesOf({ request, found }: Task, text: string, flow: TargetFlow, at: (range: Range) => Range): Losses | null {
  for (const program of readDocument(text, request.file, request.format, surroundingsOf(found.program)).programs) {
    const made = expressionAt(program, at(flow.made.range), flow.made.kind);
    const use = expressionAt(program, at(flow.use.range), 'call');
    const loss = flow.constructed === null ? null : expressionAt(program, at(flow.constructed.range), 'call');
    if (made === null || use?.kind !== 'call' || (flow.constructed !== null && loss === null)) continue;
    try {
      return withSession(program, (session) => runIn(session, made, use, loss));
    } catch {
      return null;
    }
  }
  return null;
}

function expressionAt({ cells }: Program, { start, end }: Range, kind: Expression['kind']): Expression | null {
  let found: Expression | null = null;
  for (const { body } of cells)
    walk(body, (node) => {
      if (node.kind === kind && node.range.start === start && node.range.end === end) found ??= node;
    });
  return found;
}

function runIn(session: Session, made: Expression, use: Call, loss: Expression | null): Losses | null {
  const { bridge, context } = session;
  const targets = targetsOf(session, made);
  const read = targets === null ? null : bridge.read(targets);
  if (targets === null || read?.shape.length !== 2 || read.shape[0] !== labels.length) return null;
  const q = rowsOf(read);
  const K = q[0]!.length;
  const logits = q.map((_, i) => Array.from({ length: K }, (__, k) => (((i * 7 + k * 5) % 11) - 5) / 2));
  const callee = session.evaluate(loss ?? use.callee);
  const keywords = new Map(
    loss !== null
      ? []
      : use.keywords.flatMap(({ name, value }) =>
          name === null || name === 'target' || name === 'input' ? [] : [[name, session.evaluate(value)] as const],
        ),
  );
  const input = bridge.floats(context, logits.flat(), [labels.length, K]);
  const result = session.call(callee, { positional: [input, targets], keywords });
  const values = bridge.read(lossIn(session, result) ?? result)?.values ?? null;
  if (values === null) return null;
  const rows = logits.map((row, i) => -sum(logSoftmax(row).map((logP, k) => q[i]![k]! * logP)));
  return { targets: q, rows, values };
}

const rowsOf = ({ shape, values }: ReadTensor): readonly (readonly number[])[] =>
  Array.from({ length: shape[0]! }, (_, i) => values.slice(i * shape[1]!, (i + 1) * shape[1]!));

/** The targets with labels under the one name that the module does not have: what a loop or a parameter would give. */
function targetsOf(session: Session, made: Expression): ReturnType<Session['call']> | null {
  const { range } = made;
  const open = [...freeNames(made)].filter((name) => {
    try {
      session.evaluate({ kind: 'name', name, range });
      return false;
    } catch {
      return true;
    }
  });
  const [name] = open;
  if (name === undefined || open.length > 1) return null;
  const parameter = { name, pattern: null, style: 'normal', defaultValue: null, annotation: null, isField: false, range } as const;
  const maker: Lambda = { kind: 'lambda', parameters: [parameter], body: made, bindsThis: false, range };
  const given = session.bridge.integers(session.context, labels, [labels.length]);
  return session.call(session.evaluate(maker), { positional: [given], keywords: new Map() });
}
