/** What imported modules a run knows. */
export { libraries as pythonLibraries } from '../interpreter/libraries/all';
import type { Library } from '../interpreter/library';
import { nodeLibraries } from '../interpreter/libraries/node/library';
import { tfjsLibraries } from '../interpreter/libraries/tfjs/library';

export const typescriptLibraries: readonly Library[] = [...tfjsLibraries, ...nodeLibraries];
