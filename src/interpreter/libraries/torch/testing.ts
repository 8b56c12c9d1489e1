/** torch.testing, as far as a test of numbers needs it. */
export const testingSource = `
import math
import torch

_tolerances = {
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-7, 1e-7),
}

def _tolerance(actual, expected, rtol, atol):
    if (rtol is None) != (atol is None):
        raise ValueError("rtol and atol must both be specified or both be unspecified, but got rtol={} and atol={} instead.".format(rtol, atol))
    if rtol is not None:
        return rtol, atol
    found = [_tolerances.get(dtype, (0.0, 0.0)) for dtype in (actual, expected)]
    return max(r for r, _ in found), max(a for _, a in found)

def _scalars(actual, expected, rtol, atol, equal_nan, check_dtype):
    if check_dtype and type(actual) is not type(expected):
        raise AssertionError(f'The (d)types do not match: {type(actual)} != {type(expected)}.')
    if rtol is None and atol is None:
        rtol, atol = (1e-7, 1e-7) if isinstance(actual, float) or isinstance(expected, float) else (0.0, 0.0)
    if actual == expected or (equal_nan and math.isnan(actual) and math.isnan(expected)):
        return
    difference = abs(actual - expected)
    if not math.isfinite(difference) or difference > atol + rtol * abs(expected):
        raise AssertionError(f'Scalars are not close!\\n\\nExpected {expected} but got {actual}.\\nAbsolute difference: {difference} (up to {atol} allowed)')

def _tensors(actual, expected, rtol, atol, equal_nan, check_dtype):
    if actual.shape != expected.shape:
        raise AssertionError(f'The values for attribute \\'shape\\' do not match: {actual.shape} != {expected.shape}.')
    if check_dtype and actual.dtype != expected.dtype:
        raise AssertionError(f'The values for attribute \\'dtype\\' do not match: {actual.dtype} != {expected.dtype}.')
    rtol, atol = _tolerance(actual.dtype, expected.dtype, rtol, atol)
    left, right = actual.detach().double(), expected.detach().double()
    matches = torch.isclose(left, right, rtol=rtol, atol=atol, equal_nan=equal_nan)
    if matches.all():
        return
    wrong = int((~matches).sum())
    difference = (left - right).abs().max().item()
    raise AssertionError(
        f'Tensor-likes are not close!\\n\\nMismatched elements: {wrong} / {matches.numel()} ({100 * wrong / matches.numel():.1f}%)\\n'
        f'Greatest absolute difference: {difference} (up to {atol} allowed)'
    )

def assert_close(actual, expected, *, allow_subclasses=True, rtol=None, atol=None, equal_nan=False,
                 check_device=True, check_dtype=True, check_layout=True, check_stride=False, msg=None):
    try:
        _compare(actual, expected, rtol, atol, equal_nan, check_dtype)
    except AssertionError as error:
        if msg is None:
            raise
        raise AssertionError(msg(str(error)) if callable(msg) else msg)

def _compare(actual, expected, rtol, atol, equal_nan, check_dtype):
    if isinstance(actual, torch.Tensor) and isinstance(expected, torch.Tensor):
        return _tensors(actual, expected, rtol, atol, equal_nan, check_dtype)
    if isinstance(actual, (bool, int, float)) and isinstance(expected, (bool, int, float)):
        return _scalars(actual, expected, rtol, atol, equal_nan, check_dtype)
    if isinstance(actual, dict) and isinstance(expected, dict):
        if actual.keys() != expected.keys():
            raise AssertionError('The keys of the mappings do not match.')
        for key in actual:
            _compare(actual[key], expected[key], rtol, atol, equal_nan, check_dtype)
        return None
    if isinstance(actual, (list, tuple)) and isinstance(expected, (list, tuple)):
        if len(actual) != len(expected):
            raise AssertionError(f'The length of the sequences mismatch: {len(actual)} != {len(expected)}')
        for left, right in zip(actual, expected):
            _compare(left, right, rtol, atol, equal_nan, check_dtype)
        return None
    raise TypeError(f'No comparison pair was able to handle inputs of type {type(actual)} and {type(expected)}.')
`;
