/** The contracts as documents for others: OpenAPI, AsyncAPI, and pages for people. */
export { openApiDocument, protocolVersion, sessionCookie } from './openapi.ts';
export { asyncApiDocument } from './asyncapi.ts';
export { protocolFiles } from './files.ts';
