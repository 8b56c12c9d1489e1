/** Every library that interpreted Python can import. */
import type { Library } from '../library';
import { standardLibrary } from './standard/standard';
import { torchLibrary } from './torch/torch';

export const libraries: readonly Library[] = [standardLibrary, torchLibrary];
