/** Vans that are not there: device emulators on real ptys, real gateway processes, a radio with dead valleys, real roads. */
import { join, resolve } from 'node:path';
import { coverageOf, loadRegion, type Coverage } from '@junkai/regions';
import type { Logger } from 'pino';
import type { FleetAtWork } from './fleet-at-work.ts';
import { planDay, vanAt, type DayPlan, type VanPlace } from './journey.ts';
import type { Office } from './office.ts';
import { atOffice } from './at-office.ts';
import { spawnEmulatorHost, type EmulatorHost } from './pty/host.ts';
import { startRadio, type Radio, type RadioState } from './radio.ts';
import { seedOf } from './random.ts';
import { RoadNetwork } from './road-network.ts';
import { begin } from './schedule.ts';
import { SimError } from './sim-error.ts';
import { VanProcess } from './van-process.ts';

export interface VanCredentials {
	vehicle: string;
	password: string;
	/** Name on the screens; "1号車" and so on if absent. */
	name?: string;
}

export interface SimOptions {
	vans: number;
	/** Vans move so many times as fast; time, patients and the speed that the receivers tell stay real. Default 1. */
	speed?: number;
	/** The same seed gives the same journeys, patients and radio. Default 1. */
	seed?: number;
	/** Each van gets `vans/<vehicle>/` in it. */
	dataDir: string;
	/** The broker, such as mqtt://127.0.0.1:1883. */
	mqttUrl: string;
	/**
	 * Vans follow the plans of this office, by its clock; `speed` is the clock's then. Without one they drive rounds of the region,
	 * as does a van until it has its first route.
	 */
	office?: Office;
	/** One for each van, in their order. */
	credentials: readonly VanCredentials[];
	log: Logger;
	/** Keeps the samples that the emulators send, for `host.samples`. For tests that compare. */
	recordSamples?: boolean;
}

/** One simulated van as it is now. */
export interface SimVan {
	readonly vehicle: string;
	readonly name: string;
	/** Id of the round that it drives; null on planned routes. */
	readonly round: string | null;
	readonly place: VanPlace;
	readonly radio: Radio;
	/** The gateway process. */
	readonly process: VanProcess;
	/** Ports in the emulator process, by device; ids for {@link Simulation.host}. */
	readonly ports: Readonly<Record<'gnss' | 'oximeter' | 'monitor', string>>;
	/** Holds the radio in a state whatever the road says; `null` gives it back to the road. */
	hold(state: RadioState | null): void;
	/** It stands where it is from now on. On planned routes only. */
	breakDown(): void;
}

export interface Simulation {
	readonly vans: readonly SimVan[];
	readonly host: EmulatorHost;
	/** What crews do, in truth; null without an office. */
	readonly work: FleetAtWork | null;
	/** Stops vans, radio and emulators. */
	stop(): Promise<void>;
}

/** How often the radio follows the van, ms. */
const RADIO_EVERY = 250;
/** Screens show these labels: nobody may take them for devices. */
const devices = {
	gnss: { device: 'nmea', label: 'GNSS受信機(模擬)' },
	oximeter: { device: 'nonin', label: 'パルスオキシメータ Nonin(模擬)' },
	monitor: { device: 'pm6750', label: '生体情報モニタ PM6750(模擬)' },
} as const;

/** Starts the vans. @throws {SimError} when credentials are missing, the broker's address is none, or no pty can be made. */
export async function startSim(options: SimOptions): Promise<Simulation> {
	const { vans: count, credentials, log, seed = 1, speed = 1 } = options;
	if (!Number.isInteger(count) || count < 1) throw new SimError('config', 'the number of vans must be a whole number of 1 or more');
	if (!(speed > 0)) throw new SimError('config', 'the speed must be greater than 0');
	if (credentials.length < count) {
		throw new SimError('config', `${count} vans need as many credentials, ${credentials.length} were given`);
	}
	const broker = brokerOf(options.mqttUrl);
	const region = loadRegion();
	const network = new RoadNetwork(region);
	const coverage = coverageOf(region);
	const startedAt = Date.now();
	const host = await spawnEmulatorHost({
		onTrouble: (port, message) => log.warn({ port, message }, 'trouble in the emulator process'),
	});
	const work = options.office
		? await atOffice({ region, coverage, seed, office: options.office, credentials: credentials.slice(0, count) })
		: null;
	const dayOf = (vehicle: string, index: number): DayPlan => {
		const planned = work?.days.get(vehicle);
		if (planned) return planned;
		const round = region.rounds[index % region.rounds.length]!;
		const own = { seed: seedOf(seed, vehicle), speedUp: speed };
		return begin(planDay({ region, network, round, startedAt, ...own }), coverage, index);
	};
	const vans: RunningVan[] = [];
	const stop = async () => {
		work?.stop();
		await Promise.allSettled(vans.map((van) => van.stop()));
		await host.close();
	};
	try {
		for (const [index, own] of credentials.slice(0, count).entries()) {
			const van = new RunningVan(own, index, dayOf(own.vehicle, index), { coverage, dataDir: options.dataDir, log });
			vans.push(van);
			await van.start(host, broker, options);
		}
		work?.follow(vans, log);
	} catch (error) {
		await stop();
		throw error;
	}
	log.info({ vans: count, speed, seed }, 'vans are on their way');
	return { vans, host, work: work?.work ?? null, stop };
}

interface Broker {
	host: string;
	port: number;
	/** The same address by way of a port on this machine. */
	through: (port: number) => string;
}

function brokerOf(address: string): Broker {
	const ports: Record<string, number> = { 'mqtt:': 1883, 'mqtts:': 8883, 'ws:': 80, 'wss:': 443 };
	const url = URL.canParse(address) ? new URL(address) : null;
	const usual = url ? ports[url.protocol] : undefined;
	if (!url || usual === undefined) {
		throw new SimError('config', `"${address}" is no broker address: something like mqtt://127.0.0.1:1883 is expected`);
	}
	return {
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: url.port === '' ? usual : Number(url.port),
		through: (port) => `${url.protocol}//127.0.0.1:${port}${url.pathname === '/' ? '' : url.pathname}`,
	};
}

interface Surroundings {
	coverage: Coverage;
	dataDir: string;
	log: Logger;
}

class RunningVan implements SimVan {
	readonly vehicle: string;
	readonly name: string;
	readonly ports: SimVan['ports'];
	readonly #password: string;
	readonly #directory: string;
	#day: DayPlan;
	readonly #coverage: Coverage;
	readonly #log: Logger;
	#radio: Radio | null = null;
	#process: VanProcess | null = null;
	#held: RadioState | null = null;
	#host: EmulatorHost | null = null;
	#work: FleetAtWork | null = null;
	#timer: NodeJS.Timeout | undefined;

	constructor(own: VanCredentials, index: number, day: DayPlan, { coverage, dataDir, log }: Surroundings) {
		this.vehicle = own.vehicle;
		this.name = own.name ?? `${index + 1}号車`;
		this.#password = own.password;
		this.#day = day;
		this.#directory = resolve(dataDir, 'vans', own.vehicle);
		this.#coverage = coverage;
		this.#log = log.child({ vehicle: own.vehicle });
		this.ports = { gnss: `${own.vehicle}/gnss`, oximeter: `${own.vehicle}/oximeter`, monitor: `${own.vehicle}/monitor` };
	}

	get manifestPath(): string {
		return join(this.#directory, `manifest-${this.vehicle}.json`);
	}

	get round(): string | null {
		return this.#day.round;
	}

	get place(): VanPlace {
		return vanAt(this.#day, Date.now());
	}

	get radio(): Radio {
		if (!this.#radio) throw new SimError('radio', `${this.vehicle} has no radio yet`);
		return this.#radio;
	}

	get process(): VanProcess {
		if (!this.#process) throw new SimError('config', `${this.vehicle} has no gateway yet`);
		return this.#process;
	}

	async start(host: EmulatorHost, broker: Broker, options: SimOptions): Promise<void> {
		const directory = this.#directory;
		this.#host = host;
		const ports = Object.entries(devices).map(([name, facts]) => ({ name, ...facts, path: join(directory, 'run', name) }));
		for (const { name, device, path } of ports) {
			const emulator = { device, day: this.#day, recordSamples: options.recordSamples ?? false };
			await host.open({ id: `${this.vehicle}/${name}`, link: path, emulator });
		}
		this.#radio = await startRadio({ target: { host: broker.host, port: broker.port }, seed: seedOf(this.#day.seed, 'radio') });
		this.#follow();
		this.#timer = setInterval(() => this.#follow(), RADIO_EVERY);
		this.#process = new VanProcess({
			vehicle: this.vehicle,
			name: this.name,
			password: this.#password,
			mqttUrl: broker.through(this.#radio.port),
			directory,
			ports,
			log: this.#log,
		});
		await this.#process.start();
	}

	hold(state: RadioState | null): void {
		this.#held = state;
		this.#follow();
	}

	breakDown(): void {
		if (!this.#work) throw new SimError('config', `${this.vehicle} follows no plan`);
		this.#work.breakDown(this.vehicle);
	}

	/** Whose orders it follows. */
	employ(work: FleetAtWork): void {
		this.#work = work;
	}

	/** Its day goes on otherwise from now. */
	setDay(day: DayPlan): void {
		this.#day = day;
		for (const id of Object.values(this.ports)) {
			this.#host
				?.day(id, day)
				.catch((error: unknown) => this.#log.warn({ port: id, reason: String(error) }, 'a device did not hear of it'));
		}
	}

	async stop(): Promise<void> {
		await this.#process?.stop();
		clearInterval(this.#timer);
		await this.#radio?.close();
	}

	/** Sets the radio to what the road offers where the van is now. */
	#follow(): void {
		const { on } = this.place;
		const there = on ? this.#coverage(on.edge, on.along) : { state: 'good' as const, gap: null };
		const state = this.#held ?? there.state;
		if (!this.#radio || this.#radio.state === state) return;
		this.#radio.set(state);
		this.#log.info({ radio: state, stretch: there.gap?.id }, 'the radio signal changed');
	}
}
