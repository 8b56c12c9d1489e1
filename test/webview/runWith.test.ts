/** What a loss was run with, in the panel: assumptions first and marked, ways as links, nothing of an assumed K as a fact. */
import assert from 'node:assert/strict';
import type { Inspection, RunInput } from '../../src/inspection';
import { fixture, openView, startHarness, stopHarness, type OpenView } from './harness';

const base = fixture('fill-scatter');
const at = (line: number, file?: string) => ({
  start: line * 20,
  end: line * 20 + 4,
  line,
  column: 1,
  endLine: line,
  endColumn: 5,
  ...(file === undefined ? {} : { file }),
});
const code: RunInput = {
  name: 'smoothing',
  role: 'smoothing',
  value: 0.1,
  source: {
    kind: 'code',
    certain: false,
    chain: [
      {
        text: '0.1',
        range: at(13, 'configuration/of/everything/options_of_the_training.py'),
        file: 'configuration/of/everything/options_of_the_training.py',
      },
      { text: 'args.smoothing', range: at(42) },
    ],
  },
};
const notFollowed: RunInput = {
  name: 'smoothing',
  role: 'smoothing',
  value: 0.1,
  source: { kind: 'assumption', chain: [{ text: 'cfg.loss.eps', range: at(7) }], reason: '`cfg.loss.eps` could not be followed' },
};
const unknownClasses: RunInput = {
  name: 'K',
  role: 'classes',
  value: 3,
  source: { kind: 'assumption', chain: [], reason: 'the program was not seen to say it' },
};
const givenClasses: RunInput = { name: 'K', role: 'classes', value: 3, source: { kind: 'person', chain: [] } };
const logits: RunInput = { name: 'logits', role: 'logits', shape: [2, 3], source: { kind: 'assumption', chain: [], reason: 'made' } };
const probabilities: RunInput = { ...logits, nature: 'probabilities' };

interface Row {
  readonly what: string;
  readonly change: Partial<Inspection>;
  readonly language?: string;
  /** The lines of the block. */
  readonly lines: readonly RegExp[];
  readonly heading: RegExp;
  readonly facts: readonly (readonly [string, RegExp])[];
}

const rows: readonly Row[] = [
  {
    what: 'all of it known',
    change: { inputs: [logits, givenClasses, code] },
    lines: [
      /^ε \(smoothing\) = 0\.1: 0\.1 configuration\/of\/everything\/options_of_the_training\.py, line 13 → args\.smoothing line 42 \(where conditions that are not known hold\)$/,
      /^K = 3 chosen by you$/,
    ],
    heading: /mean[^.]*\.$/,
    facts: [['ε as torch / timm', /^0\.15/]],
  },
  {
    what: 'nothing known',
    change: { inputs: [probabilities, code, unknownClasses].map((input) => (input === code ? notFollowed : input)) },
    lines: [
      /^ε \(smoothing\) = 0\.1 assumed: `cfg\.loss\.eps` could not be followed cfg\.loss\.eps line 7$/,
      /^K = 3 assumed: the program was not seen to say it$/,
      /^logits \[2, 3\] probabilities$/,
    ],
    heading: / Measured at K = 3, assumed\.$/,
    facts: [
      ['ε as torch / timm', /^ε·K\/\(K−1\)$/],
      ['ε as fill/scatter', /^0\.1$/],
    ],
  },
  {
    what: 'assumptions first',
    change: {
      inputs: [code, unknownClasses],
      otherUses: [{ smoothing: 0.3, range: at(50, 'evaluate.py'), file: 'evaluate.py', chain: [] }],
    },
    lines: [/^K = 3 assumed/, /^ε \(smoothing\)/, /^Also used with ε = 0\.3: evaluate\.py, line 50$/],
    heading: /assumed\.$/,
    facts: [],
  },
  {
    what: 'Chinese says in its own words what is assumed',
    language: 'zh-cn',
    change: { inputs: [notFollowed, unknownClasses] },
    lines: [/假定：.*could not be followed/, /假定：/],
    heading: /^ε = 0\.1 为假定值。.*K 为假定值。$/,
    facts: [],
  },
];

describe('webview: what the loss was run with', function () {
  this.timeout(60_000);
  before(startHarness);
  after(stopHarness);

  for (const { what, change, language = 'en', lines, heading, facts } of rows)
    it(what, async () => {
      const view: OpenView = await openView({ width: 280, language });
      await view.show({ ...base, ...change });
      const shown = (await view.page.locator('.run-with > li').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
      assert.equal(shown.length, lines.length, shown.join('\n'));
      lines.forEach((line, i) => {
        assert.match(shown[i]!, line);
      });
      assert.match(await view.page.getByRole('heading', { level: 1 }).innerText(), heading);
      for (const [name, value] of facts) {
        const fact = view.page.locator('.facts > div').filter({ hasText: name });
        assert.match(await fact.locator('dd').innerText(), value);
      }
      assert.equal(await view.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 0);
      assert.deepEqual(view.errors, []);
      await view.page.screenshot({ path: `dist/screenshots/run-with-${rows.findIndex((row) => row.what === what)}.png` });
      await view.close();
    });

  it('leads to the places, in other files too', async () => {
    const view = await openView({ width: 280 });
    await view.show({ ...base, inputs: [code] });
    const links = view.page.locator('.run-with .link');
    await links.nth(0).click();
    await links.nth(1).click();
    const [elsewhere, here] = await view.postedOf('reveal');
    assert.equal(elsewhere?.elsewhere?.file, 'configuration/of/everything/options_of_the_training.py');
    assert.equal(elsewhere.elsewhere.line, 13);
    assert.deepEqual([here?.start, here?.end, here?.elsewhere], [840, 844, undefined]);
    await view.close();
  });

  it('is not there where nothing is said', async () => {
    const view = await openView({ width: 280 });
    await view.show({ ...base, inputs: [logits] });
    assert.equal(await view.page.locator('#run-with').count(), 0);
    await view.close();
  });
});
