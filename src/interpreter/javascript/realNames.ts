/** Names that JavaScript and its hosts have: one that is not interpreted here is Unsupported, where any other is the person's ReferenceError or undefined. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Globals of the language that are not listed in globals.ts. */
export const languageGlobals =
  words(`AggregateError ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array DataView Date FinalizationRegistry Float16Array
  Function Int16Array Int8Array Intl Iterator Promise Proxy Reflect RegExp SharedArrayBuffer Symbol Uint16Array Uint32Array Uint8ClampedArray WeakMap WeakRef
  WeakSet WebAssembly arguments decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis unescape`);

/** Globals of browsers and of Node. There is no host here, so `typeof window` is 'undefined'. */
export const hostGlobals =
  words(`AbortController AbortSignal Blob Buffer DOMException Event EventTarget File FormData Headers MessageChannel Request Response
  TextDecoder TextEncoder URL URLSearchParams WebSocket Worker __dirname __filename alert atob btoa caches cancelAnimationFrame clearImmediate clearInterval
  clearTimeout crypto document exports fetch global history indexedDB localStorage location module navigator performance queueMicrotask
  requestAnimationFrame self sessionStorage setImmediate setInterval setTimeout window`);

const standard: Readonly<Record<string, object>> = {
  Array,
  Boolean,
  Error,
  Float32Array,
  Float64Array,
  Int32Array,
  JSON,
  Map,
  Math,
  Number,
  Object,
  Set,
  String,
  Uint8Array,
  console,
};

/** Has the real global of this name such a member of its own (`Math.clz32`, `Object.groupBy`)? */
export function isRealMember(owner: string, name: string): boolean {
  const real = Object.hasOwn(standard, owner) ? standard[owner]! : null;
  return real !== null && Object.hasOwn(real, name);
}
