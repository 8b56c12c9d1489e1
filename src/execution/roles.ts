/** What each parameter of a loss and of its constructor is for: by what the body does with it, its name, its annotation, its place. */
import type { LossSite, ParameterUse } from '../detection/sites';
import { canonical } from '../detection/vocabulary';
import type { Expression, Parameter } from '../language/program';
import { textOf } from '../language/source';
import { roleTold, toldOf } from './told';

export type Role =
  | 'logits'
  | 'targets'
  | 'smoothing'
  /** `smoothing=False`: whether to smooth at all. */
  | 'smoothingFlag'
  /** What is left on the target: 1 − ε. */
  | 'confidence'
  | 'classes'
  | 'weight'
  | 'sampleWeight'
  | 'reduction'
  | 'legacyReduction'
  | 'padding'
  | 'ignoreIndex'
  | 'dim'
  | 'device'
  | 'mask'
  | 'mixing'
  | 'otherLogits'
  | 'otherTargets'
  /** How many positions of each sequence count. */
  | 'lengths'
  | 'options'
  | 'count'
  | 'number'
  /** The share of one term of the loss. */
  | 'share'
  /** An ε that is not known to be a smoothing factor. */
  | 'epsilon'
  | 'flag'
  /** `training=False`: whether the loss trains or evaluates. */
  | 'training'
  | 'text'
  | 'unknown';

export interface RoleOf {
  readonly parameter: Parameter;
  readonly role: Role;
  readonly uses: readonly ParameterUse[];
}

const byName: readonly (readonly [RegExp, Role])[] = [
  [
    /^(labelsmoothing|smoothing|smooth|lsmweight|lsmprob|labelsmooth|lbsmooth|smoothingfactor|smoothfactor|labelsmoothingfactor|smoothingvalue)$/,
    'smoothing',
  ],
  [
    /^((n|num|nb|number|numberof|total|nof|no)(class|classes|cls|labels?|categories|tokens|tags|words|targets|outputs)|nclass|numclass|classnum|classcount|classes|clsnum|size|vocab|vocabsize|vocabularysize|tgtvocabsize|targetvocabsize|trgvocabsize|nvocab|vocablen|voc(ab)?len|ntoken|k|c|cls|labelnum|odim|outputsize|outdim|depth|sizeclasses|nlabels|dimvocab)$/,
    'classes',
  ],
  [/^confidence$/, 'confidence'],
  [/^(reduction|reductiontype|reductionmode)$/, 'reduction'],
  [/^(reduce|sizeaverage)$/, 'legacyReduction'],
  [/^(class)?(weight|weights)$|^(cls|ce)weights?$|^weightce$|^classweights?$/, 'weight'],
  [/^(sample|instance|example)weights?$/, 'sampleWeight'],
  [
    /^(pad|padding|padidx|padindex|padid|padtoken|padtokenid|padtokenidx|paddingidx|paddingindex|paddingid|tgtpadindex|tgtpadidx|trgpadidx)$/,
    'padding',
  ],
  [/^(ignoreindex|ignoreidx|ignorelabel|ignoreid|ignore|ignoreclass)$/, 'ignoreIndex'],
  [/^(dim|axis|classdim|classaxis)$/, 'dim'],
  [/^(device|dev)$/, 'device'],
  [/^(mask|masks|attentionmask|lossmask|paddingmask|padmask|validmask)$/, 'mask'],
  [/^(lam|lambda|lmbda|lambd|mixlambda)$/, 'mixing'],
  [/^(options|opts|opt|config|configs|conf|cfg|args|params|hparams|settings|flags)$/, 'options'],
  [/^(epoch|step|currentepoch|iteration|iter|globalstep|epochs|totalepochs|maxepochs)$/, 'count'],
  [/^(temperature|temp|t|tau|gamma|scale|margin|s|m|coefficient|coef|lossweight|sigma|std|power|exponent|q)$/, 'number'],
  [/^(eps|epsilon)$/, 'epsilon'],
  [/^(alpha|beta|ratio|factor)$/, 'share'],
  [/^(training|istraining|istrain|train|trainmode)$/, 'training'],
  [/^(verbose|normalize|fromlogits|useweights|lengthnormalized|normalizelength|normalize_length)$/, 'flag'],
];

export const predictionName =
  /^(x|inputs?|logits?|preds?|predictions?|predicts?|predicted|outputs?|out|scores?|ypred|yhat|yp|z|lprobs?|logprobs?|logp|logprobabilities|probs?|probabilities|netoutput|clsscore|ypreds|modeloutput|decoderout|hypothesis|p|prelogits|studentlogits|ylogits)$/;
export const targetName =
  /^(targets?|labels?|y|gt|gts|ytrue|true|truth|groundtruth|tgt|trg|onehot|onehotlabels?|gold|t|classes|actual|yt|label_ids|labelids|truelabels?|tgts|targetlabels?|index|indices|ids)$/;

export const annotationText = (annotation: Expression | null): string => {
  if (annotation === null) return '';
  switch (annotation.kind) {
    case 'name':
      return annotation.name;
    case 'attribute':
      return `${annotationText(annotation.object)}.${annotation.name}`;
    case 'subscript':
      return `${annotationText(annotation.object)}[${annotationText(annotation.index)}]`;
    case 'binary':
      return `${annotationText(annotation.left)}|${annotationText(annotation.right)}`;
    case 'constant':
      return annotation.value.type === 'string' ? annotation.value.value : annotation.value.type;
    default:
      return '';
  }
};

function roleByAnnotation(parameter: Parameter): Role | null {
  const text = annotationText(parameter.annotation).toLowerCase();
  if (/^int\b|\bint$/.test(text)) return 'count';
  if (/^(float|number)\b/.test(text)) return 'number';
  if (/^bool/.test(text)) return 'flag';
  if (/^str/.test(text)) return 'text';
  return null;
}

/** Roles of a constructor's (or factory's) parameters; the instance itself is not among them. */
export function constructorRoles(site: LossSite, parameters: readonly Parameter[]): readonly RoleOf[] {
  return parameters.map((parameter) => {
    const uses: readonly ParameterUse[] = [];
    const told = roleTold(site, parameter.name);
    if (told !== null) return { parameter, role: told, uses };
    if (isConfidence(parameter)) return { parameter, role: 'confidence', uses };
    if (site.smoothingParameters.some((p) => p.where === 'constructor' && p.name === parameter.name))
      return { parameter, role: 'smoothing', uses };
    return { parameter, role: roleFor(parameter) ?? roleByAnnotation(parameter) ?? 'unknown', uses };
  });
}

/** Role of what a configuration holds under a name. */
export function optionRole(site: LossSite, parameter: Parameter): RoleOf {
  const isSmoothing = site.smoothingParameters.some(({ name }) => name === parameter.name);
  return { parameter, role: isSmoothing ? 'smoothing' : (namedRole(parameter.name) ?? 'unknown'), uses: [] };
}

/** A confidence that the code does not say is chosen like an ε that it does not say. */
const isConfidence = (parameter: Parameter): boolean => parameter.defaultValue === null && namedRole(parameter.name) === 'confidence';

const isFlag = ({ defaultValue }: Parameter) => defaultValue?.kind === 'constant' && defaultValue.value.type === 'bool';

/** TypeScript's `c: Config` is an object, whatever its name may stand for elsewhere. */
const isOfInterface = ({ annotation }: Parameter): boolean => {
  const text = annotationText(annotation);
  return /^[A-Z]\w*$/.test(text) && !/^(Tensor|Scalar|Variable|Array|Float|Int|Uint|Number|Any|Optional|Union|List|Callable)/.test(text);
};

function roleFor(parameter: Parameter): Role | null {
  const named = namedRole(parameter.name);
  if (named === 'classes' && isOfInterface(parameter)) return 'options';
  if (!isFlag(parameter)) return named;
  // `reduction=True` says whether to reduce, `smoothing=False` whether to smooth.
  return named === 'smoothing' ? 'smoothingFlag' : named === 'reduction' ? 'legacyReduction' : named;
}

function namedRole(name: string): Role | null {
  const plain = canonical(name);
  return byName.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}

/** A maker of targets that asks its caller's logits for their shape: `targets(logits, labels)`. */
function isSizedBy({ role, definition, program }: LossSite, { name, defaultValue }: Parameter): boolean {
  if (role !== 'target' || defaultValue !== null || definition.kind !== 'function') return false;
  const word = name.replace(/\$/g, '\\$');
  return new RegExp(`\\b${word}\\.(size|shape|new_\\w+)\\b|_like\\(\\s*${word}\\b`).test(textOf(program, definition.callable));
}

/**
 * Roles of the parameters the loss is called with. Exactly one is 'logits' and one 'targets' (a target-making function has no logits); what the
 * body does decides, then the name, then the place.
 */
export function callRoles(site: LossSite, parameters: readonly Parameter[]): readonly RoleOf[] {
  const usesOf = (p: Parameter): readonly ParameterUse[] => site.uses.get(p.name) ?? [];
  const isSmoothing = (p: Parameter) => site.smoothingParameters.some((s) => s.where === 'call' && s.name === p.name);
  const positional = parameters.filter((p) => p.style !== 'variadic' && p.style !== 'keywordVariadic');
  const told = new Map(positional.flatMap((p) => (toldOf(site, p.name) === null ? [] : [[p, roleTold(site, p.name)] as const])));
  const candidates = positional.filter((p) => !isSmoothing(p) && !told.has(p));
  const best = (among: readonly Parameter[], score: (p: Parameter) => number, excluded: Parameter | null): Parameter | null => {
    const scored = among.filter((p) => p !== excluded).map((p) => ({ p, score: score(p) }));
    const top = scored.reduce<{ p: Parameter; score: number } | null>((a, b) => (a === null || b.score > a.score ? b : a), null);
    return top !== null && top.score > 0 ? top.p : null;
  };
  // What every call needs has no default.
  const unlikely = (p: Parameter): number => (p.defaultValue === null ? 0 : 4);
  const predictionScore = (p: Parameter) => {
    const uses = usesOf(p);
    const used = uses.includes('logits') ? 8 : uses.includes('logProbabilities') ? 7 : uses.includes('probabilities') ? 6 : 0;
    const against = uses.includes('targetIndices') || uses.includes('targets') ? 5 : 0;
    return used - against - unlikely(p) + (predictionName.test(canonical(p.name)) ? 2 : 0);
  };
  const targetScore = (p: Parameter) => {
    const uses = usesOf(p);
    const used = uses.includes('targetIndices') ? 8 : uses.includes('targets') ? 7 : uses.includes('targetDistribution') ? 5 : 0;
    const against = uses.includes('logits') ? 5 : 0;
    return used - against - unlikely(p) + (targetName.test(canonical(p.name)) ? 2 : 0);
  };
  const toldTo = (role: Role): Parameter | null => [...told].find(([, one]) => one === role)?.[0] ?? null;
  const logits = site.role === 'loss' ? (toldTo('logits') ?? best(candidates, predictionScore, null) ?? candidates[0] ?? null) : null;
  // Two models' outputs are compared: the other one is no label.
  const isOutput = (p: Parameter): boolean =>
    usesOf(p).includes('logits') && !usesOf(p).some((use) => use === 'targetIndices' || use === 'targets');
  const comparesOutputs = logits !== null && isOutput(logits);
  const others = comparesOutputs ? candidates.filter((p) => !isOutput(p)) : candidates;
  const isComparison = candidates.length - others.length > 1;
  const unnamed = isComparison ? undefined : others.find((p) => p !== logits && p.defaultValue === null);
  const targets = toldTo('targets') ?? best(others, targetScore, logits) ?? unnamed ?? null;
  return parameters.map((parameter) => {
    const uses = usesOf(parameter);
    const role = (): Role => {
      if (parameter === logits) return 'logits';
      if (parameter === targets) return 'targets';
      const said = told.get(parameter) ?? null;
      // There is one of each: of two that are said to be the predictions, the first is.
      if (said !== null && said !== 'logits' && said !== 'targets') return said;
      if (isConfidence(parameter)) return 'confidence';
      if (isSmoothing(parameter)) return 'smoothing';
      if (uses.includes('classes')) return 'classes';
      if (uses.includes('lengths')) return 'lengths';
      const named = roleFor(parameter);
      // `s` and `t` of a student and a teacher: what is normalised as the logits are is no number.
      if (named === 'number' && comparesOutputs && parameter.defaultValue === null && isOutput(parameter)) return 'otherLogits';
      // What divides the logits (a temperature) takes part in them without being any.
      if (named !== null) return named;
      if (uses.includes('logits') || uses.includes('logProbabilities') || uses.includes('probabilities')) return 'otherLogits';
      if (uses.includes('targetIndices') || uses.includes('targets')) return 'otherTargets';
      if (uses.includes('targetDistribution')) return 'otherLogits';
      if (isSizedBy(site, parameter)) return 'otherLogits';
      return roleByAnnotation(parameter) ?? (targetName.test(canonical(parameter.name)) ? 'otherTargets' : 'unknown');
    };
    return { parameter, role: role(), uses };
  });
}
