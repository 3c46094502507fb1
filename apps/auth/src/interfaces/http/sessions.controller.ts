import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import {
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Clock, isUuid } from '@libs/kernel';
import {
  Authorize,
  CurrentPerson,
  isFreshlyProven,
  Person,
  STEP_UP_SECONDS,
  StepUpRequired,
} from '@libs/security';
import { EndSession } from '../../application/sessions/end-session';
import { ListSessions } from '../../application/sessions/list-sessions';
import { SessionNotFound } from '../../domain/auth.errors';
import { SessionResponse, SessionsResponse } from './auth.response';

@ApiTags('auth')
@Controller('auth/sessions')
export class SessionsController {
  constructor(
    private readonly listSessions: ListSessions,
    private readonly endSession: EndSession,
    private readonly clock: Clock,
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
  @ApiOperation({
    summary: "Ends one of the caller's own sessions",
    description: 'Another one than this asks for a proof of at most 5 min ago (POST /auth/step-up).',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: '`step_up_required`' })
  @ApiNotFoundResponse({ description: '`session_not_found`' })
  async end(@CurrentPerson() person: Person, @Param('id') id: string): Promise<void> {
    const { tenantId, userId, sessionId } = person;
    if (id !== sessionId && !isFreshlyProven(person, this.clock.now()))
      throw new StepUpRequired(STEP_UP_SECONDS);
    if (!isUuid(id)) throw new SessionNotFound();
    await this.endSession.execute({ tenantId, userId, sessionId: id, reason: 'logout' });
  }
}
