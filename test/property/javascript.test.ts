import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createInterpreter } from '../../src/interpreter/interpreter';
import { tfjsLibraries } from '../../src/interpreter/libraries/tfjs/library';
import { withTfjs } from '../../src/interpreter/libraries/tfjs/run';
import { parseTypeScript } from '../../src/language/typescript';

const starts = [
  "'s'",
  '1',
  '[1]',
  '({ a: 1 })',
  '(() => 1)',
  'Math',
  'Object',
  'Array',
  'console',
  'tf',
  'tf.scalar(1)',
  'new Error("e")',
  'new Map()',
  'tf.losses',
  'class {}',
  'null',
  'process',
  'process.env',
];
const names = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'valueOf',
  'call',
  'apply',
  'bind',
  'length',
  'map',
  'caller',
  'arguments',
  'dataId',
  'engine',
  'payload',
  'kind',
  'hasOwnProperty',
  '__defineGetter__',
  'then',
  'data',
  'global',
  'process',
  'env',
  'keys',
];

const link = fc.oneof(
  fc.constantFrom(...names).map((name) => `.${name}`),
  fc.constantFrom(...names).map((name) => `["${name}"]`),
  fc.constantFrom('()', '(1)', "('return process')", '(() => 1)', '[0]', '?.x'),
);
const walk = fc
  .tuple(fc.constantFrom(...starts), fc.array(link, { minLength: 1, maxLength: 6 }))
  .map(([start, links]) => start + links.join(''));

const globals = [
  'globalThis',
  'global',
  'window',
  'self',
  'Function',
  'eval',
  'Reflect',
  'Proxy',
  'fetch',
  'setTimeout',
  'import.meta',
  'module',
  'exports',
  'Buffer',
  'Symbol',
  'WebAssembly',
];

function run(source: string) {
  return withTfjs(() => {
    const interpreter = createInterpreter({ libraries: tfjsLibraries, budgets: { steps: 5000, elements: 100_000, milliseconds: 2000 } });
    const { errors } = interpreter.run(parseTypeScript(`import * as tf from '@tensorflow/tfjs';\nconst out = ${source};`));
    const out = interpreter.lookup('out');
    return { kind: out === null ? null : out.kind, errors };
  });
}

const kinds = new Set([
  'none',
  'undefined',
  'bool',
  'int',
  'float',
  'str',
  'list',
  'function',
  'native',
  'boundMethod',
  'class',
  'instance',
  'module',
  'object',
  'iterator',
  'unknown',
]);

describe('interpreted TypeScript reaches nothing of the host', () => {
  it('whatever chain of properties and calls it walks: a value of ours, or a located error', () => {
    fc.assert(
      fc.property(walk, (source) => {
        const { kind, errors } = run(source);
        if (kind === null) assert.equal(errors.length, 1, source);
        else assert.ok(kinds.has(kind), `${source} gave a ${kind}`);
        for (const error of errors) assert.ok(error.range.end > error.range.start, `${source}: ${error.message}`);
      }),
      { numRuns: 600 },
    );
  });

  it('has no global of the host', () => {
    for (const name of globals) {
      const { kind, errors } = run(name);
      assert.equal(kind, null, name);
      assert.match(errors[0]!.message, /is not defined|Unsupported/, name);
    }
  });

  it('has a process of ours: started without arguments, in an empty environment, and nothing in it leads out', () => {
    assert.ok(Object.keys(process.env).length > 0);
    for (const name of Object.keys(process.env)) assert.equal(run(`process.env[${JSON.stringify(name)}]`).kind, 'undefined', name);
    assert.equal(run('process.env').kind, 'object');
    const ours = ['argv', 'env', 'platform', 'cwd', 'exit', 'on'];
    for (const name of ours) assert.notEqual(run(`process.${name}`).kind, 'undefined', name);
    const hosts = Object.getOwnPropertyNames(process).filter((name) => /^[a-z]\w*$/i.test(name) && !ours.includes(name));
    assert.ok(hosts.includes('binding'));
    for (const name of hosts) assert.equal(run(`process.${name}`).kind, 'undefined', name);
    assert.match(run('process.exit(1)').errors[0]!.message, /^Unsupported/);
  });

  it('does not find the host’s own prototype members in plain objects', () => {
    for (const name of ['constructor', '__proto__', '__defineGetter__']) {
      assert.match(run(`({}).${name}`).errors[0]!.message, /Unsupported/);
      assert.match(run(`({})["${name}"]`).errors[0]!.message, /Unsupported/);
    }
    assert.equal(run('({}).isPrototypeOf').kind, 'undefined');
  });
});
