/** InfluxDB and Mosquitto as processes of a test, on free ports in a folder of their own. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { passwordOf, temporaryFolder, until, vanIds } from './test-support.ts';

export async function freePort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}

export interface Part {
	port: number;
	url: string;
	/** SIGKILL, as in a power cut. */
	kill(): Promise<void>;
	start(): Promise<void>;
	/** Freezes and thaws the process. */
	signal(name: 'SIGSTOP' | 'SIGCONT'): void;
	/** Ends it and removes its folder. */
	remove(): Promise<void>;
}

async function part(
	port: number,
	url: string,
	command: (folder: string) => [string, string[]],
	isUp: () => Promise<boolean>,
	prepare: (folder: string) => void,
): Promise<Part> {
	const folder = temporaryFolder();
	prepare(folder.path);
	let child: ChildProcess | null = null;
	const result: Part = {
		port,
		url,
		async start() {
			const [program, flags] = command(folder.path);
			child = spawn(program, flags, { stdio: 'ignore', cwd: folder.path });
			await until(() => isUp().catch(() => false), `${program} to be up`, 20_000);
		},
		async kill() {
			const running = child;
			child = null;
			if (running === null || running.exitCode !== null) return;
			running.kill('SIGKILL');
			await once(running, 'exit');
		},
		signal: (name) => void child?.kill(name),
		async remove() {
			await result.kill();
			folder.remove();
		},
	};
	await result.start();
	return result;
}

/** InfluxDB with the project's own configuration, without authentication. */
export async function startInflux(): Promise<Part> {
	const port = await freePort();
	const rpc = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const deploy = join(import.meta.dirname, '../deploy/influxdb/influxdb.conf');
	return part(
		port,
		`${url}/junkai`,
		(folder) => ['/usr/bin/influxd', ['run', '-config', join(folder, 'influxdb.conf')]],
		async () => (await fetch(`${url}/ping`)).ok,
		(folder) => {
			const config = readFileSync(deploy, 'utf8')
				.replaceAll('/var/lib/influxdb/', `${folder}/`)
				.replace('127.0.0.1:8088', `127.0.0.1:${rpc}`)
				.replace('127.0.0.1:8086"', `127.0.0.1:${port}"`)
				.replace('auth-enabled = true', 'auth-enabled = false');
			writeFileSync(join(folder, 'influxdb.conf'), config);
		},
	);
}

/** Mosquitto with the project's own configuration, without TLS; its users are the server and the vans of the test. */
export async function startMosquitto(): Promise<Part> {
	const port = await freePort();
	const deploy = join(import.meta.dirname, '../deploy/mosquitto');
	const server = passwordOf('junkai-server');
	return part(
		port,
		`mqtt://junkai-server:${server}@127.0.0.1:${port}`,
		(folder) => ['/usr/sbin/mosquitto', ['-c', join(folder, 'mosquitto.conf')]],
		async () => {
			const socket = connect(port, '127.0.0.1');
			await once(socket, 'connect');
			socket.destroy();
			return true;
		},
		(folder) => {
			mkdirSync(join(folder, 'data'));
			const config = readFileSync(join(deploy, 'mosquitto.conf'), 'utf8')
				.replaceAll('/etc/mosquitto/junkai/', `${folder}/`)
				.replace('/var/lib/mosquitto/', `${folder}/data/`)
				.replace(/^(?:cafile|certfile|keyfile|tls_version) .*$/gm, '')
				.replace('listener 8883', `user root\nlistener ${port} 127.0.0.1`);
			writeFileSync(join(folder, 'mosquitto.conf'), config);
			writeFileSync(join(folder, 'acl'), readFileSync(join(deploy, 'acl')), { mode: 0o600 });
			writeFileSync(join(folder, 'passwd'), '', { mode: 0o600 });
			for (const name of ['junkai-server', ...vanIds]) {
				execFileSync('mosquitto_passwd', ['-b', join(folder, 'passwd'), name, passwordOf(name)], { stdio: 'ignore' });
			}
		},
	);
}
