// Three projects: unit (milliseconds, no I/O), int (one real service), e2e (whole apps over HTTP and topics).
const base = {
  rootDir: __dirname,
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest'] },
  moduleNameMapper: { '^@libs/([^/]+)$': '<rootDir>/libs/$1/src/index.ts' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.data/', '<rootDir>/.cache/'],
  setupFiles: ['reflect-metadata'],
};
// One PostgreSQL for the whole run; each spec file gets a database of its own (libs/testing).
const services = {
  globalSetup: '<rootDir>/libs/testing/src/global-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/src/global-teardown.ts',
};

module.exports = {
  testTimeout: 60_000,
  maxWorkers: 2,
  // what modules leave behind adds up over hundreds of suites, and then collecting garbage is most of the work
  workerIdleMemoryLimit: '1GB',
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$'],
    },
    { ...base, ...services, displayName: 'int', testMatch: ['**/*.int.spec.ts'] },
    { ...base, ...services, displayName: 'e2e', testMatch: ['**/*.e2e.spec.ts'] },
  ],
};
