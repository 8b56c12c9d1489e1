// docs/inspection.schema.json and docs/check.schema.json, generated from the types of what the command line prints.
//   node test/schema.mjs            writes them
//   node test/schema.mjs --check    exits 1 when one is stale
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const schemas = [
  {
    file: 'docs/inspection.schema.json',
    source: 'src/inspection.ts',
    type: 'Report',
    title: 'Loss Inspector report',
    description: 'What `loss-inspector inspect --json` prints.',
  },
  {
    file: 'docs/check.schema.json',
    source: 'src/cli/checked.ts',
    type: 'CheckReport',
    title: 'Loss Inspector check',
    description: 'What `loss-inspector check --format json` prints.',
  },
];

/** A schema as its file's text. */
async function schemaText({ source, type, title, description }) {
  const schema = createGenerator({
    path: path.join(root, source),
    tsconfig: path.join(root, 'tsconfig.json'),
    type,
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema(type);
  return format(JSON.stringify({ title, description, ...schema }), { parser: 'json', printWidth: 140 });
}

for (const schema of schemas) {
  const file = path.join(root, schema.file);
  const text = await schemaText(schema);
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`${schema.file} is stale: run node test/schema.mjs`);
    process.exitCode = 1;
  }
}
