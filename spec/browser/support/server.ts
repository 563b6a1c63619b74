/**
 * A server on loopback for the browser specs: a blank page that is cross-origin isolated, the built package as ES modules, and
 * the modules of the specs. It answers GET alone, and with nothing outside its folders. The one bare import of the package is
 * rewritten to a served file: an import map would not reach workers.
 */
import { readFile, realpath } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';

export interface SpecServer {
  /** Where it listens, without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

const ROOT = resolve(__dirname, '../../..');
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ['lockdep', join(ROOT, 'dist/esm')],
  ['graphlib', join(ROOT, 'node_modules/@dagrejs/graphlib/dist')],
  ['client', join(__dirname, 'client')],
  ['modules', resolve(__dirname, '../modules')],
]);
const TYPES: ReadonlyMap<string, string> = new Map([
  ['.js', 'text/javascript; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
]);
const BARE_IMPORT = /(\bfrom\s*|\bimport\s*)(['"])@dagrejs\/graphlib\2/g;
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // For the life of one server, at a port of its own.
  'Cache-Control': 'max-age=3600, immutable',
};
const PAGE: Answer = {
  status: 200,
  type: 'text/html; charset=utf-8',
  body: '<!doctype html><html lang="en"><head><title>lockdep</title><link rel="icon" href="data:,"></head><body></body></html>',
};
const NOT_FOUND: Answer = { status: 404, type: 'text/plain; charset=utf-8', body: 'not found' };
const GET_ALONE: Answer = { status: 405, type: 'text/plain; charset=utf-8', body: 'GET alone' };

/** Starts it at a free port of 127.0.0.1. */
export async function startServer(): Promise<SpecServer> {
  const server = createServer((request, response) => {
    const told = request.method === 'GET' ? answerTo(request.url ?? '/') : Promise.resolve(GET_ALONE);
    void told.catch(() => NOT_FOUND).then((answer) => send(response, answer));
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', listening);
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => close(server) };
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { ...ISOLATED, 'Content-Type': type }).end(body);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((closed, failed) => {
    server.close((error) => (error ? failed(error) : closed()));
  });
}

async function answerTo(url: string): Promise<Answer> {
  const path = decodeURIComponent(new URL(url, 'http://loopback').pathname);
  if (path === '/') return PAGE;
  const [, name = '', ...rest] = path.split('/');
  const folder = FOLDERS.get(name);
  const type = TYPES.get(extname(path));
  if (folder === undefined || type === undefined) return NOT_FOUND;
  const file = await within(folder, rest.join('/'));
  if (file === undefined) return NOT_FOUND;
  return { status: 200, type, body: rewritten(await readFile(file, 'utf8')) };
}

/** The file that a path below a folder names, unless it leads out of it, by dots or by a link. */
async function within(folder: string, path: string): Promise<string | undefined> {
  const [home, file] = await Promise.all([realpath(folder), realpath(resolve(folder, path))]);
  return file.startsWith(home + sep) ? file : undefined;
}

function rewritten(source: string): string {
  return source.replace(BARE_IMPORT, "$1'/graphlib/graphlib.esm.js'");
}
