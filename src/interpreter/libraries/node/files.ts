/** Node's fs and path, dotenv, and the packages that read YAML: text files of the workspace, with the places of their values. */
import type { ModuleSource } from '../../library';
import { FALSE, TRUE, UNDEFINED, bool, str } from '../../value';
import type { Value } from '../../value';
import { notKnown } from '../configuration/outside';
import { readWorkspaceFile } from '../configuration/paths';
import { sourceOf, textOfFile } from '../configuration/source';
import { YamlError, readYaml } from '../configuration/yamlText';
import { normalised } from '../../../workspace';
import { asJavaScript, fn, nothing, object, textOf } from './plain';

const withDefault = (members: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> => ({
  ...members,
  default: object(Object.entries(members)),
});

const readFile = fn('fs.readFileSync', (context, [path, encoding]) => {
  if (path?.kind === 'unknown') return path;
  const name = textOf(path);
  const found = name === null ? null : readWorkspaceFile(context, name);
  if (found === null) return notKnown(context, `the file ${name ?? '?'}`);
  // Without an encoding it is a Buffer, of which the text is asked for all the same.
  return encoding === undefined && !context.exploring ? notKnown(context, 'Buffer') : textOfFile(context, found.path, found.text);
});

export const fsModule: ModuleSource = {
  members: () =>
    withDefault({
      readFileSync: readFile,
      existsSync: fn('fs.existsSync', (context, [path]) => {
        const name = textOf(path);
        if (name !== null && readWorkspaceFile(context, name) !== null) return TRUE;
        // A folder, or a file that is no text, may be there all the same.
        return context.exploring ? notKnown(context, `is ${name ?? '?'} there`) : FALSE;
      }),
    }),
};

const joined = (parts: readonly Value[]): string => {
  const texts = parts.map((part) => textOf(part) ?? '');
  const path = texts.filter((text) => text !== '').join('/');
  return path.startsWith('/') ? `/${normalised(path.slice(1)) ?? ''}` : (normalised(path) ?? path);
};

export const pathModule: ModuleSource = {
  members: () =>
    withDefault({
      sep: str('/'),
      join: fn('path.join', (_, args) => args.find((arg) => arg.kind === 'unknown') ?? str(joined(args))),
      resolve: fn('path.resolve', (_, args) => args.find((arg) => arg.kind === 'unknown') ?? str(joined(args))),
      dirname: fn('path.dirname', (_, [path]) => {
        const text = textOf(path) ?? '';
        return str(text.includes('/') ? text.slice(0, text.lastIndexOf('/')) || '/' : '.');
      }),
      basename: fn('path.basename', (_, [path]) => {
        const text = textOf(path) ?? '';
        return str(text.slice(text.lastIndexOf('/') + 1));
      }),
      extname: fn('path.extname', (_, [path]) => str(/[^/.](\.[^./]*)$/.exec(textOf(path) ?? '')?.[1] ?? '')),
      isAbsolute: fn('path.isAbsolute', (_, [path]) => bool(textOf(path)?.startsWith('/') === true)),
    }),
};

const readYamlText = fn('load', (context, [text]) => {
  if (text?.kind === 'unknown') return text;
  if (text?.kind !== 'str') return context.unsupported('YAML of something that is no text');
  try {
    const [document] = readYaml(context, sourceOf(context, text), 'core');
    return document === undefined ? UNDEFINED : asJavaScript(context, document);
  } catch (thrown) {
    if (thrown instanceof YamlError) return notKnown(context, `YAML that cannot be read (${thrown.message})`);
    throw thrown;
  }
});

export const yamlPackage: ModuleSource = { members: () => withDefault({ load: readYamlText, parse: readYamlText }) };

export const dotenvModule: ModuleSource = { members: () => withDefault({ config: nothing('dotenv.config') }) };
