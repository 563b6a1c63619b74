/**
 * Findings that the policy has not heard of yet. What it calls back is called when the event is over, and may then take locks
 * itself; a policy that throws is asked at once, since it has to stop the event.
 */
import type { News } from './findings.ts';
import type { Settings } from './settings.ts';

export class Untold {
  readonly #settings: Settings;
  /** Events that are not over yet, one inside the other. */
  #depth = 0;
  #news: News[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  during<Result>(work: () => Result): Result {
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
      this.#handle();
    }
  }

  add(news: readonly News[]): void {
    this.#news.push(...news);
    this.#handle();
  }

  #handle(): void {
    if (this.#news.length === 0 || (this.#depth > 0 && !this.#settings.throws)) {
      return;
    }
    const news = this.#news;
    this.#news = [];
    for (const { violation, isNew } of news) {
      this.#settings.handle(violation, isNew);
    }
  }
}
