import { numberValue } from './code';
import type { Subject } from './rule';

/** Whether the sample or a default of the loss's own names the target as one to ignore. */
export function isIgnored({ sample, given, site: { definition } }: Subject, target: number): boolean {
  if (sample?.ignoreIndex !== undefined) return sample.ignoreIndex === target;
  // A sample with a padding class has the loss made with that class as the one to ignore.
  if (sample?.paddingIndex !== undefined) return sample.paddingIndex === target;
  const callables =
    definition.kind === 'class'
      ? [definition.constructor, definition.method]
      : definition.kind === 'function'
        ? [definition.callable, definition.factory]
        : [];
  const parameters = callables.flatMap((callable) => callable?.parameters ?? []);
  // What the program passes counts before the default.
  return parameters.some(
    ({ name, defaultValue }) => /^ignore_?(index|idx|id|label)$/iu.test(name) && (given?.(name) ?? numberValue(defaultValue)) === target,
  );
}
