/** Of a route that takes no parameters: `@Query() _query: NoQuery` refuses any, as every query class refuses what it does not know. */
export class NoQuery {}
