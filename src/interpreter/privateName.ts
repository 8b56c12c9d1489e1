import type { Frame } from './machine';
import type { Scope } from './scope';

/** `__name` inside a class is `_Class__name`, so that a subclass's does not hide it. */
export function privateName(frame: Frame, name: string): string {
  if (!name.startsWith('__') || name.endsWith('__') || frame.unit.language !== 'python') return name;
  for (let scope: Scope | null = frame.scope; scope !== null; scope = scope.parent) {
    const cls = scope.names.get('__class__');
    const body = scope.kind === 'class' ? scope.names.get('__qualname__') : undefined;
    const owner = cls?.kind === 'class' ? cls.name : body?.kind === 'str' ? body.value.slice(body.value.lastIndexOf('.') + 1) : null;
    if (owner !== null) return owner.replace(/^_+/, '') === '' ? name : `_${owner.replace(/^_+/, '')}${name}`;
  }
  return name;
}
