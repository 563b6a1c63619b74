/**
 * The checker of one process or worker, from the first lock library that it loads to its end: it follows flows, writes a
 * snapshot when there is news and when the process ends, and judges what is left then.
 */

import path from 'node:path';
import { performance } from 'node:perf_hooks';
// Taken here, before a test can put fake ones in their place.
import { setImmediate, setInterval, setTimeout } from 'node:timers';
import { threadId } from 'node:worker_threads';
import { Lockdep } from '../lockdep.ts';
import type { SnapshotEnding } from '../model/snapshot.ts';
import { FlowTracker } from '../owner/tracker.ts';
import type { SiteResolver } from '../state/site.ts';
import { SnapshotFile } from './files.ts';

export interface SessionOptions {
  readonly dir: string;
  readonly run: string;
  readonly resolver: SiteResolver;
}

/** Writing news may take this part of the time, after this many milliseconds that are free. */
const WRITING_SHARE = 1 / 20;
const FREE_WRITING_MS = 100;
const WATCH_WAITS_MS = 500;
/** A wait that lasts longer than this is judged as it stands, in case the process is killed before its end. */
const LONG_WAIT_MS = 2_000;

export class Session {
  readonly lockdep: Lockdep;
  readonly tracker: FlowTracker;
  readonly #file: SnapshotFile;
  readonly #startedAt = Date.now();
  /** Called when the last snapshot is written. */
  onEnd: () => void = () => {};
  #isStarted = false;
  #isScheduled = false;
  /** Milliseconds that writing took so far. */
  #spent = 0;

  constructor({ dir, run, resolver }: SessionOptions) {
    const thread = threadId;
    this.lockdep = new Lockdep({
      resolver,
      stats: process.env['LOCKDEP_STATS'] === '1',
      process: thread === 0 ? String(process.pid) : `${process.pid}/${thread}`,
    });
    this.tracker = new FlowTracker(this.lockdep);
    this.lockdep.flows = this.tracker;
    // The program's own locks may be the only ones.
    this.tracker.onStart = () => this.start();
    // Or those of owners that say themselves what they do, and of threads.
    this.lockdep.onNews = () => this.start();
    this.tracker.ended = (isDrained) => this.end(isDrained);
    this.#file = new SnapshotFile({ dir, run, pid: process.pid, thread });
  }

  /** Whether anything that can be watched was met. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Begins on the first call; a process that loads no lock library pays nothing. */
  start(): void {
    if (this.#isStarted) {
      return;
    }
    this.#isStarted = true;
    this.tracker.start();
    setInterval(() => this.tracker.judgeWaits(Date.now() - LONG_WAIT_MS), WATCH_WAITS_MS).unref();
    this.lockdep.onNews = () => this.#schedule();
    this.lockdep.onFlush = () => this.#flush();
    // A process that is killed early must be known to have existed.
    this.#write('running');
  }

  // Test runners kill their workers without a word, so news is written soon.
  #schedule(): void {
    if (this.#isScheduled) {
      return;
    }
    this.#isScheduled = true;
    const write = (): void => {
      this.#isScheduled = false;
      this.#write('running');
    };
    const due = (this.#spent - FREE_WRITING_MS) / WRITING_SHARE - (Date.now() - this.#startedAt);
    const timer = due < 1 ? setImmediate(write) : setTimeout(write, due);
    timer.unref();
  }

  /** What is news is written at once: the thread may never come back to its event loop. */
  #flush(): void {
    if (this.#isScheduled) {
      this.#write('running');
    }
  }

  /** Judges what is left, and writes it down. @param isDrained whether nothing was left to run */
  end(isDrained: boolean): void {
    this.lockdep.guarded(() => this.tracker.finish(isDrained));
    this.#write(isDrained ? 'drained' : 'exited');
    this.onEnd();
  }

  #write(ending: SnapshotEnding): void {
    const { pid, argv, version: node } = process;
    const command = ['node', ...argv.slice(1).map((part, at) => (at === 0 ? path.basename(part) : part))].join(' ');
    const start = performance.now();
    this.#file.write(
      this.lockdep.snapshot({
        pid,
        thread: threadId,
        command: command.slice(0, 200),
        node,
        startedAt: this.#startedAt,
        ending,
      }),
    );
    this.#spent += performance.now() - start;
  }
}
