import assert from 'node:assert/strict';
import { outputOf, run } from './run';

/** Source, and what a JavaScript engine prints for it. */
const table: readonly (readonly [string, string])[] = [
  // numbers and operators
  ['console.log(1 / 3, 7 % 3, -7 % 3, 2 ** 10, 5 / 0, 0 / 0)', '0.3333333333333333 1 -1 1024 Infinity NaN'],
  ['console.log(0.1 + 0.2, 1e21, 1e-7, -0 === 0)', '0.30000000000000004 1e+21 1e-7 true'],
  ['console.log(7 & 3, 1 << 4, ~5, -1 >>> 28, 5 ^ 1)', '3 16 -6 15 4'],
  ["console.log('a' + 1, 1 + '2', '3' * '4', [1] + [2], 1 + true, 1 + null)", 'a1 12 12 12 2 1'],
  ["console.log(1 == '1', 1 === '1', null == undefined, null === undefined, NaN === NaN)", 'true false true false false'],
  ["console.log(!'', !'0', !0, ![], !!{}, !NaN)", 'true false true false true true'],
  ["console.log(null ?? 'd', 0 ?? 'd', 0 || 'd', '' && 'x')", 'd 0 d '],
  ['let a = null; a ??= 4; a += 1; console.log(a)', '5'],
  [
    "console.log(typeof 1, typeof 's', typeof undefined, typeof null, typeof {}, typeof (() => 1))",
    'number string undefined object object function',
  ],
  ['console.log(1 < 2, "b" > "a", 3 >= "3")', 'true true true'],
  // optional chaining
  ['const o = { a: { b: 2 } }; console.log(o?.a?.b, o.x?.y.z, o.f?.(1))', '2 undefined undefined'],
  // template literals
  ['const e = 0.1; console.log(`on ${1 - e} of ${[1, 2]}`)', 'on 0.9 of 1,2'],
  // functions
  [
    'const f = (x, eps = 0.1, ...rest) => [x, eps, rest.length]; console.log(f(1), f(1, undefined, 3, 4), f(1, null))',
    '[ 1, 0.1, 0 ] [ 1, 0.1, 2 ] [ 1, null, 0 ]',
  ],
  [
    'function f({ smoothing = 0.1, k } = {}, [a, , b] = [1, 2, 3]) { return [smoothing, k, a, b]; } console.log(f(), f({ k: 3, smoothing: 0 }))',
    '[ 0.1, undefined, 1, 3 ] [ 0, 3, 1, 3 ]',
  ],
  ['const make = (n) => () => ++n; const c = make(4); c(); console.log(c())', '6'],
  ['console.log((function (a, b) { return a * b; })(3, 4))', '12'],
  [
    'const { a, ...rest } = { a: 1, b: 2, c: 3 }; const [x, ...more] = [1, 2, 3]; console.log(a, rest, x, more)',
    '1 { b: 2, c: 3 } 1 [ 2, 3 ]',
  ],
  ['const args = [1, 5, 3]; console.log(Math.max(...args), [...args, 0].length, { ...{ a: 1 }, b: 2 })', '5 4 { a: 1, b: 2 }'],
  // scope
  ['let x = 1; { let x = 2; x += 1; } console.log(x)', '1'],
  ['const fs = []; for (let i = 0; i < 3; i++) { fs.push(i); } console.log(fs)', '[ 0, 1, 2 ]'],
  ['for (const [k, v] of Object.entries({ a: 1, b: 2 })) console.log(k, v)', 'a 1\nb 2'],
  ['let s = 0; for (const x of [1, 2, 3, 4]) { if (x === 2) continue; if (x === 4) break; s += x; } console.log(s)', '4'],
  ['let i = 0; do { i += 2; } while (i < 5); while (i > 0) i -= 4; console.log(i)', '-2'],
  [
    "const f = (r) => { switch (r) { case 'sum': return 1; case 'mean': return 2; default: return 3; } }; console.log(f('sum'), f('mean'), f('x'))",
    '1 2 3',
  ],
  [
    'const k = 1; try { k = 2; } catch (e) { console.log(e.message, e instanceof TypeError, e.name) }',
    'Assignment to constant variable. true TypeError',
  ],
  ['console.log(nowhere)', 'ReferenceError: nowhere is not defined'],
  // arrays
  ['console.log([1, 2, 3].map((x) => x * 2).filter((x) => x > 2).reduce((a, b) => a + b, 0))', '10'],
  ['console.log([3, 1, 2].sort(), [10, 9, 1].sort(), [10, 9, 1].sort((a, b) => a - b))', '[ 1, 2, 3 ] [ 1, 10, 9 ] [ 1, 9, 10 ]'],
  ['console.log(Array.from({ length: 3 }, (_, i) => i * i), new Array(2).fill(0), Array.isArray([]))', '[ 0, 1, 4 ] [ 0, 0 ] true'],
  [
    'console.log([1, [2, [3]]].flat(), [1, 2, 3, 4].slice(1, -1), [1, 2].concat([3], 4), [1, 2].join("-"))',
    '[ 1, 2, [ 3 ] ] [ 2, 3 ] [ 1, 2, 3, 4 ] 1-2',
  ],
  [
    'console.log([1, 2, 3].indexOf(2), [NaN].includes(NaN), [1, 2].some((x) => x > 1), [1, 2].every((x) => x > 1), [5, 6].find((x) => x > 5))',
    '1 true true false 6',
  ],
  ['const a = [1]; a[2] = 3; console.log(a.length, a[1], a[7], a.at(-1))', '3 undefined undefined 3'],
  // strings, numbers, objects
  [
    "console.log('Mean'.toLowerCase(), ' x '.trim(), 'a,b'.split(','), 'abc'.slice(-2), 'abc'[1], 'x'.padStart(3, '.'))",
    "mean x [ 'a', 'b' ] bc b ..x",
  ],
  [
    'console.log((0.12345).toFixed(3), (1234.5).toPrecision(3), Number("2.5"), parseFloat("1.5x"), Number.isInteger(2))',
    '0.123 1.23e+3 2.5 1.5 true',
  ],
  ['console.log(Math.log(Math.E), Math.round(2.5), Math.max(), Math.hypot(3, 4), Math.sign(-2))', '1 3 -Infinity 5 -1'],
  [
    "const o = { a: 1, ['b' + 1]: 2, f() { return 3; } }; delete o.a; console.log(Object.keys(o), 'b1' in o, o.f())",
    "[ 'b1', 'f' ] true 3",
  ],
  ['console.log(JSON.stringify({ a: [1, "x", null], b: undefined, c: true }))', '{"a":[1,"x",null],"c":true}'],
  [
    'const m = new Map([["a", 1]]); m.set("b", 2); const s = new Set([1, 1, 2]); console.log(m.get("b"), m.size, s.size, s.has(2), [...m.keys()])',
    "2 2 2 true [ 'a', 'b' ]",
  ],
  ['const o = { eps: 0.1, on() { return 1 - this.eps; }, f: function () { return this.eps; } }; console.log(o.on(), o.f())', '0.9 0.1'],
  // classes
  [
    'class A { x = 1; static k = 5; constructor(y) { this.y = y; } get sum() { return this.x + this.y; } static make() { return new A(2); } add(n) { return this.sum + n; } }\n' +
      'class B extends A { z = this.x + 10; constructor() { super(4); } add(n) { return super.add(n) * 2; } }\n' +
      'console.log(A.make().sum, new B().add(1), new B().z, new B() instanceof A, A.k)',
    '3 12 11 true 5',
  ],
  [
    'class L { constructor(private readonly smoothing = 0.1, public k: number = 3) {} on() { return 1 - this.smoothing; } } console.log(new L().on(), new L(0.2).k)',
    '0.9 3',
  ],
  [
    'class L { smoothing: number; constructor(s: number) { this.smoothing = s; } loss = (x: number) => x * this.smoothing; } const f = new L(0.5).loss; console.log(f(4))',
    '2',
  ],
  ['class A {} A()', "TypeError: Class constructor A cannot be invoked without 'new'"],
  // exceptions
  [
    "try { throw new RangeError('eps') } catch (e) { console.log(e.name, e.message, e instanceof Error, `${e}`) } finally { console.log('done') }",
    'RangeError eps true RangeError: eps\ndone',
  ],
  [
    "class MyError extends Error { constructor(m) { super('my ' + m); this.code = 3; } } try { throw new MyError('x') } catch (e) { console.log(e.message, e.code, e instanceof MyError) }",
    'my x 3 true',
  ],
  ["throw new Error('smoothing must be in [0, 1)')", 'Error: smoothing must be in [0, 1)'],
  ['const f = () => { try { return 1; } finally { console.log("f"); } }; console.log(f())', 'f\n1'],
  ['undefined.x', "TypeError: Cannot read properties of undefined (reading 'x')"],
  ['const f = 3; f()', 'TypeError: f is not a function'],
  // async code is run at once
  ['async function f() { return 2; } console.log((await f()) + 1)', '3'],
  // TypeScript's own syntax
  [
    'interface O { readonly a?: number } type T = O | null; const f = <U,>(x: U): U => x; console.log((f(3) as number) + f<number>(1)!, ({ a: 1 } satisfies O).a)',
    '4 1',
  ],
];

describe('JavaScript semantics', () => {
  for (const [source, expected] of table) {
    it(source.replaceAll('\n', ' ').slice(0, 110), () => {
      assert.equal(outputOf(source), expected);
    });
  }

  it('reports an error at its place', () => {
    const source = 'const a = 1;\nconst b = a.c.d;';
    const [error] = run(source).errors;
    assert.equal(source.slice(error!.range.start, error!.range.end), 'a.c.d');
  });

  it('refuses what is not interpreted, by name', () => {
    assert.match(outputOf('class A { #x = 1 }\nnew A().constructor'), /Unsupported/);
    assert.equal(outputOf("import x from 'lodash';\nx.map([1])"), 'Unsupported: lodash.map');
    assert.equal(outputOf('[1].copyWithin(0)'), 'Unsupported: Array.prototype.copyWithin');
    assert.match(outputOf('/a/.test("a")'), /^Unsupported: /);
  });

  it('ends within its budgets', () => {
    const endings: readonly string[] = [
      'while (true) {}',
      'const f = () => f(); f()',
      '"x".repeat(1e12)',
      'new Array(1e12)',
      'const a = [1]; for (const x of a) a.push(x)',
    ];
    for (const source of endings) {
      const { errors } = run(source, { steps: 20_000, elements: 100_000, milliseconds: 2000 });
      assert.equal(errors.length, 1, source);
    }
  });
});
