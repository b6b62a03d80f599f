/** Runs beside a call: `proceed` is the call itself, with the caller's `this` and arguments. */
export type Advice<Self, Args extends readonly unknown[], Result> = (
  proceed: () => Result,
  args: Args,
  self: Self,
) => Result;

type Methods<T> = { [K in keyof T & string as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] };
type ArgsOf<M> = M extends (...args: infer A) => unknown ? A : never;
type Method = (...args: unknown[]) => unknown;
type ResultOf<M> = M extends (...args: never[]) => infer R ? R : never;

/**
 * Replaces methods of objects and puts them back. A method that somebody else has wrapped after us stays as it is:
 * then our replacement, still inside theirs, is a plain call.
 */
export class MethodPatches {
  #active = true;
  readonly #restores: (() => void)[] = [];

  /** Puts `advice` around a method; does nothing where there is none. */
  around<T extends object, K extends keyof Methods<T>>(
    target: T,
    name: K,
    advice: Advice<T, ArgsOf<Methods<T>[K]>, ResultOf<Methods<T>[K]>>,
  ): void {
    const isActive = this.#isActive;
    this.#replace(
      target,
      name,
      (original) =>
        function (this: T, ...args: unknown[]): unknown {
          const proceed = (): unknown => original.apply(this, args) as unknown;
          if (!isActive()) return proceed();
          return advice(proceed as () => ResultOf<Methods<T>[K]>, args as ArgsOf<Methods<T>[K]>, this);
        },
    );
  }

  /**
   * Runs `before` with the first two arguments ahead of each call, and `after` when the call has ended, however it did. Both
   * must not throw. For what is called with every message: {@link around} makes a closure and a list for each call, this
   * nothing (bench/ccxt.bench.js).
   */
  beside<T extends object, K extends keyof Methods<T>>(
    target: T,
    name: K,
    before: (first: ArgsOf<Methods<T>[K]>[0], second: ArgsOf<Methods<T>[K]>[1]) => void,
    after?: () => void,
  ): void {
    const isActive = this.#isActive;
    this.#replace(target, name, (original) =>
      after === undefined
        ? function (this: T, ...args: unknown[]): unknown {
            if (isActive()) before(args[0] as never, args[1] as never);
            return original.apply(this, args);
          }
        : function (this: T, ...args: unknown[]): unknown {
            if (!isActive()) return original.apply(this, args);
            before(args[0] as never, args[1] as never);
            try {
              return original.apply(this, args);
            } finally {
              after();
            }
          },
    );
  }

  /** Puts every method back. Idempotent. */
  restore(): void {
    this.#active = false;
    for (const restore of this.#restores.splice(0).reverse()) restore();
  }

  readonly #isActive = (): boolean => this.#active;

  /** Puts what `make` makes of a method in its place; does nothing where there is none. */
  #replace<T extends object>(target: T, name: keyof T & string, make: (original: Method) => Method): void {
    const methods = target as Record<string, unknown>;
    const original = methods[name];
    if (typeof original !== 'function') return;
    const replacement = make(original as Method);
    // The name and the number of parameters are what the service would have seen.
    Object.defineProperties(replacement, {
      name: { value: original.name, configurable: true },
      length: { value: original.length, configurable: true },
    });
    const own = Object.getOwnPropertyDescriptor(target, name);
    Object.defineProperty(target, name, { value: replacement, writable: true, configurable: true, enumerable: false });
    this.#restores.push(() => {
      if (methods[name] !== replacement) return;
      if (own === undefined) delete methods[name];
      else Object.defineProperty(target, name, own);
    });
  }
}
