import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { vanCredentials } from '@junkai/contracts';
import { CliError, childOfDemo, makeLogger, number, stopOnSignal, whole } from './shared.ts';

interface Options {
	vans: number;
	speed: number;
	seed: number;
	dataDir: string;
	mqttUrl: string;
	server?: string;
	logLevel: string;
}

const credentialList = z.array(vanCredentials.extend({ name: z.string().min(1) }));

export function addSim(program: Command): void {
	program
		.command('sim')
		.description('run vans that are not there: devices on real ptys, real gateway processes, a radio with dead valleys')
		.addOption(new Option('--vans <n>', 'how many').argParser(whole(1, 200)).default(3).env('JUNKAI_VANS'))
		.option('--speed <x>', 'on rounds: vans move so many times as fast', number(0.1, 100), 1)
		.option('--seed <s>', 'journeys, patients and radio are the same for the same seed', whole(0, 0x7fff_ffff), 1)
		.addOption(
			new Option('--data-dir <folder>', 'holds demo-vans.json; the vans get folders in it')
				.default('./data')
				.env('JUNKAI_DATA_DIR'),
		)
		.addOption(new Option('--mqtt-url <url>', 'broker').default('mqtt://127.0.0.1:1883').env('MQTT_URL'))
		.option(
			'--server <url>',
			'follow the plans of this server by its clock and report to it, as the demo crew; drive rounds of the region otherwise',
		)
		.addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('info'))
		.action(async (options: Options) => {
			const { startSim } = await import('@junkai/sim');
			const { officeOf } = await import('./office.ts');
			const office = options.server === undefined ? null : await officeOf(options.server, options.dataDir);
			const sim = await startSim({
				...(office && { office }),
				vans: options.vans,
				speed: options.speed,
				seed: options.seed,
				dataDir: options.dataDir,
				mqttUrl: options.mqttUrl,
				credentials: credentials(options),
				log: makeLogger('sim', options.logLevel),
			});
			process.send?.({ type: 'ready' });
			stopOnSignal(() => sim.stop());
			childOfDemo();
		});
}

function credentials({ dataDir, vans }: Options): z.infer<typeof credentialList> {
	const file = join(dataDir, 'demo-vans.json');
	const cure = `run \`npx junkai server --demo-vans ${vans}\` with the same data folder first`;
	let list;
	try {
		list = credentialList.parse(JSON.parse(readFileSync(file, 'utf8')));
	} catch (cause) {
		throw new CliError(`${file} cannot be used (${cause instanceof Error ? cause.message : String(cause)}): ${cure}`, { cause });
	}
	if (list.length < vans) throw new CliError(`${file} has ${list.length} vans, ${vans} are asked for: ${cure}`);
	return list.slice(0, vans);
}
