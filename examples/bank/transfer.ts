import type { Bank } from './bank.ts';
import { BankError } from './errors.ts';
import type { Entry } from './ledger.ts';

export interface Receipt extends Entry {
  /** What is left on the paying account, in cents. */
  readonly balance: number;
}

/** Moves money: locks both accounts, then the ledger. */
export async function transfer({ accounts, ledger }: Bank, order: Entry): Promise<Receipt> {
  const from = accounts.get(order.from);
  const to = accounts.get(order.to);
  // In id order, so that two transfers between the same accounts in opposite directions cannot block each other.
  const [first, second] = from.id < to.id ? [from, to] : [to, from];

  return first.accountLock.runExclusive(() =>
    second.accountLock.runExclusive(async () => {
      if (from.balance < order.amount) {
        throw new BankError(409, 'insufficient-funds', `account ${from.id} has only ${from.balance} cents`);
      }
      await ledger.ledgerLock.runExclusive(() => ledger.record(order));
      from.balance -= order.amount;
      to.balance += order.amount;
      return { ...order, balance: from.balance };
    }),
  );
}

/** The transfer order in the body of a request. */
export function parseOrder(body: unknown): Entry {
  const { from, to, amount } = Object(body) as Partial<Record<keyof Entry, unknown>>;
  if (typeof from !== 'string' || typeof to !== 'string') throw invalid('"from" and "to" must be account ids');
  if (from === to) throw invalid('"from" and "to" must differ');
  if (!Number.isSafeInteger(amount) || Number(amount) <= 0) throw invalid('"amount" must be a whole number of cents');
  return { from, to, amount: Number(amount) };
}

function invalid(message: string): BankError {
  return new BankError(400, 'invalid-order', message);
}
