/** What was measured of a loss that no formulation explains, as names and texts, for whatever shows it. */
import type { Num, Unrecognised } from './inspection';

export function unrecognisedFacts(
  { batchTwice, rows, inputs, invariances, farOut }: Unrecognised,
  shown: (value: Num) => string,
): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string])[] = [];
  if (batchTwice !== null) facts.push(['batch twice', `${shown(batchTwice.ratio)} times the value`]);
  if (rows !== null) facts.push(['rows', rows.independent ? 'no gradient of a row changes with another row' : movedByText(rows.movedBy)]);
  for (const { name, effect, entries, zeros, notFinite } of inputs) {
    const counts = [
      ...(zeros > 0 && effect === 'moves' ? [`${zeros} of ${entries} entries 0`] : []),
      ...(notFinite > 0 ? [`${notFinite} of ${entries} entries not finite`] : []),
    ];
    facts.push([name, [effects[effect], ...counts].join('; ')]);
  }
  const holding = invariances.filter(({ holds }) => holds).map(invarianceText);
  const others = invariances.filter(({ holds }) => !holds).map(invarianceText);
  if (holding.length > 0) facts.push(['unchanged by', holding.join('; ')]);
  if (others.length > 0) facts.push(['changed by', others.join('; ')]);
  for (const { factor, value, finite } of farOut)
    facts.push([`${factor} × as large`, `${shown(value)}; ${finite ? 'value and gradients finite' : 'value or a gradient is not finite'}`]);
  return facts;
}

const effects: Readonly<Record<Unrecognised['inputs'][number]['effect'], string>> = {
  moves: 'a gradient reaches it',
  noGradient: 'it changes the value, and no gradient reaches it',
  none: 'no change of it was seen to change the value',
  whole: 'whole numbers',
};

const movedByText = (movedBy: readonly (readonly number[])[]): string =>
  movedBy.flatMap((others, row) => (others.length === 0 ? [] : [`row ${row} depends on ${others.join(', ')}`])).join('; ');

function invarianceText({ kind, inputs }: Unrecognised['invariances'][number]): string {
  const names = inputs.join(', ');
  switch (kind) {
    case 'addToRows':
      return `adding a number to each row of ${names}`;
    case 'addToAll':
      return `adding one number to all of ${names}`;
    case 'scaleRows':
      return `scaling each row of ${names}`;
    case 'scaleAll':
      return `scaling all of ${names}`;
    case 'permuteRows':
      return inputs.length === 1 ? `the order of the rows of ${names}` : `the order of the rows of ${names} together`;
    case 'swapInputs':
      return `swapping ${inputs.join(' and ')}`;
  }
}
