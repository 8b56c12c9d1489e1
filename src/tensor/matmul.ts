/** Products of matrices and vectors. */
import { cppTypeName, type Values } from './dtype';
import { add, mul } from './elementwise';
import { runtimeError } from './errors';
import { derive, readValues } from './record';
import { sum } from './reductions';
import { work } from './meter';
import { allocate } from './run';
import { broadcastShapes, elementCount, type Shape, shapeText } from './shapes';
import type { Tensor } from './tensor';
import { expand, permute, reshape, squeeze, transpose, unsqueeze } from './views';

function requireSameType(a: Tensor, b: Tensor, names: string): void {
  if (a.dtype !== b.dtype) {
    throw runtimeError(`expected ${names} to have the same dtype, but got: ${cppTypeName(a.dtype)} != ${cppTypeName(b.dtype)}`);
  }
}

/** A composed result under the name of torch's node. */
function named(result: Tensor, name: string): Tensor {
  if (result.requiresGrad) {
    if (result.viewName === null) result.cell.gradFn = `${name}Backward0`;
    else result.viewName = `${name}Backward0`;
  }
  return result;
}

/** batch × (rows × inner) · (inner × columns), accumulating in double. */
function multiply(a: Values, b: Values, out: Values, batch: number, rows: number, inner: number, columns: number): void {
  const row = new Float64Array(columns);
  for (let n = 0; n < batch; n++) {
    for (let r = 0; r < rows; r++) {
      row.fill(0);
      const startA = (n * rows + r) * inner;
      for (let k = 0; k < inner; k++) {
        const x = a[startA + k]!;
        const startB = (n * inner + k) * columns;
        for (let c = 0; c < columns; c++) row[c]! += x * b[startB + c]!;
      }
      out.set(row, (n * rows + r) * columns);
      work(inner * columns);
    }
  }
}

/** Products of matrices of equal batch shape. */
function batchProduct(a: Tensor, b: Tensor, name: string): Tensor {
  const batchShape = a.shape.slice(0, -2);
  const [rows, inner] = a.shape.slice(-2) as [number, number];
  const columns = b.shape.at(-1)!;
  const batch = elementCount(batchShape);
  const values = allocate(a.dtype, batch * rows * columns);
  multiply(readValues(a), readValues(b), values, batch, rows, inner, columns);
  return derive(values, [...batchShape, rows, columns], a.dtype, {
    name,
    inputs: [a, b],
    saved: [a, b],
    gradient: (dy, i) => (i === 0 ? batchProduct(dy, transpose(b, -1, -2), name) : batchProduct(transpose(a, -1, -2), dy, name)),
  });
}

export function mm(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 2) throw runtimeError('self must be a matrix');
  if (b.shape.length !== 2) throw runtimeError('mat2 must be a matrix');
  if (a.shape[1] !== b.shape[0]) {
    throw runtimeError(`mat1 and mat2 shapes cannot be multiplied (${a.shape[0]!}x${a.shape[1]!} and ${b.shape[0]!}x${b.shape[1]!})`);
  }
  requireSameType(a, b, 'm1 and m2');
  return batchProduct(a, b, 'Mm');
}

export function bmm(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 3) throw runtimeError('batch1 must be a 3D tensor');
  if (b.shape.length !== 3) throw runtimeError('batch2 must be a 3D tensor');
  if (a.shape[0] !== b.shape[0] || a.shape[2] !== b.shape[1]) {
    throw runtimeError(
      `Expected size for first two dimensions of batch2 tensor to be: [${a.shape[0]!}, ${a.shape[2]!}] but got: [${b.shape[0]!}, ${b.shape[1]!}].`,
    );
  }
  requireSameType(a, b, 'batch1 and batch2');
  return batchProduct(a, b, 'Bmm');
}

export function dot(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length !== 1 || b.shape.length !== 1) {
    throw runtimeError(`1D tensors expected, but got ${a.shape.length}D and ${b.shape.length}D tensors`);
  }
  if (a.shape[0] !== b.shape[0]) {
    throw runtimeError(
      `inconsistent tensor size, expected tensor ${shapeText(a.shape)} and src ${shapeText(b.shape)} to have the same number of elements, but got ` +
        `${a.shape[0]!} and ${b.shape[0]!} elements respectively`,
    );
  }
  if (a.dtype !== b.dtype) {
    throw runtimeError(`dot : expected both vectors to have same dtype, but found ${cppTypeName(a.dtype)} and ${cppTypeName(b.dtype)}`);
  }
  const from = readValues(a);
  const other = readValues(b);
  let total = 0;
  for (let i = 0; i < from.length; i++) total += from[i]! * other[i]!;
  const values = allocate(a.dtype, 1);
  values[0] = total;
  return derive(values, [], a.dtype, { name: 'Dot', inputs: [a, b], saved: [a, b], gradient: (dy, i) => mul(dy, i === 0 ? b : a) });
}

export function mv(matrix: Tensor, vector: Tensor): Tensor {
  if (matrix.shape.length !== 2 || vector.shape.length !== 1) {
    throw runtimeError(`vector + matrix @ vector expected, got ${vector.shape.length}, ${matrix.shape.length}, ${vector.shape.length}`);
  }
  if (matrix.shape[1] !== vector.shape[0]) {
    throw runtimeError(
      `size mismatch, got input (${matrix.shape[0]!}), mat (${matrix.shape[0]!}x${matrix.shape[1]!}), vec (${vector.shape[0]!})`,
    );
  }
  return named(squeeze(mm(matrix, unsqueeze(vector, 1)), [1]), 'Mv');
}

/** torch's `@`: vectors, matrices, and batches of matrices that broadcast. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  if (a.shape.length === 0 || b.shape.length === 0) {
    throw runtimeError(`both arguments to matmul need to be at least 1D, but they are ${a.shape.length}D and ${b.shape.length}D`);
  }
  if (a.shape.length === 1 && b.shape.length === 1) return dot(a, b);
  if (a.shape.length === 2 && b.shape.length === 1) return mv(a, b);
  if (a.shape.length === 1) return squeeze(matmul(unsqueeze(a, 0), b), [-2]);
  if (b.shape.length === 1) return squeeze(matmul(a, unsqueeze(b, 1)), [-1]);
  if (a.shape.length === 2 && b.shape.length === 2) return mm(a, b);
  if (a.shape.at(-1) !== b.shape.at(-2)) {
    throw runtimeError(
      `mat1 and mat2 shapes cannot be multiplied (${a.shape.slice(0, -1).join('x')}x${a.shape.at(-1)!} and ${b.shape.slice(-2).join('x')})`,
    );
  }
  requireSameType(a, b, 'm1 and m2');
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const wide = (tensor: Tensor): Tensor => expand(tensor, [...batch, ...tensor.shape.slice(-2)]);
  return batchProduct(wide(a), wide(b), 'Bmm');
}

export const outer = (a: Tensor, b: Tensor): Tensor => mul(unsqueeze(a, 1), b);

/** x Wᵀ + b. */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const product = matmul(input, weight.shape.length === 1 ? weight : transpose(weight, 0, 1));
  return bias === null ? product : named(add(product, bias), input.shape.length === 2 ? 'Addmm' : 'Add');
}

/** Sums over products of elements that share letters: Einstein's notation. The dimensions under an ellipsis broadcast. */
export function einsum(equation: string, tensors: readonly Tensor[]): Tensor {
  const [left = '', right] = equation.replaceAll(' ', '').split('->');
  const written = left.split(',');
  if (written.length !== tensors.length) {
    throw runtimeError(
      `einsum(): ${written.length < tensors.length ? 'more' : 'fewer'} operands were provided than specified in the equation`,
    );
  }
  const ellipsis = ellipsisLetters(written, tensors);
  const terms = written.map((term, i) => withoutEllipsis(term, tensors[i]!, ellipsis, i));
  const counts = countLetters(terms, tensors);
  const output = right === undefined ? ellipsis + implicitOutput(counts, ellipsis) : right.replace('...', ellipsis);
  const unknown = output.split('').find((letter) => !counts.has(letter));
  if (unknown !== undefined)
    throw runtimeError(`einsum(): output subscript ${unknown} does not appear in the equation for any input operand`);
  const summed = [...counts.keys()].filter((letter) => !output.includes(letter));
  const letters = [...output.split(''), ...summed];
  const product = terms.map((term, i) => alignTo(takeDiagonals(tensors[i]!, term), letters)).reduce((a, b) => mul(a, b));
  if (summed.length === 0) return product;
  return sum(
    product,
    summed.map((_, k) => output.length + k),
  );
}

/** Stand-ins for the dimensions under the widest ellipsis: characters that an equation cannot hold. */
function ellipsisLetters(written: readonly string[], tensors: readonly Tensor[]): string {
  const widths = written.map((term, i) => (term.includes('...') ? tensors[i]!.shape.length - (term.length - 3) : 0));
  return Array.from({ length: Math.max(0, ...widths) }, (_, k) => String(k)).join('');
}

function withoutEllipsis(term: string, tensor: Tensor, ellipsis: string, operand: number): string {
  const width = tensor.shape.length - (term.length - 3);
  const letters = term.includes('...') && width >= 0 ? term.replace('...', width === 0 ? '' : ellipsis.slice(-width)) : term;
  if (!/^[a-zA-Z0-9]*$/.test(letters))
    throw runtimeError('einsum(): invalid subscript given in the equation string, subscripts must be in [a-zA-Z]');
  if (letters.length !== tensor.shape.length) {
    throw runtimeError(
      `einsum(): the number of subscripts in the equation (${letters.length}) does not match the number of dimensions (${tensor.shape.length}) for ` +
        `operand ${operand} and no ellipsis was given`,
    );
  }
  return letters;
}

/** How often each letter stands in the inputs, in the order in which they appear; sizes must agree or be 1. */
function countLetters(terms: readonly string[], tensors: readonly Tensor[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const counts = new Map<string, number>();
  terms.forEach((term, i) => {
    term.split('').forEach((letter, d) => {
      const size = tensors[i]!.shape[d]!;
      const known = sizes.get(letter) ?? 1;
      if (known !== 1 && size !== 1 && known !== size) {
        throw runtimeError(
          `einsum(): subscript ${letter} has size ${size} for operand ${i} which does not broadcast with previously seen size ${known}`,
        );
      }
      sizes.set(letter, Math.max(known, size));
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    });
  });
  return counts;
}

/** Without an output, the letters that stand once, in alphabetical order. */
const implicitOutput = (counts: ReadonlyMap<string, number>, ellipsis: string): string =>
  [...counts]
    .filter(([letter, count]) => count === 1 && !ellipsis.includes(letter))
    .map(([letter]) => letter)
    .sort()
    .join('');

interface Lettered {
  readonly tensor: Tensor;
  readonly term: string;
}

/** A letter that occurs twice in a term reads the diagonal. */
function takeDiagonals(tensor: Tensor, term: string): Lettered {
  const repeated = term.split('').findIndex((letter, d) => term.indexOf(letter) !== d);
  if (repeated < 0) return { tensor, term };
  const first = term.indexOf(term[repeated]!);
  const shape = tensor.shape;
  const order = [...shape.keys()].filter((d) => d !== first && d !== repeated);
  const moved = permute(tensor, [...order, first, repeated]);
  const n = shape[first]!;
  const rest = moved.shape.slice(0, -2);
  const diagonal = diagonalOfLast(reshape(moved, [...rest, n * n]), rest, n);
  return takeDiagonals(diagonal, order.map((d) => term[d]!).join('') + term[first]!);
}

function diagonalOfLast(flat: Tensor, rest: Shape, n: number): Tensor {
  const rows = elementCount(rest);
  const from = readValues(flat);
  const values = allocate(flat.dtype, rows * n);
  for (let r = 0; r < rows; r++) for (let i = 0; i < n; i++) values[r * n + i] = from[r * n * n + i * (n + 1)]!;
  return derive(values, [...rest, n], flat.dtype, {
    name: 'Diagonal',
    inputs: [flat],
    gradient: (dy) => {
      const back = readValues(dy);
      const spread = allocate(dy.dtype, rows * n * n);
      for (let r = 0; r < rows; r++) for (let i = 0; i < n; i++) spread[r * n * n + i * (n + 1)] = back[r * n + i]!;
      return derive(spread, flat.shape, dy.dtype, {
        name: 'DiagonalBackward',
        inputs: [dy],
        gradient: (ddy) => diagonalOfLast(ddy, rest, n),
      });
    },
  });
}

/** The tensor with its dimensions in the order of all letters, of size 1 where it lacks one. */
function alignTo({ tensor, term }: Lettered, letters: readonly string[]): Tensor {
  const present = letters.filter((letter) => term.includes(letter));
  const ordered = permute(
    tensor,
    present.map((letter) => term.indexOf(letter)),
  );
  return reshape(
    ordered,
    letters.map((letter) => (term.includes(letter) ? tensor.shape[term.indexOf(letter)]! : 1)),
  );
}
