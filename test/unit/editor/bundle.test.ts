import assert from 'node:assert/strict';
import { build } from 'esbuild';

/** The files that go into the extension's own bundle, which is loaded at activation. */
async function filesAtActivation(host: 'node' | 'browser'): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: ['src/extension.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: host,
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['vscode'],
    alias: { '#host': `./src/editor/host/${host}.ts` },
  });
  return Object.keys(metafile.inputs);
}

describe('what is loaded at activation', () => {
  for (const host of ['node', 'browser'] as const) {
    it(`${host}: the languages and detection, and nothing that runs code`, async () => {
      const files = await filesAtActivation(host);
      assert.ok(files.includes('src/detection/losses.ts'));
      const heavy = files.filter((file) =>
        /^node_modules\/@tensorflow|^src\/(tensor|interpreter|execution|formulations|identification)\/|^src\/findings\/(?!severities|suppression\.)/.test(
          file,
        ),
      );
      assert.deepEqual(heavy, []);
    });
  }
});
