/**
 * The worker of the specs: a module that imports the served package, says that it is ready, and runs the tasks it is sent, one
 * answer each.
 */
import * as lockdep from '/lockdep/index.js';
import { compile, raise, until } from './task.js';

const say = (text) => postMessage({ said: text });
const world = { lockdep, until, raise, say, load: (path) => import(path) };

addEventListener('message', async ({ data: { id, source, input } }) => {
  try {
    const result = await compile(source, `worker-${self.name}-${id}`)(world, input);
    postMessage({ id, result });
  } catch (error) {
    // A clone of an error keeps its name, message and stack, and drops what is its own.
    postMessage({ id, error });
  }
});

postMessage({ isReady: true });
