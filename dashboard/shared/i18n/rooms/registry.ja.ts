import type { Texts } from '../texts.ts';
import type { registry as english } from './registry.en.ts';

/** Japanese words of requests, patients, people and vans. */
export const registry: Texts<typeof english> = { title: '台帳' };
