/**
 * nn.Module and its containers, in Python that the interpreter itself runs, so that a person's class inherits from them as from any other
 * class. How attributes are kept is native (attributes.ts).
 */
export const moduleSource = `
import torch
from torch.nn import _ModuleAttributes
from collections import OrderedDict

class Module:
    __init__ = _ModuleAttributes.__init__
    __setattr__ = _ModuleAttributes.__setattr__
    __getattr__ = _ModuleAttributes.__getattr__
    __delattr__ = _ModuleAttributes.__delattr__
    _ready = _ModuleAttributes._ready

    def __call__(self, *args, **kwargs):
        if not self._ready():
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '_backward_hooks'")
        for hook in self._forward_pre_hooks:
            changed = hook(self, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        result = self.forward(*args, **kwargs)
        for hook in self._forward_hooks:
            changed = hook(self, args, result)
            if changed is not None:
                result = changed
        return result

    def forward(self, *args, **kwargs):
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def register_buffer(self, name, tensor, persistent=True):
        if not self._ready():
            raise AttributeError('cannot assign buffer before Module.__init__() call')
        if not isinstance(name, str):
            raise TypeError(f'buffer name should be a string. Got {torch.typename(name)}')
        if '.' in name:
            raise KeyError('buffer name can\\'t contain "."')
        if name == '':
            raise KeyError('buffer name can\\'t be empty string ""')
        if name not in self._buffers and hasattr(self, name):
            raise KeyError(f"attribute '{name}' already exists")
        if tensor is not None and not isinstance(tensor, torch.Tensor):
            raise TypeError(f"cannot assign '{torch.typename(tensor)}' object to buffer '{name}' (torch Tensor or None required)")
        self._buffers[name] = tensor
        if persistent and name in self._transient_buffers:
            self._transient_buffers.remove(name)
        elif not persistent and name not in self._transient_buffers:
            self._transient_buffers.append(name)

    def register_parameter(self, name, param):
        if not self._ready():
            raise AttributeError('cannot assign parameter before Module.__init__() call')
        if hasattr(self, name) and name not in self._parameters:
            raise KeyError(f"attribute '{name}' already exists")
        if param is not None and not isinstance(param, torch.nn.Parameter):
            raise TypeError(f"cannot assign '{torch.typename(param)}' object to parameter '{name}' (torch.nn.Parameter or None required)")
        self._parameters[name] = param

    def add_module(self, name, module):
        if not isinstance(module, Module) and module is not None:
            raise TypeError(f'{torch.typename(module)} is not a Module subclass')
        if hasattr(self, name) and name not in self._modules:
            raise KeyError(f"attribute '{name}' already exists")
        self._modules[name] = module

    def register_module(self, name, module):
        self.add_module(name, module)

    def register_forward_hook(self, hook):
        self._forward_hooks.append(hook)

    def register_forward_pre_hook(self, hook):
        self._forward_pre_hooks.append(hook)

    def named_modules(self, memo=None, prefix='', remove_duplicate=True):
        seen = [] if memo is None else memo
        if not any(self is other for other in seen):
            seen.append(self)
            yield prefix, self
            for name, child in self._modules.items():
                if child is not None:
                    yield from child.named_modules(seen, f'{prefix}.{name}' if prefix else name)

    def modules(self):
        for _, module in self.named_modules():
            yield module

    def named_children(self):
        seen = []
        for name, child in self._modules.items():
            if child is not None and not any(child is other for other in seen):
                seen.append(child)
                yield name, child

    def children(self):
        for _, child in self.named_children():
            yield child

    def _named_members(self, store, prefix, recurse):
        seen = []
        for path, module in (self.named_modules(prefix=prefix) if recurse else [(prefix, self)]):
            for name, value in getattr(module, store).items():
                if value is not None and not any(value is other for other in seen):
                    seen.append(value)
                    yield (f'{path}.{name}' if path else name), value

    def named_parameters(self, prefix='', recurse=True, remove_duplicate=True):
        yield from self._named_members('_parameters', prefix, recurse)

    def parameters(self, recurse=True):
        for _, value in self.named_parameters(recurse=recurse):
            yield value

    def named_buffers(self, prefix='', recurse=True, remove_duplicate=True):
        yield from self._named_members('_buffers', prefix, recurse)

    def buffers(self, recurse=True):
        for _, value in self.named_buffers(recurse=recurse):
            yield value

    def get_buffer(self, target):
        return self._reach(target)

    def get_parameter(self, target):
        return self._reach(target)

    def get_submodule(self, target):
        return self if target == '' else self._reach(target)

    def _reach(self, target):
        value = self
        for name in target.split('.'):
            value = getattr(value, name)
        return value

    def train(self, mode=True):
        if not isinstance(mode, bool):
            raise ValueError('training mode is expected to be boolean')
        self.training = mode
        for child in self.children():
            child.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none=True):
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad.zero_()

    def apply(self, fn):
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def _apply(self, convert):
        for child in self.children():
            child._apply(convert)
        for name, parameter in list(self._parameters.items()):
            if parameter is not None:
                converted = convert(parameter.data)
                if converted.dtype == parameter.dtype:
                    parameter.data = converted
                else:
                    self._parameters[name] = torch.nn.Parameter(converted, requires_grad=parameter.requires_grad)
        for name, value in list(self._buffers.items()):
            if value is not None:
                self._buffers[name] = convert(value)
        return self

    def to(self, *args, **kwargs):
        def convert(tensor):
            if tensor.is_floating_point():
                return tensor.to(*args, **kwargs)
            places = [a for a in args if isinstance(a, (str, torch.device))]
            return tensor.to(*places) if places else tensor
        return self._apply(convert)

    def cuda(self, device=None):
        return self._apply(lambda tensor: tensor.cuda(device))

    def cpu(self):
        return self

    def float(self):
        return self._apply(lambda tensor: tensor.float() if tensor.is_floating_point() else tensor)

    def double(self):
        return self._apply(lambda tensor: tensor.double() if tensor.is_floating_point() else tensor)

    def half(self):
        return self._apply(lambda tensor: tensor.half() if tensor.is_floating_point() else tensor)

    def bfloat16(self):
        return self._apply(lambda tensor: tensor.bfloat16() if tensor.is_floating_point() else tensor)

    def type(self, dst_type):
        return self._apply(lambda tensor: tensor.type(dst_type))

    def state_dict(self, prefix='', keep_vars=False):
        state = OrderedDict()
        for path, module in self.named_modules():
            at = prefix + (path + '.' if path else '')
            for name, value in module._parameters.items():
                if value is not None:
                    state[at + name] = value if keep_vars else value.detach()
            for name, value in module._buffers.items():
                if value is not None and name not in module._transient_buffers:
                    state[at + name] = value if keep_vars else value.detach()
        return state

    def load_state_dict(self, state_dict, strict=True, assign=False):
        own = self.state_dict(keep_vars=True)
        missing = [key for key in own if key not in state_dict]
        unexpected = [key for key in state_dict if key not in own]
        if strict and (missing or unexpected):
            raise RuntimeError(f'Error(s) in loading state_dict for {type(self).__name__}: missing {missing}, unexpected {unexpected}')
        with torch.no_grad():
            for key, value in own.items():
                if key in state_dict:
                    value.copy_(state_dict[key])
        return (missing, unexpected)

    def extra_repr(self):
        return ''

    def _get_name(self):
        return type(self).__name__

    def __repr__(self):
        extra = self.extra_repr()
        extra_lines = extra.split('\\n') if extra else []
        child_lines = []
        for name, child in self._modules.items():
            child_lines.append(f'({name}): ' + repr(child).replace('\\n', '\\n  '))
        lines = extra_lines + child_lines
        if not lines:
            return self._get_name() + '()'
        if len(extra_lines) == 1 and not child_lines:
            return self._get_name() + '(' + extra_lines[0] + ')'
        return self._get_name() + '(\\n  ' + '\\n  '.join(lines) + '\\n)'

class Sequential(Module):
    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], dict):
            for name, module in args[0].items():
                self.add_module(name, module)
        else:
            for position, module in enumerate(args):
                self.add_module(str(position), module)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(*list(self._modules.values())[index])
        return list(self._modules.values())[index]

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def append(self, module):
        self.add_module(str(len(self)), module)
        return self

    def forward(self, input):
        for module in self:
            input = module(input)
        return input

class ModuleList(Module):
    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.extend(modules)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(list(self._modules.values())[index])
        return list(self._modules.values())[index]

    def __setitem__(self, index, module):
        self._modules[list(self._modules.keys())[index]] = module

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def append(self, module):
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules):
        for module in modules:
            self.append(module)
        return self

class ModuleDict(Module):
    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key):
        return self._modules[key]

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules)

    def __contains__(self, key):
        return key in self._modules

    def keys(self):
        return self._modules.keys()

    def values(self):
        return self._modules.values()

    def items(self):
        return self._modules.items()

    def update(self, modules):
        for key, module in modules.items():
            self.add_module(key, module)

class ParameterList(Module):
    def __init__(self, values=None):
        super().__init__()
        for value in values or []:
            self.append(value)

    def append(self, value):
        if isinstance(value, torch.Tensor) and not isinstance(value, torch.nn.Parameter):
            value = torch.nn.Parameter(value)
        setattr(self, str(len(self)), value)
        return self

    def __len__(self):
        return len(self._parameters)

    def __iter__(self):
        return iter(self._parameters.values())

    def __getitem__(self, index):
        return list(self._parameters.values())[index]
`;
