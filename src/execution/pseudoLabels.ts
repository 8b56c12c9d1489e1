/** Calls whose targets are the loss's own prediction made into labels: `F.cross_entropy(logits, logits.argmax(1))`. */
import type { CrossEntropyOperation } from '../detection/vocabulary';
import { canonical } from '../detection/vocabulary';
import { walk } from '../detection/walk';
import type { Call, Expression, FunctionDefinition, Program, Statement } from '../language/program';

/** Operations that make labels, or a distribution, of a prediction. */
const deciding = new Set(['argmax', 'max', 'topk', 'softmax', 'sigmoid', 'round', 'multinomial', 'sort']);

/** Whether the targets of this call are made from what it is given as its prediction, as far as the function around it shows. */
export function usesPseudoLabels(program: Program, call: Call, operation: CrossEntropyOperation): boolean {
  const argument = (names: readonly string[], at: number): Expression | undefined =>
    call.keywords.find(({ name }) => name !== null && names.includes(name))?.value ?? call.arguments[at];
  const prediction = argument(operation.predictionNames, operation.prediction);
  const targets = argument(operation.targetNames, operation.target);
  if (prediction?.kind !== 'name' || targets === undefined) return false;
  const assigned = assignedBefore(call, scopeAround(program, call));
  const seen = new Set<string>();
  const open: { readonly expression: Expression; readonly decided: boolean }[] = [{ expression: targets, decided: false }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { name, decided } of namesIn(at.expression)) {
      const isDecided = decided || at.decided;
      if (name === prediction.name && isDecided) return true;
      const key = `${name}:${String(isDecided)}`;
      if (name === prediction.name || seen.has(key)) continue;
      seen.add(key);
      const value = assigned.get(name);
      if (value) open.push({ expression: value, decided: isDecided });
    }
  }
  return false;
}

/** The names that an expression is made of, and whether they were decided on; sizes and devices are no data. */
function namesIn(expression: Expression, decided = false): readonly { readonly name: string; readonly decided: boolean }[] {
  switch (expression.kind) {
    case 'name':
      return [{ name: expression.name, decided }];
    case 'attribute':
      return ['shape', 'device', 'dtype', 'size'].includes(expression.name) ? [] : namesIn(expression.object, decided);
    case 'subscript':
      return namesIn(expression.object, decided);
    case 'unary':
      return namesIn(expression.operand, decided);
    case 'binary':
      return [...namesIn(expression.left, decided), ...namesIn(expression.right, decided)];
    case 'call': {
      const { callee } = expression;
      const called = callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.name : '';
      const isDecided = decided || deciding.has(canonical(called));
      const receiver = callee.kind === 'attribute' ? namesIn(callee.object, isDecided) : [];
      // `y.to(logits.device)` and `torch.zeros_like(logits)` take nothing of the logits.
      const [first] = expression.arguments;
      const isLike = /like$/.test(canonical(called));
      return [...receiver, ...(first && !isLike ? namesIn(first, isDecided) : [])];
    }
    default:
      return [];
  }
}

/** The body of the innermost function around the call, else the module. */
function scopeAround(program: Program, { range }: Call): readonly Statement[] {
  const around: FunctionDefinition[] = [];
  for (const { body } of program.cells)
    walk(body, (node) => {
      if (node.kind === 'function' && node.range.start <= range.start && range.end <= node.range.end) around.push(node);
    });
  return around.at(-1)?.body ?? program.cells.flatMap(({ body }) => body);
}

/** What each name was given last before the call; `values, labels = x.max(1)` gives both its value. */
function assignedBefore(call: Call, scope: readonly Statement[]): ReadonlyMap<string, Expression> {
  const assigned = new Map<string, Expression>();
  walk(scope, (node) => {
    if (node.kind !== 'assign' || node.value === null || node.range.start >= call.range.start) return;
    for (const target of node.targets) {
      if (target.kind === 'name') assigned.set(target.name, node.value);
      if (target.kind !== 'sequence') continue;
      const values = node.value.kind === 'sequence' ? node.value.items : null;
      target.items.forEach((item, i) => {
        if (item.kind === 'name') assigned.set(item.name, values?.[i] ?? node.value!);
      });
    }
  });
  return assigned;
}
