/** A number for a hash's text; equal texts give equal numbers. */
export function hashNumber(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return BigInt.asIntN(62, hash);
}
