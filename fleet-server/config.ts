/** Options of the server, from flags or environment, checked before anything is started. */
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { FleetServerError } from './errors.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const count = (most: number) => z.coerce.number().int().min(1).max(most);
const url = (protocols: readonly string[]) =>
	z
		.string()
		.refine(
			(text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
			`expected a URL with ${protocols.join(' or ')}`,
		);

export const serverOptions = z
	.object({
		/** 0 takes a free port, here and below. */
		httpPort: port.default(8080),
		/** The embedded broker's port, on loopback only when there is a certificate; not used with `mqttUrl`. */
		mqttPort: port.default(1883),
		/** The embedded broker's TLS port; opened when certificate and key are given. */
		mqttsPort: port.default(8883),
		/** PEM files. */
		tlsCert: z.string().min(1).optional(),
		tlsKey: z.string().min(1).optional(),
		/** Address to listen on; loopback unless told otherwise. */
		host: z.string().min(1).default('127.0.0.1'),
		dataDir: z.string().min(1).default('./data'),
		/** External broker with user and password in it; the embedded one when absent. */
		mqttUrl: url(['mqtt:', 'mqtts:', 'ws:', 'wss:']).optional(),
		/** InfluxDB 1.x with the database as path; SQLite in the data folder when absent. */
		influxUrl: url(['http:', 'https:']).optional(),
		databaseUrl: z
			.string()
			.regex(/^sqlite:.+/, 'only sqlite:PATH can be used for records in this version; PostgreSQL is not supported yet')
			.optional(),
		/** OSRM server; the embedded engine on the map in the data folder when absent. */
		osrmUrl: url(['http:', 'https:']).optional(),
		/** Millimetres of rain whose closures the OSRM server was customised with (`junkai map closures`). */
		osrmRain: z.coerce.number().min(0).max(5000).optional(),
		/** Folder of the built dashboard; the workspace's own when absent. */
		dashboardDir: z.string().min(1).optional(),
		/** Where a map style of your own and its tiles may be loaded from, for the content security policy. */
		mapHosts: z
			.array(z.string().regex(/^https?:\/\/[^\s;,'"]+$/, 'expected an origin such as https://tiles.example.jp'))
			.default([]),
		region: z
			.string()
			.regex(/^[a-z0-9-]+$/)
			.default('wakayama'),
		/** Service time at which a demonstration begins, ISO 8601; the service runs by the wall clock when absent. */
		clockStart: z.iso.datetime({ offset: true }).optional(),
		/** So many times as fast as the wall clock, in a demonstration. */
		clockSpeed: z.coerce.number().positive().max(1000).default(1),
		/** Wall-clock time at which it was `clockStart`; when the server starts if absent. */
		clockFrom: z.iso.datetime({ offset: true }).optional(),
		/** Whether anyone may ask where the vans are, as GTFS Realtime; nobody unless told. */
		gtfsRealtime: z
			.union([z.boolean(), z.enum(['true', 'false', 'on', 'off']).transform((text) => text === 'true' || text === 'on')])
			.default(false),
		/** Routing problems that are solved at once. */
		optimizeJobs: count(16).default(1),
		/** Threads of one of them; a core is left to the rest of the server. */
		optimizeThreads: count(64).default(Math.max(1, availableParallelism() - 1)),
		/** Problems that wait for their turn. */
		optimizeQueue: count(1000).default(16),
		/** Tasks of one problem: jobs, and two for each shipment. */
		optimizeTasks: count(100_000).default(3000),
		/** Size of one problem with its matrices. */
		optimizeMegabytes: count(512).default(64),
	})
	.refine((options) => (options.tlsCert === undefined) === (options.tlsKey === undefined), {
		message: 'a TLS certificate needs its key and the reverse',
		path: ['tlsKey'],
	})
	.refine((options) => options.clockStart !== undefined || (options.clockSpeed === 1 && options.clockFrom === undefined), {
		message: 'needs JUNKAI_CLOCK_START: only a demonstration has a clock of its own',
		path: ['clockSpeed'],
	});
export type ServerOptions = z.infer<typeof serverOptions>;
export type ServerOptionsInput = z.input<typeof serverOptions>;

/** Environment variable of each option. */
export const optionNames = {
	httpPort: 'JUNKAI_HTTP_PORT',
	mqttPort: 'JUNKAI_MQTT_PORT',
	mqttsPort: 'JUNKAI_MQTTS_PORT',
	tlsCert: 'JUNKAI_TLS_CERT',
	tlsKey: 'JUNKAI_TLS_KEY',
	host: 'JUNKAI_HOST',
	dataDir: 'JUNKAI_DATA_DIR',
	mqttUrl: 'MQTT_URL',
	influxUrl: 'INFLUX_URL',
	databaseUrl: 'DATABASE_URL',
	osrmUrl: 'OSRM_URL',
	osrmRain: 'JUNKAI_OSRM_RAIN',
	dashboardDir: 'JUNKAI_DASHBOARD_DIR',
	mapHosts: 'JUNKAI_MAP_HOSTS',
	region: 'JUNKAI_REGION',
	clockStart: 'JUNKAI_CLOCK_START',
	clockSpeed: 'JUNKAI_CLOCK_SPEED',
	clockFrom: 'JUNKAI_CLOCK_FROM',
	gtfsRealtime: 'JUNKAI_GTFS_REALTIME',
	optimizeJobs: 'JUNKAI_OPTIMIZE_JOBS',
	optimizeThreads: 'JUNKAI_OPTIMIZE_THREADS',
	optimizeQueue: 'JUNKAI_OPTIMIZE_QUEUE',
	optimizeTasks: 'JUNKAI_OPTIMIZE_TASKS',
	optimizeMegabytes: 'JUNKAI_OPTIMIZE_MEGABYTES',
} as const satisfies Record<keyof ServerOptions, string>;

/** Checks options. Throws a FleetServerError of code `config` that names each wrong one, its variable and what is expected. */
export function parseOptions(input: unknown): ServerOptions {
	const parsed = serverOptions.safeParse(input);
	if (parsed.success) return parsed.data;
	const faults = parsed.error.issues.map((issue) => {
		const name = String(issue.path[0] ?? '');
		const variable = name in optionNames ? ` (${optionNames[name as keyof typeof optionNames]})` : '';
		return `${name}${variable}: ${issue.message}`;
	});
	throw new FleetServerError('config', `wrong options: ${faults.join('; ')}`);
}

/** Options from environment variables; `flags` go first. An empty variable counts as not set. */
export function optionsFromEnv(env: NodeJS.ProcessEnv, flags: Partial<Record<keyof ServerOptions, unknown>> = {}): ServerOptions {
	const input: Record<string, unknown> = {};
	for (const [name, variable] of Object.entries(optionNames)) {
		const text = env[variable];
		if (text !== undefined && text !== '') input[name] = name === 'mapHosts' ? text.split(/[\s,]+/).filter(Boolean) : text;
	}
	for (const [name, value] of Object.entries(flags)) if (value !== undefined) input[name] = value;
	return parseOptions(input);
}

/** Path of the records database. */
export function recordsPath(options: ServerOptions, file: string): string {
	return options.databaseUrl ? resolve(options.databaseUrl.slice('sqlite:'.length)) : join(resolve(options.dataDir), file);
}
