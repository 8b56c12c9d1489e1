/** The softmax that a Keras model of the same file ends in, where the model is compiled with the loss. */
import type { LossSite } from '../detection/sites';
import { walk } from '../detection/walk';
import type { Call, Expression, FunctionDefinition, Range, Statement } from '../language/program';
import { keyword, operationOf, stringValue } from './code';

/** Null where the model is not there, or ends in anything else. */
export function softmaxOfCompiledModel(site: LossSite): Range | null {
  if (site.definition.kind !== 'call') return null;
  const { program, definition } = site;
  const statements = program.cells.flatMap(({ body }) => body);
  const compiled = callsIn(statements).filter(
    (call) => operationOf(call) === 'compile' && takes(keyword(call, 'loss'), definition.call, statements),
  );
  const ends = compiled.map(({ callee }) => (callee.kind === 'attribute' ? endOf(callee.object, statements, statements, 0) : null));
  const [first = null] = ends;
  // Models that end differently say nothing of the loss.
  return ends.every((end) => end !== null) ? first : null;
}

function callsIn(statements: readonly Statement[]): readonly Call[] {
  const calls: Call[] = [];
  walk(statements, (node) => {
    if (node.kind === 'call') calls.push(node);
  });
  return calls;
}

function takes(given: Expression | null, loss: Call, statements: readonly Statement[]): boolean {
  if (given === loss) return true;
  return given?.kind === 'name' && assigned(given.name, statements) === loss;
}

/** What a name is assigned, where that is one thing alone. */
function assigned(name: string, statements: readonly Statement[]): Expression | null {
  const values: Expression[] = [];
  walk(statements, (node) => {
    if (node.kind === 'assign' && node.value !== null && node.targets.some((target) => target.kind === 'name' && target.name === name))
      values.push(node.value);
  });
  return values.length === 1 ? values[0]! : null;
}

/** The softmax at the end of what an expression gives, a model or a layer's output. */
function endOf(expression: Expression, scope: readonly Statement[], module: readonly Statement[], depth: number): Range | null {
  if (depth > 6) return null;
  const again = (inner: Expression): Range | null => endOf(inner, scope, module, depth + 1);
  if (expression.kind === 'name') {
    const value = assigned(expression.name, scope);
    const added = lastAdded(expression.name, scope);
    return added !== null ? layerSoftmax(added) : value === null ? null : again(value);
  }
  if (expression.kind !== 'call') return null;
  const operation = operationOf(expression);
  if (operation === 'sequential') {
    const [layers] = expression.arguments;
    const last = layers?.kind === 'sequence' ? layers.items.at(-1) : undefined;
    return last === undefined ? null : layerSoftmax(last);
  }
  if (operation === 'model') {
    const outputs = keyword(expression, 'outputs') ?? expression.arguments[1] ?? null;
    return outputs === null ? null : again(outputs);
  }
  // A layer that is called: `Dense(k, activation='softmax')(x)`.
  if (expression.callee.kind === 'call') return layerSoftmax(expression.callee);
  const made = expression.callee.kind === 'name' ? functionNamed(expression.callee.name, module) : null;
  if (made === null) return null;
  const returned = made.body.filter((statement) => statement.kind === 'return');
  const [only] = returned;
  const isSimple = returned.length === 1 && returnsIn(made.body) === 1;
  return isSimple && only!.value !== null ? endOf(only!.value, made.body, module, depth + 1) : null;
}

function lastAdded(name: string, scope: readonly Statement[]): Expression | null {
  const added = callsIn(scope).filter(
    ({ callee }) => callee.kind === 'attribute' && callee.name === 'add' && callee.object.kind === 'name' && callee.object.name === name,
  );
  return added.at(-1)?.arguments[0] ?? null;
}

function functionNamed(name: string, module: readonly Statement[]): FunctionDefinition | null {
  const found = module.filter((statement): statement is FunctionDefinition => statement.kind === 'function' && statement.name === name);
  return found.length === 1 ? found[0]! : null;
}

function returnsIn(body: readonly Statement[]): number {
  let count = 0;
  walk(body, (node) => {
    if (node.kind === 'return') count++;
  });
  return count;
}

function layerSoftmax(layer: Expression): Range | null {
  if (layer.kind !== 'call') return null;
  const operation = operationOf(layer);
  const isOne =
    operation === 'softmax' ||
    (operation === 'activation' && stringValue(layer.arguments[0] ?? null) === 'softmax') ||
    isSoftmaxActivation(keyword(layer, 'activation'));
  return isOne ? layer.range : null;
}

function isSoftmaxActivation(activation: Expression | null): boolean {
  return stringValue(activation) === 'softmax' || (activation?.kind === 'attribute' && activation.name === 'softmax');
}
