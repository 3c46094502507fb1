import { AllInOne } from './all-in-one';
import { PersonJourney } from './tracking/person-journey';

describe('npm start, and a person who is to be forgotten', () => {
  let house: AllInOne;
  let journey: PersonJourney;

  beforeAll(async () => {
    house = await AllInOne.prepare({ MONEYFLOW_DEMO: 'false' });
    await house.start();
    journey = await PersonJourney.begin(house.entrances, house.adminUrl);
  }, 90_000);
  afterAll(async () => {
    await journey?.end();
    await house?.remove();
  }, 60_000);

  it.each([
    ['analytics', 'cliente-42'],
    ['analytics', 'dona@padaria.example'],
    ['events', '529.982.247-25'],
  ] as const)(
    'when %s is asked for %s, is in no table of any service afterwards, stays out, and may come back',
    (by, person) => journey.isErased(person, by),
    90_000,
  );
});
