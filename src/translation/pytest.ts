/** A pytest file that asserts the numbers of an inspection under real torch; handed out only after it has passed here. */
import type { LossSite } from '../detection/sites';
import type { Feed } from '../execution/bridge';
import { pythonLibraries } from '../execution/libraries';
import { lossIn, outcomeOf } from '../execution/outcome';
import { NoGradient, runnable } from '../execution/runSite';
import type { Session } from '../execution/session';
import type { ReadTensor } from '../execution/tensorData';
import { createInterpreter } from '../interpreter/interpreter';
import { agrees } from '../identification/precision';
import type { Value } from '../interpreter/value';
import type { Sample, Translation } from '../inspection';
import { surroundingsOf } from '../language/document';
import { parsePython } from '../language/python';
import { withTensors } from '../tensor/run';
import { freeNames } from '../detection/freeNames';
import { ownSource, runsAsMainOnly } from './ownSource';
import { nested, NotWritable, pythonLiteral, tensorLiteral } from './pythonLiteral';
import type { TestNames } from './testNames';
import { testNames } from './testNames';
import { exactFloatText, float32Text } from './pythonNumbers';
import { recordCalls, type LossCall } from './recordedCalls';

export interface PytestRequest {
  readonly session: Session;
  readonly site: LossSite;
  readonly feed: Feed;
  readonly sample: Sample;
  /** The smoothing factor as it was passed to the code; null where the code's own was left. */
  readonly passedSmoothing: number | null;
  /** Two runs of it give the same numbers. */
  readonly deterministic: boolean;
  /** The numbers of the inspection. */
  readonly value: number | null;
  readonly gradient: readonly (readonly number[])[] | null;
  readonly file: string;
  /** Whether the file is Python as it stands, so that it could be imported. */
  readonly isScript: boolean;
}

const refused = (note: string): Translation => ({ code: null, note });

/** Logits that are written out in a test; their gradient is written too. */
const mostWritten = 65_536;

export function pytestTranslation(request: PytestRequest): Translation {
  const { session, site, deterministic, sample } = request;
  if (site.program.language !== 'python' || (site.framework !== 'torch' && site.framework !== 'unknown'))
    return refused('Numbers are asserted under torch only, and this loss is not written for torch.');
  if (site.definition.kind === 'call' && !site.definition.computes)
    return refused('It is no loss that a test could call: it hands its smoothing factor to one.');
  if (!deterministic)
    return refused(
      'Two runs give different numbers (it draws random ones, or keeps state between calls): a test of them would fail at random.',
    );
  const logits = sample.logits.length * (sample.logits[0]?.length ?? 0);
  if (logits > mostWritten)
    return refused(`A test would hold all ${logits} logits of this sample; it is written for ${mostWritten} at most.`);
  try {
    const test = written(request);
    const problem = failureOf(test, session);
    return problem === null ? { code: test.code, note: noteOf(test, request) } : refused(problem);
  } catch (error) {
    if (error instanceof NotWritable) return refused(`${error.message}, so the call cannot be repeated in a test.`);
    throw error;
  }
}

interface WrittenTest {
  readonly code: string;
  /** The lines that import the loss from its module, where it is imported. */
  readonly importLine: string | null;
  readonly module: string | null;
  /** Names of the test functions. */
  readonly tests: readonly string[];
  readonly hasGradient: boolean;
}

function written(request: PytestRequest): WrittenTest {
  const { site, sample, file } = request;
  const main = runOf(request, null);
  if (!isThatRun(main, request)) throw new NotWritable('Another run of it gives other numbers than the inspection');
  const rows = runOf(request, 'none');
  const origin = originOf(request);
  const names = namesBeside(origin, request);
  const whole = testOf(names.wholeTest, main, request, names);
  const unreduced = rows !== null && rows.tensor !== null && main.tensor?.shape.length === 0 && rows.tensor.shape.length > 0;
  const tests = [whole, ...(unreduced ? [testOf(names.rowsTest, { ...rows, gradient: null }, request, names)] : [])];
  const { lines: imports, definitions, importLine, module } = origin;
  const what = `${site.name}, ${basename(file)}`.replace(/["\\]/g, ' ');
  const use = module === null ? '' : `\n\nPut it beside ${basename(file)} and run pytest.\n`;
  const header = `"""The numbers that Loss Inspector measured of ${what}, asserted under torch.${use}"""`;
  const future = imports.filter((line) => line.includes('__future__'));
  const torchImport = names.torch === 'torch' ? 'import torch' : `import torch as ${names.torch}`;
  const others = imports.filter((line) => !line.includes('__future__') && line !== torchImport);
  const blocks = [
    header,
    [...future, torchImport, ...others, ...(importLine === null ? [] : ['', importLine])].join('\n'),
    ...definitions.map((text) => `\n${text}`),
    `${definitions.length > 0 ? '\n' : ''}${names.logitsConstant} = ${nested(sample.logits.flat().map(float32Text), [sample.logits.length, sample.logits[0]?.length ?? 0], '')}\n${names.targetsConstant} = [${sample.targets.join(', ')}]`,
    ...tests.map((text) => `\n${text}`),
  ];
  return {
    code: `${blocks.join('\n\n')}\n`,
    importLine,
    module,
    tests: [names.wholeTest, ...(unreduced ? [names.rowsTest] : [])],
    hasGradient: main.gradient !== null,
  };
}

interface Run {
  readonly call: LossCall;
  /** What the loss returned, before the loss was picked out of it. */
  readonly returned: Value;
  /** The loss as a tensor; null where it is a plain number. */
  readonly tensor: ReadTensor | null;
  readonly value: number | null;
  readonly gradient: readonly (readonly number[])[] | null;
  readonly read: (value: Value) => ReadTensor | null;
}

/** Runs the loss on the sample as the inspection did, and remembers how. Null for a reduction that it cannot be asked for. */
function runOf(request: PytestRequest, reduction: null): Run;
function runOf(request: PytestRequest, reduction: string): Run | null;
function runOf({ session, site, feed, sample, passedSmoothing }: PytestRequest, reduction: string | null): Run | null {
  const recorder = recordCalls(session);
  const loss = runnable(recorder.session, site, { smoothing: passedSmoothing, sample });
  const box = reduction === null ? loss.box(feed) : loss.variant({ reduction }, feed);
  if (box === null) return null;
  let gradient: Run['gradient'] = null;
  try {
    gradient = box(sample.logits, sample.targets).gradient;
  } catch (error) {
    if (reduction !== null) return null;
    if (!(error instanceof NoGradient)) throw error;
  }
  const call = recorder.last();
  if (call === null) throw new NotWritable('what was called is not known');
  const returned = call.call.result;
  const { tensor, value } = outcomeOf(session, lossIn(session, returned) ?? returned);
  return { call, returned, tensor, value, gradient, read: (read) => session.bridge.read(read) };
}

/** A loss that keeps state between calls is not the one that was inspected any more. */
function isThatRun({ value, gradient }: Run, inspected: PytestRequest): boolean {
  const expected = inspected.gradient?.flat() ?? null;
  return (
    (inspected.value === null || value === null || agrees(value, inspected.value)) &&
    (expected === null || gradient?.flat().every((g, i) => agrees(g, expected[i]!)) === true)
  );
}

// ---------------------------------------------------------------------------------------------------------- the test

const tolerance = 'rtol=1.3e-6, atol=1e-5';

function testOf(name: string, run: Run, request: PytestRequest, names: TestNames): string {
  const { feed, sample } = request;
  const { call, tensor, gradient } = run;
  const { torch, logits, loss } = names;
  const value = expectedText(run, names);
  const nan = hasNaN(run) ? ', equal_nan=True' : '';
  const input = inputText(run, feed, sample, names);
  const args = (from: LossCall['call']): string => argumentsText(from, run, sample, input, names);
  const lines = [
    `def ${name}():`,
    `    ${logits} = ${torch}.tensor(${names.logitsConstant}${gradient === null ? '' : ', requires_grad=True'})`,
    `    ${names.targets} = ${torch}.tensor(${names.targetsConstant})`,
    ...(call.maker === null
      ? [`    ${loss} = ${calleeText(request)}(${args(call.call)})${pickText(run)}`]
      : [
          `    ${names.criterion} = ${calleeText(request)}(${args(call.maker)})`,
          `    ${loss} = ${names.criterion}(${args(call.call)})${pickText(run)}`,
        ]),
    `    ${torch}.testing.assert_close(${loss}, ${value}, ${tolerance}${nan})`,
  ];
  if (gradient !== null) {
    const shape = [gradient.length, gradient[0]?.length ?? 0];
    const matrix = tensorLiteral({ dtype: 'float32', shape, values: gradient.flat() }, torch, '    ');
    lines.push(
      tensor?.shape.length === 0 ? `    ${loss}.backward()` : `    ${loss}.sum().backward()`,
      `    ${names.expected} = ${matrix}`,
      `    ${torch}.testing.assert_close(${logits}.grad, ${names.expected}, ${tolerance}${nan})`,
    );
  }
  return lines.join('\n');
}

function expectedText({ tensor, value }: Run, { torch }: TestNames): string {
  if (tensor === null) return exactFloatText(value ?? NaN);
  return tensorLiteral(tensor, torch, '    ');
}

const hasNaN = ({ tensor, value, gradient }: Run): boolean =>
  [...(tensor?.values ?? [value ?? 0]), ...(gradient ?? []).flat()].some((number) => Number.isNaN(number));

/** The loss in what is returned. */
function pickText({ returned, read }: Run): string {
  if (read(returned) !== null) return '';
  if (returned.kind === 'tuple' || returned.kind === 'list') return `[${returned.items.findIndex((item) => read(item) !== null)}]`;
  if (returned.kind === 'dict') return "['loss']";
  return '';
}

function inputText({ call, read }: Run, feed: Feed, sample: Sample, { logits }: TestNames): string {
  const fed = {
    logits,
    logProbabilities: `${logits}.log_softmax(dim=-1)`,
    probabilities: `${logits}.softmax(dim=-1)`,
    sigmoids: `${logits}.sigmoid()`,
  }[feed];
  const shape = read(call.input)?.shape ?? [];
  return shape.length === 3 && shape[0] === sample.logits.length && shape[1] === 1 ? `${fed}.unsqueeze(1)` : fed;
}

function argumentsText({ args }: LossCall['call'], run: Run, sample: Sample, input: string, names: TestNames): string {
  const write = (value: Value): string => pythonLiteral(value, (tensor) => tensorText(tensor, run, sample, input, names));
  return [...args.positional.map(write), ...[...args.keywords].map(([name, value]) => `${name}=${write(value)}`)].join(', ');
}

function tensorText(value: Value, { call, read }: Run, { targets, logits }: Sample, input: string, names: TestNames): string | null {
  if (value === call.input) return input;
  const tensor = read(value);
  if (tensor === null) return null;
  const { shape, values, dtype } = tensor;
  const classes = logits[0]?.length ?? 0;
  const isTargets = dtype === 'int64' && values.length === targets.length && values.every((target, i) => target === targets[i]);
  if (isTargets && shape.length === 1) return names.targets;
  if (isTargets && shape.length === 2 && shape[1] === 1) return `${names.targets}.unsqueeze(1)`;
  const isOneHot =
    values.length === targets.length * classes && values.every((x, i) => x === (targets[Math.floor(i / classes)] === i % classes ? 1 : 0));
  if (isOneHot && shape.at(-1) === classes && shape[0] === targets.length && (dtype === 'float32' || dtype === 'int64')) {
    const hot = `${names.torch}.nn.functional.one_hot(${names.targets}, ${classes})${dtype === 'float32' ? '.float()' : ''}`;
    return shape.length === 2 ? hot : `${hot}.unsqueeze(1)`;
  }
  return tensorLiteral(tensor, names.torch, '    ');
}

// ------------------------------------------------------------------------------------------------ where the loss is from

interface Origin {
  readonly lines: readonly string[];
  readonly definitions: readonly string[];
  readonly importLine: string | null;
  readonly module: string | null;
}

/** Imported from its module where that is a file that can be imported; else its own source text. */
function originOf({ site, session, file, isScript }: PytestRequest): Origin {
  const { definition, program } = site;
  if (definition.kind === 'call') return embedded([...freeNames(definition.call.callee)], site);
  const name = nameOf(site);
  const module = moduleName(file);
  const isImportable =
    isScript && module !== null && runsWhenImported(session) && program.problems.length === 0 && !hasRelativeImport(site);
  if (!isImportable) return embedded([name], site);
  if (definition.kind === 'function' && name.startsWith('test')) throw new TakenForTest(name);
  return { lines: [], definitions: [], importLine: `from ${module} import ${name}`, module };
}

/** What fails under `if __name__ == '__main__':` does not fail an import. */
function runsWhenImported({ program, problems }: Session): boolean {
  const skipped = program.cells.flatMap(({ body }) => body.filter(runsAsMainOnly));
  return problems.every(
    ({ range }) =>
      range !== null && range.file === undefined && skipped.some((main) => main.range.start <= range.start && range.end <= main.range.end),
  );
}

/** pytest collects by name, and would call it without arguments. */
class TakenForTest extends NotWritable {
  constructor(name: string) {
    super(`pytest would take the function ${name} for a test by itself`);
  }
}

function hasRelativeImport({ program }: LossSite): boolean {
  return program.cells.some(({ body }) => body.some((statement) => statement.kind === 'import' && statement.level > 0));
}

function embedded(names: readonly string[], { program }: LossSite): Origin {
  const { imports, statements, hasRelativeImport: relative } = ownSource(program, names);
  const [, testLike] = /^(?:async\s+)?def\s+(test\w*)/mu.exec(statements.join('\n')) ?? [];
  if (testLike !== undefined) throw new TakenForTest(testLike);
  if (relative) throw new NotWritable('It uses what a relative import brings from beside the file');
  return { lines: imports, definitions: statements.length === 0 ? [] : [statements.join('\n\n\n')], importLine: null, module: null };
}

/** What is imported has the names of its module beside it; in the test they are hidden, but the test is tried together with the module. */
function namesBeside({ lines, definitions, importLine }: Origin, { site }: PytestRequest): TestNames {
  const { definition, program } = site;
  const called = definition.kind === 'call' ? freeNames(definition.call.callee) : [nameOf(site)];
  return testNames(importLine === null ? parsePython([...lines, ...definitions].join('\n')) : program, called);
}

const nameOf = ({ name }: LossSite): string => name.replace(/ #\d+$/, '');

function calleeText({ site }: PytestRequest): string {
  const { definition, program } = site;
  if (definition.kind !== 'call') return nameOf(site);
  const { start, end } = definition.call.callee.range;
  return program.text.slice(start, end);
}

const basename = (file: string): string => file.split(/[\\/]/).at(-1)!;

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

/** The name under which a file beside the test is imported; null where it has none, or one that an installed module has. */
function moduleName(file: string): string | null {
  const name = /^([A-Za-z_]\w*)\.py$/.exec(basename(file))?.[1];
  if (name === undefined || keywords.has(name)) return null;
  return pythonLibraries.some((library) => Object.keys(library.modules).includes(name)) ? null : name;
}

// ---------------------------------------------------------------------------------------------------------- the proof

/** Why the test cannot be handed out; null when it passes here. */
function failureOf({ code, importLine, tests }: WrittenTest, session: Session): string | null {
  return withTensors(
    () => {
      const surroundings = surroundingsOf(session.program);
      const interpreter = createInterpreter({
        libraries: pythonLibraries,
        seed: 1,
        strictEmpty: true,
        budgets: { milliseconds: 3_000 },
        ...(surroundings.workspace === undefined ? {} : { workspace: surroundings.workspace }),
      });
      interpreter.trace(false);
      if (importLine !== null) interpreter.run(session.program, { keepGoing: true, showLast: false });
      const before = interpreter.notes().length;
      const program = { ...parsePython(importLine === null ? code : code.replace(`${importLine}\n`, '\n')), ...surroundings };
      const problem = program.problems[0] ?? interpreter.run(program, { showLast: false }).errors[0];
      if (problem !== undefined) return `The test could not be run: ${problem.message}`;
      for (const test of tests) {
        try {
          interpreter.call(interpreter.lookup(test)!);
        } catch (error) {
          return `The test does not pass here: ${session.problemOf(error).message.split('\n')[0]}`;
        }
      }
      const notes = interpreter.notes().slice(before);
      if (notes.some((note) => /^random numbers/.test(note)))
        return 'It draws random numbers, and torch draws others: a test of them would fail.';
      const device = notes.find((note) => /accepted and ignored/.test(note));
      return device === undefined
        ? null
        : `It moves tensors to another device (${device.split(' is accepted')[0]}), where the sample of a test would not be.`;
    },
    { strict: true },
  );
}

function noteOf({ module, tests, hasGradient }: WrittenTest, { file }: PytestRequest): string {
  const from = module === null ? 'The loss’s own code stands in it.' : `It imports the loss from ${basename(file)}.`;
  const what = `value${hasGradient ? ' and gradient' : ''}${tests.length > 1 ? ', and the values of the rows,' : ''}`;
  return `Asserts ${what} on this sample to torch’s tolerance (rtol 1.3e-6, atol 1e-5); it passes in Loss Inspector’s interpreter. ${from}`;
}
