import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Public } from '@libs/security';

/** The public halves of the signing keys, newest first. */
export abstract class PublishedKeys {
  abstract published(): readonly object[];
}

export class JwksResponse {
  @ApiProperty({
    description: 'RFC 7517 keys; while the signing key changes there are two.',
    example: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: 'NzbLsXh8uDCcd…', n: '0vx7agoebGcQ…', e: 'AQAB' }],
    type: 'array',
    items: { type: 'object', additionalProperties: true },
  })
  keys!: readonly object[];
}

@ApiTags('auth')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly signingKeys: PublishedKeys) {}

  @Get('jwks.json')
  @Public()
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({ summary: 'The public keys that access tokens are verified with' })
  @ApiOkResponse({ type: JwksResponse })
  jwks(): JwksResponse {
    return { keys: this.signingKeys.published() };
  }
}
