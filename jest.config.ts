import type { Config } from 'jest';

const config: Config = {
  globalSetup: '<rootDir>/spec/support/global-setup.ts',
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  // Those need real servers, or a browser: jest.servers.config.ts, jest.browser.config.ts.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/spec/servers/', '<rootDir>/spec/browser/'],
  transform: { '^.+\\.ts$': ['ts-jest', {}] },
  testTimeout: 60_000,
  watchman: false,
};

export default config;
