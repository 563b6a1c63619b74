// Well-known packages that use the watched libraries, with real workloads: no false alarm, and nothing changes for them.
import { type PackageProgram, runPackage, runsOf } from '../support/package-programs.ts';

const PROGRAMS: readonly PackageProgram[] = [
  { file: 'find-up.mjs', watched: ['p-limit 3.1.0'], acquisitions: 1800 },
  { file: 'isomorphic-git.mjs', watched: ['async-lock 1.5.0'], acquisitions: 5000 },
  { file: 'octokit.mjs', watched: ['bottleneck 2.19.5'], acquisitions: 300 },
  // What it brings along calls Promise.withResolvers.
  { file: 'peer-store.mjs', watched: ['mortice 3.3.1'], acquisitions: 900, node: 22 },
];

describe.each(PROGRAMS)('$file', (program) => {
  it.each(runsOf(program))('on Node $version', async (one) => {
    await runPackage(one);
  });
});
