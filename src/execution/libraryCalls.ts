/** How the losses of libraries are called: by what their file does with them, and by what each is known to want. */
import { canonical } from '../detection/vocabulary';
import { walk } from '../detection/walk';
import { Dictionary } from '../interpreter/dictionary';
import type { Value } from '../interpreter/value';
import { dict } from '../interpreter/value';
import type { Call, Expression, Program } from '../language/program';
import type { Session } from './session';
import type { Layout } from './ways';

/** What a library's loss wants that a tensor of logits and one of targets do not show. */
export interface CallingConvention {
  /** It takes what a model returned, and finds the logits in it. */
  readonly prediction?: 'modelOutput';
  /** The constructor's parameter, with its default, that says how many times each row stands in the batch: clean, then augmented. */
  readonly copies?: { readonly parameter: string; readonly usual: number };
  /** What the rows are to it, where that is not a batch of them. */
  readonly layout?: Layout;
  /** The parameter that is the number of classes, and its position: of the constructor, or of the function. */
  readonly classes?: LibraryParameter;
  /** A parameter that weighs each label, and its position: all of the sample's count alike. */
  readonly weights?: LibraryParameter;
}

export interface LibraryParameter {
  readonly name: string;
  readonly at: number | null;
}

/** By module and name, both as the import says them; names without underscores and case. */
const conventions: readonly (readonly [of: RegExp, name: RegExp, CallingConvention])[] = [
  [/./, /^labelsmoother$/, { prediction: 'modelOutput' }],
  [/./, /^jsdcrossentropy$/, { copies: { parameter: 'num_splits', usual: 3 } }],
  [/^espnet2?\b/, /^labelsmoothingloss$/, { layout: 'sequences', classes: { name: 'size', at: 0 } }],
  [/^allennlp\b/, /^sequencecrossentropywithlogits$/, { layout: 'sequences', weights: { name: 'weights', at: 2 } }],
  [/^mm(cls|pretrain)\b/, /^labelsmoothloss$/, { classes: { name: 'num_classes', at: 1 } }],
  [/^timm\b/, /^mixuptarget$/, { classes: { name: 'num_classes', at: 1 } }],
];

/** @param real what is called, by its full name */
export function conventionOf(real: string): CallingConvention {
  const name = canonical(real.slice(real.lastIndexOf('.') + 1));
  return conventions.find(([of, known]) => known.test(name) && of.test(real))?.[2] ?? {};
}

/** The loss that settings hand their smoothing factor to. */
export interface HandedTo {
  /** By its full name, as the interpreted libraries have it. */
  readonly real: string;
  readonly constructed: boolean;
  /** What the factor is called there; null where the loss has all arguments of the settings, by the same names. */
  readonly factor: string | null;
  /** The method that is documented to put another loss in its place. */
  readonly replacedBy?: string;
  /** What is to be said of it. */
  readonly note: string;
}

const handedTo: readonly (readonly [of: RegExp, name: RegExp, HandedTo])[] = [
  [
    /^transformers\b/,
    /^(seq2seq)?trainingarguments$/,
    {
      real: 'transformers.trainer_pt_utils.LabelSmoother',
      constructed: true,
      factor: 'epsilon',
      replacedBy: 'compute_loss',
      note: 'A Trainer hands this factor to transformers’ LabelSmoother, unless it has a loss of its own: measured as that. Of a causal language model it holds each token’s logits against the next label.',
    },
  ],
  [
    /^transformers\.Trainer\./,
    /^labelsmoother$/,
    {
      real: 'transformers.trainer_pt_utils.LabelSmoother',
      constructed: true,
      factor: 'epsilon',
      note: 'The Trainer makes it, a LabelSmoother, where label_smoothing_factor is not 0.',
    },
  ],
  [
    /^composer\b/,
    /^labelsmoothing$/,
    {
      real: 'composer.loss.smoothed_cross_entropy',
      constructed: false,
      factor: 'smoothing',
      note: 'The trainer smooths the targets that the model’s own loss is given: measured with the cross entropy of composer’s classifiers.',
    },
  ],
  [
    /^timm\b/,
    /^(fastcollate)?mixup$/,
    {
      real: 'timm.data.mixup.smoothed_cross_entropy',
      constructed: false,
      factor: 'smoothing',
      note: 'It makes targets for SoftTargetCrossEntropy: measured with that, and with nothing mixed (λ = 1).',
    },
  ],
  [
    /^mmpretrain\b/,
    /^labelsmoothloss$/,
    {
      real: 'mmpretrain.models.losses.LabelSmoothLoss',
      constructed: true,
      factor: null,
      note: 'LabelSmoothLoss is taken for the one that OpenMMLab’s mmpretrain (mmcls) registers under this name: no class of the program’s own was seen to be.',
    },
  ],
];

export function lossOfSettings(real: string): HandedTo | null {
  const name = canonical(real.slice(real.lastIndexOf('.') + 1));
  return handedTo.find(([of, known]) => known.test(name) && of.test(real))?.[2] ?? null;
}

/** Whether the program says itself what the loss is that settings would be handed to: by a method of its own, or by a class of the registered name. */
export function saysItself(program: Program, { real, factor, replacedBy }: HandedTo): boolean {
  if (replacedBy !== undefined && new RegExp(`\\bdef\\s+${replacedBy}\\b`).test(program.text)) return true;
  return factor === null && definesClass(program, real.slice(real.lastIndexOf('.') + 1));
}

/** Whether a file of the workspace defines a class of this name, which a registry may then mean. */
function definesClass({ workspace }: Program, name: string): boolean {
  const defined = new RegExp(`^\\s*class\\s+${name}\\b`, 'm');
  return (workspace?.files?.() ?? []).some((file) => file.endsWith('.py') && defined.test(workspace?.read(file) ?? ''));
}

/** `{'logits': …}`, as a model of transformers returns it. */
export function modelOutput(logits: Value): Value {
  const entries = new Dictionary();
  entries.setString('logits', logits);
  return dict(entries);
}

/** The calls of the object that a call makes: `criterion = Loss(…)`, then `criterion(…)`. */
export function callsOfMade(program: Program, made: Call): readonly Call[] {
  const text = ({ range }: Expression): string => program.text.slice(range.start, range.end);
  const holders = new Set<string>();
  const calls: Call[] = [];
  for (const { body } of program.cells) {
    walk(body, (node) => {
      if (node.kind === 'assign' && node.value === made) for (const target of node.targets) holders.add(text(target));
      if (node.kind === 'call') calls.push(node);
    });
  }
  return calls.filter(({ callee }) => callee === made || holders.has(text(callee)));
}

/** What the file hands the loss as targets: class indices, or a distribution; null where no call of it can be evaluated at the module's level. */
export function handedTargets(
  session: Session,
  calls: readonly Call[],
  at: number,
  names: readonly string[],
): 'indices' | 'distribution' | null {
  for (const call of calls) {
    const argument = call.keywords.find(({ name }) => name !== null && names.includes(name))?.value ?? call.arguments[at];
    if (argument === undefined) continue;
    try {
      const tensor = session.bridge.read(session.evaluate(argument));
      if (tensor !== null) return /^(float|double|bfloat)/.test(tensor.dtype) && tensor.shape.length > 1 ? 'distribution' : 'indices';
    } catch {
      // What exists inside a function only says nothing here.
    }
  }
  return null;
}
