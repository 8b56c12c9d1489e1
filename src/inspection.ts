/** What an inspection finds, as plain data: the editor, the webview and the command line only draw it. */

/** A number as JSON can carry it: values that are not finite are strings. */
export type Num = number | 'nan' | 'inf' | '-inf';

/** A place in a document: UTF-16 offsets, and the line and column (both from 1) of the start and the end. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The file it lies in, as the host names it, where that is not the inspected one. */
  readonly file?: string;
}

export interface Problem {
  /** 'syntax' and 'input' stand in the document or the sample; 'unsupported' and the rest come from executing the code. */
  readonly type: 'syntax' | 'input' | 'unsupported' | 'exception' | 'budget' | 'notFound';
  readonly message: string;
  readonly range: SourceRange | null;
  /** Of what is not supported: the calls of the person's own code that lead there from the loss, each with where it is made. */
  readonly calls?: readonly Running[];
  /** Of an exception: what the loss was run with is assumed, and may be what does not fit. */
  readonly assumed?: true;
}

/** What is being run: a loss, or the module's own code (no name); the range is where it stands. */
export interface Running {
  readonly name: string | null;
  readonly range: SourceRange;
}

/** A dense tensor: row-major values. Long ones are cut, and say so. */
export interface TensorData {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly Num[];
  readonly truncated?: true;
}

export interface SmoothingConstant {
  /** The name it is given in the code: a parameter, keyword, attribute, variable or option. */
  readonly name: string;
  readonly kind: 'parameterDefault' | 'keywordArgument' | 'positionalArgument' | 'assignment' | 'attribute' | 'option' | 'field';
  /** Of the value expression. */
  readonly range: SourceRange;
  readonly nameRange: SourceRange;
  /** The number, where the code says it or the program has it there, whenever it comes by. */
  readonly value: number | null;
  readonly expression: string;
  /** Where the number comes from; absent where the program was not run, or does not come by. */
  readonly chain?: readonly ChainLink[];
}

/** A smoothing factor that a file holds, whether one of its losses uses it or none is there. */
export interface FileSmoothingConstant extends SmoothingConstant {
  /** Name of the loss it belongs to; null where only its own name, or its place, tells what it is. */
  readonly site: string | null;
}

/** One stop on the way of a value through the program: from the literal that made it to where the loss takes it. */
export interface ChainLink {
  /** As written, or a name for it: `0.15`, `args.label_smoothing`. */
  readonly text: string;
  readonly range: SourceRange;
  /** The file, where it is not the inspected one. */
  readonly file?: string;
}

/** Where what a loss was run with comes from. */
export type InputSource =
  /** The program says it. `certain`: nothing that is not known decides it. */
  | { readonly kind: 'code'; readonly chain: readonly ChainLink[]; readonly certain: boolean }
  /** The person asked for it: an option, a setting, the panel. */
  | { readonly kind: 'person'; readonly chain: readonly ChainLink[] }
  /** Neither says it. `reason`: what could not be followed, or is not said. */
  | { readonly kind: 'assumption'; readonly chain: readonly ChainLink[]; readonly reason: string };

/** What a parameter is handed: of the predictions and targets their form, else what it stands for. */
export type GivenAs =
  | 'logits'
  | 'logProbabilities'
  | 'probabilities'
  /** A probability for each class by itself. */
  | 'sigmoids'
  | 'indices'
  /** Class indices, in a last axis of one. */
  | 'column'
  /** Floats: a distribution over the classes. */
  | 'oneHot'
  | 'integerOneHot'
  /** Of other predictions or targets than the loss is taken of: a teacher's. */
  | 'otherLogits'
  | 'otherTargets'
  /** True for each target. */
  | 'mask'
  /** A one for each target. */
  | 'sampleWeight'
  /** For each class. */
  | 'weight'
  | 'smoothing'
  | 'classes'
  /** A number, a word, a switch. */
  | 'value'
  /** Not passed: what the code itself has in its place. */
  | 'default';

/** The axes of the predictions, from their shape: [N, K], [N, 1, K], [N, K, 1], [N, K, 1, 1], [1, N, K], [K] for each row. */
export type RowsLayout = 'rows' | 'sequences' | 'classesFirst' | 'images' | 'oneSequence' | 'flat' | 'single';

/** What the person says of one parameter, in place of what was found or assumed. */
export interface ParameterCorrection {
  readonly name: string;
  readonly as?: GivenAs;
  /** As it would be written in the code: `0.2`, `'sum'`, `None`, `[1, 2]`. */
  readonly value?: string;
}

/** What the person says of how a loss is run. */
export interface Corrections {
  readonly parameters?: readonly ParameterCorrection[];
  readonly layout?: RowsLayout;
  readonly classes?: number;
}

/** Corrections of the loss of this name; of every loss that has such a parameter where none is named. */
export interface LossCorrections extends Corrections {
  readonly loss?: string;
}

/** One thing that the loss was run with. */
export interface RunInput {
  /** Of the parameter; K for the number of classes. */
  readonly name: string;
  readonly role:
    | 'smoothing'
    | 'classes'
    | 'logits'
    | 'targets'
    | 'weight'
    | 'reduction'
    | 'ignoreIndex'
    | 'padding'
    | 'parameter'
    /** A tensor of a loss of another family than label smoothing: `standsFor` says which of its formulation's. */
    | 'tensor';
  /** What of its formulation the tensor is: `teacher`, `anchor`. */
  readonly standsFor?: string;
  /** What it is, in words: 'log-probabilities of sequences'. */
  readonly meaning?: string;
  /** What the tensor held in this run. */
  readonly values?: TensorData;
  /** The parameter's own name, where it is called otherwise here; by it a person corrects what is passed. */
  readonly parameter?: string;
  /** What it was handed, and what the person may say it is. */
  readonly as?: GivenAs;
  readonly choices?: readonly GivenAs[];
  /** Of the predictions, where the person may say that they lie otherwise. */
  readonly layout?: RowsLayout;
  /** The person's own words for the value. */
  readonly written?: string;
  /** What its code has where nothing is passed. */
  readonly isDefault?: true;
  /** Numbers that are not finite are strings, as everywhere. */
  readonly value?: number | string | boolean | null;
  /** Of tensors: sizes, or what they are called. */
  readonly shape?: readonly (number | string)[];
  /** What the program makes of it on the way: probabilities where a softmax stands before the loss. */
  readonly nature?: 'logits' | 'probabilities' | 'logProbabilities' | 'indices' | 'distribution';
  readonly source: InputSource;
}

/** A place where the program builds or calls the loss with another smoothing factor than the one looked at. */
export interface OtherUse {
  readonly smoothing: number;
  readonly range: SourceRange;
  readonly file?: string;
  readonly chain: readonly ChainLink[];
}

/** The tensors a loss was run on. */
export interface Sample {
  readonly logits: readonly (readonly number[])[];
  readonly targets: readonly number[];
  readonly classWeights?: readonly number[];
  readonly ignoreIndex?: number;
  readonly paddingIndex?: number;
}

export interface UsedSample extends Sample {
  readonly origin: 'default' | 'file' | 'user';
  /** Where in the document the sample's tensors were written, if origin is 'file'. */
  readonly range?: SourceRange;
  /** Can it tell the formulations apart? If not, why (a sentence), and a sample that can. */
  readonly discriminating: boolean;
  readonly note?: string;
  readonly betterSample?: Sample;
}

/** One executed statement of the person's code and the value it made. */
export interface Step {
  readonly range: SourceRange;
  readonly code: string;
  /** The names it bound, or the expression's text. */
  readonly label: string;
  readonly tensor?: TensorData;
  /** The value as its language prints it, where it is not a tensor. */
  readonly text?: string;
  readonly depth: number;
}

export interface Printed {
  readonly range: SourceRange;
  readonly text: string;
  /** 'print' or the value a notebook cell shows. */
  readonly source: 'print' | 'cell';
  /** What the document records the author's run to have printed there, and whether ours agrees to the digits printed. `unset`: it shows
   * memory that nothing was written to, which no two runs have alike. */
  readonly recorded?: { readonly text: string; readonly agrees: boolean; readonly unset?: true };
}

/** A formula with the loss's own constants filled in. */
export interface Formula {
  /** The equations as TeX, one after the other. */
  readonly tex: readonly string[];
  /** The same in one line of plain text, for where TeX is not drawn. */
  readonly text: string;
}

export type Reduction = 'none' | 'mean' | 'sum' | 'batchmean' | 'elementMean' | 'activeMean' | 'weightedMean' | 'unknown';

/** What the loss computes, read off its values and gradients: L = scale · Σ_k q_k(−log p_k) + offset. */
export interface Measured {
  /** True when the loss is affine in the log-probabilities within tolerance; else the numbers below describe the best fit. */
  readonly affine: boolean;
  readonly onValue: Num;
  readonly offValue: Num;
  readonly mass: Num;
  /** The factor on each sample's Σ_k q_k(−log p_k), and the reduction that explains it as N and K vary. */
  readonly scale: Num;
  readonly reduction: Reduction;
  /** Added to the loss whatever the logits are (per sample, after the reduction's scale is taken out). */
  readonly offset: Num;
  readonly paddingIndex: number | null;
  /** Largest deviation of the loss's gradient from the affine model's. */
  readonly residual: Num;
  /** The ε that gives this target distribution in each convention; null where none does. */
  readonly effectiveSmoothing: { readonly fillScatter: Num | null; readonly uniformMixture: Num | null };
  /** The smoothed target distribution of every sample, as measured. */
  readonly targetDistribution: readonly (readonly Num[])[];
  /** H(q) averaged as the loss averages: the smallest value the cross-entropy form can reach. */
  readonly entropyFloor: Num;
  /** The measured loss; null where no formula was found that gives its values again. */
  readonly formula: Formula | null;
  /** One sentence: the formulation it is, with its numbers; or that it is none, with the evidence. */
  readonly verdict: string;
  /** Id of the formulation it was measured to be, or null. */
  readonly formulation: string | null;
}

export type Relation =
  | { readonly kind: 'equal' }
  | { readonly kind: 'equalWithSmoothing'; readonly smoothing: number }
  /** With a smoothing, theirs at that ε; likewise below. */
  | { readonly kind: 'sameGradientOffset'; readonly offset: Num; readonly smoothing?: number }
  | { readonly kind: 'scaled'; readonly factor: Num }
  /** By another factor on batches of other sizes. */
  | { readonly kind: 'scaledByBatch'; readonly factor: Num }
  | { readonly kind: 'scaledWithSmoothing'; readonly factor: Num; readonly smoothing: number }
  | { readonly kind: 'scaledOffset'; readonly factor: Num; readonly offset: Num; readonly smoothing?: number }
  | { readonly kind: 'indistinguishable' }
  | { readonly kind: 'different' };

/** How one loss stands to another, the one it is compared with. */
export interface Standing {
  /** Its value minus that of the other. */
  readonly difference: Num | null;
  readonly relativeDifference: Num | null;
  readonly ulp: Num | null;
  readonly gradientDifference: Num | null;
  readonly relation: Relation | null;
  /** The relation in words. */
  readonly detail: string;
}

/** A formulation compared with the loss. */
export interface Comparison extends Standing {
  readonly formulation: string;
  readonly title: string;
  readonly tex: string;
  /** Null for a formulation that has none. */
  readonly smoothing: number | null;
  /** Its other numbers. */
  readonly parameters?: readonly LossParameter[];
  readonly value: Num | null;
  readonly perSample: readonly Num[] | null;
  readonly gradient: TensorData | null;
  readonly targetDistribution: readonly (readonly Num[])[] | null;
}

/** A formulation in the loss's place: everything else is compared with it. */
export interface Baseline {
  /** Its id. */
  readonly formulation: string;
  readonly title: string;
  readonly smoothing: number;
  /** The loss itself. */
  readonly own: Standing;
  /** The formulations, the baseline among them. */
  readonly comparisons: readonly Comparison[];
}

export interface TextEdit {
  readonly range: SourceRange;
  readonly newText: string;
}

export interface Finding {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly message: string;
  readonly range: SourceRange;
  readonly fix?: { readonly title: string; readonly edits: readonly TextEdit[]; readonly keepsNumbers: boolean };
}

/** A change of the code that is offered for the loss as a whole, or why it is not. */
export type Rewrite =
  | {
      readonly kind: 'offered';
      readonly title: string;
      /** Where it is offered. */
      readonly range: SourceRange;
      readonly edits: readonly TextEdit[];
      readonly keepsNumbers: boolean;
      /** What was checked and what becomes different, in a sentence. */
      readonly note: string;
    }
  | { readonly kind: 'refused'; readonly title: string; readonly range: SourceRange; readonly reason: string };

/** The loss said in other code. */
export interface Translation {
  /** Null where it cannot be said so; then the note says why. */
  readonly code: string | null;
  /** What was checked of it, and what is different or lost. */
  readonly note: string;
}

export interface Translations {
  /** The built-in loss of torch that computes the same. */
  readonly builtin: Translation;
  /** A pytest file that asserts the numbers of this inspection under real torch. */
  readonly pytest: Translation;
  /** tfjs TypeScript that computes the same, made from the operations that were executed. */
  readonly tfjs: Translation;
}

/** A number of a formulation, as the loss was measured to have it. */
export interface LossParameter {
  readonly name: string;
  /** As formulas write it: ε, γ, T. */
  readonly symbol: string;
  readonly value: Num;
  /** Nothing says it: what it is was assumed. */
  readonly assumed?: true;
}

/** The formulation of another family than label smoothing that explains a loss: L = scale · formulation + offset. */
export interface Recognised {
  readonly formulation: string;
  readonly title: string;
  readonly familyTitle: string;
  readonly tex: string;
  /** Null where the loss is not reduced. */
  readonly reduction: { readonly id: string; readonly title: string } | null;
  readonly scale: Num;
  readonly offset: Num;
  /** Tensors that could move the formulation, through which this loss passes no gradient. */
  readonly held: readonly string[];
  /** False where it departs from the formulation far out or close to zero. */
  readonly everywhere: boolean;
}

/** What was measured of a loss that no formulation explains, on the tensors it was run on. Null: it could not be measured. */
export interface Unrecognised {
  /** How many formulations take tensors of the same shapes, and were compared. */
  readonly compared: number;
  /** False where two runs on the same tensors gave different numbers: nothing else was measured then. */
  readonly deterministic: boolean;
  /** The value of the batch given twice, against that of the batch. */
  readonly batchTwice: { readonly kind: 'same' | 'doubled' | 'neither'; readonly ratio: Num } | null;
  /** `movedBy`: for each row the other rows whose numbers its gradient (or its own value, where each row has one) depends on. */
  readonly rows: { readonly independent: boolean; readonly movedBy: readonly (readonly number[])[] } | null;
  readonly inputs: readonly InputEffect[];
  readonly invariances: readonly Invariance[];
  /** On inputs that are so many times as large. */
  readonly farOut: readonly { readonly factor: number; readonly value: Num; readonly finite: boolean }[];
  /** The formulations by the direction of their gradient, the nearest first. */
  readonly nearest: readonly NearestFormulation[];
}

/** What one tensor does to the value. */
export interface InputEffect {
  readonly name: string;
  /** `moves`: a gradient reaches it. `noGradient`: other numbers change the value, and no gradient says so. `whole`: it holds whole numbers. */
  readonly effect: 'moves' | 'noGradient' | 'none' | 'whole';
  /** Entries of its gradient, and how many of them are 0 or not finite. */
  readonly entries: number;
  readonly zeros: number;
  readonly notFinite: number;
}

/** Whether the value stays as it is. Rows lie along the last axis; a tensor of one axis is taken as a whole. */
export interface Invariance {
  readonly kind: 'addToRows' | 'addToAll' | 'scaleRows' | 'scaleAll' | 'permuteRows' | 'swapInputs';
  readonly inputs: readonly string[];
  readonly holds: boolean;
}

export interface NearestFormulation {
  readonly family: string;
  readonly formulation: string;
  readonly title: string;
  readonly parameters: readonly LossParameter[];
  /** Of the two gradients: 1 where they point the same way. */
  readonly cosine: Num;
  /** How long the loss's gradient is along that of the formulation, which has length 1. */
  readonly ratio: Num;
}

export interface Inspection {
  /** What kind of loss explains its numbers: 'labelSmoothing' (hard and soft targets among them), 'focal', 'regression' …; null where none does. */
  readonly family: string | null;
  /** What it is, in a sentence or two, with what it rests on said first; null where nothing was measured. */
  readonly verdict: string | null;
  /** The numbers of its formulation. */
  readonly parameters: readonly LossParameter[];
  /** d(sum of the value)/d(tensor), by the loss's own names; 'logits' for losses of label smoothing. */
  readonly gradients: Readonly<Record<string, TensorData>>;
  /** Absent for losses of label smoothing: those have \`measured\`. */
  readonly recognised?: Recognised;
  /** Present where no formulation of any family gives the loss's numbers: what was measured of it all the same. */
  readonly unrecognised?: Unrecognised;
  readonly name: string;
  readonly kind: 'class' | 'function' | 'call' | 'script';
  readonly language: 'python' | 'typescript';
  readonly framework: 'torch' | 'tfjs' | 'tensorflow' | 'jax' | 'mlx' | 'paddle' | 'mindspore' | 'mxnet' | 'numpy' | 'unknown';
  readonly range: SourceRange;
  /** Of the name alone: where a lens or a diagnostic sits. */
  readonly nameRange: SourceRange;
  readonly smoothingConstants: readonly SmoothingConstant[];
  /** What the loss was run with, and where each comes from. */
  readonly inputs: readonly RunInput[];
  /** What the person says of this run, and it was run with. */
  readonly corrected?: Corrections;
  /** Parameters that the person corrected and the loss no longer has. */
  readonly dropped?: readonly string[];
  /** Uses of the loss in the program with other smoothing factors. */
  readonly otherUses: readonly OtherUse[];
  /** The smoothing factor this run used. */
  readonly smoothing: number | null;
  readonly classes: number | null;
  readonly sample: UsedSample | null;
  readonly status: 'measured' | 'unsupported' | 'error';
  readonly problem: Problem | null;
  readonly value: Num | null;
  readonly perSample: readonly Num[] | null;
  readonly gradient: TensorData | null;
  readonly steps: readonly Step[];
  readonly printed: readonly Printed[];
  readonly measured: Measured | null;
  readonly comparisons: readonly Comparison[];
  /** Present when the request names a baseline that has a value on the sample. */
  readonly baseline?: Baseline;
  readonly findings: readonly Finding[];
  readonly rewrites: readonly Rewrite[];
  /** Null where nothing was measured, or a brief inspection was asked for. */
  readonly translations: Translations | null;
  /** Things to know that are not findings: accepted CUDA calls, seeded random numbers, float64 computed in float32. */
  readonly notes: readonly string[];
}

export interface FileInspection {
  readonly file: string;
  readonly losses: readonly Inspection[];
  /** All that the file holds, in the order of its text. */
  readonly smoothingConstants: readonly FileSmoothingConstant[];
  readonly problems: readonly Problem[];
}

/** What the command line prints with `--json`. */
export interface Report {
  readonly files: readonly FileInspection[];
}

export type NestedNumbers = number | readonly NestedNumbers[];

export interface InspectRequest {
  /** Shown in reports; its ending decides how the text is read when format is absent. */
  readonly file: string;
  readonly text: string;
  /** Its path from the workspace's root, with forward slashes: where the host gives the texts beside it. */
  readonly path?: string;
  readonly format?: DocumentFormat;
  readonly sample?: Sample;
  /** Tensors for any loss, by the names of its parameters: nested numbers. */
  readonly tensors?: Readonly<Record<string, NestedNumbers>>;
  readonly smoothing?: number;
  readonly classes?: number;
  readonly paddingIndex?: number;
  readonly corrections?: readonly LossCorrections[];
  /** Id of a formulation that the others, and the loss, are compared with too. */
  readonly baseline?: string;
  /** Only the loss of this name. */
  readonly only?: string;
  /** Of what is told unasked, where a file is inspected: see SpokenOf. What is asked for by its name is always told. */
  readonly speakOf?: SpokenOf;
  /** Neither rewrites nor translations: for a hover, or a check of many files. */
  readonly brief?: true;
}

/** Nothing; losses that smooth labels; those of every family; also definitions that compute a number of tensors and are no known loss. */
export type SpokenOf = 'off' | 'smoothing' | 'recognised' | 'all';

export type DocumentFormat = 'python' | 'typescript' | 'notebook' | 'markdown' | 'dump';
