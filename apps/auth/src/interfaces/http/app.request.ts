import { IsText } from '@libs/http';

export class AppRequest {
  @IsText({ max: 120, example: 'Loja virtual', description: 'Unique among the applications of the tenant.' })
  name!: string;
}
