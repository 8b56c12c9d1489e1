/** Generated files as their readers use them: compiled by TypeScript against tfjs's own types, and run by tfjs itself. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Tfjs from '@tensorflow/tfjs';
import ts from 'typescript';
import type { Feed } from '../../../src/execution/bridge';
import type { Sample } from '../../../src/inspection';

const require = createRequire(path.resolve('package.json'));

let loaded: typeof Tfjs | null = null;

/** tfjs as a program of its own would load it: not the copy that the product brings. */
function tfjs(): typeof Tfjs {
  if (loaded === null) {
    const { log, warn } = console;
    // It advertises its native variant when it is loaded and when it first computes.
    console.log = console.warn = () => undefined;
    try {
      loaded = require('@tensorflow/tfjs') as typeof Tfjs;
      loaded.scalar(1).dataSync();
    } finally {
      Object.assign(console, { log, warn });
    }
  }
  return loaded;
}

type Loss = (logits: Tfjs.Tensor2D, targets: Tfjs.Tensor1D) => Tfjs.Tensor;

/** The one function that the file exports. */
export function exported(code: string): Loss {
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const module: { exports: Record<string, Loss> } = { exports: {} };
  const load = (name: string): unknown => (name === '@tensorflow/tfjs' ? tfjs() : require(name));
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- the generated file is what is tested
  new Function('exports', 'module', 'require', outputText)(module.exports, module, load);
  return Object.values(module.exports)[0]!;
}

export interface Numbers {
  readonly value: readonly number[];
  readonly gradient: readonly number[];
}

/** Value and gradient by tfjs's own tape. Targets are what `tf.tensor1d` makes of them by default: float32. */
export function run(loss: Loss, { logits, targets }: Sample, feed: Feed): Numbers {
  const tf = tfjs();
  return tf.tidy(() => {
    const labels = tf.tensor1d([...targets]);
    const x = tf.tensor2d(logits.map((row) => [...row]));
    const fed = (z: Tfjs.Tensor): Tfjs.Tensor2D =>
      (feed === 'logits' ? z : feed === 'probabilities' ? tf.softmax(z) : tf.logSoftmax(z)) as Tfjs.Tensor2D;
    const value = loss(fed(x), labels);
    const gradient = tf.grad((z) => loss(fed(z), labels).sum())(x);
    return { value: [...value.dataSync()], gradient: [...gradient.dataSync()] };
  });
}

/** What TypeScript has to say about these files under its strictest settings, in the order of their names. */
export function complaints(files: ReadonlyMap<string, string>): readonly string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    noEmit: true,
    skipLibCheck: true,
  };
  const root = path.resolve('test');
  const texts = new Map([...files].map(([name, text]) => [path.join(root, name).replaceAll('\\', '/'), text]));
  const host = ts.createCompilerHost(options);
  const withTexts: ts.CompilerHost = {
    ...host,
    fileExists: (file) => texts.has(file) || host.fileExists(file),
    readFile: (file) => texts.get(file) ?? host.readFile(file),
    getSourceFile: (file, language, ...rest) => {
      const text = texts.get(file);
      return text === undefined ? host.getSourceFile(file, language, ...rest) : ts.createSourceFile(file, text, language);
    },
  };
  const program = ts.createProgram([...texts.keys()], options, withTexts);
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    return `${path.basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
