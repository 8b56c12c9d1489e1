/**
 * What is known of a value without running anything: how it came about (traits), which parameters went into it, and which constant of the
 * source it is. Following these through a body shows whether it computes a loss, whatever its names are.
 */
import type { ClassDefinition, Expression, Range } from '../language/program';
import type { Callable } from './sites';
import type { Definitions } from './study';

export const trait = {
  /** Went through something unknown: a model, a loader. */
  opaque: 1,
  /** Made by a tensor constructor in the code. */
  created: 2,
  softmax: 4,
  logSoftmax: 8,
  /** log of something that is not known to be a softmax. */
  logarithm: 16,
  exponential: 32,
  logSumExp: 64,
  /** The log-probability of the target class. */
  picked: 128,
  oneHot: 256,
  crossEntropy: 512,
  /** A mean or sum over log-probabilities: the uniform term. */
  uniform: 1024,
  /** A shape, a size, a dtype, a device: no data. */
  metadata: 2048,
  /** A plain number of the source. */
  number: 4096,
  /** A loss defined in this file computed it. */
  fromSite: 8192,
  /** Counted out, or looked up by a label: numbers of classes, rows of a table. No model's output. */
  byLabel: 16384,
  /** 1 − something that is data: the classes that are not the label's. */
  negated: 32768,
  /** One of the things that a parameter holds, as a loop gives them. */
  item: 65536,
} as const;

/** A named or literal constant of the source, wherever it flowed from. */
export interface Origin {
  readonly key: string;
  readonly name: string;
  readonly kind: 'parameter' | 'attribute' | 'variable' | 'field' | 'option' | 'argument' | 'literal';
  readonly where: 'constructor' | 'call' | 'helper' | 'body';
  readonly nameRange: Range;
  /** The expression that gives its value: a default, the right side of its assignment. */
  readonly value: Expression | null;
  /** Of an option, the parameter that holds it: `args` of `args.smoothing`. */
  readonly of?: string;
}

export type FlowObject =
  /** An instance of a library's loss or activation: `nn.KLDivLoss(…)`, `nn.LogSoftmax(dim=1)`. */
  | { readonly kind: 'operation'; readonly name: string }
  | { readonly kind: 'instance'; readonly definition: ClassDefinition; readonly attributes: Map<string, Flow> }
  | { readonly kind: 'super'; readonly definition: ClassDefinition; readonly attributes: Map<string, Flow> }
  | { readonly kind: 'class'; readonly definition: ClassDefinition }
  | { readonly kind: 'callable'; readonly callable: Callable; readonly scope: Scope }
  | { readonly kind: 'method'; readonly callable: Callable; readonly self: Flow }
  /** A module of another file of the workspace. */
  | { readonly kind: 'module'; readonly definitions: Definitions }
  | { readonly kind: 'layer' }
  | { readonly kind: 'options'; readonly entries: ReadonlyMap<string, Flow> };

export interface Flow {
  readonly traits: number;
  /** Bit i: parameter i of the studied callable went in. */
  readonly from: number;
  readonly origin: Origin | null;
  /** This value is 1 − that constant. */
  readonly complementOf: Origin | null;
  /** This value is that constant times or over plain numbers: `ε · K/(K − 1)`. */
  readonly scaledFrom?: Origin;
  /** That constant on each class that is not the label's: `(1 - onehot) * ε`. */
  readonly onOthers?: Origin;
  /** A number between 0 and 1 as it is written. */
  readonly literal?: Expression;
  /** Something of which a share that is written down is kept: `onehot * 0.9`, `onehot * (1 - 0.1)`. */
  readonly kept?: Share;
  /** A share that is written down, spread over something: `0.1 / K`. */
  readonly spread?: Share;
  /** A mean or sum over everything: one number. */
  readonly isTotal?: true;
  readonly object: FlowObject | null;
}

export interface Share {
  readonly value: number;
  readonly range: Range;
}

export interface Scope {
  readonly names: Map<string, Flow>;
  readonly parent: Scope | null;
  /** Of a module's own scope: what the module defines. */
  readonly definitions?: Definitions;
}

export const nothing: Flow = { traits: 0, from: 0, origin: null, complementOf: null, object: null };

export const has = (flow: Flow, traits: number): boolean => (flow.traits & traits) !== 0;
export const withTraits = (flow: Flow, traits: number): Flow => ({
  ...nothing,
  traits: (flow.traits | traits) & ~trait.number,
  from: flow.from,
});
export const withoutTraits = (flow: Flow, traits: number): Flow => ({ ...flow, traits: flow.traits & ~traits });
export const merge = (...flows: readonly Flow[]): Flow => {
  let traits = 0;
  let from = 0;
  for (const flow of flows) {
    traits |= flow.traits;
    from |= flow.from;
  }
  return { ...nothing, traits: traits & ~trait.number, from };
};

/** The value of a name after two branches: what either gave it. */
export function either(a: Flow, b: Flow): Flow {
  return {
    traits: a.traits | b.traits,
    from: a.from | b.from,
    origin: a.origin ?? b.origin,
    complementOf: a.complementOf ?? b.complementOf,
    object: a.object ?? b.object,
    ...(a.isTotal && b.isTotal ? { isTotal: true as const } : {}),
  };
}

export function lookup(scope: Scope | null, name: string): Flow | null {
  for (let at = scope; at !== null; at = at.parent) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return null;
}
