/** Values of a run as Python source that makes them again under torch. */
import type { ReadTensor } from '../execution/tensorData';
import type { Value } from '../interpreter/value';
import { exactFloatText, float32Text } from './pythonNumbers';

export class NotWritable extends Error {}

/** How tensors are written is the caller's to say: some of them have names. */
export function pythonLiteral(value: Value, tensorText: (value: Value) => string | null): string {
  const write = (item: Value): string => pythonLiteral(item, tensorText);
  switch (value.kind) {
    case 'none':
      return 'None';
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'int':
      if (value.class !== null) break;
      return value.value.toString();
    case 'float':
      if (value.class !== null) break;
      return exactFloatText(value.value);
    case 'str':
      if (value.class !== null) break;
      return pythonString(value.value);
    case 'list':
      return `[${value.items.map(write).join(', ')}]`;
    case 'tuple':
      return value.items.length === 1 ? `(${write(value.items[0]!)},)` : `(${value.items.map(write).join(', ')})`;
    case 'tensor': {
      const text = tensorText(value);
      if (text !== null) return text;
      break;
    }
    default:
  }
  throw new NotWritable(`a ${value.kind === 'instance' ? value.class.name : value.kind} cannot be written as Python text`);
}

export function pythonString(text: string): string {
  const escaped = text
    .replace(/[\\']/g, (c) => `\\${c}`)
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t');
  return `'${escaped}'`;
}

/** `torch.tensor(…)` of these numbers; `torch` is what it is imported as. */
export function tensorLiteral({ dtype, shape, values }: ReadTensor, torch: string, indent: string): string {
  const number = (value: number): string =>
    dtype === 'bool'
      ? value === 0
        ? 'False'
        : 'True'
      : dtype.startsWith('float') || dtype === 'bfloat16'
        ? dtype === 'float64'
          ? exactFloatText(value)
          : float32Text(value)
        : String(value);
  const implied = dtype === 'float32' || dtype === 'int64' || dtype === 'bool';
  const type = implied && values.length > 0 ? '' : `, dtype=${torch}.${dtype}`;
  return `${torch}.tensor(${nested(values.map(number), shape, indent)}${type})`;
}

/** Nested lists; a matrix has a line for each row. */
export function nested(texts: readonly string[], shape: readonly number[], indent: string): string {
  if (shape.length === 0) return texts[0]!;
  if (shape.length === 1) return `[${texts.join(', ')}]`;
  const width = texts.length / Math.max(1, shape[0]!);
  const rows = Array.from({ length: shape[0]! }, (_, row) =>
    nested(texts.slice(row * width, (row + 1) * width), shape.slice(1), `${indent}    `),
  );
  if (rows.length <= 1) return `[${rows.join('')}]`;
  return `[\n${rows.map((row) => `${indent}    ${row},\n`).join('')}${indent}]`;
}
