/** Watches how a loss is called: which constructor and call, with which arguments, gave a result. */
import type { CallArguments } from '../execution/arguments';
import type { Session } from '../execution/session';
import type { Value } from '../interpreter/value';

export interface RecordedCall {
  readonly callee: Value;
  readonly args: CallArguments;
  readonly result: Value;
}

export interface LossCall {
  /** What made the object (or the function) that was called; null where the loss is a function of the module. */
  readonly maker: RecordedCall | null;
  readonly call: RecordedCall;
  /** The tensor that stands for the logits in the call's arguments: what was fed. */
  readonly input: Value;
}

export interface CallRecorder {
  /** Like the session it was made of. */
  readonly session: Session;
  /** The last call that gave a result; null when there was none. */
  readonly last: () => LossCall | null;
}

export function recordCalls(session: Session): CallRecorder {
  const calls: RecordedCall[] = [];
  let input: Value | null = null;
  const recorded = (callee: Value, args: CallArguments, result: Value): Value => {
    calls.push({ callee, args, result });
    return result;
  };
  const { bridge } = session;
  const watching: Session = {
    ...session,
    call: (callee, args) => recorded(callee, args, session.call(callee, args)),
    construct: (cls, args) => recorded(cls, args, session.construct(cls, args)),
    bridge: {
      ...bridge,
      differentiate: (context, logits, shape, feed, call) =>
        bridge.differentiate(context, logits, shape, feed, (fed) => {
          input = fed;
          return call(fed);
        }),
    },
  };
  const last = (): LossCall | null => {
    const call = calls.findLast(({ args }) => [...args.positional, ...args.keywords.values()].some((value) => value === input));
    if (call === undefined || input === null) return null;
    return { call, input, maker: calls.findLast(({ result }) => result === call.callee) ?? null };
  };
  return { session: watching, last };
}
