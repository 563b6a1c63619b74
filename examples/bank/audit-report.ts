import type { Account } from './accounts.ts';
import type { Bank } from './bank.ts';
import type { Ledger } from './ledger.ts';

export interface Difference {
  readonly id: string;
  readonly balance: number;
  readonly journal: number;
}

export interface AuditReport {
  readonly accounts: number;
  /** Accounts whose balance is not what the journal says. */
  readonly differences: readonly Difference[];
}

/** Compares every account with the journal. */
export type Audit = (bank: Bank) => Promise<AuditReport>;

/** Compares one account with the journal. Needs the account's lock and the ledger's, so that no transfer is half done. */
export async function compare({ id, balance }: Account, ledger: Ledger): Promise<Difference | undefined> {
  const journal = await ledger.balanceOf(id);
  return journal === balance ? undefined : { id, balance, journal };
}

export function auditReport(results: readonly (Difference | undefined)[]): AuditReport {
  return { accounts: results.length, differences: results.filter((result) => result !== undefined) };
}
