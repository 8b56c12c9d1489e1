/** A smoothing factor as plain data, as it is written. */
import type { SmoothingConstantSite } from './detection/constants';
import type { FoundProgram } from './detection/foundProgram';
import type { ChainLink, SmoothingConstant } from './inspection';

export function constantAsWritten({ range, nameRange, ...written }: SmoothingConstantSite, { place }: FoundProgram): SmoothingConstant {
  const { name, kind, value, expression } = written;
  const plain = { name, kind, range: place(range), nameRange: place(nameRange), value, expression };
  return value === null ? plain : { ...plain, chain: [itself(plain)] };
}

/** A number that stands where it is used comes from nowhere else. */
export function itself({ expression, range }: Pick<SmoothingConstant, 'expression' | 'range'>): ChainLink {
  return { text: expression, range, ...(range.file === undefined ? {} : { file: range.file }) };
}
