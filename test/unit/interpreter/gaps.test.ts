/** What is not interpreted says so; only what the real language or library refuses too is the person's exception. */
import assert from 'node:assert/strict';
import { outputOf } from '../javascript/run';
import { evaluate } from '../libraries/evaluate';

const imports = `
import functools
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import jax.numpy as jnp
import tensorflow as tf
import shelf
from shelf.names import LABEL, Block, jit, settings

class Head(nn.Module):
    pass

def twice(value):
    return [value, value]

def refusing(value, other):
    raise TypeError('not so')
`;

const python: readonly (readonly [string, string])[] = [
  // built-in types and names
  ["'ab'.isprintable()", '!Unsupported: str.isprintable'],
  ["'ab'.isprint()", '!AttributeError'],
  ['(3).bit_count() if hasattr(3, "bits") else 3', '3'],
  ['(lambda: 1).__code__', '!Unsupported: function.__code__'],
  ['(lambda: 1).code', '!AttributeError'],
  ['bytearray(3)', '!Unsupported: bytearray'],
  ['bytearrays(3)', '!NameError'],
  ['Head().share_memory()', '!Unsupported: torch.nn.Module.share_memory'],
  ['Head().share()', '!AttributeError'],
  // an error of a library about what is unknown
  ["'label ' + LABEL", '!Unsupported: shelf.names.LABEL'],
  ["'label ' + 3", '!TypeError'],
  ['torch.tensor(settings.weights)', '!Unsupported: shelf.names.settings.weights'],
  ['torch.tensor([1.0, settings.weight])', '!Unsupported: shelf.names.settings.weight'],
  ['torch.tensor(object())', '!RuntimeError'],
  ['nn.Sequential(nn.Linear(2, 3), Block)', '!Unsupported: shelf.names.Block'],
  ['nn.Sequential(nn.Linear(2, 3), object())', '!TypeError'],
  ['functools.partial(jit, 3)', '!Unsupported: shelf.names.jit'],
  ['functools.partial(3)', '!TypeError'],
  // what the person's own code refuses stays its own
  ['refusing(LABEL, 3)', '!TypeError'],
  ['refusing(LABEL)', '!TypeError'],
  ['list(map(refusing, [LABEL], [1]))', '!TypeError'],
  ['len(twice(LABEL))', '2'],
  // decorators that a library makes of something unknown are left out
  ['@functools.partial(jit, n=1)\ndef f(x):\n    return x + 1\nf(2)', '3'],
  // a value that only got a way is still itself
  [
    'import argparse\np = argparse.ArgumentParser()\np.add_argument("--limit", type=float, default=None)\np.add_argument("--on", default=True)\na = p.parse_args([])\na.limit is None, a.limit is not None, a.on is True',
    '(True, False, True)',
  ],
  // what many losses ask of their libraries
  ["[F._Reduction.get_enum(name) for name in ('none', 'mean', 'sum')]", '[0, 1, 2]'],
  ["F._Reduction.get_enum('all')", '!ValueError'],
  ["F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 1]), reduction='elementwise_mean')", 'tensor(1.0986)'],
  ["F.cross_entropy(torch.ones(2, 3), torch.tensor([0, 1]), reduction='elements')", '!ValueError'],
  ["nn.KLDivLoss(reduction='elementwise_mean')(torch.zeros(2, 2), torch.ones(2, 2))", 'tensor(0.)'],
  ["nn.SmoothL1Loss(reduction='elementwise_mean')(torch.zeros(2), torch.ones(2))", 'tensor(0.5000)'],
  ['jnp.size(jnp.ones((4, 5))), jnp.size(jnp.ones((4, 5)), 1), jnp.size(jnp.ones((4, 5)), axis=0)', '(20, 5, 4)'],
  ['jnp.size(jnp.ones((4, 5)), 2)', '!ValueError'],
  ['jnp.take_along_axis(jnp.ones((4, 5)), jnp.zeros((4,)), axis=1)', '!ValueError'],
  ['np.take_along_axis(np.ones((4, 5)), np.zeros((4,), dtype=int), axis=1)', '!ValueError'],
  ['x = tf.ones((4, 5))\nx.shape.as_list(), x.get_shape().as_list()[-1], x.shape[-1], x.shape.rank', '([4, 5], 5, 5, 2)'],
  [
    'x = tf.ones((4, 5))\nx.shape[1:].as_list(), x.shape[:-1] + [7], str(x.shape), x.shape == (4, 5)',
    "([5], TensorShape([4, 7]), '(4, 5)', True)",
  ],
  ['x = tf.ones((4, 6))\ntf.reshape(x, x.shape[:-1] + [2, 3]).shape.num_elements()', '24'],
  ['tf.ones((4, 5)).shape.dims', '!Unsupported: tensorflow.TensorShape.dims'],
];

const typescript: readonly (readonly [string, string])[] = [
  ['console.log(Date.now())', 'Unsupported: Date'],
  ['console.log(Dated.now())', 'ReferenceError: Dated is not defined'],
  ['console.log(typeof window, typeof Dated, typeof document === "undefined")', 'undefined undefined true'],
  ['console.log(typeof Date)', 'Unsupported: Date'],
  ['console.log(Math.clz32(1))', 'Unsupported: Math.clz32'],
  ['console.log(Math.clzz, Math.max(1, 2))', 'undefined 2'],
  ['console.log(Object.getOwnPropertyNames({}))', 'Unsupported: Object.getOwnPropertyNames'],
  ['console.log(Object.grouped)', 'undefined'],
  [
    `const c = JSON.parse('{"eps": 0.2, "names": ["a", null], "on": true}'); console.log(c.eps * 2, c.names, c.on)`,
    "0.4 [ 'a', null ] true",
  ],
  [`try { JSON.parse('{eps}'); } catch (error) { console.log(error.name); }`, 'SyntaxError'],
  ['console.log(JSON.parse(JSON.stringify({ a: [1, { b: 2 }] })).a[1].b)', '2'],
];

describe('gaps of the interpreter', () => {
  for (const [code, expected] of python)
    it(code, () => {
      assert.equal(evaluate(code, imports).text, expected);
    });
  for (const [code, expected] of typescript)
    it(code, () => {
      assert.equal(outputOf(code), expected);
    });
});
