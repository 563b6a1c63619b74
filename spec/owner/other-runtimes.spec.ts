// What is left where the runtime reports no promises: a browser, or a runtime whose hooks stay silent.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/run.ts';

const ESM = path.join(ROOT, 'dist/esm');

/** Runs a module of its own in a process in which something is missing, and gives what it prints. */
function printed(missing: string, program: string): unknown {
  const source = `${missing}
    const { createLockdep, Mutex, lockdep } = await import(${JSON.stringify(path.join(ESM, 'index.js'))});
    const tick = () => new Promise((done) => setTimeout(done, 1));
    const held = (ld) => ld.currentOwner().held.map(({ lock }) => lock.name);
    ${program}`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', source], { encoding: 'utf8' }));
}

const RUNTIMES = {
  'no modules of Node': 'delete process.getBuiltinModule; process.getBuiltinModule = undefined;',
  'hooks that stay silent': `
    const real = process.getBuiltinModule;
    process.getBuiltinModule = (name) => name === 'node:v8' ? { promiseHooks: { createHook: () => () => {} } } : real.call(process, name);`,
};

describe.each(Object.entries(RUNTIMES))('with %s', (name, missing) => {
  it('the report says what is not followed', () => {
    const limits = printed(
      missing,
      `const ld = createLockdep(); new Mutex('a', { lockdep: ld }); console.log(JSON.stringify(ld.snapshot().limits));`,
    );
    expect(limits).toEqual([expect.stringContaining('reports no promises')]);
  });

  it('owners that are named are exact', () => {
    const found = printed(
      missing,
      `const ld = createLockdep();
       const [a, b] = ['a', 'b'].map((name) => new Mutex(name, { lockdep: ld }));
       const flow = async (owner, first, second) => {
         const one = await first.acquire({ owner }); await tick();
         const two = await second.acquire({ owner }); await tick();
         two.release(); one.release();
       };
       await flow(ld.owner('p'), a, b);
       await flow(ld.owner('q'), b, a);
       console.log(JSON.stringify(ld.violations.map(({ rule, owner }) => [rule, owner])));`,
    );
    expect(found).toEqual([['order-cycle', 'q']]);
  });

  it('the callback of run() has the lock up to its first await', () => {
    const found = printed(
      missing,
      `const ld = createLockdep();
       const [a, b] = ['a', 'b'].map((name) => new Mutex(name, { lockdep: ld }));
       const seen = [];
       await a.run(() => { seen.push(held(ld)); return b.run(() => seen.push(held(ld))); });
       seen.push(held(ld));
       console.log(JSON.stringify(seen));`,
    );
    expect(found).toEqual([['a'], ['a', 'b'], []]);
  });

  it('claims that cannot be judged pass, and those that can be do not', () => {
    const found = printed(
      missing,
      `const ld = createLockdep();
       const a = new Mutex('a', { lockdep: ld });
       a.assertHeld();
       await a.run(async () => { await tick(); a.assertHeld(); });
       console.log(JSON.stringify(ld.violations.map(({ rule, count }) => [rule, count])));`,
    );
    expect(found).toEqual([['assert-held', 1]]);
  });

  it('flows side by side do not get each other’s locks', () => {
    const found = printed(
      missing,
      `const ld = createLockdep();
       const [a, b] = ['a', 'b'].map((name) => new Mutex(name, { lockdep: ld }));
       const wrong = [];
       const flow = async (lock) => {
         for (let i = 0; i < 20; i++) await lock.run(async () => { await tick(); if (held(ld).length > 0) wrong.push(held(ld)); });
       };
       await Promise.all([flow(a), flow(b)]);
       console.log(JSON.stringify([wrong, ld.violations]));`,
    );
    expect([name, found]).toEqual([name, [[], []]]);
  });
});

it('no module of the runtime is imported by what a browser loads', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, from] of readFileSync(file, 'utf8').matchAll(/^(?:import|export)[^'"]*?from ['"]([^'"]+)['"]/gm)) {
      expect([file, from]).not.toEqual([file, expect.stringMatching(/^node:/)]);
      if (from?.startsWith('.')) visit(path.join(path.dirname(file), from));
    }
  };
  visit(path.join(ESM, 'index.js'));
  expect(seen.size).toBeGreaterThan(100);
});
