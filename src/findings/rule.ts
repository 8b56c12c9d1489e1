/** What a rule is, and what it gets to look at. */
import type { BlackBox, Matrix } from '../identification/blackBox';
import type { Measurement } from '../identification/measurement';
import type { LossSite } from '../detection/sites';
import type { Finding, Sample } from '../inspection';
import type { Call, Expression, Range } from '../language/program';

/** Settings a loss can be run with in place of its own. */
export interface Variant {
  readonly reduction?: string;
  readonly smoothing?: number;
  readonly classWeights?: readonly number[];
  readonly ignoreIndex?: number;
  /** A module after `.eval()`. */
  readonly evaluating?: true;
}

/** What a parameter of the loss, or of what makes it, is for. */
export interface KnownParameter {
  readonly name: string;
  readonly role: 'logits' | 'targets' | 'weight' | 'reduction' | 'padding' | 'ignoreIndex' | 'smoothing' | 'other';
  readonly where: 'call' | 'constructor';
  readonly range: Range;
  readonly defaultValue: Expression | null;
}

/** Why the loss could not be run. */
export interface Failure {
  readonly message: string;
  readonly range: Range | null;
}

/** A tensor as the file's own run left it under a name of the module. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** A smoothing constant of the loss, as detection found it. */
export interface KnownConstant {
  readonly name: string;
  readonly range: Range;
  readonly value: number | null;
}

export interface Subject {
  readonly site: LossSite;
  /** Null when the loss could not be measured: then only rules about the text find anything. */
  readonly measurement: Measurement | null;
  readonly smoothing: number | null;
  readonly sample: Sample | null;
  /** What it is handed: itself normalising logits, or the log-probabilities or probabilities its caller makes. */
  readonly feed: 'logits' | 'logProbabilities' | 'probabilities' | 'sigmoids';
  readonly constants: readonly KnownConstant[];
  /** Runs the loss as it was measured; null when it cannot be run. */
  readonly run: BlackBox | null;
  /** A number that the loss needs (the share of a term) was made up to run it: what ε comes out depends on it. */
  readonly assumesNumbers?: boolean;
  /** Its targets are distributions, and what they are is the caller's: they were given one-hot. */
  readonly takesDistributions?: boolean;
  /** The number that the program gives a parameter of the loss, or of what makes it; null where it gives none. */
  readonly given?: (parameter: string) => number | null;
  /** What the program gives the loss as its prediction, where it was followed. */
  readonly input?: InputFact | null;
  /** Where the targets that the program gives the loss were smoothed already. */
  readonly smoothedTargets?: PlaceOfProgram | null;
  /** Numbers that the labels which the program gives it were filled up with, and where. */
  readonly filledTargets?: readonly (PlaceOfProgram & { readonly value: number })[];
  /** A call where no gradient is kept, of a loss that the program trains with too, and the factor it has there. */
  readonly evaluation?: (PlaceOfProgram & { readonly smoothing: number }) | null;
  /** What the program makes of the loss's value. */
  readonly afterwards?: readonly AfterwardsFact[];
  /** The number of classes that the loss is told, where the program hands it outputs of another. */
  readonly told?: ToldClasses | null;
  /** Each row was given as a sequence of one: the mean over sequences and the mean over tokens cannot be told apart. */
  readonly takesSequences?: boolean;
  /** The loss with other settings; null when it takes no such setting. */
  readonly variant?: (settings: Variant) => BlackBox | null;
  /** Runs the loss on copies; tells which of the tensors it is handed hold something else afterwards. Throws what the code throws. */
  readonly changedBy?: (logits: Matrix, targets: readonly number[], settings: Variant) => readonly ChangedTensor[];
  readonly parameters: readonly KnownParameter[];
  readonly failure: Failure | null;
  /** The number of classes that the file, or the person, says; null where it was chosen for them. */
  readonly classesSaid: number | null;
  /** The number of classes that the program itself has; null where it does not say. A sample of the person's says nothing of it. */
  readonly classesOfProgram: number | null;
  /** Was a statement at this place executed on the sample? */
  readonly wasExecuted: (range: Range) => boolean;
  /** The tensor that a name of the module holds after the file's own code has run. */
  readonly tensorNamed: (name: string) => NamedTensor | null;
  /** A number that an expression of the module's level has; null where it has none. */
  readonly numberAt: (expression: Expression) => number | null;
  /** Functions of this file that make targets smoothed by a default of their own. */
  readonly targetMakers: readonly TargetMaker[];
  /** The distribution of targets the loss uses for the sample, where the code makes one before the loss; null elsewhere. */
  readonly targets?: Matrix | null;
}

export interface TargetMaker {
  readonly name: string;
  /** How many arguments it takes before that smoothing factor: with no more its default is used. */
  readonly needed: number;
}

/** A place that the program run found. */
export interface PlaceOfProgram {
  /** With its file where that is another; null where there is no place. */
  readonly range: Range | null;
  /** In words: `line 20`, `models.py, line 20`. */
  readonly where: string | null;
}

/** What an operation made of the tensor that the loss is given, before the loss. */
export interface InputFact extends PlaceOfProgram {
  readonly nature: 'softmax' | 'logSoftmax' | 'sigmoid' | 'scores';
  /** Parameters of the function that calls the loss, which nothing was seen to call: they were supposed to hold what the file has under their names. */
  readonly supposing?: readonly string[];
}

/** A step that the program takes with the loss's value. */
export interface AfterwardsFact extends PlaceOfProgram {
  readonly kind: 'exponential' | 'masked' | 'maskedShare' | 'dividedAgain';
  /** The smoothing factor of the call whose value it is; null where the program does not say. */
  readonly smoothing: number | null;
  /** It stands inside of the loss. */
  readonly isWithin: boolean;
}

export interface ToldClasses {
  readonly told: number;
  readonly toldWhere: string | null;
  readonly classes: number;
  readonly classesWhere: string | null;
}

export type ChangedTensor = 'logits' | 'targets' | 'class weights';

export interface Edit {
  readonly range: Range;
  readonly newText: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** Whether the numbers of the loss stay as they are. */
  readonly keepsNumbers: boolean;
  /** What a run or two of the edited loss tell already: where this is false it is not measured. */
  readonly soon?: (again: Subject) => boolean;
  /** What must hold of the loss measured again after the edits; checked before the fix is offered. */
  readonly promise: (after: Measurement, before: Measurement, again: Subject) => boolean;
  /** It leaves a loss that smooths nothing, which is not found any more: in place of its promise, the targets on their way to it are run. */
  readonly flow?: TargetFlow;
  /** Where the finding stands if this is the fix, since the fix that works tells which place it is. */
  readonly at?: Range;
}

/** Targets that are made in one place and used in another. */
export interface TargetFlow {
  readonly made: Expression;
  /** The call that takes them. */
  readonly use: Call;
  /** What makes the loss object that is called; null where a function is. */
  readonly constructed: Call | null;
}

export interface Found {
  readonly range: Range;
  readonly message: string;
  /** Candidates, the first of which that keeps its promise is offered. */
  readonly fixes?: readonly Fix[];
  /** The fix is the proof: without one that keeps its promise nothing was found. */
  readonly provedByFix?: true;
}

export interface Rule {
  readonly id: string;
  readonly severity: Finding['severity'];
  /** What it is about, in a few words. */
  readonly title: string;
  readonly look: (subject: Subject) => readonly Found[];
}
