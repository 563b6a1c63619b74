import type { Config } from 'jest';

const config: Config = {
  globalSetup: '<rootDir>/spec/support/global-setup.ts',
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  // Those need real servers: jest.servers.config.ts.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/spec/servers/'],
  transform: { '^.+\\.ts$': ['ts-jest', {}] },
  testTimeout: 60_000,
  watchman: false,
};

export default config;
