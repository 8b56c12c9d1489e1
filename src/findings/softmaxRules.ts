/** Rules about how logits become log-probabilities. */
import { show } from '../identification/verdict';
import { lineIndex } from '../language/positions';
import type { Call, Range } from '../language/program';
import { asOperand, callsOf, divisionsOf, keyword, numberValue, operationOf } from './code';
import { whereMade } from './givenInput';
import { softmaxOfCompiledModel } from './kerasOutput';
import { logOfSoftmax } from './logOfSoftmaxRule';
import { logSoftmaxTwice } from './logSoftmaxTwiceRule';
import { logitsForLogProbabilities, logitsForProbabilities } from './rawLogitsRule';
import type { Fix, Found, Rule, Subject } from './rule';

const isSoftmax = (call: Call): boolean => operationOf(call) === 'softmax';

function placeOf(site: Subject['site'], wanted: (call: Call) => boolean): Found['range'] {
  return callsOf(site).find(wanted)?.range ?? site.nameRange;
}

export const softmaxTwice: Rule = {
  id: 'softmax-twice',
  severity: 'error',
  title: 'Softmax is applied twice',
  look(subject) {
    const { measurement, site } = subject;
    if (measurement?.otherFamily?.kind !== 'softmaxTwice') return givenProbabilities(subject);
    const message =
      'Softmax is applied twice: the loss takes the softmax of probabilities, which lie between 0 and 1, so its gradient nearly vanishes and it can never come near its floor. Give it logits.';
    return [
      {
        range: placeOf(site, isSoftmax),
        message,
        fixes: callsOf(site)
          .filter(isSoftmax)
          .flatMap((call) => withoutSoftmax(site, call)),
      },
    ];
  },
};

/** The loss is right by itself; what the program gives it is not what it takes. */
function givenProbabilities({ measurement, feed, site, input }: Subject): readonly Found[] {
  const takesLogits =
    measurement !== null && feed === 'logits' && (measurement.measured.affine || measurement.otherFamily?.kind === 'focal');
  if (!takesLogits) return [];
  const line = ({ start }: Range): number => lineIndex(site.program.text).at(start).line;
  const compiled = softmaxOfCompiledModel(site);
  if (compiled !== null) {
    const message = `The model ends in a softmax (line ${line(compiled)}), and the loss takes logits: the two contradict each other. TensorFlow warns and goes back to the logits, the other backends apply softmax twice. Leave from_logits=True out, or the softmax.`;
    return [{ range: site.nameRange, message }];
  }
  if (input?.nature !== 'softmax') return [];
  const where = whereMade(input);
  const message = `What it is given comes out of a softmax${where} already, and it takes the softmax of that again: probabilities lie between 0 and 1, so its gradient nearly vanishes and it can never come near its floor. Give it logits.`;
  return [{ range: input.range ?? site.nameRange, message }];
}

function withoutSoftmax(site: Subject['site'], call: Call): readonly Fix[] {
  const receiver = call.callee.kind === 'attribute' && call.arguments.length === 0 ? call.callee.object : null;
  const made = callsOf(site).find(({ callee }) => callee === call);
  if (made !== undefined) return withoutSoftmax(site, made);
  const inner = call.arguments[0] ?? receiver;
  if (inner === null || inner.kind === 'constant') return [];
  return [
    {
      title: 'Give the loss the logits',
      edits: [{ range: call.range, newText: asOperand(site, inner) }],
      keepsNumbers: false,
      promise: (after) => after.measured.affine && after.measured.formulation !== null,
    },
  ];
}

export const probabilitiesForLogProbabilities: Rule = {
  id: 'probabilities-for-log-probabilities',
  severity: 'error',
  title: 'Probabilities where log-probabilities are needed',
  look(subject) {
    const { measurement, site } = subject;
    if (measurement?.otherFamily?.kind !== 'linearInProbabilities') return givenWithoutLog(subject);
    const message =
      'The loss is −Σ q·p, linear in the probabilities: KLDivLoss and NLLLoss want log-probabilities. Use log_softmax in place of softmax.';
    const softmaxes = callsOf(site).filter(isSoftmax);
    const fixes = softmaxes.map((call): Fix => {
      const range = call.callee.kind === 'attribute' ? call.callee.nameRange : call.callee.range;
      return {
        title: 'Use log_softmax',
        edits: [{ range, newText: site.program.text.slice(range.start, range.end) === 'Softmax' ? 'LogSoftmax' : 'log_softmax' }],
        keepsNumbers: false,
        promise: (after) => after.measured.affine,
      };
    });
    return [{ range: softmaxes[0]?.range ?? site.nameRange, message, fixes }];
  },
};

/** The loss takes log-probabilities, and the program gives it what comes out of a softmax. */
function givenWithoutLog({ measurement, feed, input, site }: Subject): readonly Found[] {
  if (measurement?.measured.affine !== true || feed !== 'logProbabilities' || input?.nature !== 'softmax') return [];
  const where = whereMade(input);
  const message = `What it is given comes out of a softmax${where}, and it takes log-probabilities: its value is then −Σ q·p, linear in the probabilities. Use log_softmax there.`;
  return [{ range: input.range ?? site.nameRange, message }];
}

export const softmaxOverRows: Rule = {
  id: 'softmax-over-rows',
  severity: 'error',
  title: 'Softmax over the batch instead of the classes',
  look({ measurement, site }) {
    if (measurement?.otherFamily?.kind !== 'softmaxOverRows') return [];
    const message =
      'The softmax runs over the rows of the batch, not over the classes: each class’s probabilities sum to one over the batch. Use dim=-1.';
    const softmaxes = callsOf(site).filter((call) => ['softmax', 'logsoftmax'].includes(operationOf(call)));
    return [{ range: softmaxes[0]?.range ?? site.nameRange, message, fixes: softmaxes.flatMap(overClasses) }];
  },
};

function overClasses(call: Call): readonly Fix[] {
  const dim = keyword(call, 'dim') ?? keyword(call, 'axis') ?? call.arguments.find((argument) => numberValue(argument) === 0) ?? null;
  if (numberValue(dim) !== 0 || dim === null) return [];
  return [
    {
      title: 'Take the softmax over the classes: dim -1',
      edits: [{ range: dim.range, newText: '-1' }],
      keepsNumbers: false,
      promise: (after) => after.measured.affine,
    },
  ];
}

/** torch takes dim 0 for 0-, 1- and 3-d input, else dim 1, and warns. */
export const implicitDim: Rule = {
  id: 'implicit-dim',
  severity: 'warning',
  title: 'softmax without dim',
  look({ site }) {
    if (site.framework !== 'torch') return [];
    return callsOf(site).flatMap((call): readonly Found[] => {
      const operation = operationOf(call);
      if (operation !== 'softmax' && operation !== 'logsoftmax') return [];
      const { callee } = call;
      const owner = callee.kind === 'attribute' && callee.object.kind === 'name' ? callee.object.name : null;
      const isModule = /^(Log)?Softmax$/u.test(callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.name : '');
      const isFunction =
        owner === 'F' ||
        owner === 'functional' ||
        (callee.kind === 'attribute' && callee.object.kind === 'attribute' && callee.object.name === 'functional');
      const given = call.arguments.length + call.keywords.length;
      if (call.keywords.some(({ name }) => name === 'dim' || name === 'axis' || name === null) || keyword(call, 'dim') !== null) return [];
      if (!(isModule && given === 0) && !(isFunction && call.arguments.length === 1)) return [];
      const at = call.range.end - 1;
      const name = site.program.text.slice(callee.range.start, callee.range.end);
      const fix: Fix = {
        title: 'Give it dim=-1',
        edits: [{ range: { start: at, end: at }, newText: isModule ? 'dim=-1' : ', dim=-1' }],
        keepsNumbers: true,
        promise: (after, before) =>
          after.measured.formulation === before.measured.formulation && after.measured.affine === before.measured.affine,
      };
      return [
        {
          range: call.range,
          message: `${name} without dim: torch takes dim 1 for a matrix but dim 0 for three dimensions, and warns. Write dim=-1.`,
          fixes: [fix],
        },
      ];
    });
  },
};

export const takesLogProbabilities: Rule = {
  id: 'takes-log-probabilities',
  severity: 'info',
  title: 'The caller must normalise',
  look({ feed, site, measurement, input }) {
    if (feed === 'logits' || measurement === null) return [];
    // The program was seen to normalise.
    if ((feed === 'logProbabilities' && input?.nature === 'logSoftmax') || (feed === 'probabilities' && input?.nature === 'softmax'))
      return [];
    // That it was not is said as such.
    if (feed === 'probabilities' && input?.nature === 'scores') return [];
    const [wanted, how] = {
      logProbabilities: ['log-probabilities', 'log_softmax'],
      probabilities: ['probabilities', 'softmax'],
      sigmoids: ['a probability for each class', 'sigmoid'],
    }[feed] as [string, string];
    return [
      {
        range: site.nameRange,
        message: `It does not normalise its input: give it ${wanted} (${how} of the logits), not raw logits.`,
      },
    ];
  },
};

export const binarySmoothing: Rule = {
  id: 'binary-smoothing',
  severity: 'info',
  title: 'ε/K in a binary loss',
  look({ measurement, site }) {
    const family = measurement?.otherFamily ?? null;
    if (measurement === null || family?.kind !== 'binary') return [];
    const K = measurement.classes;
    const epsilon = family.off * K;
    const isMixture = K > 2 && family.off > 0 && Math.abs(family.on - (1 - epsilon + family.off)) < 1e-4;
    if (!isMixture) return [];
    const message = `The targets of a softmax (${show(family.on)} and ${show(family.off)} = ε/K) are used in one binary loss per class. Each class is a two-class problem there, for which smoothing is y(1−ε) + ε/2: on ${show(1 - epsilon / 2)}, off ${show(epsilon / 2)}.`;
    return [{ range: site.nameRange, message, fixes: overTwo(site, epsilon) }];
  },
};

/** ε shared between the two classes that each binary loss has: every division by K at once. */
function overTwo(site: Subject['site'], epsilon: number): readonly Fix[] {
  const edits = divisionsOf(site).flatMap(({ right }) => (numberValue(right) === null ? [{ range: right.range, newText: '2' }] : []));
  if (edits.length === 0) return [];
  const isHalf = (value: number, wanted: number): boolean => Math.abs(value - wanted) < 1e-4;
  return [
    {
      title: 'Smooth each class as a two-class problem: ε/2',
      edits,
      keepsNumbers: false,
      promise: ({ otherFamily }) =>
        otherFamily?.kind === 'binary' && isHalf(otherFamily.on, 1 - epsilon / 2) && isHalf(otherFamily.off, epsilon / 2),
    },
  ];
}

export const sigmoidTwice: Rule = {
  id: 'sigmoid-twice',
  severity: 'error',
  title: 'A sigmoid is applied twice',
  look({ measurement, site, feed, input }) {
    const message =
      'A sigmoid is applied twice: the second one sees only values between 0 and 1, so no class can get less than a probability of 0.5, or more than 0.73. Give the loss the logits.';
    if (measurement?.otherFamily?.kind === 'sigmoidTwice')
      return [{ range: placeOf(site, (call) => operationOf(call) === 'sigmoid'), message }];
    if (measurement?.otherFamily?.kind !== 'binary' || feed !== 'logits' || input?.nature !== 'sigmoid') return [];
    return [
      { range: input.range ?? site.nameRange, message: `What it is given comes out of a sigmoid already${whereMade(input)}. ${message}` },
    ];
  },
};

export const softmaxRules: readonly Rule[] = [
  softmaxTwice,
  sigmoidTwice,
  probabilitiesForLogProbabilities,
  softmaxOverRows,
  logOfSoftmax,
  logSoftmaxTwice,
  logitsForLogProbabilities,
  logitsForProbabilities,
  implicitDim,
  takesLogProbabilities,
  binarySmoothing,
];
