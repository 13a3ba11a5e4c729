/** Puts the server together and takes it apart again. */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve as absolute } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { loadRegion, type Region } from '@junkai/regions';
import type { Logger } from 'pino';
import { RECORDS_FILE } from './access/provision.ts';
import { Access } from './access/users.ts';
import { createApp } from './api/app.ts';
import { createDocuments } from './api/documents.ts';
import { embeddedBroker, type EmbeddedBroker } from './broker/embedded.ts';
import { externalBroker } from './broker/external.ts';
import type { BrokerLink, BrokerSink } from './broker/link.ts';
import { createServiceClock, type ServiceClock } from './clock.ts';
import { openReach } from './coverage/open.ts';
import { parseOptions, recordsPath, type ServerOptions, type ServerOptionsInput } from './config.ts';
import { Day } from './day/day.ts';
import { Publications } from './day/publications.ts';
import { DoctorQueues } from './day/queue.ts';
import { FleetServerError, messageOf } from './errors.ts';
import { healthOf, troublesOf } from './health.ts';
import { closeHttp, listen, trackSockets, upgrader } from './http.ts';
import { Ingest, type LiveSink } from './ingest/ingest.ts';
import { Intakes } from './intake/intakes.ts';
import { createPlaces } from './intake/places/find.ts';
import { LiveHub } from './live/hub.ts';
import { createMetrics } from './metrics.ts';
import { OptimizeJobs } from './optimize/jobs.ts';
import { boardDayOf } from './paper/board-day.ts';
import { Planning, recordsSource } from './planning/index.ts';
import { calendarOf, type Calendar } from './registry/calendar.ts';
import { Records } from './registry/index.ts';
import { createRoads } from './roads/open.ts';
import type { Roads } from './roads/port.ts';
import { openRecords } from './store/database.ts';
import { vanStore, type VanStore } from './store/vans.ts';
import { VehicleRegistry } from './store/vehicle-registry.ts';
import { vehicleStore } from './store/vehicle-store.ts';
import { openTelemetry, recall } from './telemetry/open.ts';

export interface RunningServer {
	httpPort: number;
	/** Of the embedded broker; null with an external one. */
	mqttPort: number | null;
	mqttsPort: number | null;
	/** Their engine starts with the first question. */
	roads: Roads;
	/** What people keep: patients, requests, visits, the fleet, crews, doctors, closures. */
	records: Records;
	/** Reasons for which it is not up; empty when it is. */
	troubles(): Promise<string[]>;
	/** Ends connections, stores what was taken in and closes everything. */
	stop(): Promise<void>;
}

/**
 * Starts the fleet server. Rejects with a FleetServerError when an option is wrong, a port is taken or a database cannot be
 * opened. A broker or telemetry server that cannot be reached does not stop it: `healthz` says so until it can.
 */
export async function startServer(input: ServerOptionsInput, { log }: { log: Logger }): Promise<RunningServer> {
	const options = parseOptions(input);
	const undo: (() => unknown)[] = [];
	const stop = async () => {
		for (const step of undo.splice(0).toReversed()) {
			try {
				await step();
			} catch (error) {
				log.warn({ reason: messageOf(error) }, 'a part did not stop cleanly');
			}
		}
	};
	try {
		return { ...(await assemble(options, log, undo)), stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** @throws FleetServerError of code `config` when there is no such region, or its facts are broken */
function regionOf(id: string): Region {
	try {
		return loadRegion(id);
	} catch (error) {
		throw new FleetServerError('config', `region (JUNKAI_REGION): ${messageOf(error)}`, { cause: error });
	}
}

/** Beside the server's own records: a large import must not hold up who signs in or what vans say. */
const REGISTRY_FILE = 'registry.db';

/** Steps that take apart what was built, to be done from the last to the first. */
type Undo = (() => unknown)[];

async function assemble(options: ServerOptions, log: Logger, undo: Undo): Promise<Omit<RunningServer, 'stop'>> {
	const dataDir = absolute(options.dataDir);
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const clock = createServiceClock(options);
	const region = regionOf(options.region);
	const { access, vans, registry, plans, database } = openRooms(
		options,
		{ clock, calendar: calendarOf(region.timeZone), log },
		undo,
	);
	const records = new Records({ path: join(dirname(recordsPath(options, RECORDS_FILE)), REGISTRY_FILE), region, clock });
	undo.push(() => records.close());
	records.keepAhead(log);
	const places = createPlaces(region);
	const intakes = new Intakes({ region, places, records, clock });
	undo.push(() => intakes.stop());
	const telemetry = await openTelemetry(options, dataDir);
	undo.push(() => telemetry.close());

	const roads = createRoads({ ...options, dataDir, osrmRainMm: options.osrmRain, log });
	undo.push(() => roads.close());

	const outlet = createOutlet(log);
	const metrics = createMetrics({
		queued: () => ingest.queued,
		vans: () => registry.list().filter((vehicle) => vehicle.link.state === 'online').length,
		liveClients: () => live.clients,
		liveBytes: () => live.waitingBytes,
		optimizeJobs: (state) => jobs.count(state),
	});
	const live = new LiveHub({
		access,
		clock,
		registry,
		plans,
		log,
		send: outlet.send,
		onDrop: (kind) => metrics.liveDropped.inc({ kind }),
	});
	undo.push(() => live.stop());
	const { publish, isUp } = outlet;
	const day = new Day({ publications: plans, records, registry, roads, region, clock, database, log, publish, isUp });
	undo.push(() => day.stop());
	live.followDay(day);
	const queues = new DoctorQueues({ day, publications: plans, records, log });
	undo.push(() => queues.stop());
	live.followQueues(queues);
	const ingest = new Ingest({ telemetry, registry, live: heardBy(live, day), metrics, log, publish, onReceipt: day.receipt });
	// Before the broker is opened: corrections have to be known when the first record comes.
	const forget = await recall(
		telemetry,
		({ corrections, latest }) => {
			ingest.restore(corrections);
			registry.restore(latest);
		},
		log,
	);
	undo.push(forget);

	const sink: BrokerSink = (message) => ingest.accept(message);
	const embedded = options.mqttUrl === undefined ? await openBroker(options, vans, sink, log) : null;
	const link = embedded ?? externalBroker({ url: options.mqttUrl!, dataDir, sink, log });
	outlet.open(link);
	// Ingest ends first: what was taken in is stored and acknowledged while the broker still carries acks.
	undo.push(
		() => link.stop(),
		() => ingest.stop(),
	);

	const jobs = new OptimizeJobs(
		{
			atOnce: options.optimizeJobs,
			threads: options.optimizeThreads,
			queue: options.optimizeQueue,
			maxTasks: options.optimizeTasks,
			maxBytes: options.optimizeMegabytes * 1024 * 1024,
		},
		() => Promise.resolve(roads),
	);
	live.follow(jobs);
	live.followRecords(records);
	const planning = new Planning({
		database,
		region: options.region,
		calendar: records.calendar,
		clock,
		records: recordsSource(records),
		publications: plans,
		registry,
		roads,
		estimates: () => day.estimates(),
		threads: options.optimizeThreads,
		log,
	});
	undo.push(() => planning.stop());
	live.followBoards(planning.boards);
	// A mend is wanted within two seconds: roads and thread are made ready for it beforehand.
	plans.on('plan', () => planning.prepare());
	records.on('change', (changes) => {
		if (changes.some(({ kind }) => kind === 'closure' || kind === 'fleet-vehicle')) planning.prepare();
	});
	planning.prepare();
	const reach = openReach({
		region,
		roads,
		records,
		registry,
		publications: plans,
		clock,
		database,
		boardDay: boardDayOf(planning.boards),
		openPositions: options.gtfsRealtime,
		log,
	});
	undo.push(() => reach.close());
	const parts = { link, telemetry, ingest, registry, metrics, roads };
	const troubles = () => troublesOf(parts);
	const app = createApp({
		access,
		registry,
		telemetry,
		plans,
		day,
		queues,
		places,
		intakes,
		records,
		planning,
		clock,
		reach,
		jobs,
		metrics,
		log,
		troubles,
		health: () => healthOf(parts),
		documents: createDocuments(options.region, log),
		dashboardDir: options.dashboardDir ?? fileURLToPath(new URL('../dashboard/dist', import.meta.url)),
		mapHosts: options.mapHosts,
	});
	const server = createServer(app);
	const sockets = trackSockets(server);
	server.on('upgrade', upgrader({ access, live, embedded, log }));
	undo.push(
		() => closeHttp(server, sockets),
		() => live.stop(),
		// First of all: whoever waits for a plan gets an answer while there is still a connection.
		() => jobs.stop(),
	);
	const httpPort = await listen(server, options.httpPort, options.host);
	log.info({ httpPort, mqttPort: embedded?.port ?? null, telemetry: telemetry.name }, 'fleet server is up');
	return { httpPort, mqttPort: embedded?.port ?? null, mqttsPort: embedded?.tlsPort ?? null, roads, records, troubles };
}

interface Rooms {
	access: Access;
	vans: VanStore;
	registry: VehicleRegistry;
	plans: Publications;
	database: DatabaseSync;
}

/** The server's own records and what lives on them. */
function openRooms(
	options: ServerOptions,
	{ clock, calendar, log }: { clock: ServiceClock; calendar: Calendar; log: Logger },
	undo: Undo,
): Rooms {
	const database = openRecords(recordsPath(options, RECORDS_FILE));
	undo.push(() => database.close());
	const access = new Access(database, log);
	undo.push(() => access.stop());
	const vans = vanStore(database);
	const registry = new VehicleRegistry(vehicleStore(database), vans, log);
	undo.push(() => registry.stop());
	const plans = new Publications({ database, registry, clock, calendar, log });
	undo.push(() => plans.stop());
	return { access, vans, registry, plans, database };
}

/** What vans send goes to browsers, and to the watch over the day. */
const heardBy = (live: LiveHub, day: Day): LiveSink => ({
	record: (origin, record) => {
		live.record(origin, record);
		day.record(origin, record);
	},
	batch: (vehicle, clock, delay) => live.batch(vehicle, clock, delay),
});

/** The way out to the vans, needed by those who are built before the broker is open. */
function createOutlet(log: Logger) {
	let link: BrokerLink | null = null;
	const publish: BrokerLink['publish'] = (topic, payload, qos, retain) =>
		link?.publish(topic, payload, qos, retain) ?? Promise.reject(new FleetServerError('broker', 'the broker is not up'));
	return {
		publish,
		isUp: (): boolean => link?.trouble() === null,
		/** For what need not arrive. */
		send: (topic: string, payload: string): void => {
			publish(topic, payload, 0).catch((error: unknown) => log.info({ reason: messageOf(error) }, 'a command could not be sent'));
		},
		open: (broker: BrokerLink): void => {
			link = broker;
		},
	};
}

function openBroker(options: ServerOptions, vans: VanStore, sink: BrokerSink, log: Logger): Promise<EmbeddedBroker> {
	const { host, mqttPort: port, mqttsPort, tlsCert, tlsKey } = options;
	const tls = tlsCert !== undefined && tlsKey !== undefined ? { port: mqttsPort, cert: tlsCert, key: tlsKey } : undefined;
	return embeddedBroker({ host, port, tls, vans, sink, log });
}
