import assert from 'node:assert/strict';
import { typescriptFile } from '../../../src/modules/typescriptModules';
import { workspaceOf } from './workspaceOf';

describe('where TypeScript’s imports lead', () => {
  const files = {
    'tsconfig.json':
      '{\n  // comments are let be\n  "compilerOptions": { "baseUrl": ".", "paths": { "@app/*": ["src/*"], "@app/deep/*": ["lib/*", "src/deep/*"], "one": ["src/a.ts"], }, },\n}',
    'src/a.ts': '',
    'src/b.tsx': '',
    'src/c.mts': '',
    'src/d.js': '',
    'src/deep/index.ts': '',
    'src/deep/e.ts': '',
    'src/data.json': '{}',
    'other/tsconfig.json': '{ "extends": "../base.json" }',
    'base.json': '{ "compilerOptions": { "paths": { "~/*": ["./src/*"] } } }',
    'pkg/package.json': '{ "imports": { "#inside/*": { "types": "./types/*.d.ts", "default": "./lib/*.js" } } }',
    'pkg/lib/f.js': '',
    'pkg/lib/g.ts': '',
  };
  const table: readonly (readonly [from: string, module: string, path: string | null])[] = [
    ['src/x.ts', './a', 'src/a.ts'],
    ['src/x.ts', './a.js', 'src/a.ts'],
    ['src/x.ts', './b', 'src/b.tsx'],
    ['src/x.ts', './b.jsx', 'src/b.tsx'],
    ['src/x.ts', './c.mjs', 'src/c.mts'],
    ['src/x.ts', './d', 'src/d.js'],
    ['src/x.ts', './d.js', 'src/d.js'],
    ['src/x.ts', './deep', 'src/deep/index.ts'],
    ['src/deep/e.ts', '.', 'src/deep/index.ts'],
    ['src/deep/e.ts', '..', null],
    ['src/deep/e.ts', '../a', 'src/a.ts'],
    ['src/x.ts', './data.json', 'src/data.json'],
    ['src/x.ts', '../../outside', null],
    ['src/x.ts', '/src/a', null],
    ['src/x.ts', '@app/a', 'src/a.ts'],
    ['src/x.ts', '@app/deep/e', 'src/deep/e.ts'],
    ['src/x.ts', 'one', 'src/a.ts'],
    ['src/x.ts', 'src/b', 'src/b.tsx'],
    ['src/x.ts', 'lodash', null],
    ['src/x.ts', 'node:fs', null],
    ['other/y.ts', '~/a', 'src/a.ts'],
    ['other/y.ts', '@app/a', null],
    ['pkg/z.js', '#inside/f', 'pkg/lib/f.js'],
    ['pkg/z.js', '#inside/g', 'pkg/lib/g.ts'],
  ];
  for (const [from, module, path] of table)
    it(`${from}: ${module} is ${path ?? 'nothing'}`, () => {
      assert.equal(typescriptFile(workspaceOf(files), module, from)?.path ?? null, path);
    });
});
