/**
 * The part of a blobstore that the story is about: a bit for each metadata page, in memory that all threads share, and the lock that
 * protects it. The bits themselves are plain memory: nothing but the lock keeps two threads from claiming one page.
 */
import type { OwnedLock, SharedLockHandle, Snapshot } from '../../../lib/index.ts';

/** Said where a page is claimed that is claimed already. */
export const DOUBLE_CLAIM = "bs_claim_md_page: Assertion 'get(used_md_pages, page) == false' failed";

export class Blobstore {
  readonly usedLock: OwnedLock;
  readonly #usedPages: Uint8Array;

  constructor(usedLock: OwnedLock, usedPages: Uint8Array) {
    this.usedLock = usedLock;
    this.#usedPages = usedPages;
  }

  /** The first page that nobody has. */
  findFreePage(): number {
    return this.#usedPages.indexOf(0);
  }

  /** bs_claim_md_page(): the comment that said "with the lock held" is an assertion now. */
  claimPage(page: number): void {
    this.usedLock.assertHeld();
    if (this.#usedPages[page] !== 0) {
      throw new Error(DOUBLE_CLAIM);
    }
    this.#usedPages[page] = 1;
  }
}

/** What a thread of the operating system is given. */
export interface Job {
  readonly thread: 'md_thread' | 'io_thread';
  /** Whether the path on which pages of a new blob are claimed takes the lock. */
  readonly isFixed: boolean;
  readonly usedLock: SharedLockHandle;
  readonly usedPages: Uint8Array;
  /** How far the two have come. */
  readonly turn: Int32Array;
}

/** What it says when it is through. */
export interface Said {
  readonly happened: string;
  /** What its checker saw. */
  readonly snapshot: Snapshot;
}
