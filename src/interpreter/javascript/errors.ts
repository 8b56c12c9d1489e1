/** JavaScript's error classes. They share Python's root, so that one mechanism carries and catches both. */
import type { Context } from '../context';
import { exceptionClass, exceptionClasses, newException } from '../exceptions';
import { nativeClass } from '../library';
import type { ClassValue, Value } from '../value';
import { str } from '../value';

const ERROR = nativeClass('Error', [exceptionClasses.get('Exception')!], [], { sealed: true });

export const errorClasses: ReadonlyMap<string, ClassValue> = new Map([
  ['Error', ERROR],
  ...['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'EvalError', 'URIError'].map((name): [string, ClassValue] => [
    name,
    nativeClass(name, [ERROR], [], { sealed: true }),
  ]),
]);

export type ErrorName = 'Error' | 'TypeError' | 'RangeError' | 'ReferenceError';

export function raiseError(context: Context, name: ErrorName, message: string): never {
  return context.raiseClass(errorClasses.get(name)!, message);
}

/** `new Error(message)` or of a class made from it. */
export const newError = (cls: ClassValue, message: Value | undefined): Value => {
  const made = newException(cls, message === undefined || message.kind === 'undefined' ? [] : [message]);
  made.attributes.set('message', message === undefined || message.kind === 'undefined' ? str('') : message);
  return made;
};

export const isErrorClass = (cls: ClassValue): boolean => cls.mro.includes(exceptionClass('Exception'));
