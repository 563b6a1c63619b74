/**
 * The watched libraries at several majors, and well-known packages that use them, in folders of their own: no program of the
 * specs depends on the package's own dependencies, nor the other way round.
 */
import { join, resolve } from 'node:path';
import { installFolder } from './installed.ts';

const LIBRARIES = resolve(__dirname, '../libraries');
const PACKAGES = resolve(__dirname, '../packages');

/** Installs them once per machine. */
export function installLibraries(): void {
  for (const folder of [LIBRARIES, join(LIBRARIES, 'previous'), PACKAGES]) installFolder(folder);
}
