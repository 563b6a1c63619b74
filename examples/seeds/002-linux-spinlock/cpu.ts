/** The second CPU: a real thread. Each checker of its own shares one graph with that of the first CPU for the same locks. */
import { parentPort, workerData } from 'node:worker_threads';
import { built } from '../built.ts';
import { checker, reportOf } from '../report.ts';
import { count, type Job, STARTED } from './drivers.ts';

const job = workerData as Job;

/** Both CPUs begin when this one is there. */
function countToo(): void {
  const lockdep = checker({ realtime: false });
  const lock = built.SpinLock.from(job.counter, { lockdep });
  parentPort?.postMessage('ready');
  Atomics.wait(job.words, STARTED, 0);
  lockdep.owner('cpu1').run(() => count(job, lock));
}

/** The first CPU takes A and then B. */
function takeBoth(): string {
  const lockdep = checker({ realtime: false });
  const [a, b] = [job.a, job.b].map((handle) => built.SpinLock.from(handle, { lockdep }));
  lockdep.owner('cpu1').run(() => b!.run(() => a!.run(() => undefined)));
  return reportOf(lockdep);
}

countToo();
parentPort?.postMessage(takeBoth());
