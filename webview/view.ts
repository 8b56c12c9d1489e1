/** The page's entry: messages change the state, the state is drawn, what a person does becomes messages. */
import './view.css';
import type { ToView } from '../src/editor/messages';
import { protocolVersion } from '../src/editor/messages';
import type { Sample } from '../src/inspection';
import { comparisonTable } from './comparisonTable';
import { copyText, isTextFormat } from './copy';
import { verdictSentence } from './describe';
import { element, update, type Child } from './dom';
import { findings } from './findings';
import { formatLoss } from './format';
import { gradient } from './gradient';
import { listen, post, readState, writeState } from './host';
import { marginChart } from './marginChart';
import { isOfTensors, rowsOf } from './model';
import type { Actions, Page, Show } from './page';
import { runWith } from './runWith';
import { sampleGrid } from './sampleGrid';
import { checkDraft, draftOf, withCell, type Draft } from './sampleDraft';
import { fromKept, toKeep, type State } from './state';
import { notes, printed, steps } from './steps';
import { copyPanel } from './copyPanel';
import { otherCode } from './otherCode';
import { stringsFor } from './strings';
import { targetChart } from './targetChart';
import { checkTensors, sameTensors, tensorsDraftOf, type TensorsDraft } from './tensorDraft';
import { tensorGrids } from './tensorGrid';
import { button } from './toolkit';
import { toolbar } from './toolbar';
import { facts, formula, verdict } from './verdict';

/** How long the person must have stopped typing before the sample is run. */
const debounceMilliseconds = 250;
const wideFrom = 720;

const words = stringsFor(document.documentElement.lang);
const inEditorArea = document.body.dataset['place'] === 'editor';
const root = document.getElementById('view') ?? document.body.appendChild(element('main', { id: 'view' }));
const live = document.body.appendChild(element('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' }));

let state: State = fromKept(readState());
let request = 0;
let pending = false;
let timer: number | undefined;

function change(next: Partial<State>): void {
  state = { ...state, ...next };
  writeState(toKeep(state));
  draw();
}

function announce(text: string): void {
  // The same text twice is not announced twice by every screen reader: an empty moment between makes it new.
  live.textContent = '';
  window.setTimeout(() => (live.textContent = text), 50);
}

listen((message) => {
  switch (message.type) {
    case 'show':
      receive(message);
      return;
    case 'busy':
      change({ busy: true });
      announce(words.running);
      return;
    case 'outdated':
      change({ outdated: message.reason, busy: false });
      announce(`${words.outdated} ${message.reason}`);
      return;
    case 'empty':
      change({ show: null, draft: null, tensors: null, emptyReason: message.reason, busy: false, outdated: null, failed: null });
      announce(message.reason);
      return;
    case 'failed':
      if (message.request < request) return;
      pending = false;
      change({ failed: message.reason, busy: false, baseline: state.show?.inspection.baseline?.formulation ?? null });
      announce(`${words.failed} ${message.reason}`);
  }
});

function receive(message: Extract<ToView, { type: 'show' }>): void {
  // An answer to an older request than the last one: the newer answer is on its way.
  if (message.request !== null && message.request < request) return;
  if (message.request !== null) pending = false;
  const before = state.show;
  const sameLoss = before?.uri === message.uri && before.inspection.name === message.inspection.name;
  const { name, value } = message.inspection;
  change({
    show: message,
    draft: sameLoss ? keptDraft(state.draft, message) : freshDraft(message),
    tensors: sameLoss ? keptTensors(state.tensors, message) : tensorsDraftOf(message.inspection),
    ...(sameLoss ? {} : { sampleRow: 0, expanded: [], allSteps: false, copyOpen: false, correcting: false, unfinished: {} }),
    baseline: sameLoss && pending ? state.baseline : (message.inspection.baseline?.formulation ?? null),
    copied: null,
    busy: pending,
    outdated: null,
    failed: null,
    emptyReason: null,
  });
  if (!sameLoss) window.scrollTo(0, 0);
  announce(
    message.request !== null && value !== null
      ? words.reran(name, formatLoss(value))
      : `${name}: ${verdictSentence(message.inspection, words)}`,
  );
}

const freshDraft = ({ inspection }: Show): Draft | null => (inspection.sample === null ? null : draftOf(inspection.sample));

/** What the person is typing stays as typed; a sample that differs from it comes from the editor and replaces it. */
function keptDraft(draft: Draft | null, message: Show): Draft | null {
  if (draft === null || message.inspection.recognised !== undefined) return freshDraft(message);
  if (timer !== undefined || pending) return draft;
  const checked = checkDraft(draft);
  const { sample } = message.inspection;
  if (!checked.valid || sample === null) return draft;
  return sameSample(checked.sample, sample) ? draft : { ...draftOf(sample), smoothing: draft.smoothing };
}

/** The same of named tensors; where the loss could not be run on them, what was typed is what there is to mend. */
function keptTensors(draft: TensorsDraft | null, { inspection }: Show): TensorsDraft | null {
  const newer = tensorsDraftOf(inspection);
  if (draft === null || (newer === null && inspection.status === 'measured')) return newer;
  if (newer === null || timer !== undefined || pending || !checkTensors(draft).valid) return draft;
  return sameTensors(draft, newer) ? draft : newer;
}

function sameSample(a: Sample, b: Sample): boolean {
  const parts = (s: Sample): unknown => [s.logits, s.targets, s.classWeights ?? null, s.ignoreIndex ?? null, s.paddingIndex ?? null];
  return JSON.stringify(parts(a)) === JSON.stringify(parts(b));
}

function edit(draft: Draft): void {
  window.clearTimeout(timer);
  timer = checkDraft(draft).valid ? window.setTimeout(rerun, debounceMilliseconds) : undefined;
  change({ draft });
}

function editTensors(tensors: TensorsDraft): void {
  window.clearTimeout(timer);
  timer = checkTensors(tensors).valid ? window.setTimeout(rerunTensors, debounceMilliseconds) : undefined;
  change({ tensors });
}

function rerunTensors(): void {
  timer = undefined;
  const { show, tensors: draft } = state;
  const checked = draft && checkTensors(draft);
  if (show === null || draft === null || checked?.valid !== true) return;
  request += 1;
  pending = true;
  const shown = tensorsDraftOf(show.inspection);
  const isOwn = show.inspection.inputs.some(({ role, source }) => role === 'tensor' && source.kind === 'person');
  const untouched = !isOwn && shown !== null && sameTensors(draft, shown);
  const { name } = show.inspection;
  const tensors = untouched ? null : checked.tensors;
  post({ type: 'rerun', request, uri: show.uri, name, sample: null, tensors, smoothing: null, baseline: null });
  change({ busy: true });
}

function rerun(): void {
  timer = undefined;
  const { show, draft } = state;
  const checked = draft && checkDraft(draft);
  if (show === null || checked?.valid !== true) return;
  request += 1;
  pending = true;
  const { name, sample } = show.inspection;
  // What the person did not change stays the file's own.
  const untouched = sample !== null && sample.origin !== 'user' && sameSample(checked.sample, sample);
  const { smoothing } = checked;
  post({
    type: 'rerun',
    request,
    uri: show.uri,
    name,
    sample: untouched ? null : checked.sample,
    tensors: null,
    smoothing,
    baseline: state.baseline,
  });
  change({ busy: true });
}

const act: Actions = {
  inspect: () => {
    post({ type: 'inspect' });
  },
  select: (name) => {
    if (state.show !== null) post({ type: 'select', uri: state.show.uri, name });
  },
  follow: (follow) => {
    post({ type: 'follow', follow });
    if (state.show !== null) change({ show: { ...state.show, following: follow } });
  },
  openInEditor: () => {
    post({ type: 'openInEditor' });
  },
  copy: (format) => {
    if (state.show === null) return;
    const { inspection, file } = state.show;
    const text = copyText(format, file, inspection, rowsOf(inspection, words.yourCode), words);
    if (text === null) return;
    post({ type: 'copy', text });
    change({ copied: format });
    const note = isTextFormat(format) ? '' : (inspection.translations?.[format].note ?? '');
    announce(`${words.copied(words.copyNames[format])} ${note}`.trim());
  },
  openCopy: (copyOpen) => {
    change({ copyOpen, copied: null });
  },
  compareWith: (baseline) => {
    window.clearTimeout(timer);
    change({ baseline });
    rerun();
  },
  openRule: (rule) => {
    post({ type: 'openRule', rule });
  },
  reveal: (range) => {
    const { start, end, file } = range;
    if (state.show !== null) post({ type: 'reveal', uri: state.show.uri, start, end, ...(file === undefined ? {} : { elsewhere: range }) });
  },
  applyFix: (edits) => {
    if (state.show !== null) post({ type: 'applyFix', uri: state.show.uri, edits });
  },
  chooseRow: (sampleRow) => {
    change({ sampleRow });
  },
  toggle: (row) => {
    change({ expanded: state.expanded.includes(row) ? state.expanded.filter((id) => id !== row) : [...state.expanded, row] });
  },
  showGradients: (gradients) => {
    change({ gradients });
  },
  magnify: (magnified) => {
    change({ magnified });
  },
  showAllSteps: () => {
    change({ allSteps: true });
  },
  edit,
  editTensors,
  editCell: (cell, text) => {
    if (state.draft !== null) edit(withCell(state.draft, cell, text));
  },
  take: (sample) => {
    edit({ ...draftOf(sample), smoothing: state.draft?.smoothing ?? null });
  },
  resetSample: () => {
    const { show } = state;
    if (show === null) return;
    window.clearTimeout(timer);
    timer = undefined;
    pending = false;
    // Answers to what was asked before the reset are no longer wanted.
    request += 1;
    post({ type: 'resetSample', uri: show.uri, name: show.inspection.name });
    change({ draft: freshDraft(show), tensors: tensorsDraftOf(show.inspection) ?? state.tensors, busy: true });
  },
  showCorrections: (correcting) => {
    change({ correcting, unfinished: {} });
  },
  leaveUnfinished: (of, unfinished) => {
    change({ unfinished: { ...state.unfinished, [of]: unfinished } });
  },
  correct: (of, corrections) => {
    const { show, unfinished } = state;
    if (show === null) return;
    post({ type: 'correct', uri: show.uri, name: show.inspection.name, corrections });
    change({ busy: true, unfinished: of === null ? unfinished : without(unfinished, of) });
  },
  resetCorrection: (of) => {
    const { show, unfinished } = state;
    if (show === null) return;
    post({ type: 'resetCorrections', uri: show.uri, name: show.inspection.name, of });
    change({ busy: true, unfinished: of?.kind === 'parameter' ? without(unfinished, of.name) : {} });
  },
};

const without = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));

function draw(): void {
  const { show } = state;
  root.setAttribute('aria-busy', String(state.busy));
  root.classList.toggle('busy', state.busy);
  if (show === null) {
    update(root, emptyPage());
    return;
  }
  update(root, sections(pageOf(show)));
}

function pageOf(show: Show): Page {
  const { inspection } = show;
  const width = root.clientWidth;
  const rows = inspection.sample?.targets.length ?? 0;
  return {
    show,
    inspection,
    rows: rowsOf(inspection, words.yourCode),
    words,
    sampleRow: Math.min(state.sampleRow, Math.max(0, rows - 1)),
    expanded: new Set(state.expanded),
    gradients: state.gradients,
    magnified: state.magnified,
    allSteps: state.allSteps,
    baseline: state.baseline,
    copyOpen: state.copyOpen,
    copied: state.copied,
    draft: state.draft,
    checked: state.draft && checkDraft(state.draft),
    tensors: state.tensors,
    checkedTensors: state.tensors && checkTensors(state.tensors),
    correcting: state.correcting,
    unfinished: state.unfinished,
    chartWidth: Math.max(200, Math.min(560, width >= wideFrom ? (width - 2 * 16 - 28) / 2 : width - 2 * 12)),
    act,
  };
}

function sections(page: Page): readonly Child[] {
  const part = (name: string, make: (page: Page) => Child, data: unknown): Child => safely(name, () => make(page), data);
  const { inspection } = page;
  const titles = words.sections;
  const ofTensors = isOfTensors(inspection);
  return [
    part('toolbar', (p) => toolbar(p, inEditorArea), inspection.name),
    part(words.copyAs, copyPanel, inspection.name),
    banner(),
    part('verdict', verdict, inspection.verdict),
    part(titles.runWith, runWith, inspection.inputs),
    part(titles.formula, formula, inspection.recognised ?? inspection.measured),
    part(titles.measured, facts, inspection.recognised ?? inspection.unrecognised ?? inspection.measured),
    part(titles.findings, findings, inspection.findings),
    part(titles.comparison, comparisonTable, inspection.comparisons),
    part(words.inTorch, otherCode, [inspection.translations, inspection.rewrites]),
    element(
      'div',
      { class: 'columns', 'data-key': 'columns' },
      element(
        'div',
        { class: 'column', 'data-key': 'pictures' },
        part(titles.targets, targetChart, inspection.measured),
        part(titles.margin, marginChart, inspection.measured),
        ofTensors && part(words.gradientsOfTensors, gradient, inspection.gradients),
      ),
      element(
        'div',
        { class: 'column', 'data-key': 'inputs' },
        part(titles.sample, state.draft === null ? tensorGrids : sampleGrid, inspection.sample ?? inspection.inputs),
        part(titles.steps, steps, inspection.steps),
        part(titles.printed, printed, inspection.printed),
      ),
    ),
    !ofTensors && part(titles.gradient, gradient, inspection.gradients),
    part(titles.notes, notes, inspection.notes),
  ];
}

/** A section that cannot be drawn shows its data as text; the rest of the page is not touched by it. */
function safely(name: string, make: () => Child, data: unknown): Child {
  try {
    return make();
  } catch (error) {
    console.error(error);
    return element(
      'div',
      { class: 'broken', 'data-key': `broken-${name}` },
      element('p', {}, words.broken(name)),
      element('pre', { tabindex: '0' }, JSON.stringify(data, null, 1)),
    );
  }
}

function banner(): Child {
  const { outdated, failed } = state;
  return [
    outdated !== null &&
      element('p', { class: 'banner outdated', 'data-key': 'outdated' }, element('strong', {}, words.outdated), ` ${outdated}`),
    failed !== null && element('p', { class: 'banner failed', 'data-key': 'failed' }, element('strong', {}, words.failed), ` ${failed}`),
  ];
}

function emptyPage(): Child {
  const { emptyReason, outdated, failed } = state;
  return element(
    'section',
    { class: 'empty', 'data-key': 'empty' },
    [emptyReason, outdated, failed].map((reason) => reason !== null && element('p', {}, reason)),
    element('p', { class: 'dim' }, state.busy ? words.running : words.empty),
    button({ appearance: 'primary', disabled: state.busy, onClick: act.inspect }, words.inspect),
  );
}

let drawnWidth = root.clientWidth;
new ResizeObserver(() => {
  if (Math.abs(root.clientWidth - drawnWidth) < 4) return;
  drawnWidth = root.clientWidth;
  draw();
}).observe(root);

draw();
post({ type: 'ready', version: protocolVersion });
