// A wait that is cancelled, whose promise nobody handles: the program is told as without the checker, once each.
import * as locks from '@matrixai/async-locks';

const { Lock, LockBox } = locks.default ?? locks;
const reasons = [];
process.on('unhandledRejection', (reason) => reasons.push(reason));
const lock = new Lock();
const box = new LockBox();
const [release] = await lock.lock()();
const [releaseBox] = await box.lock(['key', Lock])();
lock.lock()().cancel('the lock');
box.lock(['key', Lock])().cancel('the box');
lock.waitForUnlock().cancel('the wait');
const handled = lock.lock()();
handled.cancel('handled');
await handled.catch((reason) => console.log(reason));
await new Promise((resolve) => setTimeout(resolve, 5));
console.log('nobody handles', reasons.sort().join(', '));
await release();
await releaseBox();
