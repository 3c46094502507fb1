import { POSTING_FAILPOINTS } from '@libs/kernel';
import { Journey, PostingPlan } from '@libs/testing';
import { AllInOne } from './all-in-one';

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
  const house = AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });

  afterAll(async () => (await house).remove(), 60_000);

  it.each(BETWEEN_SERVICES)(
    'loses and doubles nothing at %s',
    async (failpoint) => {
      const platform = await house;
      await platform.start();
      const journey = await Journey.begin(platform.entrances);
      await platform.running.stop();

      const plan = PostingPlan.of({ sends: 400, seed: 200 + POSTING_FAILPOINTS.indexOf(failpoint) });
      const armed = platform.launch({ MONEYFLOW_FAILPOINT: failpoint });
      const restarted = armed.ended().then(() => platform.start());
      const ids = await journey.post(plan);
      await restarted;
      expect(armed.signal).toBe('SIGKILL');
      await journey.consolidated(plan, 60_000);
      await journey.postedOnce(plan, ids);
      await platform.running.stop();
    },
    120_000,
  );
});
