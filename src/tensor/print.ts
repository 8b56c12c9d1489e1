/** Tensors as torch prints them: torch/_tensor_str.py's rules with its default options. */
import { isFloatDtype, type Values } from './dtype';
import { readValues } from './record';
import { elementCount, type Shape } from './shapes';
import type { Tensor } from './tensor';
import { noGrad } from './run';

const precision = 4;
const threshold = 1000;
const edgeItems = 3;
const lineWidth = 80;

/** JavaScript rounds ties up, Python to even: the digits are taken again where the number is a tie. */
function halfEven(digits: string, oneMore: string, exact: string): string {
  const isTie = oneMore.endsWith('5') && /^0*$/.test(exact);
  if (!isTie) return digits;
  const down = oneMore.slice(0, -1);
  return Number(down.at(-1) === '.' ? down.at(-2) : down.at(-1)) % 2 === 0 ? down.replace(/\.$/, '') : digits;
}

function fixed(x: number, decimals: number): string {
  const long = x.toFixed(60);
  const point = long.indexOf('.');
  return halfEven(x.toFixed(decimals), long.slice(0, point + decimals + 2), long.slice(point + decimals + 2));
}

/** As Python's `e` format: an exponent of at least two digits. */
function scientific(x: number, decimals: number): string {
  const [long = '', exponent = '+0'] = x.toExponential(60).split('e');
  const point = long.indexOf('.');
  const [digits = '', roundedExponent = exponent] = x.toExponential(decimals).split('e');
  const mantissa = halfEven(digits, long.slice(0, point + decimals + 2), long.slice(point + decimals + 2));
  const power = mantissa === digits ? roundedExponent : exponent;
  return `${mantissa}e${power[0]!}${power.slice(1).padStart(2, '0')}`;
}

const special = (x: number): string => (Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf');
const signed = (text: string, x: number): string => (Object.is(x, -0) ? `-${text}` : text);

interface Formatter {
  readonly width: number;
  readonly format: (x: number) => string;
}

function formatterFor(values: ArrayLike<number>, dtype: Tensor['dtype']): Formatter {
  const padded = (width: number, text: string): string => text.padStart(width);
  const widest = (texts: readonly string[]): number => texts.reduce((width, text) => Math.max(width, text.length), 1);
  const all = Array.from(values);
  if (!isFloatDtype(dtype)) {
    const text = dtype === 'bool' ? (x: number) => (x !== 0 ? 'True' : 'False') : (x: number) => BigInt(x).toString();
    const width = widest(all.map(text));
    return { width, format: (x) => padded(width, text(x)) };
  }
  const finite = all.filter((x) => Number.isFinite(x) && x !== 0);
  const sizes = finite.map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const integers = finite.every(Number.isInteger);
  const usesScientific = finite.length > 0 && (largest / smallest > 1000 || largest > 1e8 || (!integers && smallest < 1e-4));
  const text = (x: number): string => {
    if (!Number.isFinite(x)) return special(x);
    if (usesScientific) return signed(scientific(x, precision), x);
    return integers ? `${signed(fixed(x, 0), x)}.` : signed(fixed(x, precision), x);
  };
  const width = widest(finite.map(text));
  return { width, format: (x) => padded(width, text(x)) };
}

/** A part of the values: a shape with the position it starts at; contiguous. */
interface Block {
  readonly values: Values;
  readonly shape: Shape;
  readonly start: number;
}

const rowsOf = ({ shape }: Block, summarize: boolean): (number | null)[] => {
  const size = shape[0]!;
  const rows = [...Array(size).keys()];
  return summarize && size > 2 * edgeItems ? [...rows.slice(0, edgeItems), null, ...rows.slice(size - edgeItems)] : rows;
};

function blockText(block: Block, indent: number, summarize: boolean, formatter: Formatter): string {
  const { values, shape, start } = block;
  if (shape.length === 0) return formatter.format(values[start]!);
  const rows = rowsOf(block, summarize);
  if (shape.length === 1) {
    const perLine = Math.max(1, Math.floor((lineWidth - indent) / (formatter.width + 2)));
    const items = rows.map((row) => (row === null ? ' ...' : formatter.format(values[start + row]!)));
    const lines: string[] = [];
    for (let i = 0; i < items.length; i += perLine) lines.push(items.slice(i, i + perLine).join(', '));
    return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
  }
  const step = elementCount(shape.slice(1));
  const parts = rows.map((row) =>
    row === null ? '...' : blockText({ values, shape: shape.slice(1), start: start + row * step }, indent + 1, summarize, formatter),
  );
  return `[${parts.join(`,${'\n'.repeat(shape.length - 1)}${' '.repeat(indent + 1)}`)}]`;
}

/** The numbers that a summarised tensor shows: they alone decide the format. */
function shownValues(block: Block): number[] {
  if (block.shape.length === 0) return [block.values[block.start]!];
  const step = elementCount(block.shape.slice(1));
  return rowsOf(block, true).flatMap((row) =>
    row === null ? [] : shownValues({ values: block.values, shape: block.shape.slice(1), start: block.start + row * step }),
  );
}

/** `repr(tensor)`. */
export function tensorText(tensor: Tensor): string {
  return textWithPrefix(tensor, 'tensor(');
}

function textWithPrefix(tensor: Tensor, prefix: string): string {
  const indent = prefix.length;
  const { shape, dtype } = tensor;
  const suffixes: string[] = [];
  let body = '[]';
  if (elementCount(shape) === 0) {
    if (shape.length !== 1) suffixes.push(`size=(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`);
    if (dtype !== 'float32') suffixes.push(`dtype=torch.${dtype}`);
  } else {
    if (dtype !== 'float32' && dtype !== 'int64' && dtype !== 'bool') suffixes.push(`dtype=torch.${dtype}`);
    const block: Block = { values: noGrad(() => readValues(tensor)), shape, start: 0 };
    const summarize = elementCount(shape) > threshold;
    body = blockText(block, indent, summarize, formatterFor(summarize ? shownValues(block) : block.values, dtype));
  }
  if (tensor.gradFn !== null) suffixes.push(`grad_fn=<${tensor.gradFn}>`);
  else if (tensor.requiresGrad) suffixes.push('requires_grad=True');
  return withSuffixes(prefix + body, suffixes, indent);
}

function withSuffixes(text: string, suffixes: readonly string[], indent: number): string {
  let result = text;
  let lastLine = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes) {
    if (lastLine + suffix.length + 2 > lineWidth) {
      result += `,\n${' '.repeat(indent)}${suffix}`;
      lastLine = indent + suffix.length;
    } else {
      result += `, ${suffix}`;
      lastLine += suffix.length + 2;
    }
  }
  return `${result})`;
}
