/** Which smoothing factor a loss is run with, and where it comes from: the program, the code's own default, the person; else it is assumed. */
import type { SmoothingConstantSite } from '../detection/constants';
import { numberOf as literalNumber, placeKey } from '../detection/literals';
import { definedBy } from '../detection/siteNames';
import type { LossSite } from '../detection/sites';
import type { Place } from '../interpreter/provenance';
import { placesOf, provenanceOf } from '../interpreter/provenance';
import { float, numberOf } from '../interpreter/value';
import type { Expression } from '../language/program';
import { textOf } from '../language/source';
import type { Session } from './session';
import type { NotFollowed, ProgramNumber } from './siteUse';

export interface ChosenSmoothing {
  /** The factor of this run; null where the code has none at all, or says it in a way that only running it tells. */
  readonly value: number | null;
  /** The value to pass as an argument; null leaves the code's own. */
  readonly passed: number | null;
  /** What to tell the reader about the choice. */
  readonly note: string | null;
  readonly source: 'code' | 'person' | 'assumption' | 'none';
  /** The places that the value passed, from its literal on. */
  readonly way: readonly Place[];
  /** Why it had to be assumed: said before anything that rests on it. */
  readonly assumption: string | null;
  /** The code's own factor smooths nothing; what it does with another is worth a word. */
  readonly smoothsNothing: boolean;
}

/** Where the program does not say it: one that smooths visibly. */
export const assumedSmoothing = 0.1;

const nothing = { note: null, way: [], assumption: null, smoothsNothing: false } as const;

/** A factor that is known without a choice: of code that was run as it stands. */
export const givenSmoothing = (value: number | null): ChosenSmoothing => ({
  ...nothing,
  value,
  passed: null,
  source: value === null ? 'none' : 'code',
});

export function chooseSmoothing(
  session: Session,
  site: LossSite,
  constants: readonly SmoothingConstantSite[],
  requested: number | undefined,
): ChosenSmoothing {
  const takes = site.smoothingParameters.length > 0 || (site.definition.kind === 'call' && site.smoothingValues.length > 0);
  const own = ownConstant(site, constants);
  if (requested !== undefined) return takes || site.definition.kind === 'call' ? asked(requested) : notTaken(requested, own?.value ?? null);
  if (!takes) return own === null ? givenSmoothing(null) : ofConstant(own, site);
  const { smoothing } = session.useOf(site);
  if (smoothing?.kind === 'number') return ofProgram(smoothing);
  if (smoothing?.kind === 'notFollowed')
    return namesake(smoothing, site, constants) ?? assumed(`${quoted(smoothing)} could not be followed`, smoothing.place);
  const fromDefault = defaultOf(session, site);
  if (fromDefault !== null) return ofProgram(fromDefault, null);
  // `eps=None`, and the body says what stands for it.
  if (own !== null && own.value !== null) return ofConstant(own, site);
  if (hasDefault(site)) return { ...nothing, value: null, passed: null, source: 'code' };
  return assumed(
    `the program was not seen to pass ${site.smoothingParameters.map(({ name }) => `\`${name}\``).join(' or ') || 'it'}`,
    null,
  );
}

const asked = (value: number): ChosenSmoothing => ({ ...nothing, value, passed: value, source: 'person' });

const notTaken = (requested: number, fixed: number | null): ChosenSmoothing => ({
  ...givenSmoothing(fixed),
  note: `The code takes no smoothing factor from outside${fixed === null ? '' : `: it uses ${fixed}`}; the ${requested} asked for was not used.`,
});

function ofProgram({ value, way, certain }: ProgramNumber, passed: number | null = value): ChosenSmoothing {
  return {
    ...nothing,
    value,
    passed,
    source: 'code',
    way,
    note: certain ? null : `ε = ${value} is what the program gives where conditions that are not known hold.`,
    smoothsNothing: value === 0,
  };
}

/** `args.smoothing` of somebody else's `args`, where the file has one number of that name: likelier than any other, and no more than assumed. */
function namesake(smoothing: NotFollowed, { program }: LossSite, constants: readonly SmoothingConstantSite[]): ChosenSmoothing | null {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = plain(/[\w-]+(?=\W*$)/.exec(smoothing.what)?.[0] ?? '');
  const same = constants.filter(({ name, value }) => value !== null && wanted !== '' && plain(name) === wanted);
  const [only] = same;
  if (only === undefined || same.some(({ value }) => value !== only.value) || only.value! <= 0 || only.value! >= 1) return null;
  const { range, expression, value } = only;
  const place: Place = { file: range.file ?? program.file ?? null, range, text: expression };
  return assumed(`${quoted(smoothing)} could not be followed, and this is the only number of that name in the file`, place, value!);
}

function assumed(why: string, place: Place | null, value = assumedSmoothing): ChosenSmoothing {
  return {
    ...nothing,
    value,
    passed: value,
    source: 'assumption',
    way: place === null ? [] : [place],
    assumption: why,
  };
}

const quoted = ({ what }: NotFollowed): string => `\`${what}\``;

function ofConstant({ value, range, expression }: SmoothingConstantSite, { program }: LossSite): ChosenSmoothing {
  return {
    ...givenSmoothing(value),
    way: [{ file: range.file ?? program.file ?? null, range, text: expression }],
    smoothsNothing: value === 0,
  };
}

/** The number that the loss's own code writes down for its factor. */
function ownConstant(site: LossSite, constants: readonly SmoothingConstantSite[]): SmoothingConstantSite | null {
  const written = (c: SmoothingConstantSite) => site.smoothingValues.some(({ range }) => placeKey(range) === placeKey(c.range));
  const own = constants.filter((c) => c.value !== null && (c.site === site.name || (site.definition.kind === 'call' && written(c))));
  return own.find((c) => c.kind !== 'keywordArgument' && c.kind !== 'positionalArgument') ?? own[0] ?? null;
}

function smoothingDefaults(asked: LossSite): readonly Expression[] {
  const { site } = definedBy(asked);
  const { definition } = site;
  const of = (where: 'constructor' | 'call') => {
    if (definition.kind === 'class') return where === 'constructor' ? definition.constructor : definition.method;
    if (definition.kind === 'function') return where === 'constructor' ? definition.factory : definition.callable;
    return null;
  };
  return site.smoothingParameters.flatMap(({ where, name }) => of(where)?.parameters.find((p) => p.name === name)?.defaultValue ?? []);
}

const hasDefault = (site: LossSite): boolean => smoothingDefaults(site).length > 0;

/** What the default of its parameter is, computed: `eps=CFG['eps']`, `eps=1 / 5`. Null for a default that is no number. */
function defaultOf(session: Session, site: LossSite): ProgramNumber | null {
  for (const expression of smoothingDefaults(site)) {
    // The names of another file mean something else here: of its defaults, plain numbers say what they are.
    const isElsewhere = expression.range.file !== undefined;
    const literal = isElsewhere ? literalNumber(expression) : null;
    const value = !isElsewhere ? session.valueOf(expression) : literal === null ? null : float(literal);
    const number = value === null ? null : numberOf(value);
    if (value === null || number === null || value.kind === 'bool') continue;
    const way = provenanceOf(value);
    const text = textOf(site.program, expression);
    const here: Place = { file: expression.range.file ?? site.program.file ?? null, range: expression.range, text };
    return { kind: 'number', value: number, way: way === null ? [here] : placesOf(way), certain: true };
  }
  return null;
}
