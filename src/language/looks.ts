/**
 * What a stretch of text looks like: the decisions a reader of a notebook's dump makes at a glance. The expressions must stay linear, whatever the
 * line (a megabyte of spaces, of digits): no two neighbours in them may take the same characters.
 */

const literal = String.raw`(?:-?\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?|-?\.\d+|-?inf|-?nan|True|False|None|'[^']*'|"[^"]*")`;
const printedValue = [
  /^[([{]*\s*(?:tensor|array|Parameter containing|torch\.Size|torch\.return_types|<tf\.Tensor|tf\.Tensor|Array|DeviceArray|Tensor)\b\s*[([:\s]/,
  new RegExp(`^[([{]*\\s*${literal}(?:[\\s,:;)\\]}]+(?:${literal}|[([{]))*[\\s,)\\]}]*$`),
  /^\[{2,}\s*-?[\d.]/,
  /^\[\s*-?\d+(?:\.\d*)?(?:\s+-?\d+(?:\.\d*)?)+/,
  /^<[\w. ]+(?: object)? at 0x/,
  /^<(?:class|function|module|generator|torch)\b/,
  /^Traceback \(most recent call last\)/,
  /^-{20,}/,
  /^(?:[A-Za-z_]+\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt)\b(?::|$)/,
  /^[A-Z]\w*\(\s*$/,
  /^\s*\(\w+\): [A-Z]\w*\(/,
  /^(?:Epoch|Step|Iter|Batch|epoch|step|iter)\b[\s[:]*\d/,
  /^\s*\d{1,3}%\|/,
  /^Out\s*\[/,
];

/** `CrossEntropy:0.1119`, `index: tensor([[2],`, `loss = 0.31`: what a print with a label leaves. */
const labelled = new RegExp(
  `^[^=(\\[{}'"#:]{1,60}?\\s*(?::|=|->)\\s*(?:[([{]+\\s*)?(?:${literal}(?![\\w(.])|tensor\\(|array\\(|torch\\.Size)`,
);

/** Does a paragraph of text look like what a cell printed? Its first line decides. */
export function looksLikeOutput(paragraph: string): boolean {
  const lines = paragraph.split(/\r\n?|\n/).filter((line) => line.trim() !== '');
  const first = lines[0] ?? '';
  if (printedValue.some((form) => form.test(first))) return true;
  return labelled.test(first) && !looksAssigned(first);
}

/** `loss = 0.31` and `eps: float = 0.1` are code as well as output: an assignment with code's spelling is code. */
function looksAssigned(line: string): boolean {
  return (
    /^\s*[A-Za-z_][\w.]*\s*(?::\s*[A-Za-z_][\w.[\]]*\s*)?=(?!=)/.test(line) ||
    /:\s*(?:int|float|str|bool|torch\.Tensor|Tensor)\b/.test(line)
  );
}

const markdownLine = [
  /^\s{0,3}#{1,6}\s/,
  /^\s{0,3}[-*+]\s+\S/,
  /^\s{0,3}\d+[.)]\s+\S/,
  /^\s{0,3}>\s?/,
  /^\s*(?:```|~~~)/,
  /^\s*\$\$/,
  /^\s*!?\[[^\]]*\]\(/,
  /^\s*<\/?(?:img|div|p|br|center|table|a|h\d|span|font|b|i)\b/i,
  /^\s*\|.*\|\s*$/,
  /^\s*https?:\/\//,
];
const ideograph = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** A heading of Markdown, which is a comment of Python too. */
export function isHeading(line: string): boolean {
  return /^#{1,6}\s/.test(line);
}

/** Does a paragraph look like prose or Markdown? A heading alone does not decide: it may be a comment. */
export function looksLikeProse(paragraph: string): boolean {
  const lines = paragraph.split(/\r\n?|\n/).filter((line) => line.trim() !== '');
  const first = lines.find((line) => !isHeading(line));
  if (first === undefined) return false;
  if (markdownLine.some((form) => form.test(first)) || lines.some((line) => /^\s*(?:```|~~~)/.test(line))) return true;
  const bare = first.replace(/#.*$/, '').replace(/'[^']*'|"[^"]*"/g, '');
  if (ideograph.test(bare)) return true;
  return /^[A-Z][a-z]*[,;:]?(?: [\w'’“”"-]+[,;:.]?){2,}/.test(bare) && !/[=({[]/.test(bare);
}

const pythonLine =
  /^\s*(?:import \w|from [\w.]+ import |def \w+\s*\(|class \w+.*:\s*$|@\w|print\(|with .*:\s*$|for (?=[^:]*:)[^:]* in |if .*:\s*$|return\b|assert |raise |[\w.[\],][\w.[\], \t]*(?:[-+*/@|&]|\*\*|\/\/)?=(?!=)|[\w.]+\(.*\)\s*$)/;
const typescriptLine =
  /^\s*(?:const |let |var |export |import .* from ['"]|import ['"]|import \* as |function[\s*]|async function|interface |type \w+ =|class \w+.*\{|return .*;|\}\s*(?:else|catch)?|[\w.]+\(.*\);\s*$|\S.*=>\s*[{(]?|=>)/;

/** How many of the lines have the shape of code of each language. */
export function codeShape(text: string): { readonly python: number; readonly typescript: number; readonly lines: number } {
  const lines = text.split(/\r\n?|\n/).filter((line) => line.trim() !== '' && !/^\s*(?:#|\/\/|\*|\/\*)/.test(line));
  const python = lines.filter((line) => pythonLine.test(line) && !/[;{]\s*$/.test(line)).length;
  const typescript = lines.filter((line) => typescriptLine.test(line)).length;
  return { python, typescript, lines: lines.length };
}
