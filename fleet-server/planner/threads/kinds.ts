/** The kinds of search that an island can run: the module of each, which exports `createSearch` (see `CreateSearch`). */
export const kinds = {
	classic: new URL('../search/classic/classic.ts', import.meta.url),
	rich: new URL('../search/rich/rich.ts', import.meta.url),
} as const satisfies Record<string, URL>;

export type Kind = keyof typeof kinds;
