/** An argument of the loss, or of what makes it, that no code reads. */
import type { LossSite } from '../detection/sites';
import { isSmoothingName } from '../detection/vocabulary';
import { isNeverRead } from './neverRead';
import type { Found, Rule, Subject } from './rule';

export const argumentUnused: Rule = {
  id: 'argument-unused',
  severity: 'info',
  title: 'An argument changes nothing',
  look(subject) {
    const { site, parameters } = subject;
    if (!isWhole(subject) || !isSeenToBeALoss(subject)) return [];
    const isClass = site.definition.kind === 'class';
    return parameters.flatMap(({ name, role, where, range }): readonly Found[] => {
      // What a method is called with is what its callers hand every loss: one that needs less leaves the rest alone.
      if (isClass && where === 'call') return [];
      if (!isOrdinary(site, name)) return [];
      const hasItsOwnRule =
        role === 'reduction' || role === 'smoothing' || role === 'logits' || role === 'targets' || isSmoothingName(name);
      if (hasItsOwnRule || name.startsWith('_') || !isNeverRead(site, name)) return [];
      const how = isClass ? 'is stored at most, and nothing in this file reads it' : 'is never read';
      return [{ range, message: `\`${name}\` ${how}: whatever is passed for it, the loss is the same.` }];
    });
  },
};

/** What was found by its text alone may be anything. */
function isSeenToBeALoss({ measurement }: Subject): boolean {
  if (measurement === null) return false;
  const { measured, otherFamily } = measurement;
  return otherFamily !== null || (measured.affine && Number(measured.scale) > 0);
}

/** No `*args`, `**kwargs` or object pattern, which take what is there. */
function isOrdinary({ definition }: LossSite, name: string): boolean {
  const callables =
    definition.kind === 'class'
      ? [definition.constructor]
      : definition.kind === 'function'
        ? [definition.callable, definition.factory]
        : [];
  const parameter = callables.flatMap((callable) => callable?.parameters ?? []).find((one) => one.name === name);
  return parameter?.pattern === null && parameter.style !== 'variadic' && parameter.style !== 'keywordVariadic';
}

/** Whether all code that could read an argument stands here: no base class of somebody else's may, and no name is called that reads them all. */
function isWhole({ site }: Subject): boolean {
  const { definition } = site;
  if (definition.kind === 'function') return true;
  if (definition.kind !== 'class') return false;
  return definition.definition.bases.every((base) => {
    const name = base.kind === 'attribute' ? base.name : base.kind === 'name' ? base.name : '';
    return name === 'Module' || name === 'object';
  });
}
