import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Audit } from './audit-report.ts';
import type { Bank } from './bank.ts';
import { BankError } from './errors.ts';
import { readJson, sendError, sendJson } from './http.ts';
import { parseOrder, transfer } from './transfer.ts';

export interface BankServer {
  /** Address without a path, such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Takes no further connections, and resolves when the requests under way are answered. A second call waits for the first. */
  stop(): Promise<void>;
}

/** Serves the bank on a free port of this machine. */
export async function startServer(bank: Bank, audit: Audit): Promise<BankServer> {
  const server = createServer(async (request, response) => {
    // A connection that is kept alive would hold a stopping server open until its client goes away.
    if (!server.listening) response.setHeader('connection', 'close');
    try {
      sendJson(response, 200, await answer(bank, audit, request));
    } catch (error) {
      sendError(response, error);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  let stopped: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      stopped ??= new Promise((resolve) => server.close(() => resolve()));
      return stopped;
    },
  };
}

async function answer(bank: Bank, audit: Audit, request: IncomingMessage): Promise<unknown> {
  const { pathname } = new URL(request.url ?? '/', 'http://bank');
  const id = /^\/accounts\/([^/]+)$/.exec(pathname)?.[1];

  if (id !== undefined) {
    requireMethod(request, 'GET');
    const account = bank.accounts.get(id);
    return { id: account.id, balance: account.balance };
  }
  switch (pathname) {
    case '/transfer':
      requireMethod(request, 'POST');
      return transfer(bank, parseOrder(await readJson(request)));
    case '/audit':
      requireMethod(request, 'POST');
      return audit(bank);
    default:
      throw new BankError(404, 'unknown-path', `there is nothing at ${pathname}`);
  }
}

function requireMethod({ method }: IncomingMessage, expected: string): void {
  if (method !== expected) throw new BankError(405, 'wrong-method', `${method} is not possible here, ${expected} is`);
}
