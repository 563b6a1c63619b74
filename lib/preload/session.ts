/**
 * The checker of one process or worker, from the first lock library that it loads to its end: it follows flows, writes a
 * snapshot when there is news and when the process ends, and judges what is left then.
 */

import path from 'node:path';
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

const CHECKPOINT_MS = 250;
/** A wait that lasts longer than this is judged as it stands, in case the process is killed before its end. */
const LONG_WAIT_MS = 2_000;

export class Session {
  readonly lockdep: Lockdep;
  readonly tracker: FlowTracker;
  readonly #file: SnapshotFile;
  readonly #startedAt = Date.now();
  #isStarted = false;
  #isDrained = false;
  #written = -1;

  constructor({ dir, run, resolver }: SessionOptions) {
    const thread = threadId;
    this.lockdep = new Lockdep({
      sites: 'all',
      resolver,
      process: thread === 0 ? String(process.pid) : `${process.pid}/${thread}`,
    });
    this.tracker = new FlowTracker(this.lockdep);
    this.#file = new SnapshotFile({ dir, run, pid: process.pid, thread });
  }

  /** Begins on the first call; a process that loads no lock library pays nothing. */
  start(): void {
    if (this.#isStarted) {
      return;
    }
    this.#isStarted = true;
    if (!this.tracker.start()) {
      this.lockdep.notes.push('This runtime reports no promises: flows are followed through callbacks only.');
    }
    process.on('beforeExit', () => this.#drained());
    process.on('exit', () => this.#end());
    setInterval(() => this.#checkpoint(), CHECKPOINT_MS).unref();
    // A process that is killed early must be known to have existed.
    this.#write('running');
  }

  // Whoever schedules more work in `beforeExit` brings the loop to life again: then this was not the end.
  #drained(): void {
    this.#isDrained = true;
    setImmediate(() => {
      this.#isDrained = false;
    }).unref();
  }

  #checkpoint(): void {
    this.tracker.judgeWaits(Date.now() - LONG_WAIT_MS);
    const news = this.lockdep.newsCount;
    if (news !== this.#written) {
      this.#written = news;
      this.#write('running');
    }
  }

  #end(): void {
    this.lockdep.guarded(() => this.tracker.finish(this.#isDrained ? 'error' : 'warning'));
    this.#write(this.#isDrained ? 'drained' : 'exited');
  }

  #write(ending: SnapshotEnding): void {
    const { pid, argv, version: node } = process;
    const command = ['node', ...argv.slice(1).map((part, at) => (at === 0 ? path.basename(part) : part))].join(' ');
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
  }
}
