import { demoCompany } from '../apps/platform/src/demo/demo-company';
import { seedDemo } from '../apps/platform/src/demo/seed-demo';

/** `npm run seed [-- http://host:port]`: the demo company and its last months, into a running MoneyFlow. */
async function main(): Promise<void> {
  const baseUrl = process.argv[2] ?? process.env['MONEYFLOW_URL'] ?? 'http://localhost:3000';
  const { registered, accepted, events } = await seedDemo(baseUrl, new Date());
  process.stdout.write(
    `${demoCompany.tenant.name}: ${registered ? 'registered' : 'was registered already'}; ` +
      `${accepted} releases accepted (those known already are posted once), ${events} events of its customers.\n` +
      `Sign in at ${baseUrl} as ${demoCompany.email} with the password ${demoCompany.password}\n`,
  );
}

main().catch((error: unknown) => {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
  process.stderr.write(
    `The demo data could not be posted: ${reason}\nIs MoneyFlow running? Start it with npm start.\n`,
  );
  process.exitCode = 1;
});
