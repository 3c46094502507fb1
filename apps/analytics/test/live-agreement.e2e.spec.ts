import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpListener } from '@libs/http';
import { newId } from '@libs/kernel';
import { AnalyticsHouse } from './analytics.house';
import { LiveSocketClient, LiveStreamClient } from './live-listener';
import { aTrackedEvent } from './tracked-event.builder';

/** Events, some of them late, for as long as the listeners listen. */
const SECONDS = 9;

describe('several instances', () => {
  let house: AnalyticsHouse;
  let other: HttpListener;
  beforeAll(async () => {
    house = await AnalyticsHouse.open();
    other = await house.another();
  }, 60_000);
  afterAll(async () => {
    await other?.close();
    await house?.close();
  });

  it('tell the same, byte for byte, of the same second and seq, while events come in', async () => {
    const tenant = await house.tenant();
    const headers = { authorization: `Bearer ${house.token(tenant)}` };
    const streams = [
      await LiveStreamClient.open(house.url, headers),
      await LiveStreamClient.open(other.url, headers),
    ];
    const sockets = [
      await LiveSocketClient.open(house.url, headers),
      await LiveSocketClient.open(other.url, headers),
    ];
    const end = Date.now() + SECONDS * 1_000;
    while (Date.now() < end) {
      await house.store(
        Array.from({ length: 40 }, (_, at) => {
          const late = at % 4 === 0 ? Math.random() * 35 * 60_000 : 0;
          const when = new Date(Date.now() - late).toISOString();
          return aTrackedEvent({
            ...tenant,
            eventId: randomUUID(),
            timestamp: when,
            occurredAt: when,
            userId: newId(),
            context: { url: `https://app.moneyflow.com/${at % 13}` },
          });
        }),
      );
      await sleep(150 + Math.random() * 200);
    }
    await sleep(6_000);
    for (const client of [...streams, ...sockets]) client.close();

    const told = new Map<string, Set<string>>();
    const add = (id: string, text: string) => told.set(id, (told.get(id) ?? new Set()).add(text));
    const tellers = [
      ...streams.map(({ ids, texts }) => ids.map((id, at): [string, string] => [id, texts[at]!])),
      ...sockets.map(({ texts }) =>
        texts.map((text): [string, string] => {
          const data = text.slice('{"event":"live","data":'.length, -1);
          const { asOf, seq } = JSON.parse(data) as { asOf: string; seq: string };
          return [`${asOf} ${seq}`, data];
        }),
      ),
    ];
    for (const [id, text] of tellers.flat()) add(id, text);
    expect([...told.values()].filter((texts) => texts.size > 1)).toEqual([]);
    // both instances told of the quiet end, and each listener of an instance was told the same
    const [here, there] = streams.map(({ ids }) => new Set(ids));
    expect([...here!].filter((id) => there!.has(id)).length).toBeGreaterThan(0);
    expect(streams[0]!.texts.length).toBeGreaterThan(SECONDS / 2);
    expect(new Set(sockets[0]!.counts.all.map(({ seq }) => seq)).size).toBeGreaterThan(SECONDS / 2);
  }, 60_000);
});
