import assert from 'node:assert/strict';
import { lineIndex } from '../../../src/language/positions';
import { parseTypeScript } from '../../../src/language/typescript';
import { shapeOf } from './shape';

const valid: readonly (readonly [source: string, shape: string])[] = [
  ["import * as tf from '@tensorflow/tfjs';", 'import @tensorflow/tfjs as tf'],
  [
    "import d, { a as b, type T, c } from 'x'; import type { U } from 'y'; import 'z';",
    'import x as _ {default>d a>b c>c}; import z as _ {}',
  ],
  ['const a = 1, b = .5; let c; var d: number = 0x10;', 'const a = 1f; const b = 0.5f; let c = _; var d: number = 16f'],
  [
    'export const f = (x: tf.Tensor2D, { smoothing = 0.1, k: [q, ...r], ...rest }: O = {}, ...xs: number[]): T => x.mul(-1) as T;',
    'const f = lambda[x: tf.Tensor2D, {"smoothing": (smoothing := 0.1f), "k": list<q *r>, **rest}: O={}, *xs] => x.mul((- 1f))',
  ],
  ['x => { return x!; }', 'lambda[x] => {return x}'],
  ['a ?? b || c && !d', '((a ?? b) or (c and (not d)))'],
  ['a?.b?.[0]?.(1)', 'a?.b?.[0f]?.(1f)'],
  ['a < b === c >= d', '((a < b) === (c >= d))'],
  ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
  ['-a * b ** c % 2', '(((- a) * (b ** c)) % 2f)'],
  ['`x${a + 1}y\\n`; `plain`', 'f<"x" {(a + 1f)} "y\\n">; "plain"'],
  ["'a\\x41\\u{1F600}\\\nb'", '"aA😀b"'],
  ['[1, , ...a]', 'list<1f undefined *a>'],
  ["({ a, 'b-c': 1, [d]: 2, ...e, f() { return this.a; } })", '{"a": a, "b-c": 1f, d: 2f, **e, "f": function[] => {return this.a}}'],
  ['[a, , b = 2] = c; ({ d, e: f } = h)', 'list<a undefined (b := 2f)> = c; {"d": d, "e": f} = h'],
  ['a += 1; a ||= b; i++; const j = i++; --i', 'a += 1f; (a or:= b); i += 1f; const j = ((i +:= 1f) - 1f); i -= 1f'],
  ['typeof a; void 0; undefined; null; true', '(typeof a); (void 0f); undefined; none; true'],
  ['delete a.b; x = (y, z)', 'del a.b; x = list<y z>[1f]'],
  ['new A(1).b(new C); new a.B<T>(x)', 'new A(1f).b(new C()); new a.B(x)'],
  ['f<number>(1); x satisfies T; <T>y', 'f(1f); x; y'],
  ['a instanceof B; "k" in o', '(a instanceof B); ("k" in o)'],
  [
    '/re/g; 10n; f`t`; import("x")',
    'UNSUPPORTED(a regular expression); UNSUPPORTED(a bigint); UNSUPPORTED(a tagged template); UNSUPPORTED(import())',
  ],
  ['if (a) b; else if (c) { d }', 'if a {b} else {if c {d} else {}}'],
  ['for (let i = 0; i < 3; i++) { continue; }', 'block {let i = 0f; while (i < 3f) {continue} update (i +:= 1f) else {}}'],
  ['for (;;) break;', 'block {while true {break} else {}}'],
  ['for (const [a, b] of c) d(); for (const k in o) ;', 'for const list<a b> in c {d()} else {}; for const k in Object.keys(o) {} else {}'],
  ['while (a) b(); do { c() } while (d);', 'while a {b()} else {}; do-while d {c()} else {}'],
  ["switch (x) { case 'a': case 'b': y(); break; default: z(); }", 'block {if ((x === "a") or (x === "b")) {y()} else {z()}}'],
  ['switch (f()) { default: a(); break; case 1: return; }', 'block {const %switch = f(); if (%switch === 1f) {return _} else {a()}}'],
  ['switch (x) { case 1: a(); case 2: b(); }', 'UNSUPPORTED(a switch whose case falls through to the next)'],
  ['try { throw new Error("x") } catch (e) { a } finally { b }', 'try {raise new Error("x") from _} except _ as e {a} else {} finally {b}'],
  [
    'class A extends B<T> implements C { static n = 1; x?: number; #y = 2; constructor(private s = 0.1, readonly z?: number) { super(); } get v() { return this.#y; } static of() {} async m<T>(a: T) {} abstract q(): void; }',
    'class A(B) {x: number = _; #y = 2f; def constructor[field s=0.1f, field z: number] {super()}; get def v[] {return this.#y}; static def of[] {}; async def m[a: T] {}}; A.n = 1f',
  ],
  ['f(); function f() {} function* g() { yield 1; yield* h; }', 'def f[] {}; f(); def* g[] {(yield 1f); (yield from h)}'],
  [
    'export default function () {} export { a, b as c }; export * from "y"; export default x;',
    'def default[] {}; const c = b; import y as _ {*>*}; const default = x',
  ],
  [
    'interface I { a: number } type X = string; declare const z: number; function o(a: string): void; function o(a: any) {}',
    'def o[a: any] {}',
  ],
  ['enum E { A, B = 0.5, C = "c" }', 'const E = {"0": "A", "0.5": "B", "A": 0f, "B": 0.5f, "C": "c"}'],
  ['enum E { A = f() } namespace N.M { }', 'UNSUPPORTED(an enum whose members are computed); UNSUPPORTED(a namespace)'],
  ['namespace N { const a = 1; export const b = a; }', 'const N = lambda[] => {const a = 1f; const b = a; return {"b": b}}()'],
  ['const g = async function () { await h(); };', 'const g = function[] => {(await h())}'],
  ['#!/usr/bin/env node\n// c\n/* d */ a', 'a'],
];

const broken: readonly (readonly [name: string, source: string, shape: string, places: readonly string[]])[] = [
  [
    'two values side by side',
    'class A { f(s) { this.s = s 0.1;\n this.t = s; } }\nconst b = 1;',
    'class A() {def f[s] {INVALID; this.t = s}}; const b = 1f',
    ['1:29 0.1'],
  ],
  ['an open bracket', 'foo(a, b\nconst y = 3;', 'INVALID; const y = 3f', ['2:1 const']],
  [
    'a broken parameter list',
    'function h(a, { b = 1 ) { return 1; }\nconst k = 3',
    'def h[a, {"b": (b := 1f)}] {INVALID; return 1f}; const k = 3f',
    ['1:23 )'],
  ],
  ['half-typed code', 'const a = 1;\nconst b = ', 'const a = 1f; INVALID', ['2:11 ']],
];

describe('parseTypeScript', () => {
  for (const [source, shape] of valid) {
    it(JSON.stringify(source), () => {
      const program = parseTypeScript(source);
      assert.deepEqual(program.problems, []);
      assert.equal(shapeOf(program), shape);
    });
  }

  for (const [name, source, shape, places] of broken) {
    it(`reports ${name} and goes on`, () => {
      const program = parseTypeScript(source);
      const { at } = lineIndex(source);
      const found = program.problems.map(
        ({ range }) => `${at(range.start).line}:${at(range.start).column} ${source.slice(range.start, range.end)}`,
      );
      assert.deepEqual(found, places);
      assert.equal(shapeOf(program), shape);
    });
  }

  it('reads elements where it is told to', () => {
    const { problems } = parseTypeScript('const a = <div className="x">{b}</div>;', { jsx: true });
    assert.deepEqual(problems, []);
  });

  it('bounds nesting', () => {
    assert.match(parseTypeScript(`x = ${'('.repeat(1000)}1${')'.repeat(1000)}`).problems[0]?.message ?? '', /levels deep/);
  });
});
