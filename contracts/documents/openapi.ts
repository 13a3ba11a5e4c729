/** The OpenAPI 3.1 document of the REST API, made from the table of operations. */
import type { z } from 'zod';
import { roles, type Operation } from '../operation.ts';
import { operations } from '../rest.ts';
import { nameOf, ref, referenced, schemaSet, type Json, type JsonObject } from './schemas.ts';

/** Version of the protocol, not of the program. */
export const protocolVersion = '1.0.0';
/** Name of the session cookie. */
export const sessionCookie = 'junkai_session';

const tags = {
	session: 'Sign in, sign out, and who is signed in.',
	vehicles: 'Vehicles: newest position, link, devices and spool. Nothing of a patient.',
	telemetry: 'What a vehicle sent in a period, page by page, oldest first.',
	devices: 'Devices and their ports, over all vehicles.',
	optimize: 'The planner: routing problems in, the best plans that can be found in the time given.',
	plans: 'The plan of the day: routes, stops and consults. Nothing that tells who the patient is.',
	patients: 'People who are cared for. Only for those who plan or give their care.',
	requests: 'Requests for care, the visits that they become, and the spreadsheets that they come in.',
	resources: 'Vehicles of the fleet, crews and shifts, doctors and their hours, and what of it does not go together.',
	closures: 'Closed roads: drawn, by rain, or told by a feed; and who is cut off by them.',
	planning: 'Plans in the making: made, changed by hand, compared, published.',
	day: 'The day under way: its clock, publications, ETAs, alerts, and what crews tell.',
	coverage: 'Who is reached and who is served; what an operator has to file; sheets and feeds.',
	region: 'The region as a map needs it.',
	health: 'State of the server.',
	live: 'The live channel: one WebSocket for all that changes. Its messages are described by the AsyncAPI document beside this one.',
} as const;

const problems = {
	400: ['BadRequest', 'The request breaks its schema; `errors` names each field.'],
	401: ['NotSignedIn', 'No session, an ended one, or a wrong user name or password.'],
	403: ['NotAllowed', 'Signed in, but not in a role that may do this; or a change asked for from a page of another origin.'],
	404: ['NotFound', 'There is no such thing.'],
	409: ['NotYet', 'It is not in a state in which this can be done.'],
	413: ['TooLarge', 'The body is larger than this server takes; the answer says how much that is.'],
	415: ['NotJson', 'The body must be sent as `application/json`.'],
	422: [
		'NotUsable',
		'Understood, but it cannot be done so: a limit, a place that is off the road, a road closure that the engine cannot honour.',
	],
	429: [
		'TooManyRequests',
		'Too many failed sign-ins for this name or from this address; `Retry-After` says how many seconds to wait.',
	],
	503: ['Busy', 'Too many jobs wait already, or the roads give no answer; `Retry-After` says how many seconds to wait.'],
} as const;
type ProblemStatus = keyof typeof problems;

const all: readonly Operation[] = Object.values(operations);

/** OpenAPI 3.1 of everything under `/api/v1`. A new object at each call. */
export function openApiDocument(): JsonObject {
	const keys = inlineSchemas();
	const schemas = schemaSet('draft-2020-12', Object.fromEntries([...keys].map(([schema, key]) => [key, schema])));
	const schemaOf = (schema: z.ZodType): JsonObject => {
		const name = nameOf(schema);
		if (name !== undefined) return ref(name);
		const inline = schemas.inline[keys.get(schema) ?? ''];
		if (inline === undefined) throw new Error('a schema of an operation was not turned into JSON Schema');
		return inline;
	};
	const paths: Record<string, Record<string, Json>> = {};
	for (const operation of all) {
		(paths[operation.path] ??= {})[operation.method] = describeOperation(operation, schemaOf);
	}
	Object.assign(paths, otherPaths());
	const document = {
		openapi: '3.1.0',
		info: {
			title: 'Junkai REST API',
			version: protocolVersion,
			summary: 'Vehicles, their telemetry and their devices, for the desks of a mobile clinic fleet.',
			description:
				'All times in answers are UTC in milliseconds since 1970-01-01T00:00:00Z. Errors are RFC 9457 problem details. A reading has either a value or the reason why there is none.',
			license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
		},
		servers: [{ url: '/api/v1', description: 'The fleet server that serves this document.' }],
		tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
		security: [{ session: [] }],
		paths,
		components: {
			responses: problemResponses(),
			securitySchemes: {
				session: {
					type: 'apiKey',
					in: 'cookie',
					name: sessionCookie,
					description: 'Set by `POST /session`; http-only, ends with `DELETE /session`.',
				},
			},
		},
	} satisfies JsonObject;
	return { ...document, components: { schemas: referenced(schemas.components, document), ...document.components } };
}

/** Schemas that stand in the document where they are used, since they have no name; each once, though operations share some. */
function inlineSchemas(): Map<z.ZodType, string> {
	const found = new Map<z.ZodType, string>();
	for (const operation of all) {
		const bodies = Object.values(operation.responses).map(({ schema }) => schema);
		for (const schema of [operation.params, operation.query, operation.body, ...bodies]) {
			if (schema !== undefined && nameOf(schema) === undefined && !found.has(schema)) found.set(schema, String(found.size));
		}
	}
	return found;
}

type SchemaOf = (schema: z.ZodType) => JsonObject;

function describeOperation(operation: Operation, schemaOf: SchemaOf): JsonObject {
	const open = operation.roles === 'public';
	const parameters = [
		...parametersOf('path', operation.params && schemaOf(operation.params)),
		...parametersOf('query', operation.query && schemaOf(operation.query)),
	];
	const responses: Record<string, Json> = {};
	for (const [status, { description, schema }] of Object.entries(operation.responses)) {
		responses[status] = {
			description,
			...(schema === undefined ? {} : { content: { 'application/json': { schema: schemaOf(schema) } } }),
			...(operation.id === 'signIn'
				? { headers: { 'Set-Cookie': { description: 'The session.', schema: { type: 'string' } } } }
				: {}),
		};
	}
	for (const status of problemStatuses(operation)) responses[status] = { $ref: `#/components/responses/${problems[status][0]}` };
	responses.default = { $ref: '#/components/responses/Failure' };
	return {
		operationId: operation.id,
		tags: [tagOf(operation.path)],
		summary: operation.summary,
		...(operation.roles === 'public'
			? {}
			: { description: `For: ${operation.roles.join(', ')}.`, 'x-roles': [...operation.roles] }),
		...(open ? { security: [] } : {}),
		...(parameters.length === 0 ? {} : { parameters }),
		...(operation.body === undefined
			? {}
			: {
					requestBody: {
						required: true,
						content: { 'application/json': { schema: schemaOf(operation.body) } },
					},
				}),
		responses,
	};
}

function parametersOf(place: 'path' | 'query', schema: JsonObject | undefined): JsonObject[] {
	const required = (schema?.required ?? []) as readonly Json[];
	return Object.entries((schema?.properties ?? {}) as JsonObject).map(([name, property]) => {
		const { description, ...rest } = property as JsonObject;
		return {
			name,
			in: place,
			required: place === 'path' || required.includes(name),
			...(description === undefined ? {} : { description }),
			schema: rest,
		};
	});
}

function problemStatuses(operation: Operation): ProblemStatus[] {
	const takesInput = operation.params !== undefined || operation.query !== undefined || operation.body !== undefined;
	const someOnly = operation.roles !== 'public' && operation.roles.length < roles.length;
	const statuses: ProblemStatus[] = [
		...(takesInput ? [400 as const] : []),
		401,
		...(someOnly || operation.method !== 'get' ? [403 as const] : []),
		...(operation.params === undefined ? [] : [404 as const]),
		...(operation.body === undefined ? [] : [415 as const]),
		...(operation.id === 'signIn' ? [429 as const] : []),
		...(operation.problems ?? []),
	];
	return statuses.toSorted((a, b) => a - b);
}

function problemResponses(): JsonObject {
	const failure = ['Failure', 'Any other failure.'] as const;
	return Object.fromEntries(
		[...Object.values(problems), failure].map(([name, description]) => [
			name,
			{ description, content: { 'application/problem+json': { schema: ref('Problem') } } },
		]),
	);
}

/** What the server answers apart from the table of operations. */
function otherPaths(): Record<string, Record<string, Json>> {
	const documentOf = (what: string, operationId: string): JsonObject => ({
		operationId,
		tags: ['health'],
		summary: `The ${what} document of this server`,
		security: [],
		responses: { 200: { description: `${what}, as JSON`, content: { 'application/json': { schema: { type: 'object' } } } } },
	});
	const atRoot = [{ url: '/' }];
	return {
		'/live': {
			get: {
				operationId: 'openLive',
				tags: ['live'],
				summary: 'Open the live channel (WebSocket)',
				description:
					'Text messages are JSON, binary messages are waveform frames. What may be heard depends on the role. See the AsyncAPI document.',
				responses: {
					101: { description: 'The connection now speaks WebSocket.' },
					401: { $ref: '#/components/responses/NotSignedIn' },
				},
			},
		},
		'/openapi.json': { get: documentOf('OpenAPI', 'getOpenApi') },
		'/asyncapi.json': { get: documentOf('AsyncAPI', 'getAsyncApi') },
		'/healthz': {
			servers: atRoot,
			get: {
				operationId: 'probe',
				tags: ['health'],
				summary: 'Whether everything that was asked for is up, for load balancers and start scripts',
				security: [],
				responses: { 200: { description: 'Up' }, 503: { description: 'Not up; `reasons` says why' } },
			},
		},
		'/metrics': {
			servers: atRoot,
			get: {
				operationId: 'getMetrics',
				tags: ['health'],
				summary: 'Counters for Prometheus',
				security: [],
				responses: { 200: { description: 'Prometheus text format', content: { 'text/plain': { schema: { type: 'string' } } } } },
			},
		},
	};
}

/** By the first part of a path, where it is not the tag itself. */
const rooms: Readonly<Record<string, keyof typeof tags>> = {
	visits: 'requests',
	intakes: 'requests',
	places: 'requests',
	'intake-template': 'requests',
	fleet: 'resources',
	staff: 'resources',
	shifts: 'resources',
	doctors: 'resources',
	conflicts: 'resources',
	'rain-rules': 'closures',
	'closed-roads': 'closures',
	'closure-feed': 'closures',
	isolation: 'closures',
	scenarios: 'closures',
	'plan-boards': 'planning',
	mends: 'planning',
	clock: 'day',
	publications: 'day',
	alerts: 'day',
	queue: 'day',
	fairness: 'coverage',
	'operator-report': 'coverage',
	sheets: 'coverage',
	feeds: 'coverage',
	'calendar-feeds': 'coverage',
};

function tagOf(path: string): keyof typeof tags {
	const [first = '', , third] = path.slice(1).split('/');
	if (first === 'vehicles') return third === undefined ? 'vehicles' : 'telemetry';
	const room = rooms[first];
	if (room !== undefined) return room;
	if (first in tags) return first as keyof typeof tags;
	throw new Error(`no tag for ${path}: add one to contracts/documents/openapi.ts`);
}
