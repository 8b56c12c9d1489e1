/** gin's text → bindings with their places: `target.parameter = value`, macros, includes; values are Python's literals, `@name` and `%name`. */
import type { Context } from '../../context';
import { Dictionary } from '../../dictionary';
import type { Value } from '../../value';
import { FALSE, NONE, TRUE, dict, float, int, list, str, tuple } from '../../value';
import { notKnown } from './outside';
import type { Source } from './source';

interface Binding {
  readonly target: string;
  /** '' for a macro. */
  readonly parameter: string;
  readonly value: Value;
}

interface Makers {
  readonly reference: (name: string, isCalled: boolean) => Value;
  readonly macro: (name: string) => Value;
}

export function readGin(context: Context, source: Source, make: Makers): readonly Binding[] {
  const { text } = source;
  const bindings: Binding[] = [];
  let at = 0;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at += found[0].length;
    return found;
  };
  /** Blanks, comments and line ends; inside of brackets these separate nothing. */
  const gap = (): void => {
    match(/(?:[ \t\r\n]|\\\n|#[^\n]*)*/y);
  };

  function items(end: string): Value[] {
    const read: Value[] = [];
    at++;
    gap();
    while (at < text.length && text[at] !== end) {
      read.push(value());
      gap();
      if (text[at] === ',') at++;
      gap();
    }
    at++;
    return read;
  }

  function mapping(): Value {
    const entries = new Dictionary();
    at++;
    gap();
    while (at < text.length && text[at] !== '}') {
      const key = value();
      gap();
      if (text[at] === ':') at++;
      gap();
      entries.set(key, value(), context);
      gap();
      if (text[at] === ',') at++;
      gap();
    }
    at++;
    return dict(entries);
  }

  function value(keyStart?: number): Value {
    context.tick();
    const start = at;
    const first = text[at];
    if (first === '[') return list(items(']'));
    if (first === '{') return mapping();
    if (first === '(') {
      const read = items(')');
      return read.length === 1 && !/,\s*\)$/.test(text.slice(start, at)) ? read[0]! : tuple(read);
    }
    const reference = match(/@([\w./]+)(\(\))?/y);
    if (reference !== null) return make.reference(reference[1]!, reference[2] !== undefined);
    const macro = match(/%([\w./]+)/y);
    if (macro !== null) return make.macro(macro[1]!);
    const quoted = match(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"/y);
    if (quoted !== null) return source.placed(str((quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1')), start, at, keyStart);
    const word = match(/[-+\w.]+/y)?.[0];
    if (word === undefined) {
      match(/[^\n]*/y);
      return notKnown(context, `gin: ${text.slice(start, at)}`);
    }
    return source.placed(literal(word) ?? notKnown(context, `gin: ${word}`), start, at, keyStart);
  }

  for (;;) {
    gap();
    if (at >= text.length) break;
    const start = at;
    if (match(/import\s[^\n]*|from\s[^\n]*/y) !== null) continue;
    const included = match(/include\s+['"]([^'"\n]+)['"]/y);
    if (included !== null) {
      bindings.push({ target: 'include', parameter: '', value: str(included[1]!) });
      continue;
    }
    const key = match(/([\w./]+)[ \t]*=[ \t]*(?:\\\n)?[ \t]*/y);
    if (key === null) {
      // A line that is no binding says nothing here.
      match(/[^\n]*/y);
      continue;
    }
    const dot = key[1]!.lastIndexOf('.');
    const read = value(start);
    bindings.push({ target: dot < 0 ? key[1]! : key[1]!.slice(0, dot), parameter: dot < 0 ? '' : key[1]!.slice(dot + 1), value: read });
  }
  return bindings;
}

function literal(word: string): Value | null {
  if (word === 'None') return NONE;
  if (word === 'True' || word === 'False') return word === 'True' ? TRUE : FALSE;
  const digits = word.replaceAll('_', '').replace(/^\+/, '');
  if (/^-?\d+$/.test(digits)) return int(BigInt(digits));
  return /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(digits) ? float(Number(digits)) : null;
}
