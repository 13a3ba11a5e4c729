import type { Command } from 'commander';
import { makeLogger, stopOnSignal } from './shared.ts';

export function addGateway(program: Command): void {
	program
		.command('gateway')
		.description("run a van's gateway: serial ports in, MQTT out, nothing lost in between")
		.argument('<config>', 'YAML file that names vehicle, broker and ports')
		.option('--check', 'check the configuration and end')
		.action(async (file: string, options: { check?: true }) => {
			const { Gateway, loadConfig } = await import('@junkai/gateway');
			const config = loadConfig(file);
			if (options.check === true) {
				console.log(`${file}: sound; vehicle ${config.vehicle}, ${config.ports.length} ports`);
				return;
			}
			const gateway = new Gateway(config, makeLogger('gateway', config.log.level));
			await gateway.start();
			stopOnSignal(() => gateway.stop());
		});
}
