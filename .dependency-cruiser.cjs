// The boundary rules of docs/architecture: which way may a file look? A test plants a violation of every rule.
const layer = (name) => `^apps/([^/]+)/src/${name}/`;
const spec = '\\.spec\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      comment: 'an import that resolves to nothing would slip past every other rule',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'app-to-app',
      comment: 'apps never import apps; platform alone composes them',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/platform/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'platform-composes-modules-only',
      comment: 'platform sees an app through its module and its config, nothing deeper',
      severity: 'error',
      from: { path: '^apps/platform/' },
      to: { path: '^apps/[^/]+/', pathNot: ['^apps/platform/', '^apps/[^/]+/src/[^/]+\\.ts$'] },
    },
    { name: 'lib-to-app', severity: 'error', from: { path: '^libs/' }, to: { path: '^apps/' } },
    {
      name: 'lib-by-index-only',
      severity: 'error',
      from: { path: '^(apps|scripts)/' },
      to: { path: '^libs/', pathNot: '/src/index\\.ts$' },
    },
    {
      name: 'lib-to-lib-by-index-only',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '/src/index\\.ts$'] },
    },
    {
      name: 'lib-by-alias-only',
      comment: 'a lib is imported as @libs/<name>, never by a path',
      severity: 'error',
      from: { path: '^(?:apps|scripts|libs/([^/]+))/' },
      to: { path: '^libs/', pathNot: '^libs/$1/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'domain-is-pure',
      comment: 'a list of words is data, not a framework',
      severity: 'error',
      from: { path: layer('domain'), pathNot: spec },
      to: {
        pathNot: ['^apps/$1/src/domain/', '^libs/kernel/', 'node_modules/@zxcvbn-ts/language-common/'],
      },
    },
    {
      name: 'application-inward-only',
      severity: 'error',
      from: { path: layer('application'), pathNot: spec },
      to: {
        pathNot: ['^apps/$1/src/(domain|application)/', '^libs/kernel/', 'node_modules/@nestjs/common/'],
      },
    },
    {
      name: 'interfaces-not-infrastructure',
      severity: 'error',
      from: { path: layer('interfaces'), pathNot: spec },
      to: { path: '^apps/$1/src/infrastructure/' },
    },
    {
      name: 'infrastructure-not-interfaces',
      severity: 'error',
      from: { path: layer('infrastructure'), pathNot: spec },
      to: { path: '^apps/$1/src/interfaces/' },
    },
    {
      name: 'layers-not-wiring',
      comment: 'the module binds the layers; a layer never looks back at it',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/[^/]+/', pathNot: ['^apps/platform/', spec] },
      to: { path: '^apps/$1/src/([^/]+\\.(module|app)|main|worker)\\.ts$' },
    },
    {
      name: 'kernel-is-pure',
      comment: 'the kernel names no framework and no vendor',
      severity: 'error',
      from: { path: '^libs/kernel/', pathNot: spec },
      to: { pathNot: ['^libs/kernel/', '^node:', 'node_modules/uuid/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'kafkajs-in-messaging-only',
      severity: 'error',
      from: { pathNot: '^libs/messaging/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'testing-in-tests-only',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['\\.spec\\.ts$', '/test/', '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
