import type { IncomingMessage, ServerResponse } from 'node:http';
import { BankError } from './errors.ts';

const MAX_BODY_BYTES = 10_000;

/** The JSON body of a request; an empty body is `undefined`. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new BankError(413, 'too-large', `the body exceeds ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new BankError(400, 'invalid-json', 'the body is not JSON');
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** Says what the client did wrong; of our own failures it learns nothing but that there was one. */
export function sendError(response: ServerResponse, error: unknown): void {
  if (error instanceof BankError) {
    sendJson(response, error.status, { error: { code: error.code, message: error.message } });
  } else {
    console.error(error);
    sendJson(response, 500, { error: { code: 'internal', message: 'internal error' } });
  }
}
