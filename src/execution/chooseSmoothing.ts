/** Which smoothing factor a loss is run with, and why. */
import type { SmoothingConstantSite } from '../detection/constants';
import type { LossSite } from '../detection/sites';

export interface ChosenSmoothing {
  /** The factor of this run; null where the code has none at all. */
  readonly value: number | null;
  /** The value to pass as an argument; null leaves the code's own. */
  readonly passed: number | null;
  /** What to tell the reader about the choice. */
  readonly note: string | null;
}

/** What was asked for; else the code's own default unless it is 0; else the value at a call in the file; else 0.1. */
export function chooseSmoothing(
  site: LossSite,
  constants: readonly SmoothingConstantSite[],
  requested: number | undefined,
): ChosenSmoothing {
  const written = (c: SmoothingConstantSite) => site.smoothingValues.some(({ range }) => range.start === c.range.start);
  const own = constants.filter((c) => c.value !== null && (c.site === site.name || (site.definition.kind === 'call' && written(c))));
  const takes = site.smoothingParameters.length > 0 || site.definition.kind === 'call';
  if (requested !== undefined) {
    if (takes) return { value: requested, passed: requested, note: null };
    const fixed = own[0]?.value ?? null;
    return {
      value: fixed,
      passed: null,
      note: `The code takes no smoothing factor from outside${fixed === null ? '' : `: it uses ${fixed}`}; the ${requested} asked for was not used.`,
    };
  }
  if (!takes) return { value: own[0]?.value ?? null, passed: null, note: null };
  const inCode =
    own.find((c) => c.kind !== 'keywordArgument' && c.kind !== 'positionalArgument') ??
    (site.definition.kind === 'call' ? own[0] : undefined);
  const isUsable = (value: number) => (site.definition.kind === 'call' ? value <= 1 : value >= 0 && value < 1);
  if (inCode?.value && isUsable(inCode.value)) return { value: inCode.value, passed: null, note: null };
  const names = site.smoothingParameters.map((p) => p.name);
  const isCall = (c: SmoothingConstantSite) => c.kind === 'keywordArgument' || c.kind === 'positionalArgument' || c.kind === 'option';
  const passedHere = constants.filter((c) => isCall(c) && c.value !== null && (c.site === site.name || names.includes(c.name)));
  // What is passed to this loss counts before what is passed under the same name to another.
  const inRange = passedHere.filter(({ value }) => value !== null && value > 0 && value < 1);
  const atCall = inRange.find((c) => c.site === site.name) ?? inRange.find((c) => c.range.start >= site.range.start) ?? inRange[0];
  const ofDefault = !inCode ? 'not given' : inCode.value ? `${inCode.value}, outside [0, 1)` : '0';
  if (atCall?.value)
    return {
      value: atCall.value,
      passed: atCall.value,
      note: `The default smoothing factor is ${ofDefault}: run with ${atCall.value}, as the file passes it.`,
    };
  const outside = inCode?.value ? inCode : passedHere.find((c) => c.site === site.name && (c.value! < 0 || c.value! >= 1));
  const why = outside
    ? `The smoothing factor ${outside.expression} is outside [0, 1)`
    : inCode
      ? 'The default smoothing factor is 0, which smooths nothing'
      : 'The file does not say a smoothing factor';
  return { value: 0.1, passed: 0.1, note: `${why}: run with 0.1.` };
}
