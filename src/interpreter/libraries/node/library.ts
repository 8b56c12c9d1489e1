/** What interpreted TypeScript is configured with. */
import type { Library, ModuleSource } from '../../library';
import { commanderModule, minimistModule, yargsModule } from './commandLines';
import { dotenvModule, fsModule, pathModule, yamlPackage } from './files';

const modules: Readonly<Record<string, ModuleSource>> = {
  fs: fsModule,
  'node:fs': fsModule,
  path: pathModule,
  'node:path': pathModule,
  yaml: yamlPackage,
  'js-yaml': yamlPackage,
  dotenv: dotenvModule,
  yargs: yargsModule,
  'yargs/yargs': yargsModule,
  'yargs/helpers': yargsModule,
  commander: commanderModule,
  minimist: minimistModule,
};

export const nodeLibraries: readonly Library[] = Object.entries(modules).map(([name, module]) => ({
  name,
  operations: [],
  modules: { [name]: module },
}));
