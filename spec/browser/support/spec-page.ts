/**
 * One page of the browser for one test: runs tasks there, and keeps what the page and its workers say and fail with.
 */
import type { PageTask } from './world.ts';

/** What is used of playwright-core's page. */
interface Page {
  goto(url: string): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
  on(event: 'console', listener: (message: { type(): string; text(): string }) => void): unknown;
  on(event: 'pageerror', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** A page that blocks its thread answers nothing: rather an error than a test that hangs. */
const LIMIT_MS = 50_000;

export class SpecPage {
  /** What was written to the console there, by workers too: `type: text`. */
  readonly console: string[] = [];
  /** What nobody caught there, and what was written as an error. */
  readonly errors: string[] = [];
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    page.on('console', (message) => {
      const line = `${message.type()}: ${message.text()}`;
      this.console.push(line);
      if (message.type() === 'error') this.errors.push(line);
    });
    page.on('pageerror', (error) => this.errors.push(String(error.stack ?? error)));
  }

  /**
   * Runs a task on the page's own thread. The input must be JSON; the result may be what playwright can send: JSON, undefined,
   * bigint, NaN, Error, Map and Set become plain.
   * @throws what the task throws, with the stack that it had there; an error when it takes longer than 50 seconds
   */
  async run<Input, Result>(task: PageTask<Input, Result>, input: Input): Promise<Result>;
  async run<Result>(task: PageTask<undefined, Result>): Promise<Result>;
  async run<Result>(task: PageTask<undefined, Result>, input?: undefined): Promise<Result> {
    const words = [task.toString(), input].map((value) => JSON.stringify(value) ?? 'undefined');
    return (await this.#within(`import('/client/page.js').then(({ run }) => run(${words.join(', ')}))`)) as Result;
  }

  async close(): Promise<void> {
    await this.#page.close();
  }

  async #within(expression: string): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${LIMIT_MS} ms; ${this.#said()}`)), LIMIT_MS);
    });
    try {
      return await Promise.race([this.#page.evaluate(expression), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #said(): string {
    return `console: [${this.console.join('; ')}], errors: [${this.errors.join('; ')}]`;
  }
}
