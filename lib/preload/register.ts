/**
 * The file that `NODE_OPTIONS=--require` names. CommonJS only: the one form that every Node process can preload.
 */
import { start } from './start.ts';

start(__filename);
