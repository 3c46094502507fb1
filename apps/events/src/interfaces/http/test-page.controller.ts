import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '@libs/security';
import { PageFiles } from '../../application/page-files';

/** Files of its own and nothing inline; it talks to where it came from. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');
/** A browser asks each time, and is told that nothing changed. */
const KEPT = 'no-cache';

/** The page to try the browser SDK with. */
@ApiTags('events')
@Controller()
export class TestPageController {
  constructor(private readonly files: PageFiles) {}

  @Get('test.html')
  @Public()
  @ApiOperation({
    summary: 'A page to try the browser SDK: each type, the queue, the answers',
    description: 'In Portuguese. With `npm start` it finds a write key of the demo company by itself.',
  })
  @ApiProduces('text/html')
  @ApiOkResponse({ schema: { type: 'string' } })
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send('page.html', request, reply);
  }

  @Get('test/:file')
  @Public()
  @ApiExcludeEndpoint()
  part(@Param('file') name: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.send(name, request, reply);
  }

  private send(name: string, request: FastifyRequest, reply: FastifyReply): void {
    const { type, body, version } = this.files.file(name);
    // Weak: the same content is sent compressed and plain.
    const etag = `W/"${version}"`;
    void reply
      .header('content-type', type)
      .header('cache-control', KEPT)
      .header('etag', etag)
      .header('content-security-policy', POLICY);
    if (request.headers['if-none-match'] === etag) void reply.code(304).send();
    else void reply.send(body);
  }
}
