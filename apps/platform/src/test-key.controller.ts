import { Controller, Get } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Public } from '@libs/security';
import { DemoWriteKey } from './demo/demo-write-key';

/** What /test.html asks for first. */
@Controller()
export class TestKeyController {
  constructor(private readonly demo: DemoWriteKey) {}

  @Get('test.json')
  @Public()
  @ApiExcludeEndpoint()
  show(): { writeKey?: string } {
    return { writeKey: this.demo.writeKey };
  }
}
