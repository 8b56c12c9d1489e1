/** torch.optim's commonest optimizers, by the update rules of their documentation: demonstrations of a loss often take a few steps. */
export const optimSource = `
import math
import torch

class Optimizer:
    def __init__(self, params, defaults):
        self.defaults = defaults
        given = list(params)
        if not given:
            raise ValueError('optimizer got an empty parameter list')
        groups = given if isinstance(given[0], dict) else [{'params': given}]
        self.param_groups = []
        for group in groups:
            members = group['params']
            members = [members] if isinstance(members, torch.Tensor) else list(members)
            self.param_groups.append({**defaults, **group, 'params': members})
        self.state = {}

    def zero_grad(self, set_to_none=True):
        for group in self.param_groups:
            for parameter in group['params']:
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad.zero_()

    def state_dict(self):
        return {'state': self.state, 'param_groups': self.param_groups}

    def add_param_group(self, param_group):
        self.param_groups.append({**self.defaults, **param_group})

    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        with torch.no_grad():
            for group in self.param_groups:
                for parameter in group['params']:
                    if parameter.grad is not None:
                        memory = self.state.setdefault(id(parameter), {'step': 0})
                        memory['step'] += 1
                        self._update(parameter, parameter.grad, group, memory)
        return loss

class SGD(Optimizer):
    def __init__(self, params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False):
        if lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, dict(lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov, maximize=maximize))

    def _update(self, parameter, gradient, group, memory):
        gradient = -gradient if group['maximize'] else gradient
        if group['weight_decay'] != 0:
            gradient = gradient + group['weight_decay'] * parameter
        if group['momentum'] != 0:
            if 'buffer' in memory:
                memory['buffer'] = group['momentum'] * memory['buffer'] + (1 - group['dampening']) * gradient
            else:
                memory['buffer'] = gradient.clone()
            gradient = gradient + group['momentum'] * memory['buffer'] if group['nesterov'] else memory['buffer']
        parameter.sub_(group['lr'] * gradient)

class Adam(Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, *, maximize=False):
        if lr < 0.0:
            raise ValueError(f'Invalid learning rate: {lr}')
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize))

    def _decay(self, parameter, gradient, group):
        return gradient + group['weight_decay'] * parameter if group['weight_decay'] != 0 else gradient

    def _update(self, parameter, gradient, group, memory):
        gradient = -gradient if group['maximize'] else gradient
        gradient = self._decay(parameter, gradient, group)
        first, second = group['betas']
        mean = memory.get('mean', torch.zeros_like(parameter)) * first + (1 - first) * gradient
        square = memory.get('square', torch.zeros_like(parameter)) * second + (1 - second) * gradient * gradient
        memory['mean'], memory['square'] = mean, square
        spread = square
        if group['amsgrad']:
            spread = memory['largest'] = torch.maximum(memory.get('largest', square), square)
        scale = group['lr'] / (1 - first ** memory['step'])
        parameter.sub_(scale * mean / (spread.sqrt() / math.sqrt(1 - second ** memory['step']) + group['eps']))

class AdamW(Adam):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False, *, maximize=False):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize)

    def _decay(self, parameter, gradient, group):
        parameter.mul_(1 - group['lr'] * group['weight_decay'])
        return gradient
`;
