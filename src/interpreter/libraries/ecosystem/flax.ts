/** flax, as far as its losses go: its activations are jax's, and `onehot` writes two values. */
import type { ModuleSource } from '../../library';

const onehotSource = `
import jax.numpy as jnp

def onehot(labels, num_classes, on_value=1.0, off_value=0.0):
    hit = jnp.expand_dims(labels, -1) == jnp.arange(num_classes)
    return jnp.where(hit, jnp.array(on_value, dtype=jnp.float32), jnp.array(off_value, dtype=jnp.float32))
`;

/** Modules are made of their fields, and called through `apply`; the layers themselves are not interpreted. */
const moduleSource = `
from dataclasses import dataclass

class Module:
    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        dataclass(cls)

    def init(self, rngs, *args, **kwargs):
        return {'params': {}}

    def apply(self, variables, *args, method=None, **kwargs):
        for name in ('rngs', 'mutable', 'capture_intermediates'):
            kwargs.pop(name, None)
        if hasattr(self, 'setup'):
            self.setup()
        return self(*args, **kwargs) if method is None else method(self, *args, **kwargs)

def compact(function):
    return function
`;

const trainStateSource = `
class TrainState:
    def __init__(self, **fields):
        self.step = 0
        for name, value in fields.items():
            setattr(self, name, value)

    @classmethod
    def create(cls, *, apply_fn, params, tx, **kwargs):
        return cls(apply_fn=apply_fn, params=params, tx=tx, **kwargs)

    def apply_gradients(self, *, grads, **kwargs):
        return self

    def replace(self, **changes):
        return type(self)(**{**vars(self), **changes})
`;

const activations = 'from jax.nn import log_softmax, softmax, sigmoid, one_hot, relu\n';

export const flaxModules: Readonly<Record<string, ModuleSource>> = {
  flax: {},
  'flax.linen': { prelude: activations + moduleSource },
  'flax.nnx': { prelude: activations },
  'flax.training': {},
  'flax.training.train_state': { prelude: trainStateSource },
  'flax.training.common_utils': { prelude: onehotSource },
};
