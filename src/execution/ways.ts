/** The ways of handing a batch of rows to a loss: the form of its targets, the rank in which both come, and what they lie in. */
import type { Value } from '../interpreter/value';
import type { Settings } from './arguments';
import type { Feed, Matrix } from './bridge';
import type { Session } from './session';

/** How the targets of a row are said. */
export type TargetForm = 'indices' | 'column' | 'oneHot' | 'integerOneHot';

/** What the rows are to the code. */
export type Layout =
  /** A batch: [N, K]. */
  | 'rows'
  /** Each a sequence of one position, the classes last: [N, 1, K]. */
  | 'sequences'
  /** Each a sequence of one position, the classes before it: [N, K, 1]. */
  | 'classesFirst'
  /** Each an image of one pixel: [N, K, 1, 1]. */
  | 'images'
  /** The positions of one sequence: [1, N, K]. */
  | 'oneSequence'
  /** Plain numbers, the rows one after the other in one array: [N·K]. */
  | 'flat'
  /** One row for each call: [K], with one label. */
  | 'single';

export interface Way {
  readonly form: TargetForm;
  readonly layout: Layout;
  /** Logits, or targets, stand under a name in what the parameter is given: a model's output, a batch. */
  readonly held: boolean;
}

export interface Rows {
  readonly logits: Matrix;
  readonly targets: readonly number[];
  readonly classes: number;
  /** The share of each one-hot target that its next class has: targets as a mixture, or a teacher, makes them. */
  readonly softened?: number;
}

export interface LossInput extends Rows, Settings {
  readonly feed: Feed;
}

export function logitsShape({ logits, classes }: Rows, layout: Layout): readonly number[] {
  const rows = logits.length;
  switch (layout) {
    case 'rows':
      return [rows, classes];
    case 'sequences':
      return [rows, 1, classes];
    case 'classesFirst':
      return [rows, classes, 1];
    case 'images':
      return [rows, classes, 1, 1];
    case 'oneSequence':
      return [1, rows, classes];
    case 'flat':
      return [rows * classes];
    case 'single':
      return [classes];
  }
}

/** The shape of one number for each label. */
export function labelsShape(rows: number, layout: Layout): readonly number[] {
  switch (layout) {
    case 'rows':
    case 'flat':
      return [rows];
    case 'sequences':
    case 'classesFirst':
      return [rows, 1];
    case 'images':
      return [rows, 1, 1];
    case 'oneSequence':
      return [1, rows];
    case 'single':
      return [];
  }
}

export function targetValue({ bridge, context }: Session, rows: Rows, { form, layout }: Way): Value {
  const { targets, classes, softened = 0 } = rows;
  const soft = () =>
    targets.flatMap((target) =>
      Array.from({ length: classes }, (_, k) => (k === target ? 1 - softened : k === (target + 1) % classes ? softened : 0)),
    );
  const hot = () => targets.flatMap((target) => Array.from({ length: classes }, (_, k) => (k === target ? 1 : 0)));
  switch (form) {
    case 'indices':
      return bridge.integers(context, targets, labelsShape(targets.length, layout));
    case 'column':
      return bridge.integers(context, targets, [...labelsShape(targets.length, layout), 1]);
    case 'oneHot':
      return bridge.floats(context, soft(), logitsShape(rows, layout));
    case 'integerOneHot':
      return bridge.integers(context, hot(), logitsShape(rows, layout));
  }
}

/** What is to be said of a way that is not the plain one. */
export function notesOn({ layout, held }: Way): readonly string[] {
  const notes: string[] = [];
  const ofLayout: Readonly<Record<Layout, string | null>> = {
    rows: null,
    flat: 'It takes the rows one after the other in one array.',
    sequences: 'It takes sequences: each row was given as a sequence of one, so a mean over sequences looks like one over tokens.',
    classesFirst:
      'It takes sequences with the classes before the positions, [B, K, T]: each row was given as a sequence of one, so a mean over sequences looks like one over positions.',
    images: 'It takes images, [B, K, H, W]: each row was given as an image of one pixel, so a mean over images looks like one over pixels.',
    oneSequence: 'It takes sequences: the rows were given as the positions of one.',
    single: 'It takes one row: each row was given by itself, and there is one value for each.',
  };
  const note = ofLayout[layout];
  if (note !== null) notes.push(note);
  if (held) notes.push('It reads its tensors by name from what it is given: they were given under these names.');
  return notes;
}
