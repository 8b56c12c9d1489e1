/** The library `torch`: its modules, and the operations in their places. */
import { type Library, method, type ModuleSource, operationsIn, type Operation } from '../../library';
import { float, NONE, type Value } from '../../value';
import { agreementOperations, comparisonOperations } from './comparison';
import { ampSource, autogradSource, backendsSource, cudaSource, distributedSource, gradientModes, jitSource } from './accepted';
import { STRIDED, tensorAttributes } from './attributes';
import { autogradMembers, autogradOperations, gradientHelpers, parameterNew } from './autograd';
import { composedModule, composedOperations, composedSource } from './composed';
import { conversionOperations, legacyClasses, legacyNew, numberLimits } from './conversion';
import { creationOperations } from './creation';
import { distributionsSource } from './distributions';
import { elementwiseOperations } from './elementwise';
import { inPlaceOf, withInplaceFlag, writeOperations } from './inplace';
import { indexingMethods, indexingOperations, indexingWrites } from './indexing';
import { lossOperations } from './losses';
import { matmulOperations } from './matmul';
import { MODULE_ATTRIBUTES } from './nn/attributes';
import { functionalSource } from './nn/composed';
import { reductionSource } from './nn/reduction';
import { initSource } from './nn/init';
import { layerSource } from './nn/layers';
import { lossSource } from './nn/losses';
import { moduleSource } from './nn/module';
import { clipSource, rnnSource } from './nn/utils';
import { dataSource } from './data';
import { tensorOperators } from './operators';
import { optimSource } from './optim';
import { randomMembers, randomOperations } from './random';
import { reductionOperations } from './reductions';
import { shapeOperations } from './shapes';
import { isPrivateName, isRealTorchName, realFunctionalNames, realNnNames, realTensorNames } from './names';
import { softmaxOperations } from './softmax';
import { testingSource } from './testing';
import { DEVICE, dtypeNames, dtypeValue, PARAMETER, SIZE, TENSOR } from './tensors';

const elementwise = elementwiseOperations.map(withInplaceFlag);
const written = [...elementwise, ...comparisonOperations, ...indexingWrites].flatMap((operation) => inPlaceOf(operation) ?? []);

export const torchOperations: readonly Operation[] = [
  ...creationOperations,
  ...shapeOperations,
  ...elementwise,
  ...comparisonOperations,
  ...agreementOperations,
  ...reductionOperations,
  ...softmaxOperations,
  ...indexingOperations,
  ...indexingWrites,
  ...matmulOperations,
  ...lossOperations,
  ...composedOperations,
  ...randomOperations,
  ...conversionOperations,
  ...autogradOperations,
  ...writeOperations,
  ...written,
];

for (const [name, value] of [
  ...operationsIn(torchOperations, 'torch.Tensor', true),
  ...tensorAttributes,
  ...tensorOperators,
  ...indexingMethods,
]) {
  TENSOR.namespace.set(name, value);
}
TENSOR.namespace.set('__new__', legacyNew('float32'));
TENSOR.namespace.set(
  '__getattr__',
  method('Tensor.__getattr__', 'self, name', (context, args) => {
    const name = args.string('name');
    const type = context.typeOf(args.value('self')).name;
    if (realTensorNames.has(name)) return context.unsupported(`torch.Tensor.${name}`);
    return context.raise('AttributeError', `'${type}' object has no attribute '${name}'`);
  }),
);
PARAMETER.namespace.set('__new__', parameterNew);

const functionsOf = (owner: string): Record<string, Value> => Object.fromEntries(operationsIn(torchOperations, owner, false));

const pick = (all: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> =>
  Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));

const constants: Readonly<Record<string, Value>> = {
  pi: float(Math.PI),
  e: float(Math.E),
  inf: float(Infinity),
  nan: float(NaN),
  newaxis: NONE,
  strided: STRIDED,
  __version__: { kind: 'str', value: '2.13.0', class: null, attributes: null },
};

const torchMembers = (): Record<string, Value> => ({
  ...functionsOf('torch'),
  ...Object.fromEntries(Object.entries(dtypeNames).map(([name, dtype]) => [name, dtypeValue(dtype)])),
  ...legacyClasses,
  ...numberLimits,
  ...constants,
  ...gradientHelpers,
  ...randomMembers,
  Tensor: TENSOR,
  Size: SIZE,
  device: DEVICE,
  contiguous_format: STRIDED,
  channels_last: STRIDED,
  preserve_format: STRIDED,
});

/** `torch.nn.modules.loss` and its kin show the classes that torch.nn has. */
const nnClasses = ['module', 'loss', 'activation', 'linear', 'container', 'dropout', 'sparse', 'normalization', 'distance', 'flatten'];

const allOfNn =
  'from torch.nn.modules.module import *\nfrom torch.nn.modules.loss import *\nfrom torch.nn.modules.loss import _Loss, _WeightedLoss\nfrom torch.nn.modules.layers import *\n';

const modules: Record<string, ModuleSource> = {
  torch: { members: torchMembers, prelude: gradientModes, isRealName: (name) => isRealTorchName(name) || `torch.${name}` in modules },
  'torch.nn': {
    members: () => ({ Parameter: PARAMETER, _ModuleAttributes: MODULE_ATTRIBUTES }),
    prelude: allOfNn,
    isRealName: (name) => realNnNames.has(name) || isPrivateName(name) || `torch.nn.${name}` in modules,
  },
  'torch.nn.functional': {
    members: () => functionsOf('torch.nn.functional'),
    prelude: functionalSource,
    isRealName: (name) => realFunctionalNames.has(name) || isPrivateName(name),
  },
  'torch.nn._reduction': { prelude: reductionSource },
  [composedModule]: { prelude: composedSource },
  'torch.random': { members: () => pick(functionsOf('torch'), ['manual_seed', 'seed', 'initial_seed']) },
  'torch.nn.init': { prelude: initSource },
  'torch.nn.parameter': { members: () => ({ Parameter: PARAMETER }) },
  'torch.nn.modules': { prelude: allOfNn },
  'torch.nn.modules.module': { members: () => ({ _ModuleAttributes: MODULE_ATTRIBUTES }), prelude: moduleSource },
  'torch.nn.modules.loss': { prelude: lossSource },
  'torch.nn.modules.layers': { prelude: layerSource },
  'torch.autograd': { members: () => autogradMembers, prelude: autogradSource },
  'torch.autograd.function': { prelude: 'from torch.autograd import Function\n' },
  'torch.autograd.variable': { members: () => ({ Variable: autogradMembers['Variable']! }) },
  'torch.cuda': { members: () => legacyClasses, prelude: cudaSource },
  'torch.cuda.amp': { prelude: ampSource },
  'torch.amp': { prelude: ampSource },
  'torch.jit': { prelude: jitSource },
  'torch.distributions': { prelude: distributionsSource },
  'torch.distributions.categorical': { sameAs: 'torch.distributions' },
  'torch.distributions.normal': { sameAs: 'torch.distributions' },
  'torch.distributions.bernoulli': { sameAs: 'torch.distributions' },
  'torch.distributions.kl': { sameAs: 'torch.distributions' },
  'torch.nn.utils': { prelude: clipSource },
  'torch.nn.utils.clip_grad': { sameAs: 'torch.nn.utils' },
  'torch.nn.utils.rnn': { prelude: rnnSource },
  'torch.utils': {},
  'torch.utils.data': { prelude: dataSource },
  'torch.utils.data.dataset': { sameAs: 'torch.utils.data' },
  'torch.utils.data.dataloader': { sameAs: 'torch.utils.data' },
  'torch.utils.data.sampler': { sameAs: 'torch.utils.data' },
  'torch.utils.data.distributed': { sameAs: 'torch.utils.data' },
  'torch.optim': { prelude: optimSource },
  'torch.distributed': { prelude: distributedSource },
  'torch.backends': { prelude: backendsSource },
  'torch.testing': { prelude: testingSource },
  'torch.special': { members: () => functionsOf('torch.special') },
  'torch.linalg': { members: () => functionsOf('torch.linalg') },
};
for (const name of nnClasses) modules[`torch.nn.modules.${name}`] ??= { sameAs: 'torch.nn.modules' };

export const torchLibrary: Library = { name: 'torch', operations: torchOperations, modules };
