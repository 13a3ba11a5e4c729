/** The rich search as a kind of island. */
import type { Model } from '../../model/model.ts';
import type { SearchOptions } from '../../threads/protocol.ts';
import type { Search } from '../search.ts';
import { createRichSearch } from './search.ts';

export function createSearch(model: Model, seed: number, { start }: SearchOptions): Search {
	return createRichSearch(model, seed, start ? { routes: start } : undefined);
}
