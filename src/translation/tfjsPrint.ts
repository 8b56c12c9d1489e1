/** Expressions of tfjs operations as readable TypeScript. */
import { type General, type GeneralArgument, isGeneral, isWritten, type Written } from './tfjsRows';

export interface Printing {
  readonly functionName: string;
  /** What the first parameter is called: logits, or what their caller makes of them. */
  readonly inputName: string;
  readonly header: string;
  /** The code's own name for a value, where it bound one. */
  readonly nameOf: (term: General) => string | null;
}

const width = 80;

const infixHelpers: Readonly<Record<string, string>> = {
  nonzero: `/** The positions where the mask holds. */
function nonzero(mask: tf.Tensor): tf.Tensor1D {
  const hits = Array.from(mask.dataSync());
  return tf.tensor1d(
    hits.flatMap((hit, i) => (hit ? [i] : [])),
    'int32',
  );
}
`,
  detach: `/** The same numbers, cut off from the gradient. */
function detach(x: tf.Tensor): tf.Tensor {
  return tf.tensor(x.dataSync(), x.shape, x.dtype);
}
`,
};

/** Operations that tensors have as methods, which read better in a row. */
const asFunctions = new Set(['where', 'oneHot', 'concat', 'gather', 'pow', 'maximum', 'minimum']);

const defaultNames: Readonly<Record<string, string>> = {
  logSoftmax: 'logProbabilities',
  softmax: 'probabilities',
  nonzero: 'positions',
  equal: 'mask',
  notEqual: 'mask',
  less: 'mask',
  lessEqual: 'mask',
  greater: 'mask',
  greaterEqual: 'mask',
  logicalNot: 'mask',
  logicalAnd: 'mask',
  logicalOr: 'mask',
  cast: 'mask',
  gather: 'picked',
  max: 'largest',
  detach: 'fixed',
  literal: 'constants',
  mul: 'products',
  sub: 'differences',
  exp: 'exponentials',
  where: 'chosen',
  expandDims: 'column',
  range: 'positions',
};

/** Operations that read better with a name of their own. */
const alwaysNamed = new Set(['oneHot', 'logSoftmax', 'softmax', 'literal', 'nonzero']);

/** Names that nothing else in a generated file may have. */
export const reserved = new Set(
  'tf rows labels nonzero detach break case catch class const continue default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with let static yield await async of undefined NaN Infinity'.split(
    ' ',
  ),
);

export function camelCase(name: string): string {
  const [first = '', ...rest] = name.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  // 'KLDivLoss' is klDivLoss, 'CE' is ce.
  const lower = first.replace(/^[A-Z]+(?=[A-Z][a-z]|[^A-Za-z]|$)|^[A-Z]/, (capitals) => capitals.toLowerCase());
  return lower + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
}

/** The whole file. */
export function printed(root: General, printing: Printing): string {
  const { functionName, inputName, header } = printing;
  const uses = countUses(root);
  const taken = new Set([...reserved, functionName, inputName, 'targets']);
  const names = new Map<General, string>();
  const statements: string[] = [];
  const helpers = new Set<string>();
  const used = new Set<'rows' | 'labels'>();

  const freshName = (term: General): string => {
    const own = printing.nameOf(term);
    const usual = term.op === 'oneHot' ? oneHotName(term) : (usualName(term) ?? byRank[term.shape.length] ?? 'value');
    const base = own === null || reserved.has(own) || own === 'targets' || own === inputName ? usual : own;
    let name = base;
    for (let i = 2; taken.has(name); i++) name = `${base}${i}`;
    taken.add(name);
    return name;
  };

  const number = (written: Written): string => {
    if (written.ofRows) used.add('rows');
    return written.text;
  };
  const list = (numbers: readonly Written[]): string => `[${numbers.map(number).join(', ')}]`;

  const argument = (arg: GeneralArgument): string => {
    if (isGeneral(arg)) return reference(arg);
    if (isWritten(arg)) return number(arg);
    return typeof arg === 'object' ? list(arg) : String(arg);
  };

  const reference = (term: General): string => {
    const known = names.get(term);
    if (known !== undefined) return known;
    if (term.op === 'logits') return inputName;
    if (term.op === 'targets') {
      used.add('labels');
      return 'labels';
    }
    const text = expression(term);
    const isNamed = alwaysNamed.has(term.op) || printing.nameOf(term) !== null;
    const stays = !isNamed && (uses.get(term) ?? 0) <= 1 && text.length <= width - 22;
    return stays ? text : named(term, text);
  };

  const named = (term: General, text: string): string => {
    const name = freshName(term);
    names.set(term, name);
    statements.push(statement(`const ${name} = `, text));
    return name;
  };

  const expression = (term: General): string => {
    const { op, args } = term;
    const all = (): string[] => args.map(argument);
    switch (op) {
      case 'fill':
        return filled(term, list(args[0] as readonly Written[]), args[1] as Written);
      case 'literal':
        return literal(term);
      case 'range':
        return `tf.range(0, ${argument(args[0]!)}${term.dtype === 'int32' ? ", 1, 'int32'" : ''})`;
      case 'nonzero':
      case 'detach':
        helpers.add(op);
        return `${op}(${all().join(', ')})`;
      case 'oneHot': {
        const [labels, depth, on, off] = all();
        return `tf.oneHot(${labels}, ${depth}, ${on}, ${off}, 'float32')`;
      }
      case 'cast':
        return `${receiver(args[0]!)}.${term.dtype === 'float32' ? 'toFloat' : term.dtype === 'int32' ? 'toInt' : 'toBool'}()`;
      case 'concat': {
        const parts = all();
        return `tf.concat([${parts.slice(0, -1).join(', ')}], ${parts.at(-1)!})`;
      }
      default:
        break;
    }
    if (asFunctions.has(op) || !isGeneral(args[0]!)) return `tf.${op}(${all().join(', ')})`;
    const first = receiver(args[0]);
    return `${first}.${op}(${args.slice(1).map(argument).join(', ')})`;
  };

  const receiver = (arg: GeneralArgument): string => argument(arg);

  const filled = (term: General, shape: string, value: Written): string => {
    const type = term.dtype === 'float32' ? '' : `, '${term.dtype}'`;
    if (shape === '[]') return `tf.scalar(${number(value)}${type})`;
    if (value.text === '0') return `tf.zeros(${shape}${type})`;
    if (value.text === '1') return `tf.ones(${shape}${type})`;
    return `tf.fill(${shape}, ${number(value)}${type})`;
  };

  const result = expression(root);
  const body = [
    ...(used.has('rows') ? [`  const [rows] = ${inputName}.shape;`] : []),
    ...(used.has('labels') ? ['  const labels = targets.toInt();'] : []),
    ...statements,
    statement('return ', result),
  ];
  return [
    `// ${header}`,
    "import * as tf from '@tensorflow/tfjs';",
    '',
    ...[...helpers].sort().map((helper) => infixHelpers[helper]!),
    signature(functionName, inputName),
    ...body,
    '}',
    '',
  ].join('\n');
}

function signature(name: string, input: string): string {
  const line = `export function ${name}(${input}: tf.Tensor2D, targets: tf.Tensor1D): tf.Tensor {`;
  if (line.length <= width) return line;
  return [`export function ${name}(`, `  ${input}: tf.Tensor2D,`, '  targets: tf.Tensor1D,', '): tf.Tensor {'].join('\n');
}

const usualName = ({ op, dtype }: General): string | undefined => (op === 'literal' && dtype === 'bool' ? 'mask' : defaultNames[op]);

const byRank: readonly string[] = ['total', 'perRow'];

function oneHotName({ args }: General): string {
  return (args[2] as Written).text === '1' && (args[3] as Written).text === '0' ? 'oneHotTargets' : 'targetDistribution';
}

function countUses(root: General): Map<General, number> {
  const uses = new Map<General, number>();
  const visit = (term: General): void => {
    const before = uses.get(term) ?? 0;
    uses.set(term, before + 1);
    if (before === 0) for (const arg of term.args) if (isGeneral(arg)) visit(arg);
  };
  visit(root);
  return uses;
}

function literal({ args, shape, dtype }: General): string {
  const values = (args[0] as readonly Written[]).map(({ text }) => text);
  const type = dtype === 'float32' ? '' : `, '${dtype}'`;
  const rank = shape.length;
  const sizes = rank === 1 ? '' : `, [${shape.join(', ')}]`;
  const make = rank === 1 ? 'tf.tensor1d' : rank === 2 ? 'tf.tensor2d' : 'tf.tensor';
  return `${make}([${values.join(', ')}]${sizes}${type})`;
}

/** A statement, over several lines where it is too long for one. */
function statement(start: string, text: string): string {
  const line = `  ${start}${text};`;
  if (line.length <= width) return line;
  const call = outerCall(text);
  if (call !== null && /^\[[^(]*\]$/.test(call.args[0] ?? '')) return brokenArray(start, call.head, call.args);
  if (call !== null) {
    const args = call.args.map((arg) => `    ${arg},`);
    if (args.every((arg) => arg.length <= width)) return [`  ${start}${call.head}(`, ...args, '  );'].join('\n');
  }
  const chain = methods(text);
  if (chain.length > 2)
    return [`  ${start}${chain[0]!}`, ...chain.slice(1).map((call, i) => `    ${call}${i === chain.length - 2 ? ';' : ''}`)].join('\n');
  return withBrokenArgument(start, text) ?? line;
}

/** The last call's arguments on a line of their own. */
function withBrokenArgument(start: string, text: string): string | null {
  if (!text.endsWith(')')) return null;
  let depth = 0;
  let open = text.length - 1;
  for (; open >= 0; open--) {
    if (text[open] === ')') depth++;
    else if (text[open] === '(' && --depth === 0) break;
  }
  const inner = text.slice(open + 1, -1);
  if (inner === '' || inner.length + 5 > width) return null;
  return [`  ${start}${text.slice(0, open)}(`, `    ${inner},`, '  );'].join('\n');
}

/** `tf.op(…)` as a whole: its head and its arguments. */
function outerCall(text: string): { readonly head: string; readonly args: readonly string[] } | null {
  const head = /^tf\.\w+(?=\()/.exec(text)?.[0];
  if (head === undefined) return null;
  const parts: string[] = [];
  let depth = 0;
  let from = head.length + 1;
  for (let i = head.length; i < text.length; i++) {
    const c = text[i]!;
    if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') {
      depth--;
      if (depth === 0) {
        if (i !== text.length - 1) return null;
        parts.push(text.slice(from, i));
      }
    } else if (c === ',' && depth === 1) {
      parts.push(text.slice(from, i));
      from = i + 2;
    }
  }
  return { head, args: parts };
}

/** The calls of a row of methods: what it starts from, then each `.method(…)`. */
function methods(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === '.' && depth === 0 && /[a-z]/i.test(text[i + 1] ?? '')) {
      parts.push(text.slice(from, i));
      from = i;
    }
  }
  parts.push(text.slice(from));
  return parts;
}

/** Numbers fill their lines, as a formatter lays them out. */
function brokenArray(start: string, head: string, [array = '', ...rest]: readonly string[]): string {
  const inner = rest.length > 0 ? '      ' : '    ';
  const lines: string[] = [];
  let line = inner;
  for (const value of array.slice(1, -1).split(', ')) {
    if (line.length + value.length + 1 > width) {
      lines.push(line.trimEnd());
      line = inner;
    }
    line += `${value}, `;
  }
  lines.push(line.trimEnd());
  if (rest.length === 0) return [`  ${start}${head}([`, ...lines, '  ]);'].join('\n');
  return [`  ${start}${head}(`, '    [', ...lines, '    ],', ...rest.map((argument) => `    ${argument},`), '  );'].join('\n');
}
