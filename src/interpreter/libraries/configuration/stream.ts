/** What a reader of configuration is given: a text, bytes, an open file; or what is not known. */
import type { Context } from '../../context';
import type { StrValue, UnknownValue, Value } from '../../value';
import { str } from '../../value';

export function readStream(context: Context, stream: Value): StrValue | UnknownValue {
  switch (stream.kind) {
    case 'str':
    case 'unknown':
      return stream;
    case 'bytes':
      return str(new TextDecoder().decode(stream.value));
    default: {
      // An open file keeps its text, whose places are lost when it is read as bytes.
      const text = context.findAttribute(stream, '_text') ?? context.callMethod(stream, 'read');
      if (text.kind === 'str' || text.kind === 'unknown') return text;
      return text.kind === 'bytes' ? readStream(context, text) : context.raise('TypeError', 'a stream must give text');
    }
  }
}
