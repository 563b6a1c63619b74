/**
 * A headless Chromium for the specs, driven by playwright-core. The browser is the machine's own, Debian's package `chromium`,
 * never a downloaded one; it opens pages of the server on loopback alone.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { installFolder } from '../../support/installed.ts';
import { type SpecServer, startServer } from './server.ts';
import { SpecPage } from './spec-page.ts';
import type { PageTask } from './world.ts';

/** What is used of playwright-core. Its own types are there only once it is installed. */
interface Playwright {
  readonly chromium: { launch(options: object): Promise<Browser> };
}

interface Browser {
  newContext(): Promise<Context>;
  version(): string;
  close(): Promise<void>;
}

interface Context {
  newPage(): Promise<ConstructorParameters<typeof SpecPage>[0]>;
}

const FOLDER = resolve(__dirname, '..');
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser for all tests of a file: started before them, closed after them. */
export class Chromium {
  #browser: Browser | undefined;
  #server: SpecServer | undefined;
  /** One for all pages, so that they have a cache in common: the package is a hundred small modules. */
  #context: Context | undefined;

  /** Registers the start and the end with jest. */
  constructor() {
    beforeAll(() => this.#start());
    afterAll(() => this.#end());
  }

  /** Where the pages come from. */
  get origin(): string {
    return this.#server!.origin;
  }

  get version(): string {
    return this.#browser!.version();
  }

  /** A blank page, cross-origin isolated. It shares no memory with others, but the names of Web Locks. */
  async open(): Promise<SpecPage> {
    const page = await this.#context!.newPage();
    await page.goto(this.origin);
    return new SpecPage(page);
  }

  /**
   * Runs a task on a new page and closes that.
   * @throws what the task throws; or an error with what the page and its workers left uncaught or wrote as an error
   */
  async run<Input, Result>(task: PageTask<Input, Result>, input: Input): Promise<Result>;
  async run<Result>(task: PageTask<undefined, Result>): Promise<Result>;
  async run<Result>(task: PageTask<undefined, Result>, input?: undefined): Promise<Result> {
    const page = await this.open();
    try {
      const result = await page.run(task, input);
      if (page.errors.length > 0) throw new Error(`errors on the page:\n${page.errors.join('\n')}`);
      return result;
    } finally {
      await page.close();
    }
  }

  async #start(): Promise<void> {
    this.#server = await startServer();
    const { chromium } = require(resolve(FOLDER, 'node_modules/playwright-core')) as Playwright;
    this.#browser = await chromium.launch({ executablePath: executable(), args: ARGUMENTS });
    this.#context = await this.#browser.newContext();
  }

  async #end(): Promise<void> {
    await this.#browser?.close();
    await this.#server?.close();
  }
}

/** Gets what drives the browser, once per machine. @throws when npm cannot, or when there is no browser */
export function installChromium(): void {
  if (!existsSync(executable())) {
    throw new Error(
      `no Chromium at ${executable()}: apt-get install chromium, or say where it is in LOCKDEP_SPEC_CHROMIUM`,
    );
  }
  installFolder(FOLDER);
}

function executable(): string {
  return process.env['LOCKDEP_SPEC_CHROMIUM'] ?? '/usr/bin/chromium';
}
