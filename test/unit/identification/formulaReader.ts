/** Computes a formula from its text or its TeX alone, as a person would who reads it: nothing of how it was made is used. */
import { logSoftmaxOf } from './losses';
import type { Matrix } from '../../../src/identification/blackBox';

export interface Batch {
  readonly logits: Matrix;
  readonly targets: readonly number[];
}

/** The one-line text: a row's loss, how the rows are put together, and what the symbols mean. */
export function valueOfText(formula: string, batch: Batch): readonly number[] {
  const [first = '', ...more] = formula.split('; ');
  const comma = first.search(/, (one|mean|summed|the)/);
  const row = first.slice(0, comma);
  const [, over = '', sign = 'plus', constant = '0'] = /^(.*?)(?:, (plus|minus) (\S+))?$/.exec(first.slice(comma + 2))!;
  const added = Number(constant) * (sign === 'minus' ? -1 : 1);
  return together(rowReader(plain(row), more.map(plain)), over, weightsIn(more), batch).map((value) => value + added);
}

/** The TeX lines: L, then a row's loss, then what the symbols mean. */
export function valueOfTex(lines: readonly string[], batch: Batch): readonly number[] {
  const texts = lines.map(fromTex);
  const [whole = '', row = '', ...more] = texts;
  const over = /^L = (.*)$/.exec(whole)![1]!;
  const rows = rowReader(row.replace(/^ℓ = /, ''), more);
  const values = batch.targets.map((_, n) => rows(batch, n));
  const weights = weightsIn(more);
  const shares: Readonly<Record<string, number>> = {
    N: batch.targets.length,
    'N K': batch.targets.length * batch.logits[0]!.length,
    'Σ_n w_y': weightOfTargets(batch, weights),
    active: batch.targets.filter((target) => !more.some((line) => line === `0 where y = ${target}`)).length,
  };
  const parsed = /^(?:\((\S+)\/(N K|N|active|Σ_n w_y)\) |(\S+) )?(Σ_n ℓ|all ℓ)(?: ([+-]) (\S+))?$/.exec(over);
  if (parsed === null) throw new Error(`cannot read ${over}`);
  const [, above, below, factor, kind, sign, constant] = parsed;
  const scale = above !== undefined ? Number(above) / shares[below!]! : factor !== undefined ? Number(factor) : 1;
  const added = constant === undefined ? 0 : Number(`${sign}${constant}`);
  return kind === 'all ℓ' ? values.map((value) => scale * value + added) : [scale * values.reduce((s, v) => s + v, 0) + added];
}

const plain = (text: string): string => text.replaceAll('−', '-').replaceAll('·', ' ').replaceAll('′', "'").replaceAll('²', '^2');

function fromTex(line: string): string {
  return line
    .replace(/N_\{\\text\{active\}\}/g, 'active')
    .replace(/\(\\ell_1, \\dots, \\ell_N\)/g, 'all ℓ')
    .replace(/\\sum_\{n\}/g, 'Σ_n')
    .replace(/\\sum_n w_\{y_n\}/g, 'Σ_n w_y')
    .replace(/\\ell_n = 0 \\;\\text\{if\}\\; y_n = /g, '0 where y = ')
    .replace(/\\ell_n/g, 'ℓ')
    .replace(/\\frac\{([^{}]*)\}\{([^{}]*)\}/g, '($1/$2)')
    .replace(/ \\cdot 10\^\{(-?\d+)\}/g, 'e$1')
    .replace(/_\{n,y_n\}/g, '_y')
    .replace(/_\{n,y'_n\}/g, "_y'")
    .replace(/_\{n,k\}/g, '_k')
    .replace(/w_\{y_n\}/g, 'w_y')
    .replace(/w_\{k\}/g, 'w_k')
    .replace(/\\sum_\{([^{}]*)\}/g, (_, below: string) => {
      const left = [...below.matchAll(/k \\ne (\S+?)(?:_n)?(?:,|$)/g)].map((match) => match[1]!);
      return left.length === 0 ? 'Σ_k' : `Σ_{k≠${left.join(',')}}`;
    })
    .replace(/\\left|\\right/g, '')
    .replace(/\\log/g, 'log')
    .replace(/\\sigma/g, 'σ')
    .replace(/\^\{([^{}]*)\}/g, '^$1')
    .replace(/q_n\b/g, 'q')
    .replace(/\\begin\{cases\} (.*?) & k = y_n \\\\ (.*?) & k \\ne y_n \\end\{cases\}/, 'cases $1 else $2')
    .replace(/q_k = cases (.*) else (.*)/, 'q_y = $1, every other q_k = $2')
    .replace(/\\propto e\^\{?-\(k - y_n\)\^2 \/ \(2 \\cdot ([\d.]+)\^2\)\}?/, '∝ exp(-(k - y)^2/(2 $1^2))')
    .replace(/p_n = \\operatorname\{softmax\}\(z_n \/ (\S+)\)/, 'p = softmax(z/$1)')
    .replace(/\\[,;]/g, ' ')
    .replace(/ +/g, ' ')
    .trim();
}

const weightOfTargets = ({ targets }: Batch, weights: readonly number[]): number => targets.reduce((s, y) => s + weights[y]!, 0);

function weightsIn(lines: readonly string[]): readonly number[] {
  return (
    lines
      .flatMap((line) => /^w = \((.*)\)$/.exec(line)?.[1] ?? [])[0]
      ?.split(/, ?/)
      .map(Number) ?? []
  );
}

function together(rows: (batch: Batch, n: number) => number, over: string, weights: readonly number[], batch: Batch): readonly number[] {
  const values = batch.targets.map((_, n) => rows(batch, n));
  const total = values.reduce((s, v) => s + v, 0);
  switch (over) {
    case 'one value per row':
      return values;
    case 'mean over N rows':
      return [total / values.length];
    case 'summed over N rows':
      return [total];
    case 'summed over N rows and divided by N·K':
      return [total / values.length / batch.logits[0]!.length];
    case 'summed over N rows and divided by Σ w_y':
      return [total / weightOfTargets(batch, weights)];
    case 'mean over the rows that count':
      return [total / values.filter((value) => value !== 0).length];
    default:
      throw new Error(`cannot read ${over}`);
  }
}

interface Place {
  readonly y: number;
  readonly mirrored: number;
  readonly k: number;
}

function rowReader(row: string, more: readonly string[]): (batch: Batch, n: number) => number {
  const find = (pattern: RegExp): readonly string[] | null =>
    more.map((line) => pattern.exec(line)).find((found) => found !== null) ?? null;
  const silent = more.flatMap((line) => /^0 where y = (-?\d+)$/.exec(line)?.[1] ?? []).map(Number);
  const entropy = find(/^H\(q\) = (\S+)$/)?.[1];
  const weights = weightsIn(more);
  const temperature = Number(find(/^p = softmax\(z\/(\S+)\)$/)?.[1] ?? 1);
  const sigma = find(/^q_k ∝ exp\(-\(k - y\)\^2\/\(2 (\S+)\^2\)\)$/)?.[1];
  const cases = find(/^q_y = (.*), every other q_k = (.*)$/);
  return ({ logits, targets }, n) => {
    const [y, mirrored] = [targets[n]!, targets[targets.length - 1 - n]!];
    if (silent.includes(y)) return 0;
    const z = logits[n]!;
    const logP = logSoftmaxOf(z.map((value) => value / temperature));
    const normal = z.map((_, k) => Math.exp(-((k - y) ** 2) / (2 * Number(sigma) ** 2)));
    const symbol = (name: string, k: number): number => {
      switch (name) {
        case 'p':
          return Math.exp(logP[k]!);
        case 'z':
          return z[k]!;
        case 'w':
          return weights[k]!;
        case 'q':
          if (cases !== null) return evaluate(cases[k === y ? 1 : 2]!, { y, mirrored, k }, z.length, symbol);
          return normal[k]! / normal.reduce((s, v) => s + v, 0);
        default:
          throw new Error(`no meaning for ${name}`);
      }
    };
    const text = row.replace('H(q)', entropy ?? 'nothing says what H(q) is');
    return evaluate(text, { y, mirrored, k: NaN }, z.length, symbol);
  };
}

/** Recursive descent over + - / ^, products by standing side by side, log, σ and sums over classes (which reach to the end of their term). */
function evaluate(text: string, place: Place, classes: number, symbol: (name: string, k: number) => number): number {
  const tokens = text.match(/Σ_(?:k|\{[^}]*\})|log|σ|[pqwz]_(?:y'|y|k)|\d+(?:\.\d+)?(?:e-?\d+)?|[-+/^()]|\S+/g) ?? [];
  let at = 0;
  const sumOf = (here: Place): number => {
    let value = 0;
    let sign = 1;
    if (tokens[at] === '-') {
      sign = -1;
      at += 1;
    }
    for (;;) {
      value += sign * product(here);
      if (tokens[at] !== '+' && tokens[at] !== '-') return value;
      sign = tokens[at] === '+' ? 1 : -1;
      at += 1;
    }
  };
  const product = (here: Place): number => {
    let value = power(here);
    for (;;) {
      if (tokens[at] === '/') {
        at += 1;
        value /= power(here);
      } else if (tokens[at] === undefined || ['+', '-', ')'].includes(tokens[at]!)) return value;
      else value *= power(here);
    }
  };
  const power = (here: Place): number => {
    const base = atom(here);
    if (tokens[at] !== '^') return base;
    at += 1;
    return base ** atom(here);
  };
  const atom = (here: Place): number => {
    const token = tokens[at]!;
    at += 1;
    if (token === '(') {
      const value = sumOf(here);
      if (tokens[at] !== ')') throw new Error(`no closing parenthesis at ${at} in ${text}`);
      at += 1;
      return value;
    }
    if (token === 'log') return Math.log(power(here));
    if (token === 'σ') return 1 / (1 + Math.exp(-atom(here)));
    if (token.startsWith('Σ')) {
      const without =
        /≠(.*)\}/
          .exec(token)?.[1]
          ?.split(',')
          .map((name) => (name === 'y' ? here.y : Number(name))) ?? [];
      const start = at;
      let end = at;
      let value = 0;
      for (let k = 0; k < classes; k += 1) {
        at = start;
        const term = product({ ...here, k });
        end = at;
        if (!without.includes(k)) value += term;
      }
      at = end;
      return value;
    }
    if (/^[pqwz]_/.test(token)) {
      const index = token.slice(2);
      return symbol(token[0]!, index === 'y' ? here.y : index === 'k' ? here.k : here.mirrored);
    }
    if (/^\d/.test(token)) return Number(token);
    throw new Error(`cannot read ${token} in ${text}`);
  };
  const value = sumOf(place);
  if (at !== tokens.length) throw new Error(`stopped at ${tokens[at]} in ${text}`);
  return value;
}
