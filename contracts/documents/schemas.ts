/** JSON Schemas of the contracts, as components that refer to each other by name. */
import { z } from 'zod';
import * as records from '../records.ts';
import * as operation from '../operation.ts';
import * as optimize from '../optimize.ts';
import * as optimizeJobs from '../optimize-jobs.ts';
import * as plan from '../plan.ts';
import * as rest from '../rest.ts';
import * as live from '../live.ts';
import * as topics from '../topics.ts';
import * as uplink from '../uplink.ts';
import * as dispatch from '../dispatch/index.ts';
import * as frames from '../waveform-frame.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
	readonly [key: string]: Json;
}
interface MutableObject {
	[key: string]: Json;
}

/** OpenAPI 3.1 speaks draft 2020-12, AsyncAPI's own schemas are a superset of draft 7. */
export type Dialect = 'draft-2020-12' | 'draft-7';

const prefix = '#/components/schemas/';

/** Rules across fields, which the schemas hold as code, in JSON Schema's words. */
const crossFieldRules = new Map<z.core.$ZodType, JsonObject>([
	[records.readingRecord, { oneOf: [{ required: ['value'] }, { required: ['absent'] }] }],
	[rest.storedReading, { oneOf: [{ required: ['value'] }, { required: ['absent'] }] }],
	[records.positionRecord, { dependentRequired: { lat: ['lon'], lon: ['lat'] } }],
	[rest.storedPosition, { dependentRequired: { lat: ['lon'], lon: ['lat'] } }],
	[rest.vehiclePosition, { dependentRequired: { lat: ['lon'], lon: ['lat'] } }],
]);
/** The same in draft 7, where the keyword had another name. */
const inDraft7 = (rule: JsonObject): JsonObject =>
	rule.dependentRequired === undefined ? rule : { dependencies: rule.dependentRequired };

/** Every schema of the contracts that has a name, by that name. */
function namedSchemas(): Map<string, z.ZodType> {
	const named = new Map<string, z.ZodType>();
	for (const module of [records, operation, rest, optimize, optimizeJobs, plan, live, topics, uplink, frames, dispatch]) {
		for (const value of Object.values(module)) {
			const id = value instanceof z.ZodType ? value.meta()?.id : undefined;
			if (id !== undefined) named.set(id, value as z.ZodType);
		}
	}
	return named;
}

export interface SchemaSet {
	/** Named schemas, sorted by name. */
	components: Record<string, JsonObject>;
	/** Schemas without a name of their own, by the keys they were given under. */
	inline: Record<string, JsonObject>;
}

/**
 * All named schemas, and those of `inline` with references into the named ones. They describe what a sender writes (times in a
 * query as text, defaults not yet filled in) and leave room for fields to come.
 */
export function schemaSet(dialect: Dialect, inline: Readonly<Record<string, z.ZodType>> = {}): SchemaSet {
	const registry = z.registry<{ id: string }>();
	for (const [id, schema] of namedSchemas()) registry.add(schema, { id });
	for (const [key, schema] of Object.entries(inline)) registry.add(schema, { id: inlineId(key) });
	const { schemas } = z.toJSONSchema(registry, {
		target: dialect,
		io: 'input',
		// What is checked by code says itself, by its metadata, what it is.
		unrepresentable: 'any',
		uri: (id) => prefix + id,
		override: ({ zodSchema, jsonSchema }) => {
			const rule = crossFieldRules.get(zodSchema);
			if (rule !== undefined) Object.assign(jsonSchema, dialect === 'draft-7' ? inDraft7(rule) : rule);
			// zod spells these formats out as long patterns; the format says it.
			if (jsonSchema.format === 'date-time' || jsonSchema.format === 'uuid') delete jsonSchema.pattern;
		},
	});
	const components: Record<string, JsonObject> = {};
	const found: SchemaSet = { components, inline: {} };
	for (const [id, schema] of Object.entries(schemas as Record<string, Json>)) {
		const clean = tidy(schema) as JsonObject;
		// Named schemas that no module exports come together under one entry of zod's own.
		if (id === '__shared') Object.assign(components, definitions(clean));
		else if (id.startsWith(INLINE)) found.inline[id.slice(INLINE.length)] = clean;
		else components[id] = clean;
	}
	found.components = Object.fromEntries(Object.entries(components).toSorted(([a], [b]) => (a < b ? -1 : 1)));
	return found;
}

const INLINE = 'inline:';
const inlineId = (key: string) => INLINE + key;

function definitions(shared: JsonObject): JsonObject {
	return (shared.$defs ?? shared.definitions ?? {}) as JsonObject;
}

/** Without the addresses that stand for a schema of its own, and with references that point at components only. */
function tidy(value: Json): Json {
	if (Array.isArray(value)) return value.map(tidy);
	if (typeof value !== 'object' || value === null) return value;
	const result: MutableObject = {};
	for (const [key, inner] of Object.entries(value)) {
		if (key === '$schema' || key === '$id' || (key === 'id' && typeof inner === 'string')) continue;
		result[key] =
			key === '$ref' && typeof inner === 'string' ? inner.replace(/__shared#\/(\$defs|definitions)\//, '') : tidy(inner);
	}
	return result;
}

/** Only the components that `document` refers to, directly or through each other. */
export function referenced(components: Readonly<Record<string, JsonObject>>, document: Json): Record<string, JsonObject> {
	const wanted = new Set<string>();
	const queue: Json[] = [document];
	for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
		if (typeof at !== 'object' || at === null) continue;
		for (const [key, inner] of Object.entries(at)) {
			if (key !== '$ref' || typeof inner !== 'string' || !inner.startsWith(prefix)) {
				queue.push(inner);
				continue;
			}
			const name = inner.slice(prefix.length);
			const component = components[name];
			if (component === undefined || wanted.has(name)) continue;
			wanted.add(name);
			queue.push(component);
		}
	}
	return Object.fromEntries(Object.entries(components).filter(([name]) => wanted.has(name)));
}

/** Reference to a named schema. */
export const ref = (name: string): JsonObject => ({ $ref: prefix + name });

/** Name of a schema, where it has one. */
export const nameOf = (schema: z.ZodType): string | undefined => schema.meta()?.id;
