/** What layers of libraries that are not interpreted make of the shape of their input, and whether a softmax is among them. */
import type { Place } from '../provenance';
import { at } from '../provenance';
import type { Value } from '../value';
import { bigintOf } from '../value';
import type { Facts, Nature } from './facts';
import { factsOf, sizesOf } from './facts';

export type Layer =
  /** Another size of the last axis. */
  | {
      readonly kind: 'last';
      readonly size: Value;
      readonly activation: Activation | null;
      /** Where it has none. */ readonly plainAt?: Place;
    }
  /** Another size of the second axis, and others of those behind it. */
  | { readonly kind: 'channels'; readonly size: Value; readonly spatial: number }
  | { readonly kind: 'activation'; readonly activation: Activation }
  /** One after the other; more may be added. */
  | { readonly kind: 'row'; readonly layers: (Layer | null)[] }
  /** A model made of its outputs. */
  | { readonly kind: 'outputs'; readonly facts: Facts }
  /** The shape stays. */
  | { readonly kind: 'same' };

interface Activation {
  readonly nature: Nature;
  readonly place: Place;
}

const natures: ReadonlyMap<string, Nature> = new Map([
  ['softmax', 'softmax'],
  ['log_softmax', 'logSoftmax'],
  ['logsoftmax', 'logSoftmax'],
  ['sigmoid', 'sigmoid'],
]);

const keeping: ReadonlySet<string> = new Set(
  'dropout relu gelu leakyrelu elu selu prelu batchnormalization batchnorm layernormalization layernorm groupnorm identity input inputlayer activityregularization'.split(
    ' ',
  ),
);

/** Libraries whose documentation gives their layers these names and arguments. */
const documented =
  /^(keras|tf_keras|flax|haiku|equinox|paddle|mlx|mindspore|mxnet|torch|fastai|oneflow|jittor|tinygrad)\b|keras|tensorflow|\blayers\b/;

/**
 * The layer that a foreign library's call makes, by the layer's own name, which all of them share; null where it makes none that is known. Of a
 * library that is not known to have it, a size is supposed and an activation is none.
 * @param what the call's name with its module: keras.layers.Dense
 */
export function layerMadeBy(what: string, args: readonly Value[], given: ReadonlyMap<string, Value>, place: Place): Layer | null {
  const name = what.slice(what.lastIndexOf('.') + 1);
  const plain = name.replace(/_/g, '').toLowerCase();
  const isDocumented = documented.test(what);
  // JavaScript hands its options over in one object.
  const [options] = args;
  const named = options?.kind === 'object' ? options.properties : given;
  const positional = options?.kind === 'object' ? [] : args;
  const size = (position: number, ...names: readonly string[]): Value | null => {
    const value = names.map((one) => named.get(one)).find((one) => one !== undefined) ?? positional[position];
    if (value === undefined || (bigintOf(value) === null && value.kind !== 'float')) return null;
    return isDocumented ? value : at(value, { ...place, text: `${what}(…)`, isSupposed: true });
  };
  const activation = isDocumented ? activationNamed(named.get('activation') ?? null, place) : null;
  switch (plain) {
    case 'dense': {
      const units = size(0, 'units', 'features');
      return units === null
        ? null
        : { kind: 'last', size: units, activation, ...(isPlain(named.get('activation')) ? { plainAt: place } : {}) };
    }
    case 'linear': {
      const outputs = size(1, 'out_features', 'output_dims');
      return outputs === null ? null : { kind: 'last', size: outputs, activation: null, plainAt: place };
    }
    case 'embedding': {
      const width = size(1, 'embedding_dim', 'output_dim', 'features', 'outputDim');
      return width === null ? null : { kind: 'last', size: width, activation: null };
    }
    case 'conv1d':
    case 'conv2d':
    case 'conv3d':
    case 'convtranspose2d': {
      const channels = size(1, 'out_channels');
      const filters = size(0, 'filters');
      // Keras and JavaScript have the channels last, and one number fewer.
      if (named.has('filters') || /keras|tensorflow|\blayers\b/.test(what))
        return filters === null ? null : { kind: 'last', size: filters, activation };
      return channels === null ? null : { kind: 'channels', size: channels, spatial: Number(/\d/.exec(plain)?.[0] ?? 2) };
    }
    case 'activation':
      return activationLayer(positional[0] ?? named.get('activation') ?? null, place);
    case 'sequential':
      return { kind: 'row', layers: layersIn(named.get('layers') ?? null, positional) };
    case 'model': {
      const outputs = named.get('outputs') ?? positional[1];
      const facts = outputs === undefined ? null : factsOf(outputs);
      return facts?.isTensor === true ? { kind: 'outputs', facts } : null;
    }
    default: {
      const nature = natures.get(plain);
      if (nature !== undefined && isDocumented && /^[A-Z]/.test(name)) return { kind: 'activation', activation: { nature, place } };
      return keeping.has(plain) ? { kind: 'same' } : null;
    }
  }
}

const isPlain = (activation: Value | undefined): boolean =>
  activation === undefined || activation.kind === 'none' || (activation.kind === 'str' && activation.value === 'linear');

function activationNamed(value: Value | null, place: Place): Activation | null {
  const name = value?.kind === 'str' ? value.value : value?.kind === 'native' || value?.kind === 'function' ? value.name : null;
  const nature = name === null ? undefined : natures.get(name);
  return nature === undefined ? null : { nature, place };
}

function activationLayer(value: Value | null, place: Place): Layer {
  const activation = activationNamed(value, place);
  return activation === null ? { kind: 'same' } : { kind: 'activation', activation };
}

function layersIn(listed: Value | null, positional: readonly Value[]): (Layer | null)[] {
  const [first] = positional;
  const items = listed?.kind === 'list' ? listed.items : first?.kind === 'list' || first?.kind === 'tuple' ? first.items : positional;
  return items.map((item) => factsOf(item)?.layer ?? null);
}

/** What is known of what a layer gives for an input. */
export function applied(layer: Layer | null, input: Facts): Facts {
  switch (layer?.kind) {
    case undefined:
      return { isTensor: true };
    case 'last': {
      const sizes = input.sizes;
      const shape: Facts =
        sizes !== undefined && sizes.length > 0
          ? { isTensor: true, sizes: [...sizes.slice(0, -1), layer.size] }
          : { isTensor: true, lastSize: layer.size };
      if (layer.activation !== null) return withActivation(shape, layer.activation);
      return layer.plainAt === undefined ? shape : { ...shape, nature: 'scores', natureAt: layer.plainAt };
    }
    case 'channels': {
      const first = input.sizes?.[0] ?? null;
      return { isTensor: true, sizes: [first, layer.size, ...Array<null>(layer.spatial).fill(null)] };
    }
    case 'activation':
      return withActivation(shapeOf(input), layer.activation);
    case 'row':
      return layer.layers.reduce<Facts>((facts, one) => applied(one, facts), input);
    case 'outputs':
      return layer.facts;
    case 'same':
      return { ...shapeOf(input), isTensor: true };
  }
}

const shapeOf = ({ sizes, lastSize }: Facts): Facts => ({ ...(sizes ? { sizes } : {}), ...(lastSize ? { lastSize } : {}) });

const withActivation = (shape: Facts, { nature, place }: Activation): Facts => ({
  ...shape,
  isTensor: true,
  nature,
  natureAt: place,
  axis: -1,
});

/** The facts of an input, of a tensor that is there too. */
export function inputFacts(value: Value | undefined): Facts {
  if (value === undefined) return {};
  const sizes = sizesOf(value);
  return factsOf(value) ?? (sizes === null ? {} : { isTensor: true, sizes });
}
