/** node dist/test/supported.js: writes docs/supported.md from the operation records. */
import { writeFileSync } from 'node:fs';
import { libraries } from '../../src/interpreter/libraries/all';
import { supportedMarkdown } from '../../src/interpreter/libraries/supported';

writeFileSync('docs/supported.md', supportedMarkdown(libraries));
