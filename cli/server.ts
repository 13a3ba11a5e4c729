import { Option, type Command } from 'commander';
import { workday } from './demo-day.ts';
import { childOfDemo, makeLogger, stopOnSignal, whole } from './shared.ts';

interface Options {
	httpPort?: string;
	mqttPort?: string;
	mqttsPort?: string;
	tlsCert?: string;
	tlsKey?: string;
	host?: string;
	dataDir?: string;
	mqttUrl?: string;
	influxUrl?: string;
	databaseUrl?: string;
	region?: string;
	clockStart?: string;
	clockSpeed?: string;
	demoVans?: number;
	demoSeed: number;
	demoDoctors?: number;
	demoVisits: number;
	logLevel: string;
}

export function addServer(program: Command): void {
	const server = program
		.command('server')
		.description('run the fleet server: broker, ingest, telemetry, REST, live channel and the desks')
		.addOption(
			new Option('--http-port <port>', 'desks, REST and live channel; 0 takes a free one (default 8080)').env('JUNKAI_HTTP_PORT'),
		)
		.addOption(new Option('--mqtt-port <port>', 'embedded broker (default 1883)').env('JUNKAI_MQTT_PORT'))
		.addOption(
			new Option('--mqtts-port <port>', 'embedded broker by TLS (default 8883, with certificate and key)').env('JUNKAI_MQTTS_PORT'),
		)
		.addOption(new Option('--tls-cert <file>', 'certificate, PEM').env('JUNKAI_TLS_CERT'))
		.addOption(new Option('--tls-key <file>', 'its key, PEM').env('JUNKAI_TLS_KEY'))
		.addOption(new Option('--host <address>', 'address to listen on (default 127.0.0.1)').env('JUNKAI_HOST'))
		.addOption(new Option('--data-dir <folder>', 'data folder (default ./data)').env('JUNKAI_DATA_DIR'))
		.addOption(new Option('--mqtt-url <url>', 'use this MQTT broker instead of the embedded one').env('MQTT_URL'))
		.addOption(
			new Option('--influx-url <url>', 'keep telemetry in InfluxDB 1.x, e.g. http://127.0.0.1:8086/junkai').env('INFLUX_URL'),
		)
		.addOption(new Option('--database-url <url>', 'records, sqlite:PATH').env('DATABASE_URL'))
		.addOption(new Option('--region <id>', 'region shown on the map (default wakayama)').env('JUNKAI_REGION'))
		.option(
			'--demo-vans <n>',
			'make one demo user for each role and n demo vans first; passwords go to files in the data folder',
			whole(1, 1000),
		)
		.option('--demo-seed <s>', 'people and requests of the demonstration are the same for the same seed', whole(0, 0x7fff_ffff), 1)
		.option('--demo-doctors <n>', 'doctors of the demonstration; by the number of vans when absent', whole(1, 200))
		.option('--demo-visits <n>', 'visits that are asked for, to a van and day', whole(0, 20), 6)
		.addOption(
			new Option('--clock-start <time>', 'service time at which a demonstration begins, ISO 8601 with zone').env(
				'JUNKAI_CLOCK_START',
			),
		)
		.addOption(new Option('--clock-speed <x>', 'its time passes so many times as fast').env('JUNKAI_CLOCK_SPEED'))
		.addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('info'))
		.action(run);
	addUserCommand(server);
	addVanCommand(server);
}

async function run(options: Options): Promise<void> {
	const { optionsFromEnv, provisionDemo, seedDemo, startServer } = await import('@junkai/fleet-server');
	const { demoVans, demoSeed, demoDoctors, demoVisits, logLevel, ...flags } = options;
	const config = optionsFromEnv(process.env, flags);
	if (demoVans !== undefined) await provisionDemo(config.dataDir, { vans: demoVans });
	const server = await startServer(config, { log: makeLogger('fleet-server', logLevel) });
	if (demoVans !== undefined) {
		const { loadRegion } = await import('@junkai/regions');
		await seedDemo(server.records, loadRegion(config.region), {
			seed: demoSeed,
			vans: demoVans,
			doctors: demoDoctors ?? Math.max(LEAST_DOCTORS, Math.ceil(demoVans / VANS_A_DOCTOR)),
			visits: demoVans * demoVisits,
			date: workday(config.clockStart === undefined ? Date.now() : Date.parse(config.clockStart)),
			days: DEMO_DAYS,
			reachKm: REACH_KM,
		});
	}
	console.error(`desks: http://${config.host}:${server.httpPort}`);
	process.send?.({ type: 'ready', httpPort: server.httpPort, mqttPort: server.mqttPort });
	stopOnSignal(() => server.stop());
	childOfDemo();
}

/** A doctor for so many vans. */
const VANS_A_DOCTOR = 2.5;
const LEAST_DOCTORS = 2;
/** Two weeks, begun on the day of the clock. */
const DEMO_DAYS = 12;
/** Visits lie so near to a base that its vans can make them, km as the crow flies. */
const REACH_KM = 14;

function addUserCommand(server: Command): void {
	server
		.command('add-user')
		.description('make a user; the password is read from standard input')
		.argument('<username>')
		.argument('<role>', 'dispatcher, crew, doctor or admin')
		.action(async (username: string, role: string, _: unknown, command: Command) => {
			const { provision } = await import('@junkai/fleet-server');
			const { roles } = await import('@junkai/contracts');
			const known = roles.find((name) => name === role);
			if (known === undefined) command.error(`error: role is one of ${roles.join(', ')}`);
			const password = (await readAll(process.stdin)).trim();
			const { users } = await provision(dataDir(command), { users: [{ username, password, role: known }] }, databaseUrl(command));
			if (users.length === 0) command.error(`error: there is a user ${username} already; it was left as it is`);
			console.log(`user ${username} (${role}) may sign in`);
		});
}

function addVanCommand(server: Command): void {
	server
		.command('add-van')
		.description("make a van; prints the password for its gateway's configuration, once")
		.argument('<vehicle>', 'id: a-z, 0-9, "-" and "_"')
		.argument('<name>', 'as staff call it')
		.action(async (vehicle: string, name: string, _: unknown, command: Command) => {
			const { provision } = await import('@junkai/fleet-server');
			const password = crypto.getRandomValues(new Uint8Array(24)).toBase64({ alphabet: 'base64url' });
			const { vans } = await provision(dataDir(command), { vans: [{ vehicle, name, password }] }, databaseUrl(command));
			if (vans.length === 0) command.error(`error: there is a van ${vehicle} already; its password was left as it is`);
			console.log(password);
		});
}

const dataDir = (command: Command): string => String(command.optsWithGlobals()['dataDir'] ?? './data');

function databaseUrl(command: Command): { databaseUrl?: string } {
	const url: unknown = command.optsWithGlobals()['databaseUrl'];
	return typeof url === 'string' && url !== '' ? { databaseUrl: url } : {};
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
	let text = '';
	for await (const chunk of stream) text += String(chunk);
	return text;
}
