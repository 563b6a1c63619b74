import { type AuditReport, auditReport, compare } from '../bank/audit-report.ts';
import type { Bank } from '../bank/bank.ts';

/**
 * Looks at one account after the other: locks the account, then the ledger, as a transfer does. The account's lock is
 * enough to keep this account still, so the ledger need not stay closed from the first account to the last.
 */
export async function audit({ accounts, ledger }: Bank): Promise<AuditReport> {
  const results = [];
  for (const account of accounts.all()) {
    const releaseAccount = await account.accountLock.acquire();
    try {
      results.push(await ledger.ledgerLock.runExclusive(() => compare(account, ledger)));
    } finally {
      releaseAccount();
    }
  }
  return auditReport(results);
}
