/** Every library that interpreted code can import. */
import type { Library } from '../library';
import { ecosystemLibraries } from './ecosystem/ecosystem';
import { numpyLibrary } from './numpy/numpy';
import { torchLibrary } from './torch/torch';

export const libraries: readonly Library[] = [torchLibrary, numpyLibrary, ...ecosystemLibraries];
