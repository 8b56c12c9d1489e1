/** optax's losses, written from their documented formulas, in the Python that this interpreter runs. */
export const optaxSource = `
import jax
import jax.numpy as jnp

def smooth_labels(labels, alpha):
    classes = labels.shape[-1]
    return (1.0 - alpha) * labels + alpha / classes

def softmax_cross_entropy(logits, labels, axis=-1, where=None):
    return -jnp.sum(labels * jax.nn.log_softmax(logits, axis=axis), axis=axis)

def softmax_cross_entropy_with_integer_labels(logits, labels, axis=-1, where=None):
    log_probabilities = jax.nn.log_softmax(logits, axis=axis)
    picked = jnp.take_along_axis(log_probabilities, jnp.expand_dims(labels, axis), axis=axis)
    return -jnp.squeeze(picked, axis=axis)

def sigmoid_binary_cross_entropy(logits, labels):
    return -labels * jax.nn.log_sigmoid(logits) - (1.0 - labels) * jax.nn.log_sigmoid(-logits)

def kl_divergence(log_predictions, targets, axis=-1, where=None):
    logs = jnp.where(targets == 0, 0.0, jnp.log(jnp.where(targets == 0, 1.0, targets)))
    return jnp.sum(targets * (logs - log_predictions), axis=axis)

def kl_divergence_with_log_targets(log_predictions, log_targets, axis=-1, where=None):
    return jnp.sum(jnp.exp(log_targets) * (log_targets - log_predictions), axis=axis)

def convex_kl_divergence(log_predictions, targets, axis=-1, where=None):
    return kl_divergence(log_predictions, targets, axis) + jnp.sum(jnp.exp(log_predictions) - targets, axis=axis)

def l2_loss(predictions, targets=None):
    errors = predictions - targets if targets is not None else predictions
    return 0.5 * jnp.square(errors)

def squared_error(predictions, targets=None):
    errors = predictions - targets if targets is not None else predictions
    return jnp.square(errors)
`;
