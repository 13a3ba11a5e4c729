/** Documents made elsewhere and served here: the map of the region, OpenAPI and AsyncAPI. Each is made once, when first asked for. */
import type { RegionMap } from '@junkai/contracts';
import { asyncApiDocument, openApiDocument } from '@junkai/contracts/documents';
import { loadRegion, regionMap } from '@junkai/regions';
import type { Logger } from 'pino';
import { messageOf } from '../errors.ts';
import { ProblemError } from './problem.ts';

export interface Documents {
	openApi(): unknown;
	asyncApi(): unknown;
	region(): RegionMap;
}

/** Documents of a server whose region has this id. A region that cannot be read is a problem 503 and in the log. */
export function createDocuments(regionId: string, log: Logger): Documents {
	let region: RegionMap | undefined;
	let openApi: unknown;
	let asyncApi: unknown;
	return {
		openApi: () => (openApi ??= openApiDocument()),
		asyncApi: () => (asyncApi ??= asyncApiDocument()),
		region: () => {
			try {
				return (region ??= regionMap(loadRegion(regionId)));
			} catch (error) {
				log.error({ region: regionId, reason: messageOf(error) }, 'the region cannot be read');
				throw new ProblemError(503, `The map of the region "${regionId}" is not available on this server.`, { cause: error });
			}
		},
	};
}
