/**
 * The parts of torch that steer a run rather than compute: gradient modes, devices, compilation, distribution. Gradient modes act; the rest is
 * accepted, because on one machine without accelerator it changes no number, and noted where a person might expect more.
 */

/** Names of `torch` itself, beside its operations. */
export const gradientModes = `
import functools

class _GradientMode:
    def __new__(cls, orig_func=None):
        made = object.__new__(cls)
        return made if orig_func is None else made(orig_func)

    def _mode(self):
        return False

    def __enter__(self):
        self.prev = is_grad_enabled()
        _set_grad_enabled(self._mode())
        return self

    def __exit__(self, kind, value, traceback):
        _set_grad_enabled(self.prev)

    def __call__(self, function):
        @functools.wraps(function)
        def in_mode(*args, **kwargs):
            before = is_grad_enabled()
            _set_grad_enabled(self._mode())
            try:
                return function(*args, **kwargs)
            finally:
                _set_grad_enabled(before)
        return in_mode

class no_grad(_GradientMode):
    pass

class enable_grad(_GradientMode):
    def _mode(self):
        return True

class inference_mode(_GradientMode):
    def __new__(cls, mode=True):
        made = object.__new__(cls)
        made.mode = True if callable(mode) else mode
        return made(mode) if callable(mode) else made

    def _mode(self):
        return not self.mode

class set_grad_enabled(_GradientMode):
    def __new__(cls, mode):
        made = object.__new__(cls)
        made.mode = not not mode
        made.prev = is_grad_enabled()
        _set_grad_enabled(made.mode)
        return made

    def _mode(self):
        return self.mode

    def __enter__(self):
        _set_grad_enabled(self.mode)
        return self

class autocast:
    def __init__(self, device_type='cpu', dtype=None, enabled=True, cache_enabled=None):
        self.enabled = enabled

    def __enter__(self):
        if self.enabled:
            _note('autocast is accepted and ignored: everything is computed in its own precision')
        return self

    def __exit__(self, kind, value, traceback):
        pass

    def __call__(self, function):
        return function

def set_printoptions(precision=None, threshold=None, edgeitems=None, linewidth=None, profile=None, sci_mode=None):
    _note('torch.set_printoptions is accepted and ignored: tensors are printed as by default')

def set_num_threads(count):
    pass

def use_deterministic_algorithms(mode, *, warn_only=False):
    pass

def set_float32_matmul_precision(precision):
    pass

def compile(model=None, **options):
    return (lambda function: function) if model is None else model
`;

/** \`torch.autograd\` beside \`grad\`, \`backward\` and \`Variable\`. */
export const autogradSource = `
import torch

class _FunctionContext:
    def __init__(self):
        self.saved_tensors = ()
        self.needs_input_grad = ()
        self.materialize_grads = True

    def save_for_backward(self, *tensors):
        for tensor in tensors:
            if tensor is not None and not isinstance(tensor, torch.Tensor):
                raise TypeError(f'save_for_backward can only save variables, but argument {tensors.index(tensor)} is of type {type(tensor).__name__}')
        self.saved_tensors = tensors

    def save_for_forward(self, *tensors):
        pass

    def mark_dirty(self, *tensors):
        pass

    def mark_non_differentiable(self, *tensors):
        pass

    def set_materialize_grads(self, value):
        self.materialize_grads = value

    @property
    def saved_variables(self):
        return self.saved_tensors

class Function:
    @staticmethod
    def forward(*args, **kwargs):
        raise NotImplementedError('You must implement the forward function for custom autograd.Function.')

    @staticmethod
    def backward(ctx, *grad_outputs):
        raise NotImplementedError('You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.')

    @staticmethod
    def setup_context(ctx, inputs, output):
        raise NotImplementedError('setup_context is not implemented.')

    @classmethod
    def apply(cls, *args, **kwargs):
        return torch._apply_function(cls, _FunctionContext(), args, kwargs, cls.setup_context is not Function.setup_context, cls.backward if 'vjp' not in cls.__dict__ else cls.vjp)

class _Anomaly:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        pass

detect_anomaly = _Anomaly
set_detect_anomaly = _Anomaly
`;

export const cudaSource = `
def is_available():
    return False

def device_count():
    return 0

def is_initialized():
    return False

def manual_seed(seed):
    pass

def manual_seed_all(seed):
    pass

def seed_all():
    pass

def empty_cache():
    pass

def synchronize(device=None):
    pass

def memory_allocated(device=None):
    return 0

def max_memory_allocated(device=None):
    return 0

def reset_peak_memory_stats(device=None):
    pass

def is_bf16_supported():
    return False

def current_device():
    raise RuntimeError('No CUDA GPUs are available')

def get_device_name(device=None):
    raise RuntimeError('No CUDA GPUs are available')

def set_device(device):
    raise RuntimeError('No CUDA GPUs are available')
`;

export const ampSource = `
from torch import autocast

def custom_fwd(fwd=None, *, device_type=None, cast_inputs=None):
    return (lambda function: function) if fwd is None else fwd

def custom_bwd(bwd=None, *, device_type=None):
    return (lambda function: function) if bwd is None else bwd

class GradScaler:
    def __init__(self, *args, **kwargs):
        pass

    def scale(self, loss):
        return loss

    def step(self, optimizer, *args):
        return optimizer.step(*args)

    def update(self, new_scale=None):
        pass

    def unscale_(self, optimizer):
        pass

    def get_scale(self):
        return 1.0
`;

export const jitSource = `
def _same(function=None, *args, **kwargs):
    return (lambda inner: inner) if function is None else function

script = _same
script_method = _same
ignore = _same
unused = _same
export = _same
script_if_tracing = _same

def trace(function, example_inputs=None, **options):
    return function

def is_scripting():
    return False

def is_tracing():
    return False
`;

export const distributedSource = `
def is_available():
    return False

def is_initialized():
    return False

def get_rank(group=None):
    return 0

def get_world_size(group=None):
    return 1

def barrier(*args, **kwargs):
    pass
`;

export const backendsSource = `
class _Switches:
    enabled = True
    benchmark = False
    deterministic = False
    allow_tf32 = False

    def is_available(self):
        return False

    def is_built(self):
        return False

cudnn = _Switches()
mps = _Switches()
cuda = _Switches()
`;
