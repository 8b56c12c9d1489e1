/** What is known of a loss as the plain data of an Inspection. */
import type { SmoothingConstantSite } from './detection/constants';
import type { LossSite } from './detection/sites';
import type { Matrix } from './execution/bridge';
import type { PrintedText, RecordedStep } from './execution/session';
import { tensorData } from './execution/tensorData';
import { correctionsInWords } from './correctionsInWords';
import { constantInRun } from './constantInRun';
import type { Inspection, LossParameter, Printed, Problem, Step, TensorData } from './inspection';
import type { Task } from './measuring/measureSite';

type Described = Pick<Inspection, 'name' | 'kind' | 'language' | 'framework' | 'range' | 'nameRange' | 'smoothingConstants'>;

export function described({ site, found, session }: Task): Described {
  return {
    name: site.name,
    kind: site.kind,
    language: found.program.language,
    framework: site.framework,
    range: found.place(site.range),
    nameRange: found.place(site.nameRange),
    smoothingConstants: found.constants.filter((c) => c.site === site.name || inside(c, site)).map((c) => constantInRun(c, found, session)),
  };
}

const inside = (constant: SmoothingConstantSite, site: LossSite) =>
  site.kind !== 'script' &&
  constant.range.file === site.range.file &&
  site.range.start <= constant.range.start &&
  constant.range.end <= site.range.end;

/** What an Inspection says of its family, of a loss that was looked at as one of label smoothing. */
export function ofLabelSmoothing(inspection: Omit<Inspection, 'family' | 'verdict' | 'parameters' | 'gradients'>): Inspection {
  const { measured, smoothing, classes, gradient, inputs } = inspection;
  const isAssumed = (role: 'smoothing' | 'classes') => inputs.some((one) => one.role === role && one.source.kind === 'assumption');
  const parameter = (name: 'smoothing' | 'classes', symbol: string, value: number | null): readonly LossParameter[] =>
    value === null ? [] : [{ name, symbol, value, ...(isAssumed(name) ? { assumed: true as const } : {}) }];
  return {
    ...inspection,
    family: measured !== null && (measured.affine || measured.formulation !== null) ? 'labelSmoothing' : null,
    verdict: measured?.verdict ?? null,
    parameters: [...parameter('smoothing', 'ε', smoothing), ...parameter('classes', 'K', classes)],
    gradients: gradient === null ? {} : { logits: gradient },
  };
}

export function failed(
  task: Task,
  problem: Problem,
  steps: readonly RecordedStep[] = [],
  printed: readonly PrintedText[] = [],
): Inspection {
  return ofLabelSmoothing({
    ...described(task),
    inputs: [],
    otherUses: [],
    smoothing: null,
    classes: null,
    sample: null,
    status: problem.type === 'unsupported' ? 'unsupported' : 'error',
    // What happened outside the person's statements (in the backward pass, say) is shown at the loss.
    problem: { ...problem, range: problem.range ?? task.found.place(task.site.nameRange) },
    value: null,
    perSample: null,
    gradient: null,
    steps: stepsOf(steps, task),
    printed: printedOf(printed, task),
    measured: null,
    comparisons: [],
    findings: [],
    rewrites: [],
    translations: null,
    notes: [],
  });
}

/** `With γ = 0, keep as a mask, as you chose.` */
export const chosenInWords = ({ site: { told } }: Task): string | null =>
  told === undefined ? null : `With ${correctionsInWords(told).join(', ')}, as you chose.`;

export const said = (notes: readonly (string | null)[]): readonly string[] => notes.filter((note) => note !== null);

const valuesInStep = 512;

export function stepsOf(steps: readonly RecordedStep[], { found }: Task): readonly Step[] {
  const telling = steps.filter((step) => step.tensor !== null || tells(step.text ?? '', step.label === step.code));
  return telling.map(({ range, code, label, tensor, text, depth }) => ({
    range: found.place(range),
    code,
    label,
    depth,
    ...(tensor ? { tensor: tensorData(tensor, valuesInStep) } : {}),
    ...(text !== null && !tensor ? { text } : {}),
  }));
}

/** Statements run for what they do (`print(…)`), docstrings, and definitions under a name have no value worth a line. */
function tells(text: string, isExpression: boolean): boolean {
  if (/^(<function|<class|\[Function|\[class)/.test(text)) return false;
  return !isExpression || !(text === '' || text === 'None' || text === 'undefined' || /^['"]/.test(text));
}

export function printedOf(printed: readonly PrintedText[], { found }: Task): readonly Printed[] {
  return printed.map(({ range, text, source, recorded }) => ({
    range: found.place(range),
    text,
    source,
    ...(recorded ? { recorded } : {}),
  }));
}

export const gradientOf = (gradient: Matrix): TensorData =>
  tensorData({ dtype: 'float32', shape: [gradient.length, gradient[0]?.length ?? 0], values: gradient.flat() });

/** What only losses of label smoothing have. */
export const withoutSmoothing = {
  otherUses: [],
  smoothing: null,
  classes: null,
  sample: null,
  measured: null,
  rewrites: [],
  translations: null,
} as const satisfies Partial<Inspection>;
