/** yargs, commander and minimist: options with their defaults. Nothing stands on the command line: in an exploring run what must be given is unknown. */
import type { Context } from '../../context';
import type { ModuleSource } from '../../library';
import type { ObjectValue, Value } from '../../value';
import { FALSE, TRUE, UNDEFINED, list, unknown } from '../../value';
import { callable, camelCase, entriesOf, fn, memberOf, object, textOf } from './plain';

/** A run that does not explore says Unsupported once it is used. */
const given = (context: Context, name: string): Value => unknown(`--${name} (given on the command line)`, context.here);

const isTrue = (value: Value | undefined): boolean => value?.kind === 'bool' && value.value;

/** Calls that change nothing here and give the command line back. */
const passing = [
  ...['usage', 'help', 'describe', 'strict', 'strictOptions', 'version', 'scriptName', 'example', 'epilog', 'epilogue', 'wrap', 'env'],
  ...['coerce', 'choices', 'number', 'string', 'array', 'count', 'group', 'hide', 'implies', 'conflicts', 'parserConfiguration'],
  ...['showHelpOnFail', 'demandCommand', 'exitProcess', 'fail', 'check', 'boolean', 'alias', 'command', 'middleware', 'recommendCommands'],
];

function yargs(): ReadonlyMap<string, Value> {
  const values: ObjectValue = object([['_', list([])]]);
  const self = object();
  const put = (names: readonly string[], value: Value): void => {
    for (const name of names) for (const spelling of [name, camelCase(name)]) values.properties.set(spelling, value);
  };
  const declare = (context: Context, name: string, spec: Value | undefined): void => {
    const alias = memberOf(spec, 'alias');
    const aliases = alias?.kind === 'list' ? alias.items.map((item) => textOf(item) ?? '') : [textOf(alias) ?? name];
    const isDemanded = ['demandOption', 'demand', 'required', 'require'].some((key) => isTrue(memberOf(spec, key)));
    const fallback = memberOf(spec, 'default');
    put([name, ...aliases], fallback ?? (isDemanded ? given(context, name) : UNDEFINED));
  };
  const option = fn('yargs.option', (context, [name, spec]) => {
    const text = textOf(name);
    if (text !== null) declare(context, text, spec);
    else for (const [key, one] of entriesOf(name)) declare(context, key, one);
    return self;
  });
  const members = new Map<string, Value>([
    ...passing.map((name) => [name, fn(`yargs.${name}`, () => self)] as const),
    ['option', option],
    ['options', option],
    [
      'default',
      fn('yargs.default', (_, [name, value = UNDEFINED]) => {
        const text = textOf(name);
        if (text !== null) put([text], value);
        else for (const [key, one] of entriesOf(name)) put([key], one);
        return self;
      }),
    ],
    [
      'demandOption',
      fn('yargs.demandOption', (context, [names]) => {
        const listed = names?.kind === 'list' ? names.items : names === undefined ? [] : [names];
        for (const name of listed.flatMap((item) => textOf(item) ?? []))
          if ((values.properties.get(name)?.kind ?? 'undefined') === 'undefined') put([name], given(context, name));
        return self;
      }),
    ],
    ['argv', values],
    ['parse', fn('yargs.parse', () => values)],
    ['parseSync', fn('yargs.parseSync', () => values)],
    ['parseAsync', fn('yargs.parseAsync', () => values)],
  ]);
  for (const [name, member] of members) self.properties.set(name, member);
  return members;
}

export const yargsModule: ModuleSource = {
  members: () => {
    const make = () => object(yargs());
    return { default: callable('yargs', make, yargs()), hideBin: fn('hideBin', (_, [argv = list([])]) => argv) };
  },
};

function command(): ObjectValue {
  const values = object();
  const self = object();
  const declare = (isRequired: boolean) =>
    fn('Command.option', (context, [flags, , third, fourth]) => {
      const long = /--([\w-]+)/.exec(textOf(flags) ?? '')?.[1] ?? (textOf(flags) ?? '').replace(/^-+/, '');
      const fallback = fourth ?? (third === undefined || isFunctionLike(third) ? undefined : third);
      if (long.startsWith('no-')) values.properties.set(camelCase(long.slice(3)), fallback ?? TRUE);
      else if (fallback !== undefined) values.properties.set(camelCase(long), fallback);
      else if (isRequired) values.properties.set(camelCase(long), given(context, long));
      return self;
    });
  const pass = [
    'name',
    'description',
    'version',
    'usage',
    'argument',
    'action',
    'allowUnknownOption',
    'allowExcessArguments',
    'addHelpText',
  ];
  for (const name of [...pass, 'parse', 'parseAsync', 'showHelpAfterError', 'configureHelp', 'exitOverride'])
    self.properties.set(
      name,
      fn(`Command.${name}`, () => self),
    );
  self.properties.set('option', declare(false));
  self.properties.set('requiredOption', declare(true));
  self.properties.set(
    'opts',
    fn('Command.opts', () => values),
  );
  self.properties.set(
    'command',
    fn('Command.command', () => command()),
  );
  return self;
}

const isFunctionLike = ({ kind }: Value): boolean => kind === 'function' || kind === 'native' || kind === 'class' || kind === 'boundMethod';

export const commanderModule: ModuleSource = {
  members: () => {
    const make = callable('Command', () => command());
    const program = command();
    return { Command: make, program, default: program, createCommand: fn('createCommand', () => command()) };
  },
};

export const minimistModule: ModuleSource = {
  members: () => ({
    default: fn('minimist', (_, [, options]) => {
      const values = object([['_', list([])]]);
      const booleans = memberOf(options, 'boolean');
      for (const name of booleans?.kind === 'list' ? booleans.items : booleans === undefined ? [] : [booleans])
        if (textOf(name) !== null) values.properties.set(textOf(name)!, FALSE);
      for (const [name, value] of entriesOf(memberOf(options, 'default'))) values.properties.set(name, value);
      for (const [name, alias] of entriesOf(memberOf(options, 'alias'))) {
        const value = values.properties.get(name);
        for (const other of alias.kind === 'list' ? alias.items : [alias])
          if (value !== undefined && textOf(other) !== null) values.properties.set(textOf(other)!, value);
      }
      return values;
    }),
  }),
};
