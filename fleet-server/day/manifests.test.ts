import { gunzipSync } from 'node:zlib';
import { dayBoard, manifest, publication, topics, type Manifest, type Publication } from '@junkai/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestServer, TestBrowser, TestVan, until, type TestServer } from '../test-support.ts';
import { draftOf, routeOf } from './test-plan.ts';

/** A morning in the future, so that nothing of what the test publishes is over. */
const CLOCK = { clockStart: '2026-11-24T08:00:00+09:00' };
const start = Date.parse('2026-11-24T08:30:00+09:00');
const tomorrow = start + 24 * 3_600_000;

let server: TestServer;
beforeAll(async () => {
	server = await startTestServer(CLOCK);
});
afterAll(() => server.stop());

class ManifestVan {
	readonly heard: Manifest[] = [];
	readonly van: TestVan;
	constructor(van: TestVan) {
		this.van = van;
	}
	static async connect(vehicle: string): Promise<ManifestVan> {
		const van = await TestVan.connect(`mqtt://127.0.0.1:${server.server.mqttPort}`, vehicle, { will: false });
		const own = new ManifestVan(van);
		van.client.on('message', (topic, payload) => {
			if (topic === topics.manifest(vehicle)) own.heard.push(manifest.parse(JSON.parse(gunzipSync(payload).toString())));
		});
		await van.client.subscribeAsync(topics.manifest(vehicle), { qos: 1 });
		return own;
	}
	async confirm({ revision, date }: Manifest): Promise<void> {
		await this.van.publish(topics.receipt(this.van.vehicle), { v: 1, revision, date, received: Date.now() }, true);
	}
	next(revision: number): Promise<Manifest> {
		return until(() => this.heard.find((one) => one.revision === revision), `manifest ${revision} of ${this.van.vehicle}`);
	}
}

const put = async (body: unknown) => {
	const response = await server.request('dispatcher', '/api/v1/plans/current', {
		method: 'PUT',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	expect(response.status).toBe(200);
};
const publications = async (): Promise<Publication[]> =>
	z.array(publication).parse(await (await server.request('dispatcher', '/api/v1/publications')).json());
const receipt = async (revision: number, vehicle: string) =>
	(await publications()).find((one) => one.revision === revision)?.receipts.find((one) => one.vehicle === vehicle);

test('each van gets its own route, retained, and only when it is another one; receipts are told live', async () => {
	const browser = await TestBrowser.open(server, 'dispatcher');
	await browser.subscribe([{ vehicles: '*', kinds: ['day'] }]);
	const one = await ManifestVan.connect('van-1');
	const routes = [routeOf('van-1', start), routeOf('van-2', start, [11, 13, 14], 2)];
	await put(draftOf(routes));
	const first = await one.next(1);
	expect(first).toMatchObject({ date: '2026-11-24', route: { vehicle: 'van-1' }, doctors: [{ id: 1 }] });
	expect(JSON.stringify(first)).not.toMatch(/patient/i);
	expect(await receipt(1, 'van-1')).toMatchObject({ changed: true, received: null });
	expect((await receipt(1, 'van-1'))!.sent).toBeGreaterThan(0);
	await one.confirm(first);
	await until(async () => (await receipt(1, 'van-1'))!.received !== null, 'the receipt');
	await browser.next('publication', (message) => message.publication.receipts.some(({ received }) => received !== null));
	// A receipt that is none is refused, the connection lives.
	await one.van.publish(topics.receipt('van-1'), { v: 1, revision: 'last' }, true);

	// van-2 was off; its route is another one in the next plan, that of van-1 is not.
	await put(draftOf([routes[0]!, routeOf('van-2', start, [11, 13, 15], 2)]));
	const two = await ManifestVan.connect('van-2');
	await two.confirm(await two.next(2));
	expect(two.heard).toHaveLength(1);
	await until(async () => (await receipt(2, 'van-2'))!.received !== null, 'the receipt of van-2');
	expect(await receipt(2, 'van-1')).toMatchObject({ changed: false, received: expect.any(Number) as number });
	expect(one.heard.map(({ revision }) => revision)).toEqual([1]);

	// A van that has no route any more is told so.
	await put(draftOf([routes[0]!]));
	expect(await two.next(3)).toMatchObject({ route: null });
	// Another day is no news for today; it waits.
	await put(draftOf([routeOf('van-1', tomorrow)]));
	expect(await receipt(4, 'van-1')).toMatchObject({ changed: true, sent: null, received: null });
	browser.close();
	await one.van.end();
	await two.van.end();
});

test('the day’s board tells plan and publication', async () => {
	const board = dayBoard.parse(await (await server.request('dispatcher', '/api/v1/day')).json());
	expect(board).toMatchObject({ date: '2026-11-24', plan: { revision: 3 }, publication: { revision: 3, mend: false } });
	expect((await server.request('doctor', '/api/v1/day')).status).toBe(403);
});

test('a van may not make its manifest up, nor hear another one’s', async () => {
	const one = await ManifestVan.connect('van-1');
	const grants = await one.van.client.subscribeAsync(topics.manifest('van-2'), { qos: 1 }).catch(() => []);
	expect(grants.every(({ qos }) => qos > 2)).toBe(true);
	one.van.client.publish(topics.manifest('van-1'), 'made up', { qos: 1, retain: true });
	await until(() => !one.van.client.connected, 'the broker to end the connection');
	const again = await ManifestVan.connect('van-1');
	expect((await again.next(1)).route?.vehicle).toBe('van-1');
	await again.van.end();
});

test('after a restart the vans get what holds', async () => {
	await server.restart();
	const one = await ManifestVan.connect('van-1');
	expect(await one.next(1)).toMatchObject({ date: '2026-11-24', route: { vehicle: 'van-1' } });
	await one.van.end();
});
