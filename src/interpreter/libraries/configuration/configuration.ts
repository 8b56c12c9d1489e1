/** The packages that programs are configured with. Each is Python that the interpreter runs, over our own readers of YAML, JSON, TOML and INI. */
import type { Library, ModuleSource } from '../../library';
import { appModule, flagsModule } from './abslFlags';
import { addictModule, boxModule, munchModule } from './attributeDicts';
import { attrsModule, attrsValidatorsModule } from './attrs';
import { clickModule } from './click';
import { fireModule, tapModule, typerModule, tyroModule } from './commandLines';
import { ginModule } from './gin';
import { mmengineModules } from './mmengine';
import { pydanticDataclassesModule, pydanticModule } from './pydantic';
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
  library('attrs', {
    attr: attrsModule,
    'attr.validators': attrsValidatorsModule,
    attrs: { sameAs: 'attr' },
    'attrs.validators': { sameAs: 'attr.validators' },
  }),
  library('pydantic', {
    pydantic: pydanticModule,
    'pydantic.v1': { sameAs: 'pydantic' },
    'pydantic.dataclasses': pydanticDataclassesModule,
    pydantic_settings: { prelude: 'from pydantic import BaseSettings\n\ndef SettingsConfigDict(**options):\n    return options\n' },
  }),
  library('click', { click: clickModule }),
  library('typer', { typer: typerModule }),
  library('fire', { fire: fireModule }),
  library('tap', { tap: tapModule }),
  library('tyro', { tyro: tyroModule }),
  library('gin', { gin: ginModule, 'gin.config': { sameAs: 'gin' }, 'gin.torch': { sameAs: 'gin' }, 'gin.tf': { sameAs: 'gin' } }),
  library('mmengine', mmengineModules),
  library('munch', { munch: munchModule }),
  library('addict', { addict: addictModule }),
  library('box', { box: boxModule }),
];
