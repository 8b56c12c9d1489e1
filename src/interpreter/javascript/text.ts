/** The methods of JavaScript's strings and numbers. */
import type { Machine } from '../machine';
import type { Value } from '../value';
import { UNDEFINED, bool, float, list, str } from '../value';
import { toNumber, toText } from './convert';
import { raiseError } from './errors';

/** A string of its own in an array. */
const bytesOfPart = 64;

type TextMethod = (machine: Machine, self: string, args: readonly Value[]) => Value;
type NumberMethod = (machine: Machine, self: number, args: readonly Value[]) => Value;

const text = (machine: Machine, args: readonly Value[], i: number): string => toText(machine, args[i] ?? UNDEFINED);
const optionalNumber = (machine: Machine, value: Value | undefined): number | undefined =>
  value === undefined || value.kind === 'undefined' ? undefined : toNumber(machine, value);

function padding(machine: Machine, args: readonly Value[]): [number, string | undefined] {
  const length = toNumber(machine, args[0] ?? UNDEFINED);
  machine.charge(Math.max(0, length), 1);
  return [length, args[1] === undefined ? undefined : toText(machine, args[1])];
}

export const textMethods: ReadonlyMap<string, TextMethod> = new Map<string, TextMethod>([
  ['toString', (_machine, self) => str(self)],
  ['trim', (_machine, self) => str(self.trim())],
  ['toLowerCase', (_machine, self) => str(self.toLowerCase())],
  ['toUpperCase', (_machine, self) => str(self.toUpperCase())],
  ['includes', (machine, self, args) => bool(self.includes(text(machine, args, 0)))],
  ['startsWith', (machine, self, args) => bool(self.startsWith(text(machine, args, 0)))],
  ['endsWith', (machine, self, args) => bool(self.endsWith(text(machine, args, 0)))],
  ['indexOf', (machine, self, args) => float(self.indexOf(text(machine, args, 0)))],
  ['charAt', (machine, self, args) => str(self.charAt(toNumber(machine, args[0] ?? float(0))))],
  ['charCodeAt', (machine, self, args) => float(self.charCodeAt(toNumber(machine, args[0] ?? float(0))))],
  ['slice', (machine, self, args) => str(self.slice(optionalNumber(machine, args[0]), optionalNumber(machine, args[1])))],
  ['substring', (machine, self, args) => str(self.substring(toNumber(machine, args[0] ?? float(0)), optionalNumber(machine, args[1])))],
  [
    'split',
    (machine, self, args) => {
      const parts = args[0] === undefined || args[0].kind === 'undefined' ? [self] : self.split(text(machine, args, 0));
      machine.charge(parts.length, bytesOfPart);
      return list(parts.map(str));
    },
  ],
  ['padStart', (machine, self, args) => str(self.padStart(...padding(machine, args)))],
  ['padEnd', (machine, self, args) => str(self.padEnd(...padding(machine, args)))],
  [
    'repeat',
    (machine, self, args) => {
      const count = toNumber(machine, args[0] ?? UNDEFINED);
      if (!(count >= 0)) return raiseError(machine, 'RangeError', `Invalid count value: ${count}`);
      machine.charge(self.length * count, 1);
      return str(self.repeat(count));
    },
  ],
  [
    'concat',
    (machine, self, args) => {
      const added = args.map((arg) => toText(machine, arg));
      machine.charge(
        added.reduce((sum, part) => sum + part.length, self.length),
        1,
      );
      return str(self + added.join(''));
    },
  ],
  // Text for text only; a regular expression is not a value here.
  ['replace', (machine, self, args) => str(self.replace(text(machine, args, 0), () => text(machine, args, 1)))],
  [
    'replaceAll',
    (machine, self, args) => {
      const [old, fresh] = [text(machine, args, 0), text(machine, args, 1)];
      const parts = self.split(old);
      machine.charge(parts.length, bytesOfPart);
      machine.charge(self.length + parts.length * fresh.length, 1);
      return str(self.replaceAll(old, () => fresh));
    },
  ],
]);

function digits(machine: Machine, args: readonly Value[], name: string): number {
  const count = args[0] === undefined ? 0 : toNumber(machine, args[0]);
  return count >= 0 && count <= 100 ? count : raiseError(machine, 'RangeError', `${name}() digits argument must be between 0 and 100`);
}

export const numberMethods: ReadonlyMap<string, NumberMethod> = new Map<string, NumberMethod>([
  ['toFixed', (machine, self, args) => str(self.toFixed(digits(machine, args, 'toFixed')))],
  [
    'toPrecision',
    (machine, self, args) =>
      str(args[0] === undefined ? String(self) : self.toPrecision(Math.max(1, digits(machine, args, 'toPrecision')))),
  ],
  [
    'toExponential',
    (machine, self, args) => str(self.toExponential(args[0] === undefined ? undefined : digits(machine, args, 'toExponential'))),
  ],
  ['toString', (_machine, self) => str(String(self))],
  ['valueOf', (_machine, self) => float(self)],
]);
