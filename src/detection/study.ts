/** The notes taken while one callable, class or script is followed. */
import type { ClassDefinition, Expression, Program, Range } from '../language/program';
import type { Flow, Origin, Scope } from './flow';
import { trait } from './flow';
import type { Callable, Evidence, EvidenceReason, ParameterUse } from './sites';
import { isNumber, placeKey } from './literals';
import { isSmoothingFactorName, isWeakSmoothingName } from './vocabulary';

/** What a document defines, gathered once for all studies of it. */
export interface Definitions {
  readonly program: Program;
  readonly classes: ReadonlyMap<string, ClassDefinition>;
  readonly functions: ReadonlyMap<string, Callable>;
  /** Name → module it comes from: `F` → 'torch.nn.functional'. */
  readonly imports: ReadonlyMap<string, string>;
  /** What a name means that is imported from another file of the workspace. */
  readonly imported: (name: string) => Flow | null;
  /** Constants and loss objects of the module's own level, which every function sees. */
  readonly moduleScope: Scope;
}

interface ConstantNotes {
  readonly origin: Origin;
  complement: Range | null;
  spread: Range | null;
  /** Traits of what the constant was multiplied with. */
  times: number;
  /** Bits of the parameters that went into what the constant was multiplied with. */
  timesFrom: number;
  timesPlain: boolean;
  argument: boolean;
  /** Bits of the parameters that divide it: it is shared among so many. */
  among: number;
  /** Its complement weighs what is not: `(1 − α)(1 − t)`, the weight of a class. */
  weighs: boolean;
}

export interface Study {
  readonly definitions: Definitions;
  readonly evidence: Evidence[];
  readonly constants: Map<string, ConstantNotes>;
  readonly uses: Map<string, Set<ParameterUse>>;
  /** Names of the studied callable's parameters, or of a script's tensors, by their bit. */
  readonly parameterNames: string[];
  readonly smoothingValues: Expression[];
  /** Modules that the followed code reaches. */
  readonly modules: Set<string>;
  /** Names of classes and functions of this file whose bodies the followed code went through. */
  readonly reached: Set<string>;
  /** Bits of the parameters that met in a cross entropy. */
  lossFrom: number;
  lossTraits: number;
  /** Bits of the parameters that an exponential was taken of. */
  exponentialFrom: number;
  /** How many loss expressions were met. */
  losses: number;
  strongLoss: boolean;
  /** One of them is a KL divergence, by the library's operation. */
  isDivergence: boolean;
  /** It takes the logarithm of a table that no labels made: of transitions between states. */
  hasTable: boolean;
  /** A setting, by its key → bits of the parameters that it divides. */
  readonly divides: Map<string, number>;
  /** The followed code owns trainable layers, so it is a model. */
  ownsLayers: boolean;
  budget: number;
}

export function startStudy(definitions: Definitions, parameterNames: readonly string[]): Study {
  return {
    definitions,
    evidence: [],
    constants: new Map(),
    uses: new Map(),
    parameterNames: [...parameterNames],
    smoothingValues: [],
    modules: new Set(),
    reached: new Set(),
    lossFrom: 0,
    lossTraits: 0,
    exponentialFrom: 0,
    losses: 0,
    strongLoss: false,
    isDivergence: false,
    hasTable: false,
    divides: new Map(),
    ownsLayers: false,
    budget: 20_000,
  };
}

export function note(study: Study, reason: EvidenceReason, range: Range): void {
  if (!study.evidence.some((e) => placeKey(e.range) === placeKey(range) && e.reason === reason)) study.evidence.push({ reason, range });
}

export function noteConstant(study: Study, origin: Origin): ConstantNotes {
  let notes = study.constants.get(origin.key);
  if (!notes) {
    notes = { origin, complement: null, spread: null, times: 0, timesFrom: 0, timesPlain: false, argument: false, among: 0, weighs: false };
    study.constants.set(origin.key, notes);
  }
  return notes;
}

export function noteUse(study: Study, from: number, use: ParameterUse): void {
  study.parameterNames.forEach((name, bit) => {
    if ((from & (1 << bit)) === 0) return;
    const uses = study.uses.get(name) ?? new Set<ParameterUse>();
    uses.add(use);
    study.uses.set(name, uses);
  });
}

export function noteLoss(study: Study, flow: Flow, strong: boolean): void {
  study.lossFrom |= flow.from;
  study.lossTraits |= flow.traits;
  study.losses += 1;
  study.strongLoss ||= strong;
}

/**
 * The constants that the followed code uses as a smoothing factor. 1 − ε alone is no proof (a mixing weight looks the same): it takes its
 * partner, ε/K or ε times the uniform term, or an argument that is a smoothing factor by definition; a name only tips the scale.
 */
export function smoothingOrigins(study: Study): readonly Origin[] {
  const found: Origin[] = [];
  for (const notes of study.constants.values()) {
    const { origin, complement, spread, times, timesPlain, argument, weighs } = notes;
    if (weighs && !argument) continue;
    const uses = study.uses.get(origin.name);
    // A default that is a number makes it a number, whatever it was mixed into.
    const hasNumber = origin.value !== null && isNumber(origin.value);
    const isTensor = origin.kind === 'parameter' && origin.where === 'call' && !hasNumber && uses !== undefined && uses.size > 0;
    if (isTensor) continue;
    const mixes =
      complement !== null &&
      ((times & trait.uniform) !== 0 || (timesPlain && (times & (trait.oneHot | trait.crossEntropy | trait.picked)) === 0));
    const pairs = complement !== null && spread !== null;
    const named =
      (isSmoothingFactorName(origin.name) && (complement !== null || spread !== null)) ||
      (isWeakSmoothingName(origin.name) && (spread !== null || (complement !== null && (times & trait.crossEntropy) === 0)));
    if (argument || pairs || mixes || (named && origin.kind !== 'literal')) found.push(origin);
  }
  return found;
}
