/** REST under `/api/v1`: schemas of what goes in and out, and the table of operations from which OpenAPI is generated. */
import { z } from 'zod';
import { readingCodeNames, signals } from './codes.ts';
import { roles, role, type Operation } from './operation.ts';
import { closureOperations } from './dispatch/closures.ts';
import { intakeOperations, placeOperations } from './dispatch/intake.ts';
import { planEditOperations, planningOperations } from './dispatch/planning.ts';
import { patientOperations } from './dispatch/patients.ts';
import { resourceOperations } from './dispatch/resources.ts';
import { visitOperations } from './dispatch/visits.ts';
import { coverageOperations } from './dispatch/coverage.ts';
import { documentOperations } from './dispatch/documents.ts';
import { optimizeOperations } from './optimize-jobs.ts';
import { clockOperations, dayOperations } from './dispatch/day.ts';
import { queueOperations } from './dispatch/queue.ts';
import { planOperations } from './plan.ts';
import { clockQuality, eventRecord, positionRecord, readingRecord, timestamp, waveformRecord } from './records.ts';
import { vehicleId } from './topics.ts';
import { epochId, portStatus, spoolStatus } from './uplink.ts';

export const credentials = z
	.object({ username: z.string().min(1).max(64), password: z.string().min(1).max(200) })
	.meta({ id: 'Credentials' });
export type Credentials = z.infer<typeof credentials>;

export const session = z
	.object({ username: z.string(), role, expires: timestamp })
	.meta({ id: 'Session', description: 'Who is signed in with this cookie.' });
export type Session = z.infer<typeof session>;

/** The newest fix of a vehicle. */
export const vehiclePosition = z
	.object({
		...positionRecord.shape,
		kind: z.literal('position').optional(),
		seq: positionRecord.shape.seq.optional(),
	})
	.meta({ id: 'VehiclePosition', description: 'The newest fix that has coordinates; `time` is its arrival at the van.' });
export type VehiclePosition = z.infer<typeof vehiclePosition>;

export const linkState = z
	.object({
		state: z.enum(['online', 'offline', 'unknown']),
		since: timestamp.nullable(),
		lastSeen: timestamp.nullable().meta({ description: 'When the server last heard anything of the van, by the server clock.' }),
		cause: z.enum(['will', 'farewell']).optional(),
	})
	.meta({ id: 'LinkState' });
export type LinkState = z.infer<typeof linkState>;

/** What the server knows of one vehicle now. Neither numerics nor anything else of a patient is in it. */
export const vehicle = z
	.object({
		id: vehicleId,
		name: z.string(),
		position: vehiclePosition.nullable(),
		link: linkState,
		clock: clockQuality.nullable(),
		devices: z.array(portStatus),
		spool: spoolStatus.nullable(),
		statusTime: timestamp.nullable().meta({ description: 'When `devices` and `spool` were reported, by the van.' }),
		software: z.string().nullable(),
	})
	.meta({ id: 'Vehicle' });
export type Vehicle = z.infer<typeof vehicle>;

const stored = {
	epoch: epochId,
	historical: z.boolean().meta({ description: 'It came late: it was not sent as it happened.' }),
	received: timestamp.meta({ description: 'When the server stored it, by the server clock.' }),
};

export const storedPosition = z.object({ ...positionRecord.shape, ...stored }).meta({ id: 'StoredPosition' });
export const storedReading = z.object({ ...readingRecord.shape, ...stored }).meta({ id: 'StoredReading' });
export const storedWaveform = z.object({ ...waveformRecord.shape, ...stored }).meta({ id: 'StoredWaveform' });
export const storedEvent = z.object({ ...eventRecord.shape, ...stored }).meta({ id: 'StoredEvent' });
export type StoredPosition = z.infer<typeof storedPosition>;
export type StoredReading = z.infer<typeof storedReading>;
export type StoredWaveform = z.infer<typeof storedWaveform>;
export type StoredEvent = z.infer<typeof storedEvent>;
export type StoredRecord = StoredPosition | StoredReading | StoredWaveform | StoredEvent;

/** A time in a query: milliseconds since 1970 or an ISO 8601 date and time with zone. */
export const queryTime = z
	.union([
		z
			.string()
			.regex(/^\d{1,16}(\.\d+)?$/)
			.transform(Number),
		z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
	])
	.meta({ description: 'Milliseconds since 1970, or an ISO 8601 date-time with zone such as 2026-11-22T14:05:00+09:00.' });

const period = {
	from: queryTime.optional().meta({ description: 'Start, included. Default: one hour before `to`.' }),
	to: queryTime.optional().meta({ description: 'End, excluded. Default: now.' }),
	limit: z.coerce.number().int().min(1).max(50_000).default(10_000),
	after: z.string().max(200).optional().meta({ description: '`next` of the previous page.' }),
};
export const periodQuery = z.object(period);
export const readingsQuery = z.object({ ...period, code: z.enum(readingCodeNames).optional() });
export const waveformsQuery = z.object({
	...period,
	limit: z.coerce.number().int().min(1).max(5000).default(1000),
	signal: z.enum(signals).optional(),
});
export type PeriodQuery = z.infer<typeof periodQuery>;

const page = <T extends z.ZodType>(item: T) =>
	z.object({ items: z.array(item), next: z.string().nullable().meta({ description: 'Give it as `after` for the next page.' }) });

export const vehicleList = z.array(vehicle).meta({ id: 'VehicleList' });
export const positionPage = page(storedPosition).meta({ id: 'PositionPage' });
export const readingPage = page(storedReading).meta({ id: 'ReadingPage' });
export const waveformPage = page(storedWaveform).meta({ id: 'WaveformPage' });
export const eventPage = page(storedEvent).meta({ id: 'EventPage' });
export const deviceList = z.array(portStatus.extend({ vehicle: vehicleId })).meta({ id: 'DeviceList' });

export const health = z
	.object({
		status: z.enum(['up', 'degraded']),
		version: z.string(),
		uptime: z.number(),
		parts: z.array(z.object({ name: z.string(), up: z.boolean(), detail: z.string().optional() })),
		vehicles: z.object({ known: z.int(), online: z.int() }),
		ingest: z.object({
			records: z.int().meta({ description: 'Stored since start.' }),
			duplicates: z.int(),
			refused: z.int(),
			queued: z.int(),
		}),
	})
	.meta({ id: 'Health' });
export type Health = z.infer<typeof health>;

const feature = z.object({
	type: z.literal('Feature'),
	id: z.union([z.string(), z.number()]).optional(),
	properties: z.record(z.string(), z.unknown()),
	geometry: z.object({
		type: z.enum(['Point', 'LineString', 'Polygon', 'MultiLineString', 'MultiPolygon']),
		coordinates: z.array(z.unknown()),
	}),
});
const featureCollection = z
	.object({ type: z.literal('FeatureCollection'), features: z.array(feature) })
	.meta({ id: 'FeatureCollection' });

/** The region as a map needs it; GeoJSON, WGS 84, longitude before latitude. */
export const regionMap = z
	.object({
		id: z.string(),
		name: z.object({ ja: z.string(), en: z.string() }),
		bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).meta({ description: 'west, south, east, north' }),
		credits: z.array(z.string()).meta({ description: 'To be shown on the map.' }),
		roads: featureCollection.meta({ description: 'Lines with id, ref, name, class (motorway … access), narrow, tunnel.' }),
		places: featureCollection.meta({
			description: 'Points with kind (municipality, settlement, hospital, clinic), name, romaji, and for settlements pop.',
		}),
		radioGaps: featureCollection.meta({ description: 'Lines without (state none) or with weak (state weak) mobile signal.' }),
	})
	.meta({ id: 'RegionMap' });
export type RegionMap = z.infer<typeof regionMap>;

const byVehicle = z.object({ vehicle: vehicleId });
const everyone = roles;

/** All operations; server and OpenAPI are made from this one table. */
export const operations = {
	signIn: {
		method: 'post',
		path: '/session',
		id: 'signIn',
		summary: 'Sign in; sets an http-only session cookie',
		roles: 'public',
		body: credentials,
		responses: { 200: { description: 'Signed in', schema: session } },
	},
	whoAmI: {
		method: 'get',
		path: '/session',
		id: 'whoAmI',
		summary: 'Who is signed in',
		roles: everyone,
		responses: { 200: { description: 'The session', schema: session } },
	},
	signOut: {
		method: 'delete',
		path: '/session',
		id: 'signOut',
		summary: 'Sign out; ends the session on the server',
		roles: everyone,
		responses: { 204: { description: 'Signed out' } },
	},
	listVehicles: {
		method: 'get',
		path: '/vehicles',
		id: 'listVehicles',
		summary: 'All vehicles with newest position, link, devices and spool',
		roles: everyone,
		responses: { 200: { description: 'Vehicles, by id', schema: vehicleList } },
	},
	getVehicle: {
		method: 'get',
		path: '/vehicles/{vehicle}',
		id: 'getVehicle',
		summary: 'One vehicle',
		roles: everyone,
		params: byVehicle,
		responses: { 200: { description: 'The vehicle', schema: vehicle } },
	},
	listPositions: {
		method: 'get',
		path: '/vehicles/{vehicle}/positions',
		id: 'listPositions',
		summary: 'Positions of a period, oldest first',
		roles: ['dispatcher', 'admin'],
		params: byVehicle,
		query: periodQuery,
		responses: { 200: { description: 'A page of positions', schema: positionPage } },
	},
	listObservations: {
		method: 'get',
		path: '/vehicles/{vehicle}/observations',
		id: 'listObservations',
		summary: 'Numeric readings of a period, oldest first',
		roles: ['doctor', 'crew'],
		params: byVehicle,
		query: readingsQuery,
		responses: { 200: { description: 'A page of readings', schema: readingPage } },
	},
	listWaveforms: {
		method: 'get',
		path: '/vehicles/{vehicle}/waveforms',
		id: 'listWaveforms',
		summary: 'Waveform blocks of a period, oldest first',
		roles: ['doctor', 'crew'],
		params: byVehicle,
		query: waveformsQuery,
		responses: { 200: { description: 'A page of waveform blocks', schema: waveformPage } },
	},
	listEvents: {
		method: 'get',
		path: '/vehicles/{vehicle}/events',
		id: 'listEvents',
		summary: 'Events of a period, oldest first; physiological ones for doctor and crew only',
		roles: everyone,
		params: byVehicle,
		query: periodQuery,
		responses: { 200: { description: 'A page of events', schema: eventPage } },
	},
	listDevices: {
		method: 'get',
		path: '/devices',
		id: 'listDevices',
		summary: 'Every device of every vehicle with the state of its port',
		roles: everyone,
		responses: { 200: { description: 'Devices', schema: deviceList } },
	},
	getRegion: {
		method: 'get',
		path: '/region',
		id: 'getRegion',
		summary: 'Roads and places of the region, for the map',
		roles: everyone,
		responses: { 200: { description: 'The region', schema: regionMap } },
	},
	getHealth: {
		method: 'get',
		path: '/health',
		id: 'getHealth',
		summary: 'State of the server and its parts',
		roles: everyone,
		responses: { 200: { description: 'Health', schema: health } },
	},
	...optimizeOperations,
	...planOperations,
	...planningOperations,
	...planEditOperations,
	...clockOperations,
	...dayOperations,
	...queueOperations,
	...patientOperations,
	...placeOperations,
	...intakeOperations,
	...visitOperations,
	...resourceOperations,
	...closureOperations,
	...coverageOperations,
	...documentOperations,
} as const satisfies Record<string, Operation>;
export type OperationId = keyof typeof operations;
