// Finds the programs of the servers: in PATH, and where Debian puts those that are not meant to be called by hand.
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const DEBIAN = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/bin', '/sbin'];
const POSTGRES = '/usr/lib/postgresql';

/**
 * The files of all kinds of servers, and what is not there.
 * With LOCKDEP_SPEC_BINARIES, a list like PATH, only these folders are looked in.
 */
export function findBinaries(kinds) {
  const own = process.env.LOCKDEP_SPEC_BINARIES;
  const folders = own === undefined ? [...listed(process.env.PATH), ...DEBIAN, ...postgresFolders()] : listed(own);
  const binaries = {};
  const missing = [];
  for (const { files, aptPackage } of kinds) {
    for (const file of files) {
      const found = folders.map((folder) => path.join(folder, file)).find(isProgram);
      if (found === undefined) {
        missing.push({ file, aptPackage });
      } else {
        binaries[file] = found;
      }
    }
  }
  return { binaries, missing };
}

const listed = (text = '') => text.split(path.delimiter).filter((folder) => path.isAbsolute(folder));

/** One for each version that is installed, the newest first. */
function postgresFolders() {
  try {
    const versions = readdirSync(POSTGRES).filter((name) => Number(name) > 0);
    return versions.sort((one, other) => other - one).map((version) => path.join(POSTGRES, version, 'bin'));
  } catch {
    return [];
  }
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
