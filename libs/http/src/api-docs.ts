import { DocumentBuilder, OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { NestFastifyApplication } from '@nestjs/platform-fastify';

export interface ApiTitle {
  title: string;
  version: string;
  description?: string;
}

const documents = new WeakMap<NestFastifyApplication, () => OpenAPIObject>();

/**
 * Swagger UI at /api-docs and the document at /api-docs-json, both from our own files. The document is built when
 * first asked for.
 * @param document instead of the application's own, for one that speaks for several
 */
export function serveApiDocs(
  app: NestFastifyApplication,
  about: ApiTitle,
  document: () => OpenAPIObject = () => build(app, about),
): void {
  let built: OpenAPIObject | undefined;
  const once = (): OpenAPIObject => (built ??= document());
  documents.set(app, once);
  SwaggerModule.setup('api-docs', app, once, {
    customSiteTitle: about.title,
    raw: ['json'],
    swaggerOptions: { validatorUrl: null, persistAuthorization: false, displayRequestDuration: true },
  });
}

/** The OpenAPI document of an application made by createHttpApp; the platform merges several. */
export function openApiOf(app: NestFastifyApplication): OpenAPIObject {
  const document = documents.get(app);
  if (!document) throw new Error('not an application of createHttpApp');
  return document();
}

/** One document out of several: paths and schemas side by side, the first one's `info` replaced. */
export function mergeOpenApi(about: ApiTitle, parts: readonly OpenAPIObject[]): OpenAPIObject {
  const base = builder(about);
  return {
    ...base,
    paths: Object.assign({}, ...parts.map((part) => part.paths)) as OpenAPIObject['paths'],
    components: {
      ...base.components,
      schemas: Object.assign({}, ...parts.map((part) => part.components?.schemas)) as NonNullable<
        OpenAPIObject['components']
      >['schemas'],
    },
    tags: parts.flatMap((part) => part.tags ?? []),
  };
}

function build(app: NestFastifyApplication, about: ApiTitle): OpenAPIObject {
  return SwaggerModule.createDocument(app, builder(about));
}

function builder(about: ApiTitle): Omit<OpenAPIObject, 'paths'> {
  return (
    new DocumentBuilder()
      .setTitle(about.title)
      .setVersion(about.version)
      .setDescription(about.description ?? '')
      .addBearerAuth({
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description:
          'An access token of auth; where a route takes API keys, an API key may come this way, too.',
      })
      // The name that @Authorize of libs/security gives to routes that take keys.
      .addApiKey(
        {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          description: 'An API key, `mf_live_…`. Never together with Authorization: that is 400.',
        },
        'apiKey',
      )
      .build()
  );
}
