// What is to be known of each server. Nobody else sees them: they listen on loopback only, and their data are thrown away, so
// there is no password to keep secret, and nothing has to survive a crash.
import { greetsAsMysql, greetsAsPostgres, greetsAsRedis } from './greetings.mjs';

const NAME = 'lockdep';

const postgres = {
  title: 'PostgreSQL',
  aptPackage: 'postgresql',
  files: ['initdb', 'postgres'],
  variable: 'LOCKDEP_SPEC_POSTGRES',
  url: (port) => `postgres://${NAME}@127.0.0.1:${port}/postgres`,
  greets: (port) => greetsAsPostgres(port, NAME),
  /** Makes the data, once. */
  prepare: ({ initdb }, folder) => [
    initdb,
    ['-D', `${folder}/data`, '-U', NAME, '--auth=trust', '--no-sync', '--no-locale', '-E', 'UTF8'],
  ],
  serve: ({ postgres }, folder, port) => [
    postgres,
    ['-D', `${folder}/data`, '-p', `${port}`, ...settings(POSTGRES_SETTINGS)],
  ],
};

const POSTGRES_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

const settings = (all) => Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

const redis = {
  title: 'Redis',
  aptPackage: 'redis-server',
  files: ['redis-server'],
  variable: 'LOCKDEP_SPEC_REDIS',
  url: (port) => `redis://127.0.0.1:${port}`,
  greets: greetsAsRedis,
  serve: (binaries, folder, port) => [
    binaries['redis-server'],
    ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
  ],
};

const mariadb = {
  title: 'MariaDB',
  aptPackage: 'mariadb-server',
  files: ['mariadb-install-db', 'mariadbd'],
  variable: 'LOCKDEP_SPEC_MYSQL',
  url: (port) => `mysql://${NAME}:${NAME}@127.0.0.1:${port}/${NAME}`,
  greets: greetsAsMysql,
  prepare: (binaries, folder) => [
    binaries['mariadb-install-db'],
    ['--no-defaults', `--datadir=${folder}/data`, '--auth-root-authentication-method=normal', '--skip-test-db'],
  ],
  /** Run by the server before anybody can ask it. */
  script: [
    `CREATE DATABASE ${NAME};`,
    `CREATE USER '${NAME}'@'%' IDENTIFIED BY '${NAME}';`,
    `GRANT ALL ON *.* TO '${NAME}'@'%';`,
    '',
  ].join('\n'),
  serve: ({ mariadbd }, folder, port) => [
    mariadbd,
    [
      '--no-defaults',
      `--datadir=${folder}/data`,
      `--tmpdir=${folder}`,
      `--socket=${folder}/socket`,
      `--pid-file=${folder}/pid`,
      `--init-file=${folder}/script`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      '--skip-name-resolve',
      '--skip-log-bin',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=32M',
    ],
  ],
};

export const KINDS = [postgres, redis, mariadb];
