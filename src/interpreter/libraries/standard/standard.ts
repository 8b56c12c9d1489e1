/** Python's standard library, as far as losses use it. Modules that are not here can be imported; using them is Unsupported. */
import { builtinNames } from '../../builtins/install';
import type { Library } from '../../library';
import { collectionsModule, dataclassesModule, enumModule } from './records';
import { contextlibModule, copyModule, functoolsModule, itertoolsModule, operatorModule } from './functools';
import { mathModule, numbersModule, randomModule } from './math';
import * as outside from './surroundings';
import { abcModule, typingModule } from './typing';
import { argparseModule } from '../configuration/argparse';
import { configparserModule } from '../configuration/configparser';
import { ioModule, osModule, osPathModule, pathlibModule } from '../configuration/files';
import { importlibModule, importlibUtilModule, inspectModule, runpyModule } from '../configuration/modules';
import { jsonModule } from '../configuration/json';
import { outsideModule } from '../configuration/outside';
import { tomllibModule } from '../configuration/toml';

export const standardLibrary: Library = {
  name: 'Python',
  operations: [],
  modules: {
    __future__: {
      prelude:
        'annotations = division = print_function = absolute_import = unicode_literals = generators = with_statement = nested_scopes = None\n',
    },
    _outside: outsideModule,
    builtins: { members: () => Object.fromEntries(builtinNames) },
    abc: outside.abcModuleSource,
    argparse: argparseModule,
    collections: collectionsModule,
    'collections.abc': abcModule,
    configparser: configparserModule,
    contextlib: contextlibModule,
    copy: copyModule,
    dataclasses: dataclassesModule,
    enum: enumModule,
    functools: functoolsModule,
    importlib: importlibModule,
    'importlib.util': importlibUtilModule,
    inspect: inspectModule,
    io: ioModule,
    itertools: itertoolsModule,
    json: jsonModule,
    logging: outside.loggingModule,
    math: mathModule,
    numbers: numbersModule,
    operator: operatorModule,
    os: osModule,
    'os.path': osPathModule,
    pathlib: pathlibModule,
    random: randomModule,
    runpy: runpyModule,
    string: outside.stringModule,
    sys: outside.sysModule,
    time: outside.timeModule,
    tomllib: tomllibModule,
    types: outside.typesModule,
    typing: typingModule,
    typing_extensions: { sameAs: 'typing' },
    warnings: outside.warningsModule,
  },
};
