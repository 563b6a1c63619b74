// Whether a server answers, by the first words of its protocol. No client library is needed for that.
import { connect } from 'node:net';

const PATIENCE_MS = 2000;

/** A start of a session; the server is ready when it says `Z`, and says `E` while it is still starting up. */
export function greetsAsPostgres(port, user) {
  const words = Buffer.from(`\0\x03\0\0user\0${user}\0database\0postgres\0\0`);
  const size = Buffer.alloc(4);
  size.writeInt32BE(words.length + 4);
  return talk(port, { say: Buffer.concat([size, words]), until: isReadyForQuery });
}

/** Each message is a letter, then its length without the letter, then the rest. */
function isReadyForQuery(said) {
  for (let at = 0; at + 5 <= said.length; at += 1 + said.readUInt32BE(at + 1)) {
    if (said[at] === 'Z'.charCodeAt(0)) {
      return true;
    }
  }
  return false;
}

export function greetsAsRedis(port) {
  return talk(port, { say: 'PING\r\n', until: (said) => said.toString('latin1').startsWith('+PONG') });
}

/** It speaks first: the length of the packet, its number, and the version of the protocol, which is 10. */
export function greetsAsMysql(port) {
  return talk(port, { until: (said) => said.length > 4 && said[4] === 10 });
}

function talk(port, { say, until }) {
  return new Promise((resolve) => {
    let said = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(PATIENCE_MS, () => finish(false));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
    socket.on('connect', () => say !== undefined && socket.write(say));
    socket.on('data', (data) => {
      said = Buffer.concat([said, data]);
      if (until(said)) finish(true);
    });
  });
}
