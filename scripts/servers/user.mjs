// PostgreSQL and MariaDB refuse to run as root: there they, and with them the others, run as a user who may do nothing else.
import { execFileSync } from 'node:child_process';

const NAME = 'nobody';

/** Whom the servers run as: nothing where that is whoever calls. */
export function serverUser() {
  if (process.getuid?.() !== 0) {
    return {};
  }
  const id = (flag) => Number(execFileSync('id', [flag, NAME], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
