import { EmbeddedAws, EmbeddedAwsOptions, startEmbeddedAws } from '@libs/embedded';
import { AwsSettings } from '@libs/aws';

/** SQS and S3 with every declared queue, all empty, in memory unless a folder is given. */
export async function testAws(
  options: EmbeddedAwsOptions = {},
): Promise<EmbeddedAws & { settings: AwsSettings }> {
  const aws = await startEmbeddedAws(options);
  return {
    ...aws,
    settings: { region: aws.region, sqsEndpoint: aws.endpoint, s3Endpoint: aws.endpoint },
  };
}
