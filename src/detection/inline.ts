/**
 * Losses in the midst of other code: a training loop that smooths its labels, a step that runs its model first. The stretch of statements that
 * the loss, or its targets, come of is taken out as a function of what it gets from elsewhere: the batch, the model's outputs.
 */
import type { Call, Expression, FunctionDefinition, Parameter, Range, Statement } from '../language/program';
import { innerLists, rewritten, sliceFor, statementsBefore } from './closures';
import { boundIn, freeNames } from './freeNames';
import { keyOf, numberOf } from './literals';
import type { Callable } from './sites';
import {
  averages,
  canonical,
  creations,
  differences,
  gathers,
  logSoftmaxes,
  logs,
  oneHots,
  products,
  quotients,
  scatters,
  softmaxes,
} from './vocabulary';
import { walk } from './walk';

/** The code that a stretch is taken out of. */
export interface Midst {
  readonly body: readonly Statement[];
  /** The function that it is the body of; null at the module's level. */
  readonly within: Callable | null;
  /** The functions around that one, outermost first. */
  readonly around: readonly Callable[];
  /** What the object is called in it, where it is a method. */
  readonly self: string | null;
  /** Whether what is called by this name is known: a function of the file or a library's, and no model. */
  readonly isKnown: (name: string) => boolean;
  /** Whether this method of the object's is worth following. */
  readonly isHelper: (method: string) => boolean;
}

export interface Stretch {
  readonly callable: FunctionDefinition;
  readonly end: Statement;
  /** It runs once for each round of a loop. */
  readonly isInLoop: boolean;
  /** Its parameters, by name, the object left out. */
  readonly inputs: readonly string[];
  /** Those of them that no parameter of the function is. */
  readonly taken: readonly string[];
}

/** Statements that may be the last of a loss, or of its targets, in their order, each with the loops and contexts around it. */
export function endsIn(
  body: readonly Statement[],
  around: readonly Statement[] = [],
): readonly (readonly [Statement, readonly Statement[]])[] {
  return body.flatMap((statement) => {
    if (givenBy(statement).length > 0) return [[statement, around] as const];
    return innerLists(statement).flatMap((list) => endsIn(list, [...around, statement]));
  });
}

/** What a statement may give as a loss: one of several things that it returns. */
function givenBy(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign': {
      const [target] = statement.targets;
      if (statement.value === null || target === undefined) return [];
      if (target.kind === 'name') return [target];
      return target.kind === 'subscript' && target.object.kind === 'name' ? [target.object] : [];
    }
    case 'augmentedAssign':
      return statement.target.kind === 'subscript' ? [statement.target.object] : [statement.value];
    case 'return': {
      const { value } = statement;
      if (value === null) return [];
      const first = value.kind === 'conditional' ? value.otherwise : value;
      return first.kind === 'sequence' ? first.items : [first];
    }
    case 'expression': {
      const { expression } = statement;
      if (expression.kind !== 'call' || expression.callee.kind !== 'attribute') return [];
      const { name, object } = expression.callee;
      // `loss.backward()`, `q.scatter_(1, y, 1 - e)`.
      return (name === 'backward' && object.kind !== 'name') || (/[^_]_$/.test(name) && object.kind === 'name') ? [object] : [];
    }
    default:
      return [];
  }
}

/** The stretches that end in a statement, one for each thing that it gives. */
export function stretchesTo(midst: Midst, end: Statement, around: readonly Statement[]): readonly Stretch[] {
  return givenBy(end).map((given) => stretchTo(midst, end, around, given));
}

function stretchTo(midst: Midst, end: Statement, around: readonly Statement[], given: Expression): Stretch {
  const { body, within, self } = midst;
  const callables = [...midst.around, ...(within === null ? [] : [within])];
  const own = callables.flatMap(({ parameters }) => parameters);
  const outside = new Set(around.flatMap((statement) => [...boundByHead(statement)]));
  const before = [
    ...midst.around.flatMap((outer) => ('kind' in outer.body ? [] : statementsBefore(outer.body, within!.range))),
    ...statementsBefore(body, end.range),
  ];
  const taking = createTaking(midst, outside, [...before, end]);
  const isLast = end.kind !== 'return' && !(end.kind === 'augmentedAssign' && end.target.kind !== 'subscript') && !isBackward(end);
  const value = taking.lift(given);
  const needed = new Set(freeNames(value));
  const kept: Statement[] = [];
  for (const whole of (isLast ? [...before, end] : before).toReversed()) {
    const { rest: statement, names } = taking.takenFrom(whole);
    for (const name of names) if (needed.delete(name)) taking.add(name);
    if (statement === null) continue;
    const probe = new Set(needed);
    if (sliceFor([statement], probe).length === 0) continue;
    const lifted = taking.lift(statement);
    kept.unshift(lifted);
    for (const name of freeNames(lifted)) needed.add(name);
  }
  for (const name of outside) if (needed.has(name)) taking.add(name);
  const passed = own.filter(
    ({ name, pattern }) => pattern === null && name !== self && needed.has(name) && !taking.inputs().includes(name),
  );
  const inputs = taking.inputs();
  const parameters = [
    ...own.filter(({ name }) => name === self),
    ...inputs.map((name) => parameterOf(name, end.range)),
    ...passed.filter(({ defaultValue }) => defaultValue === null),
    ...passed.filter(({ defaultValue }) => defaultValue !== null),
  ];
  // What the program was seen to call it with is known by the function that has the parameters.
  const holder = callables.find(({ parameters: its }) => its.some((one) => passed.includes(one)));
  const range = (holder ?? within ?? end).range;
  const callable: FunctionDefinition = {
    kind: 'function',
    name: within?.kind === 'function' ? within.name : 'inline',
    nameRange: end.range,
    parameters,
    body: [...kept, { kind: 'return', value, range: end.range }],
    decorators: [],
    docstring: null,
    isAsync: false,
    isGenerator: false,
    modifier: null,
    range,
  };
  const isInLoop = around.some(({ kind }) => kind === 'for' || kind === 'while');
  return { callable, end, isInLoop, inputs: [...inputs, ...passed.map(({ name }) => name)], taken: inputs };
}

const isBackward = (statement: Statement): boolean =>
  statement.kind === 'expression' &&
  statement.expression.kind === 'call' &&
  statement.expression.callee.kind === 'attribute' &&
  statement.expression.callee.name === 'backward';

const parameterOf = (name: string, range: Range): Parameter => ({
  name,
  range,
  pattern: null,
  style: 'normal',
  defaultValue: null,
  annotation: null,
  isField: false,
});

/** The names that a loop or a context binds for what is inside it. */
function boundByHead(statement: Statement): ReadonlySet<string> {
  if (statement.kind === 'for') return boundIn([{ ...statement, body: [], otherwise: [] }]);
  return statement.kind === 'with' ? boundIn([{ ...statement, body: [] }]) : new Set();
}

interface Taking {
  /** The tree with names of its own for what comes from elsewhere. */
  readonly lift: <T extends Expression | Statement>(tree: T) => T;
  /** The names that a statement binds to something from elsewhere, and what it does beside that. */
  readonly takenFrom: (statement: Statement) => { readonly rest: Statement | null; readonly names: readonly string[] };
  readonly add: (name: string) => void;
  readonly inputs: () => readonly string[];
}

/** @param outside names of what a loop or a context gives */
function createTaking(
  { within, around, self, isKnown, isHelper }: Midst,
  outside: ReadonlySet<string>,
  statements: readonly Statement[],
): Taking {
  const own = [...around, ...(within === null ? [] : [within])].flatMap(({ parameters: its }) => its);
  const parameters = new Set(own.map(({ name }) => name).filter((name) => name !== self));
  const taken = new Map<string, string>();
  const inputs: string[] = [];
  const add = (name: string): void => {
    if (!inputs.includes(name)) inputs.push(name);
  };
  /** Names that hold something from elsewhere: a batch, a model's output. */
  const foreign = new Set(outside);

  /** `loss_fct = nn.KLDivLoss()`: what a name holds that the code itself makes. */
  const made = new Set(statements.flatMap((statement) => (isMaking(statement) ? [...boundIn([statement])] : [])));
  const isMade = (name: string): boolean => made.has(name) && !foreign.has(name);
  function isMaking(statement: Statement): boolean {
    if (statement.kind === 'function') return true;
    if (statement.kind !== 'assign' || statement.value?.kind !== 'call') return false;
    const root = rootOf(statement.value.callee);
    return root !== null && root !== self && !parameters.has(root) && !outside.has(root) && isKnown(root);
  }

  const isForeignCall = ({ callee }: Call): boolean => {
    if (callee.kind === 'name')
      return !isMade(callee.name) && (parameters.has(callee.name) || foreign.has(callee.name) || !isKnown(callee.name));
    if (callee.kind !== 'attribute') return false;
    const root = rootOf(callee.object);
    if (root === null) return false;
    if (root === self) return callee.object.kind !== 'name' ? !isOfTensors(callee.name) : !isHelper(callee.name);
    const isOwn = parameters.has(root) || foreign.has(root);
    return (isOwn || (!isMade(root) && !isKnown(root))) && !isOfTensors(callee.name);
  };
  const isForeign = (expression: Expression): boolean => {
    switch (expression.kind) {
      case 'call':
        // `batch['y'].float().to(device)` is what it is of.
        return isForeignCall(expression) || (isMove(expression) && isForeign(receiverOf(expression)));
      case 'await':
        return isForeign(expression.value);
      case 'subscript':
        return (isKey(expression.index) && isHeld(expression.object)) || isItem(expression);
      case 'attribute':
        return !isOfTensors(expression.name) && isHeld(expression.object);
      default:
        return false;
    }
  };
  /** `self.labels[i]` of a dataset: which one, the caller says. */
  const isItem = ({ object, index }: Extract<Expression, { kind: 'subscript' }>): boolean =>
    object.kind === 'attribute' &&
    object.object.kind === 'name' &&
    object.object.name === self &&
    index.kind === 'name' &&
    parameters.has(index.name);
  /** What is handed over whole, to be taken apart: `batch`, `outputs`, what a model gives. */
  const isHeld = (object: Expression): boolean =>
    object.kind === 'name' ? foreign.has(object.name) || data.has(object.name) : isForeign(object);

  /** Parameters that hold data: taken apart by keys that are no settings, or given to a model. */
  const data = new Set<string>();
  const settings = settingsIn(statements);
  walk(statements, (node) => {
    if (node.kind === 'call' && isForeignCall(node))
      for (const argument of [...node.arguments, ...node.keywords.map(({ value }) => value)]) {
        const root = rootOf(argument);
        if (root !== null && parameters.has(root) && !settings.has(root)) data.add(root);
      }
    if (
      node.kind === 'subscript' &&
      node.object.kind === 'name' &&
      parameters.has(node.object.name) &&
      isKey(node.index) &&
      !settings.has(node.object.name)
    )
      data.add(node.object.name);
    if (
      node.kind === 'assign' &&
      node.value?.kind === 'name' &&
      node.targets.some(({ kind }) => kind === 'sequence') &&
      parameters.has(node.value.name)
    )
      data.add(node.value.name);
  });
  for (const statement of statements) for (const name of takenFrom(statement).names) foreign.add(name);

  function isTaken(value: Expression): boolean {
    if (value.kind === 'sequence') return value.items.length > 0 && value.items.every(isTaken);
    if (value.kind === 'call' && isMove(value)) return isTaken(receiverOf(value));
    return isForeign(value) || (value.kind === 'name' && (foreign.has(value.name) || data.has(value.name)));
  }

  const nameFor = (expression: Expression): string => {
    const text = JSON.stringify(expression, (key, value: unknown) =>
      /[rR]ange$/.test(key) ? undefined : typeof value === 'bigint' ? String(value) : value,
    );
    const known = taken.get(text);
    if (known !== undefined) return known;
    const last = lastPart(expression);
    const names = [...taken.values(), ...inputs];
    const isFree = last !== null && !names.includes(last) && !isKnown(last) && !parameters.has(last) && !foreign.has(last);
    const name = isFree ? last : `input ${String(taken.size + 1)}`;
    taken.set(text, name);
    add(name);
    return name;
  };
  return {
    add,
    inputs: () => inputs,
    lift: (tree) =>
      rewritten(tree, (node) => (isExpression(node) && isForeign(node) ? { kind: 'name', name: nameFor(node), range: node.range } : null)),
    takenFrom,
  };

  function takenFrom(statement: Statement): { readonly rest: Statement | null; readonly names: readonly string[] } {
    if (statement.kind === 'assign' && statement.value !== null && isTaken(statement.value))
      return { rest: null, names: [...boundIn([statement])] };
    if (statement.kind !== 'with' && statement.kind !== 'block') return { rest: statement, names: [] };
    const inner = statement.body.map(takenFrom);
    const body = inner.flatMap(({ rest }) => (rest === null ? [] : [rest]));
    return { rest: body.length === 0 ? null : { ...statement, body }, names: inner.flatMap(({ names }) => names) };
  }
}

/** `data.get_label()`: a method of a parameter's that no tensor has. */
export function asksForData({ parameters, body }: Callable): boolean {
  const names = new Set(parameters.map(({ name }) => name).filter((name) => !/^(self|cls|this)$/.test(name)));
  let asks = false;
  walk('kind' in body ? [body] : body, (node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'attribute' || node.callee.object.kind !== 'name') return;
    asks ||= names.has(node.callee.object.name) && !isOfTensors(node.callee.name) && node.arguments.length === 0;
  });
  return asks;
}

const isExpression = (node: Expression | Statement): node is Expression => ['call', 'subscript', 'attribute', 'await'].includes(node.kind);

/** Names of which something is a setting: `1 - args.smoothing`, `cfg['eps'] / k`. */
function settingsIn(statements: readonly Statement[]): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (expression: Expression): void => {
    const root = expression.kind === 'attribute' || expression.kind === 'subscript' ? rootOf(expression) : null;
    if (root !== null) found.add(root);
  };
  walk(statements, (node) => {
    if (node.kind !== 'binary') return;
    if (node.operator === '-' && numberOf(node.left) === 1) add(node.right);
    if (node.operator === '/') add(node.left);
  });
  return found;
}

/** The name that a path starts at: `batch` of `batch['x'].float()`. */
function rootOf(expression: Expression): string | null {
  let at = expression;
  for (;;) {
    if (at.kind === 'name') return at.name;
    if (at.kind === 'attribute' || at.kind === 'subscript') at = at.object;
    else if (at.kind === 'call' && at.callee.kind === 'attribute') at = at.callee.object;
    else return null;
  }
}

const isKey = (index: Expression): boolean => index.kind === 'constant' && (index.value.type === 'string' || index.value.type === 'int');

function lastPart(expression: Expression): string | null {
  if (expression.kind === 'attribute') return expression.name;
  if (expression.kind !== 'subscript') return null;
  return expression.index.kind === 'constant' ? keyOf(expression.index) : lastPart(expression.object);
}

const isMove = ({ callee }: Call): boolean => callee.kind === 'attribute' && moves.has(canonical(callee.name));
const receiverOf = ({ callee }: Call): Expression => (callee.kind === 'attribute' ? callee.object : callee);

/** What leaves a tensor's numbers as they are. */
const moves = new Set(
  'to cuda cpu float double half long int bool type astype numpy detach clone contiguous nonblocking typeas'.split(' '),
);

const others = new Set(
  (
    'size shape dim ndim numel item tolist data t dtype device view reshape flatten ravel squeeze unsqueeze permute transpose swapaxes expand expandas repeat ' +
    'maskedfill fill copy zero add sub mul div clamp clip argmax max min eq ne requiresgrad newzeros newones newfull newempty indexselect exp pow abs sqrt ' +
    'filldiagonal split chunk unbind narrow where any all nonzero cumsum backward'
  ).split(' '),
);

/** Whether tensors have such a method or attribute: what it gives is then computed, and not got from elsewhere. */
function isOfTensors(name: string): boolean {
  const plain = canonical(name);
  return (
    moves.has(plain) ||
    others.has(plain) ||
    [averages, creations, differences, gathers, logSoftmaxes, logs, oneHots, products, quotients, scatters, softmaxes].some((known) =>
      known.has(plain),
    ) ||
    plain === 'logsumexp'
  );
}
