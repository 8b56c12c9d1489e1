/** Reads a document, finds its losses, checks what was asked; running them is handed in, so that a document without a loss loads no tensors. */
import { constantsInConfiguration, constantsInMarkdown, isConfiguration } from './detection/configurationText';
import type { ConfiguredConstant } from './detection/configurationText';
import { constantAsWritten, itself } from './writtenConstant';
import { smoothingConstantsOf } from './detection/constants';
import type { FoundProgram } from './detection/foundProgram';
import type { StudiedSite } from './detection/losses';
import { parameterNames } from './detection/siteNames';
import { studyPrograms } from './detection/losses';
import { askedSite, isCalledLoss, plainSites } from './detection/plainSites';
import type { FileInspection, FileSmoothingConstant, InspectRequest, Inspection, Problem, SourceRange } from './inspection';
import { correctionProblem } from './corrections';
import { largestClasses, readSample, smoothingProblem } from './execution/sample';
import { readDocument } from './language/document';
import { lineIndex } from './language/positions';
import type { LineIndex } from './language/positions';
import type { Program, Range } from './language/program';
import { boundedWorkspace, emptyWorkspace } from './workspace';
import type { Workspace } from './workspace';

/** What running the losses of a program gives, and its smoothing factors with what the run has seen them to be. */
export interface RanSites {
  readonly losses: readonly Inspection[];
  readonly smoothingConstants: readonly FileSmoothingConstant[];
}

/** Runs the chosen losses of a program. */
export type SiteRunner = (found: FoundProgram, chosen: readonly StudiedSite[], request: InspectRequest) => RanSites;

export function inspectDocument(request: InspectRequest, run: SiteRunner, files: Workspace = emptyWorkspace): FileInspection {
  const { file, text } = request;
  if (request.format === undefined && isConfiguration(file)) return inspectConfiguration(request);
  // Whoever reads the document itself reads it as it is asked about, saved or not.
  const workspace = boundedWorkspace({ ...files, read: (path) => (path === request.path ? text : files.read(path)) });
  const document = readDocument(text, file, request.format, request.path === undefined ? {} : { file: request.path, workspace });
  const lines = lineIndex(text);
  const elsewhere = placesElsewhere(workspace);
  const placeIn =
    (program: Program) =>
    (range: Range): SourceRange => {
      const { locate } = program;
      if (range.file !== undefined && range.file !== program.file) return elsewhere(range, range.file);
      return lines.range(locate ? { start: locate(range.start), end: locate(range.end) } : range);
    };
  const ofPrograms = studyPrograms(document.programs);
  const named = new Map(ofPrograms.flat().map(({ site }) => [site.name, 1]));
  const plainOf = (program: Program, studied: readonly StudiedSite[]): readonly StudiedSite[] => plainSites(program, studied, named);
  const found = document.programs.map((program, index): FoundProgram => {
    const studied = ofPrograms[index]!;
    const plain = plainOf(program, studied);
    return {
      program,
      studied,
      plain: [...plain, ...askedIn(program, [...studied, ...plain], request)],
      constants: smoothingConstantsOf(program, studied),
      place: placeIn(program),
    };
  });
  const problems: Problem[] = document.problems.map(({ message, range }) => ({
    type: 'syntax',
    message,
    range: range && lines.range(range),
  }));
  for (const { program, place } of found)
    for (const { message, range } of program.problems) problems.push({ type: 'syntax', message, range: place(range) });

  const ofText = document.format === 'markdown' ? constantsInMarkdown(text) : [];
  const inOrder = (ofCode: readonly FileSmoothingConstant[]): readonly FileSmoothingConstant[] =>
    [...ofCode, ...ofText.map(configuredIn(lines))].sort((a, b) => a.range.start - b.range.start);
  const requestProblem = problemOfRequest(request);
  if (requestProblem !== null)
    return { file, losses: [], smoothingConstants: inOrder(found.flatMap(constantsOf)), problems: [...problems, requestProblem] };

  const factor = wrongFactor(found, request);
  if (factor !== null)
    return { file, losses: [], smoothingConstants: inOrder(found.flatMap(constantsOf)), problems: [...problems, factor] };

  const losses: Inspection[] = [];
  const constants: FileSmoothingConstant[] = [];
  for (const program of found) {
    const isAsked = ({ site }: StudiedSite): boolean => request.only === undefined || site.name === request.only;
    const chosen = [...program.studied.filter(isAsked), ...program.plain.filter((one) => isAsked(one) && isToldUnasked(one, request))];
    const plain = program.plain.filter(isAsked);
    const ran =
      chosen.length + plain.length > 0
        ? run({ ...program, plain }, chosen, request)
        : { losses: [], smoothingConstants: constantsOf(program) };
    losses.push(...ran.losses);
    constants.push(...ran.smoothingConstants);
  }
  const unknown = unknownParameter(found, request);
  if (unknown !== null && losses.length > 0) problems.push(unknown);
  if (losses.length === 0 && (problems.length === 0 || request.only !== undefined)) problems.push(nothingFound(found, request));
  return { file, losses, smoothingConstants: inOrder(constants), problems };
}

/** What is asked for by its name is looked at, whatever it is. */
function askedIn(program: Program, found: readonly StudiedSite[], { only }: InspectRequest): readonly StudiedSite[] {
  if (only === undefined || found.some(({ site }) => site.name === only)) return [];
  const asked = askedSite(program, only);
  return asked === null ? [] : [asked];
}

/** Of many files, or at a hover, nobody asked for what is not called a loss: simple arithmetic of two tensors is often another thing. */
const isToldUnasked = ({ site }: StudiedSite, { brief, only }: InspectRequest): boolean =>
  brief !== true || only === site.name || isCalledLoss(site.name);

const constantsOf = (found: FoundProgram): readonly FileSmoothingConstant[] =>
  found.constants.map((constant) => ({ ...constantAsWritten(constant, found), site: constant.site }));

const configuredIn =
  (lines: LineIndex) =>
  ({ name, nameRange, range, value, expression }: ConfiguredConstant): FileSmoothingConstant => {
    const at = lines.range(range);
    const chain = value === null ? {} : { chain: [itself({ expression, range: at })] };
    return { name, kind: 'option', range: at, nameRange: lines.range(nameRange), value, expression, ...chain, site: null };
  };

/** A configuration holds no loss: its smoothing factors are what there is to say. */
function inspectConfiguration({ file, text, only }: InspectRequest): FileInspection {
  const smoothingConstants = constantsInConfiguration(text).map(configuredIn(lineIndex(text)));
  const message = 'no loss found: a configuration holds none, and no smoothing factor stands in this one';
  const asked = 'no loss found: a configuration holds none';
  const isAnswered = smoothingConstants.length > 0 && only === undefined;
  const problems: readonly Problem[] = isAnswered ? [] : [{ type: 'notFound', message: only === undefined ? message : asked, range: null }];
  return { file, losses: [], smoothingConstants, problems };
}

/** Places in the modules beside the document. */
function placesElsewhere(workspace: Workspace): (range: Range, file: string) => SourceRange {
  const known = new Map<string, (range: Range) => SourceRange>();
  const placing = (file: string): ((range: Range) => SourceRange) => {
    const text = workspace.read(file) ?? '';
    const lines = lineIndex(text);
    // A notebook's code is made from its document: places in it have to be found again.
    const locate = file.endsWith('.ipynb') ? readDocument(text, file).programs[0]?.locate : undefined;
    return ({ start, end }) => lines.range(locate ? { start: locate(start), end: locate(end) } : { start, end });
  };
  return (range, file) => {
    const place = known.get(file) ?? placing(file);
    known.set(file, place);
    return { ...place(range), file: workspace.shown?.(file) ?? file };
  };
}

function problemOfRequest({ sample, smoothing, classes, paddingIndex, corrections = [] }: InspectRequest): Problem | null {
  const input = (message: string): Problem => ({ type: 'input', message, range: null });
  if (sample !== undefined) {
    const reading = readSample(sample);
    if (!reading.ok) return input(reading.message);
  }
  const wrong = smoothing === undefined ? null : smoothingProblem(smoothing);
  if (wrong !== null) return input(wrong);
  for (const { parameters = [], classes: told } of corrections) {
    const [problem] = parameters.flatMap((one) => correctionProblem(one) ?? []);
    if (problem !== undefined) return input(problem);
    if (told !== undefined && (!Number.isInteger(told) || told < 1 || told > largestClasses))
      return input(`the number of classes is ${told}: it must be a whole number from 1 to ${largestClasses}`);
  }
  if (classes !== undefined && (!Number.isInteger(classes) || classes < 1 || classes > largestClasses))
    return input(`the number of classes is ${classes}: it must be a whole number from 1 to ${largestClasses}`);
  if (
    paddingIndex !== undefined &&
    (!Number.isInteger(paddingIndex) || paddingIndex < 0 || (classes !== undefined && paddingIndex >= classes))
  )
    return input(
      `the padding index is ${paddingIndex}: it must be the number of a class${classes === undefined ? '' : `, 0 to ${classes - 1}`}`,
    );
  return null;
}

/** A value that is said for a smoothing factor and is none. */
function wrongFactor(found: readonly FoundProgram[], { corrections = [] }: InspectRequest): Problem | null {
  for (const { site } of found.flatMap(({ studied }) => studied)) {
    const names = site.smoothingParameters.map(({ name }) => name);
    for (const { loss, parameters = [] } of corrections) {
      if (loss !== undefined && loss !== site.name) continue;
      const said = parameters.find(({ name, as, value }) => names.includes(name) && as === undefined && value !== undefined);
      const message = said === undefined ? null : correctionProblem({ ...said, as: 'smoothing' });
      if (message !== null) return { type: 'input', message, range: null };
    }
  }
  return null;
}

/** What is said of a parameter that none of the losses has. */
function unknownParameter(found: readonly FoundProgram[], { corrections = [], only }: InspectRequest): Problem | null {
  const sites = found.flatMap(({ studied }) => studied.flatMap(({ site }) => (only === undefined || site.name === only ? [site] : [])));
  const names = [...new Set(sites.flatMap(parameterNames))];
  const strange = corrections.flatMap(({ loss, parameters = [] }) =>
    loss === undefined ? parameters.filter(({ name }) => !names.includes(name)) : [],
  );
  const [first] = strange;
  if (first === undefined) return null;
  const message = `no loss here has a parameter "${first.name}"; there is ${names.join(', ')}`;
  return { type: 'input', message, range: null };
}

function nothingFound(found: readonly FoundProgram[], { only }: InspectRequest): Problem {
  const names = found.flatMap(({ studied, plain }) => [...studied, ...plain].map(({ site }) => site.name));
  if (only !== undefined && names.length > 0)
    return { type: 'notFound', message: `no loss is named "${only}" here; there is ${names.join(', ')}`, range: null };
  return {
    type: 'notFound',
    message:
      'no loss found: looked for classes and functions that put a cross entropy of logits and targets together (log-softmax, NLL, KL divergence, smoothed one-hot targets), ' +
      'for built-in losses given a label smoothing, for module-level code that computes one, and for definitions that compute a loss of another family (focal, Dice, DPO, …)',
    range: null,
  };
}
