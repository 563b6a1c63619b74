// Well-known packages that work with PostgreSQL, with real workloads: no false alarm, and nothing changes for them.
import { type PackageProgram, runPackage, runsOf } from '../support/package-programs.ts';

const url = process.env['LOCKDEP_SPEC_POSTGRES'];
const env = url === undefined ? {} : { LOCKDEP_SPEC_POSTGRES: url };
const PG = ['pg 8.23.1', 'pg-pool 3.14.0'];

const PROGRAMS: readonly PackageProgram[] = [
  { file: 'graphile-worker.mjs', watched: PG, acquisitions: 700, env },
  { file: 'pg-boss.mjs', watched: PG, acquisitions: 200, env },
  { file: 'sequelize.mjs', watched: [...PG, 'sequelize-pool 7.1.0'], acquisitions: 200, env },
  // The check of the checks: through the same package, a real defect of the program is found.
  {
    file: 'sequelize-misused.mjs',
    watched: [...PG, 'sequelize-pool 7.1.0'],
    acquisitions: 5,
    finds: ['pool-nesting'],
    env,
  },
];

describe.each(PROGRAMS)('$file', (program) => {
  it.each(runsOf(program))('on Node $version', async (one) => {
    await runPackage(one);
  });
});
