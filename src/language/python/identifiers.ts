const start = /[\p{XID_Start}_]/u;
const part = /[\p{XID_Continue}]/u;

/** May a name begin with this code point? */
export function isIdentifierStart(code: number): boolean {
  if (code < 128) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
  return start.test(String.fromCodePoint(code));
}

/** May a name go on with this code point? */
export function isIdentifierPart(code: number): boolean {
  if (code < 128) return isIdentifierStart(code) || (code >= 48 && code <= 57);
  return part.test(String.fromCodePoint(code));
}
