import path from 'node:path';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The rooms of ARCHITECTURE.md, in the order of the flow. A room may import itself and what stands in its list, nothing else. */
const rooms = {
  language: [],
  modules: ['language'],
  detection: ['language', 'modules'],
  tensor: [],
  mathematics: [],
  families: ['mathematics'],
  interpreter: ['language', 'modules', 'tensor'],
  program: ['language', 'interpreter'],
  execution: ['language', 'detection', 'interpreter', 'tensor', 'program', 'families'],
  formulations: ['tensor'],
  identification: ['formulations', 'tensor'],
  findings: ['language', 'detection', 'identification', 'formulations', 'families'],
  translation: ['language', 'detection', 'tensor', 'interpreter', 'execution', 'formulations', 'identification'],
  measuring: ['language', 'detection', 'program', 'execution', 'identification', 'findings'],
  rewriting: ['language', 'detection', 'interpreter', 'execution', 'identification', 'findings', 'translation', 'measuring'],
  cli: ['language', 'detection', 'interpreter', 'execution', 'formulations', 'identification', 'findings', 'worker'],
  worker: ['language', 'modules'],
  editor: ['language', 'detection', 'formulations', 'identification', 'findings', 'worker'],
};
const all = Object.keys(rooms);

const zones = all.map((room) => ({
  target: `./src/${room}`,
  from: all.filter((other) => other !== room && !rooms[room].includes(other)).map((other) => `./src/${other}`),
  message: `src/${room} may import only: ${['itself', ...rooms[room]].join(', ')} (ARCHITECTURE.md)`,
}));

const nodeBuiltins = {
  group: ['node:*', 'fs', 'path', 'os', 'worker_threads', 'child_process'],
  message: 'Node built-ins belong to src/cli and to what starts the worker on the desktop.',
};
const vscodeOnly = { group: ['vscode'], message: 'vscode belongs to src/editor and src/extension.ts.' };
const tfjsOnly = { group: ['@tensorflow/*'], message: 'tfjs belongs to src/tensor and the interpreter’s tfjs library.' };
const restricted = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'node_modules/',
      '.cache/',
      '.vscode-server/',
      '.vscode-test/',
      'test/fixtures/',
      'media/examples/',
      'esbuild.mjs',
      'eslint.config.mjs',
      '**/*.mjs',
      '**/*.cjs',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: ['./tsconfig.json', './webview/tsconfig.json'], tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver': { node: { extensions: ['.ts'] } },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/extensions': ['.ts'],
    },
    rules: {
      'import-x/no-restricted-paths': [
        'error',
        {
          basePath: path.resolve(import.meta.dirname),
          zones: [
            ...zones,
            {
              target: './webview',
              from: './src',
              except: ['./inspection.ts', './corrections.ts', './knownInputs.ts', './unrecognisedFacts.ts', './editor/messages.ts'],
              message: 'The page knows the Inspection, what is read off it, and the messages, nothing else.',
            },
          ],
        },
      ],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      ...restricted(nodeBuiltins, vscodeOnly, tfjsOnly),
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      eqeqeq: 'error',
    },
  },
  { files: ['src/editor/**', 'src/extension.ts'], rules: restricted(nodeBuiltins, tfjsOnly) },
  { files: ['src/worker/startProcess.ts', 'src/worker/disk.ts'], rules: restricted(vscodeOnly, tfjsOnly) },
  { files: ['src/tensor/**', 'src/interpreter/libraries/tfjs/**'], rules: restricted(nodeBuiltins, vscodeOnly) },
  { files: ['src/cli/**'], rules: restricted(vscodeOnly, tfjsOnly) },
  { files: ['test/**'], rules: { 'no-restricted-imports': 'off', '@typescript-eslint/no-floating-promises': 'error' } },
);
