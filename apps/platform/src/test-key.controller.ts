import { Controller, Get, Headers } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Public } from '@libs/security';
import { DemoWriteKey } from './demo/demo-write-key';

/** This machine by name or address, with or without a port. */
const THIS_MACHINE = /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/** What /test.html asks for first. */
@Controller()
export class TestKeyController {
  constructor(private readonly demo: DemoWriteKey) {}

  /** For a page of this machine: any other name may be a stranger's that was made to point here (DNS rebinding). */
  @Get('test.json')
  @Public()
  @ApiExcludeEndpoint()
  show(@Headers('host') host = ''): { writeKey?: string } {
    return THIS_MACHINE.test(host) ? { writeKey: this.demo.writeKey } : {};
  }
}
