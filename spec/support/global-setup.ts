/**
 * Runs once before all specs. Without the other versions of Node only the specs that need them fail, by `nodeVersions()`,
 * so that work goes on where there is no registry.
 */
import { installNodes } from './nodes.ts';

export default function setup(): void {
  try {
    installNodes();
  } catch (error) {
    const { message, stderr = '' } = error as Error & { stderr?: Buffer | string };
    console.error(
      `\nThe other versions of Node could not be installed; specs that need them will fail.\n${message}\n${stderr}`,
    );
  }
}
