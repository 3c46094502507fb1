import { AllInOne } from './all-in-one';
import { ReportJourney } from './tracking/report-journey';

/** `apart.e2e.spec.ts` goes the same way with every app in its own process. */
describe('npm start, from an event to its reports', () => {
  let house: AllInOne;
  let journey: ReportJourney;

  beforeAll(async () => {
    house = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
    await house.start();
    journey = await ReportJourney.begin(house.entrances);
  }, 90_000);
  afterAll(() => house?.remove(), 60_000);

  it('tells of a visit in every report, and they agree', () => journey.tellsOfAVisit(), 60_000);

  it(
    'shows an event within a second after its 202, though the report was cached',
    () => journey.seesAtOnce(),
    120_000,
  );
});
