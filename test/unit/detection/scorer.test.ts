import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { valueOfFormula } from '../../detection/formula';
import type { Outcome, Point } from '../../detection/point';
import { scoreBug, type BugCase } from '../../detection/scoreBug';
import { scoreDetection, type DetectionCase } from '../../detection/scoreDetection';
import { jobsIn, scored } from '../../detection/scoreFolder';
import { scoreProject, type ProjectCase } from '../../detection/scoreProject';
import { scoreRun } from '../../detection/scoreRuns';
import { scoreVerdict, type VerdictCase } from '../../detection/scoreVerdicts';

/** The scorer of `npm run detection`, on a small folder of every kind: what is right counts as right, and what is not does not. */
const folder = path.resolve('test/fixtures/detection');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));

const cameTo = (points: readonly Point[], row: string): Outcome | undefined => points.find((one) => one.row.endsWith(row))?.outcome;

describe('the scorer', function () {
  this.timeout(30_000);

  it('finds every kind of case below a folder, and nothing wrong in this one', () => {
    const points = jobsIn(folder).flatMap(scored);
    const kinds = new Set(points.map(({ row }) => row.split(':')[0]));
    assert.deepEqual([...kinds].sort(), ['bugs', 'detection', 'negatives', 'projects', 'public', 'verdicts']);
    const wrong = points.filter(({ outcome, name }) => outcome === 'wrong' && !name.startsWith('raises.py'));
    assert.deepEqual(wrong, []);
  });

  it('counts what a manifest says otherwise', () => {
    const records = read('places/manifest.json') as readonly DetectionCase[];
    const outcomeOf = (id: string, change: Partial<DetectionCase>, row: string): Outcome | undefined =>
      cameTo(scoreDetection(path.join(folder, 'places'), { ...records.find((record) => record.id === id)!, ...change }), row);
    const table: readonly (readonly [string, Partial<DetectionCase>, string, Outcome])[] = [
      ['mixture', {}, 'sites', 'right'],
      ['mixture', { sites: [{ name: 'softened', line: 5 }] }, 'sites', 'missing'],
      ['mixture', {}, 'constants', 'right'],
      ['mixture', { constants: [{ line: 4, value: 0.2 }] }, 'constants', 'wrong'],
      ['mixture', { constants: [{ line: 6, value: 0.25 }] }, 'constants', 'missing'],
      ['mixture', { uses: [{ line: 4, value: 0.25 }] }, 'uses', 'right'],
      ['mixture', { uses: [{ line: 5, value: 0.25 }] }, 'uses', 'missing'],
      ['mixture', {}, 'verdicts', 'right'],
      ['mixture', { e: '0.2' }, 'verdicts', 'wrong'],
      ['mixture', { dist: 'F' }, 'verdicts', 'wrong'],
      ['mixture', { dist: 'NA' }, 'verdicts', 'wrong'],
      ['mixture', { dist: 'TARGET' }, 'verdicts', 'right'],
      ['mixture', { offset: 'H' }, 'verdicts', 'wrong'],
      ['mixture', { K: '7' }, 'verdicts', 'wrong'],
      ['mixture', { sites: [{ name: 'softened', line: 2 }] }, 'verdicts', 'missing'],
      ['spread', {}, 'verdicts', 'right'],
      ['spread', { dist: 'U' }, 'verdicts', 'wrong'],
      ['average', {}, 'silent', 'right'],
      ['average', {}, 'no site', 'right'],
      ['plain', {}, 'silent', 'right'],
      ['mixture', { neg: 'none of it' }, 'silent', 'wrong'],
      ['mixture', { neg: 'none of it' }, 'no site', 'missing'],
    ];
    for (const [id, change, row, expected] of table)
      assert.equal(outcomeOf(id, change, row), expected, `${id} ${JSON.stringify(change)} ${row}`);
  });

  it('counts values, targets, ε, reductions and names that differ', () => {
    const [record] = read('verdicts/expected.json') as readonly VerdictCase[];
    const table: readonly (readonly [Partial<VerdictCase>, string, Outcome])[] = [
      [{}, 'value', 'right'],
      [{ value: record!.value + 1e-4 }, 'value', 'wrong'],
      [{ gradient: record!.gradient.map((row) => row.map((g) => g + 1e-4)) }, 'value', 'wrong'],
      [{}, 'targets', 'right'],
      [{ off: 'e/(K-1)' }, 'targets', 'wrong'],
      [{ on: null }, 'targets', 'open'],
      [{}, 'ε', 'right'],
      [{ epsilon: 0.1 }, 'ε', 'wrong'],
      [{}, 'reduction', 'right'],
      [{ reduction: 'sum of w[y]' }, 'reduction', 'wrong'],
      [{ affine: false }, 'name', 'wrong'],
      [{}, 'no false alarm', 'right'],
      [{ note: 'entropy-floor would be wrong' }, 'no false alarm', 'wrong'],
      [{ name: 'softener', file: '../places/average.py' }, 'value', 'missing'],
    ];
    for (const [change, row, expected] of table)
      assert.equal(cameTo(scoreVerdict(path.join(folder, 'verdicts'), { ...record!, ...change }), row), expected, JSON.stringify(change));
  });

  it('reads the words of a report, and leaves to a person what it cannot decide', () => {
    const record = read('bugs/thirds/expected.json') as BugCase;
    const must: readonly (readonly [string, Outcome])[] = [
      ['smoothing 0.32', 'right'],
      ['smoothing 0.3', 'missing'],
      ['value 1.73861', 'right'],
      ['value 1.73860', 'missing'],
      ['line 3 value 1.73861', 'right'],
      ['line 2 value 1.73861', 'missing'],
      ['on 0.744, off 0.064', 'right'],
      ['on 0.744, off 0.065', 'missing'],
      ['kldiv-mean', 'missing'],
      ['entropy-floor', 'right'],
      ['found', 'right'],
      ['says why', 'open'],
    ];
    const mustNot: readonly (readonly [string, Outcome])[] = [
      ['"Uniform … 0.744"', 'wrong'],
      ['"fill/scatter with ε = 0.32"', 'right'],
      ['entropy-floor', 'wrong'],
      ['entropy-floor on alpha', 'right'],
      ['ε = 0.32', 'wrong'],
      ['TypeError', 'right'],
      ['"uniform" for line 1', 'right'],
      ['taken for another', 'open'],
    ];
    const outcomesOf = (change: Partial<BugCase>): readonly Outcome[] =>
      scoreBug(path.join(folder, 'bugs/thirds'), 'thirds', { ...record, must: [], must_not: [], ...change }).map(({ outcome }) => outcome);
    for (const [statement, expected] of must) assert.deepEqual(outcomesOf({ must: [statement] }), [expected], statement);
    for (const [statement, expected] of mustNot) assert.deepEqual(outcomesOf({ must_not: [statement] }), [expected], statement);
  });

  it('counts an exception as an accusation, a named gap as honest', () => {
    const outcomesOf = (file: string): readonly Outcome[] =>
      scoreRun('public', path.join(folder, 'public'), file).map(({ outcome }) => outcome);
    assert.deepEqual(outcomesOf('mixture.py'), ['right']);
    assert.deepEqual(outcomesOf('named.py'), ['unsupported']);
    assert.deepEqual(outcomesOf('raises.py'), ['wrong']);
    assert.deepEqual(outcomesOf('../places/average.py'), ['missing']);
  });

  it('counts what a project’s losses are used with', () => {
    const record = read('projects/tiles/expected.json') as ProjectCase;
    const [use] = record.uses;
    const pointsOf = (change: Partial<ProjectCase>): readonly Point[] =>
      scoreProject(path.join(folder, 'projects/tiles'), ['train.py'], { ...record, ...change });
    const uses: readonly (readonly [object, string, Outcome])[] = [
      [{}, 'place', 'right'],
      [{}, 'ε', 'right'],
      [{ epsilon: { value: 0.2, chain: [] } }, 'ε', 'wrong'],
      [{}, 'targets', 'right'],
      [{ on: 0.87 }, 'targets', 'wrong'],
      [{}, 'reduction', 'right'],
      [{ reduction: 'sum' }, 'reduction', 'wrong'],
      [{ classes: { value: 9, chain: [] } }, 'classes', 'missing'],
      [{ construction: { file: 'train.py', line: 1 } }, 'place', 'missing'],
    ];
    for (const [change, row, expected] of uses)
      assert.equal(cameTo(pointsOf({ uses: [{ ...use!, ...change }] }), row), expected, JSON.stringify(change));
    const floor = { rules: ['entropy-floor'], words: [] };
    const notSaid = (places: readonly { readonly file: string; readonly line: number }[] | null): Outcome | undefined =>
      cameTo(pointsOf({ mustNotSay: [{ ...floor, what: 'a floor', places }] }), 'not said');
    assert.equal(notSaid(null), 'wrong');
    assert.equal(notSaid([{ file: 'train.py', line: 4 }]), 'wrong');
    assert.equal(notSaid([{ file: 'train.py', line: 9 }]), 'right');
    const mistake = (line: number): Outcome | undefined =>
      cameTo(pointsOf({ mistakes: [{ ...floor, id: 'floor', places: [{ file: 'train.py', line }] }] }), 'mistakes');
    assert.equal(mistake(2), 'right');
    assert.equal(mistake(8), 'missing');
  });

  it('reads formulas of e and K', () => {
    const at = { e: 0.2, K: 5 };
    const table: readonly (readonly [string, number])[] = [
      ['1-e+e/K', 0.84],
      ['e/(K-1)', 0.05],
      ['(e/(K-1)+e/K)/2', 0.045],
      ['1-e+e/(2*K)', 0.82],
      ['-e', -0.2],
      ['0.9', 0.9],
    ];
    for (const [text, expected] of table) assert.ok(Math.abs(valueOfFormula(text, at) - expected) < 1e-12, text);
    assert.throws(() => valueOfFormula('1-(e', at));
    assert.throws(() => valueOfFormula('e K', at));
  });
});
