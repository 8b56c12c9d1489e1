/** The families, the more particular first: of two that explain a loss equally well, the earlier is told. */
import { adversarial } from './adversarial';
import { binary } from './binary';
import { boxes } from './boxes';
import { contrastive } from './contrastive';
import { distillation } from './distillation';
import type { Family } from './family';
import { focal } from './focal';
import { languageModel } from './languageModel';
import { marginSoftmax } from './marginSoftmax';
import { metric } from './metric';
import { overlap } from './overlap';
import { policyGradient } from './policyGradient';
import { preference } from './preference';
import { regression } from './regression';
import { robustClassification } from './robustClassification';
import { variational } from './variational';

export const families: readonly Family[] = [
  focal,
  regression,
  binary,
  overlap,
  distillation,
  languageModel,
  contrastive,
  metric,
  variational,
  preference,
  policyGradient,
  boxes,
  marginSoftmax,
  robustClassification,
  adversarial,
];
