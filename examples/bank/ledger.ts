import { appendFile, readFile } from 'node:fs/promises';
import { Mutex } from 'async-mutex';

export interface Entry {
  readonly from: string;
  readonly to: string;
  /** In cents. */
  readonly amount: number;
}

/** The journal of all movements, a file with one JSON entry per line. Every method needs `ledgerLock`. */
export class Ledger {
  readonly ledgerLock: Mutex = new Mutex();
  readonly #journal: string;

  constructor(journal: string) {
    this.#journal = journal;
  }

  async record({ from, to, amount }: Entry): Promise<void> {
    await appendFile(this.#journal, `${JSON.stringify({ from, to, amount })}\n`);
  }

  /** What an account must have according to the journal. */
  async balanceOf(id: string): Promise<number> {
    const lines = (await readFile(this.#journal, 'utf8')).trim().split('\n');
    return lines
      .map((line) => JSON.parse(line) as Entry)
      .reduce((sum, { from, to, amount }) => sum + (to === id ? amount : 0) - (from === id ? amount : 0), 0);
  }
}
