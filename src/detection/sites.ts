/** What detection finds. Plain data over the syntax tree: nothing here has been run. */
import type { Corrections } from '../inspection';
import type {
  Call,
  ClassDefinition,
  Expression,
  FunctionDefinition,
  Lambda,
  Program,
  Range,
  Statement,
  SyntaxProblem,
} from '../language/program';

export type Framework = 'torch' | 'tfjs' | 'tensorflow' | 'jax' | 'mlx' | 'paddle' | 'mindspore' | 'mxnet' | 'numpy' | 'unknown';

/** Why a place was taken for a loss: what was seen, and where. */
export interface Evidence {
  readonly reason: EvidenceReason;
  readonly range: Range;
}

export type EvidenceReason =
  | 'log-softmax'
  | 'softmax'
  | 'cross entropy'
  | 'target picked'
  | 'one-hot targets'
  | 'smoothing: 1 − ε'
  | 'smoothing: ε/K'
  | 'smoothing: ε · uniform term'
  | 'smoothing argument'
  | 'on and off values'
  | 'uses a loss of this file';

/** What the body does with a parameter, as far as the data flow shows it. */
export type ParameterUse =
  /** It holds records, of which a part is taken: `[record[1] for record in batch]`; it counts the classes among which ε is shared. */
  | 'records'
  | 'classes'
  /** How many positions of each sequence count: `pack_padded_sequence(x, lengths)`, `arange(n) < lengths`. */
  | 'lengths'
  | 'logits'
  | 'logProbabilities'
  | 'probabilities'
  | 'targetIndices'
  | 'targetDistribution'
  | 'targets'
  | 'smoothing';

/** A parameter of the constructor (or factory) or of the loss itself that holds the smoothing factor. */
export interface SmoothingParameter {
  readonly where: 'constructor' | 'call';
  readonly name: string;
}

export type Callable = FunctionDefinition | Lambda;

export type SiteDefinition =
  | {
      readonly kind: 'class';
      readonly definition: ClassDefinition;
      readonly constructor: FunctionDefinition | null;
      /** The calls that make an object of it, where its constructor is a library's. */
      readonly constructions?: readonly Call[];
      readonly method: FunctionDefinition;
      /** What is called: the object itself (`criterion(logits, target)`), or its method. */
      readonly called: 'object' | 'method';
      /** What gives the class at the module's level, where that is not its name: `Losses.Smoothed`. */
      readonly reach: Expression | null;
    }
  /**
   * A factory returns the loss: `const smoothed = (eps = 0.1) => (labels, logits) => …`. `reach` gives the function, or its factory, at the
   * module's level, where that is not its name: `Losses.smoothed`, or for a function inside another, a factory made of what it needs of that.
   */
  | { readonly kind: 'function'; readonly callable: Callable; readonly factory: Callable | null; readonly reach: Expression | null }
  /**
   * `constructed`: the call makes a loss object (`nn.CrossEntropyLoss(…)`); else it computes the loss right there. The call is the one that does
   * (`F.cross_entropy(…)` for `partial(F.cross_entropy, …)`). `real` is what is called by its full name, whatever the file calls it. A use that
   * does not compute hands its smoothing factor to a loss elsewhere: a trainer's arguments, an entry of a registry.
   */
  | {
      readonly kind: 'call';
      readonly call: Call;
      readonly constructed: boolean;
      readonly real: string;
      readonly computes: boolean;
      /** The loss that is called, where the person defined it in another file; null for a library's. */
      readonly of: LossSite | null;
    }
  /** `last` is the statement that computes the loss last. */
  | { readonly kind: 'script'; readonly statements: readonly Statement[]; readonly last: Statement };

export interface LossSite {
  /** Unique among the sites of its document's program: what `--only` and the editor's pick go by. */
  readonly name: string;
  readonly kind: SiteDefinition['kind'];
  /** A 'target' site makes smoothed target distributions; a 'loss' site computes a loss. */
  readonly role: 'loss' | 'target';
  readonly framework: Framework;
  readonly range: Range;
  readonly nameRange: Range;
  readonly definition: SiteDefinition;
  readonly evidence: readonly Evidence[];
  /** What the body does with each parameter of the loss, by name. */
  readonly uses: ReadonlyMap<string, readonly ParameterUse[]>;
  readonly smoothingParameters: readonly SmoothingParameter[];
  /** Attributes (`self.smoothing`) and variables that hold the smoothing factor in this site. */
  readonly smoothingNames: readonly string[];
  /** Expressions that stand for the smoothing factor where it has no name (`label_smoothing=0.1`, `1 - 0.1`). */
  readonly smoothingValues: readonly Expression[];
  /** Lines of this site that are not valid code. */
  readonly broken: readonly SyntaxProblem[];
  readonly program: Program;
  /** What the person says of how it is run, in place of what is seen. */
  readonly told?: Corrections;
}
