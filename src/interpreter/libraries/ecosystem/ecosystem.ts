/** Packages that loss code imports beside torch: timm, transformers, Lightning, accelerate, fairseq and scipy, as far as losses, their configuration and their calls go. */
import type { Library, ModuleSource } from '../../library';
import { easydictSource } from './easydict';
import { flaxModules } from './flax';
import { modelOutputSource } from './modelOutput';
import { fairseqSource, labelSmootherSource, normalDistributionSource } from './sequence';
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
  library('flax', flaxModules),
  library('easydict', { easydict: { prelude: easydictSource } }),
  library('scipy', {
    scipy: {},
    'scipy.stats': { prelude: 'from scipy.stats import norm\n' },
    'scipy.stats.norm': { prelude: normalDistributionSource },
  }),
];
