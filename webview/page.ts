/** What every section draws from, and what it may ask for. */
import type { ToView } from '../src/editor/messages';
import type { CorrectedThing } from '../src/corrections';
import type { Corrections, Inspection, Sample, SourceRange, TextEdit } from '../src/inspection';
import type { CopyFormat } from './copy';
import type { Unfinished } from './corrections';
import { element, type Child } from './dom';
import type { Row } from './model';
import type { Cell, CheckedDraft, Draft } from './sampleDraft';
import type { Strings } from './strings';
import type { CheckedTensors, TensorsDraft } from './tensorDraft';

export type Show = Extract<ToView, { readonly type: 'show' }>;

export interface Page {
  readonly show: Show;
  readonly inspection: Inspection;
  readonly rows: readonly Row[];
  readonly words: Strings;
  /** The sample row the charts show. */
  readonly sampleRow: number;
  readonly expanded: ReadonlySet<string>;
  readonly gradients: boolean;
  /** The target chart's scale ends at the largest value of the other classes. */
  readonly magnified: boolean;
  readonly allSteps: boolean;
  /** Id of the formulation that the rows are, or are about to be, compared with; null: the person's own loss. */
  readonly baseline: string | null;
  readonly copyOpen: boolean;
  /** What was copied last, while the choices are open. */
  readonly copied: CopyFormat | null;
  readonly draft: Draft | null;
  readonly checked: CheckedDraft | null;
  /** Of a loss of named tensors, in place of the draft of logits and targets. */
  readonly tensors: TensorsDraft | null;
  readonly checkedTensors: CheckedTensors | null;
  /** How the loss is run is being corrected. */
  readonly correcting: boolean;
  /** Of that, what cannot be run yet. */
  readonly unfinished: Readonly<Record<string, Unfinished>>;
  /** Pixels a chart may be wide. */
  readonly chartWidth: number;
  readonly act: Actions;
}

export interface Actions {
  readonly inspect: () => void;
  readonly select: (name: string) => void;
  readonly follow: (follow: boolean) => void;
  readonly openInEditor: () => void;
  readonly copy: (format: CopyFormat) => void;
  readonly openCopy: (open: boolean) => void;
  readonly compareWith: (formulation: string | null) => void;
  readonly openRule: (rule: string) => void;
  readonly reveal: (range: SourceRange) => void;
  readonly applyFix: (edits: readonly TextEdit[]) => void;
  readonly chooseRow: (row: number) => void;
  readonly toggle: (row: string) => void;
  readonly showGradients: (shown: boolean) => void;
  readonly magnify: (magnified: boolean) => void;
  readonly showAllSteps: () => void;
  readonly edit: (draft: Draft) => void;
  readonly editCell: (cell: Cell, text: string) => void;
  readonly editTensors: (tensors: TensorsDraft) => void;
  readonly take: (sample: Sample) => void;
  readonly resetSample: () => void;
  readonly showCorrections: (shown: boolean) => void;
  /** What was typed or chosen of something, and is not sent. */
  readonly leaveUnfinished: (of: string, unfinished: Unfinished) => void;
  /** @param of what of the unfinished is finished by it */
  readonly correct: (of: string | null, corrections: Corrections) => void;
  /** null: all that was said of the loss. */
  readonly resetCorrection: (of: CorrectedThing | null) => void;
}

/** A heading and what stands below it: a landmark named by its heading. */
export function section(id: string, title: string, ...children: readonly Child[]): HTMLElement {
  return element(
    'section',
    { 'data-key': id, id, 'aria-labelledby': `${id}-title` },
    element('h2', { id: `${id}-title` }, title),
    ...children,
  );
}

/** A button that looks like a link and shows the line in the editor. */
export function lineLink(page: Page, range: SourceRange, text: string = page.words.line(range.line)): HTMLElement {
  return element(
    'button',
    {
      type: 'button',
      class: 'link',
      'aria-label': page.words.revealLine(range.line),
      title: page.words.revealLine(range.line),
      on: {
        click: () => {
          page.act.reveal(range);
        },
      },
    },
    text,
  );
}

/** The coloured square that stands for a row wherever it is drawn. */
export function swatch(series: number): HTMLElement {
  return element('span', { class: `swatch series-${series}`, 'aria-hidden': 'true' });
}
