/** The live channel: hands arriving records and changes of vehicles to the browsers that subscribed to them. */
import type { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
	encodeWaveformFrame,
	liveRequest,
	liveRoles,
	type ClockQuality,
	type LiveKind,
	type LiveMessage,
	type OptimizeJob,
	type PlanBoardSummary,
	type UplinkRecord,
	type VehicleId,
	type WaveformRecord,
} from '@junkai/contracts';
import type { Logger } from 'pino';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Access, SignedIn } from '../access/users.ts';
import type { ServiceClock } from '../clock.ts';
import type { Day } from '../day/day.ts';
import type { PublicationEvents } from '../day/publications.ts';
import type { DoctorQueues } from '../day/queue.ts';
import type { LiveSink } from '../ingest/ingest.ts';
import type { RecordChange, RecordEvents } from '../registry/index.ts';
import type { Origin, VehicleRegistry } from '../store/vehicle-registry.ts';
import { LiveClient, type Payload } from './client.ts';
import { Watches } from './watches.ts';

const FLUSH_MS = 50;
const SECOND_MS = 1000;
const HEARTBEAT_MS = 15_000;
const MAX_REQUESTS_A_SECOND = 20;
/** Close code "policy violation" of RFC 6455. */
const POLICY = 1008;

export interface HubOptions {
	access: Access;
	registry: VehicleRegistry;
	plans: EventEmitter<PublicationEvents>;
	clock: ServiceClock;
	log: Logger;
	/** Publishes a command to a van. */
	send: (topic: string, payload: string) => void;
	onDrop: (kind: LiveKind) => void;
}

/** Where plans in the making are kept. */
export interface BoardSource {
	on(event: 'change', listener: (board: PlanBoardSummary) => void): unknown;
	on(event: 'drop', listener: (id: string) => void): unknown;
}

/** Where it is known how the day stands. */
export type DaySource = Pick<Day, 'on' | 'estimates' | 'openAlerts'>;

/** Where the planner's jobs are known. */
export interface JobSource {
	list(): readonly OptimizeJob[];
	on(event: 'change', listener: (job: OptimizeJob) => void): unknown;
}

export class LiveHub implements LiveSink {
	readonly #options: HubOptions;
	readonly #clients = new Set<LiveClient>();
	readonly #server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false });
	readonly #watches: Watches;
	readonly #timers: NodeJS.Timeout[];
	#stopped = false;
	#jobs: JobSource | null = null;
	#day: DaySource | null = null;
	/** Vehicles whose position changed since they were last told of. */
	readonly #moved = new Set<VehicleId>();
	readonly #links = new Map<VehicleId, { clock: ClockQuality | null; delay: number | null }>();

	constructor(options: HubOptions) {
		this.#options = options;
		this.#watches = new Watches(options.send, () => this.#watched());
		options.registry.on('change', (vehicle, what) => {
			if (what === 'position') this.#moved.add(vehicle);
			else this.#tellVehicle(vehicle);
		});
		options.plans.on('plan', (revision) => {
			for (const client of this.#clients) if (client.hears('plan')) client.tell({ type: 'plan', revision });
		});
		options.plans.on('progress', (progress) => {
			const message: LiveMessage = { type: 'progress', progress };
			this.#send('plan', progress.vehicle, 'progress', () => JSON.stringify(message));
		});
		options.clock.on('change', (facts) => {
			for (const client of this.#clients) client.tell({ type: 'clock', clock: facts });
		});
		options.registry.on('birth', (vehicle) => this.#watches.returned(vehicle));
		options.access.on('ended', (key) => this.#signOut(key));
		this.#timers = [
			setInterval(() => this.#flush(), FLUSH_MS),
			setInterval(() => this.#eachSecond(), SECOND_MS),
			setInterval(() => this.#heartbeat(), HEARTBEAT_MS),
		];
		for (const timer of this.#timers) timer.unref();
	}

	/** Tells from now on of plans in the making. */
	followBoards(boards: BoardSource): void {
		boards.on('change', (board) => {
			let text: string | undefined;
			for (const client of this.#clients) {
				if (client.hears('board'))
					client.offer('board', null, board.id, (text ??= JSON.stringify({ type: 'board', board } satisfies LiveMessage)));
			}
		});
		boards.on('drop', (board) => {
			for (const client of this.#clients) if (client.hears('board')) client.tell({ type: 'board-dropped', board });
		});
	}

	/** Tells from now on how the day goes. Each message is a whole state: a newer one stands for those before it. */
	followDay(day: DaySource): void {
		this.#day = day;
		const tell = (slot: string, message: LiveMessage): void => {
			let text: string | undefined;
			for (const client of this.#clients)
				if (client.hears('day')) client.offer('day', null, slot, (text ??= JSON.stringify(message)));
		};
		day.on('estimate', (estimate) => tell(`estimate ${estimate.vehicle}`, { type: 'estimate', estimate }));
		day.on('alert', (alert) => tell(`alert ${alert.id}`, { type: 'alert', alert }));
		day.on('publication', (publication) => tell(`publication ${publication.revision}`, { type: 'publication', publication }));
	}

	/** Tells each doctor from now on of the own queue. */
	followQueues(queues: Pick<DoctorQueues, 'on'>): void {
		const text = JSON.stringify({ type: 'queue' } satisfies LiveMessage);
		queues.on('change', (user) => {
			for (const client of this.#clients) {
				if (client.session.username === user && client.hears('queue')) client.offer('queue', null, '', text);
			}
		});
	}

	/** Tells from now on how the planner's jobs go. */
	follow(jobs: JobSource): void {
		this.#jobs = jobs;
		jobs.on('change', (job) => {
			let text: string | undefined;
			for (const client of this.#clients) {
				if (client.hears('optimize')) client.offer('optimize', null, job.id, (text ??= jobMessage(job)));
			}
		});
	}

	/** Tells from now on of records that people change. */
	followRecords(records: EventEmitter<RecordEvents>): void {
		records.on('change', (changes, by) => {
			const listeners = [...this.#clients].filter((client) => client.hears('record'));
			if (listeners.length === 0) return;
			const text = recordsMessage(changes, by);
			// One who is behind hears once that a lot was changed, instead of each change.
			for (const client of listeners) client.offer('record', null, '', client.behind ? recordsMessage([], by, true) : text);
		});
	}

	get clients(): number {
		return this.#clients.size;
	}

	/** Bytes that wait in this process for browsers to take them. */
	get waitingBytes(): number {
		let bytes = 0;
		for (const client of this.#clients) bytes += client.waitingBytes;
		return bytes;
	}

	/** Takes an upgrade request of someone who is signed in. */
	upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, session: SignedIn): void {
		this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#open(webSocket, session));
	}

	record(origin: Origin, record: UplinkRecord): void {
		if (this.#clients.size === 0) return;
		const { vehicle, epoch, historical } = origin;
		const slot = `${historical ? 'late ' : ''}${slotOf(record)}`;
		if (record.kind === 'waveform') this.#send('waveform', vehicle, slot, () => frameOf(origin, record));
		else if (record.kind === 'position') this.#sendMessage(vehicle, slot, { type: 'position', vehicle, epoch, historical, record });
		else if (record.kind === 'reading') this.#sendMessage(vehicle, slot, { type: 'reading', vehicle, epoch, historical, record });
		else {
			const message: LiveMessage = { type: 'event', vehicle, epoch, historical, record };
			// A device's statement about the patient is for those who care for the patient.
			const may = (client: LiveClient) => record.class !== 'physiological' || liveRoles.reading.includes(client.session.role);
			this.#send('event', vehicle, slot, () => JSON.stringify(message), may);
		}
	}

	batch(vehicle: VehicleId, clock: ClockQuality | null, delay: number | null): void {
		this.#links.set(vehicle, { clock, delay });
	}

	async stop(): Promise<void> {
		if (this.#stopped) return;
		this.#stopped = true;
		this.#watches.stop();
		for (const timer of this.#timers) clearInterval(timer);
		for (const { socket } of this.#clients) socket.close(1001, 'the server is stopping');
		const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
		for (const { socket } of this.#clients) setTimeout(() => socket.terminate(), 500).unref();
		await closed;
	}

	#open(socket: WebSocket, session: SignedIn): void {
		const { log, onDrop } = this.#options;
		const client = new LiveClient(socket, session, onDrop);
		this.#clients.add(client);
		socket.on('message', (data, binary) => this.#request(client, data, binary));
		socket.on('pong', () => (client.alive = true));
		socket.on('error', (error) => log.info({ reason: error.message }, 'live connection failed'));
		socket.on('close', () => {
			this.#clients.delete(client);
			this.#watches.update(this.#watched());
		});
		client.tell({
			type: 'hello',
			time: Date.now(),
			role: session.role,
			username: session.username,
			clock: this.#options.clock.facts,
		});
	}

	#request(client: LiveClient, data: RawData, binary: boolean): void {
		if (++client.requests > MAX_REQUESTS_A_SECOND) {
			client.socket.close(POLICY, 'too many requests');
			return;
		}
		const parsed = binary ? null : liveRequest.safeParse(json(data));
		if (!parsed?.success) {
			const issue = parsed?.error.issues[0];
			const reason = issue ? `${issue.path.map(String).join('.') || 'message'}: ${issue.message}` : 'requests are text';
			client.tell({ type: 'refused', reason });
			return;
		}
		if (parsed.data.type === 'ping') {
			client.tell({ type: 'pong', id: parsed.data.id, time: Date.now() });
			return;
		}
		for (const kind of client.subscribe(parsed.data.subscriptions)) {
			client.tell({ type: 'refused', reason: `${kind} is not for ${client.session.role}` });
		}
		client.tell({ type: 'subscribed' });
		this.#snapshot(client);
		this.#watches.update(this.#watched());
	}

	/** What is known now of all that a client subscribed to. */
	#snapshot(client: LiveClient): void {
		const { registry } = this.#options;
		for (const vehicle of registry.ids()) {
			if (client.wants('vehicle', vehicle)) {
				const view = registry.view(vehicle)!;
				client.offer(
					'vehicle',
					vehicle,
					'',
					JSON.stringify({ type: 'vehicle', vehicle: view, time: Date.now() } satisfies LiveMessage),
				);
			}
			if (client.wants('reading', vehicle)) {
				for (const { epoch, historical, record } of registry.readings(vehicle)) {
					const message: LiveMessage = { type: 'reading', vehicle, epoch, historical, record };
					client.offer('reading', vehicle, slotOf(record), JSON.stringify(message));
				}
			}
			const link = this.#links.get(vehicle);
			if (link && client.follows(vehicle)) client.tell({ type: 'link', vehicle, ...link });
		}
		if (client.hears('day')) this.#tellDay(client);
		if (!client.hears('optimize')) return;
		for (const job of this.#jobs?.list() ?? []) {
			if (job.finished === null) client.offer('optimize', null, job.id, jobMessage(job));
		}
	}

	#tellDay(client: LiveClient): void {
		const offer = (slot: string, message: LiveMessage): void => client.offer('day', null, slot, JSON.stringify(message));
		for (const estimate of this.#day?.estimates() ?? []) offer(`estimate ${estimate.vehicle}`, { type: 'estimate', estimate });
		for (const alert of this.#day?.openAlerts() ?? []) offer(`alert ${alert.id}`, { type: 'alert', alert });
	}

	#sendMessage(vehicle: VehicleId, slot: string, message: LiveMessage & { type: LiveKind }): void {
		this.#send(message.type, vehicle, slot, () => JSON.stringify(message));
	}

	#send(
		kind: LiveKind,
		vehicle: VehicleId,
		slot: string,
		encode: () => Payload,
		may: (client: LiveClient) => boolean = () => true,
	): void {
		let payload: Payload | undefined;
		for (const client of this.#clients) {
			if (client.wants(kind, vehicle) && may(client)) client.offer(kind, vehicle, slot, (payload ??= encode()));
		}
	}

	#tellVehicle(id: VehicleId): void {
		this.#moved.delete(id);
		if (this.#clients.size === 0) return;
		const vehicle = this.#options.registry.view(id);
		if (vehicle)
			this.#send('vehicle', id, '', () => JSON.stringify({ type: 'vehicle', vehicle, time: Date.now() } satisfies LiveMessage));
	}

	#flush(): void {
		for (const client of this.#clients) client.flush();
	}

	#eachSecond(): void {
		for (const vehicle of this.#moved) this.#tellVehicle(vehicle);
		for (const [vehicle, link] of this.#links) {
			const text = JSON.stringify({ type: 'link', vehicle, ...link } satisfies LiveMessage);
			for (const client of this.#clients) if (client.follows(vehicle)) client.offer('vehicle', vehicle, 'link', text);
		}
		this.#links.clear();
		for (const client of this.#clients) client.requests = 0;
	}

	#heartbeat(): void {
		for (const client of this.#clients) {
			if (!client.alive) {
				client.socket.terminate();
				continue;
			}
			client.alive = false;
			client.socket.ping();
		}
	}

	#signOut(key: string): void {
		for (const client of this.#clients) {
			if (client.session.key !== key) continue;
			client.tell({ type: 'signed-out' });
			client.socket.close(POLICY, 'signed out');
		}
	}

	/** Vehicles whose waveforms someone looks at. */
	#watched(): ReadonlySet<VehicleId> {
		const watched = new Set<VehicleId>();
		for (const vehicle of this.#options.registry.ids()) {
			for (const client of this.#clients) if (client.wants('waveform', vehicle)) watched.add(vehicle);
		}
		return watched;
	}
}

const MOST_RECORDS = 500;
/** What was changed; only that much was, when it is more than a message names. */
const recordsMessage = (changes: readonly RecordChange[], by: string, more = changes.length > MOST_RECORDS): string =>
	JSON.stringify({ type: 'records', changes: changes.slice(0, MOST_RECORDS), by, more } satisfies LiveMessage);

const jobMessage = (job: OptimizeJob): string => JSON.stringify({ type: 'optimize', job } satisfies LiveMessage);

function slotOf(record: UplinkRecord): string {
	if (record.kind === 'reading') return `${record.code} ${record.port ?? ''}`;
	if (record.kind === 'waveform') return `${record.signal} ${record.port ?? ''}`;
	if (record.kind === 'event') return `${record.code} ${record.port ?? ''}`;
	return record.port ?? '';
}

function frameOf({ vehicle, epoch, historical }: Origin, record: WaveformRecord): Uint8Array {
	const { data, kind: _kind, ...header } = record;
	return encodeWaveformFrame({ vehicle, epoch, historical, ...header }, data);
}

/** With the default binary type of `ws` a message is one Buffer. */
function json(data: RawData): unknown {
	try {
		return JSON.parse((data as Buffer).toString());
	} catch {
		return undefined;
	}
}
