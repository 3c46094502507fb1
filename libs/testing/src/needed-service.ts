/** CI installs every service, so that nothing is skipped there unseen. */
const REQUIRED = Boolean(process.env['CI']) || process.env['MONEYFLOW_REQUIRE_SERVICES'] === '1';

/**
 * A suite that needs a service this machine may lack. Without it the suite is skipped in one loud line; where services
 * are required (CI, or MONEYFLOW_REQUIRE_SERVICES=1) that is a failure.
 * @param missing why the service cannot be had; undefined when it can
 */
export function describeNeeding(missing: string | undefined, name: string, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
  } else if (REQUIRED) {
    describe(name, () => {
      it('has the service it needs', () => {
        throw new Error(missing);
      });
    });
  } else {
    process.stderr.write(`\nSKIPPED  ${name}: ${missing}\n`);
    describe.skip(name, suite);
  }
}
