/** What is wrong with a loss of another family than label smoothing: decided by the formulation it was measured to be and the tensors it is given. */
import type { Recognition } from '../families/recognise';
import type { PlainTensors } from '../families/layouts';
import type { Finding } from '../inspection';

export interface FamilySubject {
  readonly recognition: Recognition;
  /** The tensors it was run on, by the layout's names. */
  readonly given: PlainTensors;
}

export interface FamilyRule {
  readonly id: string;
  readonly severity: Finding['severity'];
  readonly title: string;
  /** Messages: a family's rule speaks of the loss as a whole. */
  readonly look: (subject: FamilySubject) => readonly string[];
}

const knownMistake: FamilyRule = {
  id: 'known-mistake',
  severity: 'warning',
  title: 'The loss computes a known mistake',
  // Turned round it is another thing: the larger of two becomes the smaller.
  look: ({ recognition: { formulation, scale } }) => (formulation.mistake === undefined || scale < 0 ? [] : [formulation.mistake]),
};

/** Tensors that are meant to be of one shape and are not: [N, 1] against [N] becomes [N, N]. */
const shapesBroadcast: FamilyRule = {
  id: 'shapes-broadcast',
  severity: 'error',
  title: 'Tensors of different shapes are broadcast against each other',
  look({ recognition: { layout, names }, given }) {
    const [first, ...others] = layout.inputs;
    if (first === undefined) return [];
    return others.flatMap((other) => {
      if (other.shape(anySizes).join() !== first.shape(anySizes).join()) return [];
      const [a, b] = [given[first.name]!.shape, given[other.name]!.shape];
      if (a.join() === b.join()) return [];
      const said = `${names[first.name]!} is [${a.join(', ')}] and ${names[other.name]!} is [${b.join(', ')}]`;
      return [
        `${said}: they are broadcast against each other, so that rows are compared with rows that are not theirs. Give both one shape.`,
      ];
    });
  },
};

const anySizes = { rows: 7, width: 11, spread: 1 };

export const familyRules: readonly FamilyRule[] = [knownMistake, shapesBroadcast];
