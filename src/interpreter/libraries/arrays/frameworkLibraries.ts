/** The libraries `mlx`, `paddle`, `mindspore` and `mxnet`, as far as losses are written with them. */
import { type Library, type ModuleSource, operationsIn, type Operation } from '../../library';
import { float, type Value } from '../../value';
import { dtypeValue } from '../numpy/scalars';
import { fillArrayClass } from './arrayClass';
import { type Dialect, mindspore, mlx, mxnet, paddle } from './dialect';
import { mindsporeOperations, mlxOperations, mxnetOperations, paddleOperations } from './frameworks';
import { gluonBlockSource, gluonLossSource } from './gluonSource';
import { mindsporeLossSource, mindsporeNnSource, mindsporePrimitivesSource } from './mindsporeSource';
import { mlxLossSource, mlxNnSource } from './mlxSource';
import { paddleFunctionalSource, paddleNnSource, paddleSource } from './paddleSource';
import { transparentDecorator } from './tensorflow';

const dtypes = { float32: 'float32', float64: 'float64', float16: 'float16', int32: 'int32', int64: 'int64' } as const;
const dtypeMembers = (): Record<string, Value> =>
  Object.fromEntries(Object.entries(dtypes).map(([name, dtype]) => [name, dtypeValue(dtype)]));

interface Framework {
  readonly dialect: Dialect;
  readonly operations: readonly Operation[];
}

function frameworkOf(dialect: Dialect, operations: readonly Operation[]): Framework {
  fillArrayClass(dialect, operations);
  return { dialect, operations };
}

/** A module of a framework: its operations, other values, and what is written in Python. */
function module(
  { operations }: Framework,
  owner: string,
  prelude?: string,
  others: () => Record<string, Value> = () => ({}),
): ModuleSource {
  return {
    members: () => ({ ...Object.fromEntries(operationsIn(operations, owner, false)), ...others() }),
    ...(prelude === undefined ? {} : { prelude }),
  };
}

const mlxFramework = frameworkOf(mlx, mlxOperations);
const paddleFramework = frameworkOf(paddle, paddleOperations);
const mindsporeFramework = frameworkOf(mindspore, mindsporeOperations);
const mxnetFramework = frameworkOf(mxnet, mxnetOperations);

const boolean = (): Record<string, Value> => ({ bool_: dtypeValue('bool') });

export const mlxLibrary: Library = {
  name: 'mlx',
  operations: mlxOperations,
  modules: {
    mlx: {},
    'mlx.core': module(mlxFramework, 'mlx.core', undefined, () => ({
      ...dtypeMembers(),
      ...boolean(),
      array: mlx.arrayClass,
      inf: float(Infinity),
      newaxis: { kind: 'none' },
      compile: transparentDecorator('mx.compile'),
    })),
    'mlx.nn': module(mlxFramework, 'mlx.nn', mlxNnSource),
    'mlx.nn.losses': { prelude: mlxLossSource },
  },
};

export const paddleLibrary: Library = {
  name: 'paddle',
  operations: paddleOperations,
  modules: {
    paddle: module(paddleFramework, 'paddle', paddleSource, () => ({ ...dtypeMembers(), Tensor: paddle.arrayClass })),
    'paddle.nn': { prelude: paddleNnSource },
    'paddle.nn.functional': module(paddleFramework, 'paddle.nn.functional', paddleFunctionalSource),
    'paddle.nn.loss': { sameAs: 'paddle.nn' },
    'paddle.nn.layer': {},
    'paddle.nn.layer.loss': { sameAs: 'paddle.nn' },
  },
};

const mindsporeTypes = (): Record<string, Value> => ({ ...dtypeMembers(), ...boolean() });

export const mindsporeLibrary: Library = {
  name: 'mindspore',
  operations: mindsporeOperations,
  modules: {
    mindspore: module(mindsporeFramework, 'mindspore', undefined, () => ({ ...mindsporeTypes(), Tensor: mindspore.arrayClass })),
    'mindspore.common': {},
    'mindspore.common.dtype': { members: mindsporeTypes },
    'mindspore.dtype': { sameAs: 'mindspore.common.dtype' },
    'mindspore.common.tensor': { prelude: 'from mindspore import Tensor\n' },
    'mindspore.ops': module(
      mindsporeFramework,
      'mindspore.ops',
      'from mindspore.ops.operations import *\nfrom mindspore.ops._losses import cross_entropy, kl_div, nll_loss\n',
    ),
    'mindspore.ops.functional': module(
      mindsporeFramework,
      'mindspore.ops',
      'from mindspore.ops._losses import cross_entropy, kl_div, nll_loss\n',
    ),
    'mindspore.ops.operations': { prelude: mindsporePrimitivesSource },
    'mindspore.ops._losses': { prelude: mindsporeLossSource },
    'mindspore.nn': { prelude: mindsporeNnSource },
    'mindspore.nn.loss': { sameAs: 'mindspore.nn' },
    'mindspore.nn.loss.loss': { sameAs: 'mindspore.nn' },
  },
};

export const mxnetLibrary: Library = {
  name: 'mxnet',
  operations: mxnetOperations,
  modules: {
    mxnet: { prelude: 'import mxnet.ndarray as nd\n' },
    'mxnet.ndarray': module(mxnetFramework, 'mxnet.ndarray', undefined, () => ({ NDArray: mxnet.arrayClass })),
    'mxnet.nd': { sameAs: 'mxnet.ndarray' },
    'mxnet.gluon': { prelude: 'from mxnet.gluon.block import Block, HybridBlock\nimport mxnet.gluon.loss as loss\n' },
    'mxnet.gluon.block': { prelude: gluonBlockSource },
    'mxnet.gluon.nn': { prelude: 'from mxnet.gluon.block import Block, HybridBlock\n' },
    'mxnet.gluon.loss': { prelude: gluonLossSource },
  },
};
