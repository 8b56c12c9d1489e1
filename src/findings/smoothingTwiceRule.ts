/** Targets that are smoothed before a loss that smooths again. */
import { show } from '../identification/verdict';
import { canonical } from '../detection/vocabulary';
import { walk } from '../detection/walk';
import type { Call, Expression, Program } from '../language/program';
import { measuredSmoothing } from './callerRules';
import { callsOf, keyword, numberValue, textOf } from './code';
import type { Fix, Found, Rule, Subject } from './rule';
import { bindingAt, onlyBinding, scopesOf } from './scopes';
import type { Binding, Scope } from './scopes';

export const smoothingTwice: Rule = {
  id: 'smoothing-twice',
  severity: 'warning',
  title: 'The targets are smoothed twice',
  look(subject) {
    const found = subject.site.kind === 'call' ? alongTheFlow(subject) : insideTheLoss(subject);
    return found.length > 0 ? found : throughTheProgram(subject);
  },
};

// ------------------------------------------------------------------------------------------- a loss that does both itself

/** That the targets come smoothed already shows when the smoothing of torch's loss is taken away and some is left. */
function insideTheLoss({ site, measurement }: Subject): readonly Found[] {
  if (site.program.language !== 'python' || measurement?.measured.affine !== true || measurement.makesTargets) return [];
  return callsOf(site).flatMap((call): readonly Found[] => {
    const given = keyword(call, 'label_smoothing');
    if (given === null || numberValue(given) === 0) return [];
    const fix: Fix = {
      title: 'Smooth once: label_smoothing=0.0',
      edits: [{ range: given.range, newText: '0.0' }],
      keepsNumbers: false,
      promise(after, before) {
        const [with2, with1] = [Number(before.measured.onValue), Number(after.measured.onValue)];
        const isDistribution = Math.abs(Number(after.measured.mass) - 1) < 1e-4;
        return after.measured.affine && after.shape?.kind === 'plain' && isDistribution && with1 < 1 - 1e-4 && with2 < with1 - 1e-4;
      },
    };
    const message = `The targets are smoothed before they come to \`${operationText(site.program, call)}\`, which smooths them again: the target gets ${show(Number(measurement.measured.onValue))}, less than either smoothing alone would leave it.`;
    return [{ range: given.range, message, fixes: [fix], provedByFix: true }];
  });
}

/** The program was followed: what it gives the loss as targets was smoothed on its way. */
function throughTheProgram(subject: Subject): readonly Found[] {
  const { site, smoothedTargets } = subject;
  const own = measuredSmoothing(subject);
  if (!smoothedTargets || own === null) return [];
  const where = smoothedTargets.where === null ? '' : ` (${smoothedTargets.where})`;
  const message = `The targets that the program gives it are smoothed already${where}: this loss smooths them a second time by ${show(own)}.`;
  return [{ range: site.nameRange, message }];
}

const operationText = ({ text }: Program, { callee }: Call): string => text.slice(callee.range.start, callee.range.end);

// -------------------------------------------------------------------------------------- targets that another place smooths

/** Only a chain of single assignments is followed: what may depend on a branch or on a caller is not reported. */
function alongTheFlow(subject: Subject): readonly Found[] {
  const { site } = subject;
  if (site.definition.kind !== 'call') return [];
  const { call, constructed } = site.definition;
  const [value] = site.smoothingValues;
  const own = value === undefined ? null : subject.numberAt(value);
  if (value === undefined || own === null || !(own > 0)) return [];
  const scopes = scopesOf(site.program);
  const uses = constructed ? usesOfLoss(call, scopes) : [{ scope: scopeAround(call, scopes), use: call }];
  for (const { scope, use } of uses) {
    const target = use.arguments[1] ?? keyword(use, 'target') ?? null;
    const source = target === null ? null : smoothedBy(target, use, scope, scopes, subject);
    if (source === null) continue;
    const both = source.smoothing === null ? '' : `, together as ε = ${show(1 - (1 - own) * (1 - source.smoothing))} would`;
    const message = `The targets it is given are smoothed already, by \`${firstLine(textOf(site, source.made))}\`: this loss smooths them a second time by ${show(own)}${both}.`;
    const fix: Fix = {
      title: 'Smooth once: leave it to the targets',
      edits: [{ range: value.range, newText: '0.0' }],
      keepsNumbers: false,
      flow: { made: source.made, use, constructed: constructed ? call : null },
      promise: () => true,
    };
    return [{ range: value.range, message, fixes: [fix] }];
  }
  return [];
}

const firstLine = (text: string): string => text.split(/[\r\n]/u)[0]!;

interface Use {
  readonly scope: Scope;
  readonly use: Call;
}

/** The calls of the name that the loss object is kept under, where it has no other. */
function usesOfLoss(made: Call, scopes: readonly Scope[]): readonly Use[] {
  return scopes.flatMap((scope) =>
    callsIn(scope)
      .filter(({ callee }) => callee.kind === 'name' && onlyBinding(scopes, scope, callee.name)?.value === made)
      .map((use) => ({ scope, use })),
  );
}

function callsIn({ statements }: Scope): readonly Call[] {
  const calls: Call[] = [];
  walk(statements, (node) => {
    if (node.kind === 'call') calls.push(node);
  });
  return calls;
}

function scopeAround({ range }: Call, scopes: readonly Scope[]): Scope {
  const around = scopes.filter(
    ({ definition }) => definition !== null && definition.range.start <= range.start && range.end <= definition.range.end,
  );
  return around.at(-1) ?? scopes[0]!;
}

interface Smoothed {
  readonly made: Expression;
  /** Of the uniform mixture; null where it is not known. */
  readonly smoothing: number | null;
}

function smoothedBy(target: Expression, use: Call, scope: Scope, scopes: readonly Scope[], subject: Subject): Smoothed | null {
  const names: Names = (name) => onlyBinding(scopes, scope, name);
  if (target.kind !== 'name') return sourceIn(target, names, subject);
  const isSure = (test: Expression): boolean => isAlwaysBound(test, names);
  const binding = bindingAt(scope, target.name, use.range, isSure);
  return binding?.value ? sourceIn(binding.value, names, subject) : null;
}

/** The only binding of a name, as the place that is looked at sees it. */
type Names = (name: string) => Binding | null;

/** An expression that makes smoothed targets. */
function sourceIn(expression: Expression, names: Names, subject: Subject): Smoothed | null {
  if (expression.kind === 'binary') {
    const smoothing = mixedWithUniform(expression, subject);
    return smoothing === null ? null : { made: expression, smoothing };
  }
  if (expression.kind !== 'call' || expression.callee.kind !== 'name') return null;
  const { name } = expression.callee;
  if (canonical(name) === 'mixuptarget' && comesFromTimm(name, subject.site.program)) {
    const given = keyword(expression, 'smoothing') ?? expression.arguments[3] ?? null;
    const smoothing = given === null ? 0 : subject.numberAt(given);
    return smoothing !== null && smoothing > 0 ? { made: expression, smoothing } : null;
  }
  const maker = subject.targetMakers.find((one) => one.name === name);
  if (maker !== undefined) {
    const isPlain = expression.arguments.length <= maker.needed && expression.keywords.length === 0;
    return isPlain && names(name) !== null ? { made: expression, smoothing: null } : null;
  }
  const mixup = mixupBoundTo(name, names, subject);
  return mixup === null || !(mixup > 0) ? null : { made: expression, smoothing: mixup };
}

/** timm's Mixup smooths by 0.1 unless told otherwise. */
const smoothingOfMixup = 0.1;
const positionOfSmoothing = 7;

function mixupBoundTo(name: string, names: Names, { site, numberAt }: Subject): number | null {
  const binding = names(name);
  const made = binding?.value;
  if (made?.kind !== 'call' || made.callee.kind !== 'name' || binding!.tests.length > 0) return null;
  if (made.callee.name !== 'Mixup' || !comesFromTimm('Mixup', site.program)) return null;
  if (made.keywords.some((argument) => argument.name === null) || made.arguments.some(({ kind }) => kind === 'starred')) return null;
  const given = keyword(made, 'label_smoothing') ?? made.arguments[positionOfSmoothing] ?? null;
  return given === null ? smoothingOfMixup : numberAt(given);
}

/** `if mixup_fn is not None:` of a name that is always one. */
function isAlwaysBound(test: Expression, names: Names): boolean {
  const asked = test.kind === 'comparison' && test.operators[0] === 'is not' ? test.operands[0] : test;
  const made = asked?.kind === 'name' ? names(asked.name) : null;
  return made?.value?.kind === 'call' && made.tests.length === 0;
}

function comesFromTimm(name: string, { cells }: Program): boolean {
  return cells
    .flatMap(({ body }) => body)
    .some(
      (statement) =>
        statement.kind === 'import' &&
        /^timm(\.|$)/u.test(statement.module) &&
        statement.names?.some((one) => (one.alias ?? one.name) === name),
    );
}

/** `q * (1 - ε) + ε / K`: the ε, where it is a number above 0. */
function mixedWithUniform({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, subject: Subject): number | null {
  if (operator !== '+') return null;
  for (const [kept, shared] of [
    [left, right],
    [right, left],
  ] as const) {
    if (kept.kind !== 'binary' || kept.operator !== '*' || shared.kind !== 'binary' || shared.operator !== '/') continue;
    const smoothing = subject.numberAt(shared.left);
    const isComplement = [kept.left, kept.right].some(
      (factor) =>
        factor.kind === 'binary' &&
        factor.operator === '-' &&
        numberValue(factor.left) === 1 &&
        textOf(subject.site, factor.right) === textOf(subject.site, shared.left),
    );
    if (isComplement && smoothing !== null && smoothing > 0) return smoothing;
  }
  return null;
}
