/** Follows expressions: what kind of value each is, and what that shows about the code around it. */
import type { Binary, Call, Expression, Parameter, Range, Statement } from '../language/program';
import { followBody } from './follow';
import type { Flow, Origin, Scope } from './flow';
import { either, has, lookup, merge, nothing, trait, withTraits } from './flow';
import type { Callable, ParameterUse } from './sites';
import type { Study } from './study';
import { note, noteConstant, noteLoss, noteUse } from './study';
import {
  averages,
  canonical,
  creations,
  crossEntropies,
  differences,
  gathers,
  isSmoothingName,
  layers,
  libraryLosses,
  logSoftmaxes,
  logs,
  oneHots,
  products,
  quotients,
  scatters,
  softmaxes,
  targetSmoothers,
} from './vocabulary';
import type { CrossEntropyOperation } from './vocabulary';

export interface Context {
  readonly study: Study;
  readonly scope: Scope;
  readonly depth: number;
}

const maximalDepth = 5;

export function evaluate(expression: Expression, context: Context): Flow {
  if (--context.study.budget < 0) return nothing;
  switch (expression.kind) {
    case 'name':
      return evaluateName(expression.name, context);
    case 'constant':
      return expression.value.type === 'int' || expression.value.type === 'float' ? { ...nothing, traits: trait.number } : nothing;
    case 'attribute':
      return evaluateAttribute(evaluate(expression.object, context), expression.name, expression.nameRange, context);
    case 'subscript':
      return evaluateSubscript(evaluate(expression.object, context), evaluate(expression.index, context), expression.range, context);
    case 'call':
      return evaluateCall(expression, context);
    case 'unary': {
      const operand = evaluate(expression.operand, context);
      return expression.operator === '-' ? { ...operand, origin: null, complementOf: null, object: null } : operand;
    }
    case 'binary':
      return evaluateBinary(expression, context);
    case 'logical': {
      const left = evaluate(expression.left, context);
      const right = evaluate(expression.right, context);
      return withDefault(either(left, right), expression.right);
    }
    case 'comparison':
      return withTraits(merge(...expression.operands.map((operand) => evaluate(operand, context))), 0);
    case 'conditional':
      evaluate(expression.test, context);
      return either(evaluate(expression.then, context), evaluate(expression.otherwise, context));
    case 'sequence':
      return merge(...expression.items.map((item) => evaluate(item, context)));
    case 'mapping': {
      const entries = new Map<string, Flow>();
      for (const entry of expression.entries) {
        const value = evaluate(entry.value, context);
        const key = entry.key && keyOf(entry.key);
        if (entry.key && typeof key === 'string')
          entries.set(key, value.origin ? value : { ...value, origin: literalOrigin('option', key, entry.key.range, entry.value) });
      }
      return { ...nothing, object: { kind: 'options', entries } };
    }
    case 'comprehension': {
      const names = new Map<string, Flow>();
      const scope: Scope = { names, parent: context.scope };
      for (const clause of expression.clauses) bind(clause.target, evaluate(clause.iterable, { ...context, scope }), { ...context, scope });
      return evaluate(expression.element, { ...context, scope });
    }
    case 'lambda':
      return { ...nothing, object: { kind: 'callable', callable: expression, scope: context.scope } };
    case 'assignment': {
      const value = evaluate(expression.value, context);
      bind(expression.target, value, context, expression.value);
      return value;
    }
    case 'starred':
    case 'await':
      return evaluate(expression.value, context);
    case 'yield':
      return expression.value ? evaluate(expression.value, context) : nothing;
    case 'joinedString':
    case 'slice':
    case 'unsupported':
      return nothing;
  }
}

/** `a: number | undefined ?? 0.1`: the right side is the constant's value. */
function withDefault(flow: Flow, value: Expression): Flow {
  return flow.origin && flow.origin.value === null && isNumber(value) ? { ...flow, origin: { ...flow.origin, value } } : flow;
}

export function isNumber(expression: Expression | null): boolean {
  if (expression === null) return false;
  if (expression.kind === 'unary') return isNumber(expression.operand);
  return expression.kind === 'constant' && (expression.value.type === 'int' || expression.value.type === 'float');
}

/** The number that an expression says literally, else null. */
export function numberOf(expression: Expression | null): number | null {
  if (expression === null) return null;
  if (expression.kind === 'unary' && expression.operator === '-') {
    const operand = numberOf(expression.operand);
    return operand === null ? null : -operand;
  }
  if (expression.kind !== 'constant') return null;
  return expression.value.type === 'float' || expression.value.type === 'int' ? Number(expression.value.value) : null;
}

export function keyOf(key: Expression): string | null {
  if (key.kind === 'name') return key.name;
  return key.kind === 'constant' && key.value.type === 'string' ? key.value.value : null;
}

function literalOrigin(kind: Origin['kind'], name: string, nameRange: Range, value: Expression): Origin {
  return { key: `${kind}:${String(value.range.start)}`, name, kind, where: 'body', nameRange, value };
}

function evaluateName(name: string, context: Context): Flow {
  const found = lookup(context.scope, name);
  if (found) return found;
  const { definitions, modules } = context.study;
  const module = definitions.imports.get(name);
  if (module !== undefined) modules.add(module);
  else if (/^(torch|nn|F|tf|np|jnp|jax|optax|keras)$/.test(name)) modules.add(name);
  const definition = definitions.classes.get(name);
  if (definition) return { ...nothing, object: { kind: 'class', definition } };
  const callable = definitions.functions.get(name);
  if (callable) return { ...nothing, object: { kind: 'callable', callable, scope: definitions.moduleScope } };
  return nothing;
}

const metadataNames = new Set([
  'shape',
  'ndim',
  'dtype',
  'device',
  'rank',
  'length',
  'size',
  'dim',
  'numel',
  'nelement',
  'len',
  'nclasses',
  'numclasses',
]);

function evaluateAttribute(object: Flow, name: string, nameRange: Range, context: Context): Flow {
  if (object.object?.kind === 'instance' || object.object?.kind === 'super') {
    const { definition, attributes } = object.object;
    const own = object.object.kind === 'instance' ? attributes.get(name) : undefined;
    if (own) return own;
    const member = memberOf(definition, name, context, object.object.kind === 'super');
    if (member)
      return {
        ...nothing,
        object: { kind: 'method', callable: member, self: { ...object, object: { kind: 'instance', definition, attributes } } },
      };
    const origin: Origin = { key: `self.${name}`, name, kind: 'attribute', where: 'body', nameRange, value: null };
    return { ...nothing, origin };
  }
  if (object.object?.kind === 'class') {
    const member = memberOf(object.object.definition, name, context, false);
    if (member) return { ...nothing, object: { kind: 'method', callable: member, self: object } };
  }
  if (object.object?.kind === 'options') {
    const entry = object.object.entries.get(name);
    if (entry) return entry;
  }
  if (name === 'data' || name === 'T' || name === 'mT' || name === 'values' || name === 'grad') return object;
  if (metadataNames.has(canonical(name))) return { ...nothing, traits: trait.metadata };
  // `options.smoothing`, `cfg.eps`: a constant by itself.
  const plain = object.from !== 0 && (object.traits & ~trait.metadata) === 0 && object.origin?.kind === 'parameter';
  if (plain) {
    const origin: Origin = {
      key: `${object.origin.key}.${name}`,
      name,
      kind: 'option',
      where: object.origin.where,
      nameRange,
      value: null,
    };
    return { ...nothing, from: object.from, origin };
  }
  return {
    ...nothing,
    traits: object.traits,
    from: object.from,
    origin: isSmoothingName(name) ? { key: `attribute:${name}`, name, kind: 'attribute', where: 'body', nameRange, value: null } : null,
  };
}

/** A method of a class of this file, its own or inherited from a class of this file. */
export function memberOf(
  definition: { readonly body: readonly Statement[]; readonly bases: readonly Expression[] },
  name: string,
  context: Context,
  skipOwn: boolean,
  depth = 0,
): Callable | null {
  if (!skipOwn) {
    for (const statement of definition.body) {
      if (statement.kind === 'function' && statement.name === name) return statement;
      if (
        statement.kind === 'assign' &&
        statement.value?.kind === 'lambda' &&
        statement.targets.some((t) => t.kind === 'name' && t.name === name)
      )
        return statement.value;
    }
  }
  if (depth > 4) return null;
  for (const base of definition.bases) {
    const parent = base.kind === 'name' ? context.study.definitions.classes.get(base.name) : undefined;
    const found = parent && parent !== definition ? memberOf(parent, name, context, false, depth + 1) : null;
    if (found) return found;
  }
  return null;
}

function evaluateSubscript(object: Flow, index: Flow, range: Range, context: Context): Flow {
  if (has(object, trait.metadata)) return { ...nothing, traits: trait.metadata };
  // log_probs[range(n), target]: the target's log-probability.
  if (has(object, trait.logSoftmax) && index.from !== 0 && !has(object, trait.picked)) return picked(object, index, range, context);
  return { ...nothing, traits: (object.traits | (index.traits & trait.opaque)) & ~trait.number, from: object.from };
}

function picked(values: Flow, index: Flow, range: Range, context: Context): Flow {
  const { study } = context;
  noteUse(study, index.from, 'targetIndices');
  if (!has(values, trait.logSoftmax)) noteUse(study, values.from, 'logProbabilities');
  if (!has(values, trait.opaque)) {
    note(study, 'target picked', range);
    noteLoss(study, merge(values, index), has(values, trait.logSoftmax));
  }
  return withTraits(merge(values, index), trait.picked | trait.crossEntropy);
}

function evaluateBinary(expression: Binary, context: Context): Flow {
  const left = evaluate(expression.left, context);
  const right = evaluate(expression.right, context);
  return combine(expression.operator, left, right, expression.left, expression.right, expression.range, context);
}

function combine(
  operator: string,
  left: Flow,
  right: Flow,
  leftNode: Expression | null,
  rightNode: Expression,
  range: Range,
  context: Context,
): Flow {
  switch (operator) {
    case '-':
      return difference(left, right, leftNode, rightNode, range, context);
    case '/':
      return quotient(left, right, rightNode, range, context);
    case '*':
    case '@':
      return product(left, right, range, context);
    default: {
      // 1 − ε + ε/K is a confidence too.
      const confidence = left.complementOf ?? right.complementOf;
      const scalar = ((left.traits | right.traits) & ~(trait.number | trait.metadata)) === 0;
      const both = withTraits(merge(left, right), 0);
      return confidence !== null && scalar ? { ...both, complementOf: confidence } : both;
    }
  }
}

function difference(left: Flow, right: Flow, leftNode: Expression | null, rightNode: Expression, range: Range, context: Context): Flow {
  const one = leftNode !== null && numberOf(leftNode) === 1;
  const origin =
    right.origin ??
    (one && isFraction(rightNode) ? literalOrigin('literal', numberOf(rightNode)!.toString(), rightNode.range, rightNode) : null);
  if (one && origin) {
    noteConstant(context.study, origin).complement = range;
    return { ...nothing, from: right.from, complementOf: origin };
  }
  // x − logsumexp(x), in either order.
  if (has(left, trait.logSumExp) !== has(right, trait.logSumExp)) {
    const logits = has(left, trait.logSumExp) ? right : left;
    return logSoftmaxOf(merge(left, right), logits, range, context);
  }
  // (1 − ε) − ε/(K−1) stays what it is: a confidence.
  if (left.complementOf) return { ...nothing, from: left.from | right.from, complementOf: left.complementOf };
  return withTraits(merge(left, right), 0);
}

function isFraction(expression: Expression): boolean {
  const value = numberOf(expression);
  return value !== null && value > 0 && value < 1;
}

function quotient(left: Flow, right: Flow, rightNode: Expression, range: Range, context: Context): Flow {
  if (left.origin && numberOf(rightNode) === null) {
    noteConstant(context.study, left.origin).spread = range;
    return { ...nothing, from: left.from | right.from, traits: trait.number };
  }
  if (left.origin && isNumber(rightNode) && !has(left, trait.number)) noteConstant(context.study, left.origin).spread = range;
  if (has(left, trait.exponential) && has(right, trait.exponential)) {
    noteUse(context.study, left.from, 'logits');
    return withTraits(merge(left, right), trait.softmax);
  }
  return withTraits(merge(left, { ...right, traits: right.traits & trait.opaque }), 0);
}

function product(left: Flow, right: Flow, range: Range, context: Context): Flow {
  const { study } = context;
  for (const [constant, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const origin = constant.origin ?? constant.complementOf;
    if (origin === null || constant.complementOf !== null) continue;
    const notes = noteConstant(study, origin);
    notes.times |= other.traits;
    notes.timesPlain = true;
  }
  const logarithm = [left, right].find((f) => has(f, trait.logSoftmax | trait.logarithm) && !has(f, trait.crossEntropy | trait.uniform));
  const other = logarithm === left ? right : left;
  const distribution = logarithm && !other.complementOf && (has(other, trait.oneHot) || (other.from & ~logarithm.from) !== 0);
  if (logarithm && distribution) {
    const isWeight = !has(other, trait.oneHot) && has(other, trait.metadata);
    if (!isWeight) {
      if (!has(other, trait.oneHot)) noteUse(study, other.from, 'targetDistribution');
      const both = merge(left, right);
      if (!has(both, trait.opaque)) {
        note(study, 'cross entropy', range);
        noteLoss(study, both, has(logarithm, trait.logSoftmax));
      }
      return withTraits(both, trait.crossEntropy);
    }
  }
  return withTraits(merge(left, right), 0);
}

function logSoftmaxOf(result: Flow, logits: Flow, range: Range, context: Context): Flow {
  noteUse(context.study, logits.from, 'logits');
  if (!has(result, trait.opaque)) note(context.study, 'log-softmax', range);
  return withTraits({ ...result, traits: result.traits & ~(trait.logSumExp | trait.softmax) }, trait.logSoftmax);
}

// ------------------------------------------------------------------------------------------------------------ calls

interface Arguments {
  readonly positional: readonly Flow[];
  readonly nodes: readonly Expression[];
  readonly named: ReadonlyMap<string, { readonly flow: Flow; readonly node: Expression; readonly nameRange: Range }>;
}

function evaluateArguments(call: Call, context: Context): Arguments {
  const named = new Map<string, { flow: Flow; node: Expression; nameRange: Range }>();
  for (const keyword of call.keywords) {
    const flow = evaluate(keyword.value, context);
    if (keyword.name !== null)
      named.set(keyword.name, {
        flow,
        node: keyword.value,
        nameRange: { start: keyword.range.start, end: keyword.range.start + keyword.name.length },
      });
  }
  const positional = call.arguments.map((argument) => evaluate(argument, context));
  // An options object counts as keywords: `loss(labels, logits, { smoothing: 0.1 })`.
  call.arguments.forEach((argument, i) => {
    if (argument.kind !== 'mapping') return;
    for (const entry of argument.entries) {
      const key = entry.key && keyOf(entry.key);
      if (entry.key && typeof key === 'string')
        named.set(key, { flow: optionFlow(positional[i]!, key), node: entry.value, nameRange: entry.key.range });
    }
  });
  return { positional, nodes: call.arguments, named };
}

function optionFlow(options: Flow, key: string): Flow {
  return options.object?.kind === 'options' ? (options.object.entries.get(key) ?? nothing) : nothing;
}

function evaluateCall(call: Call, context: Context): Flow {
  const { callee } = call;
  const given = evaluateArguments(call, context);
  if (callee.kind === 'attribute') {
    const object = evaluate(callee.object, context);
    const target = evaluateAttribute(object, callee.name, callee.nameRange, context);
    if (target.object) return callObject(target.object, given, call, context);
    const isModule = isModuleReference(callee.object, context);
    const result = callOperation(callee.name, isModule ? null : object, given, call, context);
    // `true_dist.scatter_(…)` changes what the name holds.
    if (!isModule && /[^_]_$/.test(callee.name) && callee.object.kind === 'name') context.scope.names.set(callee.object.name, result);
    return result;
  }
  if (callee.kind === 'name') {
    const target = evaluateName(callee.name, context);
    if (target.object) return callObject(target.object, given, call, context);
    if (callee.name === 'super') return superOf(context);
    // A parameter that is called is a model or a criterion handed in: what it does is unknown.
    if (lookup(context.scope, callee.name)) return opaque(target, given);
    return callOperation(callee.name, null, given, call, context);
  }
  const target = evaluate(callee, context);
  if (target.object) return callObject(target.object, given, call, context);
  return opaque(target, given);
}

function superOf(context: Context): Flow {
  const self = lookup(context.scope, 'self') ?? lookup(context.scope, 'this');
  return self?.object?.kind === 'instance' ? { ...self, object: { ...self.object, kind: 'super' } } : nothing;
}

function opaque(target: Flow, given: Arguments): Flow {
  return withTraits(merge(target, ...given.positional, ...[...given.named.values()].map((n) => n.flow)), trait.opaque);
}

/** `torch.nn.functional`, `F`, `tf.losses`: a path that starts at an imported or unbound name, not at a value. */
function isModuleReference(expression: Expression, context: Context): boolean {
  if (expression.kind === 'attribute') return isModuleReference(expression.object, context);
  if (expression.kind !== 'name') return false;
  if (lookup(context.scope, expression.name)) return false;
  const { imports } = context.study.definitions;
  return (
    imports.has(expression.name) ||
    /^(torch|nn|F|tf|np|jnp|jax|optax|keras|K|functional|numpy|timm|losses|backend|Math|math)$/.test(expression.name)
  );
}

function callObject(target: NonNullable<Flow['object']>, given: Arguments, call: Call, context: Context): Flow {
  const everything = () => merge(...given.positional, ...[...given.named.values()].map((n) => n.flow));
  switch (target.kind) {
    case 'operation':
      return callOperation(target.name, null, given, call, context);
    case 'layer':
      return withTraits(everything(), trait.opaque);
    case 'class':
      return construct(target.definition, given, context);
    case 'instance': {
      const name = ['forward', 'call', '__call__', 'apply'].find((m) => memberOf(target.definition, m, context, false));
      const method = name === undefined ? null : memberOf(target.definition, name, context, false);
      if (!method) return withTraits(everything(), trait.opaque);
      return callCallable(method, given, { ...nothing, object: target }, null, context, target.definition.name);
    }
    case 'super':
      return nothing;
    case 'callable':
      return callCallable(
        target.callable,
        given,
        null,
        target.scope,
        context,
        target.callable.kind === 'function' ? target.callable.name : nameOfLambda(target.callable, context),
      );
    case 'method':
      return callCallable(
        target.callable,
        given,
        target.self,
        null,
        context,
        target.self.object?.kind === 'instance' || target.self.object?.kind === 'class' ? target.self.object.definition.name : null,
      );
    case 'options':
      return nothing;
  }
}

function nameOfLambda(callable: Callable, context: Context): string | null {
  for (const [name, found] of context.study.definitions.functions) if (found === callable) return name;
  return null;
}

function construct(definition: Parameters<typeof memberOf>[0] & { readonly name: string }, given: Arguments, context: Context): Flow {
  const instance = { kind: 'instance', definition, attributes: new Map<string, Flow>() } as Extract<Flow['object'], { kind: 'instance' }>;
  bindFields(definition.body, instance.attributes, context);
  const self: Flow = { ...nothing, object: instance };
  const constructor = memberOf(definition, '__init__', context, false) ?? memberOf(definition, 'constructor', context, false);
  if (constructor) callCallable(constructor, given, self, null, context, null);
  return self;
}

/** Class-level names (`smoothing: float = 0.1`, TypeScript fields) are attributes of every instance. */
export function bindFields(body: readonly Statement[], attributes: Map<string, Flow>, context: Context): void {
  for (const statement of body) {
    if (statement.kind !== 'assign' || statement.value === null) continue;
    for (const target of statement.targets) {
      if (target.kind !== 'name') continue;
      const value = evaluate(statement.value, context);
      attributes.set(
        target.name,
        value.origin || !isNumber(statement.value)
          ? value
          : { ...value, origin: literalOrigin('field', target.name, target.range, statement.value) },
      );
    }
  }
}

export function isStatic(callable: Callable): boolean {
  if (callable.kind !== 'function') return true;
  return callable.modifier === 'static' || callable.decorators.some((d) => d.kind === 'name' && d.name === 'staticmethod');
}

function callCallable(
  callable: Callable,
  given: Arguments,
  self: Flow | null,
  closure: Scope | null,
  context: Context,
  reached: string | null,
): Flow {
  if (context.depth >= maximalDepth) return withTraits(merge(...given.positional), 0);
  if (reached !== null) context.study.reached.add(reached);
  const names = new Map<string, Flow>();
  const inner: Context = {
    study: context.study,
    scope: { names, parent: closure ?? context.study.definitions.moduleScope },
    depth: context.depth + 1,
  };
  let parameters = callable.parameters;
  if (self) {
    names.set('this', self);
    const python = context.study.definitions.program.language === 'python';
    const first = parameters[0];
    if (python && first && !isStatic(callable)) {
      names.set(first.name, self);
      names.set('self', self);
      parameters = parameters.slice(1);
    }
  }
  parameters.forEach((parameter, i) => {
    const named = given.named.get(parameter.name);
    const flow = named?.flow ?? given.positional[i] ?? null;
    const node = named?.node ?? given.nodes[i] ?? null;
    bindParameter(parameter, flow, node, named?.nameRange ?? null, inner);
  });
  const result = followBody(callable.body, inner);
  return result;
}

function bindParameter(parameter: Parameter, flow: Flow | null, node: Expression | null, nameRange: Range | null, context: Context): void {
  const { names } = context.scope;
  if (parameter.pattern) {
    bind(parameter.pattern, flow ?? (parameter.defaultValue ? evaluate(parameter.defaultValue, context) : nothing), context);
    return;
  }
  if (flow === null) {
    const value = parameter.defaultValue ? evaluate(parameter.defaultValue, context) : nothing;
    const origin: Origin = {
      key: `parameter:${String(parameter.range.start)}`,
      name: parameter.name,
      kind: 'parameter',
      where: 'helper',
      nameRange: { start: parameter.range.start, end: parameter.range.start + parameter.name.length },
      value: parameter.defaultValue,
    };
    names.set(parameter.name, value.origin ? value : { ...value, origin });
    return;
  }
  // A number handed over stands for the parameter it is handed to: `LabelSmoothing(5, 0.1)`.
  if (flow.origin === null && node && isNumber(node)) {
    const origin: Origin = {
      key: `argument:${String(node.range.start)}`,
      name: parameter.name,
      kind: 'argument',
      where: 'body',
      nameRange: nameRange ?? node.range,
      value: node,
    };
    names.set(parameter.name, { ...flow, origin });
    return;
  }
  names.set(parameter.name, flow);
}

/** Binds an assignment's target; `node` is the value's expression where one was written. */
export function bind(target: Expression, value: Flow, context: Context, node: Expression | null = null): void {
  switch (target.kind) {
    case 'name': {
      const literal = node !== null && isNumber(node) && value.origin === null;
      context.scope.names.set(
        target.name,
        literal
          ? {
              ...value,
              origin: { ...literalOrigin('variable', target.name, target.range, node), key: `variable:${String(target.range.start)}` },
            }
          : value,
      );
      return;
    }
    case 'attribute': {
      const object = evaluate(target.object, context);
      if (object.object?.kind !== 'instance') return;
      const literal = node !== null && isNumber(node) && value.origin === null;
      object.object.attributes.set(
        target.name,
        literal
          ? {
              ...value,
              origin: {
                ...literalOrigin('attribute', target.name, target.nameRange, node),
                key: `attribute:${String(target.range.start)}`,
              },
            }
          : value,
      );
      return;
    }
    case 'sequence':
      // `a, b = x, y` pairs them.
      if (node?.kind === 'sequence' && node.items.length === target.items.length && !node.items.some((item) => item.kind === 'starred')) {
        const values = node.items.map((item) => evaluate(item, context));
        target.items.forEach((item, i) => {
          bind(item, values[i]!, context, node.items[i]);
        });
        return;
      }
      for (const item of target.items) bind(item, { ...value, object: null, origin: null, complementOf: null }, context);
      return;
    case 'starred':
      bind(target.value, value, context);
      return;
    case 'mapping':
      for (const entry of target.entries) bindOption(entry.key, entry.value, value, context);
      return;
    case 'assignment':
      // A destructuring default.
      bind(target.target, value, context, target.value);
      return;
    default:
      evaluate(target, context);
  }
}

/** `{ smoothing = 0.1 }` of a parameter or a `const`: the default is the constant's value. */
function bindOption(key: Expression | null, target: Expression, options: Flow, context: Context): void {
  const name = key && keyOf(key);
  if (!key || typeof name !== 'string') {
    bind(target, { ...options, origin: null }, context);
    return;
  }
  const given = optionFlow(options, name);
  const defaultValue = target.kind === 'assignment' ? target.value : null;
  const inner = target.kind === 'assignment' ? target.target : target;
  const where = options.origin?.where ?? 'call';
  const origin: Origin = given.origin ?? {
    key: `option:${String(key.range.start)}`,
    name,
    kind: 'option',
    where,
    nameRange: key.range,
    value: defaultValue,
  };
  bind(inner, { ...given, from: given.from | options.from, origin }, context);
}

function callOperation(name: string, receiver: Flow | null, given: Arguments, call: Call, context: Context): Flow {
  const { study } = context;
  const plain = canonical(name);
  const values = receiver ? [receiver, ...given.positional] : given.positional;
  const everything = merge(...values, ...[...given.named.values()].map((n) => n.flow));
  const first = values[0] ?? given.named.get('input')?.flow ?? given.named.get('x')?.flow ?? given.named.get('logits')?.flow ?? nothing;
  const isClass = /^[A-Z]/.test(name) && name !== name.toUpperCase();
  const range = call.range;

  const entropy = crossEntropyOf(plain, study);
  if (entropy) {
    noteSmoothingArgument(plain, entropy, isClass, given, study);
    if (isClass) return { ...nothing, object: { kind: 'operation', name: plain } };
    return crossEntropyFlow(entropy, receiver, given, range, context);
  }
  if (libraryLosses.has(plain)) {
    const at = libraryLosses.get(plain)!;
    noteArgument(
      given.named.get('smoothing') ?? given.named.get('epsilon') ?? given.named.get('label_smoothing'),
      given,
      at,
      'smoothing',
      study,
    );
    return { ...nothing, object: { kind: 'operation', name: 'cross_entropy' } };
  }
  if (logSoftmaxes.has(plain)) {
    if (isClass) return { ...nothing, object: { kind: 'operation', name: 'log_softmax' } };
    return logSoftmaxOf(everything, first, range, context);
  }
  if (softmaxes.has(plain)) {
    if (isClass) return { ...nothing, object: { kind: 'operation', name: plain } };
    noteUse(study, first.from, 'logits');
    if (!has(everything, trait.opaque)) note(study, 'softmax', range);
    return withTraits(everything, trait.softmax);
  }
  if (layers.has(plain) && isClass) {
    study.ownsLayers = true;
    return { ...nothing, object: { kind: 'layer' } };
  }
  if (plain === 'logsumexp') {
    return withTraits(everything, trait.logSumExp);
  }
  if (logs.has(plain)) {
    if (has(first, trait.softmax))
      return logSoftmaxOf({ ...everything, traits: everything.traits & ~trait.softmax }, nothing, range, context);
    if (has(first, trait.exponential))
      return withTraits({ ...everything, traits: everything.traits & ~trait.exponential }, trait.logSumExp);
    return withTraits(everything, trait.logarithm);
  }
  if (plain === 'exp') {
    return withTraits({ ...everything, traits: everything.traits & trait.opaque }, trait.exponential);
  }
  if (oneHots.has(plain)) {
    return oneHotFlow(first, given, everything, range, context);
  }
  if (targetSmoothers.has(plain)) {
    noteArgument(given.named.get('alpha'), given, 1, 'alpha', study);
    return oneHotFlow(first, given, everything, range, context);
  }
  if (scatters.has(plain.replace(/\d+$/, ''))) return scatterFlow(values, given, everything, range, context);
  if (gathers.has(plain)) {
    const index = given.named.get('index')?.flow ?? given.named.get('indices')?.flow ?? merge(...values.slice(1));
    if (
      has(first, trait.logSoftmax | trait.logarithm) ||
      (first.from !== 0 && (index.from & ~first.from) !== 0 && !has(first, trait.oneHot))
    )
      return picked(first, index, range, context);
    return withTraits(everything, 0);
  }
  if (plain === 'eye' || plain === 'identity') return { ...nothing, traits: trait.oneHot };
  if (averages.has(plain)) {
    const uniform = has(first, trait.logSoftmax) || (first.from !== 0 && first.origin?.where === 'call');
    const already = has(first, trait.crossEntropy | trait.oneHot | trait.picked);
    return withTraits(everything, uniform && !already ? trait.uniform : 0);
  }
  const [left, right] = [values[0], values[1]];
  const rightNode = receiver ? call.arguments[0] : call.arguments[1];
  if (left && right && rightNode) {
    const leftNode = receiver ? null : (call.arguments[0] ?? null);
    if (products.has(plain)) return product(left, right, range, context);
    if (quotients.has(plain)) return quotient(left, right, rightNode, range, context);
    if (differences.has(plain))
      return difference(
        left,
        right,
        receiver && call.callee.kind === 'attribute' ? unwrapScalar(call.callee.object) : leftNode && unwrapScalar(leftNode),
        rightNode,
        range,
        context,
      );
  }
  if (passThrough.has(plain)) return first;
  if (metadataNames.has(plain)) return { ...nothing, traits: trait.metadata };
  if (creations.has(plain) && (receiver === null || receiver.from === 0)) {
    if (given.positional.length === 1 && has(first, trait.opaque)) return withTraits(everything, 0);
    return withTraits(everything, trait.created);
  }
  if (receiver) return { ...withTraits(everything, 0), object: null };
  if (isClass) return { ...nothing, traits: everything.traits & trait.opaque, from: everything.from, object: null };
  if (call.callee.kind === 'attribute') return withTraits(everything, 0);
  return knownPure.has(plain) ? withTraits(everything, 0) : withTraits(everything, trait.opaque);
}

const passThrough = new Set(['scalar', 'float', 'number', 'variable', 'parameter', 'stopgradient', 'detach', 'clone']);
const knownPure = new Set(
  'where stack cat concat abs max min maximum minimum clamp clip flip print range int len isinstance squeeze unsqueeze variable full zeros oneslike zeroslike fulllike emptylike pow sqrt tuple list tidy add neg reshape view'.split(
    ' ',
  ),
);

function unwrapScalar(expression: Expression): Expression {
  const inner =
    expression.kind === 'call' && expression.callee.kind === 'attribute' && expression.callee.name === 'scalar'
      ? expression.arguments[0]
      : undefined;
  return inner ?? expression;
}

function crossEntropyOf(plain: string, study: Study): CrossEntropyOperation | null {
  const operation = crossEntropies.get(plain);
  if (!operation) return null;
  const optax =
    plain === 'softmaxcrossentropy' &&
    [...study.definitions.imports.values()].some((module) => module.startsWith('optax') || module.startsWith('jax'));
  if (optax) return { ...operation, prediction: 0, target: 1 };
  const keras =
    plain === 'binarycrossentropy' &&
    [...study.definitions.imports.values()].some((m) => m.startsWith('keras') || m.startsWith('tensorflow'));
  return keras ? { ...operation, prediction: 1, target: 0 } : operation;
}

function noteSmoothingArgument(plain: string, operation: CrossEntropyOperation, isClass: boolean, given: Arguments, study: Study): void {
  const named = given.named.get('label_smoothing') ?? given.named.get('labelSmoothing') ?? given.named.get('smoothing');
  const at = isClass ? operation.smoothingAtConstructor : operation.smoothingAt;
  const torchBinary =
    plain === 'binarycrossentropy' &&
    study.definitions.program.language === 'python' &&
    ![...study.definitions.imports.values()].some((m) => /^(keras|tensorflow)/.test(m));
  noteArgument(
    named,
    given,
    torchBinary ? undefined : at,
    study.definitions.program.language === 'python' ? 'label_smoothing' : 'labelSmoothing',
    study,
  );
}

function noteArgument(
  named: { readonly flow: Flow; readonly node: Expression; readonly nameRange: Range } | undefined,
  given: Arguments,
  at: number | undefined,
  name: string,
  study: Study,
): void {
  const node = named?.node ?? (at === undefined || at < 0 ? undefined : given.nodes[at]);
  if (!node || (node.kind === 'constant' && node.value.type !== 'float' && node.value.type !== 'int')) return;
  const flow = named?.flow ?? given.positional[at!] ?? nothing;
  const origin: Origin = flow.origin ?? {
    key: `argument:${String(node.range.start)}`,
    name,
    kind: 'argument',
    where: 'body',
    nameRange: named?.nameRange ?? node.range,
    value: node,
  };
  noteConstant(study, origin).argument = true;
  study.smoothingValues.push(node);
  note(study, 'smoothing argument', node.range);
}

function crossEntropyFlow(operation: CrossEntropyOperation, receiver: Flow | null, given: Arguments, range: Range, context: Context): Flow {
  const { study } = context;
  const byName = (names: readonly string[]) => names.map((n) => given.named.get(n)?.flow).find((f) => f !== undefined);
  const prediction = byName(operation.predictionNames) ?? given.positional[operation.prediction] ?? receiver ?? nothing;
  const target = byName(operation.targetNames) ?? given.positional[operation.target] ?? nothing;
  if (!has(prediction, trait.logSoftmax | trait.softmax | trait.logarithm)) {
    const uses: ParameterUse = operation.takes;
    noteUse(study, prediction.from, uses);
  }
  if (!has(target, trait.oneHot)) noteUse(study, target.from, operation.targets);
  const both = merge(prediction, target);
  if (!has(both, trait.opaque)) {
    note(study, 'cross entropy', range);
    noteLoss(study, both, true);
  }
  return withTraits(both, trait.crossEntropy);
}

function oneHotFlow(labels: Flow, given: Arguments, everything: Flow, range: Range, context: Context): Flow {
  noteUse(context.study, labels.from, 'targetIndices');
  note(context.study, 'one-hot targets', range);
  // tf.one_hot(i, K, on, off): two values that no literal gives.
  const on = given.named.get('on_value')?.flow ?? given.named.get('onValue')?.flow ?? given.positional[2];
  const off = given.named.get('off_value')?.flow ?? given.named.get('offValue')?.flow ?? given.positional[3];
  if (on && off && (on.complementOf ?? on.origin) && (off.traits & trait.number) !== 0) note(context.study, 'on and off values', range);
  return withTraits(everything, trait.oneHot);
}

/** `x.scatter_(dim, index, value)`: a constant value written at the targets makes one-hot targets. */
function scatterFlow(values: readonly Flow[], given: Arguments, everything: Flow, range: Range, context: Context): Flow {
  const index = given.named.get('index')?.flow ?? values[2] ?? nothing;
  const value = given.named.get('value')?.flow ?? given.named.get('src')?.flow ?? values[3] ?? nothing;
  const scalar = value.complementOf !== null || value.origin !== null || has(value, trait.number) || value.from === 0;
  if (!scalar) return withTraits(everything, 0);
  noteUse(context.study, index.from, 'targetIndices');
  note(context.study, 'one-hot targets', range);
  if (value.origin?.kind === 'parameter') note(context.study, 'on and off values', range);
  // The values that were there are overwritten: what they were made from is a shape.
  return { ...nothing, traits: trait.oneHot | (everything.traits & trait.opaque) | (everything.traits & trait.created), from: index.from };
}
