/** The outside engines of a grown-up installation, real ones, each in a temporary folder on a free port. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Running, freePort, until } from './processes.ts';

/** Something that can be killed and started again on the same port and files. */
export interface Engine {
	readonly port: number;
	start(): Promise<void>;
	kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Mosquitto with passwords and one rule that keeps each van to its own branch, as in `deploy/`. */
export async function mosquitto(
	folder: string,
	users: Readonly<Record<string, string>>,
	server: { name: string; password: string },
): Promise<Engine> {
	const port = await freePort();
	const home = join(folder, 'mosquitto');
	mkdirSync(home, { recursive: true });
	const passwords = join(home, 'passwords');
	const lines = [...Object.entries(users), [server.name, server.password]].map(([user, password]) => `${user}:${password}`);
	writeFileSync(passwords, `${lines.join('\n')}\n`, { mode: 0o600 });
	execFileSync('mosquitto_passwd', ['-U', passwords]);
	writeFileSync(join(home, 'acl'), `user ${server.name}\ntopic readwrite junkai/v1/#\n\npattern readwrite junkai/v1/%u/#\n`, {
		mode: 0o600,
	});
	writeFileSync(
		join(home, 'mosquitto.conf'),
		[
			`listener ${port} 127.0.0.1`,
			'allow_anonymous false',
			`password_file ${passwords}`,
			`acl_file ${join(home, 'acl')}`,
			'persistence true',
			`persistence_location ${home}/`,
			// The default saves every half hour and loses everything queued when the broker is killed.
			'autosave_on_changes true',
			'autosave_interval 1',
			'max_queued_messages 100000',
			...(process.getuid?.() === 0 ? ['user root'] : []),
			'',
		].join('\n'),
	);
	chmodSync(home, 0o700);
	return engine(port, () => new Running('mosquitto', ['-c', join(home, 'mosquitto.conf')]));
}

/** InfluxDB 1.x with one database, `junkai`. */
export async function influxdb(folder: string): Promise<Engine & { url: string }> {
	const [port, rpc] = [await freePort(), await freePort()];
	const home = join(folder, 'influxdb');
	mkdirSync(home, { recursive: true });
	const config = join(home, 'influxdb.conf');
	writeFileSync(
		config,
		[
			'reporting-disabled = true',
			`bind-address = "127.0.0.1:${rpc}"`,
			'[meta]',
			`dir = "${home}/meta"`,
			'[data]',
			`dir = "${home}/data"`,
			`wal-dir = "${home}/wal"`,
			'query-log-enabled = false',
			'[http]',
			`bind-address = "127.0.0.1:${port}"`,
			'log-enabled = false',
			'',
		].join('\n'),
	);
	const url = `http://127.0.0.1:${port}/junkai`;
	const base = engine(port, () => new Running('influxd', ['-config', config]));
	return {
		...base,
		url,
		start: async () => {
			await base.start();
			await until('InfluxDB answers', async () => (await fetch(`http://127.0.0.1:${port}/ping`)).status === 204);
			await fetch(`http://127.0.0.1:${port}/query?q=CREATE+DATABASE+junkai`, { method: 'POST' });
		},
	};
}

function engine(port: number, launch: () => Running): Engine {
	let running: Running | undefined;
	return {
		port,
		start: async () => {
			running = launch();
			const { current } = { current: running };
			await until(`a listener on port ${port}`, async () => {
				if (!current.running) throw new Error(`it ended at once: ${current.output}`);
				return await accepts(port);
			});
		},
		kill: async (signal) => {
			await running?.kill(signal);
		},
	};
}

/** Whether something accepts connections on a loopback port. */
export function accepts(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
