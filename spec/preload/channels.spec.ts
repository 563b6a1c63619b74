// Libraries that publish their own lock events over node:diagnostics_channel.
import path from 'node:path';
import { nodeVersions } from '../support/nodes.ts';
import { lockdepRun, run } from '../support/run.ts';

const PROGRAMS = path.join(__dirname, 'programs');

describe.each(nodeVersions())('published lock events on Node $version', ({ path: node }) => {
  const watched = (file: string): ReturnType<typeof lockdepRun> =>
    lockdepRun(['--', node, file], { node, cwd: PROGRAMS });

  it('are judged like those of a watched library, with the places of the program', async () => {
    const { code, stdout, stderr } = await watched('published-cycle.cjs');
    expect(stdout).toBe('audited\n');
    expect(stderr).toMatch(/order-cycle +ledger → orders → ledger/);
    expect(stderr).toMatch(/ledger taken +\S*published-cycle\.cjs:14:16/);
    expect(stderr).toMatch(/orders asked +\S*published-cycle\.cjs:15:18/);
    expect(stderr).toMatch(/orders taken +\S*published-cycle\.cjs:7:38/);
    expect(code).toBe(1);
  });

  it('raise no alarm where the order is kept under contention', async () => {
    const { code, stdout, stderr } = await watched('published-clean.cjs');
    expect(stdout).toBe('a\nb\nc\ndone\n');
    expect(stderr).toMatch(/✓ no violations · 2 classes, 1 dependency, 6 acquisitions/);
    expect(code).toBe(0);
  });

  it('belong to the callback that waited, whoever calls it', async () => {
    const { code, stdout, stderr } = await watched('published-callbacks.cjs');
    expect(stdout).toBe('in the room\nat the desk\n');
    expect(stderr).toMatch(/✓ no violations · 3 classes/);
    expect(code).toBe(0);
  });

  it('that are wrong are named once, and change nothing', async () => {
    const { code, stdout, stderr } = await watched('published-wrong.cjs');
    expect(stdout).toBe('done\n');
    expect(stderr.match(/lockdep:request: expected an object, got undefined/g)).toHaveLength(1);
    expect(stderr).toMatch(/✓ no violations · 1 class, 0 dependencies, 1 acquisition/);
    expect(code).toBe(0);
  });
});

it('cost a library nothing where nobody listens', async () => {
  const { code, stdout } = await run([path.join(PROGRAMS, 'published-cycle.cjs')]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'audited\n' });
});
