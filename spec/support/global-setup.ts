/**
 * Runs once before all specs. Without the other versions of Node, or the libraries, only the specs that need them fail, so
 * that work goes on where there is no registry.
 */
import { installLibraries } from './libraries-installed.ts';
import { installNodes } from './nodes.ts';

export default function setup(): void {
  attempt('The other versions of Node', installNodes);
  attempt('The watched libraries', installLibraries);
}

function attempt(what: string, install: () => void): void {
  try {
    install();
  } catch (error) {
    const { message, stderr = '' } = error as Error & { stderr?: Buffer | string };
    console.error(`\n${what} could not be installed; specs that need them will fail.\n${message}\n${stderr}`);
  }
}
