/** What the page knows, and the part of it that outlives a reload. */
import { parseToView } from '../src/editor/messages';
import type { CopyFormat } from './copy';
import type { Unfinished } from './corrections';
import type { Show } from './page';
import type { Draft } from './sampleDraft';
import type { TensorDraft, TensorsDraft } from './tensorDraft';

export interface State {
  readonly show: Show | null;
  readonly emptyReason: string | null;
  readonly busy: boolean;
  readonly outdated: string | null;
  readonly failed: string | null;
  readonly draft: Draft | null;
  readonly tensors: TensorsDraft | null;
  readonly sampleRow: number;
  readonly expanded: readonly string[];
  readonly gradients: boolean;
  readonly magnified: boolean;
  readonly allSteps: boolean;
  readonly baseline: string | null;
  readonly copyOpen: boolean;
  readonly copied: CopyFormat | null;
  readonly correcting: boolean;
  readonly unfinished: Readonly<Record<string, Unfinished>>;
}

export const initialState: State = {
  show: null,
  emptyReason: null,
  busy: false,
  outdated: null,
  failed: null,
  draft: null,
  tensors: null,
  sampleRow: 0,
  expanded: [],
  gradients: false,
  magnified: false,
  allSteps: false,
  baseline: null,
  copyOpen: false,
  copied: null,
  correcting: false,
  unfinished: {},
};

/** What of the state is kept; `version` changes with its shape. */
const version = 1;

export function toKeep(state: State): unknown {
  const { show, outdated, draft, tensors, sampleRow, expanded, gradients, magnified } = state;
  return { version, show, outdated, draft, tensors, sampleRow, expanded, gradients, magnified };
}

/** The kept state, as far as it is well-formed: the rest starts anew. */
export function fromKept(kept: unknown): State {
  if (!isRecord(kept) || kept['version'] !== version) return initialState;
  const show = parseToView(kept['show']);
  if (show?.type !== 'show') return initialState;
  const { outdated, draft, tensors, sampleRow, expanded, gradients, magnified } = kept;
  return {
    ...initialState,
    show,
    outdated: typeof outdated === 'string' ? outdated : null,
    draft: isDraft(draft) ? draft : null,
    tensors: Array.isArray(tensors) && tensors.length > 0 && tensors.every(isTensor) ? tensors : null,
    sampleRow: typeof sampleRow === 'number' && Number.isInteger(sampleRow) && sampleRow >= 0 ? sampleRow : 0,
    expanded: isTexts(expanded) ? expanded : [],
    gradients: gradients === true,
    magnified: magnified === true,
    baseline: show.inspection.baseline?.formulation ?? null,
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');

function isDraft(value: unknown): value is Draft {
  return (
    isRecord(value) &&
    Array.isArray(value['logits']) &&
    value['logits'].every(isTexts) &&
    isTexts(value['targets']) &&
    value['targets'].length === value['logits'].length &&
    (value['classWeights'] === null || isTexts(value['classWeights'])) &&
    typeof value['ignoreIndex'] === 'string' &&
    typeof value['paddingIndex'] === 'string' &&
    (value['smoothing'] === null || typeof value['smoothing'] === 'string')
  );
}

function isTensor(value: unknown): value is TensorDraft {
  if (!isRecord(value)) return false;
  const { name, meaning, isWhole, shape, cells } = value;
  return (
    typeof name === 'string' &&
    (meaning === null || typeof meaning === 'string') &&
    typeof isWhole === 'boolean' &&
    isTexts(cells) &&
    Array.isArray(shape) &&
    shape.every((size) => Number.isInteger(size) && size >= 0) &&
    shape.reduce((all: number, size: number) => all * size, 1) === cells.length
  );
}
