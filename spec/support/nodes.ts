/**
 * The versions of Node that the specs run programs with. One is the Node that runs the specs; the others are npm packages
 * pinned in spec/nodes, one alias per version and platform, of which npm takes those that fit the machine. These packages
 * are the bare binaries: nothing has to be run to install them, whatever npm thinks of install scripts.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installFolder } from './installed.ts';

export type NodeVersion = '20' | '22' | '24';

export interface NodeBinary {
  readonly version: NodeVersion;
  /** Absolute path of the binary. */
  readonly path: string;
}

const ROOT = resolve(__dirname, '../..');
const NODES = join(ROOT, 'spec/nodes');
const PACKAGES = join(NODES, 'node_modules');
const VERSIONS: readonly NodeVersion[] = ['20', '22', '24'];
const INSTALLED: readonly NodeVersion[] = ['22', '24'];

/**
 * The binaries, lowest version first. Version 20 is there when it runs the specs.
 * @throws when one is missing: the global setup of the specs could not install it.
 */
export function nodeVersions(): NodeBinary[] {
  const missing = missingVersions();
  if (missing.length > 0) throw new Error(`Node ${missing.join(' and ')} not installed: run \`npm ci\` in ${NODES}`);
  return VERSIONS.filter((version) => isOwn(version) || INSTALLED.includes(version)).map((version) => ({
    version,
    path: isOwn(version) ? process.execPath : binary(version),
  }));
}

/**
 * Installs what is missing, once per machine: about 10 seconds and 370 MB. Safe to be called by several processes.
 * @throws when npm cannot get a binary, or when one does not start on this machine.
 */
export function installNodes(): void {
  if (missingVersions().length === 0) return;
  console.error(`Node ${INSTALLED.join(' and ')} are fetched for the specs: about 370 MB`);
  installFolder(NODES);
  const missing = missingVersions();
  // npm ends well without optional packages that it could not get, so that only looking tells.
  if (missing.length > 0) {
    const packages = missing.map(packageName).join(' and ');
    throw new Error(`npm ci brought no ${packages}: no registry, or a platform that spec/nodes/package.json lacks?`);
  }
  for (const version of INSTALLED) execFileSync(binary(version), ['--version']);
}

/** Versions whose package is absent, or is not the one that the lockfile names. */
function missingVersions(): NodeVersion[] {
  const lock = readJson(join(NODES, 'package-lock.json')) as { packages: Record<string, { version: string }> };
  return INSTALLED.filter((version) => {
    if (isOwn(version)) return false;
    const name = packageName(version);
    const manifest = join(PACKAGES, name, 'package.json');
    if (!existsSync(manifest) || !existsSync(binary(version))) return true;
    return (readJson(manifest) as { version: string }).version !== lock.packages[`node_modules/${name}`]?.version;
  });
}

function isOwn(version: NodeVersion): boolean {
  return process.versions.node.startsWith(`${version}.`);
}

function binary(version: NodeVersion): string {
  return join(PACKAGES, packageName(version), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function packageName(version: NodeVersion): string {
  return `node${version}-${platform()}`;
}

function platform(): string {
  return `${process.platform}-${process.arch}`;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
