/** Where a program says its smoothing factor: defaults, keywords, options, constants, attributes. */
import type { Call, Expression, Program, Range } from '../language/program';
import type { SmoothingConstant } from '../inspection';
import { constantsInConfiguration } from './configurationText';
import { placesIn } from './constantPlaces';
import { textOf } from '../language/source';
import { foldedNumber, keyOf, numberInText, placeKey } from './literals';
import type { Origin } from './flow';
import type { StudiedSite } from './losses';
import { gatherDefinitions } from './definitions';
import { studyLosses } from './losses';
import { flowElsewhere } from './ownImports';
import { preferenceSettings } from './preferences';
import { siteCalled } from './siteNames';
import type { LossSite } from './sites';
import { isPlainlySmoothing } from './vocabulary';
import { walk } from './walk';

export interface SmoothingConstantSite {
  readonly name: string;
  readonly kind: SmoothingConstant['kind'];
  /** Of the value expression. */
  readonly range: Range;
  readonly nameRange: Range;
  /** The number, where the code says it literally, here or at the one variable it names. */
  readonly value: number | null;
  readonly expression: string;
  /** Name of the loss it belongs to, or null where only its own name tells what it is. */
  readonly site: string | null;
}

export function findSmoothingConstants(program: Program): readonly SmoothingConstantSite[] {
  return smoothingConstantsOf(program, studyLosses(program));
}

/** As findSmoothingConstants, for sites that were studied already. */
export function smoothingConstantsOf(program: Program, studied: readonly StudiedSite[]): readonly SmoothingConstantSite[] {
  if (studied.length === 0 && !mayHoldConstant(program.text)) return [];
  const found = new Map<string, SmoothingConstantSite>();
  const variables = literalVariables(program);
  const add = (name: string, kind: SmoothingConstant['kind'], nameRange: Range, value: Expression, site: string | null) => {
    const key = placeKey(value.range);
    if (found.has(key)) return;
    const number = valueOf(value, variables) ?? numberElsewhere(program, value);
    // Too large for a smoothing factor: it is one by mistake, where the data flow says that it is one and its name says it too.
    if (number !== null && (number < -1 || number > 1) && (site === null || !isPlainlySmoothing(name))) return;
    if (number === null && value.kind === 'constant') return;
    const expression = textOf(program, value);
    found.set(key, { name, kind, range: value.range, nameRange, value: number, expression, site });
  };

  // A script passes through the losses it uses: what stands in one of them is that one's.
  const innermost = studied.toSorted((x, y) => Number(x.site.kind === 'script') - Number(y.site.kind === 'script'));
  for (const { site, origins } of innermost) {
    for (const origin of origins)
      if (origin.value && origin.kind !== 'literal') add(origin.name, kindOf(origin), origin.nameRange, origin.value, site.name);
  }
  // `q * (1 - 0.15) + 0.15 / k`: a number without a name is one where it stands as it is.
  for (const { site, origins } of innermost)
    for (const { kind, name, value } of origins)
      if (kind === 'literal' && value !== null && value.range.file === undefined && textOf(program, value) === name)
        add(name, 'assignment', value.range, value, site.name);
  const passed = addPassed(program, studied, add);
  addSaid(program, add);
  // A variable handed to a loss as its smoothing factor is one, whatever its name.
  for (const cell of program.cells) {
    for (const statement of cell.body) {
      if (statement.kind !== 'assign' || statement.value === null || foldedNumber(statement.value) === null) continue;
      for (const target of statement.targets)
        if (target.kind === 'name' && passed.has(target.name)) add(target.name, 'assignment', target.range, statement.value, null);
    }
  }
  return [...found.values()].sort((a, b) => a.range.start - b.range.start);
}

const mayHoldConstant = (text: string): boolean =>
  /smooth|lsm_?(weight|prob)/i.test(text) || (/\beps/i.test(text) && /\b(ce|xent|cross_?entropy|lsr|lsce)\b/i.test(text));

type Add = (name: string, kind: SmoothingConstant['kind'], nameRange: Range, value: Expression, site: string | null) => void;

/** Values that calls hand to the losses of the file; gives the names that are handed over. */
function addPassed(program: Program, studied: readonly StudiedSite[], add: Add): ReadonlySet<string> {
  const sites = studied.map(({ site }) => site);
  const callable = (name: string, at: number): LossSite | null => {
    const called = siteCalled(sites, name, at);
    return called !== null && called.smoothingParameters.length > 0 ? called : null;
  };
  const passed = new Set<string>();
  for (const { body } of program.cells) {
    walk(body, (node) => {
      if (node.kind !== 'call') return;
      for (const { name, nameRange, value, kind, site } of argumentsOf(node, callable)) {
        add(name, kind, nameRange, value, site);
        if (value.kind === 'name') passed.add(value.name);
      }
    });
  }
  return passed;
}

/** What only its name, or its place, says to be a smoothing factor. */
function addSaid(program: Program, add: Add): void {
  const preferences = preferenceSettings(program);
  for (const { body } of program.cells) {
    walk(body, (node) => {
      for (const { name, kind, nameRange, value } of placesIn(node)) {
        if (preferences.isOne(node, nameRange) || !isSaid(value, kind)) continue;
        add(name, kind, nameRange, value, null);
      }
      if (node.kind === 'constant' && node.value.type === 'string' && node.value.value.includes('\n'))
        addConfigured(program, node.range, add);
    });
  }
}

/** An assignment that only passes a setting on says no factor; an argument is one, wherever its value comes from. */
function isSaid(value: Expression, kind: SmoothingConstant['kind']): boolean {
  if (kind === 'keywordArgument') return true;
  const isText = value.kind === 'constant' && value.value.type === 'string' && numberInText(value.value.value) !== null;
  return foldedNumber(value) !== null || isText || holdsChoices(value);
}

/** `{ values: [0, 0.1] }` of a sweep, `0.1 if smooth else 0.0`. */
function holdsChoices(value: Expression): boolean {
  if (value.kind === 'conditional') return foldedNumber(value.then) !== null || foldedNumber(value.otherwise) !== null;
  const entries = value.kind === 'mapping' ? value.entries : [];
  return entries.some(({ key, value: choices }) => {
    const name = key && keyOf(key);
    if (name === 'values')
      return choices.kind === 'sequence' && choices.items.length > 0 && choices.items.every((item) => foldedNumber(item) !== null);
    return (name === 'min' || name === 'max' || name === 'value') && foldedNumber(choices) !== null;
  });
}

/** A configuration that stands in the code as a text: `yaml.safe_load("""…""")`. */
function addConfigured({ text }: Program, { start, end }: Range, add: Add): void {
  for (const { name, nameRange, range, value } of constantsInConfiguration(text.slice(start, end))) {
    const at = (inner: Range): Range => ({ start: start + inner.start, end: start + inner.end });
    if (value !== null) add(name, 'option', at(nameRange), { kind: 'constant', value: { type: 'float', value }, range: at(range) }, null);
  }
}

function literalVariables(program: Program): ReadonlyMap<string, Expression> {
  const variables = new Map<string, Expression>();
  const bind = (target: Expression, value: Expression): void => {
    if (target.kind === 'name' && foldedNumber(value) !== null) variables.set(target.name, value);
    if (target.kind === 'sequence' && value.kind === 'sequence' && target.items.length === value.items.length)
      target.items.forEach((item, i) => {
        bind(item, value.items[i]!);
      });
  };
  for (const { body } of program.cells)
    for (const statement of body)
      if (statement.kind === 'assign' && statement.value !== null) for (const target of statement.targets) bind(target, statement.value);
  return variables;
}

function valueOf(value: Expression, variables: ReadonlyMap<string, Expression>): number | null {
  const number = foldedNumber(value);
  if (number !== null) return number;
  if (value.kind === 'constant' && value.value.type === 'string') return numberInText(value.value.value);
  return value.kind === 'name' ? foldedNumber(variables.get(value.name) ?? null) : null;
}

/** The number that a name or a path of modules stands for in another file: `SMOOTHING`, `config.SMOOTHING`. */
function numberElsewhere(program: Program, value: Expression): number | null {
  if (program.workspace === undefined || (value.kind !== 'name' && value.kind !== 'attribute')) return null;
  const origin = flowElsewhere(value, gatherDefinitions(program))?.origin;
  return origin?.value && origin.value.range.file !== undefined ? foldedNumber(origin.value) : null;
}

function kindOf(origin: Origin): SmoothingConstant['kind'] {
  switch (origin.kind) {
    case 'parameter':
      return 'parameterDefault';
    case 'attribute':
      return 'attribute';
    case 'field':
      return 'field';
    case 'option':
      return 'option';
    case 'argument':
      return origin.value && origin.nameRange.start === origin.value.range.start ? 'positionalArgument' : 'keywordArgument';
    case 'variable':
    case 'literal':
      return 'assignment';
  }
}

interface Argument {
  readonly name: string;
  readonly kind: SmoothingConstant['kind'];
  readonly nameRange: Range;
  readonly value: Expression;
  readonly site: string | null;
}

/** What a call of one of the sites hands over as its smoothing factor. */
function* argumentsOf(call: Call, callable: (name: string, at: number) => LossSite | null): Generator<Argument> {
  const name = call.callee.kind === 'name' ? call.callee.name : call.callee.kind === 'attribute' ? call.callee.name : null;
  const site = name === null ? null : callable(name, call.range.start);
  if (site === null) return;
  for (const { name: keyword, range, value } of call.keywords) {
    if (keyword === null || !site.smoothingParameters.some((p) => p.name === keyword)) continue;
    const nameRange = { start: range.start, end: range.start + keyword.length };
    yield { name: keyword, kind: 'keywordArgument', nameRange, value, site: site.name };
  }
  for (const { index, name: parameter } of positions(site)) {
    const value = call.arguments[index];
    if (!value || value.kind === 'starred') continue;
    if (value.kind === 'mapping') {
      for (const entry of value.entries) {
        const key = entry.key && keyOf(entry.key);
        if (entry.key && key === parameter)
          yield { name: parameter, kind: 'option', nameRange: entry.key.range, value: entry.value, site: site.name };
      }
    } else yield { name: parameter, kind: 'positionalArgument', nameRange: value.range, value, site: site.name };
  }
}

/** Positions at which a site's smoothing parameters stand when it is called by its name. */
function* positions(site: LossSite): Generator<{ readonly index: number; readonly name: string }> {
  const { definition } = site;
  const parameters =
    definition.kind === 'class'
      ? (definition.constructor?.parameters.slice(site.program.language === 'python' ? 1 : 0) ?? [])
      : definition.kind === 'function'
        ? (definition.factory ?? definition.callable).parameters
        : [];
  for (const { name } of site.smoothingParameters) {
    const index = parameters.findIndex(
      (p) => p.name === name || (p.pattern?.kind === 'mapping' && p.pattern.entries.some((e) => e.key && keyOf(e.key) === name)),
    );
    if (index >= 0) yield { index, name };
    else {
      // `options.smoothing`: the object's position.
      const options = parameters.findIndex((p) => /^(options|opts|config|cfg|params|args)$/i.test(p.name));
      if (options >= 0) yield { index: options, name };
    }
  }
}
