/** The libraries `tensorflow` and `keras`. */
import type { Context } from '../../context';
import { type Library, type ModuleSource, native, operationsIn } from '../../library';
import { isCallable, type Value } from '../../value';
import { dtypeValue } from '../numpy/scalars';
import { fillArrayClass } from './arrayClass';
import { INVALID_ARGUMENT, TENSORFLOW_TENSOR, tensorflow } from './dialect';
import {
  kerasBackendSource,
  kerasLossSource,
  tensorflowNnSource,
  tensorflowSource,
  tensorflowV1NamesSource,
  tensorflowV1Source,
} from './kerasSource';
import { arrayOperations } from './operations';
import { TENSOR_SHAPE } from './tensorShape';

fillArrayClass(tensorflow);

const functionsOf = (owner: string): Record<string, Value> => Object.fromEntries(operationsIn(arrayOperations, owner, false));

const dtypes = {
  float32: 'float32',
  float64: 'float64',
  float16: 'float16',
  bfloat16: 'bfloat16',
  int32: 'int32',
  int64: 'int64',
  bool: 'bool',
  uint8: 'uint8',
} as const;

/** A decorator that changes nothing here: `@tf.function`, `@tf.function(jit_compile=True)`, `@keras.saving.register_keras_serializable()`. */
export const transparentDecorator = (name: string): Value =>
  native(name, '*args, **options', (_, args) => {
    const [only] = args.rest;
    return only !== undefined && (isCallable(only) || only.kind === 'unknown')
      ? only
      : native(`${name}()`, 'target', (_context: Context, inner) => inner.value('target'));
  });

const module = (owner: string, prelude?: string): ModuleSource => ({
  members: () => functionsOf(owner),
  ...(prelude === undefined ? {} : { prelude }),
});

const kerasModules = (root: string): Record<string, ModuleSource> => ({
  [`${root}.losses`]: { prelude: 'from keras.losses import *\nfrom keras.losses import _binary, _as_float\n' },
  [`${root}.backend`]: { prelude: 'from keras.backend import *\n' },
  [`${root}.ops`]: { prelude: 'from keras.ops import *\n' },
  [`${root}.activations`]: { prelude: 'from keras.activations import *\n' },
  [`${root}.utils`]: { prelude: 'from keras.utils import *\n' },
});

const utilsSource = `
import tensorflow as tf

def to_categorical(x, num_classes=None):
    x = tf.cast(tf.convert_to_tensor(x), 'int32')
    if num_classes is None:
        num_classes = int(tf.reduce_max(x)) + 1
    return tf.one_hot(x, num_classes).numpy()
`;

const serializable = transparentDecorator('register_keras_serializable');

export const tensorflowLibrary: Library = {
  name: 'tensorflow',
  operations: arrayOperations.filter((operation) => operation.spellings.some((place) => place.startsWith('tensorflow'))),
  modules: {
    tensorflow: {
      members: () => ({
        ...functionsOf('tensorflow'),
        ...Object.fromEntries(Object.entries(dtypes).map(([name, dtype]) => [name, dtypeValue(dtype)])),
        Tensor: TENSORFLOW_TENSOR,
        TensorShape: TENSOR_SHAPE,
        function: transparentDecorator('tf.function'),
        newaxis: { kind: 'none' },
      }),
      prelude: tensorflowSource,
    },
    'tensorflow.autograph': {},
    'tensorflow.autograph.experimental': {
      members: () => ({ do_not_convert: transparentDecorator('tf.autograph.experimental.do_not_convert') }),
    },
    'tensorflow.math': module('tensorflow.math'),
    'tensorflow.nn': module('tensorflow.nn', tensorflowNnSource),
    'tensorflow.linalg': module('tensorflow.linalg'),
    'tensorflow.errors': { members: () => ({ InvalidArgumentError: INVALID_ARGUMENT }) },
    'tensorflow.compat': {},
    'tensorflow.compat.v1': { prelude: tensorflowV1NamesSource },
    'tensorflow.compat.v1.losses': { prelude: tensorflowV1Source },
    'tensorflow.losses': { prelude: 'from tensorflow.compat.v1.losses import *\n' },
    'tensorflow.keras': { prelude: 'from keras import losses, backend, ops, activations, utils\n' },
    ...kerasModules('tensorflow.keras'),
    'tensorflow.python.keras.losses': { sameAs: 'tensorflow.keras.losses' },
    'tensorflow.keras.saving': { members: () => ({ register_keras_serializable: serializable }) },
  },
};

export const kerasLibrary: Library = {
  name: 'keras',
  operations: arrayOperations.filter((operation) => operation.spellings.every((place) => place.startsWith('keras'))),
  modules: {
    keras: {},
    'keras.losses': { prelude: kerasLossSource },
    'keras.backend': module('keras.backend', kerasBackendSource),
    'keras.ops': module(
      'keras.ops',
      'from keras.losses import categorical_crossentropy, sparse_categorical_crossentropy, binary_crossentropy\n',
    ),
    'keras.activations': module('keras.activations'),
    'keras.utils': { members: () => ({ register_keras_serializable: serializable }), prelude: utilsSource },
    'keras.saving': { members: () => ({ register_keras_serializable: serializable }) },
  },
};
