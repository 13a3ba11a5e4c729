/** From `npm start` to the first van on the dispatcher's map, everything installed and built. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoUser } from '../support/api.ts';
import { launch, openPage, signIn } from '../support/browser.ts';
import { freePort, tempFolder, until } from '../support/processes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RUNS = 3;

export async function startUp(): Promise<void> {
	console.log('\nFrom `npm start` to the first van on the map (packages installed, pages built, empty data folder)');
	for (let run = 1; run <= RUNS; run++) {
		const folder = tempFolder('bench');
		const [http, mqtt] = [await freePort(), await freePort()];
		const browser = await launch();
		const env = { ...process.env, JUNKAI_DATA_DIR: folder.path, JUNKAI_HTTP_PORT: String(http), JUNKAI_MQTT_PORT: String(mqtt) };
		const began = performance.now();
		const demo = spawn('npm', ['start'], { cwd: ROOT, env, stdio: 'ignore', detached: true });
		try {
			await until('the server is healthy', async () => (await fetch(`http://127.0.0.1:${http}/healthz`)).status === 200, 60_000);
			const healthy = performance.now();
			await until('the users are told', () => readFileSync(join(folder.path, 'demo-users.json')).length > 0);
			const { page } = await openPage(browser, 'ja-JP');
			await signIn(page, http, demoUser(folder.path, 'dispatcher'));
			await page.waitForSelector('canvas.maplibregl-canvas');
			await page.waitForSelector('[data-van] .van-figures .age', { timeout: 60_000 });
			const drawn = performance.now();
			console.log(
				`  run ${run}: healthy after ${((healthy - began) / 1000).toFixed(1)} s, first van on the page after ${((drawn - began) / 1000).toFixed(1)} s (a browser signing in included)`,
			);
		} finally {
			await browser.close();
			if (demo.pid !== undefined) process.kill(-demo.pid, 'SIGINT');
			await new Promise((resolve) => demo.once('exit', resolve));
			folder.dispose();
		}
	}
}
