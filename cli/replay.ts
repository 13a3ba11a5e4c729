import type { Command } from 'commander';
import { number, stopOnSignal } from './shared.ts';

interface Options {
	as: string;
	port: string;
	pace: number;
}

export function addReplay(program: Command): void {
	program
		.command('replay')
		.description('play a recorded log byte by byte on a pseudo terminal, as if the device were there')
		.argument('<file>', 'the recorded log')
		.requiredOption('--as <device>', 'nmea, nonin or pm6750: sets the pace of the bytes')
		.requiredOption('--port <path>', 'path at which a gateway finds the port; made as a link to a new pseudo terminal')
		.option('--pace <n>', 'so many times as fast as it was recorded', number(0.01, 1000), 1)
		.action(async (file: string, options: Options) => {
			const { replay } = await import('@junkai/sim');
			const controller = new AbortController();
			const { signal } = controller;
			const done = replay({
				file,
				as: options.as,
				port: options.port,
				pace: options.pace,
				onProgress: (line) => console.error(line),
				signal,
			});
			stopOnSignal(async () => {
				controller.abort();
				await done.catch(() => undefined);
			});
			await done;
			process.exit(0);
		});
}
