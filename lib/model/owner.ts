/** Whatever can hold a lock, as the rules see it: a CPU, a thread, an async task. */
export interface OwnerRef {
  /** Unique in its checker. */
  readonly id: number;
  readonly name: string;
}
