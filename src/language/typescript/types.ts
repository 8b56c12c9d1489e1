import type { SyntaxNode } from '@lezer/common';
import type { Expression } from '../program';
import { childrenOf, rangeOf, sourceOf, type Lowering } from './lowering';

/** `number`, `tf.Tensor2D`, `Array<number>`: the named types an annotation says. Anything else says nothing here. */
export function lowerAnnotation(lowering: Lowering, annotation: SyntaxNode | null): Expression | null {
  const type = annotation === null ? undefined : childrenOf(annotation)[1];
  return type === undefined ? null : lowerType(lowering, type);
}

function lowerType(lowering: Lowering, type: SyntaxNode): Expression | null {
  const range = rangeOf(lowering, type);
  if (type.name === 'TypeName') return { kind: 'name', range, name: sourceOf(lowering, type) };
  if (type.name === 'ParameterizedType') return type.firstChild === null ? null : lowerType(lowering, type.firstChild);
  if (type.name !== 'IndexedType') return null;
  const [first, ...rest] = childrenOf(type).filter((child) => child.name === 'TypeName');
  if (first === undefined) return null;
  let lowered: Expression = { kind: 'name', range: rangeOf(lowering, first), name: sourceOf(lowering, first) };
  for (const part of rest) {
    const nameRange = rangeOf(lowering, part);
    lowered = {
      kind: 'attribute',
      range: { start: range.start, end: nameRange.end },
      object: lowered,
      name: sourceOf(lowering, part),
      nameRange,
      optional: false,
    };
  }
  return lowered;
}
