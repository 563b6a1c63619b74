import type { AuditReport } from './audit-report.ts';
import type { Entry } from './ledger.ts';
import type { Receipt } from './transfer.ts';

/** How a transfer went: its receipt, or the code of the refusal. */
export type Outcome = { readonly receipt: Receipt } | { readonly refused: string };

/** Talks to the bank over HTTP. Its connections are kept alive and used again, as fetch does. */
export class BankClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async transfer(order: Entry): Promise<Outcome> {
    const response = await this.#send('POST', '/transfer', order);
    const body = (await response.json()) as Receipt & { error?: { code: string } };
    return body.error === undefined ? { receipt: body } : { refused: body.error.code };
  }

  async balance(id: string): Promise<number> {
    const { balance } = await this.#expect<{ balance: number }>('GET', `/accounts/${encodeURIComponent(id)}`);
    return balance;
  }

  async audit(): Promise<AuditReport> {
    return this.#expect<AuditReport>('POST', '/audit');
  }

  async #expect<Body>(method: string, path: string): Promise<Body> {
    const response = await this.#send(method, path);
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Body;
  }

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return fetch(this.#url + path, body === undefined ? { method } : { method, headers, body: JSON.stringify(body) });
  }
}
