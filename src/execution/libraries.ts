/** What imported modules a run knows. */
import type { Library } from '../interpreter/library';
import { tfjsLibraries } from '../interpreter/libraries/tfjs/library';
import { torchLibrary } from '../interpreter/libraries/torch/torch';

export const pythonLibraries: readonly Library[] = [torchLibrary];
export const typescriptLibraries: readonly Library[] = tfjsLibraries;
