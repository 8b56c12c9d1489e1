/** Saying a loss's ε in the other convention, at the number of classes that its file says: measured after the edit before it is offered. */
import type { SmoothingConstantSite } from '../detection/constants';
import { numberOf } from '../detection/literals';
import { withEditedSite } from '../measuring/editedSite';
import { classesInFile } from '../execution/siteDefaults';
import type { Edit } from '../findings/rule';
import type { Measurement } from '../identification/measurement';
import { show } from '../identification/verdict';
import type { InspectRequest, Rewrite } from '../inspection';
import type { Call, Expression } from '../language/program';
import { walk } from '../detection/walk';
import { measuredAlone, prepareLoss } from '../measuring/measureSite';
import type { Task } from '../measuring/measureSite';
import { floatText } from '../translation/pythonNumbers';

interface Conversion {
  /** ε with which the loss has the targets that the other convention gives at the old one. */
  readonly smoothing: (old: number, classes: number) => number;
  /** The same in words. */
  readonly formula: string;
  /** Who means the other convention by ε. */
  readonly other: string;
  readonly effective: 'fillScatter' | 'uniformMixture';
}

const conversions: Readonly<Record<'fillScatter' | 'uniformMixture', Conversion>> = {
  fillScatter: {
    smoothing: (old, K) => (old * (K - 1)) / K,
    formula: 'ε·(K−1)/K',
    other: 'torch and timm call',
    effective: 'uniformMixture',
  },
  uniformMixture: {
    smoothing: (old, K) => (old * K) / (K - 1),
    formula: 'ε·K/(K−1)',
    other: 'fill/scatter calls',
    effective: 'fillScatter',
  },
};

/** More classes than this take too long to measure once more. */
const mostClasses = 1024;

/** One for each smoothing constant of the loss that the text says as a number. */
export function convertSmoothing(task: Task, { law }: Measurement): readonly Rewrite[] {
  const kind = law?.law.kind;
  if (law === null || law.factor !== 1 || (kind !== 'fillScatter' && kind !== 'uniformMixture')) return [];
  if (law.law.kind === 'fillScatter' && law.law.padded) return [];
  const constants = ownLiterals(task);
  const conversion = conversions[kind];
  const K = knownClasses(task, conversion);
  if (typeof K !== 'number') return constants.slice(0, 1).map((constant) => refused(task, constant, conversion, K.problem));
  return constants.flatMap((constant) => converted(task, constant, conversion, K));
}

function ownLiterals({ found, site }: Task): readonly SmoothingConstantSite[] {
  const literals = new Set<number>();
  const calls: Call[] = [];
  const own = (expression: Expression): void => {
    if (numberOf(expression) !== null) literals.add(expression.range.start);
  };
  for (const { body } of site.program.cells)
    walk(body, (node) => {
      if (isExpression(node)) own(node);
      if (node.kind === 'call' && node.callee.kind === 'name' && node.callee.name === site.name) calls.push(node);
    });
  const written = (constant: SmoothingConstantSite): boolean =>
    site.smoothingValues.some(({ range }) => range.start === constant.range.start);
  const atCall = ({ kind, range }: SmoothingConstantSite): boolean =>
    (kind === 'keywordArgument' || kind === 'positionalArgument') &&
    calls.some((call) => call.range.start <= range.start && range.end <= call.range.end);
  return found.constants.filter(
    (constant) =>
      (constant.site === site.name || written(constant) || atCall(constant)) &&
      constant.range.file === undefined &&
      constant.value !== null &&
      constant.value > 0 &&
      constant.value < 1 &&
      literals.has(constant.range.start),
  );
}

const isExpression = (node: { readonly kind: string }): node is Expression => node.kind === 'constant';

/** K as the program has it: in the tensors that reach the loss, where the loss is made, or in the sample that the file has. */
function knownClasses({ session, site, fileSample }: Task, { formula }: Conversion): number | { readonly problem: string } {
  const said = session.useOf(site).classes?.value ?? classesInFile(session, site);
  const ofSample = fileSample?.sample.logits[0]?.length ?? null;
  if (said !== null && ofSample !== null && said !== ofSample)
    return { problem: `Which K is meant is not known: the loss is made for ${said} classes, the file’s sample has ${ofSample}.` };
  const K = said ?? ofSample;
  if (K === null)
    return {
      problem: `K is not known here: neither the file’s sample nor the program says the number of classes. It would be ${formula}.`,
    };
  if (!Number.isInteger(K) || K < 2) return { problem: `K = ${K} leaves no other class to share ε.` };
  return K > mostClasses ? { problem: `K = ${K} is too large to measure the edited loss here.` } : K;
}

function refused({ found }: Task, { range, value }: SmoothingConstantSite, { other }: Conversion, reason: string): Rewrite {
  return { kind: 'refused', title: `Convert ε ${value} to what ${other} ${value}`, range: found.place(range), reason };
}

function converted(task: Task, constant: SmoothingConstantSite, conversion: Conversion, K: number): readonly Rewrite[] {
  const old = constant.value!;
  const smoothing = Number(conversion.smoothing(old, K).toPrecision(16));
  if (!(smoothing < 1)) return [refused(task, constant, conversion, `At K = ${K} it would be ${show(smoothing)}: ε must be less than 1.`)];
  const newText = floatText(smoothing);
  const edit: Edit = { range: constant.range, newText };
  const effective = effectiveAfter(task, edit, smoothing, conversion, K);
  if (effective === null || Math.abs(effective - old) > 1e-6) return [];
  const place = task.found.place(constant.range);
  return [
    {
      kind: 'offered',
      title: `ε ${old} → ${show(smoothing)}: what ${conversion.other} ${old} at K = ${K}`,
      range: place,
      edits: [{ range: place, newText }],
      keepsNumbers: false,
      note: `The numbers change: the edited loss was measured at K = ${K}, and its targets are those that ${conversion.other} ε = ${show(effective)}. At another K the number is another.`,
    },
  ];
}

/** ε in the other convention, measured of the edited loss; null when the edit did not arrive or it cannot be measured. */
function effectiveAfter(task: Task, edit: Edit, smoothing: number, { effective }: Conversion, K: number): number | null {
  return withEditedSite(task, [edit], (edited) => {
    const constant = edited.found.constants.find(({ range }) => range.start === edit.range.start);
    if (constant?.value === null || constant === undefined || Math.abs(constant.value - smoothing) > 1e-12) return null;
    const { file, text, format } = edited.request;
    const plain: InspectRequest = { file, text, ...(format === undefined ? {} : { format }), classes: K };
    const own: Task = { ...edited, request: plain };
    const prepared = prepareLoss(own);
    // What stands at a call reaches the loss only when it is called so.
    const isUsed = prepared.smoothing.value !== null && Math.abs(prepared.smoothing.value - smoothing) <= 1e-12;
    const used = isUsed ? prepared : prepareLoss({ ...own, request: { ...plain, smoothing } });
    const measurement = measuredAlone(own, used.smoothing, used.sample, used.loss.box(used.fed.feed));
    const found = measurement?.measured.effectiveSmoothing[effective];
    return typeof found === 'number' ? found : null;
  });
}
