/** Logits of the file's own run, handed to a loss that wants log-probabilities. */
import { show } from '../identification/verdict';
import { nameInCode } from '../detection/siteNames';
import { walk } from '../detection/walk';
import type { Call, Expression, Statement } from '../language/program';
import { keyword, operationOf } from './code';
import { whereMade } from './givenInput';
import type { Found, NamedTensor, Rule, Subject } from './rule';
import { onlyBinding, scopesOf } from './scopes';
import type { Scope } from './scopes';

export const logitsForLogProbabilities: Rule = {
  id: 'logits-for-log-probabilities',
  severity: 'error',
  title: 'Raw logits where log-probabilities are needed',
  look(subject) {
    const { site } = subject;
    const given = givenScores(subject);
    if (given.length > 0) return given;
    if (site.framework !== 'torch' || site.kind === 'call') return [];
    if (site.kind !== 'script' && subject.feed !== 'logProbabilities') return [];
    const scopes = scopesOf(site.program);
    return usesOf(subject, scopes).flatMap((use) => {
      const given = predictionOf(use, subject);
      if (given?.kind !== 'name' || onlyBinding(scopes, scopes[0]!, given.name) === null) return [];
      const sum = sumsOfProbabilities(subject.tensorNamed(given.name));
      if (sum === null) return [];
      const message = `\`${given.name}\` holds raw logits, and this loss wants log-probabilities: the exponentials of its first row sum to ${show(sum)}, those of log-probabilities to 1. Give it log_softmax.`;
      const at = given.range.end;
      const fix = {
        title: 'Give it log_softmax(dim=-1)',
        edits: [{ range: { start: at, end: at }, newText: '.log_softmax(dim=-1)' }],
        keepsNumbers: false,
        promise: (after: NonNullable<Subject['measurement']>) => after.measured.affine,
      };
      return [{ range: given.range, message, fixes: [fix] }];
    });
  },
};

/** The program was followed: the outputs of a linear layer come to the loss as they are. */
function givenScores({ measurement, feed, input, site }: Subject): readonly Found[] {
  if (measurement?.measured.affine !== true || feed !== 'logProbabilities' || input?.nature !== 'scores') return [];
  const where = whereMade(input);
  const message = `What it is given are the outputs of a linear layer${where} as they are: raw logits, and this loss wants log-probabilities. Give it log_softmax of them.`;
  return [{ range: input.range ?? site.nameRange, message }];
}

export const logitsForProbabilities: Rule = {
  id: 'logits-for-probabilities',
  severity: 'error',
  title: 'Raw logits where probabilities are needed',
  look({ measurement, feed, input, site }) {
    const isCrossEntropy = measurement?.measured.affine === true || measurement?.otherFamily?.kind === 'focal';
    if (!isCrossEntropy || feed !== 'probabilities' || input?.nature !== 'scores') return [];
    const keras = site.framework === 'tensorflow' ? ' (from_logits=True where the loss has it)' : '';
    const message = `What it is given are the outputs of a linear layer${whereMade(input)} as they are: raw logits, and this loss takes probabilities. Let it take logits${keras}, or give it their softmax.`;
    return [{ range: input.range ?? site.nameRange, message }];
  },
};

/** The calls at the module's own level of this loss, or in a script of torch's losses that do not normalise. */
function usesOf({ site }: Subject, scopes: readonly Scope[]): readonly Call[] {
  const [module] = scopes;
  const statements = (module?.statements ?? []).filter((statement) => site.kind !== 'script' || isWithin(statement, site.range));
  const calls: Call[] = [];
  walk(statements, (node) => {
    if (node.kind === 'call') calls.push(node);
  });
  const isLoss =
    site.kind === 'script'
      ? (call: Call) => unnormalised.has(operationOf(call))
      : (call: Call) => site.kind === 'class' && call.callee.kind === 'name' && call.callee.name === nameInCode(site);
  return calls.filter((call) => {
    if (site.kind === 'function') return call.callee.kind === 'name' && call.callee.name === nameInCode(site);
    const { callee } = call;
    if (callee.kind === 'call') return isLoss(callee);
    if (callee.kind === 'name') {
      const made = onlyBinding(scopes, scopes[0]!, callee.name)?.value;
      if (made?.kind === 'call') return isLoss(made);
    }
    return site.kind === 'script' && isFunction(call);
  });
}

const unnormalised = new Set(['kldivloss', 'nllloss']);
const isFunction = (call: Call): boolean => ['kldiv', 'nllloss'].includes(operationOf(call)) && call.arguments.length >= 2;

const isWithin = ({ range }: Statement, whole: Statement['range']): boolean => whole.start <= range.start && range.end <= whole.end;

function predictionOf(use: Call, { site, parameters }: Subject): Expression | null {
  if (use.arguments.some(({ kind }) => kind === 'starred')) return null;
  const called = parameters.filter(({ where }) => where === 'call');
  const at = site.kind === 'script' ? 0 : called.findIndex(({ role }) => role === 'logits');
  const name = site.kind === 'script' ? 'input' : called[at]?.name;
  return at < 0 ? null : ((name === undefined ? null : keyword(use, name)) ?? use.arguments[at] ?? null);
}

/** Σ exp of the first row, where no row and no column can be log-probabilities: those of every row sum to more than 1. */
function sumsOfProbabilities(tensor: NamedTensor | null): number | null {
  if (tensor === null || tensor.shape.length !== 2 || tensor.values.length === 0) return null;
  const [rows, columns] = [tensor.shape[0]!, tensor.shape[1]!];
  const sumOf = (count: number, at: (i: number) => number): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += Math.exp(tensor.values[at(i)]!);
    return sum;
  };
  const ofRows = Array.from({ length: rows }, (_, row) => sumOf(columns, (i) => row * columns + i));
  const ofColumns = Array.from({ length: columns }, (_, column) => sumOf(rows, (i) => i * columns + column));
  const tooMuch = (sum: number): boolean => sum > 1.05;
  return ofRows.every(tooMuch) && ofColumns.some((sum) => Math.abs(sum - 1) > 0.05) ? ofRows[0]! : null;
}
