/** Every library that interpreted Python can import. */
import type { Library } from '../library';
import { mindsporeLibrary, mlxLibrary, mxnetLibrary, paddleLibrary } from './arrays/frameworkLibraries';
import { jaxLibrary, optaxLibrary } from './arrays/jaxLibrary';
import { kerasLibrary, tensorflowLibrary } from './arrays/tensorflow';
import { configurationLibraries } from './configuration/configuration';
import { ecosystemLibraries } from './ecosystem/ecosystem';
import { numpyLibrary } from './numpy/numpy';
import { standardLibrary } from './standard/standard';
import { torchLibrary } from './torch/torch';

export const libraries: readonly Library[] = [
  standardLibrary,
  torchLibrary,
  numpyLibrary,
  tensorflowLibrary,
  kerasLibrary,
  jaxLibrary,
  optaxLibrary,
  mlxLibrary,
  paddleLibrary,
  mindsporeLibrary,
  mxnetLibrary,
  ...configurationLibraries,
  ...ecosystemLibraries,
];
