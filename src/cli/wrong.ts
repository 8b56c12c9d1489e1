/** What both grammars of the command line share. */

/** Wrong usage, in a sentence for the person. */
export class Wrong extends Error {}

/** `--name=value` in its two halves; without a `=` the second is null. */
export function splitOnce(arg: string): readonly [string, string | null] {
  const at = arg.indexOf('=');
  return at < 0 ? [arg, null] : [arg.slice(0, at), arg.slice(at + 1)];
}
