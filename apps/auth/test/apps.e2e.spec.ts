import { newId } from '@libs/kernel';
import { AuthUnderTest } from './auth-under-test';

interface App {
  id: string;
  name: string;
  isDefault: boolean;
  code: string;
}
type Page = { items: App[]; nextCursor: string | null };

let auth: AuthUnderTest;
let token: string;
let stranger: string;

beforeAll(async () => {
  auth = await AuthUnderTest.start();
  await auth.register('estrela');
  await auth.register('rival');
  token = (await auth.login('estrela')).accessToken;
  stranger = (await auth.login('rival')).accessToken;
});
afterAll(() => auth?.stop());

const make = (name: unknown, by = token) => auth.call<App>('/api/v1/apps', { token: by, body: { name } });
const rename = (id: string, name: string, by = token) =>
  auth.call<App>(`/api/v1/apps/${id}`, { method: 'PATCH', token: by, body: { name } });

describe('applications', () => {
  it('begin with the default one', async () => {
    const { body } = await auth.call<Page>('/api/v1/apps', { token: stranger });
    expect(body.items).toMatchObject([{ name: 'Principal', isDefault: true }]);
    expect(body.nextCursor).toBeNull();
  });

  it('are made and renamed, each name once', async () => {
    const made = await make(' Loja  virtual ');
    expect([made.status, made.body.name, made.body.isDefault]).toEqual([201, 'Loja virtual', false]);
    expect(made.headers['location']).toBe(`/api/v1/apps/${made.body.id}`);
    const second = await make('LOJA VIRTUAL');
    expect([second.status, second.body.code]).toEqual([409, 'app_name_taken']);
    expect((await make('Loja virtual', stranger)).status).toBe(201);
    const taken = await rename(made.body.id, 'principal');
    expect([taken.status, taken.body.code]).toEqual([409, 'app_name_taken']);
    expect((await rename(made.body.id, 'Loja')).body).toMatchObject({ id: made.body.id, name: 'Loja' });
    expect((await auth.call<App>(`/api/v1/apps/${made.body.id}`, { token })).body.name).toBe('Loja');
  });

  it('page in the order of their making', async () => {
    for (let i = 0; i < 5; i++) await make(`App ${i}`);
    const seen: string[] = [];
    let cursor = '';
    do {
      const query = `limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await auth.call<Page>(`/api/v1/apps?${query}`, { token });
      seen.push(...body.items.map(({ name }) => name));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(seen[0]).toBe('Principal');
    expect(seen.slice(-5)).toEqual(['App 0', 'App 1', 'App 2', 'App 3', 'App 4']);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('of another tenant are not there', async () => {
    const { id } = (await make('Secreta')).body;
    const answers = [
      await auth.call(`/api/v1/apps/${id}`, { token: stranger }),
      await rename(id, 'Minha', stranger),
      await auth.call(`/api/v1/apps/${newId()}`, { token: stranger }),
      await rename('not-an-id', 'Minha', stranger),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await auth.call<App>(`/api/v1/apps/${id}`, { token })).body.name).toBe('Secreta');
  });

  it.each([[undefined], [''], [' '], [5], ['x'.repeat(121)]])('refuse the name %j', async (name) => {
    expect((await make(name)).status).toBe(400);
  });

  it('end at 100 a tenant, however many are asked for at once', async () => {
    await auth.register('cheia');
    const full = (await auth.login('cheia')).accessToken;
    for (let i = 0; i < 95; i += 5)
      await Promise.all(Array.from({ length: 5 }, (_, n) => make(`App ${i + n}`, full)));
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => make(`Last ${n}`, full)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 409, 409, 409, 409]);
  });
});
