// A program as a user would write it for a browser: two owners, two orders.
import { createLockdep } from '/lockdep/index.js';

const ld = createLockdep();
const ledger = ld.lock('ledger');
const audit = ld.lock('audit');

function transfer(owner) {
  owner.acquire(ledger);
  owner.acquire(audit);
  owner.release(audit);
  owner.release(ledger);
}

function check(owner) {
  owner.acquire(audit);
  owner.acquire(ledger);
  owner.release(ledger);
  owner.release(audit);
}

transfer(ld.owner('teller'));
check(ld.owner('auditor'));

export const snapshot = ld.snapshot();
