/**
 * The log of a space: strings and records, in one order for all threads. Nothing is ever taken out of it. What is written is
 * published by one store, so that a thread that dies while it writes leaves nothing half-written behind.
 * Costs a copy and a few atomic operations for each record; only news is written. Past its size it refuses, and says so.
 */
import { enterGuard, leaveGuard } from './guard.ts';
import { Head, LOG_BYTES, LOG_START } from './layout.ts';
import type { Threads } from './threads.ts';

/** What a record is. */
export const RecordKind = { TEXT: 1, GRAPH: 2 } as const;

/** The head of a record: bytes of text, kind, and who wrote it. */
const RECORD_HEAD = 12;

export interface LogRecord {
  readonly kind: number;
  /** Which thread wrote it: its `Row.JOIN`. */
  readonly writer: number;
  readonly text: string;
}

export class SharedLog {
  readonly #threads: Threads;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();

  constructor(words: Int32Array, threads: Threads) {
    this.#threads = threads;
    this.#words = words;
    this.#bytes = new Uint8Array(words.buffer, LOG_START, LOG_BYTES);
  }

  /** Called where there is no room for something, once in each thread. */
  onFull: () => void = () => {};
  #isTold = false;

  /** Position behind the last record. One load. */
  get end(): number {
    return Atomics.load(this.#words, Head.LOG_END);
  }

  get isFull(): boolean {
    return Atomics.load(this.#words, Head.LOG_IS_FULL) !== 0;
  }

  /** Adds a record. @returns its position, or -1 where the log is full */
  append(kind: number, text: string): number {
    const words = this.#words;
    const bytes = this.#encoder.encode(text);
    const size = (RECORD_HEAD + bytes.length + 3) & ~3;
    enterGuard(words, Head.LOG_GUARD, this.#threads);
    try {
      const at = this.end;
      if (at + size > LOG_BYTES) {
        Atomics.store(words, Head.LOG_IS_FULL, 1);
        this.#tellFull();
        return -1;
      }
      const head = (LOG_START + at) >> 2;
      words[head] = bytes.length;
      words[head + 1] = kind;
      words[head + 2] = this.#threads.join;
      this.#bytes.set(bytes, at + RECORD_HEAD);
      Atomics.store(words, Head.LOG_END, at + size);
      return at;
    } finally {
      leaveGuard(words, Head.LOG_GUARD, this.#threads);
    }
  }

  #tellFull(): void {
    if (!this.#isTold) {
      this.#isTold = true;
      this.onFull();
    }
  }

  /** Hands over the records from one position up to another, and gives the position behind them. */
  read(from: number, to: number, visit: (record: LogRecord, position: number) => void): number {
    const end = Math.min(to, this.end);
    let at = from;
    while (at < end) {
      const head = (LOG_START + at) >> 2;
      const length = this.#words[head] as number;
      const kind = this.#words[head + 1] as number;
      const writer = this.#words[head + 2] as number;
      visit({ kind, writer, text: this.#textAt(at, length) }, at);
      at += (RECORD_HEAD + length + 3) & ~3;
    }
    return at;
  }

  /** The number that a string is known by in all threads; 0 for none, and where the log is full. */
  id(text: string | null): number {
    if (text === null) {
      return 0;
    }
    const known = this.#ids.get(text);
    if (known !== undefined) {
      return known;
    }
    // Well-formed JSON keeps what no UTF-8 can say.
    const at = this.append(RecordKind.TEXT, JSON.stringify(text));
    const id = at < 0 ? 0 : at + 1;
    this.#ids.set(text, id);
    return id;
  }

  /** The string with that number. */
  text(id: number): string | null {
    if (id <= 0 || id > this.end) {
      return null;
    }
    const known = this.#texts.get(id);
    if (known !== undefined) {
      return known;
    }
    const length = this.#words[(LOG_START + id - 1) >> 2] as number;
    const text = JSON.parse(this.#textAt(id - 1, length)) as string;
    this.#texts.set(id, text);
    return text;
  }

  #textAt(at: number, length: number): string {
    // A decoder reads no shared memory: the bytes are copied.
    return this.#decoder.decode(this.#bytes.slice(at + RECORD_HEAD, at + RECORD_HEAD + length));
  }
}
