/**
 * A run that explores: the program runs with unknown values where its data, its weights and foreign libraries would be. An unknown absorbs what
 * is done to it, a branch on one is taken both ways, and all calls are written down, for whoever asks how a loss is built and called. What is
 * known runs as in any other run. Nothing here makes a value up: what cannot be known stays unknown, and says why.
 */
import type { Call, Expression, Range, Statement } from '../../language/program';
import { isGradOff } from '../../tensor/run';
import type { Keywords } from '../context';
import { Raised, Stopped, exceptionClass } from '../exceptions';
import type { Frame, Machine } from '../machine';
import { at, provenanceOf, type Place } from '../provenance';
import { typeOf } from '../types';
import type { FunctionValue, NativeFunction, UnknownValue, Value } from '../value';
import { bigintOf, dict, isCallable, isSubclass, numberOf, unknown } from '../value';
import type { JournalEntry } from './branches';
import type { Facts } from './facts';
import { changeTensor, contentOf, factsOf, factsOfOperation, keepMaking, shapeAlone, withoutFillings, writtenInto } from './facts';
import { applied, inputFacts, layerMadeBy } from './layers';
import type { Layer } from './layers';
import { createWorkings } from './workings';
import type { Workings } from './workings';

/** A call that the program made, with the values it made it with. */
export interface CallSeen {
  /** The call as it stands in the person's text; null where a library made it. */
  readonly node: Call | null;
  readonly callee: Value;
  readonly arguments: readonly Value[];
  readonly keywords: Keywords;
  result: Value | null;
  /** False where something that is not known decided that it was made. */
  readonly certain: boolean;
  /** Whoever calls the function that is run for its own sake makes it: certain but for that. */
  readonly sure: boolean;
  /** It was made where no gradient is kept: nothing is trained by it. */
  readonly evaluating: boolean;
  /** Where it stands. */
  readonly place: Place;
  /** The functions of the person's around it, outermost first. */
  readonly within: readonly string[];
  /** It was made by a function that nothing of the program was seen to call: run for its own sake, with what is not known. */
  readonly isEntry: boolean;
  /** Running numbers: what was made before what. */
  readonly order: number;
}

/** A function of the person's that was run, with what each of its parameters held. */
export interface Binding {
  readonly function: FunctionValue;
  /** By the parameters' names (of a destructured one, by the names it binds). */
  readonly values: ReadonlyMap<string, Value>;
  readonly certain: boolean;
  readonly sure: boolean;
  readonly evaluating: boolean;
  readonly place: Place;
  readonly within: readonly string[];
  readonly isEntry: boolean;
  readonly order: number;
  result: Value | null;
}

/** A branch that the values of this run do not take: others may. */
export interface Postponed {
  readonly statement: object;
  readonly frame: Frame;
  readonly body: readonly Statement[];
  readonly entering: boolean;
}

/** A statement of the program that raised, and is gone on behind. */
export interface Failure {
  readonly place: Place;
  readonly message: string;
}

/** A parameter of a function that is run for its own sake, which was handed what its module has under the parameter's name. */
export interface Supposed {
  readonly name: string;
  /** Of the function. */
  readonly range: Range;
  readonly file: string | undefined;
}

export interface Exploration {
  /** More than 0 while what runs is only possible. */
  uncertain: number;
  /** What runs is a function for its own sake, which nothing of the program was seen to call. */
  entering: boolean;
  /** `try` statements under way that catch something: then an error is the program's own business. */
  guarded: number;
  /** What attributes were before the branch under way set them; null outside of branches. */
  journal: JournalEntry[] | null;
  readonly calls: CallSeen[];
  readonly bindings: Binding[];
  readonly supposed: Supposed[];
  /** How numbers and tensors of the person's own statements came about. */
  readonly workings: Workings;
  /** Writes an operation of the person's own text down. */
  work(name: string, operands: readonly Value[], result: Value): void;
  /** What each argument of the person's calls was, each time. */
  readonly values: Map<string, Value[]>;
  /** Bodies of functions that were run. */
  readonly ran: Set<object>;
  /** Statements that failed, and what they raised. */
  readonly failed: Failure[];
  fail(range: Range, error: unknown): void;
  /** Operations that an unknown absorbed so far: tells rounds of a loop that learn nothing new. */
  absorbed: number;
  placeOf(range: Range): Place;
  /** The value with a stop at a place of the person's text. */
  stop(value: Value, range: Range, from?: readonly Value[]): Value;
  /** A container was bound or handed over at a place: what is read from it later came along. `isKept`: in an attribute. */
  carried(container: Value, range: Range, isKept?: boolean): void;
  /** What was read from a container, with the stops of the container on its way. */
  taken(container: Value, value: Value): Value;
  /** Keeps a branch that was not taken, with what comes after it, to be run when all else was. */
  postpone(branch: Postponed): void;
  readonly postponed: Postponed[];
  /** An unknown in place of what could not be computed here. */
  unknown(what: string, facts?: Facts): UnknownValue;
  /** The outcome of an operation; where it is not interpreted, or fails on a value that is not known, an unknown. */
  readonly absorbing: (operands: readonly Value[], facts: () => Facts, operation: () => Value) => Value;
  callUnknown(callee: UnknownValue, args: readonly Value[], keywords: Keywords): Value;
  /** A native function that was handed something unknown. */
  callNative(fn: NativeFunction, args: readonly Value[], keywords: Keywords, run: () => Value): Value;
  /** Writes a call down and runs it. */
  watched(callee: Value, args: readonly Value[], keywords: Keywords, node: Call | null, run: () => Value): Value;
  /** One of several. The same twice is that one. */
  readonly oneOf: (values: readonly Value[]) => Value;
  /** Sets an attribute or an item of an unknown. */
  attach(object: UnknownValue, name: string, value: Value): void;
  attached(object: UnknownValue, name: string): Value | null;
  /** Parts of a tensor are given other numbers. */
  wroteInto(object: Value, index: Value, value: Value): void;
  /** Runs a function, with its parameters bound, unless it is under way too often. */
  entered(fn: FunctionValue, names: ReadonlyMap<string, Value>, run: () => Value): Value;
  /** What is only possible. */
  possibly<T>(run: () => T): T;
}

/** Under this name a call has what it spreads over its keywords without knowing it: `f(**options)`. */
export const unknownSpread = '**';

/** Calls kept in all, and values kept of one argument. */
const mostCalls = 20_000;
const mostValues = 12;
const mostFailures = 100;
const mostPostponed = 200;
/** Stops of a container that are kept. */
const longestCarried = 24;
/** A function that is under way so often is called by itself, and what decides its end is not known. */
const deepest = 3;
export const mostAlternatives = 6;

export function createExploration(machine: Machine): Exploration {
  const attachedTo = new WeakMap<UnknownValue, Map<string, Value>>();
  const active = new Map<object, number>();
  const workings = createWorkings();
  let order = 0;

  const personsFrame = (): Frame | null => machine.frames.findLast((frame) => frame.unit.isPersons) ?? null;

  function placeOf(range: Range): Place {
    const program = personsFrame()?.unit.program;
    const text = program === undefined ? '' : program.text.slice(range.start, Math.min(range.end, range.start + 120));
    return { file: program?.file ?? null, range, text };
  }

  const madeUnknown = (what: string, facts?: Facts): UnknownValue => {
    const base = unknown(what, machine.here);
    return facts === undefined || Object.keys(facts).length === 0 ? base : { ...base, facts };
  };

  /** What an error says of the value that could not be had. */
  function reasonOf(error: unknown): string | null {
    if (error instanceof Stopped) return error.type === 'unsupported' ? error.message.replace(/^Unsupported: /, '') : null;
    return null;
  }

  function absorbing(operands: readonly Value[], facts: () => Facts, operation: () => Value): Value {
    const known = operands.every((operand) => operand.kind !== 'unknown');
    try {
      return operation();
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== null) {
        exploration.absorbed++;
        return madeUnknown(reason, facts());
      }
      if (known || !(error instanceof Raised) || isExit(error)) throw error;
      exploration.absorbed++;
      const first = operands.find((operand) => operand.kind === 'unknown');
      return madeUnknown(first?.kind === 'unknown' ? first.what : 'a value that is not known', facts());
    }
  }

  const isExit = (error: Raised): boolean => isSubclass(error.exception.class, exceptionClass('SystemExit'));

  function possibly<T>(run: () => T): T {
    const level = exploration.uncertain;
    exploration.uncertain++;
    try {
      return run();
    } finally {
      exploration.uncertain = level;
    }
  }

  function isSame(a: Value, b: Value): boolean {
    if (a === b) return true;
    if (a.kind !== b.kind) return false;
    switch (a.kind) {
      case 'none':
      case 'undefined':
        return true;
      case 'bool':
        return a.value === (b as typeof a).value;
      case 'int':
      case 'float':
      case 'str':
        return Object.is(a.value, (b as typeof a).value) && a.class === (b as typeof a).class;
      case 'unknown':
        return a.what === (b as typeof a).what;
      default:
        return false;
    }
  }

  /** It may be filled, or not. */
  const notFilled = (value: Value): Value =>
    value.kind === 'unknown' && value.facts !== undefined ? { ...value, facts: withoutFillings(value.facts) } : value;

  function oneOf(values: readonly Value[]): Value {
    const distinct: Value[] = [];
    for (const value of values) {
      const parts = factsOf(value)?.alternatives ?? [value];
      for (const part of parts) {
        const same = distinct.findIndex((other) => isSame(other, part));
        if (same < 0) distinct.push(part);
        else if (factsOf(distinct[same]!)?.filled !== factsOf(part)?.filled) distinct[same] = notFilled(distinct[same]!);
      }
    }
    const [only] = distinct;
    if (distinct.length === 1) return only!;
    const alternatives = distinct.slice(0, mostAlternatives);
    const tensors = alternatives.filter((value) => value.kind === 'tensor' || factsOf(value)?.isTensor === true);
    const first = tensors.length === alternatives.length && tensors.length > 0 ? factsOf(tensors[0]!) : null;
    // What the numbers are holds where all of them agree.
    const isAgreed = first !== null && tensors.every((one) => contentOf(one)?.nature === first.nature);
    const agreed = first === null || isAgreed ? first : shapeAlone(first);
    const isFilled = tensors.every((one) => contentOf(one)?.filled === first?.filled);
    const shape = agreed === null || isFilled ? agreed : withoutFillings(agreed);
    const names = alternatives.map((value) => (value.kind === 'unknown' ? value.what : typeOf(value).name));
    return madeUnknown(`one of several (${names.join(', ')})`, { ...(shape ?? {}), alternatives });
  }

  function attach(object: UnknownValue, name: string, value: Value): void {
    let names = attachedTo.get(object);
    if (names === undefined) {
      names = new Map();
      attachedTo.set(object, names);
    }
    names.set(name, value);
    // The head put on a foreign model says what the model gives.
    const outputs = outputsOf(value);
    if (outputs !== null)
      for (let root: UnknownValue | undefined = object; root !== undefined; root = root.facts?.member?.of)
        headOf.set(root, { outputs, last: endsIn.has(name) && /^(torchvision|timm)\./.test(root.what) ? value : null });
  }
  const headOf = new WeakMap<UnknownValue, Head>();

  /** What a head gives: of a library whose models are known to end in it, what the head itself makes of a tensor. */
  function givenBy({ outputs, last }: Head): Facts {
    const sized: Facts = { isTensor: true, lastSize: outputs };
    if (last === null) return sized;
    const made = possibly(() =>
      absorbing(
        [last],
        () => sized,
        () => machine.call(last, [madeUnknown('what the model hands its head', { isTensor: true })]),
      ),
    );
    const { nature, natureAt, axis } = factsOf(made) ?? {};
    return nature === undefined ? sized : { ...sized, nature, ...(natureAt ? { natureAt } : {}), ...(axis === undefined ? {} : { axis }) };
  }

  /** `out_features` of a layer, or of the last layer of a row of them. */
  function outputsOf(value: Value): Value | null {
    if (value.kind !== 'instance') return null;
    const own = machine.findAttribute(value, 'out_features');
    if (own !== null && bigintOf(own) !== null) return own;
    const children = value.attributes.get('_modules');
    if (children?.kind !== 'dict') return null;
    let last: Value | null = null;
    for (const [, child] of children.entries) last = outputsOf(child) ?? last;
    return last;
  }

  const isPersons = (value: Value): boolean =>
    (value.kind === 'function' && value.code.unit.isPersons) ||
    (value.kind === 'boundMethod' && isPersons(value.function)) ||
    (value.kind === 'instance' && isCallable(value)) ||
    (value.kind === 'class' && !value.sealed);

  function work(name: string, operands: readonly Value[], result: Value): void {
    if (machine.frames.at(-1)?.unit.isPersons !== true) return;
    workings.note(name, operands, result, () => ({ place: placeOf(machine.here), sure: standing().sure }));
  }

  function callUnknown(callee: UnknownValue, args: readonly Value[], keywords: Keywords): Value {
    const result = calledUnknown(callee, args, keywords);
    const { member } = callee.facts ?? {};
    if (member !== undefined) work(member.name, [member.of, ...args], result);
    else work(callee.what.slice(callee.what.lastIndexOf('.') + 1), args, result);
    return result;
  }

  function calledUnknown(callee: UnknownValue, args: readonly Value[], keywords: Keywords): Value {
    exploration.absorbed++;
    const { facts } = callee;
    if (facts?.alternatives !== undefined)
      return possibly(() =>
        oneOf(
          facts.alternatives!.map((one) =>
            absorbing(
              [callee],
              () => ({}),
              () => machine.call(one, args, keywords),
            ),
          ),
        ),
      );
    if (facts?.wraps !== undefined) {
      const { wraps } = facts;
      return possibly(() =>
        absorbing(
          [callee],
          () => ({}),
          () => machine.call(wraps, args, keywords),
        ),
      );
    }
    if (facts?.layer !== undefined) return madeUnknown(`${callee.what}()`, applied(facts.layer, inputFacts(args[0])));
    if (facts?.member !== undefined) {
      const { of, name } = facts.member;
      const layer = of.facts?.layer;
      if (layer !== undefined && ['apply', 'predict', 'forward', 'call', '__call__'].includes(name))
        return madeUnknown(`${callee.what}()`, applied(layer, inputFacts(args[0])));
      if (layer?.kind === 'row' && name === 'add') {
        layer.layers.push(args[0] === undefined ? null : (factsOf(args[0])?.layer ?? null));
        return of;
      }
      const loss = name === 'compile' ? (keywords.get('loss') ?? args[1]) : undefined;
      if (loss !== undefined) trainedWith(loss, layer ?? null);
      if (of.facts?.wraps !== undefined && (name === 'forward' || name === '__call__')) return callUnknown(of, args, keywords);
      const known = factsOfOperation({ name, args: [of, ...args], keywords, place: placeOf(machine.here) });
      if (changesInPlace(name) && of.facts?.isTensor === true) {
        // Of a change that may not happen, or is not known, only the shape is left.
        return Object.assign(of, { facts: standing().sure && known.isTensor === true ? known : shapeAlone(of.facts) });
      }
      // Nothing but a tensor is given another shape.
      const isShaped = (name === 'view' || name === 'reshape') && known.sizes !== undefined;
      if (
        of.facts?.isTensor === true ||
        known.nature !== undefined ||
        known.levels !== undefined ||
        known.filled !== undefined ||
        known.lengthOf !== undefined ||
        isShaped
      )
        return madeUnknown(`${callee.what}()`, known);
      // `.get(key, default)`, `.pop(key, default)`: the default is one of what it may give.
      const fallback = args[1];
      if (['get', 'pop', 'setdefault', 'getfloat', 'getint'].includes(name) && fallback !== undefined)
        return oneOf([fallback, madeUnknown(`${of.what}[${args[0]?.kind === 'str' ? `'${args[0].value}'` : '…'}]`)]);
      // What a model is moved or put into a mode by gives the model: `model.to(device)`, `model.eval()`.
      if (['to', 'cuda', 'cpu', 'train', 'eval', 'half', 'float', 'double', 'requires_grad_'].includes(name)) return of;
    }
    const head = headOf.get(callee);
    if (head !== undefined) return madeUnknown(`${callee.what}()`, givenBy(head));
    if (facts?.gives !== undefined) return madeUnknown(`${callee.what}()`, { isTensor: true, lastSize: facts.gives });
    const name = callee.what.slice(callee.what.lastIndexOf('.') + 1);
    const known = factsOfOperation({ name, args, keywords, place: placeOf(machine.here) });
    const classes = [...keywords].find(
      ([key, value]) => /^(num_(classes|labels)|n_?classes|out_features)$/.test(key) && bigintOf(value) !== null,
    );
    // What is made of a model or a configuration with so many classes has them too.
    const given = classes === undefined ? undefined : documented.test(callee.what) ? classes[1] : supposed(callee, classes);
    const gives = given ?? [...args, ...keywords.values()].map((value) => factsOf(value)?.gives).find((size) => size !== undefined);
    const handed = args.find(isPersons);
    const layer = layerMadeBy(callee.what, args, keywords, placeOf(machine.here));
    // What is handed over to be called without arguments is called: `optimizer.minimize(() => loss(x, y))`.
    if (handed?.kind === 'function' && handed.code.parameters.length === 0 && !exploration.ran.has(handed.code.body))
      possibly(() =>
        absorbing(
          [callee],
          () => ({}),
          () => machine.call(handed),
        ),
      );
    return madeUnknown(`${callee.what}()`, {
      ...known,
      ...(gives === undefined ? {} : { gives }),
      ...(handed === undefined ? {} : { wraps: handed }),
      ...(layer === null ? {} : { layer }),
    });
  }

  /** A number of classes by its argument's name alone. */
  function supposed({ what }: UnknownValue, [keyword, value]: readonly [string, Value]): Value {
    const { file, range } = placeOf(machine.here);
    return at(value, { file, range, text: `${what}(${keyword}=…)`, isSupposed: true });
  }

  /** A model is compiled with a loss: training calls it with the targets and what the model puts out. */
  function trainedWith(loss: Value, layer: Layer | null): void {
    const args = [madeUnknown('the targets'), madeUnknown('the output of the model', applied(layer, {}))];
    absorbing(
      args,
      () => ({}),
      () =>
        watched(
          loss,
          args,
          new Map([
            ['y_true', args[0]!],
            ['y_pred', args[1]!],
          ]),
          null,
          () => machine.call(loss, args),
        ),
    );
  }

  /** Natives that answer of an unknown what only the value itself could tell. */
  const asksOf = new Set(['isinstance', 'issubclass', 'hasattr', 'callable', 'bool', 'any', 'all']);

  function callNative(fn: NativeFunction, args: readonly Value[], keywords: Keywords, run: () => Value): Value {
    const direct = [...args, ...keywords.values()];
    const [first] = args;
    if (first?.kind === 'unknown' && asksOf.has(fn.name)) {
      exploration.absorbed++;
      const isTensorClass = args[1]?.kind === 'class' && args[1].name === 'Tensor';
      if (fn.name === 'isinstance' && isTensorClass && first.facts?.isTensor === true) return { kind: 'bool', value: true };
      return madeUnknown(`${fn.name}(${first.what})`);
    }
    if (first?.kind === 'unknown' && fn.name === 'len') {
      const size = first.facts?.sizes?.[0];
      if (size !== undefined && size !== null) return size;
    }
    const place = placeOf(machine.here);
    // A class that is called is made by its `__new__`.
    const made = fn.name.endsWith('__new__') && first?.kind === 'class' ? first : null;
    const operation =
      made === null
        ? { name: fn.name, args, keywords, place }
        : // Numbers are no tensors: `float(x)` is not `x.float()`.
          { name: made.sealed && numberClasses.has(made.name) ? '' : made.name, args: args.slice(1), keywords, place };
    // A shape that holds a size that is not known is not known either.
    const parts = direct.flatMap((value) =>
      value.kind === 'tuple' || value.kind === 'list' ? [value, ...value.items.slice(0, 16)] : [value],
    );
    const result = absorbing(parts, () => factsOfOperation(operation), run);
    keepMaking(result, operation);
    if (result.kind === 'unknown' && changesInPlace(fn.name)) changeTensor(first ?? result, standing().sure ? (result.facts ?? {}) : {});
    const withItsWay = withWay(result, direct);
    work(operation.name, operation.args, withItsWay);
    return withItsWay;
  }

  /** A number made of numbers that have a way goes on from there. */
  function withWay(result: Value, from: readonly Value[]): Value {
    if (provenanceOf(result) !== null) return result;
    const sources = from.filter((value) => provenanceOf(value) !== null);
    return sources.length === 0 ? result : at(result, placeOf(machine.here), sources);
  }

  const standing = () => ({
    certain: exploration.uncertain === 0,
    sure: exploration.uncertain <= (exploration.entering ? 1 : 0),
    evaluating: isGradOff(),
  });

  function watched(callee: Value, args: readonly Value[], keywords: Keywords, node: Call | null, run: () => Value): Value {
    if (exploration.calls.length >= mostCalls) return run();
    const seen: CallSeen = {
      node,
      callee,
      arguments: args,
      keywords,
      result: null,
      ...standing(),
      place: placeOf(machine.here),
      within: functionsUnderWay(),
      isEntry: exploration.entering,
      order: order++,
    };
    exploration.calls.push(seen);
    const before = carryings.length;
    const result = run();
    seen.result = result;
    if (node !== null && isPersons(callee)) leaveBehind(node, [...args, ...keywords.values()], before, result);
    return result;
  }

  const carriedBy = new WeakMap<Value, readonly Place[]>();
  /** Each container that came along somewhere, in order. `isKept`: in an attribute, where it stays. */
  const carryings: { readonly container: Value; readonly place: Place; readonly isKept: boolean }[] = [];

  /** Where a container was handed to a call that kept nothing of it is no stop of what is read from it later. */
  function leaveBehind(node: Call, args: readonly Value[], before: number, result: Value): void {
    const within = carryings.splice(before);
    const handedOver = [...node.arguments, ...node.keywords].map(({ range }) => placeOf(range));
    const left = new Map<Value, Place[]>(args.filter(isContainer).map((container) => [container, [...handedOver]]));
    for (const { container, place } of within) {
      const places = left.get(container);
      if (places) places.push(place);
      else left.set(container, [place]);
    }
    if (left.size === 0 || result.kind === 'function') return;
    const kept = new Set(within.flatMap(({ container, isKept }) => (isKept ? [container] : [])));
    const reached = heldBy(result);
    for (const [container, places] of left) {
      if (kept.has(container) || reached.has(container)) continue;
      const stops = (carriedBy.get(container) ?? []).filter((stop) => !places.some((place) => isSameStart(place, stop)));
      // What came into being there goes on from there, in branches that are run later.
      if (stops.length > 0) carriedBy.set(container, stops);
    }
  }
  const postponedFrom = new Set<object>();

  const isContainer = ({ kind }: Value): boolean =>
    kind === 'instance' || kind === 'dict' || kind === 'object' || kind === 'list' || kind === 'tuple';

  function carried(container: Value, range: Range, isKept = false): void {
    if (!isContainer(container)) return;
    const place = placeOf(range);
    const before = carriedBy.get(container) ?? [];
    if (before.length >= longestCarried || before.some((other) => isSameStart(other, place))) return;
    carriedBy.set(container, [...before, place]);
    carryings.push({ container, place, isKept });
  }

  function taken(container: Value, value: Value): Value {
    const stops = carriedBy.get(container) ?? [];
    if (isContainer(value)) {
      const own = carriedBy.get(value) ?? [];
      const more = stops.filter((stop) => !own.some((other) => isSameStart(other, stop))).slice(0, longestCarried - own.length);
      if (more.length > 0) carriedBy.set(value, [...own, ...more]);
      for (const place of more) carryings.push({ container: value, place, isKept: false });
      return value;
    }
    if (provenanceOf(value) === null) return value;
    const along = stops.reduce((carriedOn, place) => at(carriedOn, place), value);
    // What a library reads on its own is no place of the person's text.
    return machine.frames.at(-1)?.unit.isPersons === true ? at(along, placeOf(machine.here)) : along;
  }

  const functionsUnderWay = (): readonly string[] => machine.frames.flatMap((frame) => (frame.unit.isPersons ? [frame.name] : []));

  function entered(fn: FunctionValue, names: ReadonlyMap<string, Value>, run: () => Value): Value {
    const key = fn.code.body;
    // What is run for its own sake was handed nothing by the program.
    const isHanded = !exploration.entering || functionsUnderWay().length > 0;
    let binding: Binding | null = null;
    if (fn.code.unit.isPersons && isHanded && exploration.bindings.length < mostCalls) {
      binding = {
        function: fn,
        values: asHanded(fn, names),
        ...standing(),
        place: placeOf(machine.here),
        within: functionsUnderWay(),
        isEntry: exploration.entering,
        order: order++,
        result: null,
      };
      exploration.bindings.push(binding);
    }
    const depth = active.get(key) ?? 0;
    if (depth >= deepest && fn.code.unit.isPersons) {
      exploration.absorbed++;
      return madeUnknown(`${fn.name}() called by itself`);
    }
    exploration.ran.add(key);
    active.set(key, depth + 1);
    try {
      const result = run();
      if (binding !== null) binding.result = result;
      return result;
    } finally {
      active.set(key, depth);
    }
  }

  const exploration: Exploration = {
    uncertain: 0,
    entering: false,
    guarded: 0,
    journal: null,
    calls: [],
    bindings: [],
    supposed: [],
    workings,
    work,
    values: new Map(),
    ran: new Set(),
    failed: [],
    fail(range, error) {
      const message =
        error instanceof Raised
          ? `${error.exception.class.name}: ${machine.str(error.exception)}`
          : error instanceof Error
            ? error.message
            : '';
      if (exploration.failed.length < mostFailures) exploration.failed.push({ place: placeOf(range), message });
    },
    absorbed: 0,
    placeOf,
    stop(value, range, from) {
      const stopped = at(value, placeOf(range), from);
      workings.copied(value, stopped);
      return stopped;
    },
    carried,
    taken,
    postpone(branch) {
      if (postponedFrom.has(branch.statement) || exploration.postponed.length >= mostPostponed) return;
      postponedFrom.add(branch.statement);
      exploration.postponed.push(branch);
    },
    postponed: [],
    unknown: madeUnknown,
    absorbing,
    callUnknown,
    callNative,
    watched,
    oneOf,
    attach,
    wroteInto(object, index, value) {
      const number = numberOf(value);
      // What may not happen fills nothing for certain.
      writtenInto(object, index, number === null || !standing().sure ? null : { value: number, at: placeOf(machine.here) });
    },
    attached: (object, name) => attachedTo.get(object)?.get(name) ?? null,
    entered,
    possibly,
  };
  return exploration;
}

interface Head {
  readonly outputs: Value;
  /** The layer that the model ends in; null where that is not known. */
  readonly last: Value | null;
}

/** Libraries whose documentation says that a number of classes under such a name is the size of what the made model gives. */
const documented =
  /^(timm|torchvision|transformers|segmentation_models_pytorch|efficientnet_pytorch|open_clip|monai|keras|tensorflow|paddle\.vision|mmpretrain|mmcls)\b/;

/** Under these names the models of torchvision and timm keep what they end in. */
const endsIn: ReadonlySet<string> = new Set(['fc', 'classifier', 'head', 'heads', 'last_linear', 'get_classifier']);

/** What the parameters hold when the function is entered: the dictionary of its keywords is its own, and it may take entries out. */
function asHanded({ code }: FunctionValue, names: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const spread = code.parameters.find(({ style }) => style === 'keywordVariadic')?.name;
  const keywords = spread === undefined ? undefined : names.get(spread);
  return keywords?.kind === 'dict' ? new Map([...names, [spread!, dict(keywords.entries.copy())]]) : new Map(names);
}

/** What a place of a text is called here, whichever tree of the text it comes from. */
export const placeKey = (range: Range, file: string | null | undefined): string =>
  `${range.file ?? file ?? ''}:${range.start}:${range.end}`;

const isSameStart = (a: Place, b: Place): boolean => a.file === b.file && a.range.start === b.range.start;

/** As many values are looked through for what a value holds at most. */
const mostHeld = 400;

/** What a value holds, also in what it holds. */
function heldBy(value: Value): ReadonlySet<Value> {
  const held = new Set<Value>([value]);
  for (const one of held) {
    if (held.size > mostHeld) break;
    for (const part of partsOf(one)) if (part.kind !== 'int' && part.kind !== 'float' && part.kind !== 'str') held.add(part);
  }
  return held;
}

function partsOf(value: Value): Iterable<Value> {
  switch (value.kind) {
    case 'instance':
      return value.attributes.values();
    case 'dict':
      return [...value.entries].map(([, item]) => item);
    case 'object':
      return value.properties.values();
    case 'list':
    case 'tuple':
      return value.items;
    case 'boundMethod':
      return [value.receiver];
    default:
      return [];
  }
}

const numberClasses: ReadonlySet<string> = new Set(['int', 'float', 'bool', 'complex']);

/** torch's methods that change their tensor have names that end so. */
const changesInPlace = (name: string): boolean => /[a-z]_$/.test(name);

/** Keeps what an argument's expression was this time. */
export function keepValue(exploration: Exploration, node: Expression, frame: Frame, value: Value): void {
  const key = placeKey(node.range, frame.unit.program.file);
  const known = exploration.values.get(key);
  if (known === undefined) exploration.values.set(key, [value]);
  else if (known.length < mostValues && !known.includes(value)) known.push(value);
}
