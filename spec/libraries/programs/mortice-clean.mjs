// All that the library does, by the rules: readers side by side, writers one after the other, signals, names, finalize.
import createMortice from 'mortice';

console.log(createMortice.name, createMortice.length);
const accounts = createMortice({ name: 'accounts' });
const ledger = createMortice({ name: 'ledger' });
console.log(createMortice({ name: 'accounts' }) === accounts, Object.keys(accounts).join());

const log = [];
async function read(name, lock = accounts) {
  const release = await lock.readLock();
  log.push(`${name} in`);
  await null;
  log.push(`${name} out`);
  release();
  release();
}
async function write(name, lock = accounts) {
  const release = await lock.writeLock();
  log.push(`${name} in`);
  await null;
  log.push(`${name} out`);
  release();
}
await Promise.all([read('r1'), write('w1'), read('r2'), read('r3'), write('w2')]);
console.log(log.splice(0).join(', '));

// Always in the same order.
async function both(name) {
  const { readLock } = accounts;
  const releaseAccounts = await readLock();
  const releaseLedger = await ledger.writeLock();
  log.push(name);
  releaseLedger();
  releaseAccounts();
}
await Promise.all([both('b1'), both('b2')]);
console.log(log.splice(0).join(', '));

// A signal ends a wait.
const controller = new AbortController();
const holding = await accounts.writeLock({ signal: new AbortController().signal });
const waiting = accounts.writeLock({ signal: controller.signal }).catch((error) => error);
controller.abort();
console.log((await waiting).name);
holding();
const already = await accounts.readLock({ signal: AbortSignal.abort(new Error('before')) }).catch((error) => error);
console.log(already.name, already.message);

// A signal takes the lock away from whoever holds it: what comes after makes no order.
const taken = new AbortController();
const release = await ledger.writeLock({ signal: taken.signal });
taken.abort();
await both('b3');
release();
console.log(log.splice(0).join(', '));

// One that was finalized makes room for another one with its name.
const old = createMortice({ name: 'peer' });
const releaseOld = await old.writeLock();
old.finalize();
const fresh = createMortice({ name: 'peer' });
console.log(fresh === old);
releaseOld();
await write('p', fresh);
const single = createMortice({ name: 'single', concurrency: 1, autoFinalize: true });
await Promise.all([read('s1', single), read('s2', single)]);
console.log(log.join(', '));
const wrong = await accounts.readLock({ signal: 5 }).catch((error) => error);
console.log(wrong.name);
