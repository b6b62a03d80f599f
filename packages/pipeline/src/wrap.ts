import { errorTypeOf } from './error-type.ts';
import type { Stage } from './stage.ts';

/** Anything that can be called. */
// oxlint-disable-next-line typescript/no-explicit-any -- the one type every function is assignable to
export type AnyFunction = (this: any, ...args: any[]) => unknown;

export interface WrapOptions<Wrapped extends AnyFunction> {
  /** Records a call processes, from its arguments; a whole number ≥ 0; default 1. What it throws is counted, not passed on. */
  readonly recordsOf?: (...args: Parameters<Wrapped>) => number;
}

/**
 * Wraps a function as a stage. `this`, arguments, results and thrown errors are those of the function, and so are
 * `name` and `length`. Of a promise the caller gets what `then` returns: it settles alike, and a rejection nobody handles
 * still shows as unhandled. A thenable that is not a promise is passed through untouched and counts as done at once,
 * because asking it may start the work (query builders do).
 */
export function wrapStage<Wrapped extends AnyFunction>(
  stage: Stage,
  wrapped: Wrapped,
  clock: () => number,
  { recordsOf }: WrapOptions<Wrapped>,
): Wrapped {
  const measured = function (this: unknown, ...args: Parameters<Wrapped>): unknown {
    const records = recordsOf === undefined ? 1 : guarded(recordsOf, args);
    stage.ingest(records);
    const startMs = clock();
    const succeed = (): void => stage.processed(records, (clock() - startMs) / 1000);
    const fail = (thrown: unknown): never => {
      stage.error(errorTypeOf(thrown));
      throw thrown;
    };
    let result: unknown;
    try {
      result = wrapped.apply(this, args);
    } catch (thrown) {
      return fail(thrown);
    }
    if (result instanceof Promise) {
      return result.then((value: unknown) => {
        succeed();
        return value;
      }, fail);
    }
    succeed();
    return result;
  };
  Object.defineProperty(measured, 'name', { value: wrapped.name, configurable: true });
  Object.defineProperty(measured, 'length', { value: wrapped.length, configurable: true });
  return measured as Wrapped;
}

function guarded<Args extends unknown[]>(recordsOf: (...args: Args) => number, args: Args): number {
  try {
    return recordsOf(...args);
  } catch {
    // NaN is no count: the stage counts it as dropped, and the call goes on.
    return Number.NaN;
  }
}
