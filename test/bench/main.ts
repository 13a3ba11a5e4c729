/** `npm run bench [name …]`: measurements, each beside a reference of the same run or as a distribution. */
import { cpus } from 'node:os';
import { durableAck } from './durable-ack.ts';
import { gatewayLoad } from './gateway-load.ts';
import { byteToPixel } from './byte-to-pixel.ts';
import { map } from './map.ts';
import { optimizeLoop } from './optimize-loop.ts';
import { roads } from './roads.ts';
import { startUp } from './start-up.ts';

const benches: Record<string, () => Promise<void>> = {
	'durable-ack': durableAck,
	'byte-to-pixel': byteToPixel,
	'gateway-load': gatewayLoad,
	map,
	'optimize-loop': optimizeLoop,
	roads,
	'start-up': startUp,
};

const wanted = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
	console.error(`no such benchmark: ${unknown.join(', ')}; there are: ${Object.keys(benches).join(', ')}`);
	process.exit(2);
}
console.log(`${new Date().toISOString()}  Node ${process.version}  ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`);
for (const [name, run] of Object.entries(benches)) if (wanted.length === 0 || wanted.includes(name)) await run();
