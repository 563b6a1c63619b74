// A backup runs another program under its lock, and blocks the whole thread until that ends. The rule is off unless it is asked for.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { Mutex } from '../../lib/index.ts';
import { checker, print } from './report.ts';

const lockdep = checker({ rules: { 'blocking-while-held': 'warning' } });
const files = new Mutex('files', { lockdep });

async function backup(): Promise<void> {
  using _guard = await files.acquire();
  execFileSync(process.execPath, ['--version']);
}

/** Right: others run meanwhile. */
async function backupMeanwhile(): Promise<void> {
  using _guard = await files.acquire();
  await promisify(execFile)(process.execPath, ['--version']);
}

async function main(): Promise<void> {
  await lockdep.task('backup', backup);
  await lockdep.task('backup', backupMeanwhile);
  print(lockdep);
}

void main();
