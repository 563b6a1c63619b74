/**
 * Those who wait, first come first served. The links are in the waiters themselves, so that one in the middle leaves in
 * constant time, and to wait costs no other memory than the waiter.
 */

/** Something that can stand in one queue at a time. */
export class Link {
  /** The queue that it stands in; `null` where it does not wait, or not any more. */
  queue: WaitQueue<Link> | null = null;
  previous: Link | null = null;
  next: Link | null = null;
}

export class WaitQueue<Member extends Link> {
  #first: Member | null = null;
  #last: Member | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Member | null {
    return this.#first;
  }

  add(member: Member): void {
    const last = this.#last;
    member.queue = this as unknown as WaitQueue<Link>;
    member.previous = last;
    if (last === null) {
      this.#first = member;
    } else {
      last.next = member;
    }
    this.#last = member;
    this.#size++;
  }

  /** Puts it before all others. */
  addFirst(member: Member): void {
    const first = this.#first;
    member.queue = this as unknown as WaitQueue<Link>;
    member.next = first;
    if (first === null) {
      this.#last = member;
    } else {
      first.previous = member;
    }
    this.#first = member;
    this.#size++;
  }

  /** Takes out a member, which must be in. */
  remove(member: Member): void {
    const { previous, next } = member;
    if (previous === null) {
      this.#first = next as Member | null;
    } else {
      previous.next = next;
    }
    if (next === null) {
      this.#last = previous as Member | null;
    } else {
      next.previous = previous;
    }
    member.queue = null;
    member.previous = null;
    member.next = null;
    this.#size--;
  }

  /** Takes the first one out. */
  shift(): Member | null {
    const first = this.#first;
    if (first !== null) {
      this.remove(first);
    }
    return first;
  }

  /** Takes all out. */
  drain(): Member[] {
    const members = [...this];
    for (const member of members) {
      this.remove(member);
    }
    return members;
  }

  *[Symbol.iterator](): Generator<Member, void, undefined> {
    for (let member = this.#first; member !== null; member = member.next as Member | null) {
      yield member;
    }
  }
}
