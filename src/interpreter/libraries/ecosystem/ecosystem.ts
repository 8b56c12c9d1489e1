/** Packages that loss code imports beside torch: timm, transformers, fairseq and scipy, as far as their label smoothing goes. */
import type { Library, ModuleSource } from '../../library';
import { easydictSource } from './easydict';
import { flaxModules } from './flax';
import { modelOutputSource } from './modelOutput';
import { fairseqSource, labelSmootherSource, normalDistributionSource } from './sequence';
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
    transformers: {},
    'transformers.utils': { prelude: modelOutputSource },
    'transformers.trainer_pt_utils': { prelude: labelSmootherSource },
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
