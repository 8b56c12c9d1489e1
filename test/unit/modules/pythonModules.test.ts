import assert from 'node:assert/strict';
import { placeOfPythonImport, pythonFile } from '../../../src/modules/pythonModules';
import { boundedWorkspace } from '../../../src/workspace';
import { workspaceOf } from './workspaceOf';

const empty = (paths: readonly string[]): Readonly<Record<string, string>> => Object.fromEntries(paths.map((path) => [path, '']));

describe('where Python’s imports lead', () => {
  const files = empty([
    'train.py',
    'losses.py',
    'pkg/__init__.py',
    'pkg/a.py',
    'pkg/inner/__init__.py',
    'pkg/inner/b.py',
    'both.py',
    'both/__init__.py',
    'lib/src/laid/__init__.py',
    'lib/src/laid/c.py',
    'lib/tools/run.py',
    'plain/d.py',
    'plain/e.py',
  ]);
  const table: readonly (readonly [from: string, module: string, level: number, path: string | null, name: string])[] = [
    ['train.py', 'losses', 0, 'losses.py', 'losses'],
    ['train.py', 'pkg', 0, 'pkg/__init__.py', 'pkg'],
    ['train.py', 'pkg.inner.b', 0, 'pkg/inner/b.py', 'pkg.inner.b'],
    ['train.py', 'both', 0, 'both/__init__.py', 'both'],
    ['train.py', 'plain', 0, null, ''],
    ['train.py', 'plain.d', 0, 'plain/d.py', 'plain.d'],
    ['train.py', 'nowhere', 0, null, ''],
    ['train.py', 'losses', 1, 'losses.py', 'losses'],
    ['train.py', 'losses', 2, null, ''],
    ['pkg/inner/b.py', '', 1, 'pkg/inner/__init__.py', 'pkg.inner'],
    ['pkg/inner/b.py', 'a', 2, 'pkg/a.py', 'pkg.a'],
    ['pkg/inner/b.py', 'losses', 0, 'losses.py', 'losses'],
    ['pkg/inner/b.py', 'a', 4, null, ''],
    ['lib/tools/run.py', 'laid.c', 0, 'lib/src/laid/c.py', 'laid.c'],
    ['lib/tools/run.py', 'losses', 0, 'losses.py', 'losses'],
    ['plain/d.py', 'e', 0, 'plain/e.py', 'e'],
    ['plain/d.py', 'e', 1, 'plain/e.py', 'e'],
  ];
  for (const [from, module, level, path, name] of table)
    it(`${from}: ${'.'.repeat(level)}${module} is ${path ?? 'nothing'}`, () => {
      const workspace = workspaceOf(files);
      const place = placeOfPythonImport(workspace, module, level, from);
      const file = place && pythonFile(workspace, place);
      assert.deepEqual(file && [file.path, file.name], path && [path, name]);
    });

  it('a computed name is no way out', () => {
    const workspace = workspaceOf({ 'a/b.py': '', '../secret.py': '', '/etc/x.py': '' });
    for (const name of ['../secret', '/etc/x', 'a/b', '..', 'a\\b']) assert.equal(placeOfPythonImport(workspace, name, 0, 'a/c.py'), null);
  });
});

describe('a bounded workspace', () => {
  it('asks for each path once, and for none that leads out', () => {
    const asked: string[] = [];
    const workspace = boundedWorkspace({
      read: (path) => {
        asked.push(path);
        return path === 'a.py' ? 'x = 1' : null;
      },
    });
    const answers = ['a.py', './a.py', 'b/../a.py', 'c.py', 'c.py', '../a.py', '/a.py', 'b/../../a.py', 'C:\\a.py', ''].map((path) =>
      workspace.read(path),
    );
    assert.deepEqual(answers, ['x = 1', 'x = 1', 'x = 1', null, null, null, null, null, null, null]);
    assert.deepEqual(asked, ['a.py', 'c.py']);
  });

  it('gives no binary, no huge file, and not more than a program has', () => {
    const big = boundedWorkspace({
      read: (path) => (path === 'binary' ? 'a\0b' : path === 'huge' ? 'x'.repeat(1_000_001) : 'y'.repeat(100_000)),
    });
    assert.equal(big.read('binary'), null);
    assert.equal(big.read('huge'), null);
    const given = Array.from({ length: 300 }, (_, i) => big.read(`f${i}`)).filter((text) => text !== null).length;
    assert.equal(given, 120);
  });
});
