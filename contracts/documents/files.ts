/** The generated files of docs/protocol. */
import { asyncApiDocument } from './asyncapi.ts';
import { openApiDocument } from './openapi.ts';
import { livePage, mqttPage, restPage } from './pages.ts';

const json = (document: unknown): string => `${JSON.stringify(document, null, 2)}\n`;

/** File name to content, as `npm run docs` writes them. */
export function protocolFiles(): Record<string, string> {
	return {
		'openapi.json': json(openApiDocument()),
		'asyncapi.json': json(asyncApiDocument()),
		'rest.md': restPage(),
		'mqtt.md': mqttPage(),
		'live.md': livePage(),
	};
}
