import type { Config } from 'jest';
import base from './jest.config.ts';

/** The specs that need real servers: scripts/test-servers.mjs starts those, and calls jest with this. */
const config: Config = {
  ...base,
  testMatch: ['<rootDir>/spec/servers/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};

export default config;
