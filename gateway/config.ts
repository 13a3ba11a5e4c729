/** The gateway's configuration: one YAML file, refused at start with file, line and what is expected when it has an error. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { portName, vehicleId } from '@junkai/contracts';
import { drivers } from '@junkai/firmware-bridge';
import { GatewayError } from './errors.ts';

const deviceIds = Object.keys(drivers);

const portConfig = z
	.strictObject({
		name: portName,
		path: z.string().min(1),
		device: z.string().refine((id) => deviceIds.includes(id), { error: `one of: ${deviceIds.join(', ')}` }),
		baud: z.int().min(300).max(4_000_000).optional(),
		dataBits: z.literal([7, 8]).optional(),
		parity: z.enum(['none', 'even', 'odd']).optional(),
		stopBits: z.literal([1, 2]).optional(),
		/** Seconds without a sound frame after which the port counts as silent and is opened anew. */
		silentAfter: z.number().gt(0).max(86_400).optional(),
		/** How the device is called on screens; the driver's own label otherwise. */
		label: z.string().min(1).max(64).optional(),
	})
	.describe('a serial port');

const gatewayConfig = z
	.strictObject({
		vehicle: vehicleId,
		name: z.string().min(1).max(64).optional(),
		mqtt: z.strictObject({
			url: z.url({ protocol: /^(mqtts?|wss?)$/, error: 'an address such as mqtt://server:1883 or mqtts://server:8883' }),
			password: z.string().min(1).max(200).optional(),
			passwordFile: z.string().min(1).optional(),
			ca: z.string().min(1).optional(),
			cert: z.string().min(1).optional(),
			key: z.string().min(1).optional(),
			/** Seconds; a dead link is noticed after about one and a half of them. */
			keepalive: z.int().min(2).max(600).default(10),
		}),
		spool: z
			.strictObject({
				path: z.string().min(1).default('spool.db'),
				maxMegabytes: z.number().min(8).max(1_000_000).default(4096),
				/** Disk space that the spool holds back, so that alarms and numerics find room when the disk is full. */
				reserveMegabytes: z.number().min(0).max(10_000).default(16),
			})
			.prefault({}),
		clock: z
			.strictObject({
				/** Whether the operating system's clock is synchronised: asked (auto), known to be (trusted), known not to be. */
				system: z.enum(['auto', 'trusted', 'untrusted']).default('auto'),
			})
			.prefault({}),
		uplink: z.strictObject({ backlogKilobytesPerSecond: z.number().min(1).max(100_000).default(512) }).prefault({}),
		waveforms: z
			.strictObject({
				/** always: every sample is kept and sent; watched: only while somebody looks at them. */
				keep: z.enum(['always', 'watched']).default('always'),
			})
			.prefault({}),
		log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
		ports: z.array(portConfig).max(32).default([]),
	})
	.superRefine((config, context) => {
		const seen = new Set<string>();
		for (const [index, port] of config.ports.entries()) {
			if (seen.has(port.name)) {
				context.addIssue({
					code: 'custom',
					path: ['ports', index, 'name'],
					message: `a second port is called "${port.name}"; names are unique`,
				});
			}
			seen.add(port.name);
		}
		if (config.mqtt.password !== undefined && config.mqtt.passwordFile !== undefined) {
			context.addIssue({ code: 'custom', path: ['mqtt', 'passwordFile'], message: 'password or passwordFile, not both' });
		}
	});

type ParsedConfig = z.infer<typeof gatewayConfig>;
export type PortConfig = ParsedConfig['ports'][number];

/** A sound configuration: paths are absolute, the password is read, TLS files are loaded. */
export interface GatewayConfig extends Omit<ParsedConfig, 'mqtt' | 'name'> {
	name: string;
	mqtt: { url: string; password: string | undefined; keepalive: number; ca?: Buffer; cert?: Buffer; key?: Buffer };
}

/**
 * Reads and checks a configuration file.
 * @throws GatewayError (code `config`) with one line an error: `FILE:LINE: where: what is expected`.
 */
export function loadConfig(file: string): GatewayConfig {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch (cause) {
		throw new GatewayError('config', `${file}: cannot be read (${reason(cause)}); name an existing YAML file`, { cause });
	}
	return parseConfig(text, file);
}

/** As {@link loadConfig}, from text; relative paths are taken from the folder of `file`. */
export function parseConfig(text: string, file: string): GatewayConfig {
	const lines = new LineCounter();
	const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
	const faults = document.errors.map((error) => `${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
	if (faults.length > 0) throw new GatewayError('config', faults.join('\n'));
	const result = gatewayConfig.safeParse(document.toJS() ?? {});
	if (!result.success) {
		const messages = result.error.issues.map((issue) => {
			const where = issue.path.map(String).join('.') || 'the file';
			return `${file}:${lineOf(document, lines, issue)}: ${where}: ${issue.message}`;
		});
		throw new GatewayError('config', messages.join('\n'));
	}
	return complete(result.data, file);
}

function complete(config: ParsedConfig, file: string): GatewayConfig {
	const folder = dirname(resolve(file));
	const load = (key: string, path: string | undefined): Buffer | undefined => {
		if (path === undefined) return undefined;
		try {
			return readFileSync(resolve(folder, path));
		} catch (cause) {
			throw new GatewayError('config', `${file}: mqtt.${key}: ${path} cannot be read (${reason(cause)})`, { cause });
		}
	};
	const { url, keepalive } = config.mqtt;
	const mqtt: GatewayConfig['mqtt'] = {
		url,
		keepalive,
		password: config.mqtt.password ?? load('passwordFile', config.mqtt.passwordFile)?.toString('utf8').trim(),
	};
	for (const key of ['ca', 'cert', 'key'] as const) {
		const loaded = load(key, config.mqtt[key]);
		if (loaded !== undefined) mqtt[key] = loaded;
	}
	return {
		...config,
		name: config.name ?? config.vehicle,
		mqtt,
		spool: { ...config.spool, path: resolve(folder, config.spool.path) },
		// A port's path is a device of the machine; only a relative one is meant from the file's folder (the simulator's ptys).
		ports: config.ports.map((port) => ({ ...port, path: resolve(folder, port.path) })),
	};
}

/** Line of the value at fault; of an unknown key, the key's own; of a missing one, its parent's. */
function lineOf(document: Document, lines: LineCounter, issue: z.core.$ZodIssue): number {
	const path = [...issue.path];
	if (issue.code === 'unrecognized_keys') {
		const map = path.length === 0 ? document.contents : document.getIn(path, true);
		const key = isMap(map) ? map.items.find((item) => isScalar(item.key) && item.key.value === issue.keys[0])?.key : undefined;
		if (isScalar(key) && key.range) return lines.linePos(key.range[0]).line;
	}
	for (; path.length > 0; path.pop()) {
		const node = document.getIn(path, true);
		if ((isScalar(node) || isMap(node) || isSeq(node)) && node.range) return lines.linePos(node.range[0]).line;
	}
	return 1;
}

const reason = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
