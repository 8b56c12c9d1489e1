/** Replacing a loss's body by torch's own cross entropy: offered where the two gave the same numbers wherever both were run. */
import { withEditedSite } from '../measuring/editedSite';
import type { Feed } from '../execution/bridge';
import { callRoles, constructorRoles } from '../execution/roles';
import type { Role, RoleOf } from '../execution/roles';
import { runnable } from '../execution/runSite';
import {
  attributesMadeOf,
  attributesNamedIn,
  attributesSetIn,
  bodyHolder,
  functionalName,
  hasChecks,
  isBuiltinAlready,
  names,
  replacedBody,
} from './rewriteBody';
import type { Edit } from '../findings/rule';
import type { Measurement } from '../identification/measurement';
import { show } from '../identification/verdict';
import type { Rewrite, Translation, UsedSample } from '../inspection';
import { numberOf } from '../interpreter/value';
import type { Value } from '../interpreter/value';
import type { FunctionDefinition, Lambda, Parameter } from '../language/program';
import type { Task } from '../measuring/measureSite';
import { compareRuns, originalRuns, otherShapeRuns, settingsOf, triedSmoothing, triedWeights } from './rewriteProof';
import type { Compared, Original, Runs, Takes } from './rewriteProof';
import { floatText } from '../translation/pythonNumbers';
import { recordCalls } from '../translation/recordedCalls';

export interface ByBuiltin {
  readonly measurement: Measurement;
  readonly sample: UsedSample;
  readonly feed: Feed;
  /** The smoothing factor of the run, and the one that was passed. */
  readonly smoothing: number | null;
  readonly passedSmoothing: number | null;
  /** The built-in that computes the same, or why there is none. */
  readonly builtin: Translation;
}

const title = 'Replace the body by torch’s cross entropy';

/** None for code that is not a torch function or class, or is the built-in already. */
export function rewriteByBuiltin(task: Task, request: ByBuiltin): readonly Rewrite[] {
  const { site, found } = task;
  const holder = bodyHolder(site);
  if (holder === null || site.program.language !== 'python' || site.framework !== 'torch' || site.role !== 'loss') return [];
  if (isBuiltinAlready(holder)) return [];
  const range = found.place(site.nameRange);
  const refuse = (reason: string): readonly Rewrite[] => [{ kind: 'refused', title, range, reason: capital(reason) }];
  if (site.definition.kind === 'class' && site.definition.constructions !== undefined)
    return refuse('it is torch’s loss already, which it extends.');
  const why = unfit(task, holder, request);
  if (why !== null) return refuse(why);
  const returned = returnedBy(task, request);
  if (returned !== null) return refuse(returned);
  const parts = partsOf(task, holder, request);
  if (typeof parts === 'string') return refuse(parts);

  const settings = settingsOf(request, parts.takes);
  const mine = originalRuns(task, request, settings);
  let shapes: Runs | null = null;
  let failure: string | null = null;
  for (const args of argumentLists(parts)) {
    const edit = replacedBody(site, holder, `${parts.functional.name}.cross_entropy`, args);
    if (edit === null) return refuse('its body is not written as statements that could be replaced.');
    const edits = [...parts.functional.edits, edit];
    const early = onSample(task, edits, request, mine);
    shapes ??= early?.failure === null ? otherShapeRuns(task, request) : null;
    const compared = shapes !== null && early?.failure === null ? proof(task, edits, request, mine.everywhere(), shapes) : early;
    if (compared !== null && compared.failure === null)
      return [
        {
          kind: 'offered',
          title: `${title}: ${args.length > 2 ? args.slice(2).join(', ') : 'no smoothing argument is needed'}`,
          range,
          edits: edits.map(({ range: at, newText }) => ({ range: found.place(at), newText })),
          keepsNumbers: true,
          note: noteOf(compared, mine.everywhere(), parts, request, hasChecks(holder)),
        },
      ];
    failure ??= compared === null ? 'the edited loss does not run.' : because(compared, request);
    if (compared?.isDifferent) break;
  }
  return refuse(failure ?? 'no call of it was found that computes the same.');
}

/** Most of what is no loss of torch's differs here already. */
function onSample(task: Task, edits: readonly Edit[], request: ByBuiltin, mine: Original): Compared | null {
  return withEditedSite(task, edits, (edited) => compareRuns(mine.onSample, task, edited, request));
}

function proof(task: Task, edits: readonly Edit[], request: ByBuiltin, mine: Runs, shapes: Runs): Compared | null {
  return withEditedSite(task, edits, (edited) => {
    const plain = compareRuns(mine, task, edited, request);
    return plain.failure === null ? { ...compareRuns(shapes, task, edited, request), count: plain.count } : plain;
  });
}

// ------------------------------------------------------------------------------------------------- what stands against it

const expressible = new Set<Role>([
  'logits',
  'targets',
  'smoothing',
  'classes',
  'weight',
  'reduction',
  'padding',
  'ignoreIndex',
  'dim',
  'device',
]);

/** Why F.cross_entropy cannot stand for it; null when nothing is known against it. */
function unfit(task: Task, holder: FunctionDefinition | Lambda, { measurement, builtin, feed }: ByBuiltin): string | null {
  const { measured, shape, law } = measurement;
  if (measurement.otherFamily?.kind !== 'binary' && builtin.code === null) return builtin.note;
  if (measurement.otherFamily !== null || !measured.affine) return `F.cross_entropy computes something else. ${measured.verdict}`;
  if (shape?.kind === 'mixup' || shape?.kind === 'normal' || law?.law.kind === 'none')
    return 'F.cross_entropy makes no such targets by itself; they would have to be built before the call.';
  if (law?.law.kind === 'either') return 'one number of classes does not tell whether ε means fill/scatter or the uniform mixture here.';
  if (law?.law.kind === 'fillScatter' && law.law.padded)
    return 'F.cross_entropy gives the padding class its share of ε; here its column is 0.';
  if (measurement.offsetKind === 'entropy')
    return `F.cross_entropy has the same targets, but its value is higher by their entropy, H(q) = ${show(-Number(measured.offset))} per row: this is a KL divergence.`;
  if (measurement.offsetKind === 'constant') return `it adds a constant, ${show(measured.offset)} per row, which F.cross_entropy does not.`;
  if (feed === 'probabilities') return 'it takes probabilities, F.cross_entropy takes logits: its callers would have to change.';
  if (holder.kind === 'function' && (holder.isGenerator || holder.isAsync)) return 'it is no plain function.';
  const other = otherParameter(task, holder);
  if (other !== null) return `it also takes ${other}, for which F.cross_entropy has no place.`;
  const self = holder.kind === 'function' ? holder.parameters[0]?.name : undefined;
  const { definition } = task.site;
  if (definition.kind === 'class' && self !== undefined && attributesNamedIn(definition.definition.body, self).includes('training'))
    return `it does something else in eval mode (${self}.training), and F.cross_entropy does not.`;
  const set = task.site.kind === 'class' && self !== undefined ? attributesSetIn(holder, self) : [];
  return set.length === 0 ? null : `it also sets ${set.map((name) => `${self}.${name}`).join(', ')}, which other code may read.`;
}

/** What it returns beside the loss, which its callers expect; null when it returns the loss alone. */
function returnedBy({ session, site }: Task, { sample, feed, passedSmoothing }: ByBuiltin): string | null {
  const recorder = recordCalls(session);
  runnable(recorder.session, site, { smoothing: passedSmoothing, sample }).box(feed)(sample.logits, sample.targets);
  const result = recorder.last()?.call.result;
  return result !== undefined && session.bridge.read(result) !== null
    ? null
    : 'it returns more than the loss, and its callers expect that.';
}

/** A parameter that matters to the body and that F.cross_entropy has no counterpart of. */
function otherParameter(task: Task, holder: FunctionDefinition | Lambda): string | null {
  const { site } = task;
  const { definition } = site;
  const self = holder.parameters[0]?.name ?? 'self';
  const strange = (roles: readonly RoleOf[]): readonly Parameter[] =>
    roles.filter(({ role }) => !expressible.has(role)).map(({ parameter }) => parameter);
  const ofCall = strange(rolesOfCall(task, holder)).find(({ name }) => names(holder, name));
  if (ofCall) return ofCall.name;
  const maker = definition.kind === 'class' ? definition.constructor : definition.kind === 'function' ? definition.factory : null;
  if (maker === null) return null;
  const parameters = definition.kind === 'class' ? maker.parameters.slice(1) : maker.parameters;
  const ofMaker = strange(constructorRoles(site, parameters)).find((parameter) => {
    if (definition.kind !== 'class' || maker.kind !== 'function') return names(holder, parameter.name);
    const others = definition.definition.body.filter((statement) => statement !== maker);
    const read = new Set(attributesNamedIn(others, self));
    return attributesMadeOf(maker, parameter.name, maker.parameters[0]?.name ?? 'self').some((attribute) => read.has(attribute));
  });
  return ofMaker?.name ?? null;
}

function rolesOfCall({ site }: Task, holder: FunctionDefinition | Lambda): readonly RoleOf[] {
  return callRoles(site, site.kind === 'class' ? holder.parameters.slice(1) : holder.parameters);
}

// --------------------------------------------------------------------------------------------------- the call's arguments

interface Parts {
  readonly functional: { readonly name: string; readonly edits: readonly Edit[] };
  readonly logits: string;
  readonly targets: string;
  /** ε in the loss's own convention; null for hard labels. */
  readonly smoothing: string | null;
  readonly isFillScatter: boolean;
  readonly weight: string | null;
  readonly ignoreIndex: string | null;
  readonly reduction: string | null;
  readonly takes: Takes;
}

/** The loss's own expressions for what F.cross_entropy takes; or what could not be found, in words. */
function partsOf(task: Task, holder: FunctionDefinition | Lambda, request: ByBuiltin): Parts | string {
  const { site } = task;
  const { measurement } = request;
  const functional = functionalName(site, new Set(holder.parameters.map(({ name }) => name)));
  if (functional === null) return 'the file has no name for torch.nn.functional that could be used.';
  const roles = rolesOfCall(task, holder);
  const logits = roles.find(({ role }) => role === 'logits')?.parameter.name;
  const targets = roles.find(({ role }) => role === 'targets')?.parameter.name;
  if (logits === undefined || targets === undefined) return 'which parameters are logits and targets was not found.';
  const all = [...roles, ...makerRoles(task)];
  const has = (...wanted: readonly Role[]): boolean => all.some(({ role }) => wanted.includes(role));
  const takes: Takes = {
    smoothing: has('smoothing'),
    reduction: has('reduction'),
    weight: has('weight'),
    padding: has('padding', 'ignoreIndex'),
  };
  const named = (settings: Varied): readonly Named[] => namedValues(task, request, settings);

  const reduction = takes.reduction
    ? textWhere(named({ reduction: 'sum' }), (value) => value.kind === 'str' && value.value === 'sum')
    : null;
  if (takes.reduction && reduction === null) return 'where it keeps its reduction was not found.';
  const own = ignoreIndexOf(measurement, named, takes);
  if (typeof own === 'object' && own !== null) return own.problem;
  const fixed = fixedReduction(measurement);
  return {
    functional,
    logits,
    targets,
    smoothing: smoothingText(measurement, named, takes),
    isFillScatter: measurement.law?.law.kind === 'fillScatter',
    weight: weightText(measurement, named, takes),
    ignoreIndex: own,
    reduction: reduction ?? (fixed === null ? null : `'${fixed}'`),
    takes,
  };
}

function makerRoles({ site }: Task): readonly RoleOf[] {
  const { definition } = site;
  if (definition.kind === 'class') return constructorRoles(site, definition.constructor?.parameters.slice(1) ?? []);
  return definition.kind === 'function' && definition.factory ? constructorRoles(site, definition.factory.parameters) : [];
}

/** torch's word for what the loss always does. */
function fixedReduction({ measured }: Measurement): string | null {
  return measured.reduction === 'sum' || measured.reduction === 'none' ? measured.reduction : null;
}

function smoothingText(measurement: Measurement, named: (settings: Varied) => readonly Named[], takes: Takes): string | null {
  const law = measurement.law?.law;
  if (law?.kind !== 'fillScatter' && law?.kind !== 'uniformMixture') return null;
  const close = (a: number | null, b: number): boolean => a !== null && Math.abs(a - b) <= 1e-9;
  const inverted =
    takes.smoothing &&
    measurement.smoothing !== null &&
    Math.abs(1 - measurement.smoothing - law.smoothing) < 1e-6 &&
    Math.abs(measurement.smoothing - law.smoothing) > 1e-6;
  const wanted = takes.smoothing ? (inverted ? 1 - triedSmoothing : triedSmoothing) : law.smoothing;
  const values = named(takes.smoothing ? { smoothing: triedSmoothing } : {});
  const direct = textWhere(values, (value) => close(numberOf(value), wanted));
  if (direct !== null) return direct;
  const complement = textWhere(values, (value) => close(numberOf(value), 1 - wanted));
  return complement === null ? floatText(law.smoothing) : `1 - ${complement}`;
}

function weightText(measurement: Measurement, named: (settings: Varied) => readonly Named[], takes: Takes): string | null {
  const { classes, classWeights, shape } = measurement;
  const proportional = (tensor: readonly number[] | null, weights: readonly number[]): boolean =>
    tensor?.length === weights.length &&
    tensor.every((value, k) => Math.abs(value / tensor[0]! - weights[k]! / weights[0]!) <= 1e-5 * Math.abs(weights[k]! / weights[0]!));
  if (takes.weight) {
    const weights = triedWeights(classes);
    return textWhere(named({ classWeights: weights }), (_, tensor) => proportional(tensor, weights));
  }
  return shape?.kind === 'weighted' && classWeights !== null
    ? textWhere(named({}), (_, tensor) => proportional(tensor, classWeights))
    : null;
}

function ignoreIndexOf(
  measurement: Measurement,
  named: (settings: Varied) => readonly Named[],
  takes: Takes,
): string | null | { readonly problem: string } {
  const padding = measurement.measured.paddingIndex;
  if (!takes.padding) return padding === null ? null : String(padding);
  const text = textWhere(named({ paddingIndex: 2 }), (value) => value.kind === 'int' && value.value === 2n);
  if (text === null) return { problem: 'where it keeps its padding or ignored class was not found.' };
  const unset = named({}).find((one) => one.text === text)?.value;
  return unset === undefined || unset.kind === 'none' ? `-100 if ${text} is None else ${text}` : text;
}

/** A few ways to write the call, the plainest first. */
function argumentLists({
  logits,
  targets,
  weight,
  ignoreIndex,
  reduction,
  smoothing,
  isFillScatter,
}: Parts): readonly (readonly string[])[] {
  const options = (axis: string): readonly string[] => {
    const K = `${logits}.size(${axis})`;
    const share = smoothing !== null && smoothing.startsWith('1 - ') ? `(${smoothing})` : smoothing;
    return [
      weight === null ? null : `weight=${weight}`,
      ignoreIndex === null ? null : `ignore_index=${ignoreIndex}`,
      reduction === null ? null : `reduction=${reduction}`,
      smoothing === null ? null : `label_smoothing=${isFillScatter ? `${share} * ${K} / (${K} - 1)` : smoothing}`,
    ].filter((option) => option !== null);
  };
  const flat = [`${logits}.reshape(-1, ${logits}.size(-1))`, `${targets}.reshape(-1)`];
  return [[logits, targets, ...options('-1')], ...(isFillScatter ? [[logits, targets, ...options('1')]] : []), [...flat, ...options('-1')]];
}

// ------------------------------------------------------------------------------------- which of its names holds which value

interface Varied {
  readonly smoothing?: number;
  readonly reduction?: string;
  readonly classWeights?: readonly number[];
  readonly paddingIndex?: number;
}

interface Named {
  readonly text: string;
  readonly value: Value;
  /** The numbers of a tensor. */
  readonly tensor: readonly number[] | null;
}

/** Attributes and parameters that the body can name, with what they hold when the loss is made and called with these settings. */
function namedValues(task: Task, request: ByBuiltin, varied: Varied): readonly Named[] {
  const { session, site } = task;
  const recorder = recordCalls(session);
  const { smoothing, reduction, ...ofSample } = varied;
  const sample = { ...request.sample, ...ofSample };
  const loss = runnable(recorder.session, site, { smoothing: smoothing ?? request.passedSmoothing, sample });
  const box = reduction === undefined ? loss.box(request.feed) : loss.variant({ reduction }, request.feed);
  try {
    box?.(sample.logits, sample.targets);
  } catch {
    // What it was called with tells where the settings went, whether it ran or not.
  }
  const call = recorder.last();
  if (call === null) return [];
  const read = (text: string, value: Value): Named => ({ text, value, tensor: session.bridge.read(value)?.values ?? null });
  const parameters = [...call.call.args.keywords, ...(call.maker !== null && site.kind === 'function' ? call.maker.args.keywords : [])];
  const ofCall = parameters.map(([name, value]) => read(name, value));
  const { definition } = site;
  if (definition.kind !== 'class' || call.maker === null) return ofCall;
  const object = call.maker.result;
  const self = definition.method.parameters[0]?.name ?? 'self';
  const constructed = definition.constructor?.parameters[0]?.name ?? self;
  const attributes = new Set([
    ...attributesNamedIn(definition.definition.body, self),
    ...attributesNamedIn(definition.definition.body, constructed),
  ]);
  const ofObject = [...attributes].flatMap((name) => {
    const value = session.context.findAttribute(object, name);
    return value === null ? [] : [read(`${self}.${name}`, value)];
  });
  return [...ofCall, ...ofObject];
}

function textWhere(named: readonly Named[], holds: (value: Value, tensor: readonly number[] | null) => boolean): string | null {
  return named.find(({ value, tensor }) => holds(value, tensor))?.text ?? null;
}

// ----------------------------------------------------------------------------------------------------------------- words

function noteOf({ count }: Compared, { described }: Runs, parts: Parts, { measurement, feed }: ByBuiltin, checks: boolean): string {
  const sentences = [
    `Value and gradient stay the same on ${count} runs: ${described}.`,
    parts.isFillScatter ? 'ε·K/(K − 1) is torch’s ε for the same targets; where it exceeds 1, torch raises.' : null,
    feed === 'logProbabilities' ? 'What it is given may stay log-probabilities: their log_softmax is themselves.' : null,
    checks ? 'The body’s own checks (assert, raise) go with it; torch has its own.' : null,
    measurement.ignoredFailure?.target === -100 ? 'Rows of the target -100, which stop it now, are then ignored.' : null,
    measurement.ignored !== null && !measurement.ignored.zeroed
      ? `Rows of the target ${measurement.ignored.target}, which count now, are then ignored.`
      : null,
  ];
  return sentences.filter((sentence) => sentence !== null).join(' ');
}

/** The first disagreement, with what it comes from where that is known. */
function because({ failure, setting }: Compared, { measurement }: ByBuiltin): string {
  const weights =
    setting?.classWeights !== null && setting !== undefined ? ' torch divides its mean by the sum of the targets’ weights.' : '';
  const elements = measurement.measured.reduction === 'elementMean' ? ' Yours divides by N·K, the number of elements.' : '';
  return `${failure ?? ''}${weights}${elements}`;
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
