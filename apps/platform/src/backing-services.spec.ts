import { DataFolder } from './data-folder';
import { startBackingServices } from './backing-services';
import { Undo } from './undo';

describe('a PostgreSQL that is given', () => {
  it.each([
    ['without', undefined],
    ['with a short', 'x'.repeat(31)],
  ])('is not used %s secret of its roles', async (_name, secret) => {
    const given = {
      DATABASE_ADMIN_URL: 'postgresql://admin@127.0.0.1:1/nowhere',
      DATABASE_ROLE_SECRET: secret,
      SQS_ENDPOINT: 'http://127.0.0.1:1',
    };
    await expect(startBackingServices({} as DataFolder, given, new Undo())).rejects.toMatchObject({
      name: 'CannotStart',
      problem: expect.stringContaining('DATABASE_ROLE_SECRET'),
    });
  });
});
