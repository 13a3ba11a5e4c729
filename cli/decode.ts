import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { fail } from './shared.ts';

export function addDecode(program: Command): void {
	program
		.command('decode')
		.description("decode a device's bytes: one JSON object a line")
		.argument('<device>', 'nmea, nonin or pm6750')
		.argument('<file>', 'a recorded file, or - for standard input')
		.action(async (device: string, file: string) => {
			const { decode, drivers } = await import('@junkai/firmware-bridge');
			if (!(device in drivers)) {
				console.error(`junkai: there is no driver "${device}"; known: ${Object.keys(drivers).join(', ')}`);
				process.exit(2);
			}
			process.stdout.on('error', (error: NodeJS.ErrnoException) => {
				// The reader of a pipe has seen enough (`| head`).
				if (error.code === 'EPIPE') process.exit(0);
				fail(error);
			});
			const input: AsyncIterable<Uint8Array> = file === '-' ? process.stdin : createReadStream(file);
			try {
				for await (const output of decode(device, input)) {
					if (!process.stdout.write(`${JSON.stringify(output)}\n`))
						await new Promise((resolve) => process.stdout.once('drain', resolve));
				}
			} catch (error) {
				if (error instanceof Error && 'code' in error && 'syscall' in error) {
					console.error(`junkai: ${file} cannot be read: ${error.message}`);
					process.exit(1);
				}
				throw error;
			}
		});
}
