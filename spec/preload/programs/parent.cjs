// Takes its locks in one order, and starts a child that takes them in the other one.
const { spawnSync } = require('node:child_process');
const { Lock } = require('./publisher.cjs');

const orders = new Lock('orders');
const ledger = new Lock('ledger');
const isChild = process.argv[2] === 'child';
const [first, second] = isChild ? [ledger, orders] : [orders, ledger];

async function both() {
  const releaseFirst = await first.acquire();
  const releaseSecond = await second.acquire();
  releaseSecond();
  releaseFirst();
}

void both().then(() => {
  if (!isChild) {
    console.log('child ended with', spawnSync(process.execPath, [__filename, 'child'], { env: {} }).status);
    process.exitCode = Number(process.env.CODE ?? 0);
  }
});
