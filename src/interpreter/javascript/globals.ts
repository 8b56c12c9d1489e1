/** What JavaScript code finds without importing it. */
import { native, nativeClass, staticMethod } from '../library';
import { readJson, JsonError } from '../libraries/configuration/jsonText';
import { currentFolder } from '../libraries/configuration/paths';
import { sourceOf } from '../libraries/configuration/source';
import { asJavaScript } from '../libraries/node/plain';
import type { Machine } from '../machine';
import { append } from '../splicing';
import type { Arguments } from '../signature';
import type { ClassValue, ObjectValue, Value } from '../value';
import { NONE, UNDEFINED, bool, float, instance, list, str } from '../value';
import { invoke } from './call';
import { show, strictEquals, toLength, toNumber, toText, truthy } from './convert';
import { errorClasses, raiseError } from './errors';
import { ownEntries } from './properties';
import { isRealMember } from './realNames';

const bytesOfNewItem = 96;
const bytesOfEntry = 120;

const object = (entries: Iterable<readonly [string, Value]>): ObjectValue => ({ kind: 'object', properties: new Map(entries) });

const unaryMath = [
  ...['abs', 'sign', 'floor', 'ceil', 'round', 'trunc', 'fround', 'sqrt', 'cbrt', 'exp', 'expm1', 'log', 'log2', 'log10', 'log1p'],
  ...['sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'],
] as const;

function mathObject(machine: Machine): Value {
  const numbers = (args: Arguments) => args.rest.map((value) => toNumber(machine, value));
  const functions: [string, Value][] = unaryMath.map((name) => {
    return [name, native(`Math.${name}`, '*args', (_context, args) => float(Math[name](toNumber(machine, args.rest[0] ?? UNDEFINED))))];
  });
  const constants: [string, Value][] = (['E', 'LN2', 'LN10', 'LOG2E', 'LOG10E', 'PI', 'SQRT1_2', 'SQRT2'] as const).map((name) => [
    name,
    float(Math[name]),
  ]);
  return namespace('Math', [
    ...functions,
    ...constants,
    ['max', native('Math.max', '*args', (_context, args) => float(numbers(args).reduce((a, b) => Math.max(a, b), -Infinity)))],
    ['min', native('Math.min', '*args', (_context, args) => float(numbers(args).reduce((a, b) => Math.min(a, b), Infinity)))],
    ['pow', native('Math.pow', '*args', (_context, args) => float(numbers(args)[0]! ** (numbers(args)[1] ?? NaN)))],
    ['hypot', native('Math.hypot', '*args', (_context, args) => float(Math.hypot(...numbers(args))))],
    ['atan2', native('Math.atan2', '*args', (_context, args) => float(Math.atan2(numbers(args)[0] ?? NaN, numbers(args)[1] ?? NaN)))],
    ['random', native('Math.random', '', () => float(machine.random.next()))],
  ]);
}

/** A constructor such as Number or Array: callable with and without `new`, with static functions. Instances are plain values. */
function constructorOf(name: string, make: (args: readonly Value[]) => Value, statics: Readonly<Record<string, Value>>): ClassValue {
  const create = native(name, '*args', (_context, args) => make(args.rest));
  return nativeClass(
    name,
    [],
    { '%new': create, '%call': create, ...Object.fromEntries(Object.entries(statics).map(([key, value]) => [key, staticMethod(value)])) },
    { sealed: true },
  );
}

/** An object of the language that only holds functions: what it does not list here but really has is Unsupported. */
const namespace = (name: string, members: readonly (readonly [string, Value])[]): Value => ({
  kind: 'module',
  name,
  members: new Map(members),
  isRealName: (member) => isRealMember(name, member),
});

function fn(name: string, call: (args: readonly Value[]) => Value): Value {
  return native(name, '*args', (_context, args) => call(args.rest));
}

function arrayConstructor(machine: Machine): Value {
  const make = (args: readonly Value[]): Value => {
    const [only] = args;
    if (args.length === 1 && only !== undefined && (only.kind === 'float' || only.kind === 'int')) {
      return list(Array<Value>(toLength(machine, only)).fill(UNDEFINED));
    }
    return list([...args]);
  };
  return constructorOf('Array', make, {
    isArray: fn('Array.isArray', ([value]) => bool(value?.kind === 'list')),
    of: fn('Array.of', (args) => list([...args])),
    from: fn('Array.from', ([source = UNDEFINED, map]) => {
      const length = source.kind === 'object' ? source.properties.get('length') : undefined;
      const items = length === undefined ? machine.semantics('typescript').iterate(source) : null;
      const made: Value[] = [];
      if (items === null) append(made, Array<Value>(toLength(machine, length!)).fill(UNDEFINED));
      else {
        for (let item = items.next(); item !== null; item = items.next()) {
          machine.charge(1, bytesOfNewItem);
          made.push(item);
        }
      }
      return list(map === undefined || map.kind === 'undefined' ? made : made.map((item, i) => invoke(machine, map, [item, float(i)])));
    }),
  });
}

function objectConstructor(machine: Machine): Value {
  const entriesOf = (value: Value | undefined) => {
    const entries = ownEntries(value ?? UNDEFINED);
    machine.charge(entries.length);
    return entries;
  };
  return constructorOf('Object', ([value]) => value ?? object([]), {
    keys: fn('Object.keys', ([value]) => list(entriesOf(value).map(([key]) => str(key)))),
    values: fn('Object.values', ([value]) => list(entriesOf(value).map(([, item]) => item))),
    entries: fn('Object.entries', ([value]) => list(entriesOf(value).map(([key, item]) => list([str(key), item])))),
    fromEntries: fn('Object.fromEntries', ([value]) =>
      object(
        machine
          .toArray(value ?? UNDEFINED)
          .map((pair) => (pair.kind === 'list' ? [toText(machine, pair.items[0] ?? UNDEFINED), pair.items[1] ?? UNDEFINED] : ['', pair])),
      ),
    ),
    assign: fn('Object.assign', ([target = object([]), ...sources]) => {
      if (target.kind === 'object')
        for (const source of sources) for (const [key, item] of entriesOf(source)) target.properties.set(key, item);
      return target;
    }),
    freeze: fn('Object.freeze', ([value]) => value ?? UNDEFINED),
    is: fn('Object.is', ([a = UNDEFINED, b = UNDEFINED]) =>
      bool(a.kind === 'float' && b.kind === 'float' ? Object.is(a.value, b.value) : strictEquals(a, b)),
    ),
  });
}

function numberConstructor(machine: Machine): Value {
  const whole = (value: Value | undefined) => value?.kind === 'float' && Number.isInteger(value.value);
  return constructorOf('Number', ([value]) => float(value === undefined ? 0 : toNumber(machine, value)), {
    isInteger: fn('Number.isInteger', ([value]) => bool(whole(value))),
    isSafeInteger: fn('Number.isSafeInteger', ([value]) => bool(value?.kind === 'float' && Number.isSafeInteger(value.value))),
    isFinite: fn('Number.isFinite', ([value]) => bool(value?.kind === 'float' && Number.isFinite(value.value))),
    isNaN: fn('Number.isNaN', ([value]) => bool(value?.kind === 'float' && Number.isNaN(value.value))),
    parseFloat: fn('Number.parseFloat', ([value = UNDEFINED]) => float(Number.parseFloat(toText(machine, value)))),
    EPSILON: float(Number.EPSILON),
    MAX_VALUE: float(Number.MAX_VALUE),
    MIN_VALUE: float(Number.MIN_VALUE),
    MAX_SAFE_INTEGER: float(Number.MAX_SAFE_INTEGER),
    POSITIVE_INFINITY: float(Infinity),
    NEGATIVE_INFINITY: float(-Infinity),
    NaN: float(NaN),
  });
}

/** JSON.stringify for plain data. */
function json(machine: Machine, value: Value): string | null {
  machine.charge(1, bytesOfNewItem);
  switch (value.kind) {
    case 'float':
      return Number.isFinite(value.value) ? String(value.value) : 'null';
    case 'str':
      return JSON.stringify(value.value);
    case 'bool':
      return String(value.value);
    case 'none':
      return 'null';
    case 'list':
      return `[${value.items.map((item) => json(machine, item) ?? 'null').join(',')}]`;
    case 'object':
    case 'instance': {
      const members = ownEntries(value).flatMap(([key, item]) => {
        const text = json(machine, item);
        return text === null ? [] : [`${JSON.stringify(key)}:${text}`];
      });
      return `{${members.join(',')}}`;
    }
    default:
      return null;
  }
}

/** JSON.parse, without a reviver. Where ways are kept, each value knows its place in the text. */
export function parsedJson(machine: Machine, value: Value): Value {
  if (value.kind === 'unknown') return value;
  const text = toText(machine, value);
  if (machine.exploring && value.kind === 'str') {
    try {
      return asJavaScript(machine, readJson(machine, sourceOf(machine, value)));
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
    }
  }
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch (error) {
    return machine.raiseClass(errorClasses.get('SyntaxError')!, error instanceof Error ? error.message : String(error));
  }
  return valueOf(machine, plain);
}

function valueOf(machine: Machine, plain: unknown): Value {
  machine.charge(1);
  switch (typeof plain) {
    case 'number':
      return float(plain);
    case 'string':
      return str(plain);
    case 'boolean':
      return bool(plain);
    default:
      if (Array.isArray(plain)) return list(plain.map((item) => machine.nested(() => valueOf(machine, item))));
      return plain === null
        ? NONE
        : object(Object.entries(plain as object).map(([key, item]) => [key, machine.nested(() => valueOf(machine, item))] as const));
  }
}

/** A copy all the way down, of plain data. */
function cloned(machine: Machine, value: Value): Value {
  machine.charge(1, bytesOfNewItem);
  if (value.kind === 'list') return list(value.items.map((item) => machine.nested(() => cloned(machine, item))));
  if (value.kind === 'object') return object(ownEntries(value).map(([key, item]) => [key, machine.nested(() => cloned(machine, item))]));
  return value;
}

/** A program that is started without arguments, in an empty environment. */
const processObject = (machine: Machine): Value =>
  object([
    ['argv', list([str('node'), str('script')])],
    ['env', object([])],
    ['platform', str('linux')],
    ['cwd', fn('process.cwd', () => str(currentFolder))],
    ['exit', fn('process.exit', () => machine.unsupported('process.exit'))],
    ['on', fn('process.on', () => UNDEFINED)],
  ]);

/** Map and Set: keys compare as `===` does, NaN equal to itself. */
function collections(machine: Machine): [string, Value][] {
  const keyOf = (value: Value): unknown =>
    value.kind === 'float' || value.kind === 'str' || value.kind === 'bool' ? `${value.kind}:${String(value.value)}` : value;
  type Entries = Map<unknown, readonly [Value, Value]>;
  const entriesOf = (self: Value): Entries => {
    const payload = self.kind === 'instance' ? self.payload : null;
    return payload instanceof Map ? (payload as Entries) : raiseError(machine, 'TypeError', 'Method called on an incompatible receiver');
  };
  const method = (name: string, call: (entries: Entries, args: readonly Value[], self: Value) => Value): [string, Value] => [
    name,
    {
      ...native(name, 'self, *args', (_context, args) => call(entriesOf(args.value('self')), args.rest, args.value('self'))),
      isMethod: true,
    },
  ];
  const size: [string, Value] = [
    'size',
    {
      kind: 'property',
      getter: native('size', 'self', (_context, args) => float(entriesOf(args.value('self')).size)),
      setter: null,
      deleter: null,
    },
  ];
  const shared = [
    method('has', (entries, [key = UNDEFINED]) => bool(entries.has(keyOf(key)))),
    method('delete', (entries, [key = UNDEFINED]) => bool(entries.delete(keyOf(key)))),
    method('clear', (entries) => {
      entries.clear();
      return UNDEFINED;
    }),
    method('forEach', (entries, [callback = UNDEFINED], self) => {
      for (const [key, value] of [...entries.values()]) invoke(machine, callback, [value, key, self]);
      return UNDEFINED;
    }),
    method('keys', (entries) => list([...entries.values()].map(([key]) => key))),
    method('values', (entries) => list([...entries.values()].map(([, value]) => value))),
    method('entries', (entries) => list([...entries.values()].map(([key, value]) => list([key, value])))),
    size,
  ];
  const make = (cls: () => ClassValue, fill: (entries: Entries, item: Value) => void) =>
    native('new', '*args', (_context, args) => {
      const entries: Entries = new Map();
      const [source] = args.rest;
      if (source !== undefined && truthy(source)) for (const item of machine.toArray(source)) fill(entries, item);
      return instance(cls(), entries);
    });
  const put = (entries: Entries, key: Value, value: Value) => {
    machine.charge(1, bytesOfEntry);
    entries.set(keyOf(key), [key, value]);
  };
  const mapClass: ClassValue = nativeClass(
    'Map',
    [],
    [
      ...shared,
      method('get', (entries, [key = UNDEFINED]) => entries.get(keyOf(key))?.[1] ?? UNDEFINED),
      method('set', (entries, [key = UNDEFINED, value = UNDEFINED], self) => {
        put(entries, key, value);
        return self;
      }),
      [
        '%new',
        make(
          () => mapClass,
          (entries, item) =>
            item.kind === 'list' ? (put(entries, item.items[0] ?? UNDEFINED, item.items[1] ?? UNDEFINED), undefined) : undefined,
        ),
      ],
    ],
    { sealed: true },
  );
  const setClass: ClassValue = nativeClass(
    'Set',
    [],
    [
      ...shared,
      method('add', (entries, [key = UNDEFINED], self) => {
        put(entries, key, key);
        return self;
      }),
      [
        '%new',
        make(
          () => setClass,
          (entries, item) => {
            put(entries, item, item);
          },
        ),
      ],
    ],
    { sealed: true },
  );
  return [
    ['Map', mapClass],
    ['Set', setClass],
  ];
}

export function createGlobals(machine: Machine): ReadonlyMap<string, Value> {
  const write = fn('console.log', (args) => {
    machine.print(`${args.map((arg) => show(machine, arg)).join(' ')}\n`);
    return UNDEFINED;
  });
  // Typed arrays are arrays of numbers here; rounding to float32 happens when a tensor is made of them.
  const typedArray = (name: string, convert: (x: number) => number): Value => {
    const make = (items: readonly Value[]) => list(items.map((item) => float(convert(toNumber(machine, item)))));
    return constructorOf(
      name,
      ([source = float(0)]) =>
        source.kind === 'float' ? list(Array<Value>(toLength(machine, source)).fill(float(0))) : make(machine.toArray(source)),
      { from: fn(`${name}.from`, ([source = list([])]) => make(machine.toArray(source))), of: fn(`${name}.of`, make) },
    );
  };
  return new Map<string, Value>([
    ['undefined', UNDEFINED],
    ['NaN', float(NaN)],
    ['Infinity', float(Infinity)],
    ['Math', mathObject(machine)],
    ['Number', numberConstructor(machine)],
    ['String', constructorOf('String', ([value]) => str(value === undefined ? '' : toText(machine, value)), {})],
    ['Boolean', constructorOf('Boolean', ([value]) => bool(value !== undefined && truthy(value)), {})],
    ['Array', arrayConstructor(machine)],
    ['Object', objectConstructor(machine)],
    ['Float32Array', typedArray('Float32Array', Math.fround)],
    ['Float64Array', typedArray('Float64Array', (x) => x)],
    ['Int32Array', typedArray('Int32Array', (x) => x | 0)],
    ['Uint8Array', typedArray('Uint8Array', (x) => x & 255)],
    [
      'JSON',
      namespace('JSON', [
        [
          'stringify',
          fn('JSON.stringify', ([value = NONE]) => {
            const text = json(machine, value);
            return text === null ? UNDEFINED : str(text);
          }),
        ],
        ['parse', fn('JSON.parse', ([text = UNDEFINED]) => parsedJson(machine, text))],
      ]),
    ],
    [
      'console',
      namespace(
        'console',
        ['log', 'info', 'warn', 'error', 'debug'].map((name) => [name, write] as const),
      ),
    ],
    ['isNaN', fn('isNaN', ([value = UNDEFINED]) => bool(Number.isNaN(toNumber(machine, value))))],
    ['isFinite', fn('isFinite', ([value = UNDEFINED]) => bool(Number.isFinite(toNumber(machine, value))))],
    ['parseFloat', fn('parseFloat', ([value = UNDEFINED]) => float(Number.parseFloat(toText(machine, value))))],
    [
      'parseInt',
      fn('parseInt', ([value = UNDEFINED, radix]) =>
        float(Number.parseInt(toText(machine, value), radix === undefined ? undefined : toNumber(machine, radix))),
      ),
    ],
    ['require', fn('require', ([name = UNDEFINED]) => required(machine, toText(machine, name)))],
    ['process', processObject(machine)],
    ['structuredClone', fn('structuredClone', ([value = UNDEFINED]) => cloned(machine, value))],
    ...errorClasses,
    ...collections(machine),
  ]);
}

/** What the file asks for that the call stands in. */
function required(machine: Machine, name: string): Value {
  const unit = machine.frames.at(-1)?.unit;
  return unit === undefined ? machine.importByName(name, machine.here) : machine.importFor(unit, name, 0, machine.here);
}
