/** Runs once before the browser specs. There is nothing to be run without a browser, so that a failure here ends them. */
import { installChromium } from './chromium.ts';

export default function setup(): void {
  installChromium();
}
