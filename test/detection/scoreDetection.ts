/** A `manifest.json`: files with the sites, constants and target distributions that they hold, and files that hold none. */
import { inspected, isAssumed, near, number, statedSmoothing, whyNot, type Inspected, type Told } from './inspected';
import { asText, distributions, isDistribution, isToldBinary, minusEntropy } from './distributions';
import { point, type Point } from './point';

export interface DetectionCase {
  readonly id: string;
  readonly path: string;
  /** What there is instead of smoothing. */
  readonly neg?: string;
  readonly plain?: 'yes';
  readonly const?: 'ok';
  readonly sites: readonly { readonly name: string; readonly line: number }[];
  readonly constants: readonly { readonly line: number; readonly value: number | null }[];
  readonly uses: readonly { readonly line: number; readonly value?: number | null }[];
  readonly e?: string;
  readonly K?: string;
  readonly dist?: string;
  readonly offset?: 'H';
  /** Its library is not interpreted: what is known of it may be told, nothing need be measured. */
  readonly meas?: 'maybe';
}

export function scoreDetection(root: string, record: DetectionCase): readonly Point[] {
  const said = inspected(root, record.path);
  return record.neg === undefined ? [...places(record, said), ...verdicts(record, said)] : negative(record, said);
}

function places(record: DetectionCase, said: Inspected): readonly Point[] {
  const at = (wanted: { readonly line: number }): string => `${record.path}:${wanted.line}`;
  const sites = record.sites.map((site): Point => {
    const told = point('detection: sites', at(site));
    return siteAt(said, site.line, site.name) ? told('right') : told('missing', `${site.name} is not found`);
  });
  const stated = (wanted: { readonly line: number; readonly value?: number | null }, row: string, what: string): Point => {
    const told = point(row, at(wanted));
    const here = said.constants.filter(({ range, nameRange }) => range.line === wanted.line || nameRange.line === wanted.line);
    const { value = null } = wanted;
    if (here.some((constant) => value === null || near(constant.value, value))) return told('right');
    const other = here.find((constant) => constant.value !== null);
    if (other) return told('wrong', `${other.name} is said to be ${String(other.value)}, it is ${String(value)}`);
    return told('missing', here.length > 0 ? `${what} has no value (${String(value)})` : `${what} is not found (${String(value)})`);
  };
  return [
    ...sites,
    ...record.constants.map((constant) => stated(constant, 'detection: constants', 'a constant')),
    ...record.uses.map((use) => stated(use, 'detection: uses', 'a use')),
  ];
}

/** What stands at this line; where several do, the one of this name. */
function siteAt({ losses }: Inspected, line: number, name: string): Told | undefined {
  const here = losses.filter(({ nameRange, range }) => nameRange.line === line || range.line === line);
  return here.find((loss) => loss.name === name) ?? here.find((loss) => loss.measured !== null) ?? here[0];
}

function verdicts(record: DetectionCase, said: Inspected): readonly Point[] {
  const { dist } = record;
  if (dist === undefined || dist === 'NONE' || record.sites.length === 0) return [];
  return record.sites.slice(0, 1).map((site): Point => {
    const told = point('detection: verdicts', `${record.path}:${site.line}`);
    const loss = siteAt(said, site.line, site.name);
    if (loss === undefined) return told(record.meas ? 'open' : 'missing', 'no site');
    if (loss.measured === null || loss.measured.onValue === 'nan') {
      if (record.meas) return told('open', whyNot(loss));
      return told(loss.status === 'unsupported' ? 'unsupported' : 'missing', whyNot(loss));
    }
    const wrong = (why: string): Point => told('wrong', `${why} (${asText(loss)})`);
    if (dist === 'NA' || dist === 'NORMAL') {
      const { formulation } = loss.measured;
      return formulation === null || (dist === 'NORMAL' && formulation === 'normal') ? told('right') : wrong('another loss');
    }
    return distributed(record, loss, told, wrong);
  });
}

function distributed(record: DetectionCase, loss: Told, told: ReturnType<typeof point>, wrong: (why: string) => Point): Point {
  const e = Number(record.e);
  if (isAssumed(loss)) return told('missing', `ε = ${record.e ?? ''} was not followed: ${loss.measured?.verdict ?? ''}`);
  if (!near(statedSmoothing(loss), e)) return wrong(`ε is ${record.e ?? ''}, not ${String(loss.smoothing)}`);
  if (record.K !== undefined && loss.classes !== Number(record.K)) return wrong(`K is ${record.K}`);
  const K = loss.classes ?? 0;
  const wanted = record.dist === 'TARGET' ? ['U', 'F', 'A', 'M', 'BIN', 'TBIN'] : [record.dist!];
  const found = wanted.find(
    (letter) => isDistribution(distributions[letter]!, loss, { e, K }) || isToldBinary(distributions[letter]!, loss, { e, K }),
  );
  if (found === undefined) return wrong(`${record.dist!} at ε = ${e} is another`);
  if (record.offset === 'H') {
    const expected = minusEntropy(distributions[found]!, { e, K }, found === 'A' ? K - 2 : K - 1);
    const offset = number(loss.measured!.offset);
    if (offset === null || Math.abs(offset - expected) > 1e-3) return wrong(`the offset is ${expected}, not ${String(offset)}`);
  }
  return told('right');
}

const smoothingFormulations = Object.values(distributions).flatMap(({ formulations }) => formulations);

/** Nothing may be called smoothing, nor warned about; that a loss is seen where none is counts in a row of its own. */
function negative(record: DetectionCase, said: Inspected): readonly Point[] {
  const claims: string[] = [];
  if (record.const !== 'ok')
    for (const { name, range } of said.constants) claims.push(`${name} in line ${range.line} is called a smoothing factor`);
  for (const loss of said.losses) {
    const { measured, findings } = loss;
    if (record.const !== 'ok' && loss.smoothing !== null) claims.push(`${loss.name}: ε = ${loss.smoothing}`);
    if (measured?.formulation && smoothingFormulations.includes(measured.formulation)) claims.push(`${loss.name}: ${measured.verdict}`);
    for (const { rule, severity, message } of findings)
      if (severity === 'warning' || severity === 'error') claims.push(`${loss.name}: ${severity} ${rule}: ${message}`);
  }
  const told = point('negatives: silent', `${record.path} (${record.neg!})`);
  // A loss of another family is one, and none of smoothing.
  const ofSmoothing = said.losses.filter(({ family, recognised }) => recognised === undefined || family === null);
  const seen = ofSmoothing.map(({ name, nameRange, status }) => `${name} (line ${nameRange.line}, ${status})`).join(', ');
  return [
    claims.length === 0 ? told('right') : told('wrong', claims.join('; ')),
    ...(record.plain === 'yes'
      ? []
      : [
          point('negatives: no site', `${record.path} (${record.neg!})`)(
            ofSmoothing.length === 0 ? 'right' : 'missing',
            seen && `seen as a loss: ${seen}`,
          ),
        ]),
  ];
}
