/** Losses of libraries, and settings of their trainers, that smooth labels by an argument: what it is called there, and its position. */
import { canonical, crossEntropies, isShortSmoothingName, isSmoothingName, isSmoothingType } from './vocabulary';

export interface LibraryUse {
  /** The keywords that are the smoothing factor. */
  readonly isFactor: (keyword: string) => boolean;
  /** Its position; null where it has only a keyword. */
  readonly at: number | null;
  /** `settings` hand it on to a loss that stands elsewhere: calling them computes nothing. */
  readonly is: 'loss' | 'settings';
  /** Whether a use without the argument smooths too. */
  readonly always: boolean;
  /** The loss has its factor from whoever made it: calling it says none. */
  readonly isMade?: true;
  /** A cross entropy that could be given a smoothing factor: without one it is a loss with hard labels. */
  readonly isPlain?: true;
}

interface Convention {
  readonly of: RegExp;
  readonly name: RegExp;
  readonly factor: string;
  readonly at?: number;
  readonly is?: 'settings';
  readonly always?: true;
}

/** By module and name, both as the import says them; names without underscores and case. */
const conventions: readonly Convention[] = [
  { of: /^timm\b/, name: /^(labelsmoothingcrossentropy)$/, factor: 'smoothing', at: 0, always: true },
  { of: /^timm\b/, name: /^binarycrossentropy$/, factor: 'smoothing', at: 0, always: true },
  { of: /^timm\b/, name: /^jsdcrossentropy$/, factor: 'smoothing', at: 2, always: true },
  { of: /^timm\b/, name: /^(fastcollate)?mixup$/, factor: 'label_smoothing', at: 7, is: 'settings' },
  { of: /^transformers\b|trainer_pt_utils$/, name: /^labelsmoother$/, factor: 'epsilon', at: 0, always: true },
  { of: /^transformers\b/, name: /^(seq2seq)?trainingarguments$/, factor: 'label_smoothing_factor', is: 'settings' },
  { of: /^fairseq\b/, name: /^labelsmoothednllloss$/, factor: 'epsilon', at: 2 },
  { of: /^fairseq\b/, name: /^labelsmoothedcrossentropycriterion$/, factor: 'label_smoothing', at: 2 },
  { of: /^(fastai|catalyst)\b/, name: /^labelsmoothingcrossentropy(flat)?$/, factor: 'eps', at: 0, always: true },
  { of: /^(pytorch_toolbelt|segmentation_models_pytorch)\b/, name: /^softcrossentropyloss$/, factor: 'smooth_factor', at: 1 },
  { of: /^(pytorch_toolbelt|segmentation_models_pytorch)\b/, name: /^softbcewithlogitsloss$/, factor: 'smooth_factor', at: 3 },
  { of: /^composer\b/, name: /^labelsmoothing$/, factor: 'smoothing', at: 0, is: 'settings', always: true },
  { of: /^(mmcls|mmpretrain)\b/, name: /^labelsmoothloss$/, factor: 'label_smooth_val', at: 0 },
  { of: /^espnet2?\b/, name: /^labelsmoothingloss$/, factor: 'smoothing', at: 2 },
  { of: /^allennlp\b/, name: /^sequencecrossentropywithlogits$/, factor: 'label_smoothing' },
  { of: /^paddle\b/, name: /^crossentropyloss$/, factor: 'label_smoothing', at: 6 },
  { of: /^paddle\b/, name: /^crossentropy$/, factor: 'label_smoothing', at: 8 },
  { of: /^mindspore\b/, name: /^crossentropyloss$/, factor: 'label_smoothing', at: 3 },
  { of: /^mindspore\b/, name: /^crossentropy$/, factor: 'label_smoothing', at: 5 },
  { of: /^mlx\b/, name: /^crossentropy$/, factor: 'label_smoothing', at: 4 },
  { of: /^mxnet\b/, name: /^softmaxoutput$/, factor: 'smooth_alpha' },
  { of: /^monai\b/, name: /^dicece(loss)?$/, factor: 'label_smoothing' },
];

/** What a call of this library name smooths by; null where it is no such loss. @param real `torch.nn.CrossEntropyLoss` */
export function libraryUse(real: string, isImported: boolean): LibraryUse | null {
  const parts = real.split('.');
  const last = parts.at(-1)!;
  const plain = canonical(last);
  const known = conventions.find(({ of, name }) => name.test(plain) && of.test(real));
  if (known) {
    const { factor, at = null, is = 'loss', always = false } = known;
    const isPlain = is === 'loss' && !always && crossEntropies.has(plain);
    return { isFactor: (keyword) => keyword === factor, at, is, always, ...(isPlain ? { isPlain } : {}) };
  }
  const operation = crossEntropies.get(plain);
  if (operation) {
    const at = (isClassName(last) ? operation.smoothingAtConstructor : operation.smoothingAt) ?? null;
    const isTorchBinary = plain === 'binarycrossentropy' && /^torch\b/.test(real);
    const isFactor = (keyword: string) => keyword === 'label_smoothing' || keyword === 'labelSmoothing' || keyword === 'smoothing';
    const isPlain = isImported && at !== null && !isTorchBinary;
    return { isFactor, at: isTorchBinary ? null : at, is: 'loss', always: false, ...(isPlain ? { isPlain } : {}) };
  }
  // A loss of another module, which may be this project's own: its name, or that of its argument, says that it smooths.
  if (!isImported || !isLossName(last)) return null;
  const smooths = isSmoothingType(last);
  return { isFactor: smooths ? isShortSmoothingName : isSmoothingName, at: null, is: 'loss', always: smooths && isClassName(last) };
}

export const isClassName = (name: string): boolean => /^[A-Z]/.test(name) && name !== name.toUpperCase();

const isLossName = (name: string): boolean => /loss|criterion|cross_?entropy|xent|nll|CE$|_ce$/i.test(name);

/** The loss that a library's object holds for the methods of the classes that extend it. @param base the class's full name */
export function heldUse(base: string, attribute: string): { readonly real: string; readonly use: LibraryUse } | null {
  if (attribute !== 'label_smoother' || !/^transformers\.(\w+\.)*\w*Trainer$/.test(base)) return null;
  return {
    real: `transformers.Trainer.${attribute}`,
    use: { isFactor: () => false, at: null, is: 'settings', always: true, isMade: true },
  };
}

/** The smoothing loss that a registry makes of `dict(type='…', …)`: OpenMMLab's, by its name and its argument. */
export function registeredUse(type: string): LibraryUse | null {
  if (canonical(type) !== 'labelsmoothloss') return null;
  return { isFactor: (keyword) => keyword === 'label_smooth_val', at: null, is: 'settings', always: false };
}
