// @octokit/core with its plugins for throttling and for retries (bottleneck): many requests at once to a server that limits the
// rate, breaks down, and does not know everything. The spacing of writes and searches is that of the plugin, only shorter.
import { createServer } from 'node:http';
import { Octokit } from '@octokit/core';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import Bottleneck from 'bottleneck/light.js';

const calls = new Map();
let atOnce = 0;
let most = 0;

/** What the server answers to the n-th request for a path: limits and failures come first, then the answer. */
const answers = [
  [
    /^\/limited\//,
    (n) => n === 1 && { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' } },
  ],
  [
    /^\/secondary\//,
    (n) => n <= 2 && { status: 403, headers: { 'retry-after': '1' }, message: 'a secondary rate limit' },
  ],
  [/^\/broken\//, (n) => n <= 2 && { status: 500 }],
  [/^\/gone\//, () => ({ status: 404 })],
  [/^\/dead\//, () => ({ status: 502 })],
  [/^\/forbidden\//, () => ({ status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' } })],
];

const server = createServer((request, response) => {
  const key = `${request.method} ${request.url}`;
  const n = (calls.get(key) ?? 0) + 1;
  calls.set(key, n);
  most = Math.max(most, ++atOnce);
  const [, answer] = answers.find(([path]) => path.test(request.url)) ?? [];
  const { status = 200, headers = {}, message = 'no' } = answer?.(n) || {};
  request.resume().on('end', () =>
    setTimeout(() => {
      atOnce--;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(status === 200 ? { key, n } : { message }));
    }, 2),
  );
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const told = { limited: 0, secondary: 0 };
const group = (id, options) => new Bottleneck.Group({ id, timeout: 120_000, ...options });
const octokit = new (Octokit.plugin(throttling, retry))({
  baseUrl: `http://127.0.0.1:${server.address().port}`,
  log: { debug() {}, info() {}, warn() {}, error() {} },
  retry: { retryAfterBaseValue: 2, retries: 3 },
  throttle: {
    retryAfterBaseValue: 2,
    write: group('write', { maxConcurrent: 1, minTime: 4 }),
    search: group('search', { maxConcurrent: 1, minTime: 8 }),
    notifications: group('notifications', { maxConcurrent: 1, minTime: 12 }),
    onRateLimit(_retryAfter, _options, _octokit, retryCount) {
      told.limited++;
      return retryCount < 2;
    },
    onSecondaryRateLimit(_retryAfter, _options, { log }, retryCount) {
      log.info('a secondary limit');
      told.secondary++;
      return retryCount < 3;
    },
  },
});

const range = (count) => Array.from({ length: count }, (_, at) => at);
const ask = async (route) => {
  try {
    const { status, data } = await octokit.request(route);
    return `${status} after ${data.n}`;
  } catch (error) {
    return `${error.name} ${error.status}`;
  }
};

/** One after the other, each of a page that has limits of its own: as a program that walks through pages does. */
async function walk(name) {
  const seen = [];
  for (const page of range(4)) {
    seen.push(await ask(`GET /${page % 2 === 0 ? 'limited' : 'broken'}/${name}/${page}`));
    await Promise.all([ask(`GET /search/code-${name}-${page}`), ask(`POST /repos/${name}/${page}`)]);
  }
  return seen.join(', ');
}

const kinds = {
  plain: range(80).map((n) => `GET /users/${n}`),
  limited: range(20).map((n) => `GET /limited/${n}`),
  secondary: range(10).map((n) => `GET /secondary/${n}`),
  broken: range(10).map((n) => `GET /broken/${n}`),
  gone: range(10).map((n) => `GET /gone/${n}`),
  dead: range(3).map((n) => `GET /dead/${n}`),
  forbidden: range(3).map((n) => `GET /forbidden/${n}`),
  written: range(20).map((n) => `PATCH /repos/one/two/labels/${n}`),
  noticed: range(8).map((n) => `POST /repos/one/two/issues/${n}/comments`),
  found: range(8).map((n) => `GET /search/issues-${n}`),
  signed: range(6).map((n) => `POST /app/installations/${n}/access_tokens`),
};
const [walks, ...results] = await Promise.all([
  Promise.all(['a', 'b', 'c', 'd'].map(walk)),
  ...Object.values(kinds).map((routes) => Promise.all(routes.map(ask))),
]);
for (const [at, kind] of Object.keys(kinds).entries()) {
  console.log(`${kind}: ${results[at].length} × ${[...new Set(results[at])].join(' | ')}`);
}
console.log(`walks: ${walks.length} × ${[...new Set(walks)].join(' | ')}`);
console.log(
  `told of ${told.limited} limits and ${told.secondary} secondary ones, requests ${[...calls.values()].reduce((a, b) => a + b)}`,
);
console.log(`at once: ${most <= 11 ? 'not more than the plugin lets through' : most}`);
server.closeAllConnections();
server.close();
