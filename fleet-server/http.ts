/** The HTTP server's sockets: upgrades to WebSocket, opening the port, and closing it whatever is connected. */
import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { isOwnOrigin, signedInBy } from './access/request.ts';
import type { Access } from './access/users.ts';
import { MAX_PACKET_BYTES, type EmbeddedBroker } from './broker/embedded.ts';
import { FleetServerError, messageOf } from './errors.ts';
import type { LiveHub } from './live/hub.ts';

/** Two things speak WebSocket: browsers on the live channel, and vans whose network lets nothing but HTTP through. */
export function upgrader({
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

/** Opens a port and tells its number. Rejects with a FleetServerError of code `listen`. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
	server.listen(port, host);
	try {
		await once(server, 'listening');
	} catch (error) {
		throw new FleetServerError('listen', `cannot listen for HTTP on ${host}:${port}: ${messageOf(error)}`, { cause: error });
	}
	return (server.address() as AddressInfo).port;
}

/** Remembers connections, because upgraded ones are known to nobody else and would keep the port open for ever. */
export function trackSockets(server: Server): Set<Socket> {
	const sockets = new Set<Socket>();
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	return sockets;
}

/** Lets requests end, but not for longer than a second. */
export async function closeHttp(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
	if (!server.listening) return;
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeIdleConnections();
	const timer = setTimeout(() => {
		for (const socket of sockets) socket.destroy();
	}, 1000);
	await closed;
	clearTimeout(timer);
}
