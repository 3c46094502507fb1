import { randomUUID } from 'node:crypto';
import {
  ClosablePublisher,
  ensureTopics,
  eventPublisher,
  EventTransportOptions,
  MessagingSettings,
} from '../src';
import { Handle, Member } from './member';

/** One way to carry events, started and ready. */
export interface Carrier {
  settings: MessagingSettings;
  /** The texts of everything on a topic, read past our transports: dead letters need not be envelopes. */
  texts(topic: string): Promise<string[]>;
}

/** What one test has to itself: the tests run beside each other, since most of their time they wait for a group to form. */
export interface Room {
  settings: MessagingSettings;
  /** As the carrier's. */
  texts: (topic: string) => Promise<string[]>;
  publisher: ClosablePublisher;
  topic: string;
  group: string;
  /** Joins the room's group, and leaves when the test is over. */
  member: (handle?: Handle, options?: Partial<EventTransportOptions>, topics?: string[]) => Promise<Member>;
}

/** A test with a room of its own. */
export type RoomTest = (promise: string, run: (room: Room) => Promise<void>) => void;

/** What everything is awaited for, forming a group included. */
export const within = { within: 30_000 };

export function roomTests(carrierOf: () => Carrier): RoomTest {
  let publisher: ClosablePublisher;

  beforeAll(() => {
    publisher = eventPublisher(carrierOf().settings);
  });
  afterAll(() => publisher.close());

  return (promise, run) =>
    it.concurrent(promise, async () => {
      const carrier = carrierOf();
      const { settings } = carrier;
      const [topic, group] = [`contract.topic-${randomUUID()}.v1`, `contract-group-${randomUUID()}`];
      const members: Member[] = [];
      await ensureTopics(settings, [topic]);
      const member: Room['member'] = async (handle, options = {}, topics = [topic]) => {
        const started = await Member.start(settings, topics, { group, ...options }, handle);
        members.push(started);
        return started;
      };
      try {
        await run({
          settings,
          texts: (of) => carrier.texts(of),
          publisher,
          topic,
          group,
          member,
        });
      } finally {
        await Promise.all(members.map((each) => each.stop()));
      }
    });
}
