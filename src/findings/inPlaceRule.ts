/** A loss that writes into what it is given: found by looking at the tensors after a run. */
import { walk } from '../detection/walk';
import { coveringTargets, probeLogits } from '../identification/probes';
import type { Call, Expression, Name, Statement } from '../language/program';
import { everyStatementIn, statementAround, statementBefore, statementsOf } from './code';
import type { ChangedTensor, Fix, Rule, Subject } from './rule';

export const targetsChangedInPlace: Rule = {
  id: 'targets-changed-in-place',
  severity: 'warning',
  title: 'The caller’s tensors are changed',
  look(subject) {
    const changed = changedTensors(subject);
    if (changed.length === 0) return [];
    const places = inPlaceWrites(subject);
    const named = changed.map((what) => `the ${what}`).join(' and ');
    const message = `After the call ${named} that the caller handed over are not what they were: an operation in place changes them, and whoever uses them next (the accuracy, the next epoch) gets the changed ones. Work on a copy: \`.${copying(subject)}()\`.`;
    return [
      { range: (places.length === 1 ? places[0] : undefined)?.range ?? subject.site.nameRange, message, fixes: copies(subject, places) },
    ];
  },
};

/** What makes a copy: tensors clone, arrays copy. */
const copying = ({ site }: Subject): string => (site.framework === 'numpy' ? 'copy' : 'clone');

/** The tensors that hold something else after a call on the sample, on one with an ignored row, or with class weights. */
function changedTensors({ changedBy, measurement, sample, classesSaid, parameters }: Subject): readonly ChangedTensor[] {
  if (changedBy === undefined || sample === null) return [];
  const classes = measurement?.classes ?? sample.logits[0]?.length ?? classesSaid ?? 0;
  if (classes < 2) return [];
  const rows = coveringTargets(classes, []).slice(0, 4);
  const logits = probeLogits(rows.length, classes, 0);
  const ignored = sample.ignoreIndex ?? measurement?.ignored?.target ?? -100;
  const padding = sample.paddingIndex ?? measurement?.measured.paddingIndex ?? 0;
  const takesWeights = parameters.some(({ role }) => role === 'weight');
  const settings = takesWeights
    ? {
        classWeights: rows
          .map(() => 1)
          .concat(Array<number>(classes).fill(2))
          .slice(0, classes),
      }
    : {};
  const attempt = (targets: readonly number[], given: typeof settings): readonly ChangedTensor[] => {
    try {
      return changedBy(logits, targets, given);
    } catch {
      return [];
    }
  };
  const found = [attempt(rows, {}), attempt([ignored, ...rows.slice(1)], {}), attempt([padding, ...rows.slice(1)], {})];
  return [...new Set([...found, takesWeights ? attempt(rows, settings) : []].flat())];
}

interface Write {
  readonly statement: Statement;
  readonly range: Statement['range'];
  /** The name that the write reaches its tensor through. */
  readonly root: Name;
  /** The method that writes, where it is one; its result is used elsewhere in the statement unless it stands alone. */
  readonly method: Call | null;
}

/** Statements of the loss, else of the file's functions, that write into a tensor they reach through a name. */
function inPlaceWrites({ site }: Subject): readonly Write[] {
  const own = writesIn(statementsOf(site));
  const others = site.program.cells.flatMap(({ body }) => body).filter(({ kind }) => kind === 'function' || kind === 'class');
  const elsewhere = writesIn(others).filter(({ range }) => !own.some((write) => write.range.start === range.start));
  return own.length > 0 ? own : elsewhere;
}

function writesIn(body: readonly Statement[]): readonly Write[] {
  const statements = everyStatementIn(body);
  const found: Write[] = [];
  const add = (statement: Statement, target: Expression, method: Call | null) => {
    const root = rootOf(target);
    if (root !== null && root.name !== 'self') found.push({ statement, range: statement.range, root, method });
  };
  for (const statement of statements) {
    if (statement.kind === 'augmentedAssign') add(statement, statement.target, null);
    if (statement.kind === 'assign') for (const target of statement.targets) if (target.kind === 'subscript') add(statement, target, null);
  }
  walk(body, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'attribute' || !/[^_]_$/u.test(node.callee.name)) return;
    const statement = statementAround(statements, node.range);
    if (statement !== null) add(statement, node.callee.object, node);
  });
  return found.toSorted((a, b) => a.range.start - b.range.start);
}

/** The name at the bottom of `y.data.view(-1)[mask]`. */
function rootOf(expression: Expression): Name | null {
  switch (expression.kind) {
    case 'name':
      return expression;
    case 'attribute':
    case 'subscript':
      return rootOf(expression.object);
    case 'call':
      return expression.callee.kind === 'attribute' ? rootOf(expression.callee) : null;
    default:
      return null;
  }
}

/** A copy of what the write reaches, made where it is used or in a statement before; the first that leaves the caller's tensors alone is right. */
function copies(subject: Subject, writes: readonly Write[]): readonly Fix[] {
  const { site } = subject;
  const promise: Fix['promise'] = (_after, _before, again) => changedTensors(again).length === 0;
  return writes.flatMap(({ statement, range, root, method }): readonly Fix[] => {
    const title = `Write into a copy: ${root.name}.${copying(subject)}()`;
    const isUsed = method !== null && !(statement.kind === 'expression' && statement.expression === method);
    const before: Fix = {
      title,
      edits: [statementBefore(site, statement, `${root.name} = ${root.name}.${copying(subject)}()`)],
      keepsNumbers: true,
      promise,
      at: range,
    };
    if (!isUsed) return [before];
    const there = { ...before, edits: [{ range: { start: root.range.end, end: root.range.end }, newText: `.${copying(subject)}()` }] };
    return [there, before];
  });
}
