/**
 * Records that people keep: each has a number, a version that counts its changes, and who changed it last. A change names the
 * version that it was made on; when somebody else was faster it is refused with what the record is now (`409`).
 */
import { z } from 'zod';
import type { Operation, Role } from '../operation.ts';
import { timestamp } from '../records.ts';

export const recordNumber = z.int().min(1).max(1_000_000_000);
export const recordVersion = z.int().min(1);

/** What the server adds to a record. */
export const kept = {
	id: recordNumber,
	version: recordVersion.meta({ description: 'Counts the changes; a change names the version that it was made on.' }),
	updated: timestamp,
	updatedBy: z.string(),
};

/** A record as it is kept. */
export type Kept<T> = T & { id: number; version: number; updated: number; updatedBy: string };

export const byId = z.object({ id: z.coerce.number().pipe(recordNumber) });
export const atVersion = z.object({
	version: z.coerce
		.number()
		.pipe(recordVersion)
		.meta({ description: 'The version that is seen; another one is refused with 409.' }),
});

const capital = <T extends string>(text: T): Capitalize<T> => (text.charAt(0).toUpperCase() + text.slice(1)) as Capitalize<T>;

/** The five operations of one kind of record. `path` is the plural, `one` names the thing in ids: `createPatient`, `listPatients`. */
export function recordOperations<One extends string, Many extends string, Body extends z.ZodType, Query extends z.ZodObject>(spec: {
	one: One;
	many: Many;
	path: string;
	/** In words, for summaries. */
	noun: string;
	body: Body;
	stored: z.ZodType;
	query: Query;
	read: readonly Role[];
	write: readonly Role[];
}) {
	const { path, noun, body, stored, query, read, write } = spec;
	const [one, many] = [capital(spec.one), capital(spec.many)];
	const operations = {
		[`list${many}`]: {
			method: 'get',
			path,
			id: `list${many}`,
			summary: `All ${noun}s that fit the query, by number`,
			roles: read,
			query,
			responses: { 200: { description: `The ${noun}s`, schema: z.array(stored) } },
		},
		[`create${one}`]: {
			method: 'post',
			path,
			id: `create${one}`,
			summary: `Add a ${noun}`,
			roles: write,
			body,
			problems: [409, 422],
			responses: { 201: { description: `The ${noun} as it is kept`, schema: stored } },
		},
		[`get${one}`]: {
			method: 'get',
			path: `${path}/{id}`,
			id: `get${one}`,
			summary: `One ${noun}`,
			roles: read,
			params: byId,
			responses: { 200: { description: `The ${noun}`, schema: stored } },
		},
		[`update${one}`]: {
			method: 'put',
			path: `${path}/{id}`,
			id: `update${one}`,
			summary: `Change a ${noun}; refused when it was changed since the version named`,
			roles: write,
			params: byId,
			query: atVersion,
			body,
			problems: [409, 422],
			responses: { 200: { description: `The ${noun} as it is kept`, schema: stored } },
		},
		[`delete${one}`]: {
			method: 'delete',
			path: `${path}/{id}`,
			id: `delete${one}`,
			summary: `Take a ${noun} out; what refers to it must be gone before`,
			roles: write,
			params: byId,
			query: atVersion,
			problems: [409],
			responses: { 204: { description: 'It is gone' } },
		},
	};
	return operations as unknown as {
		[K in `list${Capitalize<Many>}`]: Operation & { query: Query; method: 'get' };
	} & { [K in `create${Capitalize<One>}`]: Operation & { body: Body } } & {
		[K in `get${Capitalize<One>}`]: Operation & { params: typeof byId };
	} & { [K in `update${Capitalize<One>}`]: Operation & { params: typeof byId; query: typeof atVersion; body: Body } } & {
		[K in `delete${Capitalize<One>}`]: Operation & { params: typeof byId; query: typeof atVersion };
	};
}
