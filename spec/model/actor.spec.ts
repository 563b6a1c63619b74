import { actorOf, isSameActor } from '../../lib/model/actor.ts';

describe('an owner of some thread', () => {
  it('is told with its thread, unless both are one', () => {
    expect(actorOf({ owner: 'poller', thread: 'reactor 2' })).toBe('poller (reactor 2)');
    expect(actorOf({ owner: 'poller (reactor 2)', thread: 'reactor 2' })).toBe('poller (reactor 2)');
    expect(actorOf({ owner: 'worker 3', thread: 'worker 3' })).toBe('worker 3');
    expect(actorOf({ owner: 'settle#7' })).toBe('settle#7');
  });

  it('is another one in another thread', () => {
    const one = { owner: 'poller', thread: 'reactor 2' };
    expect(isSameActor(one, { ...one })).toBe(true);
    expect(isSameActor(one, { ...one, owner: 'poller (reactor 2)' })).toBe(true);
    expect(isSameActor(one, { ...one, thread: 'reactor 1' })).toBe(false);
    expect(isSameActor(one, { ...one, owner: 'timer' })).toBe(false);
    expect(isSameActor({ owner: 'poller' }, { owner: 'poller' })).toBe(true);
    expect(isSameActor(one, { owner: 'poller' })).toBe(false);
  });
});
