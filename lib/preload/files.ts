/**
 * Puts snapshots into files: by a temporary name and a rename, so that a reader never sees half of one, and without ever
 * touching the file of another process.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Snapshot } from '../model/snapshot.ts';

export interface SnapshotFileOptions {
  readonly dir: string;
  readonly run: string;
  readonly pid: number;
  readonly thread: number;
}

export class SnapshotFile {
  readonly #dir: string;
  readonly #base: string;
  #path: string | undefined;
  #hasFailed = false;

  constructor({ dir, run, pid, thread }: SnapshotFileOptions) {
    this.#dir = dir;
    this.#base = `${run}-${pid}-${thread}`;
  }

  /** Writes, or says in one line on stderr why it could not, and leaves a mark that the command finds. */
  write(snapshot: Snapshot): void {
    try {
      mkdirSync(this.#dir, { recursive: true });
      this.#path ??= this.#freePath();
      const temporary = `${this.#path}.tmp`;
      try {
        writeFileSync(temporary, `${JSON.stringify(snapshot)}\n`);
        renameSync(temporary, this.#path);
      } catch (error) {
        rmSync(temporary, { force: true });
        throw error;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  // A process id may come up again within one run.
  #freePath(): string {
    for (let again = 0; ; again++) {
      const candidate = path.join(this.#dir, `${this.#base}${again === 0 ? '' : `-${again}`}.json`);
      if (!existsSync(candidate)) {
        return candidate;
      }
    }
  }

  #fail(error: unknown): void {
    if (this.#hasFailed) {
      return;
    }
    this.#hasFailed = true;
    const reason = error instanceof Error ? error.message : String(error);
    console.error(
      `lockdep: cannot write the snapshot of this process: ${reason}. Free some space, or choose another --dir.`,
    );
    try {
      writeFileSync(path.join(this.#dir, `${this.#base}.failed`), '');
    } catch {
      // Said on stderr already; the command also finds that nothing was written.
    }
  }
}
