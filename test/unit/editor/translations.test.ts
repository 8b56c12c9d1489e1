import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

const json = (file: string): Record<string, string> => JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
const placeholders = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).sort();

/** Every sentence given to l10n.t as a literal, and every call of it, to notice one that is not a literal. */
function sentencesInCode(): { readonly sentences: ReadonlySet<string>; readonly calls: number } {
  const files = readdirSync('src/editor', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const code = files.map((file) => readFileSync(`src/editor/${file}`, 'utf8')).join('\n');
  const literals = [...code.matchAll(/\bl10n\.t\(\s*'((?:\\.|[^'\\])*)'/g)].map(([, literal]) => literal!.replaceAll("\\'", "'"));
  return { sentences: new Set(literals), calls: (code.match(/\bl10n\.t\(/g) ?? []).length - (literals.length - new Set(literals).size) };
}

describe('translations', () => {
  it('has every sentence of the editor in Simplified Chinese, and none that is gone', () => {
    const { sentences, calls } = sentencesInCode();
    assert.equal(calls, sentences.size, 'l10n.t takes string literals only');
    assert.deepEqual(Object.keys(json('l10n/bundle.l10n.zh-cn.json')).sort(), [...sentences].sort());
  });

  it('has every text of the manifest in both languages', () => {
    const used = [...readFileSync('package.json', 'utf8').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key!);
    for (const file of ['package.nls.json', 'package.nls.zh-cn.json'])
      assert.deepEqual(Object.keys(json(file)).sort(), [...new Set(used)].sort(), file);
  });

  it('keeps the places where names and numbers go', () => {
    for (const [english, chinese] of Object.entries(json('l10n/bundle.l10n.zh-cn.json')))
      assert.deepEqual(placeholders(chinese), placeholders(english), english);
  });
});
