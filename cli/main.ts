/** `junkai`: one command line for users. Each command lives in a file of its own and is loaded only when it is called. */
import { Command } from 'commander';
import { addDecode } from './decode.ts';
import { addDemo } from './demo.ts';
import { addGateway } from './gateway.ts';
import { addOptimize } from './optimize.ts';
import { addMap } from './map.ts';
import { addReplay } from './replay.ts';
import { addServer } from './server.ts';
import { addSim } from './sim.ts';
import { fail } from './shared.ts';

const program = new Command('junkai')
	.description('Junkai (巡回): mobile clinics, planned, driven and staffed from far away')
	.showHelpAfterError('(--help tells more)')
	.enablePositionalOptions();

for (const add of [addDemo, addServer, addGateway, addSim, addDecode, addReplay, addMap, addOptimize]) add(program);

await program.parseAsync().catch(fail);
