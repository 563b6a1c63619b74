/**
 * A checker that can share one graph with those of other threads.
 */
import { Conductor } from './conductor.ts';
import { Exchange, type PeerLog } from './exchange.ts';
import type { Violation } from './model/violation.ts';

export class Sharing extends Conductor {
  /** Sentences that a reader of the findings must know. */
  readonly notes: string[] = [];

  /**
   * Shares one graph with all checkers that join the same log. From here on a cycle whose halves are seen by different ones is
   * reported as soon as it is closed, by the one that closes it. What the policy throws at what was known before is printed instead.
   * @throws Error if it has joined before
   */
  join(log: PeerLog): void {
    if (this.exchange !== null) {
      throw new Error('log: this checker has joined a log already, and shares one graph only: make another checker');
    }
    this.connect(
      new Exchange(this.state, log, {
        guard: this.guard,
        weigh: (violation) => this.settings.weigh(violation),
        note: (text) => this.notes.push(text),
      }),
    );
  }

  /** What the checkers found that share a graph with this one, each defect once. Its own are in `violations`. */
  get peerViolations(): readonly Violation[] {
    this.exchange?.sync();
    return this.exchange?.peers.violations ?? [];
  }
}
