/** What TypeScript programs are configured with: files, command lines, the environment; values keep their places. */
import assert from 'node:assert/strict';
import { typescriptLibraries } from '../../../src/execution/libraries';
import { createInterpreter } from '../../../src/interpreter/interpreter';
import { placesOf, provenanceOf } from '../../../src/interpreter/provenance';
import { parseTypeScript } from '../../../src/language/typescript';
import { withTensors } from '../../../src/tensor/run';

const files: Readonly<Record<string, string>> = {
  'conf/train.json': '{"loss": {"eps": 0.15, "sizes": [1, 2.5e-1]}}',
  'conf/train.yaml': 'loss:\n  smoothing: 0.2 # spread\n  on: yes\n',
};

const preamble = `
import * as fs from 'fs';
import path from 'node:path';
import yaml from 'js-yaml';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { Command } from 'commander';
import minimist from 'minimist';
`;

interface Shown {
  readonly text: string;
  readonly file: string | null | undefined;
  readonly place: string | undefined;
}

function show(code: string, exploring: boolean): Shown {
  const lines = code.trim().split('\n');
  const last = lines.pop() ?? '';
  return withTensors(() => {
    const interpreter = createInterpreter({
      libraries: typescriptLibraries,
      exploring,
      workspace: { read: (file) => files[file] ?? null },
    });
    const { errors } = interpreter.run(parseTypeScript(`${preamble}\n${lines.join('\n')}\nconst shown = ${last};\n`));
    const value = interpreter.lookup('shown');
    const way = value === null ? null : provenanceOf(value);
    const [first] = way === null ? [] : placesOf(way);
    const text =
      value === null
        ? `!${errors[0]?.message ?? ''}`
        : value.kind === 'unknown'
          ? `?${value.what}`
          : value.kind === 'float' || value.kind === 'str' || value.kind === 'bool'
            ? String(value.value)
            : value.kind;
    return { text, file: first?.file, place: first?.text };
  });
}

const values: readonly (readonly [string, string])[] = [
  ["JSON.parse(fs.readFileSync('conf/train.json', 'utf8')).loss.sizes[1]", '0.25'],
  ["yaml.load(fs.readFileSync(path.join('conf', 'train.yaml'), 'utf8')).loss.on", 'yes'],
  ["fs.readFileSync('none.json', 'utf8')", '!Unsupported: the file none.json'],
  ["fs.existsSync('conf/train.json')", 'true'],
  ["yargs(hideBin(process.argv)).option('label-smoothing', { default: 0.15 }).parseSync().labelSmoothing", '0.15'],
  ["yargs.options({ eps: { alias: 'e', default: 0.2 } }).argv.e", '0.2'],
  ["yargs(process.argv.slice(2)).option('eps', { type: 'number' }).argv.eps", 'undefined'],
  ["yargs().default('eps', 0.4).argv.eps", '0.4'],
  ["const p = new Command();\np.option('-s, --label-smoothing <n>', 'spread', parseFloat, 0.3).parse();\np.opts().labelSmoothing", '0.3'],
  ["new Command().option('--no-cache', 'none').parse().opts().cache", 'true'],
  ["minimist(process.argv.slice(2), { default: { eps: 0.25 }, alias: { eps: 'e' } }).e", '0.25'],
  ["minimist([], { boolean: ['hard'] }).hard", 'false'],
  ["Number(process.env.EPS ?? '0.35')", '0.35'],
  ['process.env.EPS', 'undefined'],
  ['const a = { b: [1] };\nconst c = structuredClone(a);\nc.b[0] = 2;\na.b[0]', '1'],
];

describe('configurations in TypeScript', () => {
  for (const [code, expected] of values)
    it(code, () => {
      assert.equal(show(code, false).text, expected);
    });
});

const explored: readonly (readonly [string, string])[] = [
  ["yargs(hideBin(process.argv)).option('data', { demandOption: true }).parseSync().data", '?--data (given on the command line)'],
  ["new Command().requiredOption('--path <p>', 'where').parse().opts().path", '?--path (given on the command line)'],
  ["JSON.parse(fs.readFileSync('none.json', 'utf8'))", '?the file none.json'],
  ["yaml.load(fs.readFileSync('none.yaml', 'utf8'))", '?the file none.yaml'],
];

describe('configurations in TypeScript, in an exploring run', () => {
  for (const [code, expected] of explored)
    it(code, () => {
      assert.equal(show(code, true).text, expected);
    });

  const placed: readonly (readonly [string, string, string | null])[] = [
    ["JSON.parse(fs.readFileSync('conf/train.json', 'utf8')).loss.eps", '"eps": 0.15', 'conf/train.json'],
    ["yaml.load(fs.readFileSync('conf/train.yaml', 'utf8')).loss.smoothing", 'smoothing: 0.2', 'conf/train.yaml'],
    ["yargs(hideBin(process.argv)).option('eps', { default: 0.15 }).argv.eps", '0.15', null],
    ["new Command().option('--eps <n>', 'spread', parseFloat, 0.3).opts().eps", '0.3', null],
  ];
  for (const [code, place, file] of placed)
    it(`the place of ${code}`, () => {
      const shown = show(code, true);
      assert.deepEqual([shown.place, shown.file], [place, file]);
    });
});
