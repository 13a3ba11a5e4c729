/** Puts the server together and takes it apart again. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { resolve as absolute } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Health } from '@junkai/contracts';
import type { Logger } from 'pino';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { isOwnOrigin, signedInBy } from './access/request.ts';
import { RECORDS_FILE } from './access/provision.ts';
import { Access } from './access/users.ts';
import { createApp } from './api/app.ts';
import { createDocuments } from './api/documents.ts';
import { embeddedBroker, MAX_PACKET_BYTES, type EmbeddedBroker } from './broker/embedded.ts';
import { externalBroker } from './broker/external.ts';
import type { BrokerLink } from './broker/link.ts';
import { parseOptions, recordsPath, type ServerOptions, type ServerOptionsInput } from './config.ts';
import { FleetServerError, messageOf } from './errors.ts';
import { Ingest } from './ingest/ingest.ts';
import { LiveHub } from './live/hub.ts';
import { createMetrics } from './metrics.ts';
import { openRecords } from './store/database.ts';
import { vanStore } from './store/vans.ts';
import { VehicleRegistry } from './store/vehicle-registry.ts';
import { vehicleStore } from './store/vehicle-store.ts';
import { openTelemetry, recall } from './telemetry/open.ts';

const VERSION = '0.1.0';

export interface RunningServer {
	httpPort: number;
	/** Of the embedded broker; null with an external one. */
	mqttPort: number | null;
	mqttsPort: number | null;
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

async function assemble(options: ServerOptions, log: Logger, undo: (() => unknown)[]): Promise<Omit<RunningServer, 'stop'>> {
	const dataDir = absolute(options.dataDir);
	mkdirSync(dataDir, { recursive: true, mode: 0o700 });
	const database = openRecords(recordsPath(options, RECORDS_FILE));
	undo.push(() => database.close());
	const access = new Access(database, log);
	undo.push(() => access.stop());
	const vans = vanStore(database);
	const registry = new VehicleRegistry(vehicleStore(database), vans, log);
	undo.push(() => registry.stop());
	const telemetry = await openTelemetry(options, dataDir);
	undo.push(() => telemetry.close());

	let broker: BrokerLink | null = null;
	const publish = (topic: string, payload: string, qos: 0 | 1) =>
		broker ? broker.publish(topic, payload, qos) : Promise.reject(new FleetServerError('broker', 'the broker is not up'));
	const metrics = createMetrics({
		queued: () => ingest.queued,
		vans: () => registry.list().filter((vehicle) => vehicle.link.state === 'online').length,
		liveClients: () => live.clients,
		liveBytes: () => live.waitingBytes,
	});
	const live = new LiveHub({
		access,
		registry,
		log,
		send: (topic, payload) => {
			publish(topic, payload, 0).catch((error: unknown) => log.info({ reason: messageOf(error) }, 'a command could not be sent'));
		},
		onDrop: (kind) => metrics.liveDropped.inc({ kind }),
	});
	const ingest = new Ingest({ telemetry, registry, live, metrics, log, publish });
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

	const sink = ({ topic, payload }: { topic: string; payload: Uint8Array }) => ingest.accept(topic, payload);
	const embedded = options.mqttUrl === undefined ? await embeddedBroker(embeddedOptions(options, vans, sink, log)) : null;
	broker = embedded ?? externalBroker({ url: options.mqttUrl!, dataDir, sink, log });
	const link: BrokerLink = broker;
	// Undone from the last to the first: what was taken in is stored and acknowledged while the broker still carries acks.
	undo.push(
		() => link.stop(),
		() => ingest.stop(),
	);

	const troubles = async () => {
		const reasons = [link.trouble(), ingest.trouble].filter((reason) => reason !== null);
		await withTimeout(telemetry.check(), 3000).catch((error: unknown) => reasons.push(messageOf(error)));
		return reasons;
	};
	const health = async (): Promise<Health> => {
		const reasons = await withTimeout(telemetry.check(), 3000).then(
			() => ingest.trouble,
			(error: unknown) => messageOf(error),
		);
		return healthOf({ link, telemetryTrouble: reasons, telemetryName: telemetry.name, registry, ingest, totals: metrics.totals });
	};
	const app = createApp({
		access,
		registry,
		telemetry,
		metrics,
		log,
		health,
		troubles,
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
	);
	const httpPort = await listen(server, options.httpPort, options.host);
	log.info({ httpPort, mqttPort: embedded?.port ?? null, telemetry: telemetry.name }, 'fleet server is up');
	return { httpPort, mqttPort: embedded?.port ?? null, mqttsPort: embedded?.tlsPort ?? null, troubles };
}

function embeddedOptions(
	options: ServerOptions,
	vans: ReturnType<typeof vanStore>,
	sink: (m: { topic: string; payload: Uint8Array }) => Promise<void>,
	log: Logger,
) {
	const { host, mqttPort: port, mqttsPort, tlsCert, tlsKey } = options;
	const tls = tlsCert !== undefined && tlsKey !== undefined ? { port: mqttsPort, cert: tlsCert, key: tlsKey } : undefined;
	return { host, port, tls, vans, sink, log };
}

const processStart = Date.now();

function healthOf(parts: {
	link: BrokerLink;
	telemetryTrouble: string | null;
	telemetryName: string;
	registry: VehicleRegistry;
	ingest: Ingest;
	totals: { stored: number; duplicates: number; refused: number };
}): Health {
	const { link, telemetryTrouble, telemetryName, registry, ingest, totals } = parts;
	const part = (name: string, trouble: string | null) => ({
		name,
		up: trouble === null,
		...(trouble !== null && { detail: trouble }),
	});
	const list = [
		part(`broker (${link.kind})`, link.trouble()),
		part('records', null),
		part(`telemetry (${telemetryName})`, telemetryTrouble),
	];
	const vehicles = registry.list();
	return {
		status: list.every(({ up }) => up) ? 'up' : 'degraded',
		version: VERSION,
		uptime: (Date.now() - processStart) / 1000,
		parts: list,
		vehicles: { known: vehicles.length, online: vehicles.filter((vehicle) => vehicle.link.state === 'online').length },
		ingest: { records: totals.stored, duplicates: totals.duplicates, refused: totals.refused, queued: ingest.queued },
	};
}

/** Two things speak WebSocket: browsers on the live channel, and vans whose network lets nothing but HTTP through. */
function upgrader({
	access,
	live,
	embedded,
	log,
}: {
	access: Access;
	live: LiveHub;
	embedded: EmbeddedBroker | null;
	log: Logger;
}) {
	const mqtt = new WebSocketServer({
		noServer: true,
		maxPayload: MAX_PACKET_BYTES,
		perMessageDeflate: false,
		handleProtocols: (protocols) => ['mqtt', 'mqttv3.1'].find((protocol) => protocols.has(protocol)) ?? false,
	});
	return (request: IncomingMessage, socket: Duplex, head: Buffer) => {
		socket.on('error', (error) => log.debug({ reason: error.message }, 'upgrade failed'));
		const path = request.url?.split('?')[0];
		if (path === '/mqtt' && embedded) {
			mqtt.handleUpgrade(request, socket, head, (webSocket) => embedded.accept(createWebSocketStream(webSocket)));
			return;
		}
		if (path !== '/api/v1/live') return refuse(socket, '404 Not Found');
		if (!isOwnOrigin(request)) return refuse(socket, '403 Forbidden');
		const session = signedInBy(access, request);
		if (session === null) return refuse(socket, '401 Unauthorized');
		live.upgrade(request, socket, head, session);
	};
}

function refuse(socket: Duplex, status: string): void {
	socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function listen(server: Server, port: number, host: string): Promise<number> {
	server.listen(port, host);
	try {
		await once(server, 'listening');
	} catch (error) {
		throw new FleetServerError('listen', `cannot listen for HTTP on ${host}:${port}: ${messageOf(error)}`, { cause: error });
	}
	return (server.address() as AddressInfo).port;
}

/** Remembers connections, because upgraded ones are known to nobody else and would keep the port open for ever. */
function trackSockets(server: Server): Set<Socket> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	return sockets;
}

/** Lets requests end, but not for longer than a second. */
async function closeHttp(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
	if (!server.listening) return;
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeIdleConnections();
	const timer = setTimeout(() => {
		for (const socket of sockets) socket.destroy();
	}, 1000);
	await closed;
	clearTimeout(timer);
}

/** Rejects after `ms` when the promise has not settled. */
function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(
			() => reject(new FleetServerError('telemetry', `the telemetry store does not answer within ${ms} ms`)),
			ms,
		);
		promise.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
