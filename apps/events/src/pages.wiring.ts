import { PageFiles } from './application/page-files';
import { PublicPageFiles } from './infrastructure/pages/public-page-files';
import { TestPageController } from './interfaces/http/test-page.controller';
import { Wiring } from './wiring';

/** The page to try the SDK. */
export const pages: Wiring = {
  controllers: [TestPageController],
  providers: [{ provide: PageFiles, useClass: PublicPageFiles }],
};

/** Where it stands beside the API. */
export const PAGE_PATHS = ['test.html', 'test/*path'];
