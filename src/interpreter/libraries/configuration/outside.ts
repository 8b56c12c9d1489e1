/**
 * What the libraries written in Python ask about the world outside of the program: is a value known, what is to be said for what is not there.
 * An exploring run goes on with an unknown value where the program itself would end (a required option, a file that is not here).
 */
import type { Context } from '../../context';
import type { ModuleSource } from '../../library';
import { native } from '../../library';
import { at, provenanceOf } from '../../provenance';
import type { Value } from '../../value';
import { NONE, bool, unknown } from '../../value';
import { readWorkspaceFile } from './paths';
import { textOfFile } from './source';

/** Not known in an exploring run; else Unsupported. */
export function notKnown(context: Context, what: string): Value {
  return context.exploring ? unknown(what, context.here) : context.unsupported(what);
}

export const outsideModule: ModuleSource = {
  members: () => ({
    exploring: native('exploring', '', (context) => bool(context.exploring)),
    is_unknown: native('is_unknown', 'value, /', (_, args) => bool(args.value('value').kind === 'unknown')),
    unknown: native('unknown', 'what, /', (context, args) => unknown(args.string('what'), context.here)),
    untold: native('untold', 'what, /', (context, args) => notKnown(context, args.string('what'))),
    // A converted value goes on the way of what it was made from.
    keep_way: native('keep_way', 'value, source, /', (context, args) => {
      const way = context.exploring ? provenanceOf(args.value('source')) : null;
      return way === null ? args.value('value') : at(args.value('value'), way.place, [args.value('source')]);
    }),
    // The text of a file of the workspace, or None.
    read: native('read', 'path, /', (context, args) => {
      const found = readWorkspaceFile(context, context.str(args.value('path')));
      return found === null ? NONE : textOfFile(context, found.path, found.text);
    }),
  }),
};
