/** Runs a formulation of a family on plain numbers, in float64. */
import { constantOf, gradientsOf, leaf } from '../mathematics/graph';
import type { Node } from '../mathematics/graph';
import type { FamilyFormulation, FamilyReduction, Layout, Nodes, Numbers } from './family';
import type { PlainTensors } from './layouts';

/** A formulation with all that it leaves open settled. `reduction` null leaves its terms as they are. */
export interface Settled {
  readonly formulation: FamilyFormulation;
  readonly reduction: FamilyReduction | null;
  readonly parameters: Numbers;
}

export interface FamilyRun {
  /** One number, or one for each term, row-major. */
  readonly value: readonly number[];
  readonly shape: readonly number[];
  /** d(sum of the value)/d(input), for every floating input that was handed in; null where the value does not depend on it. */
  readonly gradients: Readonly<Record<string, readonly number[] | null>>;
}

interface Handed {
  readonly leaves: readonly (readonly [string, Node])[];
  /** What the formulations are defined over. */
  readonly inputs: Nodes;
}

function handed({ inputs, made }: Layout, given: PlainTensors): Handed {
  const nodes = inputs.map(({ name, moves }): readonly [string, Node] => {
    const { values, shape, dtype } = given[name]!;
    return [name, (dtype === 'float' && moves !== 'fixed' ? leaf : constantOf)(shape, values)];
  });
  const own = Object.fromEntries(nodes);
  return { leaves: nodes.filter((_, i) => inputs[i]!.moves !== 'fixed'), inputs: made?.(own) ?? own };
}

/** Throws where the shapes do not fit. */
export function run({ formulation, reduction, parameters }: Settled, layout: Layout, given: PlainTensors): FamilyRun {
  const { leaves, inputs } = handed(layout, given);
  const terms = formulation.terms(inputs, parameters);
  const value = reduction === null ? terms : reduction.reduce(terms, inputs, parameters);
  const gradients = gradientsOf(
    value,
    leaves.map(([, one]) => one),
  );
  return {
    value: [...value.values],
    shape: value.shape,
    gradients: Object.fromEntries(leaves.map(([name], i) => [name, gradients[i] ? [...gradients[i]] : null])),
  };
}

/** Names of the tensors that the formulations find in a layout. */
export const definedOver = (layout: Layout, given: PlainTensors): readonly string[] => Object.keys(handed(layout, given).inputs);
