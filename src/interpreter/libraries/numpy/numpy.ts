/** The library `numpy`: its modules and constants. */
import { type Library, operationsIn } from '../../library';
import { float, NONE, type Value } from '../../value';
import { NDARRAY } from '../torch/tensors';
import { fillClasses } from './array';
import { numpySource } from './composed';
import { AXIS_ERROR, numpyOperations } from './operations';
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

export const numpyLibrary: Library = {
  name: 'numpy',
  operations: numpyOperations,
  modules: {
    numpy: { members, prelude: numpySource },
    'numpy.linalg': { members: () => Object.fromEntries(operationsIn(numpyOperations, 'numpy.linalg', false)) },
    'numpy.exceptions': { members: () => ({ AxisError: AXIS_ERROR }) },
    'numpy.random': { members: () => randomMembers },
  },
};
