/** Documents made elsewhere and served here: the map of the region, OpenAPI and AsyncAPI. Each is made once, when first asked for. */
import { ProblemError } from './problem.ts';

const notThere = (what: string, cause?: unknown) => new ProblemError(503, `${what} is not available on this server.`, { cause });

export const documents = {
	openApi: (): Promise<unknown> => Promise.reject(notThere('The OpenAPI document')),
	asyncApi: (): Promise<unknown> => Promise.reject(notThere('The AsyncAPI document')),
};

/** The map of a region, by its id. */
export function regionReader(_id: string): () => Promise<unknown> {
	return () => Promise.reject(notThere('The region map'));
}
