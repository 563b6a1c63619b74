/**
 * A `node` of ours, put first in PATH. Scripts such as `NODE_OPTIONS=--max-old-space-size=4096 jest` overwrite NODE_OPTIONS
 * and with it our preload; this one puts it back. A program that starts `process.execPath` gets the real Node, as it should.
 * Costs the start of one small shell for each `node` that is looked up in PATH.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { escapeForNodeOptions } from './environment.ts';

/** Makes a private folder with a `node` in it; `undefined` on Windows, where PATH is not looked up that way. */
export function makeShim(preload: string): string | undefined {
  if (process.platform === 'win32') {
    return undefined;
  }
  const directory = mkdtempSync(path.join(os.tmpdir(), 'lockdep-node-'));
  writeFileSync(path.join(directory, 'node'), script(directory, preload), { mode: 0o755 });
  return directory;
}

export function removeShim(directory: string | undefined): void {
  if (directory !== undefined) {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** PATH itself stays as it is: what this Node starts must find us, too. */
function script(directory: string, preload: string): string {
  return `#!/bin/sh
# Made by lockdep run, and removed when it ends: the next node in PATH, with the checker preloaded.
self=${quote(directory)}
preload=${quote(preload)}
known=${quote(escapeForNodeOptions(preload))}
found=
set -f
IFS=:
for folder in $PATH; do
  if [ "$folder" != "$self" ] && [ -f "\${folder:-.}/node" ] && [ -x "\${folder:-.}/node" ]; then
    found="\${folder:-.}/node"
    break
  fi
done
unset IFS
set +f
if [ -z "$found" ]; then
  echo 'lockdep: node: not found in PATH' >&2
  exit 127
fi
case "$NODE_OPTIONS" in
  *"$known"*) exec "$found" "$@" ;;
esac
exec "$found" --require "$preload" "$@"
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
