/** A program of the document with what detection found in it. */
import type { SourceRange } from '../inspection';
import type { Program, Range } from '../language/program';
import type { SmoothingConstantSite } from './constants';
import type { StudiedSite } from './losses';

export interface FoundProgram {
  readonly program: Program;
  readonly studied: readonly StudiedSite[];
  /** Definitions that only running them may show to be losses. */
  readonly plain: readonly StudiedSite[];
  readonly constants: readonly SmoothingConstantSite[];
  /** An offset range of the program as a place in the document. */
  readonly place: (range: Range) => SourceRange;
}
