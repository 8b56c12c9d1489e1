/** Rules about how the rows are put together. */
import { sum } from '../identification/blackBox';
import type { BlackBox } from '../identification/blackBox';
import { probeLogits } from '../identification/probes';
import { measure } from '../identification/measure';
import { agrees } from '../identification/precision';
import { defaultSample } from '../identification/sample';
import { show } from '../identification/verdict';
import type { Call } from '../language/program';
import { ignoredTargets } from './ignoredTargets';
import { boolValue, callsOf, everyStatementOf, keyword, linesBefore, operationOf, stringValue, textOf, withKeyword } from './code';
import type { Edit, Fix, Found, Rule, Subject } from './rule';
import { divisorsOf, fullReductionsOf, masksOf, meanOverKept } from './rowFixes';
import { dividesByLeftOut } from './leftOutRule';
import { sameNumbers } from './sameNumbers';
import { spellingsOf } from './spelling';

const isKlDiv = (call: Call): boolean => ['kldiv', 'kldivloss'].includes(operationOf(call));

/** KLDiv's 'mean', its default, divides by every element of N×K. */
export const klDivMean: Rule = {
  id: 'kldiv-mean',
  severity: 'warning',
  title: 'Divides by N·K instead of N',
  look(subject) {
    const { measurement, site } = subject;
    if (measurement?.measured.reduction !== 'elementMean' || !measurement.measured.affine) return partOverElements(subject);
    const K = measurement.classes;
    const call = callsOf(site).find(isKlDiv);
    const cause = call === undefined ? '' : ' KLDivLoss takes the mean over every element by default.';
    const message = `The loss divides by N·K, the number of elements, so it and its gradient are K = ${K} times smaller than a mean over the rows.${cause}`;
    return [{ range: call?.range ?? site.nameRange, message, fixes: call === undefined ? [] : batchmean(call) }];
  },
};

/** Beside other terms, as in distillation: that a KLDiv's mean makes a term as many times too small as there are classes shows when it is given 'batchmean'. */
function partOverElements({ measurement, site, run, classesOfProgram }: Subject): readonly Found[] {
  if (measurement === null || site.framework !== 'torch' || run === null) return [];
  const times =
    classesOfProgram === null ? 'as many times smaller as there are classes, compared with' : `K = ${classesOfProgram} times smaller than`;
  return callsOf(site)
    .filter(isKlDiv)
    .flatMap((call): readonly Found[] => {
      const fixes = batchmean(call).map((fix): Fix => ({ ...fix, promise: (_after, _before, again) => fallsWithClasses(run, again.run) }));
      const message = `KLDivLoss takes the mean over every element by default, so this term is divided by N·K and not by N: it and its gradient are ${times} the KL divergence of a row, averaged over the rows.`;
      return fixes.length === 0 ? [] : [{ range: call.range, message, fixes, provedByFix: true as const }];
    });
}

/**
 * The term is what batchmean adds, K − 1 times over. On twice as many classes, each of the first ones twice, a KL divergence stays what it is: a
 * term divided by their number is half as large there. One whose code multiplies by the number of classes again is not.
 */
function fallsWithClasses(run: BlackBox, mended: BlackBox | null): boolean {
  if (mended === null) return false;
  const termAt = (copies: number): number => {
    const targets = [0, 1, 2, 3];
    const logits = probeLogits(targets.length, 4, 0).map((row) => Array.from({ length: copies }, () => row).flat());
    const [before, after] = [run(logits, targets).value, mended(logits, targets).value];
    if (typeof before !== 'number' || typeof after !== 'number') return NaN;
    return (after - before) / (4 * copies - 1);
  };
  try {
    const [once, twice] = [termAt(1), termAt(2)];
    return Math.abs(once) > 1e-6 && once / twice > 1.6 && once / twice < 2.5;
  } catch {
    return false;
  }
}

function batchmean(call: Call): readonly Fix[] {
  if (call.keywords.some(({ name }) => name === 'size_average' || name === 'reduce' || name === null)) return [];
  const reduction = keyword(call, 'reduction');
  const title = "Divide by the number of rows: reduction='batchmean'";
  const promise: Fix['promise'] = (after) => after.measured.affine && ['batchmean', 'mean'].includes(after.measured.reduction);
  if (reduction !== null) {
    if (stringValue(reduction) !== 'mean') return [];
    return [{ title, edits: [{ range: reduction.range, newText: "'batchmean'" }], keepsNumbers: false, promise }];
  }
  return [{ title, edits: [withKeyword(call, "reduction='batchmean'")], keepsNumbers: false, promise }];
}

/** A uniform term averaged over the batch as well as the classes: right once averaged, wrong row by row. */
export const meanWithoutDim: Rule = {
  id: 'mean-without-dim',
  severity: 'warning',
  title: 'A mean over the whole batch where one over the classes is meant',
  look({ measurement, site }) {
    const crossRow = measurement?.crossRow ?? null;
    if (crossRow?.isBatchUniformTerm !== true) return [];
    const means = callsOf(site).filter((call) => operationOf(call) === 'mean' && isBare(call));
    const reduced = measurement?.measured.reduction !== 'none';
    const harm = reduced
      ? 'The mean over the batch comes out right, but the losses of single rows do not'
      : 'The losses of single rows are wrong';
    const message = `${harm}: every row carries the uniform term of the whole batch, so changing one row's logits moves the others' losses (by ${show(crossRow.change)} on a probe). Take the mean over the classes: \`.mean(dim=-1)\`.`;
    const fixes = means.map((call): Fix => ({
      title: 'Take the mean over the classes: dim=-1',
      edits: [
        { range: { start: call.range.end - 1, end: call.range.end - 1 }, newText: call.arguments.length > 0 ? ', dim=-1' : 'dim=-1' },
      ],
      keepsNumbers: reduced,
      promise: (after, before) => after.crossRow === null && after.measured.formulation === before.measured.formulation,
    }));
    const [first] = means;
    return [{ range: first?.range ?? site.nameRange, message, fixes }];
  },
};

/** `x.mean()` or `torch.mean(x)`. */
function isBare(call: Call): boolean {
  const isModule =
    call.callee.kind === 'attribute' && call.callee.object.kind === 'name' && /^(torch|tf|np|jnp|K)$/u.test(call.callee.object.name);
  return call.keywords.length === 0 && call.arguments.length === (isModule ? 1 : 0);
}

export const rowsDepend: Rule = {
  id: 'rows-depend',
  severity: 'info',
  title: 'A row’s loss depends on the other rows',
  look({ measurement, site }) {
    const crossRow = measurement?.crossRow ?? null;
    const family = measurement?.otherFamily ?? null;
    if (family?.kind === 'functionOfMean') {
      const message = `The loss is a function of the batch's mean cross entropy, so one factor (${show(family.factors[0])} to ${show(family.factors[1])} on the probes) multiplies the gradient of every row, easy or hard. The factor of a focal loss, (1−p)^γ, is each row's own: take it before the mean.`;
      return [{ range: site.nameRange, message }];
    }
    if (crossRow === null || crossRow.isBatchUniformTerm) return [];
    const message = `Changing only row ${crossRow.movedRow}'s logits moves row ${crossRow.row}'s loss by ${show(crossRow.change)}: the rows are not independent.`;
    return [{ range: site.nameRange, message }];
  },
};

export const paddingInMean: Rule = {
  id: 'padding-in-mean',
  severity: 'warning',
  title: 'Rows that count for nothing still count in the mean',
  look(subject) {
    const { measurement, site } = subject;
    if (measurement === null || !measurement.measured.affine || subject.takesSequences) return [];
    const { measured, shape, divisor } = measurement;
    const padding = divisor === 'rows' && shape?.zeroRows.includes(true) === true ? measured.paddingIndex : null;
    const leftOut = ignoredTargets(subject).find(
      ({ measurement: seen, rows }) => rows?.zeroed === true && rows.counted === true && seen.measured.affine && seen.divisor === 'rows',
    );
    const target = padding ?? leftOut?.target ?? null;
    if (target === null) return [];
    const message = `Rows of target ${target} give no loss but are counted in the mean: the more of them in a batch, the smaller the loss. Divide by the number of other rows.`;
    return [
      {
        range: site.nameRange,
        message,
        fixes: target === padding || target === measurement.ignored?.target ? overActiveRows(subject, target) : [],
      },
    ];
  },
};

function overActiveRows(subject: Subject, ignored: number): readonly Fix[] {
  const edits = masksOf(subject, ignored).flatMap((mask) => [
    ...fullReductionsOf(subject)
      .filter(({ operation }) => operation === 'mean')
      .map((reduction) => meanOverKept(reduction, mask)),
    ...divisorsOf(subject).map((divisor) => [{ range: divisor.range, newText: `(${mask.kept}).sum()` }]),
  ]);
  return edits.map((edits) => ({
    title: 'Divide by the number of rows that count',
    edits,
    keepsNumbers: false,
    promise: (after, before) =>
      after.measured.affine &&
      after.divisor === 'active' &&
      after.law?.law.kind === before.law?.law.kind &&
      after.ignored?.zeroed === before.ignored?.zeroed,
  }));
}

const probeWeights = (classes: number): readonly number[] => Array.from({ length: classes }, (_, k) => [0.25, 1, 3][k % 3]!);

export const weightsNotNormalised: Rule = {
  id: 'weights-not-normalised',
  severity: 'info',
  title: 'Class weights change the size of the loss',
  look(subject) {
    const { measurement, site, smoothing } = subject;
    if (measurement === null || !measurement.measured.affine || !['mean', 'batchmean'].includes(measurement.measured.reduction)) return [];
    // Over targets that are distributions torch divides by the number of rows too.
    if (subject.takesDistributions) return [];
    const classWeights = subject.sample?.classWeights ?? probeWeights(measurement.classes);
    // Weights that the loss holds in itself were seen already.
    const isWeighted = subject.sample?.classWeights !== undefined || measurement.shape?.kind === 'weighted';
    const weighted = !isWeighted ? weightedMeasurement(subject, classWeights, smoothing) : measurement;
    if (weighted === null || !weighted.measured.affine || weighted.shape?.kind !== 'weighted' || weighted.divisor !== 'rows') return [];
    const message =
      'With class weights the mean still divides by the number of rows, so the weights change the size of the loss; torch divides by the sum of the targets’ weights, Σ w[y].';
    return [{ range: placeOfWeights(site) ?? site.nameRange, message, fixes: overWeights(subject) }];
  },
};

/** The mean as a sum over Σ w[y] where there are weights. */
function overWeights(subject: Subject): readonly Fix[] {
  const { site } = subject;
  const [weight] = spellingsOf(subject, 'weight');
  const [target] = spellingsOf(subject, 'targets');
  if (weight === undefined || target === undefined) return [];
  const sumOfWeights = `${weight}[${target}].sum()`;
  const whereGiven = (without: string, withWeights: string): string => `(${without} if ${weight} is None else ${withWeights})`;
  const means = fullReductionsOf(subject)
    .filter(({ operation }) => operation === 'mean')
    .map(({ call, nameRange }): Edit => {
      const text = textOf(site, call);
      const at = nameRange.start - call.range.start;
      const sum = `${text.slice(0, at)}sum${text.slice(at + 'mean'.length)}`;
      return { range: call.range, newText: whereGiven(text, `${sum} / ${sumOfWeights}`) };
    });
  const divisors = divisorsOf(subject).map((divisor): Edit => ({
    range: divisor.range,
    newText: whereGiven(textOf(site, divisor), sumOfWeights),
  }));
  return [...means, ...divisors].map((edit) => ({
    title: 'Divide by the sum of the targets’ weights',
    edits: [edit],
    keepsNumbers: false,
    soon: (again) => runsWithWeights(again),
    promise(after, before, again) {
      const weighted =
        again.sample?.classWeights === undefined ? weightedMeasurement(again, probeWeights(after.classes), again.smoothing) : after;
      const isUnweightedSame = again.sample?.classWeights !== undefined || sameNumbers(before, after);
      return isUnweightedSame && weighted !== null && weighted.measured.affine && weighted.divisor === 'weights';
    },
  }));
}

function runsWithWeights({ variant, sample }: Subject): boolean {
  if (sample === null) return false;
  const { logits, targets, classWeights = probeWeights(logits[0]!.length) } = sample;
  try {
    return variant?.({ classWeights })?.(logits, targets) !== undefined;
  } catch {
    return false;
  }
}

function weightedMeasurement(
  { variant, measurement }: Subject,
  classWeights: readonly number[],
  smoothing: number | null,
): Subject['measurement'] {
  const loss = variant?.({ classWeights }) ?? null;
  if (loss === null || measurement === null) return null;
  try {
    return measure(loss, { ...defaultSample(measurement.classes, 4), smoothing, classWeights });
  } catch {
    return null;
  }
}

/** The product with the weights, where it can be seen. */
function placeOfWeights(site: Subject['site']): Found['range'] | null {
  const parameter = site.definition.kind === 'class' ? site.definition.constructor : null;
  return parameter?.parameters.find(({ name }) => /^(class_?)?weights?$/u.test(name))?.range ?? null;
}

export const reductionIgnored: Rule = {
  id: 'reduction-ignored',
  severity: 'warning',
  title: 'The reduction asked for is not used',
  look(subject) {
    const { variant, measurement, site } = subject;
    if (measurement === null || variant === undefined || !measurement.deterministic) return [];
    const parameter = reductionParameter(site);
    if (parameter === null) return [];
    const { logits, targets } = defaultSample(Math.max(measurement.classes, 2), 4);
    const under = (reduction: string): string | null => {
      try {
        const loss = variant({ reduction });
        return loss === null ? null : JSON.stringify(loss(logits, targets).value);
      } catch {
        return null;
      }
    };
    const [sum, mean, none] = [under('sum'), under('mean'), under('none')];
    if (sum === null || mean === null || none === null || sum !== mean || none !== mean) return [];
    return [
      {
        range: parameter,
        message: 'It takes a reduction, but none, mean and sum all give the same value: the argument is not used.',
        fixes: honoured(subject),
      },
    ];
  },
};

/** The reduction handed on to torch's loss, or the mean that is returned taken only where it is asked for. */
function honoured(subject: Subject): readonly Fix[] {
  const { site } = subject;
  const [name] = spellingsOf(subject, 'reduction');
  if (name === undefined || site.program.language !== 'python') return [];
  const promise: Fix['promise'] = (_after, _before, again) => followsReduction(again);
  const title = `Use ${name}`;
  const handedOn = callsOf(site)
    .filter((call) => ['crossentropy', 'crossentropyloss', 'nllloss'].includes(operationOf(call)) && keyword(call, 'reduction') === null)
    .map((call): Fix => ({ title, edits: [withKeyword(call, `reduction=${name}`)], keepsNumbers: true, promise }));
  const returned = everyStatementOf(site).flatMap((statement): readonly Fix[] => {
    if (statement.kind !== 'return' || statement.value === null) return [];
    const { value } = statement;
    const reduction = fullReductionsOf(subject).find(
      ({ call }) => value.range.start <= call.range.start && call.range.end === value.range.end,
    );
    if (reduction === undefined) return [];
    const { dot, reduced, call } = reduction;
    const { text } = site.program;
    const rows =
      dot === null
        ? `${text.slice(value.range.start, call.range.start)}${textOf(site, reduced)}`
        : text.slice(value.range.start, dot).trimEnd();
    const lines = [`rows = ${rows}`, `if ${name} == 'mean':`, '    return rows.mean()', `if ${name} == 'sum':`, '    return rows.sum()'];
    const edits = linesBefore(site, statement, lines);
    if (edits === null) return [];
    return [{ title, edits: [edits, { range: value.range, newText: 'rows' }], keepsNumbers: true, promise }];
  });
  return [...handedOn, ...returned];
}

/** 'none' gives the rows, 'sum' their sum, 'mean' their mean. */
function followsReduction({ variant, measurement }: Subject): boolean {
  if (variant === undefined || measurement === null) return false;
  const { logits, targets } = defaultSample(Math.max(measurement.classes, 2), 4);
  const under = (reduction: string): BlackBoxValue => variant({ reduction })?.(logits, targets).value ?? NaN;
  const [none, total, average] = [under('none'), under('sum'), under('mean')];
  if (typeof none === 'number' || none.length !== targets.length || typeof total !== 'number' || typeof average !== 'number') return false;
  return agrees(sum(none), total) && agrees(total / targets.length, average);
}

type BlackBoxValue = ReturnType<NonNullable<Subject['run']>>['value'];

function reductionParameter({ definition }: Subject['site']): Found['range'] | null {
  const callables =
    definition.kind === 'class'
      ? [definition.constructor, definition.method]
      : definition.kind === 'function'
        ? [definition.callable, definition.factory]
        : [];
  for (const callable of callables) {
    const found = callable?.parameters.find(({ name }) => name === 'reduction');
    if (found) return found.range;
  }
  return null;
}

/** torch's flags from before `reduction`. */
export const deprecatedReduction: Rule = {
  id: 'deprecated-reduction',
  severity: 'info',
  title: 'size_average and reduce are deprecated',
  look({ site }) {
    if (site.framework !== 'torch') return [];
    return callsOf(site).flatMap((call): readonly Found[] => {
      const operation = operationOf(call);
      if (
        !operation.endsWith('loss') &&
        !['kldiv', 'crossentropy', 'binarycrossentropy', 'binarycrossentropywithlogits'].includes(operation)
      )
        return [];
      const legacy = call.keywords.filter(({ name }) => name === 'size_average' || name === 'reduce');
      const [first] = legacy;
      if (first === undefined) return [];
      const flag = (name: string): boolean | null => {
        const given = keyword(call, name);
        return given === null ? true : boolValue(given);
      };
      const [sizeAverage, reduce] = [flag('size_average'), flag('reduce')];
      const meant = sizeAverage === null || reduce === null ? null : !reduce ? 'none' : sizeAverage ? 'mean' : 'sum';
      const names = legacy.map(({ name }) => `\`${name ?? ''}\``).join(' and ');
      const message = `${names} ${legacy.length > 1 ? 'are' : 'is'} deprecated in torch${meant === null ? '' : `: it means reduction='${meant}'`}.`;
      const fixes = meant === null || legacy.length > 1 || keyword(call, 'reduction') !== null ? [] : [asReduction(first.range, meant)];
      return [{ range: first.range, message, fixes }];
    });
  },
};

function asReduction(range: Found['range'], meant: string): Fix {
  return {
    title: `Write reduction='${meant}'`,
    edits: [{ range, newText: `reduction='${meant}'` }],
    keepsNumbers: true,
    promise: (after, before) =>
      after.measured.reduction === before.measured.reduction && after.measured.formulation === before.measured.formulation,
  };
}

export const reductionRules: readonly Rule[] = [
  dividesByLeftOut,
  klDivMean,
  meanWithoutDim,
  rowsDepend,
  paddingInMean,
  weightsNotNormalised,
  reductionIgnored,
  deprecatedReduction,
];
