/** Comparing printed text with the text that a document records, number by number to the digits printed. */

const number = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|[-+]?\b(?:nan|inf)\b/gi;

/** grad_fn's spelling differs between versions of torch, and white space and line breaks with the width of the page. */
function words(text: string): string {
  return text
    .replace(/,?\s*grad_fn=<[^>]*>/g, '')
    .replace(/,?\s*requires_grad=True/g, '')
    .replace(number, '#')
    .replace(/\s+/g, '');
}

export function agrees(ours: string, recorded: string): boolean {
  if (words(ours) !== words(recorded)) return false;
  const a = numbersIn(ours);
  const b = numbersIn(recorded);
  return a.length === b.length && a.every((text, i) => closeAsPrinted(text, b[i]!));
}

function numbersIn(text: string): readonly string[] {
  return text.replace(/grad_fn=<[^>]*>/g, '').match(number) ?? [];
}

/** Equal within half a unit of the coarser one's last printed digit (and a little for our own rounding to print). */
function closeAsPrinted(a: string, b: string): boolean {
  const x = Number(named(a));
  const y = Number(named(b));
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) && Number.isNaN(y);
  if (x === y) return true;
  // `print(loss.item())` shows a float32 with 17 digits, of which it carries 7.
  const unit = Math.max(lastDigit(a), lastDigit(b), float32Precision * Math.abs(x));
  return Math.abs(x - y) <= unit * 1.01;
}

const float32Precision = 2 ** -21;

const named = (text: string): string => text.toLowerCase().replace(/inf$/, 'Infinity');

/** The worth of the last digit printed: 0.01 for 1.25. */
function lastDigit(text: string): number {
  const match = /^[-+]?\d*\.?(\d*)(?:e([-+]?\d+))?$/i.exec(text);
  if (match === null) return 0;
  return 10 ** (Number(match[2] ?? 0) - match[1]!.length);
}
