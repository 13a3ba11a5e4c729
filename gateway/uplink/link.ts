/**
 * The connection to the broker: one MQTT session after another, each with an id of its own that birth and last will share.
 * The MQTT library's own reconnecting and its offline store are not used: what has to survive is in the spool.
 */
import { randomUUID } from 'node:crypto';
import mqtt, { type MqttClient } from 'mqtt';
import type { Logger } from 'pino';
import { topics, type Birth, type Death, type VehicleId } from '@junkai/contracts';
import type { GatewayConfig } from '../config.ts';

const BACKOFF_FIRST = 500;
const BACKOFF_MOST = 10_000;
const CONNECT_TIMEOUT = 10_000;

export interface LinkHandlers {
	/** The fields of a birth that only the gateway knows. */
	birth: () => Omit<Birth, 'v' | 'session'>;
	up: (session: string) => void;
	down: () => void;
	message: (topic: string, payload: Buffer) => void;
}

export class Link {
	readonly #vehicle: VehicleId;
	readonly #config: GatewayConfig['mqtt'];
	readonly #handlers: LinkHandlers;
	readonly #log: Logger;
	#client: MqttClient | undefined;
	#session = '';
	#online = false;
	#backoff = BACKOFF_FIRST;
	#timer: NodeJS.Timeout | undefined;
	#stopped = false;
	#lastError = '';

	constructor(vehicle: VehicleId, config: GatewayConfig['mqtt'], handlers: LinkHandlers, log: Logger) {
		this.#vehicle = vehicle;
		this.#config = config;
		this.#handlers = handlers;
		this.#log = log;
	}

	get session(): string {
		return this.#session;
	}

	get online(): boolean {
		return this.#online;
	}

	/** Bytes that the socket has not taken yet: the line is slower than we are. */
	get backlog(): number {
		return this.#client?.stream?.writableLength ?? 0;
	}

	start(): void {
		this.#connect();
	}

	/** Publishes on this session; false when there is none. What is published is sure only by the server's own ack. */
	publish(topic: string, payload: string | Buffer, qos: 0 | 1, retain = false): boolean {
		if (!this.#online || this.#client === undefined) return false;
		this.#client.publish(topic, payload, { qos, retain }, () => {
			// A failed publish needs no care: no ack comes, and the spool still has it.
		});
		return true;
	}

	/** Tells the birth of this session again, because something in it has changed. */
	announce(): void {
		this.publish(topics.birth(this.#vehicle), this.#birth(this.#session), 1, true);
	}

	/** Says farewell and leaves. */
	async stop(): Promise<void> {
		this.#stopped = true;
		clearTimeout(this.#timer);
		const client = this.#client;
		this.#client = undefined;
		if (client === undefined) return;
		if (this.#online) {
			const death: Death = { v: 1, session: this.#session, cause: 'farewell' };
			const told = client
				.publishAsync(topics.death(this.#vehicle), JSON.stringify(death), { qos: 1, retain: true })
				.catch(() => undefined);
			await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 1500))]);
		}
		this.#online = false;
		// A proper goodbye first, so that the broker does not publish the last will over the farewell.
		await Promise.race([client.endAsync(false).catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 500))]);
		client.end(true);
	}

	#connect(): void {
		if (this.#stopped) return;
		const session = randomUUID();
		const will: Death = { v: 1, session, cause: 'will' };
		const { url, password, keepalive, ca, cert, key } = this.#config;
		const client = mqtt.connect(url, {
			clientId: `van-${this.#vehicle}`,
			username: this.#vehicle,
			...(password === undefined ? {} : { password }),
			...(ca === undefined ? {} : { ca }),
			...(cert === undefined ? {} : { cert }),
			...(key === undefined ? {} : { key }),
			protocolVersion: 4,
			clean: true,
			keepalive,
			reconnectPeriod: 0,
			connectTimeout: CONNECT_TIMEOUT,
			queueQoSZero: false,
			resubscribe: false,
			will: { topic: topics.death(this.#vehicle), payload: Buffer.from(JSON.stringify(will)), qos: 1, retain: true },
		});
		this.#client = client;
		client.on('connect', () => void this.#greet(client, session));
		client.on('message', (topic, payload) => this.#handlers.message(topic, payload));
		client.on('error', (error) => this.#say(error.message));
		client.on('close', () => this.#ended(client));
	}

	async #greet(client: MqttClient, session: string): Promise<void> {
		try {
			const heard = [topics.ack(this.#vehicle), topics.command(this.#vehicle), topics.manifest(this.#vehicle)];
			await client.subscribeAsync(heard, { qos: 1 });
			await client.publishAsync(topics.birth(this.#vehicle), this.#birth(session), { qos: 1, retain: true });
		} catch (error) {
			this.#say(error instanceof Error ? error.message : String(error));
			client.end(true);
			this.#ended(client);
			return;
		}
		if (client !== this.#client || this.#stopped) return;
		this.#session = session;
		this.#online = true;
		this.#backoff = BACKOFF_FIRST;
		this.#lastError = '';
		this.#log.info({ session }, 'link up');
		this.#handlers.up(session);
	}

	#birth(session: string): string {
		return JSON.stringify({ v: 1, session, ...this.#handlers.birth() } satisfies Birth);
	}

	#ended(client: MqttClient): void {
		if (client !== this.#client) return;
		this.#client = undefined;
		client.removeAllListeners();
		client.on('error', () => {});
		client.end(true);
		if (this.#online) {
			this.#online = false;
			this.#log.info({ session: this.#session }, 'link down');
			this.#handlers.down();
		}
		if (this.#stopped) return;
		// Jitter keeps a hundred vans from coming back in one instant when the server does.
		const pause = this.#backoff * (0.5 + Math.random());
		this.#backoff = Math.min(BACKOFF_MOST, this.#backoff * 1.7);
		this.#timer = setTimeout(() => this.#connect(), pause);
	}

	#say(message: string): void {
		if (message === this.#lastError) return;
		this.#lastError = message;
		this.#log.warn({ reason: message }, 'link trouble');
	}
}
