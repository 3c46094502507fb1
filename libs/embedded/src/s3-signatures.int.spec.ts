import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { s3Client } from '@libs/aws';
import { EmbeddedAws, startEmbeddedAws } from './aws';

const BODY = Buffer.from('%PDF-1.7 a receipt');
const SHA256 = createHash('sha256').update(BODY).digest('base64');

describe('the embedded S3', () => {
  let aws: EmbeddedAws;
  let client: S3Client;
  beforeAll(async () => {
    aws = await startEmbeddedAws();
    client = s3Client({ region: aws.region, s3Endpoint: aws.endpoint });
  });
  afterAll(async () => {
    client.destroy();
    await aws.stop();
  });

  const put = (Key: string): Promise<string> =>
    getSignedUrl(
      client,
      new PutObjectCommand({
        Bucket: aws.bucket,
        Key,
        ContentType: 'application/pdf',
        ContentLength: BODY.length,
        ChecksumSHA256: SHA256,
      }),
      {
        expiresIn: 60,
        signableHeaders: new Set(['content-type']),
        unhoistableHeaders: new Set(['x-amz-checksum-sha256']),
      },
    );
  const headers = { 'content-type': 'application/pdf', 'x-amz-checksum-sha256': SHA256 };

  it('takes what the SDK signs, in a URL and in a header', async () => {
    expect((await fetch(await put('a'), { method: 'PUT', headers, body: BODY })).status).toBe(200);
    const head = await client.send(
      new HeadObjectCommand({ Bucket: aws.bucket, Key: 'a', ChecksumMode: 'ENABLED' }),
    );
    expect(head).toMatchObject({ ContentLength: BODY.length, ChecksumSHA256: SHA256 });
    await client.send(new PutObjectCommand({ Bucket: aws.bucket, Key: 'b c/ã', Body: BODY }));
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: aws.bucket, Key: 'b c/ã' }));
    expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(BODY);
  });

  it.each<[string, (url: string) => Promise<Response>]>([
    ['another type', (url) => upload(url, { headers: { ...headers, 'content-type': 'text/html' } })],
    ['no type', (url) => upload(url, { headers: { 'x-amz-checksum-sha256': SHA256 } })],
    ['another length', (url) => upload(url, { body: Buffer.concat([BODY, BODY]) })],
    ['other bytes', (url) => upload(url, { body: Buffer.from(BODY).fill('x') })],
    ['no checksum', (url) => upload(url, { headers: { 'content-type': 'application/pdf' } })],
    ['another key', (url) => upload(url.replace('/victim?', '/other?'), {})],
    ['a dotted path', (url) => upload(url.replace('/victim?', '/x%2f..%2fvictim?'), {})],
    ['a header of its own', (url) => upload(url, { headers: { ...headers, 'x-amz-copy-source': '/b/a' } })],
    ['another method', (url) => fetch(url, { method: 'DELETE' })],
    ['a longer life', (url) => upload(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'), {})],
    [
      'an edited signature',
      (url) =>
        upload(
          url.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
          {},
        ),
    ],
    ['no signature', (url) => upload(String(url.split('?')[0]), {})],
  ])('refuses an upload with %s', async (_what, attempt) => {
    const url = (await put('victim')).replace(/(.*)&(X-Amz-Signature=[0-9a-f]+)(.*)/, '$1$3&$2');
    const { status } = await attempt(url);
    expect([400, 403]).toContain(status);
    await expect(
      client.send(new HeadObjectCommand({ Bucket: aws.bucket, Key: 'victim' })),
    ).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  });

  it('refuses a link that is over, and whoever asks without one', async () => {
    const command = new GetObjectCommand({ Bucket: aws.bucket, Key: 'a' });
    const url = await getSignedUrl(client, command, {
      expiresIn: 5,
      signingDate: new Date(Date.now() - 6_000),
    });
    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(`${aws.endpoint}/${aws.bucket}/a`)).status).toBe(403);
    expect((await fetch(`${aws.endpoint}/${aws.bucket}`)).status).toBe(403);
  });

  it('lets a page of a frontend upload', async () => {
    const origin = 'https://app.example';
    const preflight = await fetch(await put('page'), { method: 'OPTIONS', headers: { origin } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    const answer = await upload(await put('page'), { headers: { ...headers, origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  function upload(url: string, change: RequestInit): Promise<Response> {
    return fetch(url, { method: 'PUT', headers, body: BODY, ...change });
  }
});
