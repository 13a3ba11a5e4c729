/**
 * The browser's end of the live channel: connects, subscribes again after every break, notices a dead line by itself and
 * hands on nothing that does not keep to the contract.
 */
import { decodeWaveformFrame, liveMessage, type LiveMessage, type LiveRequest, type WaveformFrame } from '@junkai/contracts';
import { createServerClock, type ServerClock } from './server-clock.ts';
import { Wants, type Subscriptions } from './wants.ts';

/** `live`: messages come. `stale`: open, but nothing was heard for too long. `waiting`: no connection, next try at `retryAt`. */
export interface LiveState {
	phase: 'connecting' | 'live' | 'stale' | 'waiting' | 'signed-out' | 'closed';
	/** When this phase began, by the browser's clock. */
	since: number;
	retryAt: number | null;
}

export interface LiveStats {
	connections: number;
	messages: number;
	frames: number;
	/** Messages that broke the schema and were dropped. */
	malformed: number;
	/** Messages the server left out because this browser was too slow. */
	dropped: number;
	/** Round trip of the newest ping, ms. */
	roundTrip: number | null;
}

export interface LiveListeners {
	message?: (message: LiveMessage) => void;
	frame?: (frame: WaveformFrame) => void;
	state?: (state: LiveState) => void;
	/** After each greeting of the server, once the subscriptions are on their way: time to fetch what was missed. */
	ready?: () => void;
	/** A connection attempt failed before any greeting: perhaps the session has ended. */
	refused?: () => void;
}

export interface LiveClient {
	readonly clock: ServerClock;
	readonly stats: Readonly<LiveStats>;
	state(): LiveState;
	/** When anything last came from the server, by the browser's clock. */
	heard(): number;
	listen(listeners: LiveListeners): () => void;
	/**
	 * Subscribes beside all that others want, now and after every reconnection, until the returned function is called.
	 * @param confirmed called each time that the server holds it: what is fetched from then on misses nothing
	 */
	want(subscriptions: Subscriptions, confirmed?: () => void): () => void;
	/** Tries at once instead of waiting for `retryAt`. */
	retryNow(): void;
	close(): void;
}

export interface LiveTimings {
	pingEvery: number;
	staleAfter: number;
	deadAfter: number;
	firstRetry: number;
	longestRetry: number;
}

const usual: LiveTimings = { pingEvery: 4000, staleAfter: 7000, deadAfter: 13_000, firstRetry: 500, longestRetry: 15_000 };

/** @param url `ws://…/api/v1/live` or `wss://…`. The session cookie goes along by itself. */
export function createLiveClient(url: string, timings: Partial<LiveTimings> = {}): LiveClient {
	const t = { ...usual, ...timings };
	const clock = createServerClock();
	const stats: LiveStats = { connections: 0, messages: 0, frames: 0, malformed: 0, dropped: 0, roundTrip: null };
	const listeners = new Set<LiveListeners>();
	let socket: WebSocket | null = null;
	let state: LiveState = { phase: 'connecting', since: Date.now(), retryAt: null };
	let failures = 0;
	let heard = 0;
	let began = 0;
	let pingId = 0;
	const pings = new Map<number, number>();
	let retryTimer: ReturnType<typeof setTimeout> | undefined;
	let pulse: ReturnType<typeof setInterval> | undefined;

	const tell = <K extends keyof LiveListeners>(name: K, ...args: Parameters<NonNullable<LiveListeners[K]>>) => {
		for (const listener of listeners) (listener[name] as ((...a: typeof args) => void) | undefined)?.(...args);
	};
	const enter = (phase: LiveState['phase'], retryAt: number | null = null) => {
		if (state.phase === phase && state.retryAt === retryAt) return;
		state = { phase, since: state.phase === phase ? state.since : Date.now(), retryAt };
		tell('state', state);
	};
	const ended = () => state.phase === 'closed' || state.phase === 'signed-out';
	const send = (request: LiveRequest) => {
		if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
	};
	const wants = new Wants({
		open: () => state.phase === 'live' || state.phase === 'stale',
		send: (subscriptions) => send({ type: 'subscribe', subscriptions }),
	});

	const beat = () => {
		const silence = Date.now() - Math.max(heard, began);
		if (silence > t.deadAfter) return drop();
		if (silence > t.staleAfter) enter('stale');
		pings.clear();
		pings.set(++pingId, Date.now());
		send({ type: 'ping', id: pingId });
	};

	const onText = (text: string) => {
		const parsed = liveMessage.safeParse(parseJson(text));
		if (!parsed.success) return void stats.malformed++;
		const message = parsed.data;
		stats.messages++;
		if (message.type === 'hello') {
			failures = 0;
			clock.hint(message.time);
			wants.connected();
			beat();
			tell('message', message);
			tell('ready');
			return;
		}
		if (message.type === 'subscribed') return wants.confirmed();
		if (message.type === 'pong') {
			const sentAt = pings.get(message.id);
			if (sentAt === undefined) return;
			pings.delete(message.id);
			stats.roundTrip = Date.now() - sentAt;
			clock.sample(sentAt, Date.now(), message.time);
			return;
		}
		if (message.type === 'dropped') stats.dropped += message.count;
		tell('message', message);
		if (message.type === 'signed-out') {
			enter('signed-out');
			hangUp();
		}
	};

	const onBytes = (bytes: ArrayBuffer) => {
		let frame: WaveformFrame;
		try {
			frame = decodeWaveformFrame(new Uint8Array(bytes));
		} catch {
			stats.malformed++;
			return;
		}
		stats.frames++;
		tell('frame', frame);
	};

	function connect(): void {
		clearTimeout(retryTimer);
		if (ended()) return;
		enter('connecting');
		const mine = new WebSocket(url);
		mine.binaryType = 'arraybuffer';
		socket = mine;
		began = Date.now();
		let greeted = false;
		mine.addEventListener('open', () => {
			stats.connections++;
		});
		mine.addEventListener('message', (event: MessageEvent<unknown>) => {
			if (socket !== mine) return;
			heard = Date.now();
			if (typeof event.data === 'string') {
				greeted = true;
				if (state.phase !== 'live') enter('live');
				onText(event.data);
			} else if (event.data instanceof ArrayBuffer) onBytes(event.data);
		});
		mine.addEventListener('close', () => {
			if (socket !== mine) return;
			if (!greeted) tell('refused');
			drop();
		});
		clearInterval(pulse);
		pulse = setInterval(beat, t.pingEvery);
	}

	function hangUp(): void {
		clearInterval(pulse);
		clearTimeout(retryTimer);
		const old = socket;
		socket = null;
		old?.close();
	}

	function drop(): void {
		hangUp();
		if (ended()) return;
		// Full jitter on the upper half, so that fifty browsers do not come back in one instant.
		const longest = Math.min(t.longestRetry, t.firstRetry * 2 ** Math.min(failures++, 10));
		const delay = longest * (0.5 + Math.random() / 2);
		enter('waiting', Date.now() + delay);
		retryTimer = setTimeout(connect, delay);
	}

	const retryNow = () => {
		if (state.phase === 'waiting') connect();
	};

	connect();
	return {
		clock,
		stats,
		state: () => state,
		heard: () => heard,
		listen(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		want: (subscriptions, confirmed) => wants.add(subscriptions, confirmed),
		retryNow,
		close() {
			enter('closed');
			hangUp();
			listeners.clear();
		},
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
