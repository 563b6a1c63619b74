import { Mutex } from 'async-mutex';
import { BankError } from './errors.ts';

export class Account {
  readonly id: string;
  /** In cents. Changed only under `accountLock`. */
  balance: number = 0;
  readonly accountLock: Mutex = new Mutex();

  constructor(id: string) {
    this.id = id;
  }
}

export class Accounts {
  readonly #byId: Map<string, Account> = new Map();

  open(id: string): Account {
    if (this.#byId.has(id)) throw new BankError(409, 'account-exists', `account ${id} is open already`);
    const account = new Account(id);
    this.#byId.set(id, account);
    return account;
  }

  get(id: string): Account {
    const account = this.#byId.get(id);
    if (account === undefined) throw new BankError(404, 'unknown-account', `there is no account ${id}`);
    return account;
  }

  /** All accounts, in id order. */
  all(): readonly Account[] {
    return [...this.#byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
