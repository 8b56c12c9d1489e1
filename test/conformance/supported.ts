/** docs/supported.md as the libraries stand. */
import { libraries } from '../../src/interpreter/libraries/all';
import { supportedMarkdown } from '../../src/interpreter/libraries/supported';
import { functions, methods } from '../../src/interpreter/libraries/tfjs/operations';
import { withTensors } from '../../src/tensor/run';

const tfjs = { name: '@tensorflow/tfjs', functions: [...functions.keys()], methods: [...methods] };

export const supported = (): string => withTensors(() => supportedMarkdown(libraries, [tfjs]));
