/** YAML text → values with their places. The dialects differ in what a plain word is: PyYAML reads `1e-3` as text and `on` as True. */
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, ParsedNode, Scalar } from 'yaml';
import type { Context } from '../../context';
import { Dictionary } from '../../dictionary';
import type { Value } from '../../value';
import { FALSE, NONE, TRUE, dict, float, int, list, str } from '../../value';
import { notKnown } from './outside';
import type { Source } from './source';

/** PyYAML's (YAML 1.1), OmegaConf's (the same, with floats as Python writes them), or YAML 1.2's core (ruamel, JavaScript). */
export type Dialect = 'pyyaml' | 'omegaconf' | 'core';

export class YamlError extends Error {}

/** The documents of a text; throws YamlError. */
export function readYaml(context: Context, source: Source, dialect: Dialect): readonly Value[] {
  const documents = parseAllDocuments(source.text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new YamlError(error.message.split('\n')[0] ?? error.message);
    return document.contents === null ? NONE : reader(context, source, dialect, document).value(document.contents);
  });
}

function reader(context: Context, source: Source, dialect: Dialect, document: Document.Parsed) {
  // An anchor's node is one value, however often it is named.
  const made = new Map<unknown, Value>();

  function value(node: ParsedNode | null, keyStart?: number): Value {
    if (node === null) return NONE;
    const known = made.get(node);
    if (known !== undefined) return known;
    context.tick();
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined || isAlias(target)) throw new YamlError(`found undefined alias '${node.source}'`);
      return value(target as ParsedNode);
    }
    if (isScalar(node)) {
      const [start, end] = node.range;
      const read = source.placed(scalar(node), start, end, keyStart);
      made.set(node, read);
      return read;
    }
    if (isSeq(node)) {
      const items: Value[] = [];
      const read =
        node.tag?.endsWith('python/tuple') === true ? ({ kind: 'tuple', items, class: null, attributes: null } as const) : list(items);
      made.set(node, read);
      items.push(...node.items.map((item) => value(item)));
      return read;
    }
    if (!isMap(node)) return notKnown(context, 'this YAML');
    const entries = new Dictionary();
    const read = dict(entries);
    made.set(node, read);
    const merged: Value[] = [];
    for (const { key, value: of } of node.items as readonly { key: ParsedNode | null; value: ParsedNode | null }[]) {
      const entry = value(of, isScalar(key) ? key.range[0] : undefined);
      if (isScalar(key) && key.type === 'PLAIN' && key.value === '<<') merged.push(...(entry.kind === 'list' ? entry.items : [entry]));
      else entries.set(value(key), entry, context);
    }
    for (const from of merged) {
      if (from.kind !== 'dict') throw new YamlError('expected a mapping for merging');
      for (const [key, entry] of from.entries) if (!entries.has(key, context)) entries.set(key, entry, context);
    }
    return read;
  }

  function scalar(node: Scalar): Value {
    const text = String(node.value);
    const tag = node.tag?.replace('tag:yaml.org,2002:', '');
    if (tag === 'str' || tag === '!') return str(text);
    if (tag === 'float') return float(Number(text.replaceAll('_', '')));
    if (tag === 'int' || tag === 'bool' || tag === 'null') return plain(text, dialect);
    if (tag?.endsWith('python/none') === true) return NONE;
    if (tag?.endsWith('python/tuple') === true) return str(text);
    if (node.tag !== undefined && tag !== undefined) return notKnown(context, `YAML's tag ${node.tag}`);
    return node.type === 'PLAIN' ? plain(text, dialect) : str(text);
  }

  return { value };
}

const floats: Readonly<Record<Dialect, RegExp>> = {
  pyyaml: /^[-+]?(?:(?:\d[\d_]*)\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?)$/,
  omegaconf: /^[-+]?(?:\d[\d_]*\.[\d_]*(?:[eE][-+]?\d+)?|\d[\d_]*[eE][-+]?\d+|\.[\d_]+(?:[eE][-+]\d+)?)$/,
  core: /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/,
};

const words: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, NONE] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, TRUE] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, FALSE] as const),
]);
const oldWords: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...['yes', 'Yes', 'YES', 'on', 'On', 'ON'].map((word) => [word, TRUE] as const),
  ...['no', 'No', 'NO', 'off', 'Off', 'OFF'].map((word) => [word, FALSE] as const),
]);

/** A word without quotes. */
export function plain(text: string, dialect: Dialect): Value {
  const word = words.get(text) ?? (dialect === 'core' ? undefined : oldWords.get(text));
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(text)) return str(text);
  const digits = text.replaceAll('_', '');
  const isNegative = digits.startsWith('-');
  const whole = (of: string): Value => int(isNegative ? -BigInt(of) : BigInt(of));
  const bare = digits.replace(/^[-+]/, '');
  if (dialect === 'core') {
    if (/^[-+]?\d+$/.test(text)) return whole(bare);
    if (/^0o[0-7]+$|^0x[\da-fA-F]+$/.test(text)) return whole(text);
  } else {
    if (/^[-+]?(?:0|[1-9][\d_]*)$/.test(text)) return whole(bare);
    if (/^[-+]?0x[\da-fA-F_]+$|^[-+]?0b[01_]+$/.test(text)) return whole(bare);
    if (/^[-+]?0[0-7_]+$/.test(text)) return whole(`0o${bare.slice(1)}`);
    if (/^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/.test(text)) return int(sixties(bare, isNegative));
  }
  if (floats[dialect].test(text)) return float(Number(digits));
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return float(isNegative ? -Infinity : Infinity);
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return float(NaN);
  return str(text);
}

const sixties = (text: string, isNegative: boolean): number =>
  text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * (isNegative ? -1 : 1);
