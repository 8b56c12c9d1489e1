/** Python's standard library, as far as losses use it. Modules that are not here can be imported; using them is Unsupported. */
import { builtinNames } from '../../builtins/install';
import type { Library } from '../../library';
import { collectionsModule, dataclassesModule, enumModule } from './records';
import { contextlibModule, copyModule, functoolsModule, itertoolsModule, operatorModule } from './functools';
import { mathModule, numbersModule, randomModule } from './math';
import * as outside from './surroundings';
import { abcModule, typingModule } from './typing';

export const standardLibrary: Library = {
  name: 'Python',
  operations: [],
  modules: {
    __future__: {
      prelude:
        'annotations = division = print_function = absolute_import = unicode_literals = generators = with_statement = nested_scopes = None\n',
    },
    builtins: { members: () => Object.fromEntries(builtinNames) },
    abc: outside.abcModuleSource,
    argparse: outside.argparseModule,
    collections: collectionsModule,
    'collections.abc': abcModule,
    contextlib: contextlibModule,
    copy: copyModule,
    dataclasses: dataclassesModule,
    enum: enumModule,
    functools: functoolsModule,
    io: outside.ioModule,
    itertools: itertoolsModule,
    logging: outside.loggingModule,
    math: mathModule,
    numbers: numbersModule,
    operator: operatorModule,
    os: outside.osModule,
    'os.path': outside.osPathModule,
    random: randomModule,
    string: outside.stringModule,
    sys: outside.sysModule,
    time: outside.timeModule,
    types: outside.typesModule,
    typing: typingModule,
    typing_extensions: { sameAs: 'typing' },
    warnings: outside.warningsModule,
  },
};
