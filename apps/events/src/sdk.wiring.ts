import { SdkFiles } from './application/sdk-files';
import { BuiltSdkFiles } from './infrastructure/sdk/built-sdk-files';
import { SdkController } from './interfaces/http/sdk.controller';
import { Wiring } from './wiring';

/** The browser SDK's file. */
export const sdk: Wiring = {
  controllers: [SdkController],
  providers: [{ provide: SdkFiles, useClass: BuiltSdkFiles }],
};

/** Where it stands beside the API. */
export const SDK_PATHS = ['js', 'mjs', 'd.ts', 'd.mts'].map((ending) => `moneyflow-tracking.${ending}`);
