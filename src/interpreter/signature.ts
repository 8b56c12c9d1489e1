/**
 * Python signatures of native functions, parsed once from text, and the binding of a call's arguments to them with Python's own TypeErrors.
 *
 *   'input, dim=None, *, dtype=None'            as Python writes it
 *   'input|self, dim|axis=None'                 other keyword names of the same parameter
 *   'input: tensor, dim: int, keepdim: bool=False'   types choose between overloads and give TypeErrors; 'int?' also takes None
 *   '*size, **options'                          the rest, as a list and as a map
 *   'x=...'                                     optional without a default: args.given('x') says whether it was passed
 */
import type { Context, Keywords } from './context';
import type { Value } from './value';
import { FALSE, NONE, TRUE, bigintOf, float, int, isCallable, numberOf, str, tuple } from './value';

type Style = 'positionalOnly' | 'normal' | 'keywordOnly' | 'variadic' | 'keywordVariadic';

interface SignatureParameter {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly style: Style;
  readonly type: string | null;
  /** undefined: required. null: optional, without a default. */
  readonly defaultValue: Value | null | undefined;
}

export interface Signature {
  readonly text: string;
  readonly parameters: readonly SignatureParameter[];
  readonly slots: ReadonlyMap<string, number>;
  readonly positional: readonly number[];
  readonly variadic: number;
  readonly keywordVariadic: number;
}

const parsed = new Map<string, Signature>();

export function signature(text: string): Signature {
  let made = parsed.get(text);
  if (made === undefined) {
    made = parse(text);
    parsed.set(text, made);
  }
  return made;
}

function parse(text: string): Signature {
  const parameters: SignatureParameter[] = [];
  let style: Style = 'normal';
  for (const part of splitTopLevel(text)) {
    if (part === '/') {
      for (let i = 0; i < parameters.length; i++) parameters[i] = { ...parameters[i]!, style: 'positionalOnly' };
    } else if (part === '*') style = 'keywordOnly';
    else if (part.startsWith('**'))
      parameters.push({ name: part.slice(2), aliases: [], style: 'keywordVariadic', type: null, defaultValue: undefined });
    else if (part.startsWith('*')) {
      parameters.push({ name: part.slice(1), aliases: [], style: 'variadic', type: null, defaultValue: undefined });
      style = 'keywordOnly';
    } else {
      const match = /^([\w|]+)\s*(?::\s*([\w?|]+))?\s*(?:=\s*(.+))?$/s.exec(part);
      if (match === null) throw new Error(`Bad signature: ${text}`);
      const [name = '', ...aliases] = match[1]!.split('|');
      parameters.push({
        name,
        aliases,
        style,
        type: match[2] ?? null,
        defaultValue: match[3] === undefined ? undefined : defaultOf(match[3].trim(), text),
      });
    }
  }
  const slots = new Map<string, number>();
  parameters.forEach((p, i) => {
    for (const name of [p.name, ...p.aliases]) slots.set(name, i);
  });
  return {
    text,
    parameters,
    slots,
    positional: parameters.flatMap((p, i) => (p.style === 'normal' || p.style === 'positionalOnly' ? [i] : [])),
    variadic: parameters.findIndex((p) => p.style === 'variadic'),
    keywordVariadic: parameters.findIndex((p) => p.style === 'keywordVariadic'),
  };
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === "'" || c === '"') quote = c;
    else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts.filter((part) => part !== '');
}

function defaultOf(text: string, whole: string): Value | null {
  if (text === '...') return null;
  if (text === 'None') return NONE;
  if (text === 'True') return TRUE;
  if (text === 'False') return FALSE;
  if (text === '()') return tuple([]);
  if (/^-?\d+$/.test(text)) return int(BigInt(text));
  if (/^-?(\d+\.\d*|\.\d+|\d+)(e-?\d+)?$/.test(text)) return float(Number(text));
  if (text === 'inf' || text === '-inf') return float(text === 'inf' ? Infinity : -Infinity);
  const quoted = /^'(.*)'$|^"(.*)"$/s.exec(text);
  if (quoted !== null) return str(quoted[1] ?? quoted[2] ?? '');
  throw new Error(`Bad default ${text} in signature: ${whole}`);
}

/** A call's arguments, bound. The readers raise Python's TypeError when the value is of another type. */
export class Arguments {
  private readonly context: Context;
  private readonly functionName: string;
  private readonly signature: Signature;
  private readonly values: readonly (Value | null)[];
  /** What `*args` took. */
  readonly rest: readonly Value[];
  /** What `**kwargs` took. */
  readonly keywords: Keywords;
  /** Which of a native's signatures was called. */
  readonly overload: number;

  constructor(
    context: Context,
    functionName: string,
    signature: Signature,
    values: readonly (Value | null)[],
    rest: readonly Value[],
    keywords: Keywords,
    overload: number,
  ) {
    this.context = context;
    this.functionName = functionName;
    this.signature = signature;
    this.values = values;
    this.rest = rest;
    this.keywords = keywords;
    this.overload = overload;
  }

  private slot(name: string): Value | null {
    const index = this.signature.slots.get(name);
    if (index === undefined) throw new Error(`${this.functionName} has no parameter ${name} in (${this.signature.text})`);
    return this.values[index] ?? null;
  }

  has(name: string): boolean {
    return this.signature.slots.has(name);
  }
  /** The same call with another value for one parameter. */
  with(name: string, value: Value): Arguments {
    const index = this.signature.slots.get(name) ?? -1;
    const values = this.values.map((old, i) => (i === index ? value : old));
    return new Arguments(this.context, this.functionName, this.signature, values, this.rest, this.keywords, this.overload);
  }
  /** Every value that was passed or has a default, in the signature's order. */
  all(): readonly Value[] {
    return [...this.values.filter((value) => value !== null), ...this.rest];
  }
  /** Was it passed, or does it have a default? */
  given(name: string): boolean {
    return this.slot(name) !== null;
  }
  value(name: string): Value {
    return this.slot(name) ?? NONE;
  }
  /** null for None and for an argument that was not passed. */
  optional(name: string): Value | null {
    const value = this.slot(name);
    return value === null || value.kind === 'none' ? null : value;
  }
  private wrong(name: string, wanted: string, got: Value): never {
    return this.context.raise(
      'TypeError',
      `${this.functionName}(): argument '${name}' must be ${wanted}, not ${this.context.typeOf(got).name}`,
    );
  }
  bigint(name: string): bigint {
    const value = this.value(name);
    return bigintOf(value) ?? this.indexOf(name, value);
  }
  private indexOf(name: string, value: Value): bigint {
    const method = this.context.findAttribute(value, '__index__');
    if (method === null) return this.wrong(name, 'int', value);
    return bigintOf(this.context.call(method)) ?? this.wrong(name, 'int', value);
  }
  int(name: string): number {
    return Number(this.bigint(name));
  }
  intOrNull(name: string): number | null {
    return this.optional(name) === null ? null : this.int(name);
  }
  float(name: string): number {
    const value = this.value(name);
    const plain = numberOf(value);
    if (plain !== null) return plain;
    const method = this.context.findAttribute(value, '__float__');
    if (method === null) return this.wrong(name, 'float', value);
    return numberOf(this.context.call(method)) ?? this.wrong(name, 'float', value);
  }
  floatOrNull(name: string): number | null {
    return this.optional(name) === null ? null : this.float(name);
  }
  bool(name: string): boolean {
    return this.context.truthy(this.value(name));
  }
  string(name: string): string {
    const value = this.value(name);
    return value.kind === 'str' ? value.value : this.wrong(name, 'str', value);
  }
  stringOrNull(name: string): string | null {
    return this.optional(name) === null ? null : this.string(name);
  }
  /** One int, or a tuple or list of ints. */
  ints(name: string): number[] {
    const value = this.value(name);
    const single = bigintOf(value);
    if (single !== null) return [Number(single)];
    if (value.kind !== 'tuple' && value.kind !== 'list') return this.wrong(name, 'tuple of ints', value);
    return value.items.map((item) => {
      const number = bigintOf(item);
      if (number !== null) return Number(number);
      return Number(this.indexOf(name, item));
    });
  }
  intsOrNull(name: string): number[] | null {
    return this.optional(name) === null ? null : this.ints(name);
  }
  items(name: string): Value[] {
    return this.context.toArray(this.value(name));
  }
}

type TypeTest = (value: Value) => boolean;
const typeTests = new Map<string, TypeTest>([
  ['any', () => true],
  ['bool', (v) => v.kind === 'bool'],
  ['int', (v) => v.kind === 'int' || v.kind === 'bool'],
  ['float', (v) => v.kind === 'float' || v.kind === 'int' || v.kind === 'bool'],
  ['number', (v) => v.kind === 'float' || v.kind === 'int' || v.kind === 'bool'],
  ['str', (v) => v.kind === 'str'],
  ['tensor', (v) => v.kind === 'tensor'],
  ['sequence', (v) => v.kind === 'tuple' || v.kind === 'list'],
  [
    'ints',
    (v) =>
      v.kind === 'int' ? true : (v.kind === 'tuple' || v.kind === 'list') && v.items.every((i) => i.kind === 'int' || i.kind === 'bool'),
  ],
  ['callable', isCallable],
]);

/** A library's own type word for signatures (`dtype`, `device`). */
export function defineType(name: string, test: TypeTest): void {
  typeTests.set(name, test);
}

function fits(type: string, value: Value): boolean {
  if (type.endsWith('?')) return value.kind === 'none' || fits(type.slice(0, -1), value);
  return type.split('|').some((one) => typeTests.get(one)?.(value) ?? false);
}

/** What is wrong with a call, as Python words it. */
interface Mismatch {
  readonly message: string;
}

/** Binds a call to the first signature that takes it. Raises TypeError when none does. */
export function bind(
  context: Context,
  functionName: string,
  signatures: readonly Signature[],
  args: readonly Value[],
  keywords: Keywords,
): Arguments {
  let first: Mismatch | null = null;
  for (let i = 0; i < signatures.length; i++) {
    const bound = tryBind(context, functionName, signatures[i]!, args, keywords, i);
    if (bound instanceof Arguments) return bound;
    first ??= bound;
  }
  if (signatures.length > 1) {
    const got = [...args.map((a) => context.typeOf(a).name), ...Array.from(keywords, ([k, v]) => `${k}=${context.typeOf(v).name}`)].join(
      ', ',
    );
    const wanted = signatures.map((s) => ` * (${s.text})`).join('\n');
    context.raise(
      'TypeError',
      `${functionName}() received an invalid combination of arguments - got (${got}), but expected one of:\n${wanted}`,
    );
  }
  return context.raise('TypeError', first?.message ?? `${functionName}() cannot be called`);
}

function tryBind(
  context: Context,
  functionName: string,
  sig: Signature,
  args: readonly Value[],
  keywords: Keywords,
  overload: number,
): Arguments | Mismatch {
  const values: (Value | null)[] = new Array<Value | null>(sig.parameters.length).fill(null);
  const positional = Math.min(args.length, sig.positional.length);
  for (let i = 0; i < positional; i++) values[sig.positional[i]!] = args[i]!;
  if (args.length > positional && sig.variadic < 0) {
    const most = sig.positional.length;
    const least = sig.positional.filter((p) => sig.parameters[p]!.defaultValue === undefined).length;
    const takes = most === least ? `${most}` : `from ${least} to ${most}`;
    return {
      message: `${functionName}() takes ${takes} positional argument${most === 1 ? '' : 's'} but ${args.length} ${args.length === 1 ? 'was' : 'were'} given`,
    };
  }
  let extra: Map<string, Value> | null = null;
  for (const [name, value] of keywords) {
    const index = sig.slots.get(name);
    const parameter = index === undefined ? undefined : sig.parameters[index];
    if (index === undefined || parameter === undefined || parameter.style === 'positionalOnly' || parameter.style.endsWith('ariadic')) {
      if (sig.keywordVariadic < 0) return { message: `${functionName}() got an unexpected keyword argument '${name}'` };
      (extra ??= new Map()).set(name, value);
    } else if (values[index] !== null && values[index] !== undefined) {
      return { message: `${functionName}() got multiple values for argument '${parameter.name}'` };
    } else values[index] = value;
  }
  const missing: string[] = [];
  for (let i = 0; i < values.length; i++) {
    const parameter = sig.parameters[i]!;
    const value = values[i];
    if (value === null || value === undefined) {
      if (parameter.style === 'variadic' || parameter.style === 'keywordVariadic') continue;
      if (parameter.defaultValue === undefined) missing.push(parameter.name);
      else values[i] = parameter.defaultValue;
    } else if (parameter.type !== null && !fits(parameter.type, value)) {
      return { message: `${functionName}(): argument '${parameter.name}' must be ${parameter.type}, not ${context.typeOf(value).name}` };
    }
  }
  if (missing.length > 0) return { message: missingArguments(functionName, missing, 'positional') };
  return new Arguments(context, functionName, sig, values, args.slice(positional), extra ?? noKeywords, overload);
}

export const noKeywords: Keywords = new Map();

/** Python's wording, shared with calls of interpreted functions. */
export function missingArguments(functionName: string, names: readonly string[], style: 'positional' | 'keyword-only'): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.at(-1) ?? '';
  const listed =
    quoted.length < 2 ? last : quoted.length === 2 ? `${quoted[0]!} and ${last}` : `${quoted.slice(0, -1).join(', ')}, and ${last}`;
  return `${functionName}() missing ${names.length} required ${style} argument${names.length === 1 ? '' : 's'}: ${listed}`;
}
