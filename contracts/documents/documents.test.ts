import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import specification from '@asyncapi/specs/schemas/3.0.0.json' with { type: 'json' };
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { operations, parseTopic, topics, type Operation } from '../index.ts';
import { asyncApiDocument, openApiDocument, protocolFiles } from './index.ts';
import type { JsonObject } from './schemas.ts';

const addFormats = formats.default;
const folder = join(import.meta.dirname, '..', '..', 'docs', 'protocol');
const schemasOf = (document: JsonObject) => (document.components as { schemas: Record<string, JsonObject> }).schemas;

/** A JSON Schema check of one named component. */
function checker(ajv: Ajv | Ajv2020, document: JsonObject, name: string) {
	addFormats(ajv);
	ajv.addFormat('base64', /^[A-Za-z0-9+/]*={0,2}$/);
	ajv.addSchema({ components: { schemas: schemasOf(document) } }, 'document');
	return ajv.compile({ $ref: `document#/components/schemas/${name}` });
}

describe('docs/protocol', () => {
	test.each(Object.entries(protocolFiles()))('%s is what the contracts say (npm run docs)', (name, content) => {
		expect(readFileSync(join(folder, name), 'utf8')).toBe(content);
	});

	test.each(Object.entries(protocolFiles()).filter(([name]) => name.endsWith('.md')))(
		'links within %s lead somewhere',
		(_, content) => {
			const headings = new Set([...content.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title?.toLowerCase().replaceAll(' ', '-')));
			const links = [...content.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target);
			expect(links.filter((target) => !headings.has(target))).toEqual([]);
		},
	);
});

describe('the OpenAPI document', () => {
	const document = openApiDocument();

	test('is valid OpenAPI 3.1', async () => {
		const validator = new Validator();
		// The validator resolves references in place; our own copy stays whole.
		const result = await validator.validate(structuredClone(document));
		expect(result.errors ?? []).toEqual([]);
		expect(result.valid).toBe(true);
		expect(validator.version).toBe('3.1');
	});

	test('has each operation of the table under its path and method', () => {
		const paths = document.paths as Record<string, Record<string, { operationId: string }>>;
		for (const operation of Object.values(operations)) {
			expect(paths[operation.path]?.[operation.method]?.operationId).toBe(operation.id);
		}
	});

	test('each operation has the parameters of its table entry', () => {
		const paths = document.paths as Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>;
		for (const operation of Object.values<Operation>(operations)) {
			const described = paths[operation.path]?.[operation.method]?.parameters ?? [];
			const names = (place: string) => described.filter((one) => one.in === place).map((one) => one.name);
			expect(names('path'), operation.id).toEqual(Object.keys(operation.params?.shape ?? {}));
			expect(names('query'), operation.id).toEqual(Object.keys(operation.query?.shape ?? {}));
		}
	});

	test('names its errors: input 400, session 401, role or origin 403, a missing thing 404, not JSON 415, too many tries 429', () => {
		const paths = document.paths as Record<string, Record<string, { responses: object; security?: unknown }>>;
		const statuses = (path: string, method = 'get') => Object.keys(paths[path]?.[method]?.responses ?? {});
		expect(statuses('/vehicles/{vehicle}/positions')).toEqual(['200', '400', '401', '403', '404', 'default']);
		expect(statuses('/vehicles')).toEqual(['200', '401', 'default']);
		expect(statuses('/session', 'post')).toEqual(['200', '400', '401', '403', '415', '429', 'default']);
		expect(paths['/session']?.post?.security).toEqual([]);
	});

	test('every reference leads to a component', () => {
		const text = JSON.stringify(document);
		const components = document.components as Record<string, Record<string, unknown>>;
		for (const [, kind, name] of text.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
			expect(components[kind!]?.[name!], `${kind}/${name}`).toBeDefined();
		}
	});

	test('its schemas refuse a reading with both a value and a reason, as the contracts do', () => {
		const check = checker(new Ajv2020({ strict: false }), document, 'StoredReading');
		const reading = {
			seq: 1,
			time: 1,
			clock: 'gnss',
			kind: 'reading',
			code: 'spo2',
			epoch: '0195a1de-0000-7000-8000-000000000001',
			historical: false,
			received: 2,
		};
		expect(check({ ...reading, value: 97 })).toBe(true);
		expect(check({ ...reading, absent: 'no-finger' })).toBe(true);
		expect(check({ ...reading, value: 97, absent: 'no-finger' })).toBe(false);
		expect(check(reading)).toBe(false);
	});
});

describe('the AsyncAPI document', () => {
	const document = asyncApiDocument();

	test('is valid AsyncAPI 3.0', () => {
		// The specification's schema brings draft 7 along under its own name.
		const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
		addFormats(ajv);
		const validate = ajv.compile(specification);
		validate(document);
		expect(validate.errors ?? []).toEqual([]);
	});

	test('every reference leads somewhere', () => {
		for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
			const target = pointer!
				.split('/')
				.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document);
			expect(target, pointer).toBeDefined();
		}
	});

	test('its addresses are the topics that the contracts make and read', () => {
		const channels = document.channels as Record<string, { address: string }>;
		const addresses = Object.entries(channels).filter(([key]) => key !== 'live');
		expect(addresses).toHaveLength(6);
		for (const [key, { address }] of addresses) {
			const topic = address.replace('{vehicle}', 'van-1').replace('{lane}', 'urgent');
			expect(parseTopic(topic)).toMatchObject({ vehicle: 'van-1', kind: key });
		}
		expect(channels.ack?.address).toBe(topics.ack('{vehicle}'));
	});

	test('its schemas take a batch that the contracts take', () => {
		const check = checker(new Ajv({ strict: false }), document, 'UplinkBatch');
		const batch = {
			v: 1,
			epoch: '0195a1de-0000-7000-8000-000000000001',
			boot: 'boot1',
			historical: false,
			records: [{ seq: 1, time: 1_700_000_000_000.5, clock: 'gnss', kind: 'position', mode: 3, lat: 33.7, lon: 135.4 }],
		};
		expect(check(batch)).toBe(true);
		expect(check({ ...batch, records: [{ ...batch.records[0], lon: undefined, lat: 200 }] })).toBe(false);
	});
});
