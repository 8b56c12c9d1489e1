/** How a loss is to be called, found by trying: the plain way first, others where that raises or leaves rows out. */
import type { LossSite } from '../detection/sites';
import type { Differentiated } from './bridge';
import { isRequired } from './arguments';
import { combinations, passesClasses, wholeDefaultIn } from './candidates';
import type { Choice } from './candidates';
import { MeantForOthers, atClasses, likelyClasses } from './likelyClasses';
import { lossIn } from './outcome';
import type { Session } from './session';
import type { Layout, LossInput, TargetForm, Way } from './ways';

export interface Calling {
  readonly way: Way;
  /** Which candidate each choice takes. */
  readonly choice: readonly number[];
}

export interface SearchRequest {
  readonly session: Session;
  readonly site: LossSite;
  readonly choices: readonly Choice[];
  readonly forms: readonly TargetForm[];
  /** Whether the code reads tensors by name from what it is called with. */
  readonly holds: boolean;
  /** Throws what the code throws. */
  readonly attempt: (input: LossInput, calling: Calling) => Differentiated;
}

export interface Search {
  /** Throws the error of the plain way when there is no other. */
  readonly find: (input: LossInput) => Calling;
  /** What a way assumes about parameters that are required; null: the plain one. */
  readonly assumed: (calling: Calling | null) => readonly string[];
}

/** A search that finds nothing ends: most code that cannot be run cannot be run in any way. */
const mostAttempts = 240;
const mostSearches = 2;

/**
 * What makes a run a doubtful one: nothing comes of it; rows that get no gradient, although no class they share explains it; values for every
 * class of every row, as one row's loss gives when it is handed a batch.
 */
type Doubt = 'nothing' | 'blind' | 'unreduced';

export function createSearch({ session, site, choices, forms, holds, attempt }: SearchRequest): Search {
  const likeliest = choices.map(() => 0);
  let searches = 0;
  let meant: MeantForOthers | null = null;

  const ran = (input: LossInput, calling: Calling): Differentiated | null => {
    try {
      return attempt(input, calling);
    } catch (error) {
      if (session.isFinal(error)) throw error;
      return null;
    }
  };

  const find = (given: LossInput): Calling => {
    // Code that wants a distribution refuses labels, except in a batch of one row or of as many as classes.
    const isOdd = given.logits.length > 1 && given.logits.length !== given.classes;
    const input = isOdd ? given : withRows(given, given.classes + 1);
    const errors: unknown[] = [];
    const usual = site.told?.layout ?? 'rows';
    const plain = firstThatRuns(input, likeliest, usual, errors) ?? (isOdd ? null : firstThatRuns(given, likeliest, usual, errors));
    const doubt = plain === null ? null : doubtsOf(input, plain.calling, plain.result);
    if (plain !== null && doubt === null) return counted(plain.calling, given);
    const [error] = errors;
    const isOwnError = plain === null && session.problemOf(error).type === 'exception';
    if ((plain === null && !isOwnError) || searches >= mostSearches) {
      if (plain === null) throw meant ?? error;
      return counted(plain.calling, given);
    }
    searches++;
    const other = plain === null ? otherThanRaising(input, errors) : otherThanDoubtful(input, doubt!);
    if (other !== null) return counted(other, given);
    if (plain === null) throw error;
    return counted(plain.calling, given);
  };

  const firstThatRuns = (
    input: LossInput,
    choice: readonly number[],
    layout: Layout,
    errors: unknown[],
    held = false,
  ): { readonly calling: Calling; readonly result: Differentiated } | null => {
    for (const form of forms) {
      const calling = { way: { form, layout, held }, choice };
      try {
        return { calling, result: attempt(input, calling) };
      } catch (error) {
        if (session.isFinal(error)) throw error;
        errors.push(error);
      }
    }
    return null;
  };

  /** The first way without a doubt; else the first that is not without any effect. */
  const best = (input: LossInput, callings: Iterable<Calling>): Calling | null => {
    let doubtful: Calling | null = null;
    let left = mostAttempts;
    for (const calling of callings) {
      if (left-- <= 0) break;
      const result = ran(input, calling);
      if (result === null) continue;
      const doubt = doubtsOf(input, calling, result);
      if (doubt === null) return calling;
      if (doubt !== 'nothing') doubtful ??= calling;
    }
    return doubtful;
  };

  const otherThanRaising = (input: LossInput, errors: readonly unknown[]): Calling | null => {
    const chosenOtherwise = best(input, callingsWith(['rows'], [false], combinations(choices, 40).slice(1)));
    if (chosenOtherwise !== null) {
      const isRow = site.role === 'target' && doubtsOf(input, chosenOtherwise, attempt(input, chosenOtherwise)) === 'unreduced';
      const ofRows = isRow ? best(input, callingsWith(['single'], [false], [chosenOtherwise.choice])) : null;
      return ofRows ?? chosenOtherwise;
    }
    const messages = errors.map((error) => session.problemOf(error).message);
    // A made-up tensor runs on many a number of classes.
    const withoutTensors = combinations(choices, 24).filter((choice) => !makesTensorsUp(choice));
    for (const { classes, range } of likelyClasses(session, site, input, messages)) {
      const there = atClasses(input, classes);
      const found = best(there, callingsWith(['rows'], [false], withoutTensors.slice(0, 6)));
      if (found === null || doubtsOf(there, found, attempt(there, found)) !== null) continue;
      meant = new MeantForOthers(classes, range, errors[0]);
      throw meant;
    }
    const missesOne = messages.some((message) =>
      /dimension|dims|axis|rank|shape|indices|index|unpack|^AssertionError|^ValueError|^Error/i.test(message),
    );
    const flat: readonly Layout[] = session.bridge.runsOften ? ['flat'] : [];
    const layouts: readonly Layout[] = missesOne ? [...flat, 'sequences', 'classesFirst', 'images', 'oneSequence', 'single'] : ['single'];
    const some = combinations(choices, 8);
    const callings = [
      ...(holds ? callingsWith(['rows', 'sequences', 'oneSequence'], [true], some) : []),
      ...callingsWith(layouts, [false], some),
      ...(holds ? [] : callingsWith(['rows', 'sequences'], [true], some.slice(0, 1))),
    ];
    return best(input, callings);
  };

  const otherThanDoubtful = (input: LossInput, doubt: Doubt): Calling | null => {
    const others = combinations(choices, 12);
    const callings =
      doubt === 'unreduced'
        ? callingsWith(['single'], [false], [likeliest])
        : [
            ...callingsWith(['rows'], [false], others.slice(1)),
            ...callingsWith(['rows'], [true], [likeliest]),
            ...callingsWith(
              doubt === 'nothing' ? ['classesFirst', 'images', 'sequences', 'oneSequence', 'single'] : ['oneSequence', 'single'],
              [false],
              others.slice(0, 4),
            ),
            ...(doubt === 'nothing' ? callingsWith(['rows'], [false], [likeliest]) : []),
          ];
    const found = best(input, callings);
    return found !== null && doubtsOf(input, found, attempt(input, found)) === null ? found : null;
  };

  const callingsWith = (layouts: readonly Layout[], held: readonly boolean[], chosen: readonly (readonly number[])[]): readonly Calling[] =>
    // A layout that the person says is the only one.
    (site.told?.layout === undefined ? layouts : [site.told.layout]).flatMap((layout) =>
      held.flatMap((isHeld) =>
        formsIn(layout).flatMap((form) =>
          chosen
            .filter((choice) => !makesTensorsUp(choice) || (layout === (site.told?.layout ?? 'rows') && isUsual(form)))
            .map((choice): Calling => ({ way: { form, layout, held: isHeld }, choice })),
        ),
      ),
    );

  /** Tensors of a kind that is not the likeliest. They run on many things: they are tried where all else is as usual. */
  const makesTensorsUp = (choice: readonly number[]): boolean =>
    choice.some((at, i) => at > 0 && !choices[i]!.candidates[at]!.isNumber && choices[i]!.candidates[at]!.what !== null);

  const isUsual = (form: TargetForm): boolean => form === 'indices' || form === 'oneHot';

  const formsIn = (layout: Layout): readonly TargetForm[] =>
    layout === 'rows' ? forms : layout === 'oneSequence' ? ['indices'] : forms.filter(isUsual);

  /** A language model's last position predicts nothing: that it gets nothing is no doubt. */
  const doubtsOf = (input: LossInput, calling: Calling, result: Differentiated): Doubt | null => {
    const doubt = doubtAbout(session, site, input, calling.way.layout, result);
    return doubt === 'blind' && followsNextTarget(input, calling, result) ? null : doubt;
  };

  /** Changing one target changes the gradient of the row before, and of no other. */
  const followsNextTarget = (input: LossInput, calling: Calling, { gradient }: Differentiated): boolean => {
    if (gradient === null || gradient.length < 3 || gradient.at(-1)!.some((value) => value !== 0)) return false;
    const moved = 2;
    const targets = input.targets.map((target, row) => (row === moved ? (target + 1) % input.classes : target));
    const other = ran({ ...input, targets }, calling)?.gradient ?? null;
    return other !== null && gradient.every((row, i) => row.some((value, k) => value !== other[i]![k]!) === (i === moved - 1));
  };

  /**
   * A number of classes with a default of its own is passed where the loss does not do with the default on other classes: it raises, or its
   * targets no longer sum to what they do with the number passed.
   */
  const counted = (calling: Calling, given: LossInput): Calling => {
    let { choice } = calling;
    choices.forEach(({ parameter, candidates }, i) => {
      const own = wholeDefaultIn(session, parameter);
      const passed = candidates.findIndex((candidate) => passesClasses(candidate));
      if (own === null || own < 2 || passed < 0 || isRequired(parameter)) return;
      const input = atClasses(given, own === given.classes ? given.classes + 1 : given.classes);
      const withIt = { ...calling, choice: choice.with(i, passed) };
      const without = {
        ...calling,
        choice: choice.with(
          i,
          candidates.findIndex((candidate) => !passesClasses(candidate)),
        ),
      };
      if (
        countsClasses(
          session,
          site,
          parameter.name,
          input,
          (at) => ran(at, withIt),
          (at) => ran(at, without),
        )
      )
        choice = withIt.choice;
      else choice = without.choice;
    });
    return { ...calling, choice };
  };

  const assumed: Search['assumed'] = (calling) =>
    choices.flatMap(({ parameter, candidates }, i) => {
      const { what } = candidates[calling?.choice[i] ?? 0]!;
      const isNothing = what === 'None' && site.program.language === 'typescript' ? 'undefined' : what;
      return what === null || !isRequired(parameter)
        ? []
        : [`${parameter.name} is required and the file does not say what it is: taken as ${isNothing!}.`];
    });
  return { find, assumed };
}

/** The rows over and over, until there are so many. */
function withRows(input: LossInput, count: number): LossInput {
  const cycled = <T>(values: readonly T[]): readonly T[] => Array.from({ length: count }, (_, row) => values[row % values.length]!);
  return { ...input, logits: cycled(input.logits), targets: cycled(input.targets) };
}

function doubtAbout(
  session: Session,
  site: LossSite,
  input: LossInput,
  layout: Layout,
  { result, gradient, problem }: Differentiated,
): Doubt | null {
  const held = lossIn(session, result);
  const read = held && session.bridge.read(held);
  // The targets of one row, where a batch was given.
  if (site.role === 'target') return read?.shape.length === 1 && read.shape[0] === input.classes && layout === 'rows' ? 'unreduced' : null;
  if (gradient === null) return problem?.startsWith('numpy') === true || read === null ? null : 'nothing';
  // Differences of values leave their rounding.
  const least = session.bridge.runsOften ? 1e-9 : 0;
  const isNothing = (row: readonly number[]): boolean => row.every((value) => Math.abs(value) <= least);
  if (gradient.every(isNothing)) return 'nothing';
  if (read !== null && read.shape.length > 1 && read.shape.at(-1) === input.classes && layout === 'rows') return 'unreduced';
  // Padding, or a class that is left out, explains what its rows, and its own column, do not get.
  const unreached = input.targets.filter((target, row) => isNothing(gradient[row]!) || gradient.every((values) => values[target] === 0));
  return new Set(unreached).size > 1 || (unreached.length === 1 && !isLeftOut(input, unreached[0]!, gradient, isNothing)) ? 'blind' : null;
}

/** Whether every row of the class gets nothing: it is the class, not the row. */
function isLeftOut(
  { targets, paddingIndex, ignoreIndex }: LossInput,
  target: number,
  gradient: readonly (readonly number[])[],
  isNothing: (row: readonly number[]) => boolean,
): boolean {
  if (target === paddingIndex || target === ignoreIndex) return true;
  const rows = targets.flatMap((other, row) => (other === target ? [row] : []));
  return rows.every((row) => isNothing(gradient[row]!)) && (rows.length > 1 || rows[0] !== targets.length - 1);
}

type Run = (input: LossInput) => Differentiated | null;

function countsClasses(session: Session, site: LossSite, name: string, input: LossInput, passed: Run, left: Run): boolean {
  const [withIt, without] = [passed(input), left(input)];
  if (withIt === null) return without === null;
  if (without === null) return true;
  const masses = (run: Run, first: Differentiated): boolean => isPlainMass(massOf(session, site, input, run, first), input);
  const [right, rightWithout] = [masses(passed, withIt), masses(left, without)];
  return right === rightWithout ? saysClasses(name) : right;
}

/** Of names that stand for a number of classes, those that stand for nothing else. */
const saysClasses = (name: string): boolean => /class|label|categor|vocab|token|word|tag/i.test(name);

/** The mass of a row's targets times what the loss is divided by: one of these where the targets are a distribution. */
const isPlainMass = (mass: number | null, { logits, classes }: LossInput): boolean =>
  mass !== null && [1, logits.length, classes, logits.length * classes].some((divisor) => Math.abs(mass * divisor - 1) <= 1e-4);

/** For targets, what their first row sums to; for a loss, the slope of the first row's gradient in the probabilities. */
function massOf(session: Session, site: LossSite, input: LossInput, run: Run, first: Differentiated): number | null {
  if (site.role === 'target') {
    const read = session.bridge.read(first.result);
    return read === null ? null : read.values.slice(0, input.classes).reduce((sum, value) => sum + value, 0);
  }
  const other = { ...input, logits: input.logits.map((row) => row.map((z, k) => z + (k % 3) - 1)) };
  const [before, after] = [first.gradient?.[0], run(other)?.gradient?.[0]];
  if (!before || !after) return null;
  const [p, o] = [softmaxOf(input.logits[0]!), softmaxOf(other.logits[0]!)];
  const squares = p.reduce((sum, value, k) => sum + (o[k]! - value) ** 2, 0);
  return p.reduce((sum, value, k) => sum + (o[k]! - value) * (after[k]! - before[k]!), 0) / squares;
}

function softmaxOf(row: readonly number[]): readonly number[] {
  const top = row.reduce((most, x) => Math.max(most, x), -Infinity);
  const powers = row.map((z) => Math.exp(z - top));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
