import { type AuditReport, auditReport, compare } from './audit-report.ts';
import type { Bank } from './bank.ts';

/**
 * Closes the ledger, so that no entry comes in, and then looks at one account after the other.
 *
 * This is the bug: a transfer has its accounts when it asks for the ledger, the audit has the ledger when it asks for an
 * account. It goes well as long as no transfer is under way during an audit.
 */
export async function audit({ accounts, ledger }: Bank): Promise<AuditReport> {
  const releaseLedger = await ledger.ledgerLock.acquire();
  try {
    const results = [];
    for (const account of accounts.all()) {
      const releaseAccount = await account.accountLock.acquire();
      try {
        results.push(await compare(account, ledger));
      } finally {
        releaseAccount();
      }
    }
    return auditReport(results);
  } finally {
    releaseLedger();
  }
}
