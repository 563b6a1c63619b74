/**
 * Carries a value along a flow: through its promises, and through the other callbacks that it leaves behind.
 */
export interface Carrier<Value> {
  /** True where it has to be told of the end of each continuation. */
  readonly needsAfter: boolean;
  /** What the running flow carries. */
  readonly get: () => Value | null;
  /** Runs something with another value. */
  run<Result>(value: Value | null, work: () => Result): Result;
  /**
   * A continuation begins.
   * @param base what its promise was made with, and it carries
   */
  begin(promise: object, base: Value | null): void;
  /** From here on the continuation that has begun carries another value. */
  enter(value: Value | null): void;
  /** The continuation ends. */
  end(): void;
  /** A callback is made for later, which is to carry what the running flow does. */
  leave(resource: object): void;
  /** Nobody carries anything any more. */
  rest(): void;
}
