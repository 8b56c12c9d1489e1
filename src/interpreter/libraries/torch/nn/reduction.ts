/** torch.nn._reduction: how reductions are named, now and before; the losses of many projects use it as `F._Reduction`. */
export const reductionSource = `
import warnings

def get_enum(reduction):
    if reduction == 'none':
        return 0
    if reduction == 'mean':
        return 1
    if reduction == 'elementwise_mean':
        warnings.warn("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.")
        return 1
    if reduction == 'sum':
        return 2
    raise ValueError(f'{reduction} is not a valid value for reduction')

def legacy_get_string(size_average, reduce, emit_warning=True):
    average = True if size_average is None else size_average
    reduces = True if reduce is None else reduce
    if average and reduces:
        name = 'mean'
    elif reduces:
        name = 'sum'
    else:
        name = 'none'
    if emit_warning:
        warnings.warn(f"size_average and reduce args will be deprecated, please use reduction='{name}' instead.")
    return name

def legacy_get_enum(size_average, reduce, emit_warning=True):
    return get_enum(legacy_get_string(size_average, reduce, emit_warning))
`;
