/** What a parameter that the code does not tell may be: values of several kinds, to be tried in turn. */
import type { LossSite } from '../detection/sites';
import type { GivenAs } from '../inspection';
import { canonical } from '../detection/vocabulary';
import { NONE, UNDEFINED, bigintOf, int, float } from '../interpreter/value';
import type { NativeFunction, Value } from '../interpreter/value';
import { signature } from '../interpreter/signature';
import type { Parameter } from '../language/program';
import { isRequired } from './arguments';
import type { RoleOf } from './roles';
import { annotationText } from './roles';
import { roleTold } from './told';
import type { Session } from './session';
import { labelsShape, logitsShape, targetValue } from './ways';
import type { LossInput, Rows, Way } from './ways';

export interface Candidate {
  /** As a note says it; null leaves the code's own. */
  readonly what: string | null;
  /** A number that was made up. */
  readonly isNumber: boolean;
  /** An object of what the code reads of it. */
  readonly isConfiguration?: true;
  /** What it hands over, where that is no number, word or switch. */
  readonly as?: GivenAs;
  /** Null where the parameter is not passed. */
  readonly make: (session: Session, input: LossInput, way: Way) => Value | null;
}

export interface Choice {
  readonly parameter: Parameter;
  readonly candidates: readonly Candidate[];
}

const whole = ({ program }: Session, value: number): Value => (program.language === 'python' ? int(value) : float(value));

const number = (value: number): Candidate => ({
  what: Number.isInteger(value) ? String(value) : value.toString(),
  isNumber: true,
  make: (session) => whole(session, value),
});
const decimal = (value: number, what: string): Candidate => ({ what, isNumber: true, make: () => float(value) });
const ownValue: Candidate = { what: null, isNumber: false, make: () => null };
const classCount: Candidate = { what: null, isNumber: false, as: 'classes', make: (session, { classes }) => whole(session, classes) };
const likelyClassCount: Candidate = { ...classCount, what: 'the number of classes', isNumber: true };
const rowCount: Candidate = {
  what: 'the number of rows',
  isNumber: true,
  make: (session, { logits }) => whole(session, logits.length),
};
const nothing: Candidate = {
  what: 'None',
  isNumber: false,
  make: ({ program }) => (program.language === 'python' ? NONE : UNDEFINED),
};
const onesOfLabels: Candidate = {
  what: 'ones, one for each target',
  isNumber: false,
  as: 'sampleWeight',
  make: ({ bridge, context }, { targets }, { layout }) =>
    bridge.floats(context, Array<number>(targets.length).fill(1), labelsShape(targets.length, layout)),
};
const truesOfLabels: Candidate = {
  what: 'true for each target',
  isNumber: false,
  as: 'mask',
  make: ({ bridge, context }, { targets }, { layout }) =>
    bridge.switches(context, Array<number>(targets.length).fill(1), labelsShape(targets.length, layout)),
};
const lengthsOfSequences: Candidate = {
  what: 'the whole length of each sequence',
  isNumber: false,
  make: ({ bridge, context }, { targets }, { layout }) => {
    const [sequences = 1, ...positions] = labelsShape(targets.length, layout);
    const length = positions.reduce((product, size) => product * size, 1);
    return bridge.integers(context, Array<number>(sequences).fill(length), [sequences]);
  },
};
const onesOfClasses: Candidate = {
  what: 'ones, one for each class',
  isNumber: false,
  as: 'weight',
  make: ({ bridge, context }, { classes }) => bridge.floats(context, Array<number>(classes).fill(1), [classes]),
};
/** Another model's logits: the same whatever the loss's own are. */
const otherLogits: Candidate = {
  what: 'fixed logits',
  isNumber: false,
  as: 'otherLogits',
  make: ({ bridge, context }, rows, { layout }) => bridge.floats(context, fixedLogits(rows), logitsShape(rows, layout)),
};
const otherTargets: Candidate = {
  what: 'the targets in reverse',
  isNumber: false,
  as: 'otherTargets',
  make: (session, rows, way) => targetValue(session, { ...rows, targets: [...rows.targets].reverse() }, way),
};
const callable: Candidate = {
  what: 'a function that gives fixed logits',
  isNumber: false,
  as: 'otherLogits',
  make: (session, rows, way) => (session.program.language === 'python' ? constantFunction(otherLogits.make(session, rows, way)!) : null),
};

function constantFunction(value: Value): NativeFunction {
  return {
    kind: 'native',
    name: 'given',
    qualifiedName: 'given',
    signatures: [signature('*inputs, **options')],
    call: () => value,
    isMethod: false,
    doc: null,
  };
}

/** Logits that are alike in no two rows and in no two classes of one. */
function fixedLogits({ logits, classes }: Rows): readonly number[] {
  return logits.flatMap((_, row) => Array.from({ length: classes }, (_, k) => (((row + 1) * 5 + (k + 1) * 3) % 7) / 2 - 1.5));
}

/** Whether the body asks if it was given at all. */
function mayBeNothing({ program, range }: LossSite, { name }: Parameter): boolean {
  const word = name.replace(/\$/g, '\\$');
  return new RegExp(`\\b${word}\\s+is\\s+(not\\s+)?None\\b|\\bif\\s+(not\\s+)?${word}\\s*:`).test(
    program.text.slice(range.start, range.end),
  );
}

const isOthersName = (name: string): boolean => /teacher|logit|score|pred|output|student|ema|aux/.test(canonical(name));

/**
 * The kinds of value for a parameter, the likeliest first; null for one whose role says what it is. A number comes before a tensor: what
 * only scales the loss would take a tensor as well.
 */
export function choiceFor(site: LossSite, { parameter, role, uses }: RoleOf, where: 'constructor' | 'call'): Choice | null {
  const told = roleTold(site, parameter.name);
  if (told !== null) {
    const said = forTold(told);
    return said === null ? null : { parameter, candidates: said.map((candidate) => ({ ...candidate, what: null })) };
  }
  const candidates = isRequired(parameter) ? forRequired(site, parameter, role, uses.length > 0) : forOptional(parameter, role);
  if (mayBeLeftOut(site, parameter) && (candidates !== null || isLeftOutFirst.has(role)))
    return { parameter, candidates: [ownValue, ...(candidates ?? []).filter((one) => one !== nothing)] };
  if (candidates === null) return null;
  return { parameter, candidates: where === 'call' ? candidates : candidates.filter((one) => !ofRows.has(one)) };
}

const isLeftOutFirst: ReadonlySet<RoleOf['role']> = new Set(['flag', 'count', 'text', 'epsilon']);

/** TypeScript's `shape?: number[]`. */
const mayBeLeftOut = ({ program }: LossSite, { range }: Parameter): boolean =>
  program.language === 'typescript' && /^[\w$]+\s*\?/.test(program.text.slice(range.start, range.end));

/** What has a number for each row says nothing to a loss that is made before there are rows. */
const ofRows: ReadonlySet<Candidate> = new Set([rowCount, onesOfLabels, lengthsOfSequences, truesOfLabels, otherLogits, otherTargets]);

/** Of what the person says a parameter is; null for what is handed over by itself. */
function forTold(role: RoleOf['role']): readonly Candidate[] | null {
  switch (role) {
    case 'otherLogits':
      return [otherLogits, callable];
    case 'otherTargets':
      return [otherTargets];
    case 'mask':
      return [truesOfLabels, onesOfLabels];
    case 'sampleWeight':
      return [onesOfLabels];
    case 'weight':
      return [onesOfClasses];
    default:
      return null;
  }
}

function forRequired(site: LossSite, parameter: Parameter, role: RoleOf['role'], isUsed: boolean): readonly Candidate[] | null {
  const annotation = annotationText(parameter.annotation);
  switch (role) {
    case 'otherLogits':
      return isOthersName(parameter.name) || /tensor|array/i.test(annotation)
        ? [otherLogits, number(1)]
        : [decimal(1, '1.0'), otherLogits, onesOfLabels];
    case 'otherTargets':
      return [otherTargets, number(1), onesOfLabels];
    case 'mask':
    case 'sampleWeight':
      return [onesOfLabels, ...(role === 'mask' ? [truesOfLabels] : []), decimal(1, '1.0'), nothing];
    case 'lengths':
      return [lengthsOfSequences, onesOfLabels, number(1)];
    case 'weight':
      return [nothing, onesOfClasses, onesOfLabels, decimal(1, '1.0')];
    case 'number':
      return [
        decimal(1, '1.0'),
        ...(isUsed ? [otherLogits] : []),
        onesOfLabels,
        ...(site.program.language === 'python' ? [] : [classCount]),
      ];
    case 'share':
      // What makes targets of labels shares them out: a smoothing factor by another name.
      if (site.role === 'target') return [decimal(0.1, '0.1'), onesOfClasses, onesOfLabels];
      // A share of 1, or of 0, would leave the other term out.
      return [decimal(0.5, '0.5'), onesOfClasses, onesOfLabels];
    case 'count':
      return [number(1), classCount];
    case 'unknown':
    case 'options': {
      const first =
        mayBeNothing(site, parameter) || site.program.language === 'typescript'
          ? [nothing]
          : /callable|module/i.test(annotation)
            ? [callable]
            : /tensor|array/i.test(annotation)
              ? [onesOfLabels, onesOfClasses, otherLogits]
              : [];
      const rest = [number(1), likelyClassCount, rowCount, onesOfLabels, onesOfClasses, otherLogits, callable, nothing];
      return [...first, ...rest.filter((candidate) => !first.includes(candidate))];
    }
    default:
      return null;
  }
}

/** A number of classes that has a default may be none: what its name says counts where running bears it out. */
function forOptional(parameter: Parameter, role: RoleOf['role']): readonly Candidate[] | null {
  if (role !== 'classes' && role !== 'unknown' && role !== 'count') return null;
  const own = wholeDefault(parameter);
  if (role === 'classes') return own === null ? [ownValue, classCount] : own < 2 ? [classCount, ownValue] : [ownValue, classCount];
  return own !== null && own < 1 ? [ownValue, classCount] : null;
}

/** The default of a parameter, where it is a whole number. */
export function wholeDefault({ defaultValue }: Parameter): number | null {
  const isNegative = defaultValue?.kind === 'unary' && defaultValue.operator === '-';
  const written = isNegative ? defaultValue.operand : defaultValue;
  if (written?.kind !== 'constant' || written.value.type !== 'int') return null;
  return Number(written.value.value) * (isNegative ? -1 : 1);
}

/** The same where it is written as a name of the module: `vocab=VOCAB`. */
export function wholeDefaultIn(session: Session, parameter: Parameter): number | null {
  const { defaultValue } = parameter;
  const named = defaultValue?.kind === 'name' ? session.lookup(defaultValue.name) : null;
  const whole = named === null ? null : bigintOf(named);
  return whole === null ? wholeDefault(parameter) : Number(whole);
}

export const passesClasses = (candidate: Candidate | undefined): boolean => candidate === classCount;
export const asClasses = classCount;
export const asWritten = ownValue;

/** Ways of choosing one for each, those that differ least from the likeliest first. */
export function combinations(choices: readonly Choice[], most: number): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [];
  const deepest = choices.reduce((sum, { candidates }) => sum + candidates.length - 1, 0);
  const extend = (chosen: readonly number[], left: number): void => {
    if (found.length >= most) return;
    const next = choices[chosen.length];
    if (next === undefined) {
      if (left === 0) found.push(chosen);
      return;
    }
    for (let i = 0; i < next.candidates.length && i <= left; i++) extend([...chosen, i], left - i);
  };
  for (let depth = 0; depth <= deepest && found.length < most; depth++) extend([], depth);
  return found;
}
