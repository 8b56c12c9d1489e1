/** The libraries `jax` and `optax`. */
import { type Library, operationsIn } from '../../library';
import { float, type Value } from '../../value';
import { dtypeValue } from '../numpy/scalars';
import { fillArrayClass } from './arrayClass';
import { JAX_ARRAY, jax } from './dialect';
import { arrayOperations } from './operations';
import { optaxSource } from './optaxSource';
import { transparentDecorator } from './tensorflow';

fillArrayClass(jax);

const functionsOf = (owner: string): Record<string, Value> => Object.fromEntries(operationsIn(arrayOperations, owner, false));

const dtypes = { float32: 'float32', float16: 'float16', bfloat16: 'bfloat16', int32: 'int32', bool_: 'bool', uint8: 'uint8' } as const;

export const jaxLibrary: Library = {
  name: 'jax',
  operations: arrayOperations.filter((operation) => operation.spellings.some((place) => place.startsWith('jax'))),
  modules: {
    // Compilation and checkpointing change no numbers; grad, vmap and the like are not here and say so.
    jax: {
      members: () => ({ Array: JAX_ARRAY, jit: transparentDecorator('jax.jit'), checkpoint: transparentDecorator('jax.checkpoint') }),
    },
    'jax.numpy': {
      members: () => ({
        ...functionsOf('jax.numpy'),
        ...Object.fromEntries(Object.entries(dtypes).map(([name, dtype]) => [name, dtypeValue(dtype)])),
        ndarray: JAX_ARRAY,
        newaxis: { kind: 'none' },
        inf: float(Infinity),
        nan: float(NaN),
        pi: float(Math.PI),
        e: float(Math.E),
      }),
    },
    'jax.nn': { members: () => functionsOf('jax.nn') },
    'jax.lax': { members: () => functionsOf('jax.lax') },
    'jax.scipy': {},
    'jax.scipy.special': { members: () => functionsOf('jax.scipy.special') },
  },
};

export const optaxLibrary: Library = {
  name: 'optax',
  operations: [],
  modules: { optax: { prelude: optaxSource }, 'optax.losses': { prelude: 'from optax import *\n' } },
};
