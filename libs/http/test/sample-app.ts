import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Module,
  Param,
  Post,
  Query,
  Res,
  Type as Class,
  UnauthorizedException,
  ValueProvider,
} from '@nestjs/common';
import { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Type } from 'class-transformer';
import { ValidateNested, IsArray } from 'class-validator';
import { parseJson, requestContext, TenantId } from '@libs/kernel';
import { FastifyReply, FastifyRequest } from 'fastify';
import { AddressInfo } from 'node:net';
import {
  clientAddress,
  createHttpApp,
  HttpAppOptions,
  HttpListener,
  HttpSettings,
  IdempotencyKey,
  Idempotent,
  Ingestion,
  IsAmount,
  IsDay,
  IsInstant,
  IsMetadata,
  IsText,
  listenHttp,
  MayBeAbsent,
  PageQuery,
  RateLimit,
} from '../src';

class PostThing {
  @IsText({ max: 40 })
  description!: string;

  @IsAmount()
  amount!: string;

  @MayBeAbsent()
  @IsInstant()
  occurredAt?: string;

  @MayBeAbsent()
  @IsMetadata()
  metadata?: object;
}

class PostThings {
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PostThing)
  items!: PostThing[];
}

class ThingQuery extends PageQuery {
  @MayBeAbsent()
  @IsDay()
  from?: string;
}

/** How often a handler ran, and what the next one shall do. */
export const probe = { calls: 0, fail: undefined as Error | undefined, delayMs: 0 };

@Controller('things')
export class ThingController {
  @Get()
  list(@Query() query: ThingQuery) {
    return { items: [], nextCursor: null, limit: query.limit, from: query.from };
  }

  @Get('big')
  big() {
    return { text: 'saldo '.repeat(2_000) };
  }

  @Get('slow')
  async slow() {
    probe.calls++;
    await new Promise((resolve) => setTimeout(resolve, probe.delayMs));
    return { ok: true };
  }

  @Get('failing')
  failing() {
    throw probe.fail ?? new Error('secret detail');
  }

  @Get(':id')
  one(@Param('id') id: string) {
    return { id };
  }

  @Post()
  @HttpCode(202)
  @Idempotent()
  async post(
    @Body() body: PostThing,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    probe.calls++;
    if (probe.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, probe.delayMs));
    if (probe.fail) throw probe.fail;
    void reply.header('location', `/api/v1/things/${probe.calls}`);
    return { call: probe.calls, amount: body.amount, key };
  }

  @Post('secret')
  @Idempotent({ sealed: true })
  secret(@Headers('x-test-person') person: string) {
    probe.calls++;
    return { key: `raw key ${probe.calls} of ${person}` };
  }

  @Post('context')
  async context(@Body() _body: PostThing) {
    await Promise.resolve();
    return requestContext.current();
  }

  @Post('batch')
  batch(@Body() body: PostThings) {
    return { count: body.items.length };
  }

  @Post('login')
  @HttpCode(200)
  @RateLimit({ name: 'login', limit: 5, windowSeconds: 900, key: clientAddress, whenAway: 'in_process' })
  login() {
    return { ok: true };
  }

  /** A guard would know the caller; here a header says whether one is known. */
  @Post('intake')
  @HttpCode(202)
  @Ingestion()
  @RateLimit({ name: 'intake', limit: 0, windowSeconds: 60, key: clientAddress, planned: planOf })
  intake(@Body() body: Buffer, @Headers('x-test-known') known: string | undefined) {
    if (known === undefined) throw new UnauthorizedException();
    const context = requestContext.current();
    if (context) context.tenantId = known as TenantId;
    return { body: parseJson(body), bytes: body.length };
  }

  @Delete(':id')
  @HttpCode(204)
  remove() {}
}

function planOf({ headers }: FastifyRequest, limit: number): number {
  return Number(headers['x-test-plan'] ?? limit);
}

export const SETTINGS: HttpSettings = {
  port: 0,
  host: '127.0.0.1',
  corsOrigins: ['https://app.example.com'],
  trustProxy: 0,
  rateLimitGeneralPerMin: 0,
  requestTimeoutMs: 30_000,
  shutdownTimeoutMs: 5_000,
};

export function sampleApp(
  providers: ValueProvider[] = [],
  settings: Partial<HttpSettings> = {},
  options: Partial<HttpAppOptions> = {},
): Promise<NestFastifyApplication> {
  @Module({ controllers: [ThingController], providers })
  class SampleModule {}
  return createHttpApp(SampleModule as Class, {
    name: 'sample',
    title: 'Sample',
    version: '1.2.3',
    settings: { ...SETTINGS, ...settings },
    ...options,
  });
}

/** The sample application behind a listener on a free port. */
export async function sampleListener(
  providers: ValueProvider[] = [],
  settings: Partial<HttpSettings> = {},
  options: Partial<HttpAppOptions> = {},
): Promise<HttpListener & { port: number }> {
  const app = await sampleApp(providers, settings, options);
  const listener = await listenHttp(app, [], { ...SETTINGS, ...settings });
  return { ...listener, port: (listener.server.address() as AddressInfo).port };
}
