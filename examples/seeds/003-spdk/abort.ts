/** What happens where nobody says otherwise: the report is printed, and the program aborts. */
import { built } from '../built.ts';
import { checker } from '../report.ts';
import { CONTEXTS, Reactor } from './reactor.ts';

const lockdep = checker({ contexts: CONTEXTS });
const reactor = new Reactor(lockdep);
const lock = new built.OwnedLock('g_lock', { lockdep });

reactor.createThread('io_thread').registerPoller(function forgetfulPoller() {
  lock.lock();
});
lock.init();
reactor.poll();
console.log('went on');
