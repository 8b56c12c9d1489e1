export type ExceptionType = 'RuntimeError' | 'IndexError' | 'ValueError' | 'TypeError' | 'NotImplementedError';

/** An exception as torch raises it: the interpreter turns it into a Python exception of that type at the place of the call. */
export class TensorError extends Error {
  override readonly name = 'TensorError';
  readonly type: ExceptionType;

  constructor(type: ExceptionType, message: string) {
    super(message);
    this.type = type;
  }
}

/** A run asked for more elements than it was given; not an exception of the program, which must not catch it. */
export class ElementBudgetError extends Error {
  override readonly name = 'ElementBudgetError';
  readonly limit: number;

  constructor(limit: number, message = `more than ${limit} tensor elements in one run`) {
    super(message);
    this.limit = limit;
  }
}

export const runtimeError = (message: string): TensorError => new TensorError('RuntimeError', message);
export const indexError = (message: string): TensorError => new TensorError('IndexError', message);
export const valueError = (message: string): TensorError => new TensorError('ValueError', message);
export const typeError = (message: string): TensorError => new TensorError('TypeError', message);
export const notImplemented = (message: string): TensorError => new TensorError('NotImplementedError', message);
