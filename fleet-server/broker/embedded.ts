/** The embedded broker: aedes on TCP, TLS and WebSocket, where a van may do nothing but be itself. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes, type AuthenticateError, type Client, type ConnectPacket } from 'aedes';
import { parseTopic, serverSubscriptions, vehicleId, type VehicleId } from '@junkai/contracts';
import type { Logger } from 'pino';
import { FleetServerError, messageOf } from '../errors.ts';
import type { VanStore } from '../store/vans.ts';
import { FrameGuard } from './frame-guard.ts';
import type { BrokerLink, BrokerSink } from './link.ts';

/** Largest MQTT packet that a van may send. A batch of the largest waveform blocks stays well below. */
export const MAX_PACKET_BYTES = 8 * 1024 * 1024;
/** Before a van has said who it is, a CONNECT packet with its will is all that it may send. */
const CONNECT_TIMEOUT_MS = 10_000;

export interface EmbeddedOptions {
	host: string;
	/** Without TLS; 0 takes a free port. With a certificate it is open on loopback only: no password crosses a network in clear. */
	port: number;
	tls?: { port: number; cert: string; key: string } | undefined;
	vans: VanStore;
	sink: BrokerSink;
	log: Logger;
}

export interface EmbeddedBroker extends BrokerLink {
	readonly port: number;
	readonly tlsPort: number | null;
	/** Takes over a connection that speaks MQTT, for example a WebSocket. */
	accept(stream: Duplex): void;
	/** Messages that vans were not allowed to send, and connections refused. */
	readonly denied: { connects: number; publishes: number; subscribes: number };
}

const refusal = (message: string, returnCode: 4 | 5): AuthenticateError => Object.assign(new Error(message), { returnCode });

/** The van that a client has proved to be. aedes' client id is set to it before it is authenticated. */
const vanOf = (client: Client | null): VehicleId | null => client?.id ?? null;

export async function embeddedBroker(options: EmbeddedOptions): Promise<EmbeddedBroker> {
	const { log, sink } = options;
	const denied = { connects: 0, publishes: 0, subscribes: 0 };
	const broker = await Aedes.createBroker({ connectTimeout: CONNECT_TIMEOUT_MS, drainTimeout: 15_000, keepaliveLimit: 0 });
	guardVans(broker, options.vans, denied);
	broker.on('clientError', (client, error) => log.info({ van: client.id, reason: error.message }, 'van connection ended'));
	broker.on('connectionError', (_client, error) => log.info({ reason: error.message }, 'MQTT connection refused'));
	broker.on('clientReady', (client) => log.info({ van: client.id }, 'van connected'));
	broker.on('clientDisconnect', (client) => log.info({ van: client.id }, 'van disconnected'));
	for (const topic of serverSubscriptions) await subscribe(broker, topic, sink, log);

	const accept = (stream: Duplex) => {
		limitFrames(stream);
		broker.handle(stream);
	};
	const servers: Server[] = [];
	const listen = async (server: Server, port: number, host: string) => {
		servers.push(server);
		await listening(server, port, host);
		return (server.address() as AddressInfo).port;
	};
	try {
		const plain = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 }, accept);
		const port = await listen(plain, options.port, options.tls ? '127.0.0.1' : options.host);
		const tlsPort = options.tls ? await listen(tlsServer(options.tls, accept, log), options.tls.port, options.host) : null;
		return {
			kind: 'embedded',
			port,
			tlsPort,
			accept,
			denied,
			trouble: () => (broker.closed ? 'the embedded broker is closed' : null),
			publish: (topic, payload, qos, retain = false) => publish(broker, topic, payload, qos, retain),
			connected: () => connectedVans(broker),
			stop: () => stop(broker, servers),
		};
	} catch (error) {
		await stop(broker, servers);
		throw error;
	}
}

function tlsServer(tls: { cert: string; key: string }, accept: (stream: Duplex) => void, log: Logger): Server {
	let material: { cert: Buffer; key: Buffer };
	try {
		material = { cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
	} catch (error) {
		throw new FleetServerError('config', `cannot read the TLS certificate or key: ${messageOf(error)}`, { cause: error });
	}
	const server = createTlsServer({ ...material, minVersion: 'TLSv1.2', noDelay: true, keepAlive: true }, accept);
	server.on('tlsClientError', (error) => log.info({ reason: error.message }, 'TLS handshake failed'));
	return server;
}

/** Credentials and rights: a van is its user name, below its own branch, and nothing else. */
function guardVans(broker: Aedes, vans: VanStore, denied: EmbeddedBroker['denied']): void {
	broker.preConnect = (_client, packet: ConnectPacket, done) => {
		// The client id a van chose says nothing; with its own id as client id a second connection takes over from the first.
		// Sessions are not kept: acks and commands that a van did not hear are made anew, and an absent van must not fill memory.
		if (packet.username !== undefined) packet.clientId = packet.username;
		packet.clean = true;
		const will = packet.will;
		if (will && !mayPublish(packet.username ?? '', will.topic)) {
			denied.connects++;
			return done(new Error('the last will is outside of the van’s own topics'), false);
		}
		done(null, true);
	};
	broker.authenticate = (_client, username, password, done) => {
		const id = vehicleId.safeParse(username);
		if (id.success && password !== undefined && vans.verify(id.data, password)) return done(null, true);
		denied.connects++;
		done(refusal('unknown van or wrong password', 4), false);
	};
	broker.authorizePublish = (client, packet, done) => {
		const van = vanOf(client);
		if (van !== null && mayPublish(van, packet.topic)) return done(null);
		denied.publishes++;
		done(new Error('not allowed to publish there'));
	};
	broker.authorizeSubscribe = (client, subscription, done) => {
		if (maySubscribe(client.id, subscription.topic)) return done(null, subscription);
		denied.subscribes++;
		done(null, null);
	};
}

/** What the server alone says. */
const ofServer: readonly string[] = ['ack', 'command', 'manifest'];

function mayPublish(van: string, topic: string): boolean {
	const parsed = parseTopic(topic);
	return parsed !== null && parsed.vehicle === van && !ofServer.includes(parsed.kind);
}

function maySubscribe(van: string, filter: string): boolean {
	const root = `junkai/v1/${van}/`;
	return filter.startsWith(root) && filter.length > root.length;
}

/**
 * Hands messages in and lets aedes go on at once: the bound on what waits is kept by the receiver, and a store that stands
 * still must not stop the delivery of anything else.
 */
function subscribe(broker: Aedes, topic: string, sink: BrokerSink, log: Logger): Promise<void> {
	return new Promise((resolve) => {
		broker.subscribe(
			topic,
			(packet, done) => {
				const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
				sink({ topic: packet.topic, payload, retained: false }).catch((error: unknown) => {
					log.debug({ topic: packet.topic, reason: messageOf(error) }, 'message not taken');
				});
				done();
			},
			resolve,
		);
	});
}

function publish(broker: Aedes, topic: string, payload: string | Buffer, qos: 0 | 1, retain: boolean): Promise<void> {
	return new Promise((resolve, reject) => {
		broker.publish({ cmd: 'publish', topic, payload, qos, retain, dup: false }, (error) =>
			error ? reject(new FleetServerError('broker', `cannot publish: ${error.message}`, { cause: error })) : resolve(),
		);
	});
}

/** aedes keeps its clients in a map that its types do not name. */
function connectedVans(broker: Aedes): VehicleId[] {
	return Object.keys((broker as unknown as { clients: Record<string, Client> }).clients);
}

/**
 * Every byte that aedes reads passes here. aedes calls `read(null)` once for each `readable` event and takes for granted that
 * it gets all there is; newer Node gives one chunk at a time, and the rest of a packet would lie unread until the next one comes.
 */
function limitFrames(stream: Duplex): void {
	const guard = new FrameGuard(MAX_PACKET_BYTES);
	const read = stream.read.bind(stream) as (size?: number | null) => Buffer | null;
	stream.read = (size?: number | null) => {
		const first = read(size);
		if (first === null) return null;
		const chunks = [first];
		if (size === null) for (let next = read(null); next !== null; next = read(null)) chunks.push(next);
		const bytes = chunks.length === 1 ? first : Buffer.concat(chunks);
		if (guard.check(bytes)) return bytes;
		stream.destroy(new Error(`MQTT packet larger than ${MAX_PACKET_BYTES} bytes`));
		return null;
	};
}

async function listening(server: Server, port: number, host: string): Promise<void> {
	server.listen(port, host);
	try {
		await once(server, 'listening');
	} catch (error) {
		throw new FleetServerError('listen', `cannot listen for MQTT on ${host}:${port}: ${messageOf(error)}`, { cause: error });
	}
}

async function stop(broker: Aedes, servers: readonly Server[]): Promise<void> {
	const closed = servers
		.filter((server) => server.listening)
		.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
	await new Promise<void>((resolve) => broker.close(() => resolve()));
	await Promise.all(closed);
}
