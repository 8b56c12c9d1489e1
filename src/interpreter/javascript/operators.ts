/** JavaScript's operators on values. */
import type { BinaryOperator, ComparisonOperator, Unary } from '../../language/program';
import type { Machine } from '../machine';
import type { Value } from '../value';
import { UNDEFINED, bool, float, str } from '../value';
import { looseEquals, strictEquals, toNumber, toText, truthy, typeName } from './convert';
import { errorClasses, raiseError } from './errors';

export function unary(machine: Machine, operator: Unary['operator'], operand: Value): Value {
  switch (operator) {
    case 'not':
      return bool(!truthy(operand));
    case 'typeof':
      return str(typeName(operand));
    case 'void':
      return UNDEFINED;
    case '-':
      return float(-toNumber(machine, operand));
    case '+':
      return float(toNumber(machine, operand));
    case '~':
      return float(~toNumber(machine, operand));
  }
}

/** tfjs has no operators on tensors: `a - b` is NaN in JavaScript, which is never what its author meant. */
function noteTensorArithmetic(machine: Machine, operator: string, left: Value, right: Value): void {
  const isObject = (value: Value) => value.kind === 'instance' && value.class.name === 'Tensor';
  if (isObject(left) || isObject(right)) {
    machine.note(
      `The operator ${operator} does not work on tensors in JavaScript (it gives NaN or text): use tf.add, tf.sub, tf.mul, tf.div.`,
    );
  }
}

export function binary(machine: Machine, operator: BinaryOperator, left: Value, right: Value): Value {
  noteTensorArithmetic(machine, operator, left, right);
  if (operator === '+') {
    const isText = (value: Value) => !['float', 'int', 'bool', 'none', 'undefined', 'unknown'].includes(value.kind);
    if (isText(left) || isText(right)) {
      const [first, second] = [toText(machine, left), toText(machine, right)];
      machine.charge(first.length + second.length, 1);
      return str(first + second);
    }
  }
  const a = toNumber(machine, left);
  const b = toNumber(machine, right);
  switch (operator) {
    case '+':
      return float(a + b);
    case '-':
      return float(a - b);
    case '*':
      return float(a * b);
    case '/':
      return float(a / b);
    case '%':
      return float(a % b);
    case '**':
      return float(a ** b);
    case '&':
      return float(a & b);
    case '|':
      return float(a | b);
    case '^':
      return float(a ^ b);
    case '<<':
      return float(a << b);
    case '>>':
      return float(a >> b);
    case '>>>':
      return float(a >>> b);
    default:
      return machine.unsupported(`operator ${operator}`);
  }
}

export function compare(machine: Machine, operator: ComparisonOperator, left: Value, right: Value): Value {
  switch (operator) {
    case '===':
      return bool(strictEquals(left, right));
    case '!==':
      return bool(!strictEquals(left, right));
    case '==':
      return bool(looseEquals(machine, left, right));
    case '!=':
      return bool(!looseEquals(machine, left, right));
    case 'instanceof':
      return bool(isInstance(machine, left, right));
    case 'in':
      return bool(hasProperty(machine, left, right));
    case '<':
    case '<=':
    case '>':
    case '>=':
      return bool(ordered(machine, operator, left, right));
    default:
      return machine.unsupported(`operator ${operator}`);
  }
}

function ordered(machine: Machine, operator: '<' | '<=' | '>' | '>=', left: Value, right: Value): boolean {
  const [a, b] =
    left.kind === 'str' && right.kind === 'str' ? [left.value, right.value] : [toNumber(machine, left), toNumber(machine, right)];
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function isInstance(machine: Machine, left: Value, right: Value): boolean {
  if (right.kind === 'unknown') return machine.unsupported(right.what);
  if (right.kind !== 'class') return raiseError(machine, 'TypeError', "Right-hand side of 'instanceof' is not callable");
  if (right.name === 'Array' && right.sealed) return left.kind === 'list';
  if (right === errorClasses.get('Error') && left.kind === 'instance') return left.attributes.has('args');
  return left.kind === 'instance' && left.class.mro.includes(right);
}

function hasProperty(machine: Machine, left: Value, right: Value): boolean {
  const name = toText(machine, left);
  if (right.kind === 'object') return right.properties.has(name);
  if (right.kind === 'list') return name === 'length' || (/^\d+$/.test(name) && Number(name) < right.items.length);
  if (right.kind === 'instance') return right.attributes.has(name) || right.class.mro.some((cls) => cls.namespace.has(name));
  return raiseError(machine, 'TypeError', `Cannot use 'in' operator to search for '${name}' in ${toText(machine, right)}`);
}
