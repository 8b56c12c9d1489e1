/** A program of several files and an `expected.json`: its uses of losses with their ε, classes, targets and ways, its mistakes, and what would be wrong to say. */
import type { Finding } from '../../src/inspection';
import { asText, isDistribution } from './distributions';
import { chainOf, inspected, isAssumed, near, statedSmoothing, whyNot, type Inspected, type Told } from './inspected';
import { point, type Point } from './point';

interface Place {
  readonly file: string;
  readonly line: number;
}

interface Use {
  readonly id: string;
  readonly construction: Place | null;
  readonly call: Place;
  readonly alsoConstruction?: readonly Place[];
  readonly alsoCall?: readonly Place[];
  readonly loss: { readonly file?: string; readonly line?: number; readonly name?: string; readonly library?: string };
  readonly epsilon: { readonly value: number; readonly chain: readonly Place[] };
  readonly classes: { readonly value: number; readonly chain: readonly Place[] };
  readonly reduction: string;
  readonly on: number;
  readonly off: number;
}

interface Saying {
  readonly rules: readonly string[];
  readonly words: readonly string[];
}

export interface ProjectCase {
  readonly project: string;
  readonly uses: readonly Use[];
  readonly mistakes: readonly (Saying & { readonly id: string; readonly places: readonly Place[] })[];
  readonly mustNotSay: readonly (Saying & { readonly what: string; readonly places: readonly Place[] | null })[];
}

interface Seen {
  readonly file: string;
  readonly loss: Told;
}

export function scoreProject(root: string, files: readonly string[], record: ProjectCase): readonly Point[] {
  const all = files.map((file) => inspected(root, file));
  const seen = all.flatMap(({ file, losses }) => losses.map((loss): Seen => ({ file, loss })));
  return [
    ...record.uses.flatMap((use) => usePoints(record.project, use, seen)),
    ...record.mistakes.map((mistake): Point => {
      const told = point('projects: mistakes', `${record.project} ${mistake.id}`);
      const found = findings(seen).find((one) => isSaid(mistake, one.finding) && isNear(one, mistake.places, 2));
      return found ? told('right') : told('missing', mistake.words.join(', '));
    }),
    ...record.mustNotSay.map((saying): Point => {
      const told = point('projects: not said', `${record.project}: ${saying.what}`);
      const said = wrongSaying(saying, seen, all);
      return said === null ? told('right') : told('wrong', said);
    }),
  ];
}

interface Said {
  readonly file: string;
  readonly finding: Finding;
}

const findings = (seen: readonly Seen[]): readonly Said[] =>
  seen.flatMap(({ file, loss }) => loss.findings.map((finding) => ({ file: finding.range.file ?? file, finding })));

const isNear = ({ file, finding }: Said, places: readonly Place[], lines: number): boolean =>
  places.some((place) => place.file === file && Math.abs(place.line - finding.range.line) <= lines);

const isSaid = ({ rules, words }: Saying, { rule, severity, message }: Finding): boolean =>
  rules.includes(rule) ||
  (rules.includes('*warning') && (severity === 'warning' || severity === 'error')) ||
  words.some((word) => message.toLowerCase().includes(word.toLowerCase()));

function wrongSaying(saying: ProjectCase['mustNotSay'][number], seen: readonly Seen[], all: readonly Inspected[]): string | null {
  const { places, words } = saying;
  const finding = findings(seen).find((one) => isSaid(saying, one.finding) && (places === null || isNear(one, places, 0)));
  if (finding) return `${finding.file}:${finding.finding.range.line} ${finding.finding.rule}: ${finding.finding.message}`;
  if (places !== null) return null;
  for (const { file, text } of all) {
    const line = text.split('\n').find((one) => words.some((word) => one.includes(word)));
    if (line !== undefined) return `${file}: ${line.trim()}`;
  }
  return null;
}

/** From where the program builds and calls it to its definition, which other uses may share. */
function lossesOf(use: Use, seen: readonly Seen[]): readonly Seen[] {
  const at = (place: Place | null): readonly Seen[] =>
    place === null
      ? []
      : seen.filter(({ file, loss }) => file === place.file && (loss.nameRange.line === place.line || loss.range.line === place.line));
  const { loss: definition } = use;
  return [
    ...at(use.construction),
    ...at(use.call),
    ...[...(use.alsoConstruction ?? []), ...(use.alsoCall ?? [])].flatMap(at),
    ...seen.filter(({ file, loss }) => file === definition.file && loss.name === definition.name),
  ];
}

function usePoints(project: string, use: Use, seen: readonly Seen[]): readonly Point[] {
  const row = (what: string) => point(`projects: ${what}`, `${project} ${use.id}`);
  const found = lossesOf(use, seen);
  const rows = ['ε', 'classes', 'targets', 'chain', 'reduction'];
  if (found.length === 0) return ['place', ...rows].map((what) => row(what)('missing', 'found nowhere'));
  const losses = found.map(({ loss }) => loss);
  const here = found.filter(({ file, loss }) => file !== use.loss.file || loss.name !== use.loss.name).map(({ loss }) => loss);
  /** What is said at the place itself must be right; a definition speaks of the use it took. */
  const scored = (
    what: string,
    isRight: (loss: Told) => boolean,
    isWrong: (loss: Told) => boolean,
    detail: (loss: Told) => string,
  ): Point => {
    const told = row(what);
    if (losses.some(isRight)) return told('right');
    const wrong = here.find(isWrong);
    return wrong ? told('wrong', detail(wrong)) : told('missing', detail(losses[0]!));
  };
  const { epsilon, classes, on, off } = use;
  const targets = { on: String(on), off: String(off) };
  const isMeasured = (loss: Told): boolean => loss.measured !== null && !isAssumed(loss);
  const text = (loss: Told): string => (loss.measured ? asText(loss) : whyNot(loss));
  return [
    row('place')('right'),
    scored(
      'ε',
      (loss) =>
        loss.otherUses.some(({ smoothing, range, file }) => near(smoothing, epsilon.value) && isAt(use, range.line, file)) ||
        near(
          statedSmoothing(loss) ?? (epsilon.value === 0 && isMeasured(loss) && loss.measured?.formulation === 'hard-labels' ? 0 : null),
          epsilon.value,
        ),
      (loss) => statedSmoothing(loss) !== null,
      (loss) => `${epsilon.value}: ${text(loss)}`,
    ),
    scored(
      'classes',
      (loss) => loss.classes === classes.value,
      () => false,
      (loss) => `K = ${classes.value}: ${text(loss)}`,
    ),
    scored(
      'targets',
      (loss) => isDistribution(targets, loss, { e: epsilon.value, K: classes.value }),
      (loss) => isMeasured(loss) && loss.classes === classes.value,
      (loss) => `on ${on}, off ${off}: ${text(loss)}`,
    ),
    chainPoint(use, found, here, row('chain')),
    scored(
      'reduction',
      ({ measured }) =>
        measured !== null &&
        (measured.reduction === use.reduction || (use.reduction === 'mean' && /^(?:active|weighted)Mean$/.test(measured.reduction))),
      isMeasured,
      (loss) => `${use.reduction}: ${text(loss)}`,
    ),
  ];
}

/** Is a line the place where the use is built or called? A file that is not named is the definition's own. */
const isAt = ({ construction, call, alsoConstruction = [], alsoCall = [], loss }: Use, line: number, file = loss.file): boolean =>
  [construction, call, ...alsoConstruction, ...alsoCall].some((place) => place !== null && place.file === file && place.line === line);

/** Every stop of the way, in its order, from the literal on. What stands at the use itself and begins elsewhere tells of another value. */
function chainPoint({ epsilon }: Use, seen: readonly Seen[], here: readonly Told[], told: ReturnType<typeof point>): Point {
  const losses = seen.map(({ loss }) => loss);
  if (epsilon.chain.length === 0)
    return losses.some((loss) => near(statedSmoothing(loss), epsilon.value) || loss.measured) ? told('right') : told('missing');
  const ways = seen.flatMap(({ file, loss }) =>
    [chainOf(loss, 'smoothing'), ...loss.otherUses.filter(({ smoothing }) => near(smoothing, epsilon.value)).map(({ chain }) => chain)]
      .filter((chain) => chain.length > 0)
      .map((chain) => ({
        isHere: here.includes(loss),
        stops: chain.map((stop): Place => ({ file: stop.file ?? file, line: stop.range.line })),
      })),
  );
  if (ways.length === 0) return told('missing', 'no way is shown');
  const isStop = (a: Place, b: Place): boolean => a.line === b.line && a.file === b.file;
  for (const { stops } of ways) {
    let next = 0;
    for (const stop of stops) if (next < epsilon.chain.length && isStop(stop, epsilon.chain[next]!)) next++;
    if (next === epsilon.chain.length) return told('right');
  }
  const shown = (places: readonly Place[]): string => places.map(({ file, line }) => `${file}:${line}`).join(' → ');
  const isStrange = ways.some(
    ({ isHere, stops }) => isHere && !stops.slice(0, 2).some((stop) => epsilon.chain.some((one) => isStop(stop, one))),
  );
  return told(isStrange ? 'wrong' : 'missing', `${ways.map(({ stops }) => shown(stops)).join(' | ')}; expected ${shown(epsilon.chain)}`);
}
