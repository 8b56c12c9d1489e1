/** What a run leaves behind for the reader: the values of executed statements, bounded, as plain data. */
import type { Language, Range, Statement } from '../language/program';
import { show } from './javascript/convert';
import type { Library, Snapshot } from './library';
import type { Frame, Machine } from './machine';
import type { TensorValue, Value } from './value';
import { str } from './value';
import { isTensorContiguous } from '../tensor/tensor';

export interface Step {
  readonly range: Range;
  /** The statement's text. */
  readonly code: string;
  /** The names it bound, `return`, or the expression's text. */
  readonly label: string;
  readonly value: Snapshot;
  /** 0 at module level, 1 in a function called from there … */
  readonly depth: number;
  readonly order: number;
}

/** Of a statement that runs often, the first and the last few are kept. */
const keptFirst = 3;
const keptLast = 3;
const mostStatements = 2000;
const mostElements = 4096;
const longestText = 2000;

/** A step as it is noted: what cannot change any more is turned into data only when it is asked for. */
interface Noted {
  readonly statement: Statement;
  readonly frame: Frame;
  readonly names: string;
  readonly value: Value | Snapshot;
  readonly isSnapshot: boolean;
  readonly order: number;
}

interface Kept {
  readonly first: Noted[];
  readonly last: Noted[];
}

export interface Trace {
  record(statement: Statement, frame: Frame, value: Value | null, names: string): void;
  steps(): Step[];
  clear(): void;
  enabled: boolean;
}

export function createTrace(machine: Machine, libraries: readonly Library[], onStep: ((step: Step) => void) | null): Trace {
  let kept = new Map<Statement, Kept>();
  let order = 0;

  const stepOf = ({ statement, frame, names, value, isSnapshot, order: at }: Noted): Step => ({
    range: statement.range,
    code: frame.unit.program.text.slice(statement.range.start, statement.range.end),
    label: labelOf(statement, frame, names),
    value: isSnapshot ? (value as Snapshot) : snapshot(machine, libraries, value as Value, frame.unit.language),
    depth: frame.depth,
    order: at,
  });

  const trace: Trace = {
    enabled: true,
    record(statement, frame, value, names) {
      if (!trace.enabled || machine.importing > 0 || !frame.unit.isPersons || value === null) return;
      let entry = kept.get(statement);
      if (entry === undefined) {
        if (kept.size >= mostStatements) return;
        entry = { first: [], last: [] };
        kept.set(statement, entry);
      }
      const isSnapshot = canChange(value);
      const noted: Noted = {
        statement,
        frame,
        names,
        value: isSnapshot ? snapshot(machine, libraries, value, frame.unit.language) : value,
        isSnapshot,
        order: order++,
      };
      if (entry.first.length < keptFirst) entry.first.push(noted);
      else {
        entry.last.push(noted);
        if (entry.last.length > keptLast) entry.last.shift();
      }
      onStep?.(stepOf(noted));
    },
    steps: () =>
      [...kept.values()]
        .flatMap(({ first, last }) => [...first, ...last])
        .sort((a, b) => a.order - b.order)
        .map(stepOf),
    clear() {
      kept = new Map();
    },
  };
  return trace;
}

function canChange(value: Value): boolean {
  switch (value.kind) {
    case 'int':
    case 'float':
    case 'str':
    case 'bool':
    case 'none':
    case 'function':
    case 'class':
    case 'module':
    case 'unknown':
      return false;
    default:
      return true;
  }
}

function labelOf(statement: Statement, frame: Frame, names: string): string {
  const text = (range: Range): string => frame.unit.program.text.slice(range.start, range.end);
  if (names === 'return') return 'return';
  if (statement.kind === 'assign') return statement.targets.map((target) => text(target.range)).join(' = ');
  if (statement.kind === 'augmentedAssign') return text(statement.target.range);
  return text(statement.range);
}

/** A value as it is now: later writes into it do not reach the copy. */
export function snapshot(machine: Machine, libraries: readonly Library[], value: Value, language: Language): Snapshot {
  if (value.kind === 'tensor') return tensorSnapshot(value);
  for (const library of libraries) {
    const made = library.snapshot?.(value) ?? null;
    if (made !== null) return made;
  }
  return { kind: 'text', text: plainText(machine, value, language) };
}

/** The elements in row-major order, read through the strides. */
export function elementsOf({ tensor }: TensorValue, most = Infinity): number[] {
  const { shape, strides, offset, cell } = tensor;
  const count = Math.min(
    shape.reduce((product, n) => product * n, 1),
    most,
  );
  // In order, as nearly always: a copy of one stretch of memory.
  if (isTensorContiguous(tensor)) return Array.from(cell.values.subarray(offset, offset + count));
  const elements: number[] = [];
  const index = shape.map(() => 0);
  let at = offset;
  for (let i = 0; i < count; i++) {
    elements.push(Number(cell.values[at]));
    for (let d = shape.length - 1; d >= 0; d--) {
      index[d]!++;
      at += strides[d]!;
      if (index[d]! < shape[d]!) break;
      at -= strides[d]! * shape[d]!;
      index[d] = 0;
    }
  }
  return elements;
}

function tensorSnapshot(value: TensorValue): Snapshot {
  const { shape, dtype } = value.tensor;
  const count = shape.reduce((product, n) => product * n, 1);
  return { kind: 'tensor', dtype, shape: [...shape], values: elementsOf(value, mostElements), truncated: count > mostElements };
}

/** Only values whose text needs none of the person's code to be run. */
function plainText(machine: Machine, value: Value, language: Language): string {
  if (!isPlain(value, mostLevels)) return `<${machine.typeOf(value).name}>`;
  const isLong = value.kind === 'str' && value.value.length > longestText;
  const part = isLong ? str(value.value.slice(0, longestText)) : value;
  const text = language === 'python' ? machine.repr(part) : show(machine, part, 1);
  return isLong || text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}

/** At most so many parts of a value are looked at, however often it holds itself. */
const mostLevels = 4;
const mostParts = 2000;
const mostCharacters = 100_000;

function isPlain(value: Value, depth: number, visited = { count: 0, characters: 0 }): boolean {
  if (depth < 0 || ++visited.count > mostParts) return false;
  // A long text alone is cut before it is shown.
  if (value.kind === 'str' && depth < mostLevels && (visited.characters += value.value.length) > mostCharacters) return false;
  const all = (parts: Iterable<Value>): boolean => {
    for (const part of parts) if (!isPlain(part, depth - 1, visited)) return false;
    return true;
  };
  switch (value.kind) {
    case 'instance':
      return value.class.sealed;
    case 'object':
      return all(value.properties.values());
    case 'list':
    case 'tuple':
      return all(value.items);
    case 'dict':
      return value.entries.size < mostParts && all(value.entries.values());
    case 'set':
      return value.entries.size < mostParts && all(value.entries.keys());
    case 'tensor':
      return value.class.module.startsWith('torch');
    case 'boundMethod':
      return false;
    default:
      return true;
  }
}
