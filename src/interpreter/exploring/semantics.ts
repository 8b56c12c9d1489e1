/** A language's semantics in a run that explores: each operation as it is, but for what meets an unknown. */
import type { Expression } from '../../language/program';
import { Raised } from '../exceptions';
import type { Frame, Machine, Semantics } from '../machine';
import { provenanceOf } from '../provenance';
import type { UnknownValue, Value } from '../value';
import { bool, int, str, tuple } from '../value';
import { mostAlternatives, unknownSpread, type Exploration } from './exploration';
import type { Facts } from './facts';
import { factsOf, factsOfArithmetic, factsOfItem, sizesOf } from './facts';

export function exploringSemantics(machine: Machine, base: Semantics, exploration: Exploration): Semantics {
  const { absorbing, oneOf } = exploration;

  /** An operation on one of several values is one of several outcomes. */
  function each(value: Value, operation: (one: Value) => Value): Value | null {
    const alternatives = factsOf(value)?.alternatives;
    return alternatives === undefined
      ? null
      : oneOf(
          alternatives.map((one) =>
            absorbing(
              [value],
              () => ({}),
              () => operation(one),
            ),
          ),
        );
  }

  const derived = (result: Value, ...from: readonly Value[]): Value =>
    provenanceOf(result) === null && from.some((value) => provenanceOf(value) !== null)
      ? exploration.stop(
          result,
          machine.here,
          from.filter((value) => provenanceOf(value) !== null),
        )
      : result;

  function binary(operator: Parameters<Semantics['binary']>[0], left: Value, right: Value): Value {
    const result = combined(operator, left, right);
    exploration.work(operator, [left, right], result);
    return result;
  }

  function combined(operator: Parameters<Semantics['binary']>[0], left: Value, right: Value): Value {
    const several =
      each(left, (one) => binary(operator, one, right)) ??
      (left.kind === 'unknown' ? null : each(right, (one) => binary(operator, left, one)));
    if (several !== null) return several;
    const facts = () => (operator === '@' ? productFacts(left, right) : arithmeticFacts(operator, left, right));
    if (left.kind === 'unknown' || right.kind === 'unknown') return absorbed(left, right, facts());
    return derived(
      absorbing([left, right], facts, () => base.binary(operator, left, right)),
      left,
      right,
    );
  }

  function augmented(operator: Parameters<Semantics['augmented']>[0], left: Value, right: Value): Value {
    if (left.kind === 'unknown' || right.kind === 'unknown') {
      // A list that something unknown is added to stays the list, with one item more that is not known.
      if (left.kind === 'list' && operator === '+') {
        left.items.push(right);
        return left;
      }
      return binary(operator, left, right);
    }
    return derived(
      absorbing(
        [left, right],
        () => ({}),
        () => base.augmented(operator, left, right),
      ),
      left,
      right,
    );
  }

  const arithmeticFacts = (operator: string, left: Value, right: Value): Facts =>
    factsOfArithmetic(operator, left, right, exploration.placeOf(machine.here));

  function productFacts(left: Value, right: Value): Facts {
    const last = sizesOf(right)?.at(-1) ?? null;
    const sizes = sizesOf(left);
    if (sizes !== null) return { isTensor: true, sizes: [...sizes.slice(0, -1), last] };
    return { isTensor: true, ...(last === null ? {} : { lastSize: last }) };
  }

  /** What arithmetic with an unknown gives. */
  function absorbed(left: Value, right: Value, facts: Facts): UnknownValue {
    exploration.absorbed++;
    const named = left.kind === 'unknown' ? left : right;
    return exploration.unknown(named.kind === 'unknown' ? named.what : 'a value that is not known', facts);
  }

  function getAttribute(object: Value, name: string): Value {
    if (object.kind !== 'unknown') return read(object, () => base.getAttribute(object, name));
    const kept = exploration.attached(object, name);
    if (kept !== null) return kept;
    exploration.absorbed++;
    if (object.facts?.wraps !== undefined && name === 'module') return object.facts.wraps;
    const several = each(object, (one) => getAttribute(one, name));
    if (several !== null) return several;
    const { wraps } = object.facts ?? {};
    if (wraps !== undefined) {
      const found = absorbing(
        [object],
        () => ({}),
        () => base.getAttribute(wraps, name),
      );
      // What the wrapped one lacks may be the wrapper's own.
      if (found.kind !== 'unknown' && found.kind !== 'undefined') return found;
    }
    const { sizes } = object.facts ?? {};
    if (name === 'shape' && sizes !== undefined)
      return tuple(
        sizes.map((size, axis) => size ?? exploration.unknown(`${object.what}.shape[${axis}]`, axis === 0 ? { lengthOf: object } : {})),
      );
    if (name === 'ndim' && sizes !== undefined) return int(sizes.length);
    // The scores of a model's output are what its head gives.
    const { lastSize } = object.facts ?? {};
    if (name === 'logits' && lastSize !== undefined)
      return exploration.unknown(`${object.what}.logits`, { isTensor: true, lastSize, member: { of: object, name } });
    const transposed = name === 'T' && sizes !== undefined ? { isTensor: true as const, sizes: sizes.toReversed() } : {};
    return exploration.unknown(`${object.what}.${name}`, { ...transposed, member: { of: object, name } });
  }

  /** `.size()` and `.size(1)` of a tensor whose sizes are known. */
  function sizeOf(callee: Value, args: readonly Value[]): Value | null {
    const member = factsOf(callee)?.member;
    if (member === undefined || (member.name !== 'size' && member.name !== 'dim' && member.name !== 'get_shape')) return null;
    const { sizes, lastSize } = member.of.facts ?? {};
    const [axis] = args;
    if (sizes === undefined) return member.name === 'size' && axis?.kind === 'int' && axis.value === -1n ? (lastSize ?? null) : null;
    if (member.name === 'dim') return int(sizes.length);
    const shape = getAttribute(member.of, 'shape');
    return args.length === 0 ? shape : getItem(shape, args[0]!);
  }

  function read(object: Value, run: () => Value): Value {
    return exploration.taken(
      object,
      absorbing([object], () => ({}), run),
    );
  }

  function getItem(object: Value, index: Value): Value {
    const several = each(object, (one) => getItem(one, index));
    if (several !== null) return several;
    if (object.kind === 'unknown') {
      const key = index.kind === 'str' ? `'${index.value}'` : index.kind === 'int' ? String(index.value) : '…';
      const kept = exploration.attached(object, `[${key}]`);
      if (kept !== null) return kept;
      exploration.absorbed++;
      if (object.facts?.items !== undefined) return object.facts.items;
      // The last of the sizes of a tensor of a rank that is not known.
      const member = object.facts?.member;
      const last = member?.name === 'shape' && index.kind === 'int' && index.value === -1n ? member.of.facts?.lastSize : undefined;
      return (
        last ??
        exploration.unknown(`${object.what}[${key}]`, {
          ...factsOfItem(object, index),
          ...(object.facts?.member?.name === 'shape' && key === '0' ? { lengthOf: object.facts.member.of } : {}),
          ...(key === '…' ? {} : { member: { of: object, name: `[${key}]` } }),
        })
      );
    }
    if (index.kind === 'unknown') {
      const found = each(index, (one) => getItem(object, one));
      if (found !== null) return found;
      // A table whose key is not known gives one of its entries.
      const entries =
        object.kind === 'dict'
          ? [...object.entries].map(([, value]) => value)
          : object.kind === 'object'
            ? [...object.properties.values()]
            : null;
      if (entries !== null && entries.length > 0 && entries.length <= mostAlternatives) return oneOf(entries);
      exploration.absorbed++;
      return exploration.unknown(`an item whose key is not known (${index.what})`);
    }
    return read(object, () => base.getItem(object, index));
  }

  return {
    ...base,
    truthy: (value) => (value.kind === 'unknown' ? true : base.truthy(value)),
    isNullish: (value) => value.kind !== 'unknown' && base.isNullish(value),
    unary(operator, operand) {
      const several = each(operand, (one) => base.unary(operator, one));
      if (several !== null) return several;
      if (operand.kind === 'unknown')
        return absorbed(operand, operand, operator === 'not' ? {} : arithmeticFacts(operator, operand, operand));
      return derived(
        absorbing(
          [operand],
          () => ({}),
          () => base.unary(operator, operand),
        ),
        operand,
      );
    },
    binary,
    augmented(operator, left, right) {
      const result = augmented(operator, left, right);
      exploration.work(operator, [left, right], result);
      return result;
    },
    compare(operator, left, right) {
      if (operator === 'is' || operator === 'is not') {
        if (left.kind === 'unknown' || right.kind === 'unknown') {
          if (left === right) return bool(operator === 'is');
          // What is known to be a tensor, or was read from one, is not None.
          if (factsOf(left)?.isTensor === true && right.kind === 'none') return bool(operator !== 'is');
          return absorbed(left, right, {});
        }
        return bool(isIdentical(left, right) === (operator === 'is'));
      }
      const several = each(left, (one) => (one.kind === 'unknown' ? absorbed(one, right, {}) : base.compare(operator, one, right)));
      if (several !== null) return several;
      if (left.kind === 'unknown' || right.kind === 'unknown') return absorbed(left, right, arithmeticFacts(operator, left, right));
      return absorbing(
        [left, right],
        () => ({}),
        () => base.compare(operator, left, right),
      );
    },
    getAttribute,
    setAttribute(object, name, value) {
      if (object.kind === 'unknown') exploration.attach(object, name, value);
      else {
        remember(object, name);
        base.setAttribute(object, name, value);
      }
    },
    deleteAttribute(object, name) {
      if (object.kind !== 'unknown') base.deleteAttribute(object, name);
    },
    getItem,
    setItem(object, index, value) {
      if (object.kind === 'unknown' || object.kind === 'tensor') exploration.wroteInto(object, index, value);
      if (object.kind !== 'unknown') {
        if (index.kind === 'unknown') return;
        absorbing(
          [index, value],
          () => ({}),
          () => {
            base.setItem(object, index, value);
            return value;
          },
        );
        return;
      }
      exploration.attach(
        object,
        `[${index.kind === 'str' ? `'${index.value}'` : index.kind === 'int' ? String(index.value) : '…'}]`,
        value,
      );
    },
    deleteItem(object, index) {
      if (object.kind !== 'unknown' && index.kind !== 'unknown') base.deleteItem(object, index);
    },
    iterate(value) {
      if (value.kind !== 'unknown') return base.iterate(value);
      const { alternatives } = value.facts ?? {};
      const iterable = alternatives?.find((one) => one.kind === 'list' || one.kind === 'tuple' || one.kind === 'dict');
      if (iterable !== undefined) return base.iterate(iterable);
      exploration.absorbed++;
      let left = 1;
      return { next: () => (left-- > 0 ? exploration.unknown(`an item of ${value.what}`, factsOfItem(value, int(0))) : null) };
    },
    call(callee, args, keywords, node) {
      const size = sizeOf(callee, args);
      if (size !== null) return size;
      // A copy of a container that is not known is as unknown.
      const [copied] = args;
      if (callee.kind === 'class' && copied?.kind === 'unknown' && containers.has(callee.qualifiedName) && callee.sealed) return copied;
      const frame = machine.frames.at(-1);
      const isCopy = copied !== undefined && callee.kind === 'class' && containers.has(callee.qualifiedName) && callee.sealed;
      const run = () =>
        callee.kind === 'unknown'
          ? exploration.callUnknown(callee, args, keywords)
          : absorbing(
              [callee],
              () => ({}),
              () => base.call(callee, args, keywords, node),
            );
      const result = frame?.unit.isPersons === true ? exploration.watched(callee, args, keywords, node, run) : run();
      return isCopy ? exploration.taken(copied, result) : result;
    },
    mapping(entries) {
      return absorbing(
        entries.map(([, value]) => value),
        () => ({}),
        () => base.mapping(entries.filter(([key, value]) => !(key === null && value.kind === 'unknown') && key?.kind !== 'unknown')),
      );
    },
    formatPart(part, value, spec) {
      if (value.kind === 'unknown') return `‹${value.what}›`;
      const text = absorbing(
        [value],
        () => ({}),
        () => str(base.formatPart(part, value, spec)),
      );
      return text.kind === 'str' ? text.value : '‹…›';
    },
    lookup(frame, name) {
      try {
        return absorbing(
          [],
          () => ({}),
          () => base.lookup(frame, name),
        );
      } catch (error) {
        if (!frame.unit.isPersons || exploration.guarded > 0 || !isUndefined(error)) throw error;
        // A name that nothing defines: a passage of a program, whose rest has it. Run alone, the program ends here.
        exploration.fail(machine.here, error);
        exploration.uncertain++;
        return exploration.unknown(name);
      }
    },
    destructure(frame, target, value, declaration) {
      const known = fitting(target, value);
      if (known !== null) {
        // What stands within may be unknown: `for i, (x, y) in enumerate(loader)`.
        known.forEach(([part, item]) => {
          bindPart(frame, part, item, declaration);
        });
        return;
      }
      if (value.kind !== 'unknown' || (target.kind !== 'sequence' && target.kind !== 'mapping')) {
        base.destructure(frame, target, value, declaration);
        return;
      }
      const whole = factsOf(value)?.alternatives?.find((one) => one.kind === 'tuple' || one.kind === 'list');
      if (whole !== undefined && target.kind === 'sequence') {
        try {
          base.destructure(frame, target, whole, declaration);
          return;
        } catch (error) {
          if (!(error instanceof Raised)) throw error;
        }
      }
      parts(target).forEach(([part, name], position) => {
        const key = name ?? `[${position}]`;
        bindPart(frame, part, name === null ? getItem(value, int(position)) : getAttribute(value, key), declaration);
      });
    },
    bindParameters(fn, args, keywords, scope) {
      try {
        base.bindParameters(fn, args, keywords, scope);
      } catch (error) {
        // A call that spread something unknown over the parameters: what it leaves open is unknown too.
        if (!(error instanceof Raised) || ![...args, ...keywords.values()].some((value) => value.kind === 'unknown')) throw error;
        const spread = keywords.get(unknownSpread);
        fn.code.parameters.forEach((parameter, position) => {
          const { name, style } = parameter;
          if (style === 'variadic') scope.names.set(name, tuple([]));
          else if (style === 'keywordVariadic') scope.names.set(name, spread ?? exploration.unknown(name));
          else {
            const open = spread === undefined ? exploration.unknown(name) : getItem(spread, str(name));
            const byDefault = fn.defaults.get(name);
            const left = byDefault === undefined ? open : spread === undefined ? byDefault : oneOf([byDefault, open]);
            scope.names.set(name, scope.names.get(name) ?? keywords.get(name) ?? args[position] ?? left);
          }
        });
      }
    },
  };

  /** Each of several targets with its item, where some of the items are unknown and are taken apart further. */
  function fitting(target: Expression, value: Value): readonly (readonly [Expression, Value])[] | null {
    if (target.kind !== 'sequence' || (value.kind !== 'tuple' && value.kind !== 'list')) return null;
    const { items } = target;
    if (items.length !== value.items.length || items.some(({ kind }) => kind === 'starred')) return null;
    const isOpen = items.some((item, i) => item.kind === 'sequence' && holdsUnknown(value.items[i]!));
    return isOpen ? items.map((item, i) => [item, value.items[i]!] as const) : null;
  }

  function bindPart(frame: Frame, part: Expression, value: Value, declaration: Parameters<Semantics['destructure']>[3]): void {
    if (part.kind === 'assignment') {
      // `{ smoothing = 0.1 }` of an object that is not known: its value, or the default.
      bindPart(frame, part.target, oneOf([machine.evaluate(part.value, frame), value]), declaration);
      return;
    }
    if (part.kind === 'starred') bindPart(frame, part.value, value, declaration);
    else frame.semantics.destructure(frame, part, value, declaration);
  }

  function parts(target: Extract<Expression, { kind: 'sequence' | 'mapping' }>): readonly (readonly [Expression, string | null])[] {
    if (target.kind === 'sequence') return target.items.map((item) => [item, null] as const);
    return target.entries.map((entry) => {
      const key = entry.key;
      const name = key?.kind === 'constant' && key.value.type === 'string' ? key.value.value : key?.kind === 'name' ? key.name : '…';
      return [entry.value, name] as const;
    });
  }

  /** While branches are taken both ways, what an attribute was before is kept. */
  function remember(object: Value, name: string): void {
    const journal = exploration.journal;
    if (journal === null || journal.some((entry) => entry.object === object && entry.name === name)) return;
    journal.push({ object, name, before: machine.findAttribute(object, name) });
  }
}

const holdsUnknown = (value: Value): boolean =>
  value.kind === 'unknown' || ((value.kind === 'tuple' || value.kind === 'list') && value.items.some(holdsUnknown));

/** A name that is not bound anywhere; one that is bound only later is the program's own error. */
const isUndefined = (error: unknown): error is Raised =>
  error instanceof Raised && (error.exception.class.name === 'NameError' || error.exception.class.name === 'ReferenceError');

const containers: ReadonlySet<string> = new Set(['dict', 'list', 'tuple', 'set', 'frozenset']);

/** Python's `is`, for values of which each stop of their way is a copy. */
function isIdentical(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (left.kind !== right.kind) return false;
  switch (left.kind) {
    case 'none':
    case 'undefined':
      return true;
    case 'bool':
    case 'int':
    case 'float':
    case 'str':
      return left.value === (right as typeof left).value;
    default:
      return false;
  }
}
