/** Where a program says its smoothing factor: defaults, keywords, options, constants, attributes. */
import type { Call, Expression, Program, Range, Statement } from '../language/program';
import type { SmoothingConstant } from '../inspection';
import { keyOf, numberOf } from './literals';
import type { Origin } from './flow';
import type { StudiedSite } from './losses';
import { studyLosses } from './losses';
import { siteCalled } from './siteNames';
import type { LossSite } from './sites';
import { isPlainlySmoothing, isSmoothingName } from './vocabulary';
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
  if (studied.length === 0 && !/smooth|lsm_?(weight|prob)/i.test(program.text)) return [];
  const found = new Map<number, SmoothingConstantSite>();
  const variables = new Map<string, Expression>();
  const add = (name: string, kind: SmoothingConstant['kind'], nameRange: Range, value: Expression, site: string | null) => {
    if (found.has(value.range.start)) return;
    const number = valueOf(value, variables);
    // Too large for a smoothing factor: it is one by mistake, where the data flow says that it is one and its name says it too.
    if (number !== null && (number < -1 || number > 1) && (site === null || !isPlainlySmoothing(name))) return;
    if (number === null && value.kind === 'constant') return;
    const expression = program.text.slice(value.range.start, value.range.end);
    found.set(value.range.start, { name, kind, range: value.range, nameRange, value: number, expression, site });
  };

  for (const cell of program.cells) {
    for (const statement of cell.body) {
      if (statement.kind !== 'assign' || statement.value === null || numberOf(statement.value) === null) continue;
      for (const target of statement.targets) if (target.kind === 'name') variables.set(target.name, statement.value);
    }
  }
  // A script passes through the losses it uses: what stands in one of them is that one's.
  const innermost = studied.toSorted((x, y) => Number(x.site.kind === 'script') - Number(y.site.kind === 'script'));
  for (const { site, origins } of innermost) {
    for (const origin of origins)
      if (origin.value && origin.kind !== 'literal') add(origin.name, kindOf(origin), origin.nameRange, origin.value, site.name);
  }
  const sites = studied.map(({ site }) => site);
  const callable = (name: string, at: number): LossSite | null => {
    const called = siteCalled(sites, name, at);
    return called !== null && called.smoothingParameters.length > 0 ? called : null;
  };
  const passed = new Set<string>();
  const addPassed = (name: string, kind: SmoothingConstant['kind'], nameRange: Range, value: Expression, site: string | null) => {
    add(name, kind, nameRange, value, site);
    if (value.kind === 'name') passed.add(value.name);
  };
  for (const cell of program.cells) {
    walk(cell.body, (node) => {
      switch (node.kind) {
        case 'call':
          for (const { name, nameRange, value, kind, site } of argumentsOf(node, callable)) addPassed(name, kind, nameRange, value, site);
          break;
        case 'function':
        case 'lambda':
          for (const parameter of node.parameters) {
            if (parameter.defaultValue && isSmoothingName(parameter.name))
              add(
                parameter.name,
                'parameterDefault',
                { start: parameter.range.start, end: parameter.range.start + parameter.name.length },
                parameter.defaultValue,
                null,
              );
          }
          break;
        case 'assign':
          addAssigned(node, add);
          break;
        case 'mapping':
          for (const { key, value } of node.entries) {
            const name = key && keyOf(key);
            if (key && typeof name === 'string' && isSmoothingName(name) && numberOf(value) !== null)
              add(name, 'option', key.range, value, null);
          }
          break;
        default:
      }
    });
  }
  // A variable handed to a loss as its smoothing factor is one, whatever its name.
  for (const cell of program.cells) {
    for (const statement of cell.body) {
      if (statement.kind !== 'assign' || statement.value === null || numberOf(statement.value) === null) continue;
      for (const target of statement.targets)
        if (target.kind === 'name' && passed.has(target.name)) add(target.name, 'assignment', target.range, statement.value, null);
    }
  }
  return [...found.values()].sort((a, b) => a.range.start - b.range.start);
}

function valueOf(value: Expression, variables: ReadonlyMap<string, Expression>): number | null {
  const number = numberOf(value);
  if (number !== null || value.kind !== 'name') return number;
  return numberOf(variables.get(value.name) ?? null);
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

function addAssigned(
  statement: Extract<Statement, { kind: 'assign' }>,
  add: (name: string, kind: SmoothingConstant['kind'], nameRange: Range, value: Expression, site: null) => void,
): void {
  if (statement.value === null || numberOf(statement.value) === null) return;
  for (const target of statement.targets) {
    if (target.kind === 'name' && isSmoothingName(target.name))
      add(target.name, statement.annotation ? 'field' : 'assignment', target.range, statement.value, null);
    else if (target.kind === 'attribute' && isSmoothingName(target.name))
      add(target.name, 'attribute', target.nameRange, statement.value, null);
  }
}

interface Argument {
  readonly name: string;
  readonly kind: SmoothingConstant['kind'];
  readonly nameRange: Range;
  readonly value: Expression;
  readonly site: string | null;
}

function* argumentsOf(call: Call, callable: (name: string, at: number) => LossSite | null): Generator<Argument> {
  const name = call.callee.kind === 'name' ? call.callee.name : call.callee.kind === 'attribute' ? call.callee.name : null;
  const site = name === null ? null : callable(name, call.range.start);
  for (const keyword of call.keywords) {
    const keywordName = keyword.name;
    if (keywordName === null) continue;
    const nameRange = { start: keyword.range.start, end: keyword.range.start + keywordName.length };
    const ofSite = site?.smoothingParameters.some((p) => p.name === keywordName) === true;
    if (ofSite || isSmoothingName(keywordName))
      yield { name: keywordName, kind: 'keywordArgument', nameRange, value: keyword.value, site: ofSite ? site.name : null };
    // argparse: add_argument('--label-smoothing', type=float, default=0.1)
    if (
      keywordName === 'default' &&
      call.arguments.some((a) => a.kind === 'constant' && a.value.type === 'string' && isSmoothingName(a.value.value.replace(/^-+/, '')))
    )
      yield { name: 'default', kind: 'option', nameRange, value: keyword.value, site: null };
  }
  if (!site) return;
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
