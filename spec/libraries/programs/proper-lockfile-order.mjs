// Two processes take two files in opposite orders, in a folder that has another name each time.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { lock } from 'proper-lockfile';

const [, , role] = process.argv;

async function both(first, second) {
  const folder = mkdtempSync(path.join(tmpdir(), 'order-'));
  const [one, other] = [first, second].map((name) => path.join(folder, name));
  writeFileSync(one, '');
  writeFileSync(other, '');
  const releaseOne = await lock(one, { retries: 3 });
  const releaseOther = await lock(other, { retries: 3 });
  await releaseOther();
  await releaseOne();
  rmSync(folder, { recursive: true });
}

const ended = (child) => new Promise((resolve) => child.on('exit', resolve));

if (role === undefined) {
  const self = fileURLToPath(import.meta.url);
  for (const one of ['ledger', 'index']) {
    console.log(one, await ended(fork(self, [one])));
  }
} else if (role === 'ledger') {
  await both('ledger.json', 'index.json');
} else {
  await both('index.json', 'ledger.json');
}
