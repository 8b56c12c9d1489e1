/** Follows expressions: what kind of value each is, and what that shows about the code around it. */
import type { Binary, Call, ClassDefinition, Expression, Parameter, Range, Statement, Subscript } from '../language/program';
import { combine, isFraction, literalOrigin, picked } from './arithmetic';
import type { Flow, Origin, Scope } from './flow';
import { either, has, lookup, merge, nothing, trait, withTraits, withoutTraits } from './flow';
import type { Context } from './followContext';
import { isNumber, keyOf, placeKey } from './literals';
import { classOf, definitionsAt, homeOf, moduleMember } from './ownImports';
import type { Arguments } from './operations';
import { asColumn, callOperation, metadataNames, rowsOfTable, sameLabel } from './operations';
import type { Callable } from './sites';
import { note, noteUse } from './study';
import { canonical, crossEntropies, isSmoothingFactorName } from './vocabulary';

const maximalDepth = 5;

export function evaluate(expression: Expression, context: Context): Flow {
  if (--context.study.budget < 0) return nothing;
  switch (expression.kind) {
    case 'name':
      return evaluateName(expression.name, context);
    case 'constant':
      if (expression.value.type !== 'int' && expression.value.type !== 'float') return nothing;
      return { ...nothing, traits: trait.number, ...(isFraction(expression) ? { literal: expression } : {}) };
    case 'attribute':
      return evaluateAttribute(evaluate(expression.object, context), expression.name, expression.nameRange, context);
    case 'subscript': {
      const object = evaluate(expression.object, context);
      const index = evaluate(expression.index, context);
      if (has(object, trait.item) && expression.index.kind === 'constant') noteUse(context.study, object.from, 'records');
      if (endsInNone(expression.index)) return asColumn(object) ?? evaluateSubscript(object, index, 'items', expression.range, context);
      const items = expression.index.kind === 'sequence' ? expression.index.items : [];
      // `x[:, ids]`: the same columns of every row.
      const form = items[0]?.kind === 'slice' ? 'columns' : items.length === 2 ? 'rowAndColumn' : 'items';
      return evaluateSubscript(object, index, form, expression.range, context);
    }
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
    case 'comparison': {
      const operands = expression.operands.map((operand) => evaluate(operand, context));
      const isEquality = expression.operators.every((operator) => operator === '==' || operator === '===');
      if (!isEquality) noteLengths(operands, expression.operands, context);
      return (isEquality ? sameLabel(operands, expression.range, context) : null) ?? compared(merge(...operands));
    }
    case 'conditional': {
      const test = evaluate(expression.test, context);
      const value = either(evaluate(expression.then, context), evaluate(expression.otherwise, context));
      // `k === label ? 1 - e : 0`: one-hot targets, a class at a time.
      return has(test, trait.oneHot) ? withTraits(merge(value, test), trait.oneHot) : value;
    }
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
      for (const clause of expression.clauses) bindEach(clause.target, clause.iterable, { ...context, scope });
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

/** `x[:, None]`. */
function endsInNone(index: Expression): boolean {
  const last = index.kind === 'sequence' && index.items.length > 1 ? index.items.at(-1) : undefined;
  return last?.kind === 'constant' && last.value.type === 'none';
}

/** Binds a loop's names to what it goes over: with `enumerate` one of them counts, with `zip` each has its own. */
export function bindEach(target: Expression, iterable: Expression, context: Context): void {
  const callee = iterable.kind === 'call' && iterable.callee.kind === 'name' ? iterable.callee.name : null;
  if (iterable.kind === 'call' && target.kind === 'sequence') {
    const given = iterable.arguments;
    if (callee === 'enumerate' && target.items.length === 2 && given.length > 0) {
      bind(target.items[0]!, { ...nothing, traits: trait.byLabel }, context);
      bindEach(target.items[1]!, given[0]!, context);
      return;
    }
    if (callee === 'zip' && given.length === target.items.length) {
      target.items.forEach((item, i) => {
        bindEach(item, given[i]!, context);
      });
      return;
    }
  }
  const items = evaluate(iterable, context);
  bind(target, items.origin?.where === 'call' && items.traits === 0 ? { ...items, traits: trait.item } : items, context);
}

/** `arange(n) < lengths[:, None]`: what positions are held against, one number for each row. */
function noteLengths(operands: readonly Flow[], nodes: readonly Expression[], { study }: Context): void {
  const at = operands.findIndex((operand) => !has(operand, trait.byLabel));
  const [other, node] = [operands[at], nodes[at]];
  const isColumn = node?.kind === 'subscript' || (node?.kind === 'call' && node.callee.kind === 'attribute');
  if (operands.length === 2 && other?.traits === 0 && isColumn && has(merge(...operands), trait.byLabel))
    noteUse(study, other.from, 'lengths');
}

/** `arange(n) < lengths` is a mask: no data, and no distance between labels. */
const compared = (operands: Flow): Flow =>
  has(operands, trait.byLabel) ? withTraits(withoutTraits(operands, trait.byLabel), trait.metadata) : withTraits(operands, 0);

/** `a: number | undefined ?? 0.1`, `eps or 0` where eps is None: the right side is the constant's value. */
function withDefault(flow: Flow, value: Expression): Flow {
  if (!flow.origin || !isNumber(value)) return flow;
  const { value: own } = flow.origin;
  const isNone = own?.kind === 'constant' && own.value.type === 'none';
  return own === null || isNone ? { ...flow, origin: { ...flow.origin, value } } : flow;
}

function evaluateName(name: string, context: Context): Flow {
  const found = lookup(context.scope, name);
  if (found) return found;
  const { modules } = context.study;
  const definitions = definitionsAt(context.scope, context.study.definitions);
  const own = definitions.imported(name);
  if (own) return own;
  const module = definitions.imports.get(name);
  if (module !== undefined) modules.add(module);
  else if (/^(torch|nn|F|tf|np|jnp|jax|optax|keras)$/.test(name)) modules.add(name);
  const definition = definitions.classes.get(name);
  if (definition) return { ...nothing, object: { kind: 'class', definition } };
  const callable = definitions.functions.get(name);
  if (callable) return { ...nothing, object: { kind: 'callable', callable, scope: definitions.moduleScope } };
  return nothing;
}

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
  if (object.object?.kind === 'module') {
    const member = moduleMember(object.object.definitions, name);
    if (member) return member;
  }
  if (object.object?.kind === 'options') {
    const entry = object.object.entries.get(name);
    if (entry) return entry;
  }
  if (name === 'data' || name === 'T' || name === 'mT' || name === 'values' || name === 'grad') return object;
  if (metadataNames.has(canonical(name))) return { ...nothing, traits: trait.metadata };
  // `options.smoothing`, `cfg.eps`: a constant by itself.
  const { origin: own } = object;
  const isSettings = (own?.kind === 'parameter' && (object.from !== 0 || own.where === 'constructor')) || own?.kind === 'option';
  const plain = own !== null && isSettings && (object.traits & ~trait.metadata) === 0;
  if (plain) {
    const origin: Origin = {
      key: `${own.key}.${name}`,
      name,
      kind: 'option',
      where: own.where,
      nameRange,
      value: null,
      of: own.of ?? own.name,
    };
    return { ...nothing, from: object.from, origin };
  }
  return {
    ...nothing,
    traits: object.traits,
    from: object.from,
    origin: isSmoothingFactorName(name)
      ? { key: `attribute:${name}`, name, kind: 'attribute', where: 'body', nameRange, value: null }
      : null,
  };
}

/** A method of a class of the person's, its own or inherited from another one of theirs. */
export function memberOf(definition: ClassDefinition, name: string, context: Context, skipOwn: boolean, depth = 0): Callable | null {
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
    const parent = classOf(base, homeOf(definition, context.study.definitions));
    const found = parent && parent !== definition ? memberOf(parent, name, context, false, depth + 1) : null;
    if (found) return found;
  }
  return null;
}

function evaluateSubscript(object: Flow, index: Flow, form: 'items' | 'rowAndColumn' | 'columns', range: Range, context: Context): Flow {
  if (has(object, trait.metadata)) return { ...nothing, traits: trait.metadata };
  // log_probs[range(n), target]: the target's log-probability.
  if (form !== 'columns' && has(object, trait.logSoftmax) && index.from !== 0 && !has(object, trait.picked))
    return picked(object, index, range, context);
  const rows = rowsOfTable(object, index, context);
  if (rows !== null) return rows;
  const plain = { ...nothing, traits: (object.traits | (index.traits & trait.opaque)) & ~trait.number, from: object.from };
  // logits[range(n), target]: the target's logit; with logsumexp(logits) it makes a cross entropy.
  const isOther = (index.from & ~object.from) !== 0 && !has(index, trait.metadata | trait.oneHot);
  const isTarget =
    isOther &&
    object.from !== 0 &&
    (form === 'rowAndColumn' ? object.origin?.where === 'call' : form === 'items' && !has(index, trait.byLabel) && isOneRow(object));
  if (!isTarget) return plain;
  noteUse(context.study, index.from, 'targetIndices');
  return { ...plain, traits: plain.traits | trait.picked, from: plain.from | index.from };
}

/** A row of logits, as a loop or a caller gives it: what a label picks out of it is its own logit. */
const isOneRow = (object: Flow): boolean => object.origin?.where === 'call' && (object.traits & ~(trait.created | trait.item)) === 0;

function evaluateBinary(expression: Binary, context: Context): Flow {
  const left = evaluate(expression.left, context);
  const right = evaluate(expression.right, context);
  return combine(expression.operator, left, right, expression.left, expression.right, expression.range, context);
}

// ------------------------------------------------------------------------------------------------------------ calls

function evaluateArguments(call: Call, context: Context): Arguments {
  const named = new Map<string, { flow: Flow; node: Expression; nameRange: Range }>();
  for (const keyword of call.keywords) {
    const flow = evaluate(keyword.value, context);
    if (keyword.name !== null)
      named.set(keyword.name, {
        flow,
        node: keyword.value,
        nameRange: { ...keyword.range, end: keyword.range.start + keyword.name.length },
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
    if (object.object?.kind === 'super') {
      if (callee.name === '__init__') keptByBase(object.object.attributes, given);
      const builtin = builtinBase(object.object.definition, context);
      // What the library's own class is made with, and what it computes.
      if (builtin !== null && callee.name === '__init__') return callOperation(builtin, null, given, call, context);
      if (builtin !== null && isForward(callee.name)) return callOperation(canonical(builtin), null, given, call, context);
    }
    if (object.object?.kind === 'instance' && callee.name === 'register_buffer') keptAsBuffer(object.object.attributes, given);
    // tf.tidy(() => …) gives what its function gives.
    const thunk = canonical(callee.name) === 'tidy' ? given.positional.at(-1)?.object : null;
    if (thunk?.kind === 'callable') return callObject(thunk, { positional: [], nodes: [], named: new Map() }, call, context);
    const isModule = isModuleReference(callee.object, context);
    const overItems = isModule ? null : calledOverItems(callee.name, object, given, call, context);
    if (overItems) return overItems;
    const result = callOperation(callee.name, isModule ? null : object, given, call, context);
    // `true_dist.scatter_(…)` changes what the name holds, and so does `rows.append(…)`.
    if (!isModule && (/[^_]_$/.test(callee.name) || isAppending(callee.name)) && callee.object.kind === 'name')
      context.scope.names.set(callee.object.name, result);
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

const isAppending = (name: string): boolean => name === 'append' || name === 'push';

/** `row.reduce((sum, v) => sum + Math.exp(v), 0)`, `logits.map((v) => v - max)`: what the function makes of an item. */
function calledOverItems(name: string, items: Flow, given: Arguments, call: Call, context: Context): Flow | null {
  const [handed] = given.positional;
  if (context.study.definitions.program.language === 'python') return null;
  if (handed?.object?.kind !== 'callable' || !/^(reduce|map|forEach|flatMap)$/.test(name)) return null;
  const item: Flow = { ...items, object: null };
  const counted: Flow = { ...nothing, traits: trait.byLabel };
  const sum = given.positional[1] ?? nothing;
  const positional = name === 'reduce' ? [{ ...sum, origin: null }, item, counted] : [item, counted];
  const made = callObject(handed.object, { positional, nodes: [], named: new Map() }, call, context);
  if (name !== 'reduce') return made;
  const isUniform = has(made, trait.logSoftmax) && !has(made, trait.crossEntropy | trait.oneHot | trait.picked);
  return withTraits(made, isUniform ? trait.uniform : 0);
}

const isForward = (name: string): boolean => name === 'forward' || name === 'call' || name === '__call__';

/** The library's loss that a class extends, by its name there: `CrossEntropyLoss`. */
export function builtinBase(definition: ClassDefinition, context: Context, depth = 0): string | null {
  const { classes, imports } = context.study.definitions;
  for (const base of definition.bases) {
    const written = base.kind === 'name' || base.kind === 'attribute' ? base.name : '';
    const own = base.kind === 'name' ? classes.get(written) : undefined;
    const inherited = own === undefined || own === definition || depth > 4 ? null : builtinBase(own, context, depth + 1);
    if (inherited !== null) return inherited;
    if (own !== undefined) continue;
    const real = base.kind === 'name' ? (imports.get(written)?.split('.').at(-1) ?? written) : written;
    if (crossEntropies.has(canonical(real)) && /^[A-Z]/.test(real)) return real;
  }
  return null;
}

/** `super().__init__(reduction=reduction)`: what a library's class is made with, it keeps under the same name. */
function keptByBase(attributes: Map<string, Flow>, given: Arguments): void {
  for (const [name, { flow }] of given.named) if (!attributes.has(name)) attributes.set(name, flow);
}

/** `self.register_buffer('table', torch.eye(k))` is `self.table = torch.eye(k)`. */
function keptAsBuffer(attributes: Map<string, Flow>, given: Arguments): void {
  const nameNode = given.named.get('name')?.node ?? given.nodes[0];
  const name = nameNode === undefined ? null : keyOf(nameNode);
  const value = given.named.get('tensor')?.flow ?? given.positional[1];
  if (nameNode?.kind === 'constant' && name !== null && value) attributes.set(name, value);
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
  const { imports } = definitionsAt(context.scope, context.study.definitions);
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
    case 'module':
      return nothing;
  }
}

function nameOfLambda(callable: Callable, context: Context): string | null {
  for (const [name, found] of context.study.definitions.functions) if (found === callable) return name;
  return null;
}

function construct(definition: ClassDefinition, given: Arguments, context: Context): Flow {
  const instance = { kind: 'instance', definition, attributes: new Map<string, Flow>() } as Extract<Flow['object'], { kind: 'instance' }>;
  const self: Flow = { ...nothing, object: instance };
  // A field may hold an instance of its own class, or of one that holds an instance of this: that one's fields are left open.
  if (context.making.length >= maximalDepth || context.making.includes(definition)) return self;
  bindFields(definition.body, instance.attributes, { ...context, making: [...context.making, definition] });
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
    ...context,
    scope: { names, parent: closure ?? homeOf(callable, context.study.definitions).moduleScope },
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
  const result = context.follow(callable.body, inner);
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
      key: `parameter:${placeKey(parameter.range)}`,
      name: parameter.name,
      kind: 'parameter',
      where: 'helper',
      nameRange: { ...parameter.range, end: parameter.range.start + parameter.name.length },
      value: parameter.defaultValue,
    };
    names.set(parameter.name, value.origin ? value : { ...value, origin });
    return;
  }
  // A number handed over stands for the parameter it is handed to: `LabelSmoothing(5, 0.1)`.
  if (flow.origin === null && node && isNumber(node)) {
    const origin: Origin = {
      key: `argument:${placeKey(node.range)}`,
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
              origin: { ...literalOrigin('variable', target.name, target.range, node), key: `variable:${placeKey(target.range)}` },
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
                key: `attribute:${placeKey(target.range)}`,
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
    case 'subscript':
      bindElement(target, value, context);
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

/** `q[range(n), labels] = 1 - e`: a constant written where the labels say makes one-hot targets. */
function bindElement(target: Subscript, value: Flow, context: Context): void {
  const index = evaluate(target.index, context);
  const constant = value.complementOf !== null || value.origin !== null || has(value, trait.number);
  // A mask is no label, unless it is one of the label's class.
  const isMask = target.index.kind === 'comparison' && !has(index, trait.oneHot);
  if (!constant || isMask || index.from === 0 || target.object.kind !== 'name') return;
  const before = evaluate(target.object, context);
  noteUse(context.study, index.from, 'targetIndices');
  note(context.study, 'one-hot targets', target.range);
  context.scope.names.set(target.object.name, { ...nothing, traits: trait.oneHot | (before.traits & trait.opaque), from: index.from });
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
    key: `option:${placeKey(key.range)}`,
    name,
    kind: 'option',
    where,
    nameRange: key.range,
    value: defaultValue,
  };
  bind(inner, { ...given, from: given.from | options.from, origin }, context);
}
