/** The packages that programs are configured with. Each is Python that the interpreter runs, over our own readers of YAML, JSON, TOML and INI. */
import type { Library, ModuleSource } from '../../library';
import { tomlModule } from './toml';
import { omegaconfYamlModule, ruamelModule, yamlModule } from './yaml';

const library = (name: string, modules: Readonly<Record<string, ModuleSource>>): Library => ({ name, operations: [], modules });

export const configurationLibraries: readonly Library[] = [
  library('yaml', { yaml: yamlModule, ruamel: {}, 'ruamel.yaml': ruamelModule }),
  library('toml', { toml: tomlModule }),
  library('omegaconf', { _omegaconf_yaml: omegaconfYamlModule }),
];
