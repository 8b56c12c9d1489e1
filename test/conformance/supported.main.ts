/** npm run docs: writes docs/supported.md from the operation records. */
import { writeFileSync } from 'node:fs';
import { supported } from './supported';

writeFileSync('docs/supported.md', supported());
