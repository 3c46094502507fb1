import { Counter, Gauge } from 'prom-client';
import { addMetrics, metrics, ownMetrics, scrape, startDefaultMetrics } from './metrics';

describe('metrics of several threads', () => {
  afterEach(() => metrics.removeSingleMetric('things_total'));

  it('are told as one: sums where both count, and the process once', async () => {
    startDefaultMetrics();
    const things = new Counter({
      name: 'things_total',
      help: 'Things.',
      labelNames: ['kind'],
      registers: [metrics],
    });
    things.inc({ kind: 'both' }, 2);
    things.inc({ kind: 'here' }, 1);
    const there = await ownMetrics();
    expect(there.map(({ name }) => name)).not.toContain('process_cpu_seconds_total');

    things.reset();
    things.inc({ kind: 'both' }, 3);
    const depth = new Gauge({ name: 'depth', help: 'Depth.', registers: [metrics] });
    depth.set(7);
    addMetrics(async () => there);
    const text = await scrape();
    expect(text).toContain('things_total{kind="both"} 5');
    expect(text).toContain('things_total{kind="here"} 1');
    expect(text).toContain('depth 7');
    expect(text.match(/^process_cpu_seconds_total /gm)).toHaveLength(1);
  });
});
