/** What imported modules a run knows. */
export { libraries as pythonLibraries } from '../interpreter/libraries/all';
export { tfjsLibraries as typescriptLibraries } from '../interpreter/libraries/tfjs/library';
