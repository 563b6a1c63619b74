/**
 * That a wait leaves no timer and no listener behind, however it ends.
 */
import { getEventListeners } from 'node:events';
import { idle, NOISE, OFTEN, timers, upTo } from './words.ts';

export interface Waitable {
  wait(options: { readonly timeout: number; readonly signal: AbortSignal }): Promise<unknown>;
  /** Ends the wait well. */
  end(): void;
}

/** Milliseconds, never waited for. */
const LONG = 100_000;

/** @param make something new to wait for */
export function leftoversSuite(make: () => Promise<Waitable> | Waitable): void {
  it.each(['end', 'abort', 'time'] as const)('leaves no timer and no listener behind: %s', async (how) => {
    const before = timers();
    for (const _ of upTo(OFTEN)) {
      const { wait, end } = await make();
      const controller = new AbortController();
      const waits = wait({ timeout: how === 'time' ? 1 : LONG, signal: controller.signal }).catch(() => {});
      await idle();
      if (how === 'end') {
        end();
      } else if (how === 'abort') {
        controller.abort();
      }
      await waits;
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    }
    expect(timers() - before).toBeLessThan(NOISE);
  });
}
