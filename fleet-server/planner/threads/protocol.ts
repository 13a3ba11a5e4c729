/** What passes between the caller's thread and the islands. */
import type { Found, Routes, Search } from '../search/search.ts';

/** What a module of a kind of search exports as `createSearch`. */
export type CreateSearch = (problem: never, seed: number, options: SearchOptions) => Search;

export interface SearchOptions {
	/** A feasible plan to begin with; the outcome is never worse. */
	readonly start?: Routes;
	/** This island's number, from 0, and how many there are: they may search in different ways. */
	readonly island?: number;
	readonly islands?: number;
}

export interface IslandData {
	readonly module: string;
	readonly problem: unknown;
	readonly seed: number;
	readonly options: SearchOptions;
	/** Milliseconds of the wall clock (`performance.timeOrigin + performance.now()`). */
	readonly begin: number;
	readonly end: number;
	readonly maxSteps: number;
	/** One Int32: not 0 when the islands shall stop. */
	readonly stop: SharedArrayBuffer;
}

/** From an island: what it has done so far, its plan only when that is better than the last one it told. */
export interface IslandReport {
	readonly steps: number;
	readonly found?: Found;
	/** The island ends by itself after this. */
	readonly done: boolean;
}

/** To an island: a plan of another one. */
export type IslandNews = Found;
