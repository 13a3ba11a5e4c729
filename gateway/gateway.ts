/** The van's program: ports -> drivers -> clock -> spool -> uplink. */
import { EventEmitter } from 'node:events';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { topics, type EventCode, type EventRecord, type GatewayStatus, type Manifest } from '@junkai/contracts';
import { Clock, type Correction } from './clock/clock.ts';
import { systemClock } from './clock/system.ts';
import type { GatewayConfig } from './config.ts';
import { Manifests } from './manifest/manifests.ts';
import { Port } from './ports/port.ts';
import { Recorder } from './records/recorder.ts';
import type { Loss, SpoolOpened } from './spool/database.ts';
import { Spool, type NewRecord } from './spool/spool.ts';
import { Link } from './uplink/link.ts';
import { Uplink } from './uplink/uplink.ts';
import { Watch } from './uplink/watch.ts';

export const version = '0.1.0';

const STATUS_EVERY = 5_000;
const REPORT_SOON = 100;
const CLOCK_EVERY = 1_000;
const BLOCK_WATCHED = 60;
const BLOCK_UNWATCHED = 1_000;
const NEARLY_FULL = 0.1;

type Detail = NonNullable<EventRecord['detail']>;

export interface GatewayEvents {
	/** The van has another route: it is on the disk. */
	manifest: [manifest: Manifest];
}

export class Gateway extends EventEmitter<GatewayEvents> {
	readonly #config: GatewayConfig;
	readonly #log: Logger;
	readonly #clock: Clock;
	readonly #watch = new Watch();
	readonly #manifests: Manifests;
	readonly #timers: NodeJS.Timeout[] = [];
	#spool: Spool | undefined;
	#uplink: Uplink | undefined;
	#link: Link | undefined;
	#ports: Port[] = [];
	#recorders: Recorder[] = [];
	#epoch = '';
	#nearlyFull = false;
	#soon: NodeJS.Timeout | undefined;
	/** What happened before the spool was open. */
	#early: NewRecord[] = [];

	constructor(config: GatewayConfig, log: Logger) {
		super();
		this.#config = config;
		this.#log = log.child({ vehicle: config.vehicle });
		this.#manifests = new Manifests({
			path: join(dirname(config.spool.path), `manifest-${config.vehicle}.json`),
			log: this.#log,
			now: () => this.#clock.stamp().time,
			tell: (receipt) => this.#link?.publish(topics.receipt(config.vehicle), JSON.stringify(receipt), 1, true),
		});
		this.#manifests.on('manifest', (manifest) => this.emit('manifest', manifest));
		this.#clock = new Clock({
			systemSynchronised: systemClock(config.clock.system),
			onCorrection: (correction) => this.#corrected(correction),
			onQuality: (quality, before) => {
				this.#log.info({ from: before, to: quality }, 'clock quality');
				if (quality === 'holdover') this.#event('clock-lost', { from: before });
			},
		});
	}

	/** The route that the van has of the server, kept over a power cut; null before the first one came. */
	manifest(): Manifest | null {
		return this.#manifests.current;
	}

	/** Opens spool and ports and begins to connect. Rejects with a GatewayError when the spool cannot be had. */
	async start(): Promise<void> {
		const { spool, uplink } = this.#config;
		this.#spool = await Spool.open(
			{ path: spool.path, maxBytes: spool.maxMegabytes * 1024 * 1024, reserveBytes: spool.reserveMegabytes * 1024 * 1024 },
			this.#clock.boot,
			{
				committed: (entries) => this.#uplink?.committed(entries),
				opened: (opened) => this.#opened(opened),
				lost: (loss) => this.#lost(loss),
				trouble: (message) => this.#log.error({ reason: message }, 'spool trouble; trying again'),
			},
		);
		for (const record of this.#early.splice(0)) this.#spool.append(record);
		await this.#manifests.open();
		this.#link = this.#makeLink();
		this.#uplink = new Uplink({
			vehicle: this.#config.vehicle,
			clock: this.#clock,
			spool: this.#spool,
			link: this.#link,
			watch: this.#watch,
			log: this.#log,
			epoch: () => this.#epoch,
			backlogBytesPerSecond: uplink.backlogKilobytesPerSecond * 1024,
			onWatch: () => {
				for (const recorder of this.#recorders) recorder.flush();
			},
			onRefused: (count, reason) => {
				this.#log.error({ count, reason }, 'records refused by the server');
				this.#event('records-refused', { count, reason: reason.slice(0, 200) });
			},
		});
		this.#event('gateway-started', { version });
		this.#ports = this.#config.ports.map(
			(port) => new Port(port, this.#recorder(port.name), this.#clock, this.#log, () => this.#reportSoon()),
		);
		for (const port of this.#ports) port.start();
		this.#uplink.start();
		this.#link.start();
		this.#timers.push(
			setInterval(() => this.#clock.tick(), CLOCK_EVERY),
			setInterval(() => void this.#report(), STATUS_EVERY),
		);
		this.#log.info({ ports: this.#ports.length, epoch: this.#epoch, version }, 'gateway runs');
	}

	/** Gives out what the drivers hold, writes it to the spool, says farewell. */
	async stop(): Promise<void> {
		for (const timer of this.#timers) clearInterval(timer);
		clearTimeout(this.#soon);
		await Promise.all(this.#ports.map((port) => port.stop()));
		this.#event('gateway-stopped', {});
		this.#uplink?.stop();
		await this.#manifests.stop();
		await this.#link?.stop();
		await this.#spool?.close();
		this.#log.info('gateway stopped');
	}

	#makeLink(): Link {
		const { vehicle, name, mqtt } = this.#config;
		return new Link(
			vehicle,
			mqtt,
			{
				birth: () => {
					const { time, clock } = this.#clock.stamp();
					const devices = this.#ports.map((port) => port.info);
					return { epoch: this.#epoch, boot: this.#clock.boot, time, clock, name, software: version, devices };
				},
				up: () => {
					this.#uplink?.up();
					this.#manifests.up();
					void this.#report();
				},
				down: () => this.#uplink?.down(),
				message: (topic, payload) => {
					if (topic === topics.manifest(vehicle)) void this.#manifests.accept(payload);
					else this.#uplink?.message(topic, payload);
				},
			},
			this.#log,
		);
	}

	#recorder(port: string): Recorder {
		const watched = (): boolean => this.#watch.active(this.#clock.now());
		const recorder = new Recorder(port, {
			clock: this.#clock,
			append: (record) => this.#append(record),
			blockLength: () => (watched() ? BLOCK_WATCHED : BLOCK_UNWATCHED),
			keepWaveforms: () => this.#config.waveforms.keep === 'always' || watched(),
		});
		this.#recorders.push(recorder);
		return recorder;
	}

	#append(record: NewRecord): number | undefined {
		if (this.#spool === undefined) this.#early.push(record);
		return this.#spool?.append(record);
	}

	#event(code: EventCode, detail: Detail, active?: boolean): void {
		this.#append({
			kind: 'event',
			...this.#clock.stamp(),
			class: 'system',
			code,
			detail,
			...(active === undefined ? {} : { active }),
		});
	}

	#corrected({ boot, delta, to }: Correction): void {
		this.#log.info({ delta, to }, 'clock synchronised: earlier records of this run are corrected');
		this.#event('clock-synchronised', { boot, delta, to });
	}

	#opened({ epoch, setAside }: SpoolOpened): void {
		this.#epoch = epoch;
		if (setAside === undefined) return;
		this.#log.error({ path: setAside.path, reason: setAside.reason }, 'spool was corrupt; set aside, a new one is begun');
		this.#event('spool-corrupt', { file: setAside.path.slice(-200), reason: setAside.reason.slice(0, 200) });
		this.#uplink?.restart();
		this.#link?.announce();
	}

	#lost(loss: Loss): void {
		this.#log.error({ records: loss.records }, 'no room: waveforms were shed');
		this.#event('spool-shed', { records: loss.records, from: loss.from, to: loss.to, kind: 'waveform' });
		if (loss.id >= 0) this.#spool?.reported(loss);
	}

	/** A change that people wait to see is told at once, a burst of them once. */
	#reportSoon(): void {
		this.#soon ??= setTimeout(() => {
			this.#soon = undefined;
			void this.#report();
		}, REPORT_SOON);
	}

	async #report(): Promise<void> {
		const { vehicle, spool } = this.#config;
		if (this.#spool === undefined || this.#link === undefined) return;
		const counts = await this.#spool.counts().catch(() => undefined);
		if (counts === undefined) return;
		const nearlyFull = counts.free < spool.maxMegabytes * 1024 * 1024 * NEARLY_FULL;
		if (nearlyFull !== this.#nearlyFull) {
			this.#nearlyFull = nearlyFull;
			this.#event('spool-nearly-full', { free: counts.free }, nearlyFull);
		}
		if (!this.#link.online) return;
		const { time, clock } = this.#clock.stamp();
		const rtt = this.#uplink?.roundTrip;
		const { oldest, ...numbers } = counts;
		const status: GatewayStatus = {
			v: 1,
			session: this.#link.session,
			time,
			clock,
			uptime: process.uptime(),
			spool: { ...numbers, ...(oldest === null ? {} : { oldest }) },
			ports: this.#ports.map((port) => port.status()),
			...(rtt === undefined ? {} : { rtt }),
		};
		this.#link.publish(topics.status(vehicle), JSON.stringify(status), 0);
	}
}
