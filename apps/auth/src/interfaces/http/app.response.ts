import { ApiProperty } from '@nestjs/swagger';
import { AppView } from '../../application/keys/show-apps';

export class AppResponse {
  @ApiProperty({ format: 'uuid', example: '019a2b3c-0000-7000-8000-00000000000a' })
  id!: string;

  @ApiProperty({ example: 'Loja virtual' })
  name!: string;

  @ApiProperty({
    description: 'Whether keys and events that name no application belong to it.',
    example: false,
  })
  isDefault!: boolean;

  @ApiProperty({ format: 'date-time', example: '2026-11-22T12:00:00.000Z' })
  createdAt!: string;

  static of({ app, isDefault }: AppView): AppResponse {
    const { id, name, createdAt } = app.snapshot();
    return { id, name, isDefault, createdAt: createdAt.toISOString() };
  }
}

export class AppPageResponse {
  @ApiProperty({ type: [AppResponse] })
  items!: AppResponse[];

  @ApiProperty({ nullable: true, type: String, description: 'For the next page; null on the last one.' })
  nextCursor!: string | null;
}
