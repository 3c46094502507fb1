import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const { forbidden } = createRequire(__filename)('../.dependency-cruiser.cjs') as {
  forbidden: { name: string }[];
};

interface Violation {
  rule: { name: string };
  from: string;
}

/** What a healthy repository looks like, in small. No rule may fire here. */
const CLEAN: Record<string, string> = {
  'libs/kernel/src/index.ts': `export * from './money';`,
  'libs/kernel/src/money.ts': `import { v7 } from 'uuid'; import { createHash } from 'node:crypto'; export const money = [v7, createHash];`,
  'libs/messaging/src/index.ts': `export * from './publisher';`,
  'libs/messaging/src/publisher.ts': `import { Kafka } from 'kafkajs'; import { money } from '@libs/kernel'; export const publisher = [Kafka, money];`,
  'libs/messaging/src/publisher.int.spec.ts': `import { broker } from '@libs/testing'; export const b = broker;`,
  'libs/testing/src/index.ts': `export const broker = 1;`,
  'apps/auth/src/auth.module.ts': `export const AuthModule = 1;`,
  'apps/auth/src/auth.config.ts': `export const authConfig = 1;`,
  'apps/auth/src/domain/user.ts': `import { money } from '@libs/kernel'; export const user = money;`,
  'apps/auth/src/domain/user.spec.ts': `import { user } from './user'; import { broker } from '@libs/testing'; export const t = [user, broker];`,
  'apps/auth/src/application/register.ts': `import { Injectable } from '@nestjs/common'; import { user } from '../domain/user'; import { money } from '@libs/kernel'; export const register = [Injectable, user, money];`,
  'apps/auth/src/infrastructure/postgres/users.ts': `import { DataSource } from 'typeorm'; import { user } from '../../domain/user'; import { register } from '../../application/register'; export const users = [DataSource, user, register];`,
  'apps/auth/src/interfaces/http/auth.controller.ts': `import { Controller } from '@nestjs/common'; import { register } from '../../application/register'; import { publisher } from '@libs/messaging'; export const c = [Controller, register, publisher];`,
  'apps/auth/src/main.ts': `import { AuthModule } from './auth.module'; import { authConfig } from './auth.config'; export const m = [AuthModule, authConfig];`,
  'apps/auth/test/auth.e2e.spec.ts': `import { broker } from '@libs/testing'; export const b = broker;`,
  'apps/platform/src/main.ts': `import { AuthModule } from '../../auth/src/auth.module'; export const p = AuthModule;`,
  'apps/releases/src/releases.module.ts': `export const ReleasesModule = 1;`,
  'apps/releases/src/domain/release.ts': `export const release = 1;`,
  'scripts/migrate.ts': `import { AuthModule } from '../apps/auth/src/auth.module'; import { money } from '@libs/kernel'; export const s = [AuthModule, money];`,
};

/** For each rule, files that break it, one way each. Every one of them must be reported under that rule. */
const VIOLATIONS: Record<string, Record<string, string>> = {
  'no-cycles': {
    'libs/messaging/src/cycle-a.ts': `import { b } from './cycle-b'; export const a: unknown = b;`,
    'libs/messaging/src/type-cycle-a.ts': `import type { B } from './type-cycle-b'; export type A = B | 1;`,
  },
  'no-unresolvable': {
    'apps/auth/src/unknown-alias.ts': `import { x } from '@libs/nowhere'; export const y: unknown = x;`,
    'apps/auth/src/unknown-package.ts': `import { x } from 'left-out'; export const y: unknown = x;`,
  },
  'app-to-app': {
    'apps/auth/src/other-app.ts': `export * from '../../releases/src/releases.module';`,
    'apps/auth/src/other-app-type.ts': `import type { ReleasesModule } from '../../releases/src/releases.module'; export type T = typeof ReleasesModule;`,
    'apps/auth/src/onto-platform.ts': `export * from '../../platform/src/main';`,
  },
  'platform-composes-modules-only': {
    'apps/platform/src/deep.ts': `export * from '../../releases/src/domain/release';`,
    'apps/platform/test/deep.ts': `import type { release } from '../../releases/src/domain/release'; export type T = typeof release;`,
  },
  'lib-to-app': {
    'libs/messaging/src/app.ts': `export * from '../../../apps/auth/src/auth.module';`,
    'libs/messaging/src/app-type.ts': `import type { AuthModule } from '../../../apps/auth/src/auth.module'; export type T = typeof AuthModule;`,
  },
  'lib-by-index-only': {
    'apps/auth/src/deep-lib.ts': `export * from '../../../libs/kernel/src/money';`,
    'scripts/deep-lib.ts': `import type { money } from '../libs/kernel/src/money'; export type T = typeof money;`,
  },
  'lib-by-alias-only': {
    'apps/auth/src/lib-by-path.ts': `export * from '../../../libs/kernel/src/index';`,
    'libs/messaging/src/lib-by-path.ts': `export * from '../../kernel/src/index';`,
    'scripts/lib-by-path.ts': `export * from '../libs/kernel/src';`,
  },
  'lib-to-lib-by-index-only': {
    'libs/messaging/src/deep-lib.ts': `export * from '../../kernel/src/money';`,
    'libs/messaging/src/deep-lib-type.ts': `import type { money } from '../../kernel/src/money'; export type T = typeof money;`,
  },
  'domain-is-pure': {
    'apps/auth/src/domain/framework.ts': `export { Injectable } from '@nestjs/common';`,
    'apps/auth/src/domain/vendor.ts': `export { DataSource } from 'typeorm';`,
    'apps/auth/src/domain/builtin.ts': `export { readFileSync } from 'node:fs';`,
    'apps/auth/src/domain/outward.ts': `export * from '../application/register';`,
    'apps/auth/src/domain/outward-type.ts': `import type { register } from '../application/register'; export type T = typeof register;`,
    'apps/auth/src/domain/lib.ts': `export * from '@libs/messaging';`,
    'apps/auth/src/domain/other.ts': `export * from '../../../releases/src/domain/release';`,
  },
  'application-inward-only': {
    'apps/auth/src/application/adapter.ts': `export * from '../infrastructure/postgres/users';`,
    'apps/auth/src/application/adapter-type.ts': `import type { users } from '../infrastructure/postgres/users'; export type T = typeof users;`,
    'apps/auth/src/application/vendor.ts': `export { DataSource } from 'typeorm';`,
    'apps/auth/src/application/core.ts': `export { NestFactory } from '@nestjs/core';`,
    'apps/auth/src/application/lib.ts': `export * from '@libs/messaging';`,
  },
  'interfaces-not-infrastructure': {
    'apps/auth/src/interfaces/http/sql.ts': `export * from '../../infrastructure/postgres/users';`,
    'apps/auth/src/interfaces/http/sql-type.ts': `import type { users } from '../../infrastructure/postgres/users'; export type T = typeof users;`,
  },
  'infrastructure-not-interfaces': {
    'apps/auth/src/infrastructure/postgres/http.ts': `export * from '../../interfaces/http/auth.controller';`,
    'apps/auth/src/infrastructure/postgres/http-type.ts': `import type { c } from '../../interfaces/http/auth.controller'; export type T = typeof c;`,
  },
  'layers-not-wiring': {
    'apps/auth/src/infrastructure/postgres/module.ts': `export * from '../../auth.module';`,
    'apps/auth/src/interfaces/http/module-type.ts': `import type { AuthModule } from '../../auth.module'; export type T = typeof AuthModule;`,
    'apps/auth/src/interfaces/http/boot.ts': `export * from '../../main';`,
  },
  'kernel-is-pure': {
    'libs/kernel/src/framework.ts': `export { Injectable } from '@nestjs/common';`,
    'libs/kernel/src/lib.ts': `export * from '@libs/messaging';`,
  },
  'kafkajs-in-messaging-only': {
    'libs/testing/src/kafka.ts': `export { Kafka } from 'kafkajs';`,
    'apps/auth/src/infrastructure/kafka.ts': `import type { Kafka } from 'kafkajs'; export type T = typeof Kafka;`,
  },
  'testing-in-tests-only': {
    'apps/auth/src/uses-testing.ts': `export * from '@libs/testing';`,
    'libs/messaging/src/uses-testing.ts': `import type { broker } from '@libs/testing'; export type T = typeof broker;`,
  },
};

/** The far sides of the planted cycles: a cycle is reported once. */
const PARTNERS: Record<string, string> = {
  'libs/messaging/src/cycle-b.ts': `import { a } from './cycle-a'; export const b: unknown = a;`,
  'libs/messaging/src/type-cycle-b.ts': `import type { A } from './type-cycle-a'; export type B = A | 2;`,
};

describe('dependency boundaries', () => {
  const clean = plant(CLEAN);
  const planted = plant(
    Object.assign({}, CLEAN, PARTNERS, ...Object.values(VIOLATIONS)) as Record<string, string>,
  );
  let violations: Violation[];

  beforeAll(async () => (violations = await cruise(planted)));
  afterAll(() => [clean, planted].forEach((tree) => rmSync(tree, { recursive: true })));

  it('lets a healthy tree pass', async () => {
    expect(await cruise(clean)).toEqual([]);
  });

  it('has a planted violation for every rule, and no plant for a rule that is gone', () => {
    expect(Object.keys(VIOLATIONS).sort()).toEqual(forbidden.map((rule) => rule.name).sort());
  });

  it.each(
    Object.entries(VIOLATIONS).flatMap(([rule, files]) => Object.keys(files).map((file) => [rule, file])),
  )('%s catches %s', (rule, file) => {
    expect(violations.filter((found) => found.from === file).map((found) => found.rule.name)).toContain(rule);
  });

  it('reports nothing but what was planted', () => {
    const guilty = new Set(Object.values(VIOLATIONS).flatMap((files) => Object.keys(files)));
    expect(violations.filter((found) => !guilty.has(found.from))).toEqual([]);
  });
});

/** A repository of these files, under the real configuration. */
function plant(files: Record<string, string>): string {
  const tree = mkdtempSync(join(tmpdir(), 'moneyflow-boundaries-'));
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(join(ROOT, name), join(tree, name));
  const packages = ['@nestjs/common', '@nestjs/core', 'kafkajs', 'typeorm', 'uuid'];
  const dependencies = Object.fromEntries(packages.map((name) => [name, '*']));
  const everything = {
    ...files,
    'package.json': JSON.stringify({ dependencies }),
    ...Object.fromEntries(packages.map((name) => [`node_modules/${name}/index.js`, 'module.exports = {};'])),
  };
  for (const [name, content] of Object.entries(everything)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), content);
  }
  return tree;
}

function cruise(tree: string): Promise<Violation[]> {
  const binary = join(ROOT, 'node_modules/.bin/depcruise');
  const args = ['apps', 'libs', 'scripts', '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  return new Promise((resolve, reject) => {
    execFile(binary, args, { cwd: tree, maxBuffer: 64 << 20 }, (error, stdout) => {
      // Its exit code is the number of violations; without a report it failed for another reason.
      if (error && !stdout.startsWith('{')) return reject(new Error(stdout, { cause: error }));
      resolve((JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations);
    });
  });
}
