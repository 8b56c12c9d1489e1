/** The packages that programs are configured with. Each is Python that the interpreter runs, over our own readers of YAML, JSON, TOML and INI. */
import type { Library, ModuleSource } from '../../library';
import { appModule, flagsModule } from './abslFlags';
import { addictModule, boxModule, munchModule } from './attributeDicts';
import { hydraModules } from './hydra';
import { configDictModule, configFlagsModule, mlCollectionsModule } from './mlCollections';
import { omegaconfErrorsModule, omegaconfModule } from './omegaconf';
import { tomlModule } from './toml';
import { yacsModule } from './yacs';
import { omegaconfYamlModule, ruamelModule, yamlModule } from './yaml';

const library = (name: string, modules: Readonly<Record<string, ModuleSource>>): Library => ({ name, operations: [], modules });

export const configurationLibraries: readonly Library[] = [
  library('yaml', { yaml: yamlModule, ruamel: {}, 'ruamel.yaml': ruamelModule }),
  library('toml', { toml: tomlModule }),
  library('omegaconf', {
    _omegaconf_yaml: omegaconfYamlModule,
    omegaconf: omegaconfModule,
    'omegaconf.omegaconf': { sameAs: 'omegaconf' },
    'omegaconf.dictconfig': { sameAs: 'omegaconf' },
    'omegaconf.listconfig': { sameAs: 'omegaconf' },
    'omegaconf.errors': omegaconfErrorsModule,
  }),
  library('hydra', hydraModules),
  library('yacs', {
    yacs: {},
    'yacs.config': yacsModule,
    fvcore: {},
    'fvcore.common': {},
    'fvcore.common.config': { sameAs: 'yacs.config' },
  }),
  library('ml_collections', {
    ml_collections: mlCollectionsModule,
    'ml_collections.config_dict': configDictModule,
    'ml_collections.config_flags': configFlagsModule,
  }),
  library('absl', {
    absl: {},
    'absl.logging': { sameAs: 'logging' },
    'absl.flags': flagsModule,
    'absl.app': appModule,
  }),
  library('munch', { munch: munchModule }),
  library('addict', { addict: addictModule }),
  library('box', { box: boxModule }),
];
