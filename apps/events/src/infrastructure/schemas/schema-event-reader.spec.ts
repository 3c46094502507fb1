import { isRejection } from '../../application/event-reader';
import { SchemaEventReader } from './schema-event-reader';

const NOW = new Date('2026-11-22T12:00:00.500Z');
const reader = new SchemaEventReader({ now: () => NOW });

// the source document's sample, as it was written
const sample = () =>
  JSON.parse(`{
  "event_id": "550e8400-e29b-41d4-a716-446655440000",
  "event_type": "transfer_completed",
  "timestamp": "2025-11-26T10:30:00.000Z",
  "server_timestamp": "2025-11-26T10:30:00.123Z",
  "user": { "user_id": "9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11", "device_id": "3f1b7a0e-2f6d-4a50-8a6b-5b7f6f0f2a77" },
  "session": { "session_id": "0c5c2a7e-7c0e-4a56-9d59-1d0a5b0a9c21", "seq": 42 },
  "context": {
    "url": "https://app.moneyflow.com/transfer",
    "referrer": "https://google.com",
    "ip": "192.168.1.1",
    "user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "screen_width": 1920,
    "screen_height": 1080,
    "viewport_width": 1200,
    "viewport_height": 800,
    "timezone": "America/Sao_Paulo",
    "locale": "pt-BR"
  },
  "properties": { "amount": 150.50, "currency": "BRL", "to_account": "****1234", "transfer_type": "pix" },
  "version": "1.0.0"
}`) as Record<string, unknown>;

describe('SchemaEventReader', () => {
  it("reads the source document's sample as it was written", () => {
    expect(reader.read(sample(), 0, 'sdk')).toEqual({
      eventId: '550e8400-e29b-41d4-a716-446655440000',
      eventType: 'transfer_completed',
      timestamp: '2025-11-26T10:30:00.000Z',
      source: 'sdk',
      userId: '9f0c7a52-6f0e-4f0a-9c39-0d8f3c6f3a11',
      deviceId: '3f1b7a0e-2f6d-4a50-8a6b-5b7f6f0f2a77',
      sessionId: '0c5c2a7e-7c0e-4a56-9d59-1d0a5b0a9c21',
      seq: 42,
      context: {
        url: 'https://app.moneyflow.com/transfer',
        referrer: 'https://google.com',
        userAgent:
          'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
        screenWidth: 1920,
        screenHeight: 1080,
        viewportWidth: 1200,
        viewportHeight: 800,
        timezone: 'America/Sao_Paulo',
        locale: 'pt-BR',
      },
      properties: { amount: '150.50', currency: 'BRL', to_account: '****1234', transfer_type: 'pix' },
      version: '1.0.0',
    });
  });

  it('leaves what was sent as it was', () => {
    const raw = sample();
    reader.read(raw, 0, 'sdk');
    expect(raw).toEqual(sample());
  });

  it('makes the id and the time that the short form may lack', () => {
    const told = reader.read({ eventType: 'nota_emitida', metadata: { n: 1 } }, 0, 'track');
    expect(told).toMatchObject({
      eventId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      timestamp: NOW.toISOString(),
      source: 'track',
      properties: { n: 1 },
    });
  });

  it('gives an id without a time the same time when it is sent again', () => {
    const raw = { eventType: 'x', eventId: '550e8400-e29b-41d4-a716-446655440000' };
    const later = new SchemaEventReader({ now: () => new Date(NOW.getTime() + 3_600_000) });
    const [first, again] = [reader, later].map((each) => each.read(raw, 0, 'track'));
    expect(first).toEqual(again);
    expect(first).toMatchObject({ timestamp: '2026-11-22T00:00:00.000Z' });
  });

  it('reads an amount of a known type in the short form, too', () => {
    const told = reader.read({ eventType: 'payment_completed', metadata: { amount: '7' } }, 0, 'track');
    expect(told).toMatchObject({ properties: { amount: '7.00' } });
  });

  it('says of a rejected event which one it was, and quotes nothing personal', () => {
    const read = reader.read({ ...sample(), 'joao@exemplo.com': 1 }, 3, 'sdk');
    expect(isRejection(read) && read).toEqual({
      index: 3,
      eventId: '550e8400-e29b-41d4-a716-446655440000',
      eventType: 'transfer_completed',
      code: 'unknown_property',
      message: '?: is not known here.',
    });
  });
});
