/** The formulations that take tensors of the same shapes as a loss, by the direction of their gradient. */
import { run } from './evaluate';
import type { FamilyRun, Settled } from './evaluate';
import type { Family, Layout } from './family';
import type { PlainTensors } from './layouts';
import { fitting, permutations, settledWays } from './recognise';

export interface Near {
  readonly family: Family;
  readonly settled: Settled;
  /** On the tensors that the loss was run on. */
  readonly ran: FamilyRun;
  readonly cosine: number;
  readonly ratio: number;
}

export interface Nearness {
  /** How many formulations take tensors of these shapes. */
  readonly compared: number;
  /** The nearest choice of each formulation's numbers, the nearest formulation first; without those that have no value or no gradient here. */
  readonly nears: readonly Near[];
}

export function nearestTo(
  {
    given,
    ran,
    names,
    numbers,
  }: { readonly given: PlainTensors; readonly ran: FamilyRun; readonly names: readonly string[]; readonly numbers: readonly number[] },
  families: readonly Family[],
): Nearness {
  const compared = new Set<string>();
  const best = new Map<string, Near>();
  for (const family of families)
    for (const layout of family.layouts) {
      if (layout.inputs.length !== names.length) continue;
      for (const order of permutations(names).slice(0, mostOrders)) {
        if (!hasShapesOf(layout, order, given)) continue;
        const own = Object.fromEntries(layout.inputs.map(({ name }, i) => [name, given[order[i]!]!]));
        const gradients = layout.inputs.flatMap(({ name, moves }, i) =>
          moves === 'fixed' ? [] : [[name, ran.gradients[order[i]!] ?? null] as const],
        );
        for (const formulation of fitting(family, layout)) {
          compared.add(formulation.id);
          for (const settled of settledWays(formulation, numbers, ran.shape.length > 0).slice(0, mostSettled)) {
            const near = nearness(settled, { layout, given: own, gradients });
            const before = best.get(formulation.id);
            if (near !== null && (before === undefined || near.cosine > before.cosine))
              best.set(formulation.id, { family, settled, ...near });
          }
        }
      }
    }
  return { compared: compared.size, nears: [...best.values()].sort((a, b) => b.cosine - a.cosine) };
}

const mostOrders = 6;
const mostSettled = 16;

interface Against {
  readonly layout: Layout;
  readonly given: PlainTensors;
  readonly gradients: readonly (readonly [string, readonly number[] | null])[];
}

function nearness(settled: Settled, { layout, given, gradients }: Against): Pick<Near, 'ran' | 'cosine' | 'ratio'> | null {
  try {
    const ran = run(settled, layout, given);
    const pairs = gradients.flatMap(([name, own]) => {
      const other = ran.gradients[name] ?? null;
      const length = (own ?? other)?.length ?? 0;
      const zeros = new Array<number>(length).fill(0);
      return (own ?? zeros).map((g, i) => [g, (other ?? zeros)[i]!] as const);
    });
    const sum = (of: (a: number, b: number) => number): number => pairs.reduce((total, [a, b]) => total + of(a, b), 0);
    const [ours, theirs, both] = [sum((a) => a * a), sum((_, b) => b * b), sum((a, b) => a * b)];
    const cosine = both / Math.sqrt(ours * theirs);
    return Number.isFinite(cosine) && ran.value.every(Number.isFinite) ? { ran, cosine, ratio: both / theirs } : null;
  } catch {
    return null;
  }
}

/** Whether a layout's sizes can be such that its tensors have these shapes. */
function hasShapesOf({ inputs }: Layout, order: readonly string[], given: PlainTensors): boolean {
  const sizes = new Map<number, number>();
  return inputs.every(({ shape, role }, i) => {
    const own = given[order[i]!]!;
    const laid = shape(unlike);
    if (own.dtype !== role.dtype || own.shape.length !== laid.length) return false;
    return laid.every((size, axis) => {
      const before = sizes.get(size);
      sizes.set(size, own.shape[axis]!);
      return before === undefined || before === own.shape[axis];
    });
  });
}

const unlike = { rows: 14, width: 22, spread: 1 };
