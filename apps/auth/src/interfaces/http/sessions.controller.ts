import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import {
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { isUuid } from '@libs/kernel';
import { Authorize, CurrentPerson, Person } from '@libs/security';
import { EndSession } from '../../application/end-session';
import { ListSessions } from '../../application/list-sessions';
import { SessionNotFound } from '../../domain/auth.errors';
import { SessionResponse, SessionsResponse } from './auth.response';

@ApiTags('auth')
@Controller('auth/sessions')
export class SessionsController {
  constructor(
    private readonly listSessions: ListSessions,
    private readonly endSession: EndSession,
  ) {}

  @Get()
  @Authorize({ scopes: [] })
  @ApiOperation({ summary: "The caller's own living sessions, last used first" })
  @ApiOkResponse({ type: SessionsResponse })
  async list(@CurrentPerson() { userId, sessionId }: Person): Promise<SessionsResponse> {
    const sessions = await this.listSessions.execute(userId);
    return { items: sessions.map((session) => SessionResponse.of(session, sessionId)), nextCursor: null };
  }

  @Delete(':id')
  @Authorize({ scopes: [] })
  @HttpCode(204)
  @ApiOperation({ summary: "Ends one of the caller's own sessions" })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse()
  @ApiNotFoundResponse({ description: '`session_not_found`' })
  async end(@CurrentPerson() person: Person, @Param('id') id: string): Promise<void> {
    if (!isUuid(id)) throw new SessionNotFound();
    const { tenantId, userId } = person;
    await this.endSession.execute({ tenantId, userId, sessionId: id, reason: 'logout' });
  }
}
