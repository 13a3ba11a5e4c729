import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocketServer, type WebSocket as Peer } from 'ws';
import { encodeWaveformFrame, liveRequest, type LiveMessage, type LiveRequest, type WaveformFrame } from '@junkai/contracts';
import { createLiveClient, type LiveClient, type LiveState } from './live-client.ts';

let server: WebSocketServer;
let port: number;
let peers: Peer[];
let requests: LiveRequest[];
let skew: number;
let answerPings: boolean;
let client: LiveClient | undefined;

async function start(on = 0): Promise<void> {
	server = new WebSocketServer({ port: on, host: '127.0.0.1' });
	await once(server, 'listening');
	port = (server.address() as AddressInfo).port;
	server.on('connection', (peer) => {
		peers.push(peer);
		peer.on('message', (data: Buffer) => {
			const request = liveRequest.parse(JSON.parse(data.toString('utf8')));
			if (request.type === 'ping') {
				if (answerPings) peer.send(JSON.stringify({ type: 'pong', id: request.id, time: Date.now() + skew }));
			} else requests.push(request);
		});
		peer.send(
			JSON.stringify({
				type: 'hello',
				clock: { startedWall: 0, startedService: 0, speed: 1, simulated: false },
				time: Date.now() + skew,
				role: 'doctor',
				username: 'd',
			} satisfies LiveMessage),
		);
	});
}
async function stop(): Promise<void> {
	for (const peer of server.clients) peer.terminate();
	await new Promise((done) => server.close(done));
}

const timings = { pingEvery: 30, staleAfter: 120, deadAfter: 300, firstRetry: 20, longestRetry: 100 };
const connect = () => (client = createLiveClient(`ws://127.0.0.1:${port}/api/v1/live`, timings));
const sub = [{ vehicles: ['van-1'], kinds: ['reading' as const] }];

beforeEach(async () => {
	peers = [];
	requests = [];
	skew = 0;
	answerPings = true;
	await start();
});
afterEach(async () => {
	client?.close();
	await stop();
});

test('subscribes, hands on checked messages, counts and drops what breaks the contract', async () => {
	const got: LiveMessage[] = [];
	const frames: WaveformFrame[] = [];
	connect().listen({ message: (m) => got.push(m), frame: (f) => frames.push(f) });
	client!.want(sub);
	await vi.waitFor(() => expect(requests.at(-1)).toEqual({ type: 'subscribe', subscriptions: sub }));
	const peer = peers[0]!;
	peer.send('{"type":"link","vehicle":"van-1","clock":"gnss","delay":12}');
	peer.send('{"type":"link","vehicle":"NOT AN ID","clock":"gnss","delay":12}');
	peer.send('not json');
	peer.send(new Uint8Array([1, 2, 3]));
	const header = {
		vehicle: 'van-1',
		epoch: '3f0c3a70-6f0e-4c1e-9a53-0a4f3c2b1d10',
		historical: false,
		seq: 1,
		time: 1000,
		clock: 'gnss' as const,
		signal: 'pleth' as const,
		channels: ['pleth'],
		rate: 75,
		unit: 'count' as const,
		stream: 'abcd',
		index: 0,
		count: 2,
	};
	peer.send(encodeWaveformFrame(header, new Uint8Array(Int16Array.of(5, -6).buffer)));
	await vi.waitFor(() => expect(frames).toHaveLength(1));
	expect([...frames[0]!.samples[0]!]).toEqual([5, -6]);
	expect(got.map((m) => m.type)).toEqual(['hello', 'link']);
	expect(client!.stats.malformed).toBe(3);
});

test('knows the server clock although the desk clock is wrong', async () => {
	skew = 90_000;
	connect();
	await vi.waitFor(() => expect(client!.clock.uncertainty()).not.toBeNull());
	expect(Math.abs(client!.clock.now() - (Date.now() + 90_000))).toBeLessThan(50);
});

test('what several want is one subscription; who leaves takes only his own along', async () => {
	connect();
	await vi.waitFor(() => expect(client!.state().phase).toBe('live'));
	const confirmed: string[] = [];
	const first = client!.want(sub, () => confirmed.push('first'));
	client!.want([{ vehicles: '*', kinds: ['day'] }], () => confirmed.push('second'));
	client!.want([{ vehicles: '*', kinds: ['record', 'day'] }]);
	const all = { type: 'subscribe', subscriptions: [...sub, { vehicles: '*', kinds: ['day', 'record'] }] };
	await vi.waitFor(() => expect(requests.at(-1)).toEqual(all));
	expect(requests).toHaveLength(2);
	peers[0]!.send('{"type":"subscribed"}');
	await new Promise((done) => setTimeout(done, 20));
	// The answer to the empty subscription of the greeting confirms nothing yet.
	expect(confirmed).toEqual([]);
	peers[0]!.send('{"type":"subscribed"}');
	await vi.waitFor(() => expect(confirmed).toEqual(['first', 'second']));
	first();
	await vi.waitFor(() => expect(requests.at(-1)).toEqual({ ...all, subscriptions: [all.subscriptions[1]] }));
	peers[0]!.send('{"type":"subscribed"}');
	// What the server holds already is told at once.
	client!.want([{ vehicles: '*', kinds: ['day'] }], () => confirmed.push('third'));
	await vi.waitFor(() => expect(confirmed.at(-1)).toBe('third'));
	expect(confirmed).toEqual(['first', 'second', 'third']);
	expect(requests).toHaveLength(3);
});

test('comes back after a break and subscribes again', async () => {
	const phases: string[] = [];
	let ready = 0;
	connect().listen({ state: (s: LiveState) => phases.push(s.phase), ready: () => ready++ });
	client!.want(sub);
	await vi.waitFor(() => expect(client!.state().phase).toBe('live'));
	const same = port;
	await stop();
	await vi.waitFor(() => expect(client!.state().phase).toBe('waiting'));
	expect(client!.state().retryAt).not.toBeNull();
	requests = [];
	await start(same);
	await vi.waitFor(() => expect(requests.at(-1)).toEqual({ type: 'subscribe', subscriptions: sub }), { timeout: 3000 });
	expect(phases).toContain('connecting');
	expect(ready).toBe(2);
});

test('a line that is open but dead is noticed: stale, then dropped and tried anew', async () => {
	const phases: string[] = [];
	connect().listen({ state: (s: LiveState) => phases.push(s.phase) });
	await vi.waitFor(() => expect(client!.state().phase).toBe('live'));
	answerPings = false;
	await vi.waitFor(() => expect(phases).toContain('waiting'), { timeout: 3000 });
	expect(phases.indexOf('stale')).toBeLessThan(phases.indexOf('waiting'));
	answerPings = true;
	await vi.waitFor(() => expect(client!.state().phase).toBe('live'), { timeout: 3000 });
	expect(client!.stats.connections).toBeGreaterThan(1);
});

test('a session that ended is not tried again', async () => {
	connect();
	await vi.waitFor(() => expect(client!.state().phase).toBe('live'));
	peers[0]!.send('{"type":"signed-out"}');
	await vi.waitFor(() => expect(client!.state().phase).toBe('signed-out'));
	client!.retryNow();
	expect(client!.state().phase).toBe('signed-out');
});

test('tells when the server does not even greet', async () => {
	await stop();
	let refused = 0;
	connect().listen({ refused: () => refused++ });
	await vi.waitFor(() => expect(refused).toBeGreaterThan(1), { timeout: 3000 });
	await start(port);
});
