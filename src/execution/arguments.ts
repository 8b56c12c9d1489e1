/** Values for the parameters of a loss and of its constructor, by their roles. */
import type { Context } from '../interpreter/context';
import type { Value } from '../interpreter/value';
import { FALSE, NONE, TRUE, UNDEFINED, float, int, str } from '../interpreter/value';
import type { Language, Parameter } from '../language/program';
import { keyOf } from '../detection/literals';
import type { Bridge } from './bridge';
import type { RoleOf } from './roles';

/** What a run is given besides logits and targets. */
export interface Settings {
  readonly classes: number;
  /** The smoothing factor to pass; null leaves the code's own. */
  readonly smoothing: number | null;
  readonly classWeights: readonly number[] | null;
  readonly ignoreIndex: number | null;
  readonly paddingIndex: number | null;
  /** Mixup's λ to pass; null leaves the code's own. */
  readonly mixing: number | null;
  /** Asked for by name: 'none', 'sum' …; null leaves the code's own. */
  readonly reduction: string | null;
  /** Run a module as its `.eval()` leaves it. */
  readonly evaluating?: boolean;
}

/** Nothing is to differ from what the code, or its program, says. */
export const withoutSettings = {
  smoothing: null,
  classWeights: null,
  ignoreIndex: null,
  paddingIndex: null,
  mixing: null,
  reduction: null,
} as const;

export interface Passed {
  readonly parameter: Parameter;
  readonly value: Value;
}

export const isRequired = ({ defaultValue, pattern, style }: Parameter): boolean =>
  defaultValue === null && pattern === null && style !== 'variadic' && style !== 'keywordVariadic';

/** Python's reduction names are the torch ones; tfjs's are of tf.Reduction, an enumeration that a number stands for. */
export function argumentFor(
  role: RoleOf,
  settings: Settings,
  context: Context,
  bridge: Bridge,
  language: Language,
  ofFile: ReadonlyMap<string, Value>,
  assume: (note: string) => void,
): Value | null {
  const { parameter } = role;
  const required = isRequired(parameter);
  const isSwitch =
    required || (parameter.defaultValue?.kind === 'constant' && ['bool', 'none', 'int'].includes(parameter.defaultValue.value.type));
  const whole = (value: number): Value => (language === 'python' ? int(value) : float(value));
  const nothing = language === 'python' ? NONE : UNDEFINED;
  const fallback = (value: Value, what: string): Value | null => {
    if (!required) return null;
    const written = ofFile.get(parameter.name);
    if (written) return written;
    assume(`${parameter.name} is required and the file does not say what it is: taken as ${what}.`);
    return value;
  };
  switch (role.role) {
    case 'smoothing':
      return settings.smoothing === null ? (required ? float(0.1) : null) : float(settings.smoothing);
    case 'confidence':
      return fallback(float(1 - (settings.smoothing ?? 0.1)), String(1 - (settings.smoothing ?? 0.1)));
    case 'smoothingFlag':
      assume(`${parameter.name} is a switch: run with it on.`);
      return TRUE;
    case 'classes':
      return required ? whole(settings.classes) : null;
    case 'weight':
      if (settings.classWeights) return bridge.floats(context, settings.classWeights, [settings.classWeights.length]);
      return required ? (ofFile.get(parameter.name) ?? nothing) : null;
    case 'reduction':
      if (settings.reduction) return str(settings.reduction);
      return fallback(str('mean'), "'mean'");
    case 'legacyReduction':
      // `reduce=torch.mean` is the reduction itself.
      if (!isSwitch) return null;
      if (settings.reduction === null) return fallback(language === 'python' ? TRUE : UNDEFINED, 'True');
      // `size_average` tells mean from sum, `reduce` and a `reduction` that is a switch tell reduced from not.
      return settings.reduction === 'mean' || (settings.reduction !== 'none' && !/average/i.test(parameter.name)) ? TRUE : FALSE;
    case 'padding':
      if (settings.paddingIndex !== null) return whole(settings.paddingIndex);
      return fallback(whole(0), '0');
    case 'ignoreIndex':
      if (settings.ignoreIndex !== null) return whole(settings.ignoreIndex);
      if (settings.paddingIndex !== null) return whole(settings.paddingIndex);
      return fallback(whole(-100), '-100');
    case 'dim':
      return required ? whole(-1) : null;
    case 'device':
      return required ? str('cpu') : null;
    case 'mixing':
      if (settings.mixing !== null) return float(settings.mixing);
      return fallback(float(0.7), '0.7');
    case 'number':
      return fallback(float(1), '1.0');
    case 'share':
      // A share of 1, or of 0, would leave the other term out.
      return fallback(float(0.5), '0.5');
    case 'epsilon':
      return fallback(float(0.1), '0.1');
    case 'training':
      assume(`${parameter.name} is whether it trains: run with it on.`);
      return TRUE;
    case 'count':
      return fallback(whole(1), '1');
    case 'flag':
      return fallback(FALSE, 'False');
    case 'text':
      return fallback(str('mean'), "'mean'");
    case 'lengths':
    case 'mask':
    case 'sampleWeight':
    case 'options':
    case 'unknown':
      return fallback(nothing, language === 'python' ? 'None' : 'undefined');
    case 'logits':
    case 'targets':
    case 'otherLogits':
    case 'otherTargets':
      return required ? nothing : null;
  }
}

export interface CallArguments {
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

/** Puts the values where the language wants them: keywords in Python, positions and option objects in TypeScript. */
export function layOut(parameters: readonly Parameter[], values: ReadonlyMap<Parameter, Value>, language: Language): CallArguments {
  if (language === 'python') {
    const positional: Value[] = [];
    const keywords = new Map<string, Value>();
    for (const parameter of parameters) {
      const value = values.get(parameter);
      if (value === undefined) continue;
      if (parameter.style === 'positionalOnly') positional.push(value);
      else if (parameter.style === 'keywordVariadic' && value.kind === 'dict') {
        for (const [key, given] of value.entries) if (key.kind === 'str') keywords.set(key.value, given);
      } else if (parameter.style !== 'variadic' && parameter.style !== 'keywordVariadic') keywords.set(parameter.name, value);
    }
    return { positional, keywords };
  }
  const positional: Value[] = parameters.filter((p) => p.style !== 'variadic').map((parameter) => values.get(parameter) ?? UNDEFINED);
  while (positional.at(-1)?.kind === 'undefined') positional.pop();
  return { positional, keywords: new Map() };
}

/** Names that a destructuring parameter takes out of its object: `{ smoothing = 0.1, reduction }`. */
export function optionNames(parameter: Parameter): readonly string[] {
  if (parameter.pattern?.kind !== 'mapping') return [];
  return parameter.pattern.entries.flatMap((entry) => {
    const name = entry.key && keyOf(entry.key);
    return typeof name === 'string' ? [name] : [];
  });
}
