/**
 * A read-write lock as slowly and plainly as it can be said.
 */

export type Mode = 'read' | 'write';

export interface Wish {
  readonly id: number;
  readonly mode: Mode;
}

/**
 * First come, first served; readers that stand next to each other go in together. Whoever waits stops all who come later.
 * A reader that waits to become the writer goes before all others.
 */
export class RwModel {
  readonly held: Map<number, Mode> = new Map();
  waiting: readonly Wish[] = [];
  upgrading: number | null = null;

  get isWritten(): boolean {
    return [...this.held.values()].includes('write');
  }

  ask(wish: Wish): void {
    this.waiting = [...this.waiting, wish];
    this.#serve();
  }

  try(wish: Wish): boolean {
    const isTaken = this.waiting.length === 0 && this.#fits(wish.mode);
    if (isTaken) {
      this.ask(wish);
    }
    return isTaken;
  }

  release(id: number): void {
    this.held.delete(id);
    this.#serve();
  }

  abort(id: number): void {
    this.waiting = this.waiting.filter((wish) => wish.id !== id);
    if (this.upgrading === id) {
      this.upgrading = null;
    }
    this.#serve();
  }

  downgrade(id: number): void {
    this.held.set(id, 'read');
    this.#serve();
  }

  /** @returns false where another one is at it */
  upgrade(id: number): boolean {
    if (this.upgrading !== null) {
      return false;
    }
    this.upgrading = id;
    this.#serve();
    return true;
  }

  #fits(mode: Mode): boolean {
    return this.upgrading === null && (mode === 'read' ? !this.isWritten : this.held.size === 0);
  }

  #serve(): void {
    const alone = this.held.size === 1 ? [...this.held.keys()][0] : undefined;
    if (this.upgrading !== null && this.upgrading === alone) {
      this.held.set(this.upgrading, 'write');
      this.upgrading = null;
    }
    const [first, ...rest] = this.waiting;
    if (first !== undefined && this.#fits(first.mode)) {
      this.held.set(first.id, first.mode);
      this.waiting = rest;
      this.#serve();
    }
  }
}
