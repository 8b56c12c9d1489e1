import { extended, programsOf, type CodeRange } from './cells';
import { entryOf, itemsOf, readJson, stringOf, unitPlaces, type JsonNode } from './json';
import type { Language, Program, Range } from './program';

export interface NotebookReading {
  readonly programs: readonly Program[];
  readonly problems: readonly { readonly message: string; readonly range: Range | null }[];
}

/** The sources and outputs of a notebook's code cells, put together as one text whose places are known in the file. */
interface Assembly {
  text: string;
  readonly places: number[];
}

/** Reads a Jupyter notebook (nbformat 3 and 4). Programs stand in a text of their own; `locate` leads from it to the file. */
export function readNotebook(file: string): NotebookReading {
  const reading = readJson(file);
  if (!reading.ok)
    return { programs: [], problems: [{ message: `this notebook is not valid JSON: ${reading.message}`, range: reading.range }] };
  const { root } = reading;
  const cells = [
    ...itemsOf(entryOf(root, 'cells')),
    ...itemsOf(entryOf(root, 'worksheets')).flatMap((sheet) => itemsOf(entryOf(sheet, 'cells'))),
  ];
  if (entryOf(root, 'cells') === undefined && cells.length === 0) {
    return {
      programs: [],
      problems: [
        { message: 'this JSON is not a notebook: it has no cells', range: { start: root.range.start, end: root.range.start + 1 } },
      ],
    };
  }
  const named = languageName(root);
  const language = languageOf(named);
  if (language === null)
    return { programs: [], problems: [{ message: `this notebook’s language is ${named}, which is not read`, range: null }] };
  const assembly: Assembly = { text: '', places: [] };
  const ranges: CodeRange[] = [];
  for (const cell of cells) {
    if (stringOf(entryOf(cell, 'cell_type')) !== 'code') continue;
    const source = append(assembly, file, entryOf(cell, 'source') ?? entryOf(cell, 'input'));
    if (source === null) continue;
    const output = appendOutputs(assembly, file, itemsOf(entryOf(cell, 'outputs')));
    ranges.push({ language, range: source, ...(output === null ? {} : { recordedOutput: output }) });
  }
  const { text, places } = assembly;
  const locate = (offset: number): number => places[Math.min(Math.max(0, offset), places.length - 1)] ?? 0;
  if (ranges.length === 0) return { programs: [], problems: [{ message: 'this notebook has no code cells', range: null }] };
  return { programs: programsOf(text, ranges, locate), problems: [] };
}

function languageName(root: JsonNode): string {
  const metadata = entryOf(root, 'metadata');
  return (
    stringOf(entryOf(entryOf(metadata, 'language_info'), 'name')) ??
    stringOf(entryOf(entryOf(metadata, 'kernelspec'), 'language')) ??
    'python'
  );
}

function languageOf(name: string): Language | null {
  if (/^(i?python\d?|sage)$/i.test(name)) return 'python';
  return /^(typescript|javascript|node|deno)$/i.test(name) ? 'typescript' : null;
}

/** The strings of a source or output: one, or a list of lines. */
function stringsIn(node: JsonNode | undefined): readonly Extract<JsonNode, { type: 'string' }>[] {
  if (node?.type === 'string') return [node];
  return itemsOf(node).filter((item) => item.type === 'string');
}

function append(assembly: Assembly, file: string, node: JsonNode | undefined): Range | null {
  const strings = stringsIn(node);
  if (strings.length === 0) return null;
  const start = assembly.text.length;
  let closing = 0;
  for (const string of strings) {
    const places = unitPlaces(file, string);
    assembly.text += string.value;
    for (let index = 0; index < string.value.length; index++) assembly.places.push(places[index] ?? places.at(-1)!);
    closing = places.at(-1)!;
  }
  const end = assembly.text.length;
  assembly.text += '\n';
  assembly.places.push(closing);
  return { start, end };
}

/** What the cell printed and showed, as text. Errors and pictures are not what a run should give again. */
function appendOutputs(assembly: Assembly, file: string, outputs: readonly JsonNode[]): Range | null {
  let range: Range | null = null;
  for (const output of outputs) {
    const type = stringOf(entryOf(output, 'output_type'));
    const isPrinted = type === 'stream' && (stringOf(entryOf(output, 'name')) ?? stringOf(entryOf(output, 'stream'))) !== 'stderr';
    const isShown = type === 'execute_result' || type === 'pyout' || type === 'display_data';
    if (!isPrinted && !isShown) continue;
    const added = append(
      assembly,
      file,
      isPrinted ? entryOf(output, 'text') : (entryOf(entryOf(output, 'data'), 'text/plain') ?? entryOf(output, 'text')),
    );
    if (added !== null) range = extended(range, added);
  }
  return range;
}
