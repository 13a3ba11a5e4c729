/** An ordinary MQTT 3.1.1 broker (Mosquitto, EMQX, NATS …), of which the server is a client. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverSubscriptions } from '@junkai/contracts';
import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { FleetServerError, messageOf } from '../errors.ts';
import type { BrokerLink, BrokerSink } from './link.ts';

export interface ExternalOptions {
	/** With user and password in it. */
	url: string;
	/** Holds the client id: a broker keeps what came while this server was away under it. */
	dataDir: string;
	sink: BrokerSink;
	log: Logger;
}

/** Servers share the work of storing; births, deaths and states are for each of them. */
const subscriptions = serverSubscriptions.map((topic) => (topic.includes('/up/') ? `$share/junkai/${topic}` : topic));

/** Told to mqtt.js so that it goes on to the next packet without a receipt of its own. */
const receiptFollows = new Error('receipt follows');

/** Connects in the background and for as long as it takes; `trouble` says how it stands. */
export function externalBroker({ url, dataDir, sink, log }: ExternalOptions): BrokerLink {
	const client = mqtt.connect(url, {
		clientId: clientIdOf(dataDir),
		clean: false,
		protocolVersion: 4,
		keepalive: 15,
		reconnectPeriod: 1000,
		connectTimeout: 10_000,
		queueQoSZero: false,
		resubscribe: false,
	});
	let trouble: string | null = 'the broker was not reached yet';
	let connection = 0;
	const fails = (reason: string) => {
		if (trouble !== reason) log.warn({ reason }, 'broker');
		trouble = reason;
	};
	const begin = async () => {
		try {
			await subscribe(client);
			trouble = null;
			log.info('connected to the broker');
		} catch (error) {
			fails(`the broker refuses the subscription: ${messageOf(error)}`);
		}
	};
	client.on('connect', () => {
		connection++;
		void begin();
	});
	client.on('error', (error) => fails(`the broker cannot be used: ${error.message}`));
	client.on('close', () => {
		connection++;
		if (trouble === null) fails('the connection to the broker is lost');
	});
	client.handleMessage = (packet: IPublishPacket, done) => {
		const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
		const taken = sink({ topic: packet.topic, payload, retained: packet.retain });
		const { qos, messageId } = packet;
		if (qos === 0 || messageId === undefined) {
			taken.catch(() => undefined);
			done();
			return;
		}
		const mine = connection;
		// The receipt comes when the message is durable, or given up: an unacknowledged batch is sent again by its van, and a
		// message without receipt would block one place of the broker's window for as long as the connection lasts.
		taken
			.catch((error: unknown) => log.debug({ topic: packet.topic, reason: messageOf(error) }, 'message not taken'))
			.finally(() => {
				if (mine === connection && client.connected) sendReceipt(client, messageId);
			});
		done(receiptFollows);
	};
	return {
		kind: 'external',
		trouble: () => trouble,
		connected: () => null,
		publish: async (topic, payload, qos, retain = false) => {
			if (!client.connected) throw new FleetServerError('broker', 'the broker is not connected');
			await client.publishAsync(topic, payload, { qos, retain });
		},
		stop: () => client.endAsync(trouble !== null),
	};
}

async function subscribe(client: MqttClient): Promise<void> {
	for (const grant of await client.subscribeAsync(subscriptions, { qos: 1 })) {
		if (grant.qos > 2) throw new FleetServerError('broker', `${grant.topic} was not granted`);
	}
}

/** mqtt.js acknowledges one message before it looks at the next; waiting for a commit each time would be far too slow. */
function sendReceipt(client: MqttClient, messageId: number): void {
	const inside = client as unknown as { _sendPacket(packet: { cmd: 'puback'; messageId: number }): void };
	// oxlint-disable-next-line no-underscore-dangle -- mqtt.js has no public way to send a receipt later
	inside._sendPacket({ cmd: 'puback', messageId });
}

function clientIdOf(dataDir: string): string {
	const path = join(dataDir, 'broker-client-id');
	if (existsSync(path)) {
		const id = readFileSync(path, 'utf8').trim();
		if (/^junkai-[0-9a-f]{16}$/.test(id)) return id;
	}
	const id = `junkai-${randomBytes(8).toString('hex')}`;
	writeFileSync(path, id, { mode: 0o600 });
	return id;
}
