import { POSTING_FAILPOINTS } from '@libs/kernel';
import { AllInOne } from './all-in-one';
import { ContinualPosting, dyingAt } from './continual-posting';

/**
 * The house in one process, on its embedded services: queue, log, database and applications go down together, as when
 * the power fails. `apart.e2e.spec.ts` kills each process at every point there is; these are the points at which one
 * service already knows what the next one does not.
 */
const BETWEEN_SERVICES: readonly (typeof POSTING_FAILPOINTS)[number][] = [
  'api.after-send',
  'worker.after-commit',
  'worker.before-delete',
  'relay.after-publish',
  'consumer.after-commit',
  'consumer.before-offset',
];

describe('npm start, killed', () => {
  let house: AllInOne;

  beforeAll(async () => {
    house = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
    await house.start();
  }, 60_000);
  afterAll(() => house.remove(), 60_000);

  it('loses and doubles nothing at any of these points', async () => {
    const companies = await ContinualPosting.during(
      house.entrances,
      async (companies) => {
        await house.running.stop();
        for (const point of BETWEEN_SERVICES) await companies.killed(house.launch(dyingAt(point)), point);
        await house.start();
      },
      { seed: 200 },
    );
    expect(companies).toBeGreaterThanOrEqual(3);
  }, 240_000);
});
