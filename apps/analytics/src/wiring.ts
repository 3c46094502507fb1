import type { Provider, Type } from '@nestjs/common';

/** A part of a module that is told in a file of its own. */
export interface Wiring {
  controllers: Type[];
  providers: Provider[];
}
