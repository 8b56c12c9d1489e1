/** The library `numpy`: its modules and constants. */
import { type Library, operationsIn } from '../../library';
import { float, NONE, type Value } from '../../value';
import { NDARRAY } from '../torch/tensors';
import { fillClasses } from './array';
import { numpyOperations } from './operations';
import { randomMembers } from './random';
import { DTYPE, FLOATING, GENERIC, INTEGER, NUMBER, scalarClasses } from './scalars';

fillClasses();

const classes = Object.fromEntries([...scalarClasses].map(([dtype, cls]) => [dtype, cls]));

const members = (): Record<string, Value> => ({
  ...Object.fromEntries(operationsIn(numpyOperations, 'numpy', false)),
  ...classes,
  bool_: scalarClasses.get('bool')!,
  float_: scalarClasses.get('float64')!,
  double: scalarClasses.get('float64')!,
  single: scalarClasses.get('float32')!,
  half: scalarClasses.get('float16')!,
  int_: scalarClasses.get('int64')!,
  intp: scalarClasses.get('int64')!,
  ndarray: NDARRAY,
  dtype: DTYPE,
  generic: GENERIC,
  number: NUMBER,
  integer: INTEGER,
  floating: FLOATING,
  pi: float(Math.PI),
  e: float(Math.E),
  inf: float(Infinity),
  Inf: float(Infinity),
  nan: float(NaN),
  NaN: float(NaN),
  euler_gamma: float(0.5772156649015329),
  newaxis: NONE,
});

/** Settings of printing and of warnings, which change no number. */
const settings = `
class errstate:
    def __init__(self, **settings):
        pass

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        pass

def seterr(**settings):
    return {}

def set_printoptions(**settings):
    pass

class finfo:
    def __init__(self, dtype=None):
        is_double = dtype is None or dtype is float or str(dtype) in ('float64', "<class 'numpy.float64'>")
        self.eps = 2.220446049250313e-16 if is_double else 1.1920929e-07
        self.max = 1.7976931348623157e+308 if is_double else 3.4028235e+38
        self.min = -self.max
        self.tiny = 2.2250738585072014e-308 if is_double else 1.1754944e-38

class iinfo:
    def __init__(self, dtype=None):
        bits = {'int8': 8, 'int16': 16, 'int32': 32}.get(getattr(dtype, '__name__', str(dtype)), 64)
        self.max = 2 ** (bits - 1) - 1
        self.min = -2 ** (bits - 1)
`;

export const numpyLibrary: Library = {
  name: 'numpy',
  operations: numpyOperations,
  modules: {
    numpy: { members, prelude: settings },
    'numpy.linalg': { members: () => Object.fromEntries(operationsIn(numpyOperations, 'numpy.linalg', false)) },
    'numpy.random': { members: () => randomMembers },
  },
};
