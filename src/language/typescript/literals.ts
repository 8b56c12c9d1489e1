/** The characters a JavaScript string or template stands for: escapes undone, line breaks as '\n'. Gives null where an escape is malformed. */
export function unescape(content: string): string | null {
  const failures: true[] = [];
  const escape = /\\(?:\r\n|[\n\r\u2028\u2029]|x([0-9a-fA-F]{0,2})|u\{([0-9a-fA-F]*)\}|u([0-9a-fA-F]{0,4})|([^]))|\r\n?/g;
  const fail = (): string => {
    failures.push(true);
    return '';
  };
  const value = content.replace(
    escape,
    (match: string, hex: string | undefined, point: string | undefined, unit: string | undefined, other: string | undefined) => {
      if (match[0] === '\r') return '\n';
      if (hex !== undefined) return hex.length === 2 ? String.fromCharCode(parseInt(hex, 16)) : fail();
      if (point !== undefined) {
        const code = parseInt(point, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : fail();
      }
      if (unit !== undefined) return unit.length === 4 ? String.fromCharCode(parseInt(unit, 16)) : fail();
      return other === undefined ? '' : (simpleEscapes[other] ?? other);
    },
  );
  return failures.length > 0 ? null : value;
}

const simpleEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '0': '\0' };

/** The double a numeric literal stands for; null for a bigint. */
export function numberOf(literal: string): number | null {
  const digits = literal.replaceAll('_', '');
  if (/^(?!0x).*n$/i.test(digits) || /^0x[0-9a-f]+n$/i.test(digits)) return null;
  if (/^0[0-7]+$/.test(digits)) return parseInt(digits, 8);
  return Number(digits);
}
