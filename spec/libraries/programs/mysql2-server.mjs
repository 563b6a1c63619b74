// A server that speaks the protocol of MySQL, in the process of the program: each statement is fine but WRONG.
import mysql from 'mysql2';

export async function startServer() {
  const server = mysql.createServer((connection) => {
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.0',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 33,
      capabilityFlags: 0xffffff ^ 0x800,
      authCallback: (_, done) => {
        done();
        connection.sequenceId = 0;
      },
    });
    connection.on('query', (sql) => {
      connection.sequenceId = 1;
      if (sql === 'WRONG') {
        connection.writeError({ code: 1064, message: 'wrong' });
      } else {
        connection.writeOk({ affectedRows: 1 });
      }
      connection.sequenceId = 0;
    });
    connection.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server._server.once('listening', resolve));
  const { port } = server._server.address();
  return { server, port };
}
