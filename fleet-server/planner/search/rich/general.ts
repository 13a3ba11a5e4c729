/** temp */
import type { Model } from '../../model/model.ts';
import type { Element } from './answer.ts';
import type { Route } from './route.ts';
export interface General {
	plan(route: Route): boolean;
	elements(route: Route): Element[];
}
export function createGeneral(_m: Model, _k: unknown): General {
	return { plan: () => true, elements: () => [] };
}
