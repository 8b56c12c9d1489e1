/** flax, as far as its losses go: its activations are jax's, and `onehot` writes two values. */
import type { ModuleSource } from '../../library';

const onehotSource = `
import jax.numpy as jnp

def onehot(labels, num_classes, on_value=1.0, off_value=0.0):
    hit = jnp.expand_dims(labels, -1) == jnp.arange(num_classes)
    return jnp.where(hit, jnp.array(on_value, dtype=jnp.float32), jnp.array(off_value, dtype=jnp.float32))
`;

const activations = 'from jax.nn import log_softmax, softmax, sigmoid, one_hot, relu\n';

export const flaxModules: Readonly<Record<string, ModuleSource>> = {
  flax: {},
  'flax.linen': { prelude: activations },
  'flax.nnx': { prelude: activations },
  'flax.training': {},
  'flax.training.common_utils': { prelude: onehotSource },
};
