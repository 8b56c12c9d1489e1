/** numpy's functions that are others put together, and settings that change no number, in Python the interpreter runs. */
export const numpySource = `
import math

class errstate:
    def __init__(self, **settings):
        pass

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        pass

    def __call__(self, function):
        return function

def seterr(**settings):
    return {}

def set_printoptions(**settings):
    pass

class finfo:
    def __init__(self, dtype=None):
        kind = float64 if zeros(0, float64 if dtype is None else dtype).dtype == float64 else float32
        is_double = kind is float64
        self.eps = kind(2.220446049250313e-16 if is_double else 1.1920929e-07)
        self.max = kind(1.7976931348623157e+308 if is_double else 3.4028235e+38)
        self.min = -self.max
        self.tiny = kind(2.2250738585072014e-308 if is_double else 1.1754944e-38)
        self.smallest_normal = self.tiny
        self.resolution = kind(1e-15 if is_double else 1e-06)
        self.bits = 64 if is_double else 32

class iinfo:
    def __init__(self, dtype=None):
        kind = zeros(0, int64 if dtype is None else dtype).dtype
        self.bits = 8 * kind.itemsize
        signed = kind.kind == 'i'
        self.max = 2 ** (self.bits - 1) - 1 if signed else 2 ** self.bits - 1
        self.min = -2 ** (self.bits - 1) if signed else 0

def hypot(x1, x2):
    return sqrt(square(asarray(x1) * 1.0) + square(asarray(x2) * 1.0))

def cbrt(x):
    values = asarray(x) * 1.0
    return round(sign(values) * power(abs(values), 1 / 3), 15)

def deg2rad(x):
    return asarray(x) * (pi / 180)

def rad2deg(x):
    return asarray(x) * (180 / pi)

radians = deg2rad
degrees = rad2deg

def cumprod(a, axis=None):
    values = asarray(a)
    if axis is None:
        values = values.ravel()
        axis = 0
    rows = moveaxis(values, axis, 0)
    running = [rows[0]]
    for row in rows[1:]:
        running.append(running[-1] * row)
    return moveaxis(stack(running), 0, axis)

def diff(a, n=1, axis=-1):
    rows = moveaxis(asarray(a), axis, 0)
    for _ in range(n):
        rows = rows[1:] - rows[:-1]
    return moveaxis(rows, 0, axis)

def ptp(a, axis=None):
    return max(a, axis=axis) - min(a, axis=axis)

def nanmax(a, axis=None):
    return max(where(isnan(a), -inf, a), axis=axis)

def nanmin(a, axis=None):
    return min(where(isnan(a), inf, a), axis=axis)

def cross(a, b):
    x, y = asarray(a), asarray(b)
    return stack([x[..., 1] * y[..., 2] - x[..., 2] * y[..., 1],
                  x[..., 2] * y[..., 0] - x[..., 0] * y[..., 2],
                  x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0]], axis=-1)

def kron(a, b):
    x, y = asarray(a), asarray(b)
    rank = x.ndim if x.ndim > y.ndim else y.ndim
    x = x.reshape((1,) * (rank - x.ndim) + x.shape)
    y = y.reshape((1,) * (rank - y.ndim) + y.shape)
    left = x.reshape(tuple(n for size in x.shape for n in (size, 1)))
    right = y.reshape(tuple(n for size in y.shape for n in (1, size)))
    return (left * right).reshape(tuple(p * q for p, q in zip(x.shape, y.shape)))

def quantile(a, q, axis=None, keepdims=False):
    rows = asarray(a).ravel() if axis is None else moveaxis(asarray(a), axis, -1)
    ordered = sort(rows * 1.0)
    count = ordered.shape[-1]
    def at(share):
        place = share * (count - 1)
        low = math.floor(place)
        high = math.ceil(place)
        return ordered[..., low] + (ordered[..., high] - ordered[..., low]) * (place - low)
    return at(q) if isscalar(q) else array([at(share) for share in q])

def percentile(a, q, axis=None, keepdims=False):
    return quantile(a, q / 100 if isscalar(q) else [share / 100 for share in q], axis)

def histogram(a, bins=10, range=None, density=False):
    values = asarray(a).ravel() * 1.0
    low, high = (values.min(), values.max()) if range is None else range
    edges = linspace(low, high, bins + 1) if isinstance(bins, int) else asarray(bins)
    counts = array([((values >= edges[i]) & ((values < edges[i + 1]) | ((i == len(edges) - 2) & (values == edges[i + 1])))).sum() for i, _ in enumerate(edges[1:])])
    return (counts / counts.sum() / diff(edges) if density else counts), edges

def interp(x, xp, fp):
    xs, ys = list(asarray(xp)), list(asarray(fp))
    def at(value):
        if value <= xs[0]:
            return ys[0] * 1.0
        for i, right in enumerate(xs):
            if value <= right:
                return ys[i - 1] + (value - xs[i - 1]) * (ys[i] - ys[i - 1]) / (right - xs[i - 1])
        return ys[-1] * 1.0
    return float64(at(x)) if isscalar(x) else array([at(value) for value in asarray(x)])

def searchsorted(a, v, side='left'):
    ordered = list(asarray(a))
    def at(value):
        return len([x for x in ordered if x < value or (side == 'right' and x == value)])
    return int64(at(v)) if isscalar(v) else array([at(value) for value in asarray(v)])

def digitize(x, bins, right=False):
    return searchsorted(bins, x, 'left' if right else 'right')

def vectorize(function):
    def over(*args):
        arrays = [asarray(a) for a in args]
        flat = [a.ravel() for a in arrays]
        return array([function(*values) for values in zip(*flat)]).reshape(arrays[0].shape)
    return over

def apply_along_axis(function, axis, arr, *args):
    rows = moveaxis(asarray(arr), axis, -1)
    flat = rows.reshape(-1, rows.shape[-1])
    results = array([function(row, *args) for row in flat])
    return results.reshape(rows.shape[:-1] + results.shape[1:])

def fill_diagonal(a, val):
    size = a.shape[0] if a.shape[0] < a.shape[1] else a.shape[1]
    a[arange(size), arange(size)] = val

def atleast_1d(a):
    values = asarray(a)
    return values.reshape(1) if values.ndim == 0 else values

def atleast_2d(a):
    values = asarray(a)
    return values.reshape(1, -1) if values.ndim < 2 else values

def append(arr, values, axis=None):
    if axis is None:
        return concatenate([ravel(arr), ravel(values)])
    return concatenate([arr, values], axis=axis)

def delete(arr, obj, axis=None):
    rows = asarray(arr).ravel() if axis is None else moveaxis(asarray(arr), axis, 0)
    gone = [obj] if isscalar(obj) else list(obj)
    gone = [i % rows.shape[0] for i in gone]
    kept = rows[[i for i, _ in enumerate(rows) if i not in gone]]
    return kept if axis is None else moveaxis(kept, 0, axis)
`;
