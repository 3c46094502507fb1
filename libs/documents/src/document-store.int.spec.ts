import { s3Client } from '@libs/aws';
import { SystemClock, newId } from '@libs/kernel';
import { freePort } from '@libs/testing';
import { DocumentStore } from './document-store';
import { DocumentStoreUnavailable } from './document-store-unavailable.error';

describe('the store of documents', () => {
  const ref = { tenantId: newId(), kind: 'receipts', id: newId() } as never;
  const content = { contentType: 'image/png', size: 1, sha256: '00'.repeat(32) };

  it('says that it is away, never that a document is missing', async () => {
    const away = s3Client({ region: 'sa-east-1', s3Endpoint: `http://127.0.0.1:${await freePort()}` });
    const store = new DocumentStore('documents', away, away, new SystemClock());
    await expect(store.holds(ref, content)).rejects.toBeInstanceOf(DocumentStoreUnavailable);
    store.onApplicationShutdown();
  });

  it("signs for the clients' address where that is not ours, type, length and SHA-256 included", async () => {
    const inside = s3Client({ region: 'sa-east-1', s3Endpoint: 'http://s3.internal:4566' });
    const outside = s3Client({ region: 'sa-east-1', s3Endpoint: 'https://files.example' });
    const store = new DocumentStore('documents', inside, outside, new SystemClock());
    const { url } = await store.presignUpload(ref, content);
    expect(new URL(url).host).toBe('files.example');
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe(
      'content-length;content-type;host;x-amz-checksum-sha256',
    );
    store.onApplicationShutdown();
  });
});
