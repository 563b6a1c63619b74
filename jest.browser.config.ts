import type { Config } from 'jest';
import base from './jest.config.ts';

/** The specs that need a browser: Debian's Chromium, driven by what spec/browser/package.json names. */
const config: Config = {
  ...base,
  globalSetup: '<rootDir>/spec/browser/support/global-setup.ts',
  testMatch: ['<rootDir>/spec/browser/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Each file has a browser of its own, whose workers want the processors.
  maxWorkers: 1,
};

export default config;
