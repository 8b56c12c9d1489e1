/** Rules about what the program makes of a loss's value, once it has it. */
import { show } from '../identification/verdict';
import { measuredSmoothing } from './callerRules';
import type { Found, Rule, Subject } from './rule';

export const expOfSmoothed: Rule = {
  id: 'exp-of-smoothed',
  severity: 'info',
  title: 'The exponential of a smoothed loss is no perplexity',
  look(subject) {
    const { site, measurement } = subject;
    if (measurement?.measured.affine !== true) return [];
    return ofKind(subject, 'exponential').flatMap(({ range, where, smoothing }): readonly Found[] => {
      const factor = smoothing ?? measuredSmoothing(subject);
      if (factor === null || !(factor > 0)) return [];
      const at = where === null ? '' : ` (${where})`;
      const message = `The program takes exp of this loss${at}, which is smoothed with ε = ${show(factor)}: it holds the uniform term too, so the exponential is not the perplexity. That is exp of the mean −log p of the labels alone: the loss with ε = 0.`;
      return [{ range: range ?? site.nameRange, message }];
    });
  },
};

export const maskOnScalar: Rule = {
  id: 'mask-on-scalar',
  severity: 'warning',
  title: 'A mask is applied to a loss that is one number already',
  look(subject) {
    const tell = (kind: 'masked' | 'maskedShare', effect: string): readonly Found[] =>
      ofKind(subject, kind).map(({ range }) => ({
        range: range ?? subject.site.nameRange,
        message: `The loss is one number when it is multiplied by the mask: ${effect} No row is left out. Ask the loss for one value per row (reduction='none'), multiply those by the mask, and divide by its sum.`,
      }));
    return [
      ...tell('masked', 'divided by the mask’s own sum it is that number again, whatever the mask holds.'),
      ...tell('maskedShare', 'the mean of the product is that number times the mean of the mask.'),
    ];
  },
};

export const dividedTwice: Rule = {
  id: 'divided-twice',
  severity: 'warning',
  title: 'A mean is divided by the number of rows again',
  look(subject) {
    const { measurement, site } = subject;
    return ofKind(subject, 'dividedAgain').flatMap(({ range, isWithin }): readonly Found[] => {
      // Inside of the loss the division is part of what was measured; else the loss must be a mean by itself.
      const wanted = isWithin ? ['unknown'] : ['mean', 'activeMean', 'weightedMean'];
      if (measurement === null || !wanted.includes(measurement.measured.reduction)) return [];
      const message =
        'What is a mean over the rows already is divided by their number again: the loss and its gradient are as many times too small as the batch has rows, and shrink as it grows.';
      return [{ range: range ?? site.nameRange, message }];
    });
  },
};

const ofKind = ({ afterwards = [] }: Subject, kind: string): NonNullable<Subject['afterwards']> =>
  afterwards.filter((one) => one.kind === kind);

export const afterwardsRules: readonly Rule[] = [expOfSmoothed, maskOnScalar, dividedTwice];
