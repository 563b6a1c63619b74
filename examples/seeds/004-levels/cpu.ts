/** A CPU: a real thread with its own checker, which counts what its spinning costs. */
import { parentPort, workerData } from 'node:worker_threads';
import { checker } from '../report.ts';
import { CPUS, type Job, run } from './load.ts';

const { cpu, systems, meeting } = workerData as Job;

/** All begin at once. */
function meet(at: number): void {
  Atomics.add(meeting, at, 1);
  Atomics.notify(meeting, at);
  for (let here = Atomics.load(meeting, at); here < CPUS; here = Atomics.load(meeting, at)) {
    Atomics.wait(meeting, at, here);
  }
}

const counts = systems.map((handles, at) => {
  const lockdep = checker({ realtime: false });
  meet(at);
  return lockdep.owner(`cpu${cpu}`).run(() => run(cpu, handles, lockdep));
});
parentPort?.postMessage(counts);
