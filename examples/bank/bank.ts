import { Accounts } from './accounts.ts';
import { Ledger } from './ledger.ts';

export interface Bank {
  readonly accounts: Accounts;
  readonly ledger: Ledger;
}

/** A bank whose accounts start with the given balances in cents, paid in over the counter. */
export async function openBank(journal: string, balances: Readonly<Record<string, number>>): Promise<Bank> {
  const accounts = new Accounts();
  const ledger = new Ledger(journal);
  for (const [id, amount] of Object.entries(balances)) {
    const account = accounts.open(id);
    await ledger.ledgerLock.runExclusive(() => ledger.record({ from: 'counter', to: id, amount }));
    account.balance = amount;
  }
  return { accounts, ledger };
}
