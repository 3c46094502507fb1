import { FastifyInstance } from 'fastify';
import { Readiness } from '../health';
import { metrics, scrape, startDefaultMetrics } from '../metrics';

/**
 * Health and metrics, outside every guard and prefix. `/health` says that the process answers; `/health/ready` names
 * each dependency and is 503 while one is away or the process is leaving.
 */
export function serveOperationalRoutes(
  fastify: FastifyInstance,
  readiness: Readiness,
  version: string,
): void {
  startDefaultMetrics();
  const alive = () => ({
    success: true,
    status: 'healthy',
    timestamp: new Date().toISOString(),
    uptime: Math.round(process.uptime() * 1000) / 1000,
    version,
  });
  fastify.get('/health', alive);
  fastify.get('/health/live', alive);
  fastify.get('/health/ready', async (_request, reply) => {
    const report = await readiness.report();
    if (report.status !== 'ready') void reply.code(503).header('retry-after', '1');
    return report;
  });
  fastify.get('/metrics', async (_request, reply) => {
    void reply.header('content-type', metrics.contentType);
    return scrape();
  });
}
