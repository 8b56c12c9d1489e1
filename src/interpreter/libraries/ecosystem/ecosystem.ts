/** Packages that loss code imports beside torch, as far as losses, their configuration and their calls go. */
import type { Library, ModuleSource } from '../../library';
import { composerSource } from './composer';
import { easydictSource } from './easydict';
import { fastaiAllSource, fastaiLossSource } from './fastai';
import { flaxModules } from './flax';
import { modelOutputSource } from './modelOutput';
import { labelSmoothLossModules } from './openmmlab';
import { softCrossEntropySource } from './segmentation';
import { allennlpSource, espnetSource, fairseqSource, labelSmootherSource, normalDistributionSource } from './sequence';
import { accelerateSource, lightningSource } from './lightning';
import { hfArgumentParserSource, modelingOutputsSource, trainerSource, trainingArgumentsSource, transformersSource } from './transformers';
import { timmLossSource, timmMixupSource } from './timm';

const library = (name: string, modules: Readonly<Record<string, ModuleSource>>): Library => ({ name, operations: [], modules });

export const ecosystemLibraries: readonly Library[] = [
  library('timm', {
    timm: {},
    'timm.loss': { prelude: timmLossSource },
    'timm.loss.cross_entropy': { sameAs: 'timm.loss' },
    'timm.loss.binary_cross_entropy': { sameAs: 'timm.loss' },
    'timm.loss.jsd': { sameAs: 'timm.loss' },
    'timm.loss.asymmetric_loss': { sameAs: 'timm.loss' },
    'timm.data': { prelude: 'from timm.data.mixup import one_hot, mixup_target\n' },
    'timm.data.mixup': { prelude: timmMixupSource },
  }),
  library('transformers', {
    transformers: { prelude: transformersSource },
    'transformers.utils': { prelude: modelOutputSource },
    'transformers.file_utils': { sameAs: 'transformers.utils' },
    'transformers.trainer_pt_utils': { prelude: labelSmootherSource },
    'transformers.training_args': { prelude: trainingArgumentsSource },
    'transformers.training_args_seq2seq': { sameAs: 'transformers.training_args' },
    'transformers.hf_argparser': { prelude: hfArgumentParserSource },
    'transformers.modeling_outputs': { prelude: modelingOutputsSource },
    'transformers.trainer': { prelude: trainerSource },
    'transformers.trainer_seq2seq': { sameAs: 'transformers.trainer' },
    'transformers.trainer_utils': { prelude: 'from transformers import IntervalStrategy, SchedulerType, set_seed\n' },
  }),
  library('lightning', {
    lightning: { prelude: lightningSource },
    'lightning.pytorch': { sameAs: 'lightning' },
    pytorch_lightning: { sameAs: 'lightning' },
    'pytorch_lightning.core': { sameAs: 'lightning' },
    'pytorch_lightning.core.lightning': { sameAs: 'lightning' },
    'pytorch_lightning.utilities': {},
    'pytorch_lightning.utilities.seed': { prelude: 'from lightning import seed_everything\n' },
  }),
  library('accelerate', {
    accelerate: { prelude: accelerateSource },
    'accelerate.utils': {
      prelude: 'def set_seed(seed, device_specific=False, deterministic=False):\n    import torch\n    torch.manual_seed(seed)\n',
    },
    'accelerate.logging': { prelude: 'from logging import getLogger as get_logger\n' },
  }),
  library('fairseq', {
    fairseq: {},
    'fairseq.criterions': {},
    'fairseq.criterions.label_smoothed_cross_entropy': { prelude: fairseqSource },
  }),
  library('fastai', {
    fastai: {},
    'fastai.losses': { prelude: fastaiLossSource },
    'fastai.layers': { sameAs: 'fastai.losses' },
    'fastai.basics': { prelude: fastaiAllSource },
    'fastai.vision': { prelude: fastaiAllSource },
    'fastai.vision.all': { prelude: fastaiAllSource },
    'fastai.text': { prelude: fastaiAllSource },
    'fastai.text.all': { prelude: fastaiAllSource },
    'fastai.tabular': { prelude: fastaiAllSource },
    'fastai.tabular.all': { prelude: fastaiAllSource },
  }),
  library('pytorch_toolbelt', {
    pytorch_toolbelt: {},
    'pytorch_toolbelt.losses': { prelude: softCrossEntropySource('0.0') },
    'pytorch_toolbelt.losses.soft_ce': { sameAs: 'pytorch_toolbelt.losses' },
    'pytorch_toolbelt.losses.soft_bce': { sameAs: 'pytorch_toolbelt.losses' },
    'pytorch_toolbelt.losses.functional': { sameAs: 'pytorch_toolbelt.losses' },
  }),
  library('segmentation_models_pytorch', {
    segmentation_models_pytorch: {},
    'segmentation_models_pytorch.losses': { prelude: softCrossEntropySource('None') },
    'segmentation_models_pytorch.losses.soft_ce': { sameAs: 'segmentation_models_pytorch.losses' },
    'segmentation_models_pytorch.losses.soft_bce': { sameAs: 'segmentation_models_pytorch.losses' },
  }),
  library('mmpretrain', labelSmoothLossModules('mmpretrain')),
  library('mmcls', labelSmoothLossModules('mmcls')),
  library('composer', {
    composer: {},
    'composer.loss': { prelude: composerSource },
    'composer.loss.utils': { sameAs: 'composer.loss' },
    'composer.algorithms': { prelude: 'from composer.loss import LabelSmoothing\n' },
    'composer.algorithms.label_smoothing': { prelude: 'from composer.loss import LabelSmoothing, smooth_labels\n' },
    'composer.functional': { prelude: 'from composer.loss import smooth_labels\n' },
  }),
  library('espnet', {
    espnet: {},
    'espnet.nets': {},
    'espnet.nets.pytorch_backend': {},
    'espnet.nets.pytorch_backend.transformer': {},
    'espnet.nets.pytorch_backend.transformer.label_smoothing_loss': { prelude: espnetSource },
  }),
  library('allennlp', {
    allennlp: {},
    'allennlp.nn': {},
    'allennlp.nn.util': { prelude: allennlpSource },
  }),
  library('flax', flaxModules),
  library('easydict', { easydict: { prelude: easydictSource } }),
  library('scipy', {
    scipy: {},
    'scipy.stats': { prelude: 'from scipy.stats import norm\n' },
    'scipy.stats.norm': { prelude: normalDistributionSource },
  }),
];
