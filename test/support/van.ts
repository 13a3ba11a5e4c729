/** A van and its server for the fault tests: real processes, real ptys, a link that can be cut. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventPage, type StoredEvent, type Vehicle } from '@junkai/contracts';
import { loadRegion } from '@junkai/regions';
import {
	RoadNetwork,
	firstVisit,
	planDay,
	spawnEmulatorHost,
	startAt,
	startRadio,
	type DayPlan,
	type EmulatedDevice,
	type EmulatorHost,
	type Radio,
} from '@junkai/sim';
import { Api, demoUser } from './api.ts';
import { freePort, junkai, tempFolder, until, type Running } from './processes.ts';

export const VAN = 'van-1';
const PASSWORD = 'a-password-of-the-test-van';

export interface PortSetup {
	name: string;
	device: EmulatedDevice;
	/** Speaks by itself; otherwise only what the test feeds. */
	emulated?: boolean;
	silentAfter?: number;
	rate?: number;
	/** The pty is made by somebody else. */
	replayed?: boolean;
}

export interface VanOptions {
	ports?: readonly PortSetup[];
	/** Folder of the spool, if it is to lie on another disk. */
	spoolFolder?: string;
	/** More of the gateway's configuration. */
	config?: Record<string, unknown>;
	mqtt?: Record<string, unknown>;
	serverArgs?: readonly string[];
	/** Environment of the server. */
	env?: NodeJS.ProcessEnv;
}

/** A van's day a minute into its first visit: a patient is attached to the devices. */
export function attendedDay(): DayPlan {
	const region = loadRegion();
	const round = region.rounds[0];
	if (round === undefined) throw new Error('the region has no round');
	const day = planDay({ region, network: new RoadNetwork(region), round, seed: 1, startedAt: Date.now(), speedUp: 1 });
	return startAt(day, firstVisit(day) + 60);
}

export class TestVan {
	readonly folder: string;
	readonly #dispose: () => void;
	readonly #options: VanOptions;
	httpPort = 0;
	brokerPort = 0;
	server!: Running;
	gateway!: Running;
	host!: EmulatorHost;
	radio!: Radio;
	dispatcher!: Api;
	doctor!: Api;

	private constructor(options: VanOptions) {
		const folder = tempFolder('van');
		this.folder = folder.path;
		this.#dispose = folder.dispose;
		this.#options = options;
	}

	static async start(options: VanOptions = {}): Promise<TestVan> {
		const van = new TestVan(options);
		try {
			await van.#start();
		} catch (error) {
			await van.dispose();
			throw error;
		}
		return van;
	}

	get dataDir(): string {
		return join(this.folder, 'data');
	}

	get spoolPath(): string {
		return join(this.#options.spoolFolder ?? this.folder, 'spool.db');
	}

	get configPath(): string {
		return join(this.folder, 'van.yaml');
	}

	async #start(): Promise<void> {
		mkdirSync(this.dataDir, { mode: 0o700 });
		writeFileSync(join(this.dataDir, 'demo-vans.json'), JSON.stringify([{ vehicle: VAN, name: '1号車', password: PASSWORD }]), {
			mode: 0o600,
		});
		this.httpPort = await freePort();
		this.brokerPort = await freePort();
		const args = [
			'--http-port',
			String(this.httpPort),
			'--mqtt-port',
			String(this.brokerPort),
			'--data-dir',
			this.dataDir,
			'--demo-vans',
			'1',
		];
		this.server = junkai(['server', ...args, ...(this.#options.serverArgs ?? [])], this.#options.env);
		await until('the server is healthy', async () => {
			if (!this.server.running) throw new Error(`the server ended: ${this.server.output}`);
			return (await fetch(`http://127.0.0.1:${this.httpPort}/healthz`)).status === 200;
		});
		this.radio = await startRadio({ target: { host: '127.0.0.1', port: this.brokerPort } });
		this.host = await spawnEmulatorHost();
		await this.#plugIn();
		this.#writeConfig();
		this.dispatcher = await Api.signIn(this.httpPort, demoUser(this.dataDir, 'dispatcher'));
		this.doctor = await Api.signIn(this.httpPort, demoUser(this.dataDir, 'doctor'));
		await this.startGateway();
	}

	async #plugIn(): Promise<void> {
		const visit = attendedDay();
		for (const port of this.#options.ports ?? []) {
			if (port.replayed === true) continue;
			await this.host.open({
				id: port.name,
				link: join(this.folder, port.name),
				...(port.emulated === false
					? {}
					: {
							emulator: {
								device: port.device,
								day: visit,
								recordSamples: true,
								...(port.rate === undefined ? {} : { rate: port.rate }),
							},
						}),
			});
		}
	}

	#writeConfig(): void {
		const { ports = [], config = {}, mqtt = {} } = this.#options;
		const text = JSON.stringify({
			vehicle: VAN,
			name: '1号車',
			mqtt: { url: `mqtt://127.0.0.1:${this.radio.port}`, password: PASSWORD, keepalive: 3, ...mqtt },
			clock: { system: 'trusted' },
			ports: ports.map(({ name, device, silentAfter }) => ({
				name,
				path: join(this.folder, name),
				device,
				...(silentAfter === undefined ? {} : { silentAfter }),
			})),
			...config,
			spool: { path: this.spoolPath, reserveMegabytes: 0, ...(config['spool'] as Record<string, unknown> | undefined) },
		});
		writeFileSync(this.configPath, text);
	}

	async startGateway(): Promise<void> {
		this.gateway = junkai(['gateway', this.configPath]);
		await until('the gateway runs', () => {
			if (!this.gateway.running) throw new Error(`the gateway ended: ${this.gateway.output}`);
			return this.gateway.output.includes('gateway runs');
		});
	}

	async vehicle(): Promise<Vehicle> {
		return await until('the server knows the van', async () => (await this.dispatcher.vehicles()).find((one) => one.id === VAN));
	}

	/** Waits until the server shows the port of that name in a state. */
	async portIn(name: string, state: 'open' | 'silent' | 'lost'): Promise<Vehicle['devices'][number]> {
		return await until(`port ${name} is ${state}`, async () =>
			(await this.vehicle()).devices.find((port) => port.port === name && port.state === state),
		);
	}

	async events(): Promise<StoredEvent[]> {
		const page = eventPage.parse(await this.dispatcher.get(`/vehicles/${VAN}/events?from=0&to=${Date.now() + 60_000}&limit=5000`));
		return page.items;
	}

	/** Waits for an event that fits. */
	async event(what: string, fits: (event: StoredEvent) => boolean): Promise<StoredEvent> {
		return await until(`event: ${what}`, async () => (await this.events()).find(fits));
	}

	async dispose(): Promise<void> {
		await this.gateway?.kill();
		await this.server?.kill();
		await this.host?.close();
		await this.radio?.close();
		this.#dispose();
	}
}
