/**
 * Names that Python's own types and built-ins have and ours have not: using one is Unsupported. Only a name that the real one has not either is
 * the person's AttributeError or NameError.
 */
import * as types from './types';
import { BASE_EXCEPTION } from './exceptions';
import type { ClassValue } from './value';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

const text = `capitalize center count endswith expandtabs find index isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower
  lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase
  title translate upper zfill`;
const sets = 'copy difference intersection isdisjoint issubset issuperset symmetric_difference union';

const ofType = new Map<ClassValue, ReadonlySet<string>>([
  [types.STR, words(`${text} casefold encode format format_map isdecimal isidentifier isnumeric isprintable`)],
  [types.BYTES, words(`${text} decode fromhex hex`)],
  [types.INT, words('as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes')],
  [types.FLOAT, words('as_integer_ratio conjugate from_number fromhex hex imag is_integer real')],
  [types.COMPLEX, words('conjugate from_number imag real')],
  [types.LIST, words('append clear copy count extend index insert pop remove reverse sort')],
  [types.TUPLE, words('count index')],
  [types.DICT, words('clear copy fromkeys get items keys pop popitem setdefault update values')],
  [types.SET, words(`${sets} add clear difference_update discard intersection_update pop remove symmetric_difference_update update`)],
  [types.FROZENSET, words(sets)],
  [types.RANGE, words('count index start step stop')],
  [types.SLICE, words('indices start step stop')],
  [types.GENERATOR, words('close gi_code gi_frame gi_running gi_suspended gi_yieldfrom send throw')],
  [types.FUNCTION, words('__annotate__ __builtins__ __closure__ __code__ __globals__ __kwdefaults__ __type_params__')],
  [types.METHOD, words('__func__ __self__ __code__ __globals__ __kwdefaults__ __closure__')],
  [types.TYPE, words('mro __abstractmethods__ __basicsize__ __flags__ __itemsize__ __text_signature__ __type_params__')],
  [BASE_EXCEPTION, words('add_note args with_traceback __cause__ __context__ __notes__ __suppress_context__ __traceback__')],
]);

/** Has the real class this attribute, by itself or from a class it inherits? */
export const hasRealName = (cls: ClassValue, name: string): boolean => cls.mro.some((base) => ofType.get(base)?.has(name) === true);

/** Built-in names that the table of ours has not. */
export const realBuiltins =
  words(`BaseExceptionGroup BlockingIOError BrokenPipeError BytesWarning ChildProcessError ConnectionAbortedError ConnectionError
  ConnectionRefusedError ConnectionResetError EncodingWarning ExceptionGroup InterruptedError IsADirectoryError NotADirectoryError ProcessLookupError
  ResourceWarning TabError UnicodeDecodeError UnicodeEncodeError UnicodeTranslateError UnicodeWarning __build_class__ __loader__ __package__ __spec__ aiter
  anext bytearray copyright credits help license`);
