/** Values of JavaScript as its built-in functions make them. */
import type { Context } from '../../context';
import { native, nativeClass, staticMethod } from '../../library';
import { provenanceOf, at } from '../../provenance';
import type { ClassValue, ObjectValue, Value } from '../../value';
import { UNDEFINED, float, list } from '../../value';

export const object = (entries: Iterable<readonly [string, Value]> = []): ObjectValue => ({ kind: 'object', properties: new Map(entries) });

export const fn = (name: string, call: (context: Context, args: readonly Value[]) => Value): Value =>
  native(name, '*args', (context, args) => call(context, args.rest));

/** What can be called, made with `new`, and has functions of its own. */
export function callable(
  name: string,
  make: (context: Context, args: readonly Value[]) => Value,
  statics: Iterable<readonly [string, Value]> = [],
): ClassValue {
  const create = fn(name, make);
  const members = Array.from(statics, ([key, value]) => [key, value.kind === 'native' ? staticMethod(value) : value] as const);
  return nativeClass(name, [], [['%new', create], ['%call', create], ...members], { sealed: true });
}

export const textOf = (value: Value | undefined): string | null => (value?.kind === 'str' ? value.value : null);

/** A member of an object; undefined where there is none, or it is no object. */
export const memberOf = (value: Value | undefined, name: string): Value | undefined =>
  value?.kind === 'object' ? value.properties.get(name) : undefined;

export const entriesOf = (value: Value | undefined): readonly (readonly [string, Value])[] =>
  value?.kind === 'object' ? [...value.properties] : [];

/** What a reader of JSON or YAML made, as JavaScript has it: objects, arrays and numbers, each with the way it has. */
export function asJavaScript(context: Context, value: Value): Value {
  switch (value.kind) {
    case 'int': {
      const way = provenanceOf(value);
      return way === null ? float(Number(value.value)) : at(float(Number(value.value)), way.place, [value]);
    }
    case 'list':
    case 'tuple':
      return list(value.items.map((item) => asJavaScript(context, item)));
    case 'dict':
      return object(Array.from(value.entries, ([key, item]) => [context.str(key), asJavaScript(context, item)] as const));
    default:
      return value;
  }
}

/** `label-smoothing` as `labelSmoothing`. */
export const camelCase = (name: string): string => name.replace(/-+(\w)/g, (_, letter: string) => letter.toUpperCase());

export const nothing = (name: string): Value => fn(name, () => UNDEFINED);
