/**
 * A van's mobile link: a TCP proxy between its gateway and the broker that cuts for real. Out of coverage both sockets are
 * destroyed and new ones refused; a black hole swallows what is sent without a word, as a tunnel does.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { randomFrom } from './random.ts';
import { SimError } from './sim-error.ts';

export type RadioState = 'good' | 'weak' | 'none' | 'black-hole';

export interface RadioOptions {
	/** The broker. */
	target: { host: string; port: number };
	/** Port to listen on; a free one by default. Loopback only. */
	port?: number;
	/** For the moments at which a weak link breaks. */
	seed?: number;
	/** Called after each change of state. */
	onChange?: (state: RadioState) => void;
}

export interface RadioStats {
	/** Connections that the van made and that reached the proxy. */
	accepted: number;
	/** Connections refused for want of signal. */
	refused: number;
	/** Connections that the radio destroyed. */
	cuts: number;
	bytesUp: number;
	bytesDown: number;
	/** Bytes that a black hole swallowed. */
	swallowed: number;
}

/** A weak link carries each piece this much later, ms, and breaks after a random time of this mean, ms. */
const WEAK_DELAY = [150, 700] as const;
const WEAK_LASTS = 25_000;

export interface Radio {
	readonly port: number;
	readonly state: RadioState;
	readonly stats: Readonly<RadioStats>;
	/** Added to every piece in both directions, ms; on top of what a weak link adds. */
	delay: number;
	/** Changes the state; `none` destroys what is connected. */
	set(state: RadioState): void;
	/** Destroys what is connected and refuses new connections, until {@link Radio.restore}. */
	cut(): void;
	/** Swallows what is sent, without a word, and refuses new connections, until {@link Radio.restore}. */
	swallow(): void;
	restore(): void;
	/** Destroys what is connected now; new connections are accepted at once. */
	drop(): void;
	/** Ends the proxy and all it carries. */
	close(): Promise<void>;
}

/** @throws {SimError} when the port is taken. */
export async function startRadio(options: RadioOptions): Promise<Radio> {
	const radio = new RadioProxy(options);
	await radio.listen(options.port ?? 0);
	return radio;
}

interface Pair {
	van: Socket;
	broker: Socket;
	weakTimer?: NodeJS.Timeout;
}

class RadioProxy implements Radio {
	port = 0;
	delay = 0;
	readonly stats: RadioStats = { accepted: 0, refused: 0, cuts: 0, bytesUp: 0, bytesDown: 0, swallowed: 0 };
	#state: RadioState = 'good';
	#server: Server | null = null;
	readonly #options: RadioOptions;
	readonly #pairs = new Set<Pair>();
	readonly #random: () => number;

	constructor(options: RadioOptions) {
		this.#options = options;
		this.#random = randomFrom(options.seed ?? 1);
	}

	get state(): RadioState {
		return this.#state;
	}

	listen(port: number): Promise<void> {
		return new Promise((resolve, reject) => {
			const server = createServer({ noDelay: true, pauseOnConnect: true }, (van) => this.#accept(van));
			server.once('error', (cause) => reject(new SimError('radio', `no radio on 127.0.0.1:${port}: ${cause.message}`, { cause })));
			server.listen(port, '127.0.0.1', () => {
				const address = server.address();
				this.port = typeof address === 'object' && address ? address.port : port;
				// A later fault of the listening socket must not end the program; the vans see a refused connection.
				server.on('error', () => {});
				this.#server = server;
				resolve();
			});
		});
	}

	set(state: RadioState): void {
		if (state === this.#state) return;
		const was = this.#state;
		this.#state = state;
		// What fell into a black hole is missing from the stream: it can't go on, as after a tunnel longer than TCP's patience.
		if (state === 'none' || was === 'black-hole') this.drop();
		for (const pair of this.#pairs) {
			if (state === 'weak') this.#breakLater(pair);
			else clearTimeout(pair.weakTimer);
		}
		this.#options.onChange?.(state);
	}

	cut(): void {
		this.set('none');
	}

	swallow(): void {
		this.set('black-hole');
	}

	restore(): void {
		this.set('good');
	}

	drop(): void {
		for (const pair of this.#pairs) {
			this.stats.cuts++;
			this.#destroy(pair);
		}
	}

	async close(): Promise<void> {
		for (const pair of this.#pairs) this.#destroy(pair);
		const server = this.#server;
		this.#server = null;
		if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
	}

	#accept(van: Socket): void {
		van.on('error', () => {});
		if (this.#state === 'none' || this.#state === 'black-hole') {
			this.stats.refused++;
			van.resetAndDestroy();
			return;
		}
		this.stats.accepted++;
		const broker = createConnection({ ...this.#options.target, noDelay: true });
		const pair: Pair = { van, broker };
		this.#pairs.add(pair);
		const end = () => this.#destroy(pair);
		for (const socket of [van, broker]) socket.on('error', end).on('close', end);
		this.#carry(van, broker, 'bytesUp');
		this.#carry(broker, van, 'bytesDown');
		if (this.#state === 'weak') this.#breakLater(pair);
	}

	/** Carries bytes one way, in order, each piece later by the delay; holds the sender while the receiver is full. */
	#carry(from: Socket, to: Socket, count: 'bytesUp' | 'bytesDown'): void {
		let last = Promise.resolve();
		let waiting = 0;
		const forward = (chunk: Buffer) => {
			waiting -= chunk.length;
			if (this.#state === 'black-hole') {
				this.stats.swallowed += chunk.length;
				return;
			}
			if (to.destroyed) return;
			this.stats[count] += chunk.length;
			if (!to.write(chunk)) {
				from.pause();
				to.once('drain', () => from.resume());
			} else if (from.isPaused() && waiting < 65_536) from.resume();
		};
		from.on('data', (chunk: Buffer) => {
			waiting += chunk.length;
			const delay = this.#delay();
			if (delay === 0 && waiting === chunk.length) return forward(chunk);
			if (waiting > 262_144) from.pause();
			const due = performance.now() + delay;
			last = last.then(() => waitUntil(due)).then(() => forward(chunk));
		});
		from.on('end', () => {
			if (this.#state === 'black-hole') return;
			last = last.then(() => void to.end());
		});
		from.resume();
	}

	#delay(): number {
		if (this.#state !== 'weak') return this.delay;
		return this.delay + WEAK_DELAY[0] + this.#random() * (WEAK_DELAY[1] - WEAK_DELAY[0]);
	}

	#breakLater(pair: Pair): void {
		clearTimeout(pair.weakTimer);
		const lasts = -Math.log(1 - this.#random()) * WEAK_LASTS;
		pair.weakTimer = setTimeout(() => {
			if (!this.#pairs.has(pair)) return;
			this.stats.cuts++;
			this.#destroy(pair);
		}, lasts);
		pair.weakTimer.unref();
	}

	#destroy(pair: Pair): void {
		if (!this.#pairs.delete(pair)) return;
		clearTimeout(pair.weakTimer);
		// A reset, not a farewell: neither side may think that the other one meant to go.
		pair.van.resetAndDestroy();
		pair.broker.resetAndDestroy();
	}
}

function waitUntil(due: number): Promise<void> {
	const rest = due - performance.now();
	return rest <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, rest));
}
