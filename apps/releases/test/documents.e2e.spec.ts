import { createHash } from 'node:crypto';
import { newId } from '@libs/kernel';
import { Answer, Caller } from '@libs/testing';
import { DocumentPageResponse, DocumentResponse } from '../src/interfaces/http/document.response';
import { ReleasesHouse, aCaller } from './releases.house';

const PDF = Buffer.from('%PDF-1.7 nota fiscal da padaria');

describe('receipts of a release', () => {
  let house: ReleasesHouse;
  beforeAll(async () => {
    house = await ReleasesHouse.open();
  });
  afterAll(() => house.close());

  const described = (bytes: Buffer = PDF): object => ({
    name: 'nota fiscal é.pdf',
    contentType: 'application/pdf',
    size: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });

  async function aRelease(caller: Caller): Promise<string> {
    const { body } = await house.call<{ id: string }>(caller, '', {
      body: { description: 'Farinha', amount: '-80.00' },
    });
    return body.id;
  }

  function attach(
    caller: Caller,
    release: string,
    body: object = described(),
  ): Promise<Answer<DocumentResponse & { code: string }>> {
    return house.call(caller, `/${release}/documents`, { body });
  }

  function put({ upload }: DocumentResponse, bytes: Buffer = PDF): Promise<Response> {
    if (!upload) throw new Error('nothing to upload');
    return fetch(upload.url, { method: upload.method, headers: upload.headers, body: new Uint8Array(bytes) });
  }

  it('go from the client to the store and back, and this app sees no byte of them', async () => {
    const caller = aCaller();
    const release = await aRelease(caller);
    const { status, headers, body } = await attach(caller, release);
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ status: 'pending', uploadedBy: caller.userId });
    expect(new URL(String(body.upload?.url)).pathname).toBe(
      `/moneyflow-documents/tenants/${caller.tenantId}/receipts/${body.id}`,
    );

    const complete = () =>
      house.call<DocumentResponse & { code: string }>(caller, `/${release}/documents/${body.id}/complete`, {
        method: 'POST',
      });
    expect((await complete()).body).toMatchObject({ code: 'document_not_uploaded' });
    expect((await put(body)).status).toBe(200);
    const [first, second] = await Promise.all([complete(), complete()]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body.status).toBe('stored');

    const { body: page } = await house.call<DocumentPageResponse>(caller, `/${release}/documents`);
    expect(page).toMatchObject({ items: [{ id: body.id, status: 'stored' }], nextCursor: null });
    const got = await fetch(String(page.items[0]?.download?.url));
    expect(Buffer.from(await got.arrayBuffer())).toEqual(PDF);
  });

  it('are only what was declared: the link admits no other bytes, and nothing after them', async () => {
    const caller = aCaller();
    const { body } = await attach(caller, await aRelease(caller));
    expect((await put(body, Buffer.from('<script>'))).status).toBe(403);
    expect((await put(body, Buffer.alloc(PDF.length, 'x'))).status).toBe(400);
    expect((await put(body)).status).toBe(200);
    expect((await put(body, Buffer.alloc(PDF.length, 'x'))).status).toBe(400);
  });

  it.each([
    [{ contentType: 'text/html' }, 422, 'document_type_refused'],
    [{ contentType: 'image/svg+xml' }, 422, 'document_type_refused'],
    [{ contentType: 'application/pdf\r\nx-amz-acl: public-read' }, 422, 'document_type_refused'],
    [{ size: 0 }, 422, 'document_size_refused'],
    [{ size: 10 * 1024 * 1024 + 1 }, 422, 'document_size_refused'],
    [{ size: -1 }, 422, 'document_size_refused'],
    [{ size: 1.5 }, 400, 'invalid_request'],
    [{ size: '10' }, 400, 'invalid_request'],
    [{ sha256: 'A'.repeat(64) }, 400, 'invalid_request'],
    [{ name: '' }, 400, 'invalid_request'],
    [{ name: 'a\u0000b' }, 400, 'invalid_request'],
    [{ key: 'tenants/other/receipts/1' }, 400, 'invalid_request'],
    [{ tenantId: newId() }, 400, 'invalid_request'],
  ])('refuses %p', async (wrong, status, code) => {
    const caller = aCaller();
    const answer = await attach(caller, await aRelease(caller), { ...described(), ...wrong });
    expect(answer.status).toBe(status);
    if (status === 422) expect(answer.body.code).toBe(code);
  });

  it('keep to their tenant and their release, under every verb', async () => {
    const [owner, stranger] = [aCaller(), aCaller()];
    const [release, other, foreign] = [
      await aRelease(owner),
      await aRelease(owner),
      await aRelease(stranger),
    ];
    const { body } = await attach(owner, release);
    await put(body);
    const attempts: [Caller, string, string?][] = [
      [stranger, `/${release}/documents`],
      [stranger, `/${release}/documents/${body.id}`],
      [stranger, `/${release}/documents/${body.id}/complete`, 'POST'],
      [stranger, `/${foreign}/documents/${body.id}`],
      [stranger, `/${foreign}/documents/${body.id}/complete`, 'POST'],
      [owner, `/${other}/documents/${body.id}`],
      [owner, `/${other}/documents/${body.id}/complete`, 'POST'],
      [owner, `/${newId()}/documents`],
      [owner, `/${release}/documents/${newId()}`],
      [owner, `/${release}/documents/..%2f..%2f${body.id}`],
      [owner, `/not-an-id/documents`],
    ];
    for (const [caller, path, method = 'GET'] of attempts)
      expect([path, (await house.call(caller, path, { method })).status]).toEqual([path, 404]);
    expect((await attach(stranger, release)).status).toBe(404);
    // a cursor is a place, never a permission
    const cursor = Buffer.from(JSON.stringify([newId()])).toString('base64url');
    const page = await house.call<DocumentPageResponse>(stranger, `/${foreign}/documents?cursor=${cursor}`);
    expect(page.body.items ?? []).toEqual([]);
  });

  it('links of one tenant open nothing of another', async () => {
    const [owner, stranger] = [aCaller(), aCaller()];
    const { body: mine } = await attach(stranger, await aRelease(stranger));
    const { body: theirs } = await attach(owner, await aRelease(owner));
    await put(theirs);
    const path = (document: DocumentResponse) => new URL(String(document.upload?.url)).pathname;
    const swapped = String(mine.upload?.url).replace(path(mine), path(theirs));
    const headers = { ...mine.upload?.headers };
    expect((await fetch(swapped, { method: 'PUT', headers, body: new Uint8Array(PDF) })).status).toBe(403);
    expect((await fetch(swapped)).status).toBe(403);
  });

  it('need the scope: who only reads gets no link to write by', async () => {
    const writer = aCaller();
    const release = await aRelease(writer);
    const { body } = await attach(writer, release);
    const reader = { ...writer, scope: 'releases:read' };
    expect((await attach(reader, release)).status).toBe(403);
    const path = `/${release}/documents/${body.id}`;
    expect((await house.call<DocumentResponse>(reader, path)).body.upload).toBeUndefined();
    expect((await house.call<DocumentResponse>(writer, path)).body.upload?.url).toContain(body.id);
    expect((await house.call({ ...writer, scope: 'tenant:read' }, path)).status).toBe(403);
  });

  it('are at most twenty a release, however many ask at once; what was abandoned makes room', async () => {
    const caller = aCaller();
    const release = await aRelease(caller);
    const answers = await Promise.all(Array.from({ length: 30 }, () => attach(caller, release)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(answers.filter(({ body }) => body.code === 'too_many_documents')).toHaveLength(10);
    const pages = await house.call<DocumentPageResponse>(caller, `/${release}/documents?limit=15`);
    const rest = await house.call<DocumentPageResponse>(
      caller,
      `/${release}/documents?limit=15&cursor=${String(pages.body.nextCursor)}`,
    );
    expect(new Set([...pages.body.items, ...rest.body.items].map(({ id }) => id)).size).toBe(20);
    await house.admin.query(
      `update releases.document set created_at = now() - interval '25 hours' where release_id = $1`,
      [release],
    );
    expect((await attach(caller, release)).status).toBe(201);
  });

  it('belong to a release: a rejected one takes none', async () => {
    const caller = aCaller();
    const release = await aRelease(caller);
    await house.admin.query(
      `insert into releases.rejection (tenant_id, release_id, input_hash, reason, detail)
       values ($1, $2, 'hash', 'invalid_data', 'refused')`,
      [caller.tenantId, release],
    );
    expect((await attach(caller, release)).body).toMatchObject({ code: 'release_rejected' });
  });

  it('are the same document when the POST is repeated under its key', async () => {
    const caller = aCaller();
    const release = await aRelease(caller);
    const once = () =>
      house.call<DocumentResponse>(caller, `/${release}/documents`, {
        body: described(),
        headers: { 'idempotency-key': 'recibo-1' },
      });
    const [first, again] = [await once(), await once()];
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });
});
