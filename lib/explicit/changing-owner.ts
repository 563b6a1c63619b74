/**
 * What an explicit owner does to locks that it holds, without giving them back.
 */
import { checkLock, checkSubclass } from '../acquire.ts';
import type { ReleaseViolation } from '../model/violation.ts';
import { checkName } from '../options.ts';
import { CHANGE_RULES, PIN_RULES, UPGRADE_RULES } from '../rules/index.ts';
import type { LifeEvent } from '../rules/lifetime.ts';
import type { Pinning } from '../rules/pin.ts';
import type { Release } from '../rules/release.ts';
import type { Attempt } from '../state/attempt.ts';
import type { LockInstance } from '../state/classes.ts';
import { captureSite } from '../state/site.ts';
import { usagesOf } from '../state/usage.ts';
import { type Entry, newExtra, type Pin } from './entry.ts';
import { holdStart, UNTIMED } from './hold-time.ts';
import { LockingOwner } from './locking-owner.ts';
import { judgeLife, releaseOf } from './release.ts';

export class ChangingOwner extends LockingOwner {
  /**
   * Says that the lock that this owner has just asked for is not free: until `granted`, or the release if it gives up, it waits and
   * holds nothing, as far as times are concerned. Nothing where holds are not timed.
   */
  blocked(lock: LockInstance): void {
    this.#restart(lock, UNTIMED);
  }

  /** Says that this owner has got only now what it asked for before: how long it holds it counts from here. */
  granted(lock: LockInstance): void {
    this.#restart(lock, holdStart(this.parts.engine));
  }

  #restart(lock: LockInstance, since: number): void {
    const { engine, stack } = this.parts;
    const entry = engine.profile.isTimed ? stack.find(lock) : undefined;
    if (entry !== undefined) {
      entry.since = since;
    }
  }

  /**
   * Says that this owner, which holds the lock as a writer, goes on as a plain reader without letting go.
   * @throws LockdepError under the `throw` policy if it does not hold it so
   * @throws TypeError for a kind without readers
   */
  downgrade(lock: LockInstance): void {
    this.#change(lock, { verb: 'downgrades', caller: this.downgrade }, (entry) => {
      if (entry.class.kind.readers === 'none') {
        throw new TypeError(
          `lock: a lock of kind '${entry.class.kind.name}' has no readers, so it cannot be downgraded`,
        );
      }
      if (entry.mode === 'exclusive') {
        this.parts.stack.change(entry, lock, { mode: entry.class.modeIn('shared', entry.chain.situation) });
        return;
      }
      // Only a writer can do so.
      this.#judgeChange(lock, { verb: 'downgrades', entry, mode: 'exclusive', caller: this.downgrade });
    });
  }

  /**
   * Says that this owner, which holds the lock as a reader, is about to wait until it is the only one, and then is the writer. Two that do so
   * at once wait for each other, unless the class is declared `upgradable`.
   * @throws LockdepError under the `throw` policy: it then stays a reader
   */
  upgrade(lock: LockInstance, options: { readonly try?: boolean } = {}): void {
    this.#change(lock, { verb: 'upgrades', caller: this.upgrade }, (entry) => {
      if (entry.mode === 'exclusive') {
        return;
      }
      const { engine, stack } = this.parts;
      const attempt = this.#upgradeOf(entry, options.try === true);
      engine.judge(UPGRADE_RULES, attempt);
      engine.judgeAside({ ...attempt, held: attempt.held.filter((one) => one !== entry) });
      stack.change(entry, lock, { mode: 'exclusive' });
    });
  }

  #upgradeOf(entry: Entry, isTry: boolean): Attempt {
    const { engine, stack } = this.parts;
    const { lock, units } = entry;
    const how = { class: entry.class, mode: 'exclusive' as const, try: isTry, situation: stack.situation };
    const usages = usagesOf(engine.state.usages, how);
    const site = captureSite(this.upgrade);
    return { ...how, owner: this, lock, units, usages, tentative: false, held: stack.view(), site };
  }

  /**
   * Says that a lock that this owner holds is of another class from now on.
   * @throws LockdepError under the `throw` policy if it does not hold it
   * @throws TypeError if it is no name, or that of a class of another kind
   */
  setClass(lock: LockInstance, name: string, options: { readonly subclass?: number } = {}): void {
    const { subclass = 0 } = options;
    checkName('name', name);
    checkSubclass(subclass);
    this.#change(lock, { verb: 're-classes', caller: this.setClass }, (entry) => {
      const { engine, stack } = this.parts;
      const lockClass = engine.classNamed(name, lock.class);
      if (lockClass !== lock.class) {
        engine.state.classes.join(lockClass);
        lock.class = lockClass;
      }
      stack.change(entry, lock, { class: engine.subclassOf(lockClass, subclass) });
    });
  }

  /**
   * Says that a lock that this owner holds is on another nesting level of its class from now on.
   * @throws LockdepError under the `throw` policy if it does not hold it
   * @throws TypeError if it is no whole number from 0
   */
  setSubclass(lock: LockInstance, subclass: number): void {
    checkSubclass(subclass);
    this.#change(lock, { verb: 're-classes', caller: this.setSubclass }, (entry) => {
      const { engine, stack } = this.parts;
      stack.change(entry, lock, { class: engine.subclassOf(lock.class, subclass) });
    });
  }

  /**
   * Forbids to release a lock that this owner holds, until it is unpinned.
   * @returns what to unpin it with
   */
  pin(lock: LockInstance): Pin {
    const { engine, stack } = this.parts;
    checkLock(engine.state.classes, lock);
    const cookie: Pin = Object.freeze({ lock });
    const entry = stack.find(lock);
    if (entry === undefined) {
      this.#judgePin(lock, { act: 'pins', fault: 'not-held', caller: this.pin });
    } else {
      entry.extra ??= newExtra();
      entry.isPlain = false;
      entry.extra.pins.push({ cookie, site: captureSite(this.pin) });
    }
    return cookie;
  }

  /** Takes a pin off. */
  unpin(lock: LockInstance, cookie: Pin): void {
    const { engine, stack } = this.parts;
    checkLock(engine.state.classes, lock);
    const entry = stack.find(lock);
    const pins = entry?.extra?.pins ?? [];
    const at = pins.findIndex((pin) => pin.cookie === cookie);
    if (entry === undefined) {
      this.#judgePin(lock, { act: 'unpins', fault: 'not-held', caller: this.unpin });
    } else if (at < 0) {
      const [first] = pins;
      const fault = first === undefined ? 'not-pinned' : 'other-cookie';
      this.#judgePin(lock, { act: 'unpins', fault, caller: this.unpin, pinned: first?.site ?? null });
    } else {
      pins.splice(at, 1);
    }
  }

  /** Says that the lock is ready for use, for the first time or again. */
  init(lock: LockInstance): void {
    this.#live(lock, 'init', this.init);
    lock.lifetime = 'ready';
  }

  /** Says that the lock is not used any more. */
  destroy(lock: LockInstance): void {
    this.#live(lock, 'destroy', this.destroy);
    lock.lifetime = 'destroyed';
    lock.destroyed = captureSite(this.destroy);
  }

  #live(lock: LockInstance, act: LifeEvent['act'], caller: unknown): void {
    const { engine } = this.parts;
    checkLock(engine.state.classes, lock);
    engine.during(() => judgeLife(this.parts, lock, { act, caller }));
  }

  #change(lock: LockInstance, { verb, caller }: Change, work: (entry: Entry) => void): void {
    const { engine, stack } = this.parts;
    checkLock(engine.state.classes, lock);
    engine.during(() => {
      const entry = stack.find(lock);
      if (entry === undefined) {
        this.#judgeChange(lock, { verb, caller });
      } else {
        work(entry);
      }
    });
  }

  #judgeChange(lock: LockInstance, change: Change & Pick<Partial<Release>, 'entry' | 'mode'>): void {
    this.parts.engine.judge(CHANGE_RULES, releaseOf(this.parts, lock, change));
  }

  #judgePin(
    lock: LockInstance,
    { caller, pinned = null, ...how }: Pick<Pinning, 'act' | 'fault'> & Partial<Pinning> & { readonly caller: unknown },
  ): void {
    const { engine, stack } = this.parts;
    const event = { ...how, owner: this, lock, held: stack.view(), pinned, site: captureSite(caller) };
    engine.during(() => engine.judge(PIN_RULES, event));
  }
}

interface Change {
  /** What the owner does, for a sentence. */
  readonly verb: ReleaseViolation['act'];
  readonly caller: unknown;
}
