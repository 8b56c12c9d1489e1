/** The messages between the editor and the comparison view's page. Both sides check them at run time. */
import type { Inspection, Sample, TextEdit } from '../inspection';

export const protocolVersion = 1;

/** editor → page */
export type ToView =
  | {
      readonly type: 'show';
      readonly uri: string;
      readonly file: string;
      readonly inspection: Inspection;
      readonly others: readonly string[];
      readonly following: boolean;
    }
  | { readonly type: 'busy'; readonly uri: string; readonly name: string | null }
  /** The document no longer inspects (half-typed, broken): the last good comparison stays, marked. */
  | { readonly type: 'outdated'; readonly reason: string }
  | { readonly type: 'empty'; readonly reason: string }
  | { readonly type: 'failed'; readonly request: number; readonly reason: string };

/** page → editor */
export type ToEditor =
  | { readonly type: 'ready'; readonly version: number }
  | {
      readonly type: 'rerun';
      readonly request: number;
      readonly uri: string;
      readonly name: string;
      readonly sample: Sample;
      readonly smoothing: number | null;
    }
  | { readonly type: 'resetSample'; readonly uri: string; readonly name: string }
  | { readonly type: 'select'; readonly uri: string; readonly name: string }
  | { readonly type: 'reveal'; readonly uri: string; readonly start: number; readonly end: number }
  | { readonly type: 'applyFix'; readonly uri: string; readonly edits: readonly TextEdit[] }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'follow'; readonly follow: boolean }
  | { readonly type: 'openInEditor' };
