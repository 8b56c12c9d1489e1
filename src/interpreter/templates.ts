/** str.format: '{0.name[key]!r:>{width}}'. */
import type { Context, Keywords } from './context';
import type { Value } from './value';
import { int, str } from './value';

export function formatTemplate(context: Context, template: string, args: readonly Value[], keywords: Keywords): string {
  let automatic = 0;

  function field(name: string): Value {
    const match = /^([^.[]*)(.*)$/s.exec(name)!;
    const first = match[1]!;
    let value: Value;
    if (first === '' || /^\d+$/.test(first)) {
      const index = first === '' ? automatic++ : Number(first);
      value = args[index] ?? context.raise('IndexError', `Replacement index ${index} out of range for positional args tuple`);
    } else value = keywords.get(first) ?? context.raiseWith('KeyError', [str(first)]);
    for (const [, attribute, key] of match[2]!.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
      if (attribute !== undefined) value = context.getAttribute(value, attribute);
      else if (key !== undefined) value = context.getItem(value, /^\d+$/.test(key) ? int(BigInt(key)) : str(key));
    }
    return value;
  }

  function expand(text: string, depth: number): string {
    if (depth > 2) return context.raise('ValueError', 'Max string recursion exceeded');
    let out = '';
    for (let i = 0; i < text.length; i++) {
      const c = text[i]!;
      if (c === '{' && text[i + 1] === '{') {
        out += '{';
        i++;
      } else if (c === '}') {
        if (text[i + 1] !== '}') return context.raise('ValueError', "Single '}' encountered in format string");
        out += '}';
        i++;
      } else if (c === '{') {
        const end = closing(text, i);
        if (end < 0) return context.raise('ValueError', "Single '{' encountered in format string");
        const replaced = replacement(text.slice(i + 1, end), depth);
        context.charge(replaced.length, 1);
        out += replaced;
        i = end;
      } else out += c;
    }
    return out;
  }

  function replacement(inside: string, depth: number): string {
    const match = /^([^!:]*(?:\[[^\]]*\][^!:]*)*)(?:!(.))?(?::(.*))?$/s.exec(inside);
    if (match === null) return context.raise('ValueError', 'expected a format specification');
    const [, name = '', conversion, spec] = match;
    let value = field(name);
    if (conversion === 'r' || conversion === 'a') value = str(context.repr(value));
    else if (conversion === 's') value = str(context.str(value));
    return context.format(value, spec === undefined ? '' : expand(spec, depth + 1));
  }

  return expand(template, 0);
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return i;
  }
  return -1;
}
