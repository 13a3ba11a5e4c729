/** The protocol as pages for people: REST, MQTT, live channel. */
import { absentReasons, eventCodes, readingCodes } from '../codes.ts';
import { liveMessage, liveRequest, liveRoles } from '../live.ts';
import type { Operation } from '../operation.ts';
import { operations } from '../rest.ts';
import { waveformFrameHeader } from '../waveform-frame.ts';
import { asyncApiDocument, frameLayout } from './asyncapi.ts';
import { cell, describeComponents, generatedNote, text, typeInWords } from './markdown.ts';
import { mqttChannels } from './mqtt-table.ts';
import { openApiDocument, sessionCookie } from './openapi.ts';
import { nameOf, ref, referenced, type Json, type JsonObject } from './schemas.ts';

const page = (lines: readonly string[]): string => `${lines.join('\n').trimEnd()}\n`;

const componentsOf = (document: JsonObject): Record<string, JsonObject> =>
	((document.components as JsonObject).schemas ?? {}) as Record<string, JsonObject>;

/** Markdown page of the REST API. */
export function restPage(): string {
	const document = openApiDocument();
	const paths = document.paths as Record<string, Record<string, JsonObject>>;
	return page([
		generatedNote,
		'',
		'# REST',
		'',
		'Everything is below `/api/v1`. Bodies are JSON. Times in answers are UTC in milliseconds since 1970-01-01T00:00:00Z. The machine-readable form is [openapi.json](openapi.json).',
		'',
		`\`POST /api/v1/session\` with a user name and a password sets the http-only cookie \`${sessionCookie}\`; every other operation needs it.`,
		'',
		'Errors are problem details by RFC 9457 (`application/problem+json`, see [Problem](#problem)); for a request that breaks its schema (400) `errors` names each field.',
		'',
		'Lists of a period come in pages: while `next` is not `null`, give it as `after` to get the next page.',
		'',
		'## Operations',
		'',
		'| operation | what it does | for |',
		'| --- | --- | --- |',
		...Object.values<Operation>(operations).map(
			(operation) =>
				`| [\`${operation.method.toUpperCase()} ${operation.path}\`](#${operation.id.toLowerCase()}) | ${cell(operation.summary)} | ${operation.roles === 'public' ? 'anyone' : operation.roles.join(', ')} |`,
		),
		'',
		...Object.values<Operation>(operations).flatMap((operation) =>
			describeOperation(operation, paths[operation.path]?.[operation.method]),
		),
		'## Schemas',
		'',
		...describeComponents(componentsOf(document), 3),
	]);
}

function describeOperation(operation: Operation, described: JsonObject | undefined): string[] {
	const parameters = (described?.parameters ?? []) as readonly JsonObject[];
	const body = (described?.requestBody as JsonObject | undefined)?.content as JsonObject | undefined;
	return [
		`### ${operation.id}`,
		'',
		`\`${operation.method.toUpperCase()} /api/v1${operation.path}\`. ${operation.summary}.`,
		'',
		...(parameters.length === 0
			? []
			: [
					'| parameter | in | type | meaning |',
					'| --- | --- | --- | --- |',
					...parameters.map(
						(one) =>
							`| \`${text(one.name)}\` | ${text(one.in)} | ${cell(typeInWords(one.schema))} | ${cell(text(one.description))} |`,
					),
					'',
				]),
		...(body === undefined ? [] : [`Body: ${typeInWords((body['application/json'] as JsonObject).schema)}`, '']),
		...Object.entries(operation.responses).map(
			([status, { description, schema }]) =>
				`- ${status}: ${description}${schema === undefined ? '' : `, ${typeInWords(answer(described, status))}`}`,
		),
		`- errors: ${Object.keys((described?.responses ?? {}) as JsonObject)
			.filter((status) => /^[45]/.test(status))
			.join(', ')}`,
		'',
	];
}

function answer(described: JsonObject | undefined, status: string): Json | undefined {
	const response = (described?.responses as JsonObject | undefined)?.[status] as JsonObject | undefined;
	return ((response?.content as JsonObject | undefined)?.['application/json'] as JsonObject | undefined)?.schema;
}

/** Markdown page of the MQTT side. */
export function mqttPage(): string {
	const messages = mqttChannels.map(({ message }) => ref(message));
	return page([
		generatedNote,
		'',
		'# MQTT',
		'',
		'Between the gateway on a van and the fleet server: MQTT 3.1.1, payloads in JSON. The machine-readable form is [asyncapi.json](asyncapi.json). Everything of one van is below `junkai/v1/<vehicle>/`; its MQTT user name is its vehicle id, and a broker lets it publish and subscribe there only.',
		'',
		'| topic | from | QoS | retained | message |',
		'| --- | --- | --- | --- | --- |',
		...mqttChannels.map(
			({ address, from, qos, retain, message }) =>
				`| \`${address}\` | ${from} | ${qos} | ${retain ? 'yes' : 'no'} | [${message}](#${message.toLowerCase()}) |`,
		),
		'',
		...mqttChannels.flatMap(({ address, title, description }) => [`**\`${address}\`**: ${title}. ${description}`, '']),
		'Lanes, most urgent first: `urgent` (positions and events), `numeric` (readings), `waveform`.',
		'',
		'## What is measured',
		'',
		'| code | unit (UCUM) | LOINC | MDC | English | Japanese |',
		'| --- | --- | --- | --- | --- | --- |',
		...Object.entries(readingCodes).map(
			([code, { unit, loinc, mdc, en, ja }]) => `| \`${code}\` | \`${unit}\` | ${loinc ?? ''} | ${mdc ?? ''} | ${en} | ${ja} |`,
		),
		'',
		`Reasons for the absence of a value: ${absentReasons.map((reason) => `\`${reason}\``).join(', ')}.`,
		'',
		`Events: ${eventCodes.map((code) => `\`${code}\``).join(', ')}.`,
		'',
		'## Schemas',
		'',
		...describeComponents(referenced(componentsOf(asyncApiDocument()), messages), 3),
	]);
}

/** Markdown page of the live channel. */
export function livePage(): string {
	const schemas = [liveRequest, liveMessage, waveformFrameHeader].map((schema) => ref(nameOf(schema) ?? ''));
	return page([
		generatedNote,
		'',
		'# Live channel',
		'',
		'A WebSocket at `/api/v1/live`, opened with the session cookie. The machine-readable form is the `live` channel of [asyncapi.json](asyncapi.json).',
		'',
		'Text messages are JSON: [LiveRequest](#liverequest) from the browser, [LiveMessage](#livemessage) from the server. Binary messages are waveform frames. A subscription replaces the one before it. A browser that cannot keep up gets the newest of each kind and is told by `dropped` what it missed.',
		'',
		'| kind | for |',
		'| --- | --- |',
		...Object.entries(liveRoles).map(([kind, roles]) => `| \`${kind}\` | ${roles.join(', ')} |`),
		'',
		'## Waveform frame',
		'',
		frameLayout,
		'',
		'| offset | bytes | what |',
		'| --- | --- | --- |',
		'| 0 | 1 | `4A` |',
		'| 1 | 1 | version, `01` |',
		'| 2 | 2 | length n of the header, u16 little-endian; even |',
		'| 4 | n | [WaveformFrameHeader](#waveformframeheader), JSON in UTF-8, padded with a space where needed |',
		'| 4 + n | 2 × channels × count | samples, int16 little-endian: all of the first channel, then all of the second, … |',
		'',
		'## Schemas',
		'',
		...describeComponents(referenced(componentsOf(asyncApiDocument()), schemas), 3),
	]);
}
