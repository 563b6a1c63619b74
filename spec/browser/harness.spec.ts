/**
 * What the browser specs stand on: what goes wrong in the browser is seen here.
 */
import { Chromium } from './support/chromium.ts';

const chromium = new Chromium();

describe('the server', () => {
  const statusOf = async (path: string, init?: RequestInit): Promise<number> =>
    (await fetch(chromium.origin + path, init)).status;

  it('serves its folders with types that browsers take', async () => {
    const response = await fetch(`${chromium.origin}/lockdep/index.js`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(await statusOf('/graphlib/graphlib.esm.js')).toBe(200);
  });

  it('leaves no bare import in what it serves', async () => {
    const source = await (await fetch(`${chromium.origin}/lockdep/graph/digraph.js`)).text();
    expect(source).toContain("from '/graphlib/graphlib.esm.js'");
    expect(source).not.toContain('@dagrejs/graphlib');
  });

  it.each([
    '/package.json',
    '/nothing.js',
    '/lockdep/nothing.js',
    '/lockdep/',
    '/lockdep/index.d.ts',
    '/lockdep/..%2f..%2fscripts%2fbuild.js',
    '/client/..%2Fserver.ts',
    '/modules/%2fetc%2fpasswd.js',
    '/lockdep/%00.js',
    '/%E0%A4%A',
  ])('answers %s with "not found"', async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  it('takes nothing but GET', async () => {
    expect(await statusOf('/', { method: 'POST', body: '1' })).toBe(405);
  });
});

describe('a task', () => {
  it('has its input, and gives its result', async () => {
    expect(await chromium.run((_, { text }) => text.toUpperCase(), { text: 'given' })).toBe('GIVEN');
  });

  it('that throws on the page throws here, with its stack there', async () => {
    const failing = chromium.run(() => {
      throw new RangeError('out of it');
    });
    await expect(failing).rejects.toThrow('out of it');
    await expect(failing).rejects.toHaveProperty('stack', expect.stringContaining('/tasks/page.js'));
  });

  it('that throws in a worker throws on the page', async () => {
    const seen = await chromium.run(async ({ startWorker }) => {
      const worker = await startWorker('thrower');
      const failing = worker.run(() => {
        throw new RangeError('out of it there');
      });
      return failing.catch(({ name, message, stack }: Error) => ({ name, message, stack }));
    });
    expect(seen).toEqual({
      name: 'RangeError',
      message: 'out of it there',
      stack: expect.stringContaining('/tasks/worker-thrower-1.js'),
    });
  });

  it('that leaves an error uncaught fails', async () => {
    const failing = chromium.run(async () => {
      void Promise.reject(new Error('left alone'));
      await new Promise((later) => setTimeout(later, 20));
    });
    await expect(failing).rejects.toThrow('left alone');
  });

  it('in a worker can be ended by terminating that', async () => {
    const seen = await chromium.run(async ({ startWorker, until }) => {
      const worker = await startWorker('spinner');
      const words = new Int32Array(new SharedArrayBuffer(4));
      const task = worker.run(({ raise }, shared) => {
        raise(shared, 0, 1);
        for (;;) Atomics.add(shared, 0, 0);
      }, words);
      await until(words, 0, 1);
      worker.terminate();
      return task.then(
        () => 'done',
        ({ message }: Error) => message,
      );
    });
    expect(seen).toBe('spinner: terminated');
  });
});

it('shared memory is one for the page and all workers', async () => {
  const sum = await chromium.run(async ({ startWorkers }) => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    const workers = await startWorkers(3);
    const count = (_: unknown, shared: Int32Array): void => {
      for (let at = 0; at < 1000; at++) Atomics.add(shared, 0, 1);
    };
    await Promise.all(workers.map((worker) => worker.run(count, words)));
    return words[0];
  });
  expect(sum).toBe(3000);
});

it('what a worker writes as an error is an error of the page', async () => {
  const page = await chromium.open();
  const heard = await page.run(async ({ startWorker }) => {
    const worker = await startWorker();
    await worker.run(({ say }) => {
      say('first');
      console.error('not well');
      console.log('well');
    });
    await new Promise((later) => setTimeout(later, 50));
    return worker.heard;
  });
  expect(heard).toEqual(['first']);
  expect(page.console).toEqual(['error: not well', 'log: well']);
  expect(page.errors).toEqual(['error: not well']);
  await page.close();
});
