import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '@libs/security';
import { SdkFile, SdkFileName, SdkFiles } from '../../application/sdk-files';

/** A page may run an old one for an hour: everything it sends is taken, whatever its version. */
const KEPT = 'public, max-age=3600, stale-while-revalidate=86400';

/** The browser SDK, for the pages of every tenant. */
@ApiTags('events')
@Controller()
export class SdkController {
  constructor(private readonly files: SdkFiles) {}

  @Get('moneyflow-tracking.js')
  @Public()
  @ApiOperation({ summary: 'The browser SDK as a classic script: `window.MoneyFlow`' })
  @ApiProduces('text/javascript')
  @ApiOkResponse({ schema: { type: 'string' } })
  script(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send('moneyflow-tracking.js', request, reply);
  }

  @Get('moneyflow-tracking.mjs')
  @Public()
  @ApiOperation({ summary: 'The browser SDK as a module' })
  @ApiProduces('text/javascript')
  @ApiOkResponse({ schema: { type: 'string' } })
  module(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send('moneyflow-tracking.mjs', request, reply);
  }

  @Get('moneyflow-tracking.d.ts')
  @Public()
  @ApiExcludeEndpoint()
  types(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send('moneyflow-tracking.d.ts', request, reply);
  }

  @Get('moneyflow-tracking.d.mts')
  @Public()
  @ApiExcludeEndpoint()
  typesOfTheModule(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send('moneyflow-tracking.d.mts', request, reply);
  }

  private send(name: SdkFileName, request: FastifyRequest, reply: FastifyReply): void {
    const file = this.files.file(name);
    const { encoding, body } = encoded(file, String(request.headers['accept-encoding'] ?? ''));
    const etag = `"${file.version}${encoding ? `-${encoding}` : ''}"`;
    void reply
      .header('content-type', file.type)
      .header('cache-control', KEPT)
      .header('etag', etag)
      // Any page may load it, and no answer of it is anybody's in particular.
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('vary', 'Accept-Encoding');
    if (encoding) void reply.header('content-encoding', encoding);
    if (knows(request.headers['if-none-match'], etag)) void reply.code(304).send();
    else void reply.send(body);
  }
}

function encoded(file: SdkFile, accepts: string): { encoding?: 'br' | 'gzip'; body: Buffer } {
  const taken = accepts
    .toLowerCase()
    .split(',')
    .filter((one) => !/;\s*q=0(\.0*)?\s*$/.test(one))
    .map((one) => one.split(';', 1)[0]?.trim());
  if (taken.includes('br')) return { encoding: 'br', body: file.brotli };
  if (taken.includes('gzip')) return { encoding: 'gzip', body: file.gzip };
  return { body: file.plain };
}

/** RFC 9110 section 13.1.2: a list of tags, compared weakly. */
function knows(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
