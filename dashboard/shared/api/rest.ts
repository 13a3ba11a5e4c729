/** Calls of the REST interface; every answer is checked against its schema before anyone sees it. */
import {
	problem,
	publishedPlan,
	session,
	vehicleList,
	positionPage,
	readingPage,
	waveformPage,
	eventPage,
	regionMap,
	type Problem,
} from '@junkai/contracts';
import type { z } from 'zod';

export type Session = z.infer<typeof session>;
export type Region = z.infer<typeof regionMap>;

/** Why a call failed: `offline` no answer, `signed-out` 401, `refused` 4xx, `broken` 5xx, `garbled` an answer against the contract. */
export class ApiError extends Error {
	readonly code: 'offline' | 'signed-out' | 'refused' | 'broken' | 'garbled';
	readonly status: number | null;
	readonly problem: Problem | null;
	constructor(code: ApiError['code'], message: string, options: { status?: number; problem?: Problem; cause?: unknown } = {}) {
		super(message, { cause: options.cause });
		this.name = 'ApiError';
		this.code = code;
		this.status = options.status ?? null;
		this.problem = options.problem ?? null;
	}
}

/** One call below `/api/v1`; the answer is checked by `schema`, null when there is none. Rejects with an {@link ApiError}. */
export async function call<T extends z.ZodType>(
	schema: T | null,
	path: string,
	init: RequestInit = {},
): Promise<T extends z.ZodType ? z.infer<T> : null> {
	let response: Response;
	try {
		response = await fetch(`/api/v1${path}`, { credentials: 'same-origin', ...init });
	} catch (cause) {
		throw new ApiError('offline', `no answer from ${path}`, { cause });
	}
	if (!response.ok) {
		const said = problem.safeParse(await response.json().catch(() => undefined));
		const code = response.status === 401 ? 'signed-out' : response.status >= 500 ? 'broken' : 'refused';
		throw new ApiError(code, `${path} answered ${response.status}`, {
			status: response.status,
			...(said.success && { problem: said.data }),
		});
	}
	if (schema === null) return null as never;
	const parsed = schema.safeParse(await response.json().catch(() => undefined));
	if (!parsed.success) throw new ApiError('garbled', `answer of ${path} breaks the contract`, { cause: parsed.error });
	return parsed.data as never;
}

/** A JSON body. */
export const json = (body: unknown, method: 'POST' | 'PUT' = 'POST'): RequestInit => ({
	method,
	headers: { 'content-type': 'application/json' },
	body: JSON.stringify(body),
});

/** A query string; what is undefined is left out. */
export const query = (values: Record<string, string | number | undefined>): string =>
	new URLSearchParams(
		Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
	).toString();

type Period = { from: number; to?: number; limit?: number };

/** Walks the pages of a period; `most` bounds how many are read. */
async function pages<T>(
	load: (after: string | undefined) => Promise<{ items: T[]; next: string | null }>,
	most: number,
): Promise<T[]> {
	const all: T[] = [];
	let after: string | undefined;
	for (let i = 0; i < most; i++) {
		const page = await load(after);
		all.push(...page.items);
		if (page.next === null) break;
		after = page.next;
	}
	return all;
}

export const api = {
	signIn: (username: string, password: string) => call(session, '/session', json({ username, password })),
	whoAmI: () => call(session, '/session'),
	signOut: () => call(null, '/session', { method: 'DELETE' }),
	vehicles: () => call(vehicleList, '/vehicles'),
	region: () => call(regionMap, '/region'),
	plan: () => call(publishedPlan.nullable(), '/plans/current'),
	positions: (vehicle: string, period: Period) =>
		pages((after) => call(positionPage, `/vehicles/${vehicle}/positions?${query({ ...period, after })}`), 8),
	readings: (vehicle: string, period: Period) =>
		pages((after) => call(readingPage, `/vehicles/${vehicle}/observations?${query({ ...period, after })}`), 2),
	waveforms: (vehicle: string, period: Period) =>
		pages((after) => call(waveformPage, `/vehicles/${vehicle}/waveforms?${query({ ...period, after })}`), 2),
	events: (vehicle: string, period: Period) =>
		pages((after) => call(eventPage, `/vehicles/${vehicle}/events?${query({ ...period, after })}`), 1),
};
