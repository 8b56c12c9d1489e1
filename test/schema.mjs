// docs/inspection.schema.json, generated from the types of src/inspection.ts.
//   node test/schema.mjs            writes it
//   node test/schema.mjs --check    exits 1 when it is stale
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const schemaFile = path.join(root, 'docs', 'inspection.schema.json');

/** The schema of the report that `inspect --json` prints, as the file's text. */
export async function schemaText() {
  const schema = createGenerator({
    path: path.join(root, 'src', 'inspection.ts'),
    tsconfig: path.join(root, 'tsconfig.json'),
    type: 'Report',
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema('Report');
  const described = { title: 'Loss Inspector report', description: 'What `loss-inspector inspect --json` prints.', ...schema };
  return format(JSON.stringify(described), { parser: 'json', printWidth: 140 });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await schemaText();
  if (!process.argv.includes('--check')) writeFileSync(schemaFile, text);
  else if (readFileSync(schemaFile, 'utf8') !== text) {
    console.error('docs/inspection.schema.json is stale: run node test/schema.mjs');
    process.exitCode = 1;
  }
}
