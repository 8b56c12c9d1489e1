/** INI text → sections of options with their places, by configparser's rules. */
import type { Source } from './source';
import type { Value } from '../../value';
import { NONE, str } from '../../value';

export class IniError extends Error {}

export interface Section {
  readonly name: string;
  readonly options: readonly (readonly [string, Value])[];
}

/** Throws IniError. Lines that are indented deeper than their option go on with its value. */
export function readIni(source: Source): readonly Section[] {
  interface Option {
    readonly name: string;
    readonly keyStart: number;
    readonly indent: number;
    value: string | null;
    readonly start: number;
    end: number;
  }
  const sections: { readonly name: string; readonly options: Option[] }[] = [];
  let option: Option | null = null;
  let offset = 0;
  for (const line of source.text.split('\n')) {
    const lineStart = offset;
    offset += line.length + 1;
    const body = line.trim();
    if (body === '' || body.startsWith('#') || body.startsWith(';')) continue;
    const indent = line.length - line.trimStart().length;
    if (option !== null && indent > option.indent) {
      option.value = `${option.value ?? ''}\n${body}`;
      option.end = lineStart + line.trimEnd().length;
      continue;
    }
    const header = /^\[(.+)\]$/.exec(body);
    if (header !== null) {
      sections.push({ name: header[1]!, options: [] });
      option = null;
      continue;
    }
    const section = sections.at(-1);
    if (section === undefined) throw new IniError('File contains no section headers.');
    const pair = /^([^=:]+?)\s*([=:])\s*/.exec(body);
    const start = lineStart + indent + (pair?.[0].length ?? body.length);
    option = {
      name: (pair?.[1] ?? body).trim().toLowerCase(),
      keyStart: lineStart + indent,
      indent,
      value: pair === null ? null : body.slice(pair[0].length),
      start,
      end: lineStart + indent + body.length,
    };
    section.options.push(option);
  }
  return sections.map(({ name, options }) => ({
    name,
    options: options.map((item) => [
      item.name,
      item.value === null ? NONE : source.placed(str(item.value), item.start, item.end, item.keyStart),
    ]),
  }));
}
