/**
 * The locks of this package that keep others out, each as the suite wants it.
 */
import type { Form } from './forms.ts';
import type { Feature, LockUnderTest, Subject, WaitOptions } from './lock-under-test.ts';

const NAME = 'the lock';

const NO_UNITS = { units: 'it has no units' };

/** Adds an owner to the options of a request, where the form wants one; leaves alone what is no bag of options. */
type Asking = (options?: WaitOptions) => WaitOptions;

function asking(form: Form, made: ReturnType<Form['made']>): Asking {
  return (options) => {
    const owner = form.asked(made);
    const isBag = options === undefined || (typeof options === 'object' && options !== null && !Array.isArray(options));
    if (!isBag || Object.keys(owner).length === 0) {
      return options as WaitOptions;
    }
    return Object.defineProperties({ ...owner }, Object.getOwnPropertyDescriptors(options ?? {})) as WaitOptions;
  };
}

type Skips = Partial<Record<Feature, string>>;

function subject(name: string, capacity: number, skips: Skips, make: () => LockUnderTest): Subject {
  return { name, capacity, skips, make };
}

export function mutexSubject(form: Form): Subject {
  return subject('Mutex', 1, NO_UNITS, () => {
    const { Mutex } = form.locks();
    const made = form.made();
    const asks = asking(form, made);
    const lock = new Mutex(NAME, made);
    return {
      name: NAME,
      acquire: (options) => lock.acquire(asks(options)),
      tryAcquire: () => lock.tryAcquire(form.asked(made)),
      run: (work, options) => lock.run(work, asks(options)),
      get waiting() {
        return lock.waiting;
      },
    };
  });
}

export function semaphoreSubject(form: Form, capacity: number): Subject {
  return subject(`Semaphore(${capacity})`, capacity, {}, () => {
    const { Semaphore } = form.locks();
    const made = form.made();
    const asks = asking(form, made);
    const lock = new Semaphore(NAME, { capacity, ...made });
    return {
      name: NAME,
      acquire: (options) => lock.acquire(asks(options)),
      tryAcquire: (options) => lock.tryAcquire(asks(options)),
      run: (work, options) => lock.run(work, asks(options)),
      get waiting() {
        return lock.waiting;
      },
    };
  });
}

export function writerSubject(form: Form): Subject {
  return subject('RwLock for writing', 1, NO_UNITS, () => {
    const { RwLock } = form.locks();
    const made = form.made();
    const asks = asking(form, made);
    const lock = new RwLock(NAME, made);
    return {
      name: NAME,
      acquire: (options) => lock.write(asks(options)),
      tryAcquire: () => lock.tryWrite(form.asked(made)),
      run: (work, options) => lock.runWrite(work, asks(options)),
      get waiting() {
        return lock.waiting;
      },
    };
  });
}

export function keySubject(form: Form): Subject {
  const skips = { ...NO_UNITS, waiting: 'it does not count those who wait' };
  return subject('KeyedMutex, one key', 1, skips, () => {
    const { KeyedMutex } = form.locks();
    const made = form.made();
    const asks = asking(form, made);
    const lock = new KeyedMutex<string>(NAME, made);
    return {
      name: NAME,
      acquire: (options) => lock.acquire('key', asks(options)),
      tryAcquire: () => lock.tryAcquire('key', form.asked(made)),
      run: (work, options) => lock.run('key', work, asks(options)),
      waiting: 0,
    };
  });
}

export function lockAllSubject(form: Form): Subject {
  const skips = {
    ...NO_UNITS,
    waiting: 'it waits in several queues',
    tryAcquire: 'it has none',
    'late signals': 'it asks for the next lock after the grant of the one before',
  };
  return subject('lockAll of two', 1, skips, () => {
    const { lockAll, Mutex } = form.locks();
    const made = form.made();
    const asks = asking(form, made);
    const locks = [new Mutex(NAME, made), new Mutex('another', made)];
    return {
      name: NAME,
      acquire: (options) => lockAll(locks, asks(options)),
      tryAcquire: () => {
        throw new Error('there is none');
      },
      run: (work, options) => lockAll.run(locks, work, asks(options)),
      waiting: 0,
    };
  });
}
