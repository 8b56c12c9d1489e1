/** Smoothing factors with the numbers that the program has where they stand. */
import type { SmoothingConstantSite } from './detection/constants';
import type { FoundProgram } from './detection/foundProgram';
import type { Session } from './execution/session';
import type { SmoothingConstant } from './inspection';
import type { Value } from './interpreter/value';
import { numberOf } from './interpreter/value';
import { placesOf, provenanceOf } from './interpreter/provenance';
import { linkIn } from './runInputs';
import { constantAsWritten } from './writtenConstant';

/** With what the program run has seen it to be: one number, however often it came by. */
export function constantInRun(constant: SmoothingConstantSite, found: FoundProgram, session: Session): SmoothingConstant {
  const written = constantAsWritten(constant, found);
  if (written.value !== null) return written;
  const seen = onlyNumber(session.valuesOf(constant));
  if (seen === null) return written;
  const way = provenanceOf(seen);
  return { ...written, value: numberOf(seen), chain: way === null ? [] : placesOf(way).map(linkIn(found)) };
}

/** The value, where each time that the program came by it was this number. */
function onlyNumber(values: readonly Value[]): Value | null {
  const [first] = values;
  const number = first === undefined ? null : numberOf(first);
  return number !== null && Number.isFinite(number) && first!.kind !== 'bool' && values.every((value) => numberOf(value) === number)
    ? first!
    : null;
}
