/** A loss's expression as people write it: in TeX, and in one line of plain text. */
import type { Formula } from '../inspection';
import {
  entropies,
  minus,
  number,
  partsOf,
  times,
  type ClassIndex,
  type Expression,
  type LossExpression,
  type Quantity,
  type Smoothed,
} from './expression';
import type { Matrix } from './blackBox';

/** How one of the two notations writes what both have. */
interface Notation {
  readonly number: (value: number) => string;
  readonly share: (of: string, among: string) => string;
  readonly quantity: (quantity: Quantity, at: ClassIndex) => string;
  readonly minus: string;
  readonly times: (factors: readonly string[]) => string;
  readonly group: (text: string) => string;
  readonly power: (base: string, exponent: string) => string;
  readonly log: (text: string) => string;
  readonly overClasses: (withoutTarget: boolean, without: number | null, text: string) => string;
  readonly entropy: (alike: boolean) => string;
}

/** The sample's rows, for what is worth saying of them in numbers. */
export interface Written {
  readonly loss: LossExpression;
  readonly logits: Matrix;
  readonly targets: readonly number[];
  /** The code makes targets, not a loss. */
  readonly makesTargets: boolean;
  /** It departs from the formula where logits are large. */
  readonly onlyNearby: boolean;
}

export function formulaOfExpression({ loss, logits, targets, makesTargets, onlyNearby }: Written): Formula {
  const found = entropies(loss, { logits, targets });
  const entropy = found !== null && found.length > 0 && found.every((value) => Math.abs(value - found[0]!) < 1e-9) ? found[0]! : null;
  const alike = entropy !== null;
  const row = (notation: Notation): string => written(loss.row, notation, alike);
  const { smoothed } = loss;
  if (makesTargets && smoothed !== null && smoothed.kind !== 'table') {
    return { tex: [smoothedTex(smoothed)], text: smoothedText(smoothed) };
  }
  const texts = [
    rowText(loss, alike),
    makesTargets ? 'the cross entropy that the targets give' : reductionText(loss),
    ...(loss.constant === 0 ? [] : [`${loss.constant < 0 ? 'minus' : 'plus'} ${text.number(Math.abs(loss.constant))}`]),
  ];
  const more = [
    ...loss.silent.map((target) => `0 where y = ${text.number(target)}`),
    ...(entropy === null ? [] : [`H(q) = ${text.number(entropy)}`]),
    ...(smoothed === null ? [] : [smoothedText(smoothed)]),
    ...(mentions(loss.row, 'mirrored') ? ['y′ of the reversed batch'] : []),
    ...(loss.classWeights === null || !usesWeights(loss) ? [] : [weightsText(loss.classWeights)]),
    ...(loss.temperature === 1 ? [] : [`p = softmax(z/${text.number(loss.temperature)})`]),
    ...(onlyNearby ? ['for logits that are not large'] : []),
  ];
  return {
    tex: [
      `L = ${reductionTex(loss)}${loss.constant === 0 ? '' : ` ${signed(loss.constant, tex)}`}`,
      `\\ell_n = ${row(tex)}`,
      ...loss.silent.map((target) => `\\ell_n = 0 \\;\\text{if}\\; y_n = ${tex.number(target)}`),
      ...(entropy === null ? [] : [`H(q) = ${tex.number(entropy)}`]),
      ...(smoothed === null || smoothed.kind === 'table' ? [] : [smoothedTex(smoothed)]),
      ...(mentions(loss.row, 'mirrored') ? ["y'_n = y_{N+1-n}"] : []),
      ...(loss.classWeights === null || !usesWeights(loss) || loss.classWeights.length > 8 ? [] : [weightsTex(loss.classWeights)]),
      ...(loss.temperature === 1 ? [] : [`p_n = \\operatorname{softmax}(z_n / ${tex.number(loss.temperature)})`]),
    ],
    text: [texts.join(', '), ...more].join('; '),
  };
}

// ------------------------------------------------------------------------------------------------------- expressions

function written(expression: Expression, notation: Notation, alike: boolean): string {
  const inner = (part: Expression): string => written(part, notation, alike);
  const factor = (part: Expression): string => (part.op === 'plus' || part.op === 'minus' ? notation.group(inner(part)) : inner(part));
  switch (expression.op) {
    case 'number':
      return notation.number(expression.value);
    case 'share':
      return notation.share(notation.number(expression.of), notation.number(expression.among));
    case 'quantity':
      return notation.quantity(expression.quantity, expression.at);
    case 'minus':
      return `${notation.minus}${factor(expression.of)}`;
    case 'plus':
      return expression.terms
        .map((term, m) => {
          const negative = term.op === 'minus' || (term.op === 'number' && term.value < 0);
          const size =
            term.op === 'number' && negative ? notation.number(-term.value) : term.op === 'minus' ? factor(term.of) : inner(term);
          return m === 0 ? `${negative ? notation.minus : ''}${size}` : `${negative ? notation.minus : '+'} ${size}`;
        })
        .join(' ');
    case 'times':
      return notation.times(expression.factors.map(factor));
    case 'power':
      return notation.power(notation.group(inner(expression.base)), notation.number(expression.exponent));
    case 'log':
      return notation.log(notation.group(inner(expression.of)));
    case 'overClasses':
      return notation.overClasses(expression.withoutTarget, expression.without, factor(expression.of));
    case 'entropy':
      return notation.entropy(alike);
  }
}

function some(expression: Expression, is: (part: Expression) => boolean): boolean {
  return is(expression) || partsOf(expression).some((part) => some(part, is));
}

const mentions = (expression: Expression, at: ClassIndex): boolean => some(expression, (part) => part.op === 'quantity' && part.at === at);
const usesWeights = ({ row, divisor }: LossExpression): boolean =>
  divisor === 'weights' || some(row, (part) => part.op === 'quantity' && part.quantity === 'weight');

function signed(value: number, { number, minus }: Notation): string {
  return value < 0 ? `${minus} ${number(-value)}` : `+ ${number(value)}`;
}

/** Seven significant digits, as many as a 32-bit float has. */
function digits(value: number): readonly [string, string | null] {
  const [mantissa = '', exponent = null] = String(Number(value.toPrecision(7))).split('e');
  return [mantissa, exponent];
}

// --------------------------------------------------------------------------------------------------------------- TeX

const texIndex: Readonly<Record<ClassIndex, string>> = { target: 'y_n', mirrored: "y'_n", each: 'k' };

const texQuantities: Readonly<Record<Quantity, (k: string) => string>> = {
  logProbability: (k) => `\\log p_{n,${k}}`,
  probability: (k) => `p_{n,${k}}`,
  logit: (k) => `z_{n,${k}}`,
  logSigmoid: (k) => `\\log \\sigma(z_{n,${k}})`,
  logOneMinusSigmoid: (k) => `\\log (1 - \\sigma(z_{n,${k}}))`,
  weight: (k) => `w_{${k}}`,
  smoothed: (k) => `q_{n,${k}}`,
  unsmoothed: (k) => `(1 - q_{n,${k}})`,
};

const tex: Notation = {
  number: (value) => {
    const [mantissa, exponent] = digits(value);
    return exponent === null ? mantissa : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
  },
  share: (of, among) => `\\frac{${of}}{${among}}`,
  quantity: (quantity, at) => texQuantities[quantity](texIndex[at]),
  minus: '-',
  times: (factors) => factors.join(' \\, '),
  group: (inner) => `\\left(${inner}\\right)`,
  power: (base, exponent) => `${base}^{${exponent}}`,
  log: (inner) => `\\log ${inner}`,
  overClasses: (withoutTarget, without, inner) => {
    const left = [...(withoutTarget ? ['k \\ne y_n'] : []), ...(without === null ? [] : [`k \\ne ${without}`])];
    return `\\sum_{${left.length === 0 ? 'k' : left.join(',\\, ')}} ${inner}`;
  },
  entropy: (alike) => (alike ? 'H(q)' : 'H(q_n)'),
};

const texDivisors: Readonly<Record<LossExpression['divisor'], string | null>> = {
  one: null,
  rows: 'N',
  elements: 'N K',
  active: 'N_{\\text{active}}',
  weights: '\\sum_n w_{y_n}',
};

function reductionTex({ reduced, factor, divisor }: LossExpression): string {
  const under = texDivisors[divisor];
  const front = under === null ? (factor === 1 ? '' : `${tex.number(factor)} \\, `) : `\\frac{${tex.number(factor)}}{${under}} `;
  return reduced ? `${front}\\sum_{n} \\ell_n` : `${front}(\\ell_1, \\dots, \\ell_N)`;
}

function smoothedTex(smoothed: Exclude<Smoothed, { readonly kind: 'table' }>): string {
  if (smoothed.kind === 'onAndOff') {
    return `q_{n,k} = \\begin{cases} ${written(smoothed.on, tex, true)} & k = y_n \\\\ ${written(smoothed.off, tex, true)} & k \\ne y_n \\end{cases}`;
  }
  return `q_{n,k} \\propto e^{-(k - y_n)^2 / (2 \\cdot ${tex.number(smoothed.sigma)}^2)}`;
}

const weightsTex = (weights: readonly number[]): string =>
  `w = (${weights.map((w) => tex.number(Number(w.toPrecision(4)))).join(',\\; ')})`;

// -------------------------------------------------------------------------------------------------------- plain text

const textIndex: Readonly<Record<ClassIndex, string>> = { target: 'y', mirrored: 'y′', each: 'k' };

const textQuantities: Readonly<Record<Quantity, (k: string) => string>> = {
  logProbability: (k) => `log p_${k}`,
  probability: (k) => `p_${k}`,
  logit: (k) => `z_${k}`,
  logSigmoid: (k) => `log σ(z_${k})`,
  logOneMinusSigmoid: (k) => `log(1 − σ(z_${k}))`,
  weight: (k) => `w_${k}`,
  smoothed: (k) => `q_${k}`,
  unsmoothed: (k) => `(1 − q_${k})`,
};

const text: Notation = {
  number: (value) => {
    const [mantissa, exponent] = digits(value);
    return `${mantissa}${exponent === null ? '' : `e${Number(exponent)}`}`.replaceAll('-', '−');
  },
  share: (of, among) => `(${of}/${among})`,
  quantity: (quantity, at) => textQuantities[quantity](textIndex[at]),
  minus: '−',
  times: (factors) => factors.join('·'),
  group: (inner) => `(${inner})`,
  power: (base, exponent) => `${base}^${exponent}`,
  log: (inner) => `log${inner}`,
  overClasses: (withoutTarget, without, inner) => {
    const left = [...(withoutTarget ? ['y'] : []), ...(without === null ? [] : [String(without)])];
    return `Σ_${left.length === 0 ? 'k' : `{k≠${left.join(',')}}`} ${inner}`;
  },
  entropy: () => 'H(q)',
};

/** The row's loss with the factor of the whole before it. */
function rowText({ row, factor }: LossExpression, alike: boolean): string {
  if (factor === 1) return written(row, text, alike);
  const scaled = times(number(factor), row.op === 'minus' ? row.of : row);
  return written(row.op === 'minus' ? minus(scaled) : scaled, text, alike);
}

const textDivisors: Readonly<Record<LossExpression['divisor'], string>> = {
  one: 'summed over N rows',
  rows: 'mean over N rows',
  elements: 'summed over N rows and divided by N·K',
  active: 'mean over the rows that count',
  weights: 'summed over N rows and divided by Σ w_y',
};

function reductionText({ reduced, divisor }: LossExpression): string {
  if (reduced) return textDivisors[divisor];
  return divisor === 'one' ? 'one value per row' : `one value per row, ${{ ...textDivisors, rows: 'divided by N' }[divisor]}`;
}

function smoothedText(smoothed: Smoothed): string {
  switch (smoothed.kind) {
    case 'onAndOff':
      return `q_y = ${written(smoothed.on, text, true)}, every other q_k = ${written(smoothed.off, text, true)}`;
    case 'normal':
      return `q_k ∝ exp(−(k − y)²/(2·${text.number(smoothed.sigma)}²))`;
    case 'table':
      return 'q as measured';
  }
}

function weightsText(weights: readonly number[]): string {
  return weights.length > 8
    ? `w the ${weights.length} class weights`
    : `w = (${weights.map((w) => text.number(Number(w.toPrecision(4)))).join(', ')})`;
}
