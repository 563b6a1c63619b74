/**
 * Folders below spec/ with a package.json and a lockfile of their own, installed once per machine.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const STAMP = '.lockdep-spec';

/**
 * Installs what the lockfile of a folder says, unless that was done. Safe to be called by several processes: it is installed
 * aside and moved into place as a whole, so neither an interruption nor a second process leaves half of it.
 * @throws when npm cannot
 */
export function installFolder(folder: string): void {
  if (isInstalled(folder)) return;
  console.error(`installing ${folder} for the specs, once`);
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(join(cache, 'lockdep-spec-'));
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(folder, file), join(aside, file));
    execFileSync('npm', ['ci', '--ignore-scripts'], {
      cwd: aside,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    writeFileSync(join(aside, 'node_modules', STAMP), lockOf(folder));
    moveIntoPlace(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function moveIntoPlace(aside: string, folder: string): void {
  // Another process may have been faster.
  if (isInstalled(folder)) return;
  const packages = join(folder, 'node_modules');
  if (existsSync(packages)) renameSync(packages, join(aside, 'outdated'));
  try {
    renameSync(join(aside, 'node_modules'), packages);
  } catch (error) {
    if (!isInstalled(folder)) throw error;
  }
}

/** Whether the packages are there that the lockfile names now. */
function isInstalled(folder: string): boolean {
  const stamp = join(folder, 'node_modules', STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockOf(folder);
}

function lockOf(folder: string): string {
  return readFileSync(join(folder, 'package-lock.json'), 'utf8');
}
