/** `--role`, `--with` and `--layout`: what the person says of how a loss is run. */
import { correctionProblem, givenForms, layouts, withCorrections } from '../corrections';
import type { Corrections } from '../inspection';
import { oneOf, splitOnce, Wrong } from './wrong';

/** `log-probabilities` for `logProbabilities`: as a command line is written. */
const dashed = (name: string): string => name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);

function chosen<T extends string>(option: string, given: string, allowed: readonly T[]): T {
  const name = oneOf(option, given, allowed.map(dashed));
  return allowed.find((one) => dashed(one) === name)!;
}

export const correctionOptions = ['--role', '--with', '--layout'] as const;

/** The corrections with what one more option says; an option that says what another said is a mistake. */
export function withOption(corrections: Corrections, option: (typeof correctionOptions)[number], value: string): Corrections {
  if (option === '--layout') {
    if (corrections.layout !== undefined) throw new Wrong('--layout is given twice');
    return { ...corrections, layout: chosen(option, value, layouts) };
  }
  const [name, given] = splitOnce(value);
  if (given === null || name.trim() === '')
    throw new Wrong(`${option} must be ${option === '--role' ? 'NAME=ROLE' : 'NAME=VALUE'}, not "${value}"`);
  const before = corrections.parameters?.find((one) => one.name === name);
  if (option === '--role' ? before?.as !== undefined : before?.value !== undefined) throw new Wrong(`${option} is given twice for ${name}`);
  const said = option === '--role' ? { as: chosen(`--role ${name}`, given, givenForms) } : { value: given };
  return withCorrections(corrections, { parameters: [{ name, ...before, ...said }] });
}

/** What is wrong with them all together. */
export function checkCorrections({ parameters = [] }: Corrections): void {
  for (const parameter of parameters) {
    const problem = correctionProblem(parameter);
    if (problem !== null) throw new Wrong(problem);
  }
}
