/**
 * The contexts of the self-test: who can interrupt a task, and how a task keeps it out.
 */
import type { LockdepOptions, Owner } from '../../lib/index.ts';
import { all, type Step } from './program.ts';

export interface Context {
  readonly label: string;
  /** What findings call it. */
  readonly name: string;
  /** What the checker has to know to have it. */
  readonly options: LockdepOptions;
  /** True where its being kept out makes the readers of an rwlock recursive, as inside it. */
  readonly readersWhenDisabled: boolean;
  readonly enter: (owner: Owner) => void;
  readonly exit: (owner: Owner) => void;
  readonly disable: (owner: Owner) => void;
  readonly enable: (owner: Owner) => void;
}

export const HARDIRQ: Context = {
  label: 'hardirq',
  name: 'hardirq',
  options: {},
  readersWhenDisabled: false,
  enter: (owner) => owner.hardirqEnter(),
  exit: (owner) => owner.hardirqExit(),
  disable: (owner) => owner.hardirqDisable(),
  enable: (owner) => owner.hardirqEnable(),
};

export const UNTHREADED: Context = {
  ...HARDIRQ,
  label: 'hardirq, not threaded',
  enter: (owner) => owner.hardirqEnter({ threaded: false }),
};

export const SOFTIRQ: Context = {
  label: 'softirq',
  name: 'softirq',
  options: {},
  readersWhenDisabled: true,
  enter: (owner) => owner.softirqEnter(),
  exit: (owner) => owner.softirqExit(),
  disable: (owner) => owner.softirqDisable(),
  enable: (owner) => owner.softirqEnable(),
};

/** One that the kernel does not know: its handlers may sleep. */
export const SIGNAL: Context = {
  label: 'a signal handler',
  name: 'signal',
  options: { contexts: [{ name: 'signal', interrupt: true }] },
  readersWhenDisabled: false,
  enter: (owner) => owner.enter('signal'),
  exit: (owner) => owner.exit('signal'),
  disable: (owner) => owner.disable('signal'),
  enable: (owner) => owner.enable('signal'),
};

const around = (before: (owner: Owner) => void, steps: readonly Step[], after: (owner: Owner) => void): Step =>
  all(
    ({ owner }) => before(owner),
    ...steps,
    ({ owner }) => after(owner),
  );

/** The steps in a handler of the context. */
export const inHandler = ({ enter, exit }: Context, ...steps: readonly Step[]): Step => around(enter, steps, exit);

/** The steps in a task that keeps the context out meanwhile. */
export const masked = ({ disable, enable }: Context, ...steps: readonly Step[]): Step => around(disable, steps, enable);

export const disable =
  (context: Context): Step =>
  ({ owner }) =>
    context.disable(owner);

export const enable =
  (context: Context): Step =>
  ({ owner }) =>
    context.enable(owner);
