/**
 * The order in which CPython shows a set of integers: that of its hash table (Objects/setobject.c: linear probes of nine, then a perturbed step;
 * the table grows fourfold when three fifths full). Hashes of text change from run to run there, so other sets keep the order of insertion.
 */
import type { Value } from './value';
import { bigintOf } from './value';

const linearProbes = 9;
const modulus = (1n << 61n) - 1n;

export function setOrder(keys: readonly Value[]): readonly Value[] {
  if (keys.length < 2 || keys.length > 5_000) return keys;
  const hashes: bigint[] = [];
  for (const key of keys) {
    const value = bigintOf(key);
    if (value === null) return keys;
    const hash = value % modulus;
    hashes.push(BigInt.asUintN(64, hash === -1n ? -2n : hash));
  }
  let table: (number | null)[] = new Array<number | null>(8).fill(null);
  for (let i = 0; i < keys.length; i++) {
    insert(table, hashes, i);
    if ((i + 1) * 5 < (table.length - 1) * 3) continue;
    let size = 8;
    while (size <= (i + 1) * 4) size *= 2;
    const grown = new Array<number | null>(size).fill(null);
    for (const entry of table) if (entry !== null) insert(grown, hashes, entry);
    table = grown;
  }
  return table.flatMap((entry) => (entry === null ? [] : [keys[entry]!]));
}

function insert(table: (number | null)[], hashes: readonly bigint[], entry: number): void {
  const mask = BigInt(table.length - 1);
  let perturb = hashes[entry]!;
  let i = perturb & mask;
  for (;;) {
    const from = Number(i);
    const to = from + linearProbes < table.length ? from + linearProbes : from;
    for (let at = from; at <= to; at++) {
      if (table[at] !== null) continue;
      table[at] = entry;
      return;
    }
    perturb >>= 5n;
    i = (i * 5n + 1n + perturb) & mask;
  }
}
