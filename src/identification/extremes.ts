/** Math.max and Math.min of any number of values: spread into a call, more than some hundred thousand end the host's stack. */
export function greatest(values: Iterable<number>): number {
  let top = -Infinity;
  for (const value of values) top = Math.max(top, value);
  return top;
}

export function least(values: Iterable<number>): number {
  let bottom = Infinity;
  for (const value of values) bottom = Math.min(bottom, value);
  return bottom;
}
