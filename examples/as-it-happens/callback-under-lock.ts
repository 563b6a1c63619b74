// A store tells its listeners of each change while it holds its lock. One of them reads the store, and so asks for the lock that its own caller
// holds. The rule is off unless it is asked for.
import { EventEmitter } from 'node:events';
import { Mutex } from '../../lib/index.ts';
import { checker, print } from './report.ts';

const lockdep = checker({ rules: { 'callback-under-lock': 'warning' } });
const lock = new Mutex('store', { lockdep });
const changes = new EventEmitter();
const values = new Map<string, string>();

async function save(name: string, value: string): Promise<void> {
  await lock.run(() => {
    values.set(name, value);
    changes.emit('saved', name);
  });
}

/** Right: what there is to tell is told after the release. */
async function saveAndTell(name: string, value: string): Promise<void> {
  await lock.run(() => values.set(name, value));
  changes.emit('saved', name);
}

async function main(): Promise<void> {
  changes.on('saved', (name) => console.log(`${name} is ${lock.isLocked ? 'not to be read yet' : values.get(name)}`));
  await lockdep.task('save', () => save('colour', 'red'));
  await lockdep.task('save', () => saveAndTell('colour', 'blue'));
  console.log();
  print(lockdep);
}

void main();
