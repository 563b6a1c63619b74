import type { Site } from '../../lib/model/lock.ts';
import { captureSite, firstFrame, RawSite } from '../../lib/state/site.ts';
import { lineOf } from './world.ts';

const TracingError = Error as unknown as {
  stackTraceLimit?: unknown;
  captureStackTrace: unknown;
  prepareStackTrace: unknown;
};

/** Runs `work` while properties of Error are others. */
function withError<Result>(change: () => void, work: () => Result): Result {
  const names = ['stackTraceLimit', 'captureStackTrace', 'prepareStackTrace'];
  const kept = names.map((name) => [name, Object.getOwnPropertyDescriptor(Error, name)] as const);
  try {
    change();
    return work();
  } finally {
    for (const [name, descriptor] of kept) {
      if (descriptor === undefined) Reflect.deleteProperty(Error, name);
      else Object.defineProperty(Error, name, descriptor);
    }
  }
}

function capture(): RawSite {
  return innermost();
}

function innermost(): RawSite {
  return captureSite(capture);
}

describe('captureSite', () => {
  it('sees the caller of the function it is told, and nothing that one called', () => {
    const site = capture().resolve(firstFrame); // the caller
    expect(site).toMatchObject({ file: __filename, line: lineOf(__filename, 'the caller') });
  });

  it.each([0, 1, 3, 10, Number.POSITIVE_INFINITY])('finds the caller where the program wants %d frames', (limit) => {
    const [site, after] = withError(
      () => {
        TracingError.stackTraceLimit = limit;
      },
      () => [capture().resolve(firstFrame), TracingError.stackTraceLimit] as const, // with a limit
    );
    expect(site?.line).toBe(lineOf(__filename, 'with a limit'));
    expect(after).toBe(limit);
  });

  it('leaves a program that has no limit on frames without one', () => {
    const has = withError(
      () => Reflect.deleteProperty(Error, 'stackTraceLimit'),
      () => {
        capture();
        return 'stackTraceLimit' in Error;
      },
    );
    expect(has).toBe(false);
  });

  it('goes on without a site where the program has frozen the limit', () => {
    const site = withError(
      () => Object.defineProperty(Error, 'stackTraceLimit', { value: 0, writable: false }),
      () => capture().resolve(firstFrame),
    );
    expect(site).toBeNull();
  });

  it('reads the stack of an error where the runtime cannot capture', () => {
    const stack = withError(
      () => {
        TracingError.captureStackTrace = undefined;
      },
      () => capture().stack,
    );
    expect(stack).toContain(__filename);
  });

  it('finds the caller though the program prepares stack traces that are no text', () => {
    const site = withError(
      () => {
        TracingError.prepareStackTrace = (_: unknown, frames: unknown) => frames;
      },
      () => capture().resolve(firstFrame),
    );
    expect(site?.file).toBe(__filename);
  });

  it('goes on without a site where the program fails to prepare a stack trace', () => {
    const site = withError(
      () => {
        TracingError.prepareStackTrace = () => {
          throw new Error('not ours');
        };
      },
      () => capture().resolve(firstFrame),
    );
    expect(site).toBeNull();
  });
});

describe('a captured site', () => {
  const place: Site = { file: '/a.ts', line: 1, column: 2 };

  it('is resolved when somebody asks, and once', () => {
    const asked: string[] = [];
    const site = new RawSite({ stack: 'the trace' });
    const resolver = (stack: string): Site => {
      asked.push(stack);
      return place;
    };
    expect([site.resolve(resolver), site.resolve(resolver)]).toEqual([place, place]);
    expect(asked).toEqual(['the trace']);
  });

  it('stays without a place if there was none', () => {
    const site = new RawSite({ stack: 'the trace' });
    expect(site.resolve(() => null)).toBeNull();
    expect(site.resolve(() => place)).toBeNull();
  });

  it('lets go of the trace once it is resolved', () => {
    const site = new RawSite({ stack: 'the trace' });
    expect(site.stack).toBe('the trace');
    site.resolve(() => place);
    expect(site.stack).toBe('');
  });

  it('has an empty trace where the runtime gave none', () => {
    expect(new RawSite({}).stack).toBe('');
  });
});

describe('firstFrame', () => {
  it('takes the innermost frame as it stands', () => {
    const stack = 'Error: at first\n    at take (/app/a.ts:3:4)\n    at run (/app/b.ts:5:6)';
    expect(firstFrame(stack)).toEqual({ file: '/app/a.ts', line: 3, column: 4, function: 'take' });
  });

  it('names no function where the runtime knew none', () => {
    expect(firstFrame('Error\n    at /app/a.ts:3:4')).toEqual({ file: '/app/a.ts', line: 3, column: 4 });
  });

  it('finds nothing in a trace without a frame', () => {
    expect(firstFrame('Error: no frames here')).toBeNull();
    expect(firstFrame('')).toBeNull();
  });
});
